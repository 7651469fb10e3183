"""Both notebooks run as a person opens them: from their own folder, with their own parameters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mtr.ipynb", "explore.ipynb"])
def test_a_notebook_runs_from_top_to_bottom(root: Path, name: str, tmp_path: Path) -> None:
    if name == "explore.ipynb" and not (root / "data" / "alliances" / "every-step" / "alliance.toml").is_file():
        pytest.skip("the invented alliances were not generated in this checkout")
    run_by_nbval(f"notebooks/{name}", root, tmp_path)


@pytest.mark.slow
def test_a_filled_in_review_runs_again_beside_its_release(place: Path, executed: Any, tmp_path: Path) -> None:
    assert executed and 'release = "release"' in (place / "mtr.ipynb").read_text(encoding="utf-8").replace('\\"', '"')
    run_by_nbval("mtr.ipynb", place, tmp_path)


def run_by_nbval(notebook: str, folder: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "-q", notebook],
        cwd=folder,
        env=os.environ | {"IPYTHONDIR": str(tmp_path), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]
