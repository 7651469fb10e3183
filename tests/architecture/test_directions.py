"""One direction: stages share nouns and never import each other; nouns know no stage; formats and errors import only nouns."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

STAGES = ("collection", "checks", "variables", "estimation", "comparison", "disclosure", "reporting", "learning")
ROOMS = (*STAGES, "model", "formats", "errors", "portfolio", "cli", "packs")
NOUNS = {"model", "codes", "errors"}
MAY_IMPORT = {
    "errors": {"errors", "codes"},
    "model": NOUNS,
    "formats": NOUNS | {"formats"},
    **{stage: NOUNS | {"formats", stage} for stage in STAGES},
    "portfolio": NOUNS | {"formats", "portfolio", *STAGES, "version"},
    "cli": NOUNS | {"formats", "portfolio", "cli", "version", "collection", "checks"},
}


def imports_of(path: Path) -> set[str]:
    """Rooms of mel that a file imports, wherever in the file the import stands; `version` for mel itself."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide which room is meant"
            names = [f"{node.module}.{a.name}" if node.module == "mel" else str(node.module) for a in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "mel":
                found.add(_room(parts))
    return found


def _room(parts: list[str]) -> str:
    if len(parts) == 1:
        return "mel"
    return "version" if parts[1] == "__version__" else parts[1] if parts[1] in (*ROOMS, "codes") else "mel"


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_what_lies_before_it(root: Path, room: str) -> None:
    wrong = {}
    for path in sorted((root / "mel" / room).rglob("*.py")):
        extra = imports_of(path) - MAY_IMPORT[room]
        if extra:
            wrong[str(path.relative_to(root))] = sorted(extra)
    assert not wrong


def test_the_walker_sees_an_import_inside_a_function(tmp_path: Path) -> None:
    sly = tmp_path / "sly.py"
    sly.write_text("def f():\n    from mel.disclosure import protect\n    import mel\n    return protect, mel\n")
    assert imports_of(sly) == {"disclosure", "mel"}


def test_every_room_is_known(root: Path) -> None:
    """A new room must say what it may import before it is built."""
    rooms = {path.parent.name for path in (root / "mel").glob("*/*.py")}
    assert rooms <= set(MAY_IMPORT)


def test_nothing_is_evaluated_pickled_or_fetched(root: Path) -> None:
    """No eval, exec, pickle, requests or urllib anywhere in the package: answers and packs are data, and there is no network."""
    banned_calls, banned_modules = {"eval", "exec"}, {"pickle", "requests", "urllib.request", "httpx", "shelve", "marshal", "socket"}
    wrong = []
    for path in (root / "mel").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in banned_calls:
                wrong.append(f"{path.relative_to(root)}:{node.lineno} calls {node.func.id}")
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [str(node.module)]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            wrong += [f"{path.relative_to(root)}:{node.lineno} imports {n}" for n in names if n in banned_modules]
            swallowed = isinstance(node, ast.ExceptHandler) and len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
            wrong += [f"{path.relative_to(root)}:{node.lineno} swallows an exception"] if swallowed else []
    assert not wrong
