"""Registers against their Table Schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from drawn import records

from mel.checks import check
from mel.errors import InputError
from mel.formats.shipped import shipped

PARTNER = {"partner_id": "p1", "name": "Invented", "country": "KE", "side": "south", "women_led": "yes", "since": "2019"}


def partners(*changed: dict[str, Any]) -> Any:
    rows = [{**PARTNER, **change} for change in changed]
    return records({key: [row[key] for row in rows] for key in rows[0]}, kind="partners")


def codes(given: Any, **options: Any) -> list[tuple[str, str | None, int | None]]:
    return [(p.code, p.column, p.row) for p in check(given, raise_on_stop=False, **options).problems]


def test_a_register_that_holds_what_it_should() -> None:
    assert codes(partners({}, {"partner_id": "p2", "since": 2020.0})) == []


def test_every_fault_of_a_register_is_found_at_once() -> None:
    given = partners({}, {"country": "Kenya"}, {"partner_id": "p3", "side": "South", "name": None})
    assert codes(given) == [
        ("SCHEMA_VALUE_TWICE", "partner_id", 3), ("SCHEMA_VALUE_MISSING", "name", 4), ("SCHEMA_VALUE_MISSHAPEN", "country", 3),
        ("SCHEMA_VALUE_NOT_ALLOWED", "side", 4),
    ]  # fmt: skip


def test_a_missing_column_names_the_one_that_looks_like_it() -> None:
    given = records({"partner_id": ["p1"], "name": ["x"], "Country": ["KE"], "side": ["south"]}, kind="partners")
    with pytest.raises(InputError, match="SCHEMA_COLUMN_MISSING") as stopped:
        check(given)
    assert "'Country'" in stopped.value.problems[0].do


def test_dates_of_a_register() -> None:
    given = records({"when": ["2024-03-01", "31/12/2023", "1/2/2024", "45000", "2024-03-01 00:00:00"]})
    schema = {"fields": [{"name": "when", "type": "date"}]}
    assert codes(given, schema=schema) == [("DATE_IS_A_COUNT_OF_DAYS", "when", 5)]
    lone = records({"when": ["1/2/2024"]})
    assert codes(lone, schema=schema) == [("NOT_A_DATE", "when", 2)]


def test_numbers_with_bounds_and_lengths() -> None:
    schema = {
        "fields": [
            {"name": "n", "type": "integer", "constraints": {"minimum": 0, "maximum": 10}},
            {"name": "c", "constraints": {"maxLength": 2}},
        ]
    }
    given = records({"n": [3, 11, -1, 2.5], "c": ["a", "ab", "abc", None]})
    assert codes(given, schema=schema) == [
        ("NOT_A_NUMBER", "n", 5), ("SCHEMA_VALUE_MISSHAPEN", "n", 3), ("SCHEMA_VALUE_MISSHAPEN", "n", 4), ("SCHEMA_VALUE_MISSHAPEN", "c", 4),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"fields": []},
        {"fields": [{"title": "x"}]},
        {"fields": [{"name": "a", "type": "strnig"}]},
        {"fields": [{"name": "a", "constraints": {"min": 1}}]},
    ],
)
def test_a_schema_that_asks_for_what_is_not_checked_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="SCHEMA_UNREADABLE"):
        check(records({"a": [1]}), schema=schema)


def test_a_schema_may_be_a_file_and_a_broken_one_is_said(tmp_path: Path) -> None:
    path = tmp_path / "own.schema.json"
    path.write_text(json.dumps({"fields": [{"name": "a", "constraints": {"required": True}}]}))
    assert codes(records({"a": [None], "b": [1]}), schema=path) == [("SCHEMA_COLUMN_UNKNOWN", None, None), ("SCHEMA_VALUE_MISSING", "a", 2)]
    path.write_text("{")
    with pytest.raises(InputError, match="SCHEMA_UNREADABLE"):
        check(records({"a": [1]}), schema=path)


@pytest.mark.parametrize("kind", ["outcomes", "partners", "readings", "stories", "answers"])
def test_the_shipped_schemas_are_usable_and_say_what_may_identify(kind: str) -> None:
    schema = json.loads((shipped("schemas") / f"{kind}.schema.json").read_text())
    names = [field["name"] for field in schema["fields"]]
    assert len(set(names)) == len(names)
    check(records({"x": [1]}), schema=schema, raise_on_stop=False)
    for field in schema["fields"]:
        assert not (field.get("direct_identifier") and field.get("publishable", True)), field["name"]
