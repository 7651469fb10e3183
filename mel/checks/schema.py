"""Does a register hold what its Table Schema says? Columns, types, words that are allowed, names that are used once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mel.checks.dates import days_of
from mel.checks.places import at_rows, file_of, is_reserved, of_file, places
from mel.errors import InputError, Problem, closest
from mel.errors.checks import (
    NOT_A_DATE,
    NOT_A_NUMBER,
    SCHEMA_COLUMN_MISSING,
    SCHEMA_COLUMN_UNKNOWN,
    SCHEMA_NO_HEADER,
    SCHEMA_UNREADABLE,
    SCHEMA_VALUE_MISSHAPEN,
    SCHEMA_VALUE_MISSING,
    SCHEMA_VALUE_NOT_ALLOWED,
    SCHEMA_VALUE_TWICE,
)
from mel.formats.numbers import as_code, to_numbers
from mel.formats.shipped import shipped

Schema = Mapping[str, Any]
TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "any")
CONSTRAINTS = ("required", "unique", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength")


def schema_of(kind: str, given: Schema | Path | str | None) -> Schema | None:
    """The schema to check against: the one given, else the kind's own, else none.

    Raises: InputError for a schema that cannot be read, or that asks for something not checked here.
    """
    if given is None:
        own = shipped("schemas") / f"{kind}.schema.json"
        return _read(own) if kind != "answers" and own.is_file() else None
    schema = _read(Path(given)) if isinstance(given, str | Path) else given
    faults = list(_faults(schema))
    if faults:
        raise InputError([SCHEMA_UNREADABLE.at(fault=fault, file=str(schema.get("name", "")) or None) for fault in faults])
    return schema


def _read(path: Path) -> Schema:
    try:
        schema = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise InputError(SCHEMA_UNREADABLE.at(file=path.name, fault="it is missing or is not JSON")) from None
    if not isinstance(schema, dict):
        raise InputError(SCHEMA_UNREADABLE.at(file=path.name, fault="it is not a JSON object"))
    return schema


def _faults(schema: Schema) -> Iterator[str]:
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields:
        yield "it has no fields"
        return
    for at, field in enumerate(fields):
        if not isinstance(field, Mapping) or "name" not in field:
            yield f"field {at} has no name"
            continue
        if field.get("type", "string") not in TYPES:
            yield f"field '{field['name']}' has the type '{field['type']}'; known: {', '.join(TYPES)}"
        for constraint in set(field.get("constraints", {})) - set(CONSTRAINTS):
            yield f"field '{field['name']}' has the constraint '{constraint}'; known: {', '.join(CONSTRAINTS)}"


def against_schema(frame: pd.DataFrame, schema: Schema, kind: str) -> list[Problem]:
    """Every column of a table against its schema."""
    found: list[Problem] = list(_columns(frame, schema, kind))
    for field in schema["fields"]:
        if field["name"] in frame:
            found += _field(frame, field)
    return found


def _columns(frame: pd.DataFrame, schema: Schema, kind: str) -> Iterator[Problem]:
    known = [str(field["name"]) for field in schema["fields"]]
    extra = [str(c) for c in frame.columns if not is_reserved(str(c)) and str(c) not in known]
    absent = [field for field in schema["fields"] if field["name"] not in frame]
    if len(absent) == len(schema["fields"]):
        yield SCHEMA_NO_HEADER.at(file=file_of(frame), kind=kind, names=known)
        return
    for field in absent:
        if field.get("constraints", {}).get("required"):
            near: Any = closest(field["name"], extra) or "none"
            yield SCHEMA_COLUMN_MISSING.at(file=file_of(frame), name=field["name"], kind=kind, about=_about(field), near=near)
    if extra:
        names = [str(field["name"]) for field in absent]
        near = list(dict.fromkeys(match for column in extra for match in closest(column, names, most=1)))
        yield SCHEMA_COLUMN_UNKNOWN.at(file=file_of(frame), names=extra, kind=kind, near=near or "one that is missing")


def _field(frame: pd.DataFrame, field: Mapping[str, Any]) -> Iterator[Problem]:
    name, rules = str(field["name"]), field.get("constraints", {})
    told: dict[str, Any] = {"column": name, "name": name}
    codes = as_code(frame[name])
    if rules.get("required"):
        yield from at_rows(SCHEMA_VALUE_MISSING, frame, codes.isna(), about=_about(field), **told)
    if "enum" in rules:
        allowed = [str(word) for word in rules["enum"]]
        yield from at_rows(SCHEMA_VALUE_NOT_ALLOWED, frame, codes.notna() & ~codes.isin(allowed), allowed=allowed, hint="", **told)
    if "pattern" in rules:
        shaped = codes.fillna("").map(lambda text: re.fullmatch(rules["pattern"], text) is not None)
        yield from at_rows(SCHEMA_VALUE_MISSHAPEN, frame, codes.notna() & ~shaped.astype(bool), about=_about(field), **told)
    length = codes.str.len()
    outside = (length < rules.get("minLength", 0)) | (length > rules.get("maxLength", float("inf")))
    yield from at_rows(SCHEMA_VALUE_MISSHAPEN, frame, codes.notna() & outside, about=_about(field), **told)
    if rules.get("unique"):
        yield from _twice(frame, codes, told)
    yield from _type(frame, field, codes, rules, told)


def _twice(frame: pd.DataFrame, codes: pd.Series, told: Mapping[str, Any]) -> Iterator[Problem]:
    again = codes.notna() & codes.duplicated(keep="first")
    if not again.any():
        return
    firsts = dict(
        zip(codes[codes.notna() & ~codes.duplicated(keep="first")], places(frame, codes.notna() & ~codes.duplicated(keep="first")))
    )
    found = [firsts[code] for code in codes[again]]
    each = {"first": [f["row"] for f in found], "of_file": [of_file(f, h) for f, h in zip(found, places(frame, again))]}
    yield from at_rows(SCHEMA_VALUE_TWICE, frame, again, each=each, **told)


def _type(
    frame: pd.DataFrame, field: Mapping[str, Any], codes: pd.Series, rules: Mapping[str, Any], told: Mapping[str, Any]
) -> Iterator[Problem]:
    kind, name = field.get("type", "string"), str(field["name"])
    if kind in ("integer", "number"):
        numbers, unreadable = to_numbers(frame[name])
        unreadable |= numbers.notna() & (numbers % 1 != 0) & (kind == "integer")
        yield from at_rows(NOT_A_NUMBER, frame, unreadable, type="whole number" if kind == "integer" else "number", **told)
        outside = (numbers < rules.get("minimum", float("-inf"))) | (numbers > rules.get("maximum", float("inf")))
        yield from at_rows(SCHEMA_VALUE_MISSHAPEN, frame, outside, about=_about(field), **told)
    elif kind in ("date", "datetime"):
        yield from days_of(name, frame)
    elif kind == "boolean":
        truth = codes.str.lower().isin(["true", "false", "0", "1", "yes", "no"])
        yield from at_rows(SCHEMA_VALUE_NOT_ALLOWED, frame, codes.notna() & ~truth, allowed=["true", "false"], hint="", **told)
    elif kind in ("year", "yearmonth", "time"):
        shape = {"year": r"\d{4}", "yearmonth": r"\d{4}-\d\d", "time": r"\d\d?:\d\d(:\d\d.*)?"}[kind]
        yield from at_rows(NOT_A_DATE, frame, codes.notna() & ~codes.fillna("").str.fullmatch(shape), **told)


def _about(field: Mapping[str, Any]) -> str:
    """What the field is for, in the schema's own words."""
    said = str(field.get("description") or field.get("title") or field["name"])
    return said if said.endswith((".", "!", "?")) else f"{said}."
