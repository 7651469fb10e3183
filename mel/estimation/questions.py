"""Which columns must be added up so that an indicator can be computed? An indicator becomes expressions and a Quantity.

This decides who is counted (population, denominator, silences) and what is summed; it touches no rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any

import narwhals.stable.v2 as nw

from mel.codes import ALL, NOT_KNOWN, SILENCES, silence_of
from mel.model import rules
from mel.model.indicator import Indicator, Rule
from mel.model.quantities import UNKNOWN, Key, Quantity
from mel.model.sample import WEIGHT, Sample

Schema = Mapping[str, Any]
ONE_WEIGHT = "_n"


@dataclass
class Columns:
    """The expressions of the pass, in layers: what a layer makes, the next may read. `sums` is what is added up in the end."""

    respondents: bool
    some_weigh_nothing: bool = False
    layers: tuple[dict[str, nw.Expr], dict[str, nw.Expr], dict[str, nw.Expr]] = field(default_factory=lambda: ({}, {}, {}))
    sums: dict[str, None] = field(default_factory=dict)
    products: dict[tuple[str, ...], str] = field(default_factory=dict)
    quantities: list[Quantity] = field(default_factory=list)
    factors: dict[Key, tuple[str, str, str]] = field(default_factory=dict)
    """Of each quantity: the columns of its weight, y and x."""
    amounts: list[tuple[tuple[str, str], str, nw.Expr]] = field(default_factory=list)
    """Of each total of numbers: its indicator, the column that says who is counted, and what each gives to it."""
    of_replicates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """A weighted sum, and the same sum under each replicate weight, where the pass makes it."""

    def add(self, name: str, expression: nw.Expr, *, layer: int = 1) -> str:
        self.layers[layer].setdefault(name, expression)
        return name

    def total(self, name: str) -> str:
        self.sums[name] = None
        return name

    def product(self, *names: str) -> str:
        """The sum of a product of columns; a factor that is always one is left out.

        Products are numbered: engines take no dots in a name, or no capitals, or at most 63 letters.
        """
        factors = tuple(sorted(name for name in names if name != ONE_WEIGHT))
        if len(factors) == 1:
            return self.total(factors[0])
        made = self.products.setdefault(factors, f"_product{len(self.products)}")
        return self.total(self.add(made, reduce(lambda a, b: a * b, (nw.col(name) for name in factors)), layer=2))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a first look at the data says: the categories of each distribution (code → label) and where numbers lie."""

    categories: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    shifts: Mapping[tuple[str, str], float] = field(default_factory=dict)


def columns_of(sample: Sample, indicators: Iterable[Indicator], schema: Schema, seen: Seen, *, some_weigh_nothing: bool = False) -> Columns:
    """Everything the pass must add up for these indicators. Whoever weighs nothing was not drawn for the question, and is not counted."""
    probability = sample.design.basis == "probability"
    design = sample.design
    alone = probability and not design.psu and design.rounds != "panel" and design.replicates is None
    columns = Columns(respondents=alone, some_weigh_nothing=some_weigh_nothing)
    for position, indicator in enumerate(indicators):
        _Question(sample, indicator, schema, columns, f"_q{position}", seen).ask()
    if probability and sample.design.weight:
        columns.product(WEIGHT, WEIGHT)
    return columns


def categories_of(sample: Sample, indicator: Indicator, schema: Schema, seen: Iterable[str]) -> dict[str, str]:
    """The answers of a distribution or composition, code → label: as the form or the dimension lists them, then what else was said."""
    variable = str(indicator.numerator.value)
    dimension = sample.dimension(variable)
    if indicator.kind == "composition" and dimension is not None:
        listed = dict(dimension.categories)
    else:
        listed = {code: label for code, label in sample.choices.get(variable, {}).items() if code not in SILENCES}
        listed |= (
            {code: code for code in rules.choices_in(schema, variable) if code not in listed}
            if is_multiple(sample, variable, schema)
            else {}
        )
    kind = schema.get(variable)
    numbers = kind is not None and kind.is_numeric()
    spell = _as_it_is if is_composed_dimension(sample, indicator) else rules.spellings_of_number if numbers else rules.spellings
    return listed | {code: code for code in _unlisted(listed, seen, spell)}


def _as_it_is(code: str) -> set[str]:
    return {code}


def _unlisted(listed: Iterable[str], seen: Iterable[str], spell: Callable[[str], set[str]]) -> list[str]:
    """What was said that is not listed. Where a text is asked for, "1" and "1.0" are one answer: it stands once."""
    known = {spelling for code in listed for spelling in spell(code)}
    found = []
    for code in sorted(seen):
        if code not in known:
            found.append(code)
            known |= spell(code)
    return found


