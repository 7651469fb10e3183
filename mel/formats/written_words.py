"""What does a validator's error mean to the person who wrote the file? Each kind becomes a problem of our own catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from mel.errors import Problem, closest
from mel.errors import alliance as say
from mel.formats.written_help import NO_HELP, WHY_TOGETHER, help_for
from mel.formats.written_keys import Path, Place, keys_of, model_at
from mel.model.alliance import ColumnMap, VariableMap

Fault = Mapping[str, Any]

_PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]{0,63}$": "lower-case letters, digits, - and _ only, at most 64, a letter or digit first",
    r"^[a-z0-9][a-z0-9-]*$": "lower-case letters, digits and - only, a letter or digit first",
    r"^[a-z][a-z0-9_]*$": "lower-case letters, digits and _ only, a letter first",
    r"^[A-Z]{2}$": "two capital letters are expected, the country's ISO 3166 code, such as UG",
}


def in_groups(data: Mapping[str, Any], faults: Sequence[Fault]) -> dict[Path, list[Fault]]:
    """Faults by the path a person sees. A union gives one fault for each of its branches; the person made one mistake.

    A list that seems too short only because its members are wrong is no fault of its own.
    """
    groups: dict[Path, list[Fault]] = {}
    for fault in faults:
        if fault["type"] == "too_short" and len(fault["input"]) >= fault["ctx"]["min_length"]:
            continue
        seen = _whole_pair(fault)
        groups.setdefault(seen_path(data, seen["loc"], missing=seen["type"] == "missing"), []).append(seen)
    return groups


def _whole_pair(fault: Fault) -> Fault:
    """Of a pair with one number it is the pair that is wrong, not a key named 1."""
    lone = fault["type"] == "missing" and isinstance(fault["loc"][-1], int)
    return {**fault, "type": "too_few", "loc": fault["loc"][:-1]} if lone else fault


def seen_path(data: Any, loc: Path, *, missing: bool) -> Path:
    """The validator's path without what it added itself: union branches and the long form of a map."""
    path: list[str | int] = []
    for at, part in enumerate(loc):
        last_missing = missing and at == len(loc) - 1
        inside = (isinstance(part, int) and isinstance(data, list | tuple) and part < len(data)) or (
            isinstance(data, Mapping) and part in data
        )
        if inside:
            data = data[part]
        if inside or last_missing:
            path.append(part)
    return tuple(path)


def problem_of(model: type[BaseModel], path: Path, faults: Sequence[Fault], place: Place) -> Problem:
    """The problem that the faults at one path amount to."""
    fault = next((f for f in faults if f["type"] == "literal_error"), faults[0])
    if len(faults) > 1 and fault["type"] == "literal_error" and _choices(fault) == ["False"]:
        fault = {**fault, "type": "other"}
    kind = fault["type"]
    where = place(path)
    facts = _Facts(fault, where, model, path, numbers_too=any("float" in f["type"] for f in faults))
    if len(faults) > 1 and kind not in ("literal_error", "missing"):
        return facts.fallback()
    return _BY_KIND.get(kind, _Facts.fallback)(facts)


