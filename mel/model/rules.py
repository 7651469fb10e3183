"""Who said yes, who said no, who did not answer: an indicator's rule as an expression that any engine runs.

A rule has three values. It is carried here as two conditions that are never null, `yes` and `no`; a person for whom neither
holds is unanswered. The engines disagree on nulls in `and` and `not`; on two plain conditions they agree.
This knows the columns of a `Sample` (`v`, `v__silence`, `v/choice`); it weighs nothing and counts nothing.

Pass the frame's schema (`nw.from_native(frame).collect_schema()`) where there is one: columns are then checked before any
work, numbers are compared as numbers, and `includes` also reads a column of codes separated by `;` or spaces.
Without it every column is taken to be as `derive` leaves it, and `is` compares text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, and_, or_
from typing import Any

import narwhals.stable.v2 as nw

from mel.codes import SILENCES, choice_of, silence_of
from mel.errors import InputError, Problem, UsageError, closest
from mel.errors.rules import RULE_CHOICE_MISSING, RULE_COLUMN_MISSING, RULE_EMPTY, RULE_NEEDS_NUMBER
from mel.model.indicator import Rule, Scalar

Schema = Mapping[str, Any]
"""Column name to Narwhals type."""
FEW = 4
"""How many values are compared one by one rather than looked for in a list."""


def yes(rule: Rule, schema: Schema | None = None) -> nw.Expr:
    """Condition, never null: this person's answers meet the rule.

    Missing: a silence is neither yes nor no, see `Rule`.
    Raises: UsageError for an empty part; InputError for a column or choice the schema lacks.
    Checked: tests/spec/rules, tests/properties/variables.
    """
    return _pair(rule, _Columns(schema))[0]


def no(rule: Rule, schema: Schema | None = None) -> nw.Expr:
    """Condition, never null: this person's answers fail the rule."""
    return _pair(rule, _Columns(schema))[1]


def said(rule: Rule, schema: Schema | None = None) -> nw.Expr:
    """Condition, never null: this person's answers say yes or no."""
    columns = _Columns(schema)
    plain = rule.column is not None and rule.includes is None and rule.answered is None and schema is not None
    said_yes, said_no = _pair(rule, columns)
    return columns.answered(str(rule.column)) if plain else said_yes | said_no


def unanswered(rule: Rule, schema: Schema | None = None) -> nw.Expr:
    """Condition, never null: this person's answers say neither yes nor no."""
    return ~said(rule, schema)


def verdict(rule: Rule, schema: Schema | None = None) -> nw.Expr:
    """1 for yes, 0 for no, null for unanswered, as a 64-bit float: the one number type in which every engine has null."""
    said_yes, said_no = _pair(rule, _Columns(schema))
    zero_or_null = nw.when(said_no).then(nw.lit(0.0)).otherwise(nw.lit(None))
    return nw.when(said_yes).then(nw.lit(1.0)).otherwise(zero_or_null).cast(nw.Float64)


def value_of(rule: Rule, schema: Schema | None = None) -> nw.Expr:
    """The answer itself for `{value = "x"}`, null where silent; for a condition its verdict, so that a total can count it."""
    if rule.value is None:
        return verdict(rule, schema)
    columns = _Columns(schema)
    columns.need(rule.value)
    return nw.when(columns.answered(rule.value)).then(nw.col(rule.value)).otherwise(nw.lit(None))


