"""The invented alliances and the generator that makes them."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

IDS = ("threads-of-courage", "every-step", "loud-and-clear", "shade-and-rain")


@pytest.fixture(scope="session")
def alliances(root: Path) -> Path:
    """The folder with the committed alliances."""
    return root / "data" / "alliances"


@pytest.fixture(scope="session")
def generate(root: Path) -> ModuleType:
    """The module `data/generate.py`."""
    import importlib

    sys.path.insert(0, str(root / "data"))
    try:
        return importlib.import_module("generate")
    finally:
        sys.path.remove(str(root / "data"))


@pytest.fixture(scope="session")
def made(generate: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All four alliances, made anew."""
    out = tmp_path_factory.mktemp("made")
    generate.generate(out)
    return out


@pytest.fixture(scope="session")
def written(root: Path) -> dict[str, dict[str, Any]]:
    """Each alliance.toml as written, by id."""
    folder = root / "data" / "generation" / "written"
    return {name: tomllib.loads((folder / name / "alliance.toml").read_text(encoding="utf-8")) for name in IDS}