class _Facts:
    """One fault and its surroundings, from which a text is filled."""

    def __init__(self, fault: Fault, where: dict[str, Any], model: type[BaseModel], path: Path, *, numbers_too: bool) -> None:
        self.fault, self.where, self.numbers_too = fault, where, numbers_too
        self.itself = _long_form(model_at(model, fault["loc"]))
        owners = (model_at(model, fault["loc"][:end]) for end in range(len(fault["loc"]) - 1, -1, -1))
        self.owner = next((owner for owner in owners if owner), None)
        self.name = next((str(part) for part in reversed(path) if isinstance(part, str)), "")

    @property
    def given(self) -> str:
        return shown(self.fault["input"])

    @property
    def help(self) -> str:
        return help_for(self.owner, str(self.fault["loc"][-1])) or help_for(self.owner, self.name) or NO_HELP

    def fallback(self) -> Problem:
        return say.VALUE_NOT_ACCEPTED.at(**self.where, given=self.given, help=self.help)

    def missing(self) -> Problem:
        return say.KEY_MISSING.at(**self.where, name=self.name, help=self.help)

    def choice(self) -> Problem:
        allowed = _choices(self.fault)
        listed = ", ".join(allowed) + (" or a number" if self.numbers_too else "")
        return say.CHOICE_UNKNOWN.at(**self.where, given=self.given, available=listed, near=closest(self.given, allowed) or "none")

    def pattern(self) -> Problem:
        pattern = self.fault["ctx"]["pattern"]
        words = re.fullmatch(r"\^\(([\w|]+)\)\$", pattern)
        if words:
            allowed = words.group(1).split("|")
            near = closest(self.given, allowed) or "none"
            return say.CHOICE_UNKNOWN.at(**self.where, given=self.given, available=", ".join(allowed), near=near)
        return say.ID_NOT_ALLOWED.at(**self.where, given=self.given, expected=_PATTERNS.get(pattern, "it has another form"))

    def text(self) -> Problem:
        return say.TYPE_NOT_TEXT.at(**self.where, given=self.given)

    def number(self) -> Problem:
        expected = "a whole number" if self.fault["type"].startswith("int") else "a number"
        return say.TYPE_NOT_NUMBER.at(**self.where, given=self.given, expected=expected)

    def truth(self) -> Problem:
        return say.TYPE_NOT_YES_NO.at(**self.where, given=self.given)

    def date(self) -> Problem:
        return say.TYPE_NOT_DATE.at(**self.where, given=self.given)

    def list(self) -> Problem:
        loc = self.fault["loc"]
        if len(loc) > 1 and loc[-2] == "by" and isinstance(self.fault["input"], str):
            return say.TYPE_BARE_LIST.at(**self.where, given=self.given)
        return say.TYPE_NOT_LIST.at(**self.where, given=self.given)

    def table(self) -> Problem:
        available = ", ".join(keys_of(self.itself)) if self.itself else "as you name them"
        return say.TYPE_NOT_TABLE.at(**self.where, given=self.given, available=available)

    def empty(self) -> Problem:
        return say.LIST_EMPTY.at(**self.where, help=self.help)

    def outside(self) -> Problem:
        return say.NUMBER_OUTSIDE.at(**self.where, given=self.given, expected=_bounds(self.fault["ctx"]))

    def together(self) -> Problem:
        says = str(self.fault["ctx"]["error"])
        why, do = WHY_TOGETHER.get(self.itself.__name__ if self.itself else "", WHY_TOGETHER[""])
        return say.RECORD_CONTRADICTS.at(**self.where, says=says[:1].upper() + says[1:], why=why, do=do)


_BY_KIND: dict[str, Callable[[_Facts], Problem]] = {
    "missing": _Facts.missing,
    "literal_error": _Facts.choice,
    "string_pattern_mismatch": _Facts.pattern,
    "string_type": _Facts.text,
    "bool_type": _Facts.truth,
    "bool_parsing": _Facts.truth,
    "tuple_type": _Facts.list,
    "dict_type": _Facts.table,
    "model_type": _Facts.table,
    "too_short": _Facts.empty,
    "value_error": _Facts.together,
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "float_type", "float_parsing", "finite_number"), _Facts.number),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _Facts.date),
    **dict.fromkeys(("greater_than", "greater_than_equal", "less_than", "less_than_equal"), _Facts.outside),
}


def shown(value: Any) -> str:
    """What was written, short enough to print; of a list or table only that it is one."""
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _long_form(model: type[BaseModel] | None) -> type[BaseModel] | None:
    """A map's entry is written as one column; its long form is rare."""
    return ColumnMap if model is VariableMap else model


def _choices(fault: Fault) -> list[str]:
    expected = str(fault["ctx"]["expected"])
    return re.findall(r"'([^']*)'", expected) or [expected]


def _bounds(context: Mapping[str, Any]) -> str:
    words = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
    return " and ".join(f"{words[key]} {value:g}" for key, value in context.items() if key in words)
