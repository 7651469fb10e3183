"""Every error text in one page, so that wording is reviewed in diffs. `make snapshots` writes it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import mel.errors
from mel.errors import Template

PAGE = Path(__file__).parent / "texts.md"


def catalogues() -> dict[str, dict[str, Template]]:
    """Room: {code: template}; templates that stand beside their noun (mel.model) are found too."""
    rooms = {f"mel.errors.{m.name}" for m in iter_modules(mel.errors.__path__)} | {"mel.model.domains"}
    found = {room: {t.code: t for t in vars(import_module(room)).values() if isinstance(t, Template)} for room in sorted(rooms)}
    return {room: dict(sorted(templates.items())) for room, templates in found.items() if templates}


def page() -> str:
    parts = ["# Every error text\n\nMade by `make snapshots`; a test holds the catalogues to it.\n"]
    for room, templates in catalogues().items():
        parts.append(f"## {room}\n")
        parts += [f"**{t.code}** ({t.severity})  \n{t.what}  \n{t.why}  \n{t.do}\n" for t in templates.values()]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
