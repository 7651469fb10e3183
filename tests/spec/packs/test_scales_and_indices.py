"""Scales and indices as data: what a pack may write, what it may not, and what the shipped ones say of themselves."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mel.errors import InputError
from mel.formats.packs import load_packs, read_pack, shipped_packs
from mel.model.indices import Index, exact
from mel.model.scales import Scale

PACKS = {pack.id: pack for pack in shipped_packs()}
OWN = {"source": "Ours", "status": "for_you_to_fill"}
HEAD = 'id = "own"\nversion = "1"\nlabel = "Own"\nsource = "Ours"\nstatus = "for_you_to_fill"\n'


def scale(**more: Any) -> Scale:
    given = {"id": "hope", "label": "Hope", "items": [{"id": "a"}, {"id": "b", "reverse": True}], "low": 0, "high": 3, **OWN}
    return Scale.model_validate(given | more)


def index(*weights: Any, **more: Any) -> Index:
    indicators = [
        {"id": f"i{n}", "label": "One", "weight": weight, "inadequate": {"column": f"i{n}", "is": ["no"]}}
        for n, weight in enumerate(weights)
    ]
    return Index.model_validate({"id": "well", "label": "Well", "cut_off": "1/3", "indicators": indicators, **OWN} | more)


# ---- scales -----------------------------------------------------------------------------------------------------------------


def test_what_a_scale_makes() -> None:
    bands = [{"code": "low", "label": "Low", "from": 0}, {"code": "high", "label": "High", "from": 4}]
    made = scale(
        bands=bands, bands_source="Validated with 200 women in Mwaro", subscales=[{"id": "hope_now", "label": "Now", "items": ["b"]}]
    )
    assert made.made == {"hope": ("a", "b"), "hope_band": ("a", "b"), "hope_now": ("b",)}
    assert (made.range, scale(how="mean").range, made.reversed_ids) == ((0, 6), (0, 3), ("b",))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"items": [{"id": "a"}, {"id": "a"}]}, "twice"),
        ({"items": [{"id": "hope"}]}, "name of a score and of an item"),
        ({"low": 3, "high": 0}, "low must be below high"),
        ({"most_missing": 1.0}, "less than 1"),
        ({"subscales": [{"id": "s", "label": "S", "items": ["z"]}]}, "not among the items"),
        ({"bands": [{"code": "low", "label": "Low", "from": 0}]}, "bands need bands_source"),
        ({"bands": [{"code": "low", "label": "Low", "from": 1}], "bands_source": "x"}, "must begin at 0"),
        ({"bands": [{"code": "l", "label": "L", "from": 0}, {"code": "h", "label": "H", "from": 9}], "bands_source": "x"}, "above 6"),
        ({"bands": [{"code": "h", "label": "H", "from": 0}, {"code": "l", "label": "L", "from": 0}], "bands_source": "x"}, "low to high"),
        ({"bands_source": "x"}, "no bands"),
        ({"items": []}, "at least 1"),
    ],
)
def test_what_a_scale_may_not_be(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        scale(**more)


def test_rosenberg_is_scored_by_item_whatever_the_order() -> None:
    """Two printed orders of the same ten items; the numbers that are turned round differ, the items do not."""
    one = ["satisfied", "no_good", "good_qualities", "able", "not_proud", "useless", "worthy", "more_respect", "failure", "positive"]
    two = ["worthy", "good_qualities", "failure", "able", "not_proud", "positive", "satisfied", "more_respect", "useless", "no_good"]
    found = next(s for s in PACKS["self-esteem-and-stigma"].scales if s.id == "self_esteem")
    turned = {name.removeprefix("rosenberg_") for name in found.reversed_ids}
    assert [n for n, name in enumerate(one, start=1) if name in turned] == [2, 5, 6, 8, 9]
    assert [n for n, name in enumerate(two, start=1) if name in turned] == [3, 5, 8, 9, 10]
    assert (found.range, found.bands) == ((0, 30), ())


# ---- indices ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "is_"), [("1/15", Fraction(1, 15)), (0.1, Fraction(1, 10)), (1, Fraction(1)), (1e-05, Fraction(1, 100000))]
)
def test_a_weight_is_the_number_that_was_written(written: Any, is_: Fraction) -> None:
    assert exact(written) == is_


@pytest.mark.parametrize("written", ["a fifth", "1/0", "nan", "inf", "1e999999999", "", "1/2/3", "--1"])
def test_what_is_no_number_is_no_weight(written: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        exact(written)


def test_what_an_index_makes() -> None:
    parity = {"household": ["household_id"], "weight": "1/10", **OWN}
    made = index("1/2", "1/3", "1/6", parity=parity, identified="behind").made
    assert list(made) == [
        "well_count", "well_behind", "well_censored", "well_achieved", "well_part_i0", "well_part_i1", "well_part_i2",
        "well_lacks_parity", "well_parity",
    ]  # fmt: skip
    assert made["well_count"] == ("i0", "i1", "i2")
    assert made["well_parity"] == ("i0", "i1", "i2", "gender", "household_id")


@pytest.mark.parametrize(
    ("weights", "more", "said"),
    [
        (("1/2", "1/3"), {}, "add up to 5/6, not to 1"),
        ((0.33, 0.33, 0.33), {}, "add up to 99/100"),
        (("3/2", "-1/2"), {}, "i1 is not above 0"),
        (("1", "0"), {}, "i1 is not above 0"),
        (("half", "1/2"), {}, "no number"),
        (("1/999983", "999982/999983"), {"cut_off": "1/999999999"}, "too fine"),
        (("1/9999991", "9999990/9999991"), {}, "common denominator"),
        (("1",), {"cut_off": "1.5"}, "from 0 to 1"),
        (("1",), {"cut_off": "-0.1"}, "from 0 to 1"),
        (("1",), {"cut_off": "some"}, "no number"),
        (("1",), {"identified": "count"}, "identified cannot be count"),
        (("1",), {"parity": {"household": ["h"], "weight": "2", **OWN}}, "parity.weight is 2"),
        (("1",), {"parity": {"household": ["h"], "weight": "1/10", "woman": "x", "man": "x", **OWN}}, "two codes differ"),
        (("1",), {"parity": {"household": [], "weight": "1/10", **OWN}}, "at least 1"),
    ],
)
def test_what_an_index_may_not_be(weights: tuple[Any, ...], more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        index(*weights, **more)


def test_the_shipped_weights_are_those_of_their_sources() -> None:
    indices = {one.id: one for one in (*PACKS["empowerment"].indices, *PACKS["graduation"].indices)}
    assert {n: str(w) for n, w in indices["aweai"].weights.items()} == {
        "production_input": "1/5", "asset_ownership": "2/15", "credit": "1/15", "income_control": "1/5", "group_member": "1/5", "workload": "1/5",
    }  # fmt: skip
    weai = indices["weai"].weights
    assert (len(weai), weai["credit"], weai["income_control"], weai["leisure"]) == (10, Fraction(1, 15), Fraction(1, 5), Fraction(1, 10))
    assert set(indices["proweai_pilot"].weights.values()) == {Fraction(1, 12)}
    assert [str(indices[name].k) for name in ("weai", "aweai", "proweai_pilot")] == ["1/5", "1/5", "1/4"]
    assert all(indices[name].strict for name in indices)


def test_what_could_not_be_read_is_not_called_confirmed() -> None:
    indices = {one.id: one for one in (*PACKS["empowerment"].indices, *PACKS["graduation"].indices)}
    assert {one.parity.status for one in indices.values() if one.parity} == {"as_commonly_quoted"}
    assert indices["graduation"].k is None
    assert (indices["graduation"].status, indices["proweai_pilot"].status) == ("for_you_to_fill", "as_commonly_quoted")
    entries = {entry.id: entry.status for entry in PACKS["empowerment"].entries}
    assert (entries["weai_whole"], entries["proweai_final"]) == ("as_commonly_quoted", "for_you_to_fill")


# ---- the loader -------------------------------------------------------------------------------------------------------------

SCALE = """
[[scales]]
id = "{id}"
label = "Hope"
items = [{{ id = "hopes" }}, {{ id = "{item}", reverse = true }}]
low = 1
high = 5
source = "Ours"
status = "for_you_to_fill"
"""
SCORE = """
[[indicators]]
id = "how_hopeful"
label = "Hope"
kind = "score"
numerator = {{ value = "hope" }}
points = [{low}, {high}]
source = "Ours"
status = "for_you_to_fill"
"""


def problems_of(folder: Path, text: str, *others: str) -> list[tuple[str, str | None]]:
    (folder / "own.toml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_packs(["own.toml", *others], folder)
    return [(p.code, p.key) for p in caught.value.problems]


def test_an_own_pack_with_a_scale_and_its_score(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(HEAD + SCALE.format(id="hope", item="despairs") + SCORE.format(low=2, high=10), encoding="utf-8")
    pack = read_pack(tmp_path / "own.toml")
    assert pack.scales[0].reversed_ids == ("despairs",)
    assert pack.indicators[0].points == (2, 10)


def test_points_that_the_scale_cannot_have(tmp_path: Path) -> None:
    text = SCALE.format(id="hope", item="despairs") + SCORE.format(low=0, high=10)
    assert problems_of(tmp_path, text) == [("PACK_POINTS_WRONG", "indicators[0].points")]


def test_points_belong_to_a_score(tmp_path: Path) -> None:
    text = SCORE.format(low=0, high=10).replace('"score"', '"mean"')
    assert len(problems_of(tmp_path, text)) == 1


def test_two_scales_of_one_name_and_a_score_with_the_name_of_a_variable(tmp_path: Path) -> None:
    twice = SCALE.format(id="hope", item="despairs")
    assert problems_of(tmp_path, twice + twice) == [("NAME_TWICE", "scales[1].id")]
    taken = problems_of(tmp_path, SCALE.format(id="age", item="despairs"), "lnob")
    assert taken == [("PACK_ID_TWICE", None)]


def test_a_wrong_index_is_told_with_its_place(tmp_path: Path) -> None:
    text = '[[indices]]\nid = "well"\nlabel = "Well"\ncut_off = "2"\nsource = "Ours"\nstatus = "for_you_to_fill"\n'
    text += 'indicators = [{ id = "a", label = "A", weight = "1/2", inadequate = { column = "a", is = ["no"] } }]\n'
    (tmp_path / "own.toml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_pack(tmp_path / "own.toml")
    assert "indices[0]" in str(caught.value.problems[0].key)
    assert "add up to 1/2" in str(caught.value)
    assert "cut_off is 2" in str(caught.value)
