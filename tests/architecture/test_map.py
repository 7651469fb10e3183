"""The map, the docs and the glossary agree; nothing slow is loaded before it is used."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mel


def test_the_map_lists_what_it_leads_to() -> None:
    assert sorted(mel.__all__) == sorted(mel._MAP)
    for name in mel.__all__:
        assert getattr(mel, name) is not None


def test_verbs_stand_in_the_order_of_the_journey() -> None:
    order = [name for name in mel._MAP if name in mel.VERBS]
    assert tuple(order) == mel.VERBS


def test_everything_public_has_a_docstring() -> None:
    bare = [name for name in mel.__all__ if not (getattr(mel, name).__doc__ or "").strip()]
    assert not bare


def test_the_glossary_defines_every_noun_and_verb(root: Path) -> None:
    defined = {term.strip().strip("`") for term in re.findall(r"^\| ([^|]+) \|", (root / "GLOSSARY.md").read_text(encoding="utf-8"), re.M)}
    words = {part.strip().strip("`") for term in defined for part in term.split(",")}
    assert not set(mel.__all__) - words


def test_the_reference_page_is_made_from_the_docstrings(root: Path) -> None:
    made = subprocess.run(
        [sys.executable, "docs/make.py", "--print"], cwd=root, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert made.stdout == (root / "docs" / "reference.md").read_text(encoding="utf-8"), "run: make docs"


def test_the_architecture_page_names_every_file(root: Path) -> None:
    told = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = sorted({path.parent.relative_to(root).as_posix() for path in (root / "mel").rglob("*.py")})
    assert not [room for room in rooms if f"`{room}/`" not in told]


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match="measure"):
        mel.measures  # type: ignore[attr-defined]


def test_importing_mel_loads_nothing_heavy() -> None:
    code = "import json, sys; import mel; mel.each; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout))
    heavy = {"altair", "statsmodels", "papermill", "duckdb", "scipy", "nbconvert", "docx", "pyreadstat", "vl_convert", "IPython"}
    assert not heavy & loaded
