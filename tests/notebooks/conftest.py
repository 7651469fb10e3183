"""The invented releases of the reporting tests, written to disk once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "spec" / "reporting"))


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the invented survey's release in it."""
    from releases import survey

    from mel.formats.release import write_release

    folder = tmp_path_factory.mktemp("report")
    write_release(survey(), folder / "release")
    return folder


@pytest.fixture(scope="session")
def executed(root: Path, place: Path) -> Any:
    """The mid-term review notebook, run once on that release."""
    from mel.reporting.notebooks import execute

    return execute(root / "notebooks" / "mtr.ipynb", {"release": "release"}, cwd=place, out=place / "mtr.ipynb")
