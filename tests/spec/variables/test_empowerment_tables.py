"""The tables of an index on a few drawn people, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.errors import InputError, UsageError
from mel.model.indices import Index
from mel.variables.empowerment import alkire_foster, contributions, gender_parity, over_cut_offs

OWN = {"source": "invented for a test", "status": "for_you_to_fill"}
PARITY = {"household": ["home"], "sex": "sex", "weight": "1/10", **OWN}


def index(**more: Any) -> Index:
    things = [
        {"id": n, "label": n, "weight": w, "inadequate": {"column": n, "is": [1]}}
        for n, w in (("land", "1/2"), ("money", "1/3"), ("rest", "1/6"))
    ]
    return Index.model_validate({"id": "free", "label": "Free", "cut_off": "1/3", "indicators": things, **OWN, **more})


def people(**more: Any) -> pd.DataFrame:
    drawn = {"land": [1, 1, 0, 0, 0], "money": [1, 0, 1, 0, 0], "rest": [1, 0, 0, 1, None], "w": [1, 2, 3, 4, 5.0], "place": list("nnsss")}
    return pd.DataFrame(drawn | more)


def test_how_many_how_far_and_what_of_it() -> None:
    """Counts 1, 1/2, 1/3, 1/6 and one unknown; two of four are above a third."""
    row = alkire_foster(people(), index()).iloc[0]
    assert [row[name] for name in ("n", "n_left_out", "H", "A")] == [4, 1, 0.5, 0.75]
    assert row["M0"] == pytest.approx(0.375)
    assert row["achieved"] == pytest.approx(0.625)


def test_people_who_stand_for_more_count_more() -> None:
    row = alkire_foster(people(), index(), weight="w").iloc[0]
    assert row["weighted_total"] == 10
    assert row["H"] == pytest.approx(3 / 10)
    assert row["A"] == pytest.approx((1 * 1 + 2 * 0.5) / 3)


def test_groups_add_up_to_everyone() -> None:
    table = alkire_foster(people(), index(), weight="w", by="place")
    assert table["group"].fillna("").tolist() == ["", "n", "s"]
    assert table["contribution"].tolist() == pytest.approx([1, 1, 0])
    assert np.isnan(table.loc[2, "A"])  # nobody in the south is above it


def test_what_each_indicator_adds() -> None:
    table = contributions(people(), index()).set_index("indicator")
    assert table["censored"].tolist() == [0.5, 0.25, 0.25]
    assert table["inadequate"].tolist() == [0.5, 0.5, 0.5]
    assert table["contribution"].tolist() == pytest.approx([0.25 / 0.375, 0.25 / 3 / 0.375, 0.25 / 6 / 0.375])


def test_nobody_behind_has_no_contributions() -> None:
    nobody = people(land=0, money=0, rest=0)
    assert contributions(nobody, index())["contribution"].isna().all()
    row = alkire_foster(nobody, index()).iloc[0]
    assert (row["H"], row["M0"], row["achieved"]) == (0, 0, 1)
    assert np.isnan(row["A"])


def test_what_hangs_on_the_cut_off() -> None:
    table = over_cut_offs(people(), index(), ["0", "1/6", "1/2", "1"])
    assert table["H"].tolist() == [1, 0.75, 0.5, 0.25, 0]
    assert table["chosen"].tolist() == [False, False, True, False, False]
    assert len(over_cut_offs(people(), index(cut_off=None))) == 21  # an index nobody has set a cut-off for


HOMES = {"home": ["1", "1", "2", "2", "3"], "sex": ["woman", "man", "woman", "man", "woman"]}


def test_parity_and_the_whole() -> None:
    """Home 1: 1 against 1/2; home 2: 1/3 against 1/6, both at the cut-off once raised. The woman of home 3 is alone and unknown."""
    found = gender_parity(people(**HOMES), index(parity=PARITY))
    assert found[["n", "n_women", "n_left_out", "n_several"]].tolist() == [2, 3, 1, 0]
    assert (found["H_GPI"], found["I_GPI"], found["GPI"]) == (0.5, 1.0, 0.5)
    assert found["achieved"] == pytest.approx(0.5)
    assert found["whole"] == pytest.approx(0.9 * 0.5 + 0.1 * 0.5)


def test_a_man_who_has_nothing_leaves_no_gap() -> None:
    homes = {"home": ["1", "1"], "sex": ["woman", "man"]}
    both = pd.DataFrame({"land": [1, 1], "money": [1, 1], "rest": [1, 1], **homes})
    assert gender_parity(both, index(parity=PARITY))["GPI"] == 1


def codes(error: Any) -> tuple[str, ...]:
    return tuple(error.value.codes)


def test_a_variable_that_is_not_there() -> None:
    with pytest.raises(InputError) as error:
        alkire_foster(people().drop(columns=["money", "rest"]), index())
    assert codes(error) == ("INDEX_COLUMNS_MISSING",)
    assert "'money', 'rest'" in str(error.value)


@pytest.mark.parametrize("weight", [[1, 1, 1, 1, -1], [1, 1, 1, 1, None], [1, 1, 1, 1, np.inf], [0, 0, 0, 0, 0]])
def test_weights_that_cannot_be(weight: list[Any]) -> None:
    with pytest.raises(InputError) as error:
        alkire_foster(people(w=weight), index(), weight="w")
    assert codes(error) == ("INDEX_WEIGHTS_WRONG",)


def test_a_weight_or_a_group_that_is_not_there() -> None:
    for more in ({"weight": "ww"}, {"by": "plac"}):
        with pytest.raises(InputError) as error:
            alkire_foster(people(), index(), **more)
        assert codes(error) == ("INDEX_COLUMNS_MISSING",)
        assert "Columns that look close" in str(error.value)


def test_nobody_complete() -> None:
    with pytest.raises(InputError) as error:
        alkire_foster(people(rest=None), index())
    assert codes(error) == ("INDEX_NOBODY_COMPLETE",)
    with pytest.raises(InputError):
        alkire_foster(people().head(0), index())


@pytest.mark.parametrize("cut_offs", [["1.5"], ["-1/5"], ["some"], [float("nan")]])
def test_cut_offs_outside(cut_offs: list[Any]) -> None:
    with pytest.raises(UsageError) as error:
        over_cut_offs(people(), index(), cut_offs)
    assert codes(error) == ("CUT_OFFS_OUTSIDE",)


def test_an_index_without_a_cut_off_counts_only_where_one_is_given() -> None:
    with pytest.raises(InputError) as error:
        alkire_foster(people(), index(cut_off=None))
    assert codes(error) == ("INDEX_NOT_FILLED",)


def test_parity_needs_to_be_in_the_index_and_in_the_data() -> None:
    with pytest.raises(UsageError) as refused:
        gender_parity(people(**HOMES), index())
    assert codes(refused) == ("PARITY_NOT_ASKED",)
    with pytest.raises(InputError) as error:
        gender_parity(people(), index(parity=PARITY))
    assert codes(error) == ("INDEX_COLUMNS_MISSING",)
    with pytest.raises(InputError) as nobody:
        gender_parity(people(**HOMES | {"sex": ["woman"] * 5}), index(parity=PARITY))
    assert codes(nobody) == ("PARITY_NOBODY",)
    with pytest.raises(InputError) as unsaid:
        gender_parity(people(**HOMES | {"sex": [None] * 5}), index(parity=PARITY))
    assert codes(unsaid) == ("PARITY_NOBODY",)
