"""What the README says is so: its example runs, its commands exist, its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def text() -> str:
    return (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_example_runs_and_shows_a_table(root: Path, text: str) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", text, re.S)
    assert len(example.strip().splitlines()) <= 13
    ended = subprocess.run([sys.executable, "-c", example], cwd=root, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "woman" in ended.stdout
    assert "midline" in ended.stdout


def test_the_two_commands_are_targets(root: Path, text: str) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M)


def test_every_mel_command_it_names_exists(text: str) -> None:
    told = subprocess.run([sys.executable, "-m", "mel.cli", "--help"], capture_output=True, text=True, check=True).stdout
    for command in re.findall(r"^mel (\w+)", text, re.M):
        assert re.search(rf"\b{command}\b", told)


def test_links_and_pictures_lead_somewhere(root: Path, text: str) -> None:
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
    assert targets
    assert not [t for t in targets if not (root / t).exists()]


def test_the_alliances_it_names_are_those_there_are(root: Path, text: str) -> None:
    named = set(re.findall(r"data/alliances/([a-z-]+)", text))
    assert named <= {p.name for p in (root / "data" / "alliances").iterdir()}
