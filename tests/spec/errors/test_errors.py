"""Errors are prose someone edited: located, complete, and they survive the way back from a worker."""

from __future__ import annotations

import importlib.util
import pickle
from pathlib import Path

import pytest

from mel.errors import InputError, MelError, Problem, ProtectionRefused, Template, UsageError, closest

_spec = importlib.util.spec_from_file_location("snapshot", Path(__file__).parent / "snapshot.py")
assert _spec and _spec.loader
snapshot = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(snapshot)

ALL = [template for room in snapshot.catalogues().values() for template in room.values()]
MISSING = Template("X_MISSING", "stop", "{file} has no column '{column}'.", "It is needed.", "Look at {near}.")


def test_every_text_is_as_it_was_reviewed() -> None:
    assert snapshot.page() == snapshot.PAGE.read_text(encoding="utf-8"), "read the new wording, then: make snapshots"


def test_codes_are_unique() -> None:
    codes = [template.code for template in ALL]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("template", ALL, ids=lambda t: t.code)
def test_every_text_says_what_why_and_what_to_do(template: Template) -> None:
    assert template.code.isupper()
    for text in (template.what, template.why, template.do):
        assert text.strip()
        assert text.rstrip()[-1] in ".:}?)", text


def test_a_problem_says_where_first_and_its_code_last() -> None:
    problem = MISSING.at(file="data/midline.csv", column="stratum", near=["strata", "stratum_id"])
    assert str(problem) == (
        "data/midline.csv, column 'stratum': data/midline.csv has no column 'stratum'.\nIt is needed. Look at 'strata', 'stratum_id'. [X_MISSING]"
    )


def test_a_forgotten_brace_is_our_fault_and_raises() -> None:
    with pytest.raises(KeyError):
        MISSING.at(file="x.csv", column="y")


@pytest.mark.parametrize(("kind", "code"), [(MelError, 1), (InputError, 1), (UsageError, 2), (ProtectionRefused, 3)])
def test_an_error_survives_the_way_back_from_a_worker(kind: type[MelError], code: int) -> None:
    error = kind([MISSING.at(file="a.csv", column="b", near=[]), MISSING.at(file="c.csv", column="d", near=[])])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert again.problems == error.problems
    assert str(again) == str(error)
    assert again.exit_code == code


def test_a_long_list_is_cut_and_counted() -> None:
    problem: Problem = MISSING.at(file="a", column="b", near=[str(i) for i in range(20)])
    assert "and 12 more" in problem.do


def test_the_closest_name_comes_first() -> None:
    assert closest("stratum", ["weight", "strata", "stratum_id"])[0] in ("strata", "stratum_id")
    assert closest("zzz", ["weight"]) == []
