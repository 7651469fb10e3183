"""Write docs/reference.md: the map in journey order, each name with its signature and docstring. Nothing is written twice by hand."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import mel

PAGE = Path(__file__).parent / "reference.md"
HEAD = """# Reference

Made by `make docs` from the docstrings, in the order of the journey. What a word means: [GLOSSARY.md](../GLOSSARY.md).
"""


def entry(name: str) -> str:
    """One name: where it lives, how it is called, what it says of itself."""
    thing = getattr(mel, name)
    room = mel._MAP[name]
    return f"## `mel.{name}`\n\n{_call(name, thing)}{_indented(inspect.getdoc(thing) or '')}\n\nLives in `{room}`.\n"


def _call(name: str, thing: object) -> str:
    if inspect.isfunction(thing):
        shown = str(inspect.signature(thing)).replace("'", "")
        return f"```python\n{name}{shown}\n```\n\n"
    return ""


def _indented(text: str) -> str:
    """A docstring as Markdown; its doctest becomes a block of code."""
    lines, inside = [], False
    for line in text.splitlines():
        starts = line.lstrip().startswith(">>>")
        if starts and not inside:
            lines += ["", "```pycon"]
            inside = True
        elif inside and not line.strip():
            lines += ["```", ""]
            inside = False
            continue
        lines.append(line)
    return "\n".join([*lines, *(["```"] if inside else [])])


def page() -> str:
    return "\n".join([HEAD, *(entry(name) for name in mel._MAP)])


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.write(page())
    else:
        PAGE.write_text(page(), encoding="utf-8")
