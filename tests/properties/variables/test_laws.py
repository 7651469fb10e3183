"""Laws that hold whatever people answered."""

from __future__ import annotations

import narwhals.stable.v2 as nw
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mel.codes import FILE, ROUND, ROW, SILENCES
from mel.model.alliance import Design, VariableMap
from mel.model.indicator import Rule
from mel.model.records import Records
from mel.model.rules import no, unanswered, verdict, yes
from mel.variables import derive, washington_group
from mel.variables.disability import IDENTIFIERS

CODES = st.sampled_from(["1", "2", "3", None])
PEOPLE = st.lists(st.tuples(CODES, CODES, st.one_of(st.none(), st.integers(0, 90))), min_size=1, max_size=12)
LEAF = st.one_of(
    st.builds(lambda c, v: Rule(column=c, is_=tuple(v)), st.sampled_from(["a", "b"]), st.lists(st.integers(1, 3), min_size=1, max_size=3)),
    st.builds(lambda k: Rule(column="n", at_least=k), st.integers(0, 90)),
    st.builds(lambda c, t: Rule(column=c, answered=t), st.sampled_from(["a", "b", "n"]), st.booleans()),
)


def nested(children: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda parts: Rule(all_of=tuple(parts)), several),
        st.builds(lambda parts: Rule(any_of=tuple(parts)), several),
        st.builds(lambda part: Rule(not_=part), children),
        st.builds(lambda parts, k: Rule(count_of=tuple(parts), at_least=min(k, len(parts))), several, st.integers(1, 3)),
    )


RULE = st.recursive(LEAF, nested, max_leaves=6)


def told(rule: Rule, person: dict[str, object]) -> bool | None:
    """The definition of `Rule` in plain Python: what the expression must agree with, person by person."""
    if rule.not_ is not None:
        inner = told(rule.not_, person)
        return None if inner is None else not inner
    for form in ("all_of", "any_of", "count_of"):
        if (parts := getattr(rule, form)) is not None:
            said = [told(part, person) for part in parts]
            needed = {"all_of": len(parts), "any_of": 1, "count_of": rule.at_least}[form]
            sure, possible = said.count(True), len(said) - said.count(False)
            return True if sure >= needed else False if possible < needed else None
    value = person[str(rule.column)]
    if rule.answered is not None:
        return (value is not None) == rule.answered
    if value is None:
        return None
    return float(str(value)) >= rule.at_least if rule.at_least is not None else str(value) in {str(v) for v in rule.is_ or ()}


@settings(max_examples=120, deadline=None)
@given(PEOPLE, RULE)
def test_an_expression_says_what_the_definition_says(people: list[tuple], rule: Rule) -> None:
    frame = pd.DataFrame({k: pd.Series([p[i] for p in people], dtype="str" if i < 2 else "float64") for i, k in enumerate("abn")})
    table = nw.from_native(frame)
    schema = table.collect_schema()
    out = table.select(v=verdict(rule, schema), y=yes(rule, schema), n=no(rule, schema), u=unanswered(rule, schema)).to_native()
    expected = [told(rule, dict(zip("abn", person))) for person in people]
    assert [None if pd.isna(v) else bool(v) for v in out["v"]] == expected
    assert (out[["y", "n", "u"]].sum(axis=1) == 1).all()


ANSWER = st.sampled_from([1, 2, 3, 4, 7, 8, 9, None])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(ANSWER, min_size=6, max_size=6), min_size=1, max_size=8), st.randoms())
def test_the_four_lines_are_nested_and_the_order_of_questions_does_not_matter(rows: list[list[int | None]], chance: object) -> None:
    frame = pd.DataFrame([*rows, [1] * 6], columns=list("abcdef"), dtype="float64")
    found = washington_group(frame, list("abcdef"))
    order = list("abcdef")
    chance.shuffle(order)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(found, washington_group(frame, order))
    known = found.dropna().astype(int)
    assert (known["disability1"] >= known["disability2"]).all()
    assert (known["disability2"] >= known["disability3"]).all()
    assert (known["disability3"] >= known["disability4"]).all()
    silent = frame.isin([7, 8, 9]) | frame.isna()
    assert (found[list(IDENTIFIERS)].isna().all(axis=1) == silent.all(axis=1)).all()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["yes", "no", "98", "99", "prefer_not_to_say", "", None]), min_size=1, max_size=12))
def test_every_row_has_an_answer_or_exactly_one_silence(said: list[str | None]) -> None:
    n = len(said)
    frame = pd.DataFrame({ROUND: ["r"] * n, FILE: ["f.csv"] * n, ROW: range(2, n + 2), "v": pd.Series(said, dtype="str")})
    entry = VariableMap.model_validate({"column": "v", "silences": {"98": "not_known", "99": "not_applicable"}})
    sample = derive(Records("d", "answers", frame), design=Design(basis="census"), map={"v": entry}, variables=("v",)).frame
    assert (sample["v"].notna() ^ sample["v__silence"].notna()).all()
    assert set(sample["v__silence"].dropna()) <= set(SILENCES)
    assert sample["v"].notna().sum() == sum(s in ("yes", "no") for s in said)
