"""May these indicators be measured on this sample? Everything that is wrong with the call or the data, found before any work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mel.codes import ALL, SILENCES
from mel.errors import CannotSay, InputError, Problem, Template, UsageError, closest
from mel.errors import estimation as say
from mel.errors.quantiles import QUANTILE_RULE_NOT_OFFERED
from mel.errors.replicates import QUANTILE_OF_REPLICATES
from mel.estimation.counting import keys_of
from mel.estimation.engines import collected, levels_of
from mel.estimation.quantiles import RULES
from mel.estimation.questions import is_composed_dimension
from mel.estimation.replicates import given_names, replicate_problems
from mel.estimation.woodruff import INTERVALS as QUANTILE_INTERVALS
from mel.model import rules
from mel.model.cube import Cube
from mel.model.domains import Domains
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE, VALUES
from mel.model.indicator import Indicator, Rule
from mel.model.sample import FPC, PSU, ROUND, STRATUM, WEIGHT, Sample

MOST_LEVELS = 1_000
MOST_ROWS = 1_000_000
KINDS = ("proportion", "mean", "score", "total", "ratio", "distribution", "composition", "distinct_count", "quantile")
INTERVALS = ("logit", "wilson", "korn_graubard", "korn_graubard_capped")
DEFFS = ("with_replacement", "r_default")
Breakdowns = Mapping[tuple[str, str], Domains]


def check_options(interval: str, level: float, deff: str, quantile_rule: str = "math", quantile_interval: str = "symmetric") -> None:
    """Raises: UsageError with every option that is unknown."""
    asked = (
        ("interval", interval, INTERVALS), ("deff", deff, DEFFS), ("quantile_rule", quantile_rule, RULES),
        ("quantile_interval", quantile_interval, QUANTILE_INTERVALS),
    )  # fmt: skip
    problems = [
        QUANTILE_RULE_NOT_OFFERED.at(available=known)
        if (option, given) == ("quantile_rule", "shahvaish")
        else say.ESTIMATION_OPTION.at(option=option, given=repr(given), available=known)
        for option, given, known in asked
        if given not in known
    ]
    if not 0.5 < level < 1:
        problems.append(say.ESTIMATION_LEVEL.at(given=level))
    if problems:
        raise UsageError(problems)


def check_names(sample: Sample, indicators: Sequence[Indicator], breakdowns: Breakdowns, asked: Iterable[str]) -> None:
    """Raises: UsageError with every dimension or indicator that is not there, or twice."""
    ids, dimensions = [i.id for i in indicators], [d.name for d in sample.dimensions]
    wanted = dict.fromkeys(name for domains in breakdowns.values() for name in domains.dimensions)
    problems = [
        say.DIMENSION_UNKNOWN.at(name=name, dataset=sample.dataset, available=dimensions, near=closest(name, dimensions))
        for name in wanted
        if name not in dimensions
    ]
    problems += [say.INDICATOR_UNKNOWN.at(name=name, available=ids, near=closest(name, ids)) for name in asked if name not in ids]
    problems += [] if indicators else [say.INDICATORS_NONE.at()]
    keys = [(i.id, i.version) for i in indicators]
    problems += [say.INDICATOR_TWICE.at(name=i, version=v) for i, v in dict.fromkeys(k for k in keys if keys.count(k) > 1)]
    if problems:
        raise UsageError(problems)


def check_sample(sample: Sample, schema: Mapping[str, Any], indicators: Sequence[Indicator], breakdowns: Breakdowns) -> None:
    """Raises: InputError with everything but the rows that stands in the way of these indicators; CannotSay for kinds not offered yet."""
    needed = [*keys_of(sample, dimensions_of(breakdowns)), *(name for name in (WEIGHT, FPC) if _states(sample, name))]
    problems = [problem for indicator in indicators for problem in _of_indicator(sample, indicator, schema)]
    problems += [say.COLUMN_OF_DESIGN_MISSING.at(dataset=sample.dataset, name=name) for name in needed if name not in schema]
    problems += _of_numbers(sample, schema, [name for name in (*weights_of(sample, indicators, schema), FPC) if name in schema])
    problems += replicate_problems(sample, schema, indicators)
    problems += _of_names(sample, breakdowns) + _of_dimensions(sample, breakdowns) + _of_size(sample, breakdowns)
    if problems:
        not_yet = all(problem.code in (say.KIND_NOT_YET.code, QUANTILE_OF_REPLICATES.code) for problem in problems)
        raise CannotSay(problems) if not_yet else InputError(problems)


def dimensions_of(breakdowns: Breakdowns) -> list[str]:
    """Every dimension asked for, once."""
    return list(dict.fromkeys(name for domains in breakdowns.values() for name in domains.dimensions))


def weights_of(sample: Sample, indicators: Iterable[Indicator], schema: Mapping[str, Any]) -> list[str]:
    """The columns people are weighed by: the design's, any indicator's own, and the replicate weights that were given."""
    given = given_names(schema) if sample.design.replicates is not None and sample.design.replicates.given else ()
    return list(dict.fromkeys((*((WEIGHT,) if _states(sample, WEIGHT) else ()), *own_weights(indicators), *given)))


def numbers_of_design(sample: Sample, indicators: Iterable[Indicator], schema: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The weights and the fpc of a probability sample, and apart from them replicate weights, which are many; another has none."""
    if sample.design.basis != "probability":
        return [], []
    replicates = set(given_names(schema))
    weights = weights_of(sample, indicators, schema)
    few = [*(name for name in weights if name not in replicates), *((FPC,) if _states(sample, FPC) else ())]
    return list(dict.fromkeys(few)), [name for name in weights if name in replicates]


