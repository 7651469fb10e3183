"""We attack our own releases: over seeded random cubes, no hidden count of people can be worked out from what is published."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from mel.disclosure import protect, secondary
from mel.model.policy import Policy

HERE = Path(__file__).parent


def load(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tables, outsider = load("protection_tables"), load("outsider")
FLOOR = 10


def released(given, policy=None):
    return protect(
        given,
        tables.comparisons(given),
        tables.nothing_said(),
        policy=policy or Policy(threshold=FLOOR),
        audience="public",
        context=tables.context(),
    )


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_n_can_be_worked_out(seed):
    given, _, names, _ = tables.random_cube(seed)
    published = released(given).estimates
    people = given.table.set_index(names)["n"]
    assert (
        published.loc[published["disclosure"] == "open"].set_index(names)["n"] == people.loc[published["disclosure"].eq("open").to_numpy()]
    ).all()
    small = (people > 0) & (people < FLOOR)
    assert (published.set_index(names).loc[small, "disclosure"] != "open").all()
    assert not outsider.worked_out(published, names, FLOOR)


def crossing(*cells):
    """A gender × age table with its totals; each cell its number of answers."""
    codes = [(g, a) for g in ("w", "m", "x") for a in ("young", "old", "older")]
    cells_ = tables.people({code: (n // 2, n - n // 2, 0) for code, n in zip(codes, cells, strict=True)}, ("gender", "age"))
    margins = [("gender",), ("age",), ("gender", "age")]
    return tables.estimates(tables.rows_of(cells_, margins, ("gender", "age")), ("gender", "age"))


def test_the_outsider_is_able(monkeypatch):
    """With the second step taken out it finds the hidden group: the test above can fail."""
    given = crossing(5, 30, 30, 30, 30, 30, 30, 30, 30)
    assert not outsider.worked_out(released(given).estimates, ["gender", "age"], FLOOR)
    monkeypatch.setattr(secondary, "_offer", lambda *_: None)
    monkeypatch.setattr(secondary, "_along_margins", lambda *_: None)
    monkeypatch.setattr(secondary, "_against_outsider", lambda *_: None)
    monkeypatch.setattr(secondary, "_reopen", lambda systems, status, *_: status)
    published = released(given).estimates
    assert outsider.worked_out(published, ["gender", "age"], FLOOR) == published.index[published["disclosure"] == "primary"].tolist()


@pytest.mark.parametrize("seed", [3, 19, 25])
def test_margins_alone_would_not_do(monkeypatch, seed):
    """Linked tables treated one total at a time leak: with elimination and the last check taken out, the outsider finds a small group."""
    monkeypatch.setattr(secondary, "_offer", lambda *_: None)
    monkeypatch.setattr(secondary, "_against_outsider", lambda *_: None)
    monkeypatch.setattr(secondary, "_reopen", lambda systems, status, *_: status)
    given, _, names, _ = tables.random_cube(seed)
    published = released(given).estimates
    assert "primary" in set(published.loc[outsider.worked_out(published, names, FLOOR), "disclosure"])


def test_the_method_itself_gives_nothing_away():
    """11 people in two hidden groups, one said to be under 10 and one not: the words alone would tell 1 and 10."""
    given = tables.estimates([tables.row(n=n, gender=g) for g, n in (("all", 60), ("a", 1), ("b", 10), ("c", 49))], ["gender"])
    published = released(given).estimates
    assert not outsider.worked_out(published, ["gender"], FLOOR)
    assert published.set_index("gender").loc["c", "disclosure"] == "secondary"


def test_a_group_known_through_another_indicator_is_found_and_closed():
    """Everyone answered `heard`; so the size of a group that `safe` shows would be its number of answers there."""
    sizes = (("all", 60), ("woman", 40), ("man", 14), ("other", 6))
    rows = [tables.row(n=n, gender=g) for g, n in sizes]
    rows += [tables.row(n=n - m, n_missing=m, gender=g, indicator="safe") for (g, n), m in zip(sizes, (9, 3, 3, 3), strict=True)]
    published = released(tables.estimates(rows, ["gender"])).estimates
    shown = published[published["disclosure"] == "open"]
    for group in ("man", "other"):  # n of `heard` = n + n_missing of `safe`
        assert shown[shown["gender"] == group].empty
    assert np.isnan(published.loc[published["gender"] == "other", ["n", "n_missing"]].to_numpy()).all()


@pytest.mark.parametrize("seed", [1, 5, 6, 12, 16, 30, 34, 36, 38, 47, 56])
def test_no_hidden_yes_of_a_sensitive_indicator_can_be_worked_out(seed):
    """Where the indicator is sensitive, who said yes is a secret of its own, also in groups of enough people."""
    drawn, _, names, _ = tables.random_cube(seed)
    hurt = tables.indicator(sensitivity="sensitive")
    published = released(tables.estimates(drawn.table.to_dict("records"), names, [hurt])).estimates
    own_reason = published["disclosure"] == "primary"
    assert not set(outsider.worked_out_yes(published, names)) & set(published.index[own_reason])


def test_the_outsider_finds_a_yes_that_is_not_protected(monkeypatch):
    rows = [tables.row(n=n, n_yes=y, gender=g) for g, n, y in (("all", 90, 30), ("a", 30, 1), ("b", 30, 15), ("c", 30, 14))]
    given = tables.estimates(rows, ["gender"], [tables.indicator(sensitivity="sensitive")])
    assert not outsider.worked_out_yes(released(given).estimates, ["gender"])
    for step in ("_offer", "_along_margins", "_against_outsider"):
        monkeypatch.setattr(secondary, step, lambda *_: None)
    assert outsider.worked_out_yes(released(given).estimates, ["gender"]) == [1]
