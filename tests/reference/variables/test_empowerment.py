"""The Alkire-Foster measures against the published formulas worked out by hand, and against R on 254 invented people.

`r_alkire_foster/make.R` works out every measure in base R, and standard errors with `survey`; 1e-12 relative.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn_indices import WEIGHTS, index, with_parity

from mel.variables.empowerment import alkire_foster, contributions, gender_parity, over_cut_offs
from mel.variables.inadequacies import count_inadequacies

HERE = Path(__file__).parent / "r_alkire_foster"
EXPECTED = json.loads((HERE / "expected.json").read_text())
NEAR = {"rel": 1e-12, "abs": 1e-14}

# ---- four households by hand ---------------------------------------------------------------------------------------------


def four_households() -> pd.DataFrame:
    """Four households of a woman and a man; counts in fifteenths: women 4, 10, 0, 12; men 3, 1, 0, 9."""
    women = [["production", "credit"], ["production", "income", "group", "credit"], [], ["production", "income", "group", "workload"]]
    men = [["production"], ["credit"], [], ["production", "income", "workload"]]
    rows = [
        {"household": str(home), "sex": sex, **{name: float(name in has) for name in WEIGHTS}}
        for sex, people in (("woman", women), ("man", men))
        for home, has in enumerate(people)
    ]
    return pd.DataFrame(rows)


def test_four_households_as_the_published_formulas_have_them() -> None:
    people = four_households()
    counted = count_inadequacies(people, index())
    assert (counted.count / 1).tolist() == [4, 10, 0, 12, 3, 1, 0, 9]  # of 15
    women = alkire_foster(people[people["sex"] == "woman"], index()).iloc[0]
    assert [women[name] for name in ("n", "n_left_out", "H")] == [4, 0, 0.75]
    assert women["A"] == pytest.approx(26 / 45, **NEAR)
    assert women["achieved"] == pytest.approx(0.5666666666666667, **NEAR)
    found = gender_parity(people, index(**with_parity()))
    assert found["H_GPI"] == 0.75
    assert found["I_GPI"] == pytest.approx(0.3888888888888889, **NEAR)
    assert found["GPI"] == pytest.approx(0.7083333333333333, **NEAR)
    assert found["whole"] == pytest.approx(0.5808333333333333, **NEAR)


def test_a_count_at_the_cut_off_is_not_above_it() -> None:
    """The first man: exactly one fifth. As binary numbers three fifteenths may come out above 0.2."""
    counted = count_inadequacies(four_households(), index())
    assert counted.identified.tolist() == [1, 1, 0, 1, 0, 0, 0, 1]
    assert count_inadequacies(four_households(), index(strict=False)).identified.tolist() == [1, 1, 0, 1, 1, 0, 0, 1]
    tenths = {f"i{n}": 0.1 for n in range(10)}
    three = pd.DataFrame([[1] * 3 + [0] * 7], columns=list(tenths))
    assert 0.1 + 0.1 + 0.1 > 0.3  # what floating point says
    assert count_inadequacies(three, index(tenths, cut_off=0.3)).identified.tolist() == [0]


# ---- R --------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return pd.read_csv(HERE / "people.csv", dtype={"village": "str"})


def aweai() -> Any:
    return index(**with_parity(household=["village", "household"]))


def test_headcount_intensity_and_groups(people: pd.DataFrame) -> None:
    found = alkire_foster(people, aweai(), weight="w", by="age").set_index("group")
    for group, expected in ((None, EXPECTED["whole"]), *EXPECTED["by_age"].items()):
        row = found[found.index.isna()].iloc[0] if group is None else found.loc[group]
        for name, value in expected.items():
            assert row[name] == pytest.approx(value, **NEAR), (group, name)
    assert found["n_left_out"].iloc[0] == EXPECTED["left_out"]
    for group, share in EXPECTED["share_of_m0"].items():
        assert found.loc[group, "contribution"] == pytest.approx(share, **NEAR)


def test_contributions_of_indicators(people: pd.DataFrame) -> None:
    found, expected = contributions(people, aweai(), weight="w"), EXPECTED["breakdown"]
    assert found["indicator"].tolist() == expected["indicator"]
    for name in ("inadequate", "censored", "contribution"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-12)
    assert found["contribution"].sum() == pytest.approx(1, **NEAR)


def test_other_cut_offs(people: pd.DataFrame) -> None:
    found = over_cut_offs(people, aweai(), ["0", "1/20", "1/15", "1/5", "1/3", "2/5", "3/5", "4/5", "1"], weight="w")
    assert found["cut_off"].tolist() == pytest.approx([row["k"] for row in EXPECTED["cut_offs"]], abs=1e-15)
    assert found.loc[found["chosen"], "cut_off"].tolist() == [0.2]
    for (_, row), expected in zip(found.iterrows(), EXPECTED["cut_offs"], strict=True):
        for name in ("H", "M0", "achieved"):
            assert row[name] == pytest.approx(expected[name], **NEAR)
        assert np.isnan(row["A"]) if expected["A"] is None else row["A"] == pytest.approx(expected["A"], **NEAR)


def test_gender_parity_and_the_whole_index(people: pd.DataFrame) -> None:
    found = gender_parity(people, aweai(), weight="w")
    for name, value in EXPECTED["parity"].items():
        assert found[name] == pytest.approx(value, **NEAR), name
    assert found["n"] + found["n_left_out"] == found["n_women"] == (people["sex"] == "woman").sum()
    assert found["n_several"] > 0


def test_the_cut_off_is_exact_where_it_is_given_as_a_fraction() -> None:
    counted = count_inadequacies(four_households(), index(), cut_off=Fraction(4, 15))
    assert counted.identified.tolist() == [0, 1, 0, 1, 0, 0, 0, 1]
