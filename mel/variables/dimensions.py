"""The ways an alliance looks at people apart, made from canonical variables. Whoever did not say stands in a category of their own.

No group is the norm: a reference is there only where somebody named it with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import pandas as pd

from mel.codes import ALL, NOT_APPLICABLE, NOT_KNOWN, SILENCES, choice_of, silence_of
from mel.errors import Problem
from mel.errors.variables import (
    BANDS_UNKNOWN,
    CATEGORY_UNKNOWN,
    DIMENSION_OF_SEVERAL,
    LEVEL_IS_RESERVED,
    WG_ALL_BLANK,
    WG_ANSWERS_UNKNOWN,
    WG_CANNOT_MERGED,
)
from mel.formats.numbers import as_code
from mel.model.alliance import DimensionSpec
from mel.model.pack import Packs
from mel.model.rules import columns_missing, verdict
from mel.model.sample import ROUND, Dimension
from mel.variables.ages import banded
from mel.variables.disability import DOMAINS, SEVERITY, identifiers, severity
from mel.variables.places import people
from mel.variables.silences import occurring, together

WITH, WITHOUT = "with_disability", "without_disability"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Made:
    """A dimension with its column; or what is wrong with it."""

    dimension: Dimension | None = None
    column: pd.Series | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class MadeFrom:
    """The canonical table a dimension is made from: columns, labels of codes, and where each row stands."""

    frame: pd.DataFrame
    choices: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, str]
    multiples: tuple[str, ...]
    rows: pd.DataFrame
    packs: Packs


def variables_of(spec: DimensionSpec, packs: Packs, mapped: frozenset[str]) -> tuple[str, ...]:
    """The canonical variables a dimension is made from."""
    if spec.from_ == "disability":
        return DOMAINS
    if spec.from_ == "membership" and spec.rule is not None:
        return spec.rule.columns
    if spec.from_ == "age" and spec.variable is None:
        return (spec.name,) if spec.name in mapped or spec.name in packs.variables else ("age",)
    return (spec.variable or spec.name,)


def make(spec: DimensionSpec, source: MadeFrom, variables: tuple[str, ...]) -> Made:
    """One dimension as its spec says.

    Missing: a silence is a category with its own code; for what is made from several answers, theirs where they agree, else not_known.
    """
    several = [name for name in variables if name in source.multiples and spec.from_ != "membership"]
    if several:
        return Made(problems=(DIMENSION_OF_SEVERAL.at(dimension=spec.name, variable=several[0]),))
    how = {"age": _age, "disability": _disability, "membership": _membership}.get(spec.from_, _category)
    column, known, problems, notes = how(spec, source, variables)
    if problems:
        return Made(problems=tuple(problems))
    return _finished(spec, column, known, variables, notes)


_Parts = tuple[pd.Series, dict[str, str], list[Problem], list[str]]


def _category(_: DimensionSpec, source: MadeFrom, variables: tuple[str, ...]) -> _Parts:
    name = variables[0]
    codes = as_code(source.frame[name])
    known = dict(source.choices.get(name, {}))
    others = sorted(set(codes.dropna()) - set(known) - set(SILENCES))
    own = (codes == "self_described").sum()
    notes = (
        ["Whoever described their gender in words of their own stands in one category; the words themselves are not used."] if own else []
    )
    silence = source.frame.get(silence_of(name), NOT_KNOWN)
    column = codes.where(codes.notna(), silence)
    return column, known | {code: code for code in others}, [], notes


def _age(spec: DimensionSpec, source: MadeFrom, variables: tuple[str, ...]) -> _Parts:
    bands = source.packs.age_bands.get(spec.bands or "")
    if bands is None:
        return pd.Series(), {}, [BANDS_UNKNOWN.at(dimension=spec.name, bands=spec.bands, known=sorted(source.packs.age_bands))], []
    column, problems = banded(source.frame[variables[0]].astype("float64"), bands, source.rows)
    column = column.where(column.notna(), source.frame[silence_of(variables[0])])
    return column, {band.code: band.label for band in bands.bands}, problems, []


def _disability(spec: DimensionSpec, source: MadeFrom, variables: tuple[str, ...]) -> _Parts:
    frame, problems, levels = source.frame, [], {}
    for name in variables:
        levels[name], unknown = severity(frame[name])
        if unknown.any():
            words = ", ".join(word for word in SEVERITY if not word.isdigit())
            problems.append(WG_ANSWERS_UNKNOWN.at(column=name, rows=int(unknown.sum()), known=words))
    table = pd.DataFrame(levels, index=frame.index)
    silence = together([frame[silence_of(name)] for name in variables], table.isna().all(axis=1))
    problems += _blank_rounds(frame, table, silence)
    if spec.cut_off == "disability4" and (table == 3.5).any(axis=None):
        problems.append(WG_CANNOT_MERGED.at())
    if problems:
        return pd.Series(), {}, problems, []
    has = identifiers(table)[spec.cut_off]
    column = has.map({True: WITH, False: WITHOUT}).astype("str").where(has.notna(), silence)
    column, notes = _by_age(frame, column)
    if (table == 3.5).any(axis=None):
        notes.append("'Cannot do at all' is one answer with 'a lot of difficulty' in this survey; the strictest cut-off cannot be told.")
    partly = int((table.isna().any(axis=1) & ~table.isna().all(axis=1)).sum())
    if partly:
        notes.append(f"Of {people(partly)} only some of the six Washington Group answers are there; those decide.")
    return column, {WITH: "With a disability", WITHOUT: "Without a disability"}, [], notes


def _blank_rounds(frame: pd.DataFrame, table: pd.DataFrame, silence: pd.Series) -> list[Problem]:
    """A round in which nobody answered any of the six, though they were asked; or all rounds."""
    missing = table.isna().all(axis=1)
    if len(frame) and missing.all():
        return [WG_ALL_BLANK.at(where="these data")]
    asked_and_blank = [
        str(name)
        for name, rows in frame.groupby(ROUND, sort=False).groups.items()
        if missing.loc[rows].all() and (silence.loc[rows] != "not_asked").any()
    ]
    return [WG_ALL_BLANK.at(where=f"round '{name}'") for name in asked_and_blank]


def _by_age(frame: pd.DataFrame, column: pd.Series) -> tuple[pd.Series, list[str]]:
    """Under five the set does not apply; under eighteen it is not the best there is."""
    if "age" not in frame or frame["age"].dtype.kind != "f":
        return column, []
    small, young = frame["age"] < 5, frame["age"].between(5, 17.999)
    notes = []
    if small.any():
        notes.append("Under five years the Washington Group Short Set does not apply.")
    if young.any():
        notes.append("From 5 to 17 years the Child Functioning Module finds more than the Short Set.")
    return column.where(~small, NOT_APPLICABLE), notes


def _membership(spec: DimensionSpec, source: MadeFrom, variables: tuple[str, ...]) -> _Parts:
    table = nw.from_native(source.frame, eager_only=True)
    schema = table.collect_schema()
    if spec.rule is None or (missing := columns_missing(spec.rule, schema)):
        return pd.Series(), {}, list(missing) if spec.rule else [], []
    said: pd.Series = table.select(verdict(spec.rule, schema).alias("v")).to_native()["v"]
    silence = together([source.frame[silence_of(name)] for name in variables if silence_of(name) in source.frame], said.isna())
    column = said.map({1.0: YES, 0.0: NO}).astype("str").where(said.notna(), silence)
    return column, {YES: "Yes", NO: "No"}, [], []


def _finished(spec: DimensionSpec, column: pd.Series, known: dict[str, str], variables: tuple[str, ...], notes: list[str]) -> Made:
    """Order, labels, reference: only categories that exist, and never the reserved level."""
    problems: list[Problem] = []
    if ALL in known or (column == ALL).any():
        problems.append(LEVEL_IS_RESERVED.at(dimension=spec.name))
    names = [code for code in known if code not in SILENCES]
    for what, given in (("order", spec.order), ("labels", tuple(spec.labels)), ("reference", (spec.reference,) if spec.reference else ())):
        strange = [code for code in given if code not in names and code not in SILENCES]
        if strange:
            problems.append(CATEGORY_UNKNOWN.at(dimension=spec.name, what=what, codes=strange, known=names))
    if problems:
        return Made(problems=tuple(problems))
    ordered = [*spec.order, *(code for code in names if code not in spec.order)]
    categories = {code: spec.labels.get(code, known[code]) for code in ordered if code not in SILENCES}
    dimension = Dimension(
        name=spec.name,
        label=spec.label or spec.name.replace("_", " "),
        categories=categories | occurring(column, dict(spec.labels)),
        ordered=spec.ordered or spec.from_ == "age",
        reference=spec.reference,
        reference_reason=spec.reference_reason,
        sensitive=spec.sensitive,
        derived_from=variables,
    )
    return Made(dimension, column.astype("str"), notes=tuple(notes))


def columns_in(frame: pd.DataFrame, variable: str) -> bool:
    return variable in frame or any(str(c).startswith(choice_of(variable, "")) for c in frame.columns)