def is_multiple(sample: Sample, variable: str, schema: Schema) -> bool:
    """True for a select_multiple, which has a column for each choice."""
    return variable in sample.multiples or (variable not in schema and bool(rules.choices_in(schema, variable)))


def is_composed_dimension(sample: Sample, indicator: Indicator) -> bool:
    """True where the silences are categories: the make-up of a dimension, not the answers to a question."""
    return indicator.kind == "composition" and sample.dimension(str(indicator.numerator.value)) is not None


class _Question:
    """One indicator on its way to sums; `q` begins the names of its columns."""

    def __init__(self, sample: Sample, indicator: Indicator, schema: Schema, columns: Columns, q: str, seen: Seen) -> None:
        self.sample, self.indicator, self.schema, self.columns, self.q, self.seen = sample, indicator, schema, columns, q, seen
        self.shift = seen.shifts.get((indicator.id, indicator.version), 0.0)
        chance = sample.design.basis == "probability"
        self.weight = (indicator.weight or (WEIGHT if sample.design.weight else ONE_WEIGHT)) if chance else ONE_WEIGHT

    def ask(self) -> None:
        self.who_is_counted()
        kind, numerator = self.indicator.kind, self.indicator.numerator
        if kind in ("distribution", "composition"):
            for code in self.seen.categories[self.indicator.id, self.indicator.version]:
                self.yes_or_no(rules.yes(self.holds(code), self.schema) if not self.composed else self.is_category(code), code)
        elif kind == "distinct_count":
            self.keep(self.inside, self.inside, yes=None, of_ones=True)
        elif kind == "quantile":
            for probability in self.indicator.probabilities:
                self.keep(self.inside, self.inside, yes=None, category=str(probability), of_ones=True)
        elif numerator.value is None:
            self.yes_or_no(rules.yes(numerator, self.schema), ALL)
        else:
            self.value()

    @property
    def composed(self) -> bool:
        return is_composed_dimension(self.sample, self.indicator)

    @property
    def inside(self) -> str:
        return f"{self.q}_in"

    def who_is_counted(self) -> None:
        """`in`: 1 for everyone in the denominator. Each silence: 1 for those in the population who did not answer for that reason."""
        scope = [rule for rule in (self.indicator.population, self.indicator.denominator) if rule and rule.value is None]
        may = reduce(and_, (~rules.no(rule, self.schema) for rule in scope)) if scope else None
        within = reduce(and_, (rules.yes(rule, self.schema) for rule in scope)) if scope else None
        said = self.answered()
        silent = ~(said if within is None else within & said)
        silent = silent if may is None else silent & may
        why = self.reason(within)
        taken = [s for s in SILENCES if getattr(self.indicator.silences, s) == "as_no"]
        counts = said | why.is_in(taken) if taken else said
        counts = counts if within is None else counts & within
        if self.columns.some_weigh_nothing and self.weight != ONE_WEIGHT:
            drawn = nw.col(self.weight) > 0
            counts, silent = counts & drawn, silent & drawn
        self.columns.add(self.inside, rules.as_number(counts), layer=0)
        if not self.composed or within is not None:
            for silence in SILENCES if self.says_why else (NOT_KNOWN,):
                told = silent & (why == silence) if self.says_why else silent
                self.columns.total(self.columns.add(f"{self.q}_{silence}", rules.as_number(told), layer=0))
        if taken and within is not None:
            unknown = silent & ~within & why.is_in(taken)
            self.columns.total(self.columns.add(f"{self.q}_{UNKNOWN}", rules.as_number(unknown), layer=0))

    def answered(self) -> nw.Expr:
        numerator, denominator = self.indicator.numerator, self.indicator.denominator
        if self.composed:
            return ~nw.col(str(numerator.value)).is_null()
        if numerator.value is None:
            return rules.said(numerator, self.schema)
        said = rules.yes(numerator, self.schema)
        return said & rules.yes(denominator, self.schema) if self.indicator.kind == "ratio" and denominator else said

    def sources(self, part: Sequence[Rule | None]) -> list[nw.Expr]:
        """Where the reason for a silence may stand: the silence column, or a dimension of the same name that holds its code."""
        found = []
        for name in dict.fromkeys(name for rule in part if rule for name in rule.columns):
            if silence_of(name) in self.schema:
                found.append(nw.col(silence_of(name)).cast(nw.String))
            elif self.sample.dimension(name) is not None:
                found.append(nw.when(nw.col(name).is_in(list(SILENCES))).then(nw.col(name)).otherwise(nw.lit(None)).cast(nw.String))
        return found

    @property
    def of_answer(self) -> list[nw.Expr]:
        """The reasons of the question itself. Someone who did not say which group is theirs is in a group of their own."""
        denominator = self.indicator.denominator if self.indicator.kind == "ratio" else None
        return [] if self.composed else self.sources([self.indicator.numerator, denominator])

    @property
    def of_scope(self) -> list[nw.Expr]:
        """The reasons of what says who is asked about."""
        return self.sources([self.indicator.population, None if self.indicator.kind == "ratio" else self.indicator.denominator])

    @property
    def says_why(self) -> bool:
        return bool(self.of_answer or self.of_scope)

    def reason(self, within: nw.Expr | None) -> nw.Expr:
        """Why there is no answer; what nobody noted is not known. Of those in the population the question's own reason counts."""
        own = nw.coalesce(*self.of_answer, nw.lit(NOT_KNOWN)) if self.of_answer else nw.lit(NOT_KNOWN)
        if within is None or not self.says_why:
            return own
        other = nw.coalesce(*self.of_scope, nw.lit(NOT_KNOWN)) if self.of_scope else nw.lit(NOT_KNOWN)
        return nw.when(within).then(own).otherwise(other)

    def holds(self, code: str) -> Rule:
        """Not validated: what somebody wrote is stripped of blanks, what somebody answered is as it is."""
        variable = str(self.indicator.numerator.value)
        if is_multiple(self.sample, variable, self.schema):
            return Rule.model_construct(column=variable, includes=code)
        return Rule.model_construct(column=variable, is_=(code,))

    def is_category(self, code: str) -> nw.Expr:
        return nw.col(str(self.indicator.numerator.value)).cast(nw.String) == code

    def yes_or_no(self, said_yes: nw.Expr, category: str) -> None:
        """A share: y is 1 for a yes, x is 1 for everyone in the denominator."""
        inside = self.columns.layers[0][self.inside]
        y = self.columns.add(f"{self.q}_y{len(self.columns.quantities)}", rules.as_number(said_yes) * inside, layer=0)
        self.keep(y, self.inside, yes=y, category=category, of_ones=True)

    def value(self) -> None:
        """A number: y is the answer, x is 1 (or the denominator's answer) for everyone who gave it."""
        numerator, denominator = self.indicator.numerator, self.indicator.denominator
        inside = nw.col(self.inside) == 1.0
        x = self.inside
        if self.indicator.kind == "ratio" and denominator is not None:
            x = self.columns.add(f"{self.q}_x", _where(inside, rules.number_in(str(denominator.value), self.schema)))
        y = rules.number_in(str(numerator.value), self.schema)
        if self.indicator.kind == "total":
            given = y if self.weight == ONE_WEIGHT else y * nw.col(self.weight)
            self.columns.amounts.append(((self.indicator.id, self.indicator.version), self.inside, given))
        if self.shift:
            y = y - self.shift * (rules.number_in(str(denominator.value), self.schema) if x != self.inside and denominator else nw.lit(1.0))
        self.keep(self.columns.add(f"{self.q}_y", _where(inside, y)), x, yes=None)

    def keep(self, y: str, x: str, *, yes: str | None, category: str = ALL, of_ones: bool = False) -> None:
        """Write down the sums. Ones and zeros are their own squares: nothing is added up twice."""
        add, w, of_one = self.columns.product, self.weight, x == self.inside
        ys, xy, xs = (y,) if of_ones else (y, y), (y,) if of_one else (x, y), (x,) if of_one else (x, x)
        plain = None if of_ones else (add(y), add(*ys))
        silences = {s: f"{self.q}_{s}" for s in (*SILENCES, UNKNOWN) if f"{self.q}_{s}" in self.columns.sums}
        self.columns.factors[self.indicator.id, self.indicator.version, category] = (w, y, x)
        self.columns.quantities.append(
            Quantity(
                self.indicator.id, self.indicator.version, category, self.indicator.kind,
                counted=add(self.inside), weight=add(w, self.inside),
                wy=add(w, y), wx=add(w, x), wyy=add(w, *ys), wxy=add(w, *xy), wxx=add(w, *xs),
                squares=(add(w, w, *ys), add(w, w, *xy), add(w, w, *xs)) if self.columns.respondents else None,
                plain=plain, yes=yes and add(yes), silences=silences,
                missing=tuple(s for s in silences if s == UNKNOWN or getattr(self.indicator.silences, s) == "exclude"), shift=self.shift,
            )
        )  # fmt: skip


def _where(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value).otherwise(nw.lit(0.0))