def own_weights(indicators: Iterable[Indicator]) -> list[str]:
    return [i.weight for i in indicators if i.weight]


def _states(sample: Sample, name: str) -> bool:
    stated = {WEIGHT: sample.design.weight, FPC: sample.design.fpc}[name]
    return sample.design.basis == "probability" and bool(stated)


def _of_indicator(sample: Sample, indicator: Indicator, schema: Mapping[str, Any]) -> list[Problem]:
    if indicator.kind not in KINDS:
        return [say.KIND_NOT_YET.at(indicator=indicator.id, kind=indicator.kind, available=KINDS)]
    problems = [
        say.INDICATOR_COLUMN_MISSING.at(indicator=indicator.id, name=name, dataset=sample.dataset, near=closest(name, _variables(schema)))
        for name in (*indicator.columns, *own_weights([indicator]))
        if name not in schema and not rules.choices_in(schema, name)
    ]
    if not problems:
        parts = [rule for rule in (indicator.population, indicator.denominator, indicator.numerator) if rule]
        problems += [problem for rule in parts for problem in rules.columns_missing(rule, schema)]
        problems += _of_values(indicator, schema)
    if any(rule and rule.value for rule in (indicator.population, None if indicator.kind == "ratio" else indicator.denominator)):
        problems.append(say.SCOPE_HAS_VALUE.at(indicator=indicator.id))
    return problems + _of_kind(sample, indicator)


def _of_values(indicator: Indicator, schema: Mapping[str, Any]) -> list[Problem]:
    """Text where numbers are added up. A column nobody answered may have any type."""
    adds = indicator.kind in ("mean", "score", "total", "ratio", "quantile")
    values = [str(rule.value) for rule in (indicator.numerator, indicator.denominator) if rule and rule.value] if adds else []
    compared = [
        str(rule.column) for part in (indicator.population, indicator.denominator, indicator.numerator) if part for rule in _compares(part)
    ]
    wrong = [name for name in dict.fromkeys([*values, *compared]) if not _is_number(schema.get(name))]
    problems = [say.NUMBER_NEEDED.at(indicator=indicator.id, name=name) for name in wrong]
    asked = [rule for part in (indicator.population, indicator.denominator, indicator.numerator) if part for rule in _names_values(part)]
    never = [rule for rule in asked if not rules.can_hold(schema.get(str(rule.column)), rule.is_ or ())]
    return problems + [say.VALUE_NEVER_HELD.at(indicator=indicator.id, name=rule.column, values=rule.is_) for rule in never]


def _names_values(rule: Rule) -> list[Rule]:
    """The conditions that name values, wherever they stand."""
    parts = [*(rule.all_of or ()), *(rule.any_of or ()), *(rule.count_of or ()), *((rule.not_,) if rule.not_ else ())]
    return ([rule] if rule.is_ is not None else []) + [found for part in parts for found in _names_values(part)]