def as_number(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, else 0, as a 64-bit float: PostgreSQL and Spark do not add up yes and no.

    By way of a 32-bit whole number, the only one PostgreSQL makes of a yes.
    """
    return condition.cast(nw.Int32).cast(nw.Float64)


def number_in(name: str, schema: Schema) -> nw.Expr:
    """The column as a 64-bit float; yes/no as 1 and 0, null where it is null."""
    if schema.get(name) != nw.Boolean:
        return nw.col(name).cast(nw.Float64)
    return nw.when(~nw.col(name).is_null()).then(as_number(nw.col(name).fill_null(value=False)))


def can_hold(kind: Any, wanted: Sequence[Scalar]) -> bool:
    """Whether a column of this type can hold any of these values: a column of yes and no never holds a code of its own."""
    if kind is None or not (kind == nw.Boolean or kind.is_numeric()):
        return True
    return any((_truth(value) if kind == nw.Boolean else _number(value)) is not None for value in wanted)


def columns_missing(rule: Rule, schema: Schema) -> tuple[Problem, ...]:
    """Everything this rule reads that the schema lacks, at once; empty when it can be computed."""
    found: dict[tuple[str, str], Problem] = {}
    columns = _Columns(schema)
    for part in _leaves(rule):
        try:
            _pair(part, columns) if part.value is None else columns.need(part.value)
        except InputError as error:
            found |= {(p.code, p.what): p for p in error.problems}
    return tuple(found.values())


def choices_in(schema: Schema, variable: str) -> tuple[str, ...]:
    """The choices of a select_multiple as the columns name them; empty when it is none."""
    start = choice_of(variable, "")
    return tuple(name.removeprefix(start) for name in schema if name.startswith(start))


def _leaves(rule: Rule) -> list[Rule]:
    parts = (*(rule.all_of or ()), *(rule.any_of or ()), *(rule.count_of or ()), *((rule.not_,) if rule.not_ else ()))
    return [leaf for part in parts for leaf in _leaves(part)] if parts else [rule]


def _pair(rule: Rule, columns: _Columns) -> tuple[nw.Expr, nw.Expr]:
    if rule.not_ is not None:
        said_yes, said_no = _pair(rule.not_, columns)
        return said_no, said_yes
    for form, how in (("all_of", _all_of), ("any_of", _any_of), ("count_of", _count_of)):
        parts = getattr(rule, form)
        if parts is not None:
            if not parts:
                raise UsageError(RULE_EMPTY.at(form=form))
            return how(rule, [_pair(part, columns) for part in parts])
    if rule.column is None:
        # A bare value is asked only whether it is there: nobody says no to a number.
        return columns.answered(str(rule.value)), columns.answered(str(rule.value)) & ~columns.answered(str(rule.value))
    return columns.leaf(rule, rule.column)


def _all_of(_: Rule, parts: Sequence[tuple[nw.Expr, nw.Expr]]) -> tuple[nw.Expr, nw.Expr]:
    return reduce(and_, (p[0] for p in parts)), reduce(or_, (p[1] for p in parts))


def _any_of(_: Rule, parts: Sequence[tuple[nw.Expr, nw.Expr]]) -> tuple[nw.Expr, nw.Expr]:
    return reduce(or_, (p[0] for p in parts)), reduce(and_, (p[1] for p in parts))


def _count_of(rule: Rule, parts: Sequence[tuple[nw.Expr, nw.Expr]]) -> tuple[nw.Expr, nw.Expr]:
    """Decided as soon as those who have not answered could not change it."""
    wanted = rule.at_least or 0
    said_yes, said_no = (reduce(add, (as_number(p[i]) for p in parts)) for i in (0, 1))
    return said_yes >= wanted, said_no > len(parts) - wanted


class _Columns:
    """How a rule's condition reads the columns of one table."""

    def __init__(self, schema: Schema | None) -> None:
        self.schema = schema

    def need(self, name: str) -> None:
        """The variable is there, as itself or as its choices."""
        if self.schema is not None and name not in self.schema and not choices_in(self.schema, name):
            raise InputError(RULE_COLUMN_MISSING.at(name=name, near=closest(name, list(self.schema)) or "none"))

    def is_text(self, name: str) -> bool:
        kind = self.schema.get(name) if self.schema is not None else None
        return kind is not None and not kind.is_numeric() and kind != nw.Boolean and not kind.is_temporal()

    def answered(self, name: str) -> nw.Expr:
        """A silence is no answer, also where a dimension of the same name holds its code as a category; nor is an empty text."""
        self.need(name)
        if self.schema is None:
            return nw.col(silence_of(name)).is_null()
        if name not in self.schema:
            return reduce(or_, (~nw.col(choice_of(name, c)).is_null() for c in choices_in(self.schema, name)))
        there = ~nw.col(name).is_null()
        return there & ~nw.col(name).cast(nw.String).is_in([*SILENCES, ""]) if self.is_text(name) else there

    def leaf(self, rule: Rule, name: str) -> tuple[nw.Expr, nw.Expr]:
        if rule.includes is not None:
            return self.includes(name, rule.includes)
        there = self.answered(name) if self.schema is not None or rule.answered is not None else ~nw.col(name).is_null()
        if rule.answered is not None:
            return (there, ~there) if rule.answered else (~there, there)
        met = self.is_one_of(name, rule.is_) if rule.is_ is not None else self.compares(rule, name)
        return there & met, there & ~met

    def is_one_of(self, name: str, wanted: Sequence[Scalar]) -> nw.Expr:
        kind = self.schema.get(name) if self.schema is not None else None
        self.one_column(name)
        if kind == nw.Boolean:
            return nw.col(name).is_in([truth for truth in map(_truth, wanted) if truth is not None])
        if kind is not None and kind.is_numeric():
            return _is_any(nw.col(name).cast(nw.Float64), [number for number in map(_number, wanted) if number is not None])
        return _is_any(nw.col(name).cast(nw.String), sorted({s for w in wanted for s in spellings(w)}))

    def compares(self, rule: Rule, name: str) -> nw.Expr:
        self.one_column(name)
        kind = self.schema.get(name) if self.schema is not None else None
        if kind == nw.Boolean:
            raise InputError(RULE_NEEDS_NUMBER.at(name=name, type="yes or no"))
        column = self.number(name)
        if rule.between is not None:
            return (column >= rule.between[0]) & (column <= rule.between[1])
        return column >= rule.at_least if rule.at_least is not None else column <= rule.at_most

    def number(self, name: str) -> nw.Expr:
        if not self.is_text(name):
            return nw.col(name).cast(nw.Float64)
        return nw.when(self.answered(name)).then(nw.col(name)).otherwise(nw.lit(None)).cast(nw.Float64)

    def one_column(self, name: str) -> None:
        """A select_multiple has no single value; only `includes` and `answered` speak of it."""
        if self.schema is not None and name not in self.schema:
            raise InputError(RULE_COLUMN_MISSING.at(name=name, near=closest(name, list(self.schema)) or "none"))

    def includes(self, name: str, choice: str) -> tuple[nw.Expr, nw.Expr]:
        ticked = nw.col(choice_of(name, choice))
        if self.schema is None or choice_of(name, choice) in self.schema:
            there, truth = ~ticked.is_null(), self.schema is not None and self.schema[choice_of(name, choice)] == nw.Boolean
            held = ticked if truth else ticked.cast(nw.Float64) == 1.0
            return there & held, there & ~held
        self.need(name)
        if name not in self.schema or not self.is_text(name):
            raise InputError(RULE_CHOICE_MISSING.at(name=name, choice=choice, available=choices_in(self.schema, name)))
        there, held = self.answered(name), _held(name, choice)
        return there & held, there & ~held


def _is_any(column: nw.Expr, wanted: Sequence[Any]) -> nw.Expr:
    """The column holds one of these. A few are compared one by one, which engines that look for a value in a list do faster."""
    return reduce(or_, (column == value for value in wanted)) if 0 < len(wanted) <= FEW else column.is_in(list(wanted))


def _held(name: str, choice: str) -> nw.Expr:
    """A code stands in a text of codes: between semicolons if there are any, else between spaces."""
    safe = re.sub(r"([.^$*+?()\[\]{}|\\])", r"\\\1", choice)
    text = nw.col(name).cast(nw.String)
    parted = text.str.contains(";", literal=True)
    return (parted & text.str.contains(rf"(?:^|;)\s*{safe}\s*(?:;|$)")) | (~parted & text.str.contains(rf"(?:^|\s){safe}(?:\s|$)"))


def spellings(value: Scalar) -> set[str]:
    """How files write this value: 1 is also "1" and "1.0", true is also "True" and "1"."""
    if isinstance(value, bool):
        return {"true", "True", "TRUE", "1", "1.0"} if value else {"false", "False", "FALSE", "0", "0.0"}
    number = _number(value)
    if number is None or (isinstance(value, str) and str(value) not in _of_number(number)):
        return {str(value)}
    return _of_number(number)


def spellings_of_number(value: Scalar) -> set[str]:
    """How a column of numbers may write this value: there the codes "01" and "1" are one answer."""
    number = _number(value)
    return {str(value)} if number is None else {str(value), *_of_number(number)}


def _of_number(number: float) -> set[str]:
    return {str(int(number)), f"{int(number)}.0"} if number.is_integer() else {repr(number)}


def _number(value: Scalar) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _truth(value: Scalar) -> bool | None:
    said = str(value).strip().lower()
    return True if said in {"true", "1", "1.0"} else False if said in {"false", "0", "0.0"} else None
