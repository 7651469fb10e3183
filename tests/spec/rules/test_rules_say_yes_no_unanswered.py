"""A rule has three values. Each test draws a small table and reads off who said yes, no, or nothing."""

from __future__ import annotations

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pytest

from mel.errors import InputError, UsageError
from mel.model.indicator import Rule
from mel.model.rules import columns_missing, value_of, verdict

PEOPLE = pd.DataFrame(
    {
        "health": ["1", "2", "3", None],
        "age": [17.0, 18.0, 49.0, float("nan")],
        "sex": ["woman", "man", "prefer_not_to_say", None],
        "member": pd.Series([True, False, True, False]),
        "need/food": [1.0, 0.0, 1.0, float("nan")],
        "need/cash": [0.0, 0.0, 1.0, float("nan")],
        "codes": ["LE1; LE2", "LE12 LE2", "LE1", None],
    }
)


def read(rule: dict, frame: object = PEOPLE) -> list[int | None]:
    table = nw.from_native(frame)
    out = table.select(verdict(Rule.model_validate(rule), table.collect_schema()).alias("v"))
    native = out.collect() if isinstance(out, nw.LazyFrame) else out
    return [None if v is None or v != v else int(v) for v in native["v"].to_list()]


def engines() -> list[object]:
    return [
        PEOPLE,
        pl.from_pandas(PEOPLE, nan_to_null=True),
        duckdb.sql("select * replace (nullif(age, 'NaN'::double) as age) from PEOPLE"),
    ]


@pytest.mark.parametrize("engine", [0, 1, 2], ids=["pandas", "polars", "duckdb"])
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"column": "health", "is": [1, 2]}, [1, 1, 0, None]),
        ({"column": "health", "is": ["1"]}, [1, 0, 0, None]),
        ({"column": "health", "at_least": 2}, [0, 1, 1, None]),
        ({"column": "age", "between": [18, 49]}, [0, 1, 1, None]),
        ({"column": "age", "at_most": 17}, [1, 0, 0, None]),
        ({"column": "age", "is": ["18"]}, [0, 1, 0, None]),
        ({"column": "sex", "is": ["woman"]}, [1, 0, None, None]),
        ({"column": "sex", "answered": True}, [1, 1, 0, 0]),
        ({"column": "sex", "answered": False}, [0, 0, 1, 1]),
        ({"column": "need", "answered": True}, [1, 1, 1, 0]),
        ({"column": "member", "is": [True]}, [1, 0, 1, 0]),
        ({"column": "need", "includes": "food"}, [1, 0, 1, None]),
        ({"column": "codes", "includes": "LE1"}, [1, 0, 1, None]),
        ({"column": "codes", "includes": "LE2"}, [1, 1, 0, None]),
        ({"not": {"column": "sex", "is": ["woman"]}}, [0, 1, None, None]),
        ({"all_of": [{"column": "health", "is": [1, 3]}, {"column": "sex", "is": ["woman"]}]}, [1, 0, None, None]),
        ({"all_of": [{"column": "health", "is": [1]}, {"column": "sex", "is": ["woman"]}]}, [1, 0, 0, None]),
        ({"any_of": [{"column": "health", "is": [3]}, {"column": "sex", "is": ["woman"]}]}, [1, 0, 1, None]),
        ({"count_of": [{"column": "need", "includes": "food"}, {"column": "sex", "is": ["woman"]}], "at_least": 1}, [1, 0, 1, None]),
        ({"count_of": [{"column": "need", "includes": "food"}, {"column": "sex", "is": ["woman"]}], "at_least": 2}, [1, 0, None, None]),
    ],
)
def test_every_form_on_every_engine(engine: int, rule: dict, expected: list[int | None]) -> None:
    assert read(rule, engines()[engine]) == expected


def test_without_a_schema_columns_are_as_derive_leaves_them() -> None:
    frame = nw.from_native(pd.DataFrame({"v": ["1", None], "v__silence": [None, "not_asked"], "w/a": [1.0, None]}))
    asked = {"column": "v", "answered": True}, {"column": "v", "is": [1]}, {"column": "w", "includes": "a"}
    out = frame.select(*(verdict(Rule.model_validate(rule)).alias(str(i)) for i, rule in enumerate(asked))).to_native()
    assert out.astype(object).where(out.notna(), None).to_numpy().tolist() == [[1, 1, 1], [0, None, None]]


def test_a_value_is_the_answer_and_a_condition_counts_itself() -> None:
    frame = nw.from_native(PEOPLE)
    schema = frame.collect_schema()
    out = frame.select(
        value_of(Rule(value="sex"), schema).alias("sex"), value_of(Rule(column="age", at_least=18), schema).alias("adult")
    ).to_native()
    assert out["sex"].dropna().tolist() == ["woman", "man"]
    assert out["adult"].fillna(-1).tolist() == [0, 1, 1, -1]


def test_all_that_a_rule_reads_and_the_data_lack_is_said_at_once() -> None:
    schema = nw.from_native(PEOPLE).collect_schema()
    rule = Rule.model_validate(
        {"any_of": [{"column": "helth", "is": [1]}, {"column": "need", "includes": "fod"}, {"column": "age", "at_least": 1}]}
    )
    problems = columns_missing(rule, schema)
    assert [p.code for p in problems] == ["RULE_COLUMN_MISSING", "RULE_CHOICE_MISSING"]
    assert "'health'" in problems[0].do
    assert "'food', 'cash'" in problems[1].do
    with pytest.raises(InputError, match="RULE_COLUMN_MISSING"):
        verdict(rule, schema)


def test_an_empty_part_and_more_than_yes_are_refused() -> None:
    schema = nw.from_native(PEOPLE).collect_schema()
    with pytest.raises(UsageError, match="RULE_EMPTY"):
        verdict(Rule(all_of=()), schema)
    with pytest.raises(InputError, match="RULE_NEEDS_NUMBER"):
        verdict(Rule(column="member", at_least=1), schema)
