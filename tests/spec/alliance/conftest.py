"""Alliances to read: a small one that is right, to be spoilt, and a rich one that uses every key."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OWN_PACK = 'id = "own"\nversion = "1"\nlabel = "Own"\nsource = "Ours"\nstatus = "for_you_to_fill"\n'

SMALL = """\
packs = ["lnob", "outreach"]

[alliance]
id = "small"
name = "Small (invented)"
period = { start = 2021-01-01, end = 2025-12-31 }

[[members]]
id = "fund"
name = "Fund (invented)"
side = "south"
country = "UG"

[[datasets]]
name = "survey"
kind = "answers"
owner = "fund"
share = "public"
design = { basis = "census", rounds = "panel", respondent = "id" }
map = { gender = "sex", heard_in_meetings = "heard", attends_meetings = "went" }
rounds = [
  { name = "baseline", date = 2021-06-01, files = ["a.csv"] },
  { name = "midline", date = 2023-06-01, files = ["b.csv"] },
]

[[dimensions]]
name = "gender"
from = "gender"

[[indicators]]
id = "heard_in_meetings"
dataset = "survey"
by = [["gender"]]
targets = [{ round = "midline", value = 0.5 }]

[disclosure]
threshold = 10

[report]
sections = ["summary"]
"""


@pytest.fixture
def small() -> str:
    """The text of a small alliance that is right."""
    return SMALL


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a text as alliance.toml in a folder of its own."""

    def write(text: str) -> Path:
        (tmp_path / "alliance.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """The folder of an alliance that uses every key."""
    where = tmp_path / "rich"
    where.mkdir()
    shutil.copy(HERE / "rich.toml", where / "alliance.toml")
    (where / "own.toml").write_text(OWN_PACK, encoding="utf-8")
    return where
