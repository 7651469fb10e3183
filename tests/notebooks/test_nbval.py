"""Both notebooks run as a person opens them: from their own folder, with their own parameters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mtr.ipynb", "explore.ipynb"])
def test_a_notebook_runs_from_top_to_bottom(root: Path, name: str, tmp_path: Path) -> None:
    if name == "explore.ipynb" and not (root / "data" / "alliances" / "every-step" / "alliance.toml").is_file():
        pytest.skip("the invented alliances were not generated in this checkout")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "-q", f"notebooks/{name}"],
        cwd=root,
        env=os.environ | {"IPYTHONDIR": str(tmp_path), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]
