"""What every test may ask for: the reference data beside the project, and the programs that Debian carries.

Laws are tried on the same invented examples in every run, so that a failure is the change's and not the day's.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("the same every time", derandomize=True)
settings.load_profile("the same every time")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the project; the test skips where a checkout has none."""
    if not SHARED.is_dir():
        pytest.skip("the reference data (../shared) are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; the test skips on a machine without one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium on this machine; .ci/run installs Debian's")
    return found