def _compares(rule: Rule) -> list[Rule]:
    """The conditions that compare numbers, wherever they stand."""
    parts = [*(rule.all_of or ()), *(rule.any_of or ()), *(rule.count_of or ()), *((rule.not_,) if rule.not_ else ())]
    here = [rule] if rule.column and any(bound is not None for bound in (rule.between, rule.at_least, rule.at_most)) else []
    return here + [found for part in parts for found in _compares(part)]


def _is_number(kind: Any) -> bool:
    return kind is not None and (kind.is_numeric() or kind == nw.Boolean or kind in (nw.Unknown, getattr(nw, "Null", nw.Unknown)))


def _of_kind(sample: Sample, indicator: Indicator) -> list[Problem]:
    design, problems = sample.design, []
    chance = design.basis == "probability"
    number = indicator.numerator.value is not None and indicator.kind in ("mean", "score", "total", "ratio", "distinct_count", "quantile")
    as_no = [s for s in SILENCES if getattr(indicator.silences, s) == "as_no"]
    if number and as_no:
        problems.append(say.SILENCE_AS_NO_NEEDS_CONDITION.at(indicator=indicator.id, kind=indicator.kind, silences=as_no))
    if indicator.kind == "total" and chance and design.weights != "expansion":
        problems.append(say.TOTAL_NEEDS_EXPANSION.at(indicator=indicator.id, dataset=sample.dataset, weights=design.weights))
    if indicator.kind == "distinct_count" and chance:
        problems.append(say.DISTINCT_ONLY_COUNTED.at(indicator=indicator.id))
    if indicator.weight and not chance:
        problems.append(say.WEIGHT_WITHOUT_SAMPLE.at(indicator=indicator.id, dataset=sample.dataset, basis=design.basis))
    return problems


def _variables(schema: Mapping[str, Any]) -> list[str]:
    return [name for name in schema if not name.endswith("__silence") and name not in (ROUND, STRATUM, PSU, WEIGHT, FPC)]


def _of_numbers(sample: Sample, schema: Mapping[str, Any], names: Iterable[str]) -> list[Problem]:
    return [say.WEIGHT_NOT_NUMBER.at(dataset=sample.dataset, name=name) for name in names if not _is_number(schema[name])]


def check_rows(sample: Sample, frame: Any, indicators: Sequence[Indicator], breakdowns: Breakdowns) -> None:
    """Every fault of the rows, at the cost of a look at all of them: blanks in the design, categories, weights.

    Raises: InputError with all of them.
    """
    dimensions = dimensions_of(breakdowns)
    weights = weights_of(sample, indicators, frame.collect_schema()) if sample.design.basis == "probability" else []
    keys = [*keys_of(sample, dimensions), *((FPC,) if _states(sample, FPC) else ())]
    looks = [rules.as_number(_is_blank(name, is_text=name in dimensions)).sum().alias(f"blank {name}") for name in keys]
    reserved = {name: ~nw.col(name).is_null() & (nw.col(name).cast(nw.String) == ALL) for name in dimensions}
    looks += [rules.as_number(condition).sum().alias(f"all {name}") for name, condition in reserved.items()]
    looks += [rules.as_number(condition).sum().alias(f"{what} {name}") for name in weights for what, condition in _faults(name).items()]
    looks += [nw.col(name).sum().alias(f"sum {name}") for name in weights] + [nw.len().alias("rows")]
    facts = dict(collected(frame.select(*looks)).rows(named=True)[0])
    facts |= {f"levels {name}": found for name, found in levels_of(frame, dimensions).items()}
    problems = []
    for name in keys:
        if facts[f"blank {name}"]:
            blank: Template = say.DIMENSION_BLANK if name in dimensions else say.DESIGN_BLANK
            problems.append(blank.at(dataset=sample.dataset, name=name, rows=int(facts[f"blank {name}"])))
    for name in dimensions:
        if facts[f"levels {name}"] > MOST_LEVELS:
            problems.append(say.DIMENSION_TOO_FINE.at(name=name, levels=facts[f"levels {name}"], most=MOST_LEVELS))
        if facts[f"all {name}"]:
            problems.append(say.DIMENSION_RESERVED_LEVEL.at(name=name))
    for name in weights:
        faults = [what for what in _faults(name) if facts[f"{what} {name}"]]
        problems += [_of_weight(sample, frame, name, what, int(facts[f"{what} {name}"])) for what in faults]
        if not faults and facts["rows"] and not facts[f"sum {name}"]:
            problems.append(say.WEIGHT_ZERO_SUM.at(dataset=sample.dataset, name=name))
    if problems:
        raise InputError(problems)


