"""Laws of every Alkire-Foster index, whatever the weights, cut-off and people."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mel.model.indices import Index
from mel.variables.empowerment import alkire_foster, contributions, gender_parity, over_cut_offs
from mel.variables.inadequacies import count_inadequacies

OWN = {"source": "invented for a test", "status": "for_you_to_fill"}
FEW = settings(max_examples=40, deadline=None)


@st.composite
def cases(draw: Any, answered: bool = True) -> tuple[Index, pd.DataFrame]:
    parts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    names, whole = [f"i{n}" for n in range(len(parts))], sum(parts)
    k = Fraction(draw(st.integers(0, whole)), whole)
    things = [
        {"id": n, "label": n, "weight": str(Fraction(p, whole)), "inadequate": {"column": n, "is": [1]}}
        for n, p in zip(names, parts, strict=True)
    ]
    parity = {"household": ["home"], "sex": "sex", "weight": "1/10", **OWN}
    index = Index.model_validate(
        {"id": "x", "label": "X", "cut_off": str(k), "strict": draw(st.booleans()), "indicators": things, "parity": parity, **OWN}
    )
    homes = draw(st.integers(2, 8))
    cell = st.sampled_from([0.0, 1.0] if answered else [0.0, 1.0, None])
    rows = draw(st.lists(st.tuples(*(cell for _ in names)), min_size=2 * homes, max_size=2 * homes))
    frame = pd.DataFrame(rows, columns=names, dtype="float64")
    weights = draw(st.lists(st.integers(1, 9), min_size=len(frame), max_size=len(frame)))
    sexes = ["woman", "man"] * homes
    return index, frame.assign(
        w=np.array(weights, dtype=float), sex=sexes, home=[str(n // 2) for n in range(len(frame))], place=list("ab") * homes
    )


@FEW
@given(cases())
def test_contributions_add_up_to_one(case: tuple[Index, pd.DataFrame]) -> None:
    index, frame = case
    found = contributions(frame, index, weight="w")
    m0 = alkire_foster(frame, index, weight="w")["M0"].iloc[0]
    assert found["contribution"].sum() == pytest.approx(1) if m0 > 0 else found["contribution"].isna().all()
    assert (found["censored"] <= found["inadequate"] + 1e-12).all()


@FEW
@given(cases(answered=False))
def test_m0_is_the_weighted_mean_of_the_groups(case: tuple[Index, pd.DataFrame]) -> None:
    index, frame = case
    if not frame[[c.id for c in index.indicators]].notna().all(axis=1).any():
        return
    table = alkire_foster(frame, index, weight="w", by="place")
    groups = table[table["group"].notna() & (table["n"] > 0)]
    assert (groups["M0"] * groups["weighted_total"]).sum() / groups["weighted_total"].sum() == pytest.approx(table["M0"].iloc[0])
    assert groups["n"].sum() == table["n"].iloc[0]


@FEW
@given(cases())
def test_fewer_are_identified_the_higher_the_cut_off(case: tuple[Index, pd.DataFrame]) -> None:
    index, frame = case
    table = over_cut_offs(frame, index, weight="w")
    assert (np.diff(table["H"]) <= 1e-12).all()
    assert (np.diff(table["M0"]) <= 1e-12).all()
    assert table["M0"].between(0, table["H"] + 1e-12).all()


@FEW
@given(cases())
def test_all_adequate_is_nothing_lost(case: tuple[Index, pd.DataFrame]) -> None:
    index, frame = case
    fine = frame.assign(**{one.id: 0.0 for one in index.indicators})
    row = alkire_foster(fine, index, weight="w").iloc[0]
    assert (row["M0"], row["achieved"]) == (0, 1)
    assert gender_parity(fine, index)["GPI"] == 1


@FEW
@given(cases(), st.integers(2, 7))
def test_all_weights_times_a_number_change_nothing(case: tuple[Index, pd.DataFrame], times: int) -> None:
    index, frame = case
    one, other = (alkire_foster(frame.assign(w=frame["w"] * t), index, weight="w").iloc[0] for t in (1, times))
    assert [one[name] for name in ("H", "M0")] == pytest.approx([other[name] for name in ("H", "M0")])


@FEW
@given(cases(answered=False))
def test_exactly_those_with_every_answer_have_a_count(case: tuple[Index, pd.DataFrame]) -> None:
    index, frame = case
    counted = count_inadequacies(frame, index)
    complete = frame[[one.id for one in index.indicators]].notna().all(axis=1)
    assert (counted.count.notna() == complete).all()
    exact = [sum((w for n, w in index.weights.items() if row[n] == 1), Fraction(0)) for _, row in frame[complete].iterrows()]
    above = [c > index.k if index.strict else c >= index.k for c in exact]
    assert counted.identified[complete].astype(bool).tolist() == above


@FEW
@given(cases())
def test_parity_is_one_where_women_and_men_are_alike(case: tuple[Index, pd.DataFrame]) -> None:
    index, frame = case
    names = [one.id for one in index.indicators]
    alike = frame.assign(**{n: np.repeat(frame[n].to_numpy()[::2], 2) for n in names})
    found = gender_parity(alike, index, weight="w")
    assert (found["H_GPI"], found["GPI"]) == (0, 1)
    assert 0 <= gender_parity(frame, index, weight="w")["GPI"] <= 1