def _is_blank(name: str, *, is_text: bool) -> nw.Expr:
    """An empty text is a blank, as it is in a CSV file."""
    blank = nw.col(name).is_null()
    return blank | (~blank & (nw.col(name).cast(nw.String) == "")) if is_text else blank


def check_cube(sample: Sample, cube: Cube) -> None:
    """What only counting shows: a dimension with one category, a number without end.

    Raises: InputError with all of them.
    """
    problems = [say.DIMENSION_CONSTANT.at(name=name, dataset=sample.dataset) for name, levels in cube.levels.items() if len(levels) == 1]
    endless = (q.indicator for q in cube.quantities if not all(np.isfinite(cube.sums[name]).all() for name in (q.wy, q.wx, q.wyy)))
    problems += [say.NUMBER_ENDLESS.at(indicator=indicator, dataset=sample.dataset) for indicator in dict.fromkeys(endless)]
    if problems:
        raise InputError(problems)


def _faults(name: str) -> dict[str, nw.Expr]:
    weight = nw.col(name)
    return {"missing": weight.is_null(), "negative": weight < 0, "infinite": weight == float("inf")}


def _of_weight(sample: Sample, frame: Any, name: str, what: str, rows: int) -> Problem:
    """The strata are named, no row of a person is."""
    strata: list[str] = []
    if sample.design.stratum:
        found = collected(frame.filter(_faults(name)[what]).select(nw.col(STRATUM).cast(nw.String)).unique())
        strata = sorted(str(s) for s in found.get_column(STRATUM).to_list())
    return say.WEIGHT_UNUSABLE.at(dataset=sample.dataset, name=name, what_is_wrong=what, rows=rows, strata=strata)


def _of_names(sample: Sample, breakdowns: Breakdowns) -> list[Problem]:
    """A dimension named as a column of results, of the design, or of the pass (these begin with `_`)."""
    taken = {*KEYS_BEFORE, *KEYS_AFTER, *VALUES, *keys_of(sample, ()), *(name for name in (WEIGHT, FPC) if _states(sample, name))}
    named = [name for name in dimensions_of(breakdowns) if name in taken or name.startswith("_")]
    return [say.DIMENSION_NAME_TAKEN.at(name=name, dataset=sample.dataset) for name in named]


def _of_dimensions(sample: Sample, breakdowns: Breakdowns) -> list[Problem]:
    """A dimension that cannot set people apart, or sets each of them apart."""
    known = {d.name: len(d.categories) for d in sample.dimensions if d.name in dimensions_of(breakdowns)}
    problems = [say.DIMENSION_TOO_FINE.at(name=name, levels=n, most=MOST_LEVELS) for name, n in known.items() if n > MOST_LEVELS]
    problems += [say.DIMENSION_CONSTANT.at(name=name, dataset=sample.dataset) for name, n in known.items() if n == 1]
    return problems + [say.DIMENSION_RESERVED_LEVEL.at(name=d.name) for d in sample.dimensions if d.name in known and ALL in d.categories]


def _of_size(sample: Sample, breakdowns: Breakdowns) -> list[Problem]:
    rows = 0
    for domains in breakdowns.values():
        for margin in domains.margins:
            cells = 1
            for dimension in (sample.dimension(name) for name in margin):
                cells *= max(1, len(dimension.categories)) if dimension else 1
            rows += cells
    return [say.DOMAINS_TOO_MANY.at(rows=rows, most=MOST_ROWS)] if rows > MOST_ROWS else []


def composes(sample: Sample, indicator: Indicator, margin: Sequence[str]) -> bool:
    """True where a composition would be broken down by the very dimension it shows."""
    return is_composed_dimension(sample, indicator) and str(indicator.numerator.value) in margin
