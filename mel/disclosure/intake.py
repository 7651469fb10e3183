"""Is what came in exactly what protection knows how to protect?

Fails closed: a column, type, state, dataset or indicator it does not know stops the run, with every problem found. Nothing is
decided here about a single row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from mel.codes import ALL, AUDIENCES, BASES
from mel.disclosure.marks import quantiles, tails
from mel.errors import Problem, ProtectionRefused, UsageError
from mel.errors import disclosure as say
from mel.errors.quantiles import QUANTILE_WITHOUT_TAILS
from mel.model import comparisons as compared
from mel.model import estimates as estimated
from mel.model.comparisons import Comparisons
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.policy import Policy
from mel.model.release import Context

ESTIMATE_NUMBERS = (
    "estimate", "se", "ci_low", "ci_high", "cv", "deff", "df", "n", "n_yes", "n_missing", *estimated.SILENCE_COUNTS, "weighted_total",
)  # fmt: skip
COMPARISON_NUMBERS = compared.NUMBERS
COUNTS = ("people", "organisations", "things")
COUNTED = ("proportion", "distribution", "composition")
"""Kinds whose rows carry `n_yes`."""


def checked(estimates: Estimates, comparisons: Comparisons, context: Context) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables as plain frames with known columns and types; raises ProtectionRefused with all that is wrong."""
    dims = tuple(dict.fromkeys((*estimates.dimension_names, *comparisons.dimension_names)))
    keys = (*estimated.KEYS_BEFORE, *dims, *estimated.KEYS_AFTER)
    table = _with_dimensions(estimates.table, estimates.dimension_names, dims)
    differences = _with_dimensions(comparisons.table, comparisons.dimension_names, dims)
    problems = [
        *_columns(table, (*keys, *estimated.VALUES), "estimates"),
        *(_columns(differences, (*keys, *compared.VALUES), "comparisons") if len(differences.columns) else ()),
    ]
    _refuse(problems)
    if not len(differences.columns):
        differences = pd.DataFrame({column: pd.Series(dtype="object") for column in (*keys, *compared.VALUES)})
    table, first = _typed(table[[*keys, *estimated.VALUES]], ESTIMATE_NUMBERS, keys, "estimates")
    differences, second = _typed(differences[[*keys, *compared.VALUES]], COMPARISON_NUMBERS, keys, "comparisons")
    _refuse([*first, *second])
    _refuse([*_states(table, "estimates"), *_states(differences, "comparisons"), *_rows(table, keys, estimates, context)])
    _refuse(_inputs(differences))
    return table, differences


def checked_call(policy: object, audience: object) -> None:
    """The call itself: a policy that was validated, an audience that exists."""
    problems = []
    if not isinstance(policy, Policy):
        problems.append(say.NOT_A_POLICY.at(given=type(policy).__name__))
    if audience not in AUDIENCES:
        problems.append(say.AUDIENCE_UNKNOWN.at(given=str(audience), available=AUDIENCES))
    if problems:
        raise UsageError(problems)


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise ProtectionRefused(found)


def _with_dimensions(table: pd.DataFrame, own: Sequence[str], every: Sequence[str]) -> pd.DataFrame:
    """A dimension that only the other table has is `all` here."""
    if not len(table.columns):
        return table.copy()
    return table.assign(**{name: ALL for name in every if name not in own and name not in table}).reset_index(drop=True)


def _columns(table: pd.DataFrame, expected: Sequence[str], name: str) -> list[Problem]:
    missing, unknown = [c for c in expected if c not in table], [str(c) for c in table.columns if c not in expected]
    twice = table.columns.duplicated().any()
    if missing or unknown or twice:
        return [say.TABLE_COLUMNS.at(table=name, missing=missing, unknown=unknown or (["a column twice"] if twice else []))]
    return []


def _typed(table: pd.DataFrame, numbers: Sequence[str], keys: Sequence[str], name: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Numbers as float, text as text; a column of anything else is a problem."""
    problems: list[Problem] = []
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        given = table[column]
        if column == "inputs":
            columns[column] = given.astype(object)
        elif column in numbers:
            columns[column] = _number(given)
            if columns[column].dtype != "float64":
                problems.append(say.TABLE_TYPE.at(table=name, column=column, expected="numbers"))
        else:
            columns[column] = given.astype("str")
            textual = given.dropna().map(lambda value: isinstance(value, str)).all()
            if not textual or (column in keys and given.isna().any()):
                problems.append(say.TABLE_TYPE.at(table=name, column=column, expected="text in every row" if column in keys else "text"))
    return pd.DataFrame(columns, index=table.index), problems


def _number(given: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(given):
        return given
    if pd.api.types.is_numeric_dtype(given) or given.isna().all():
        return pd.to_numeric(given, errors="coerce").astype("float64")
    return given


def _states(table: pd.DataFrame, name: str) -> list[Problem]:
    problems = []
    decided = int((table["disclosure"] != "unchecked").sum())
    if decided:
        problems.append(say.ALREADY_CHECKED.at(rows=decided, table=name))
    for column, known in (("counts", COUNTS), ("basis", BASES)):
        if not table[column].isin(known).all():
            problems.append(say.TABLE_TYPE.at(table=name, column=column, expected=f"only {', '.join(known)}"))
    return problems


def _rows(table: pd.DataFrame, keys: Sequence[str], estimates: Estimates, context: Context) -> list[Problem]:
    problems = []
    known = {dataset.name for dataset in context.alliance.datasets}
    strangers = sorted(set(table["dataset"]) - known)
    if strangers:
        problems.append(say.DATASET_UNKNOWN.at(datasets=strangers))
    undefined = sorted({i for i, v in zip(table["indicator"], table["version"], strict=True) if (i, v) not in estimates.indicators})
    if undefined:
        problems.append(say.INDICATOR_UNKNOWN.at(indicators=undefined))
    twice = int(table.duplicated(list(keys)).sum())
    if twice:
        problems.append(say.ROW_TWICE.at(rows=twice))
    untold = int((quantiles(table, estimates) & np.isnan(tails(table, estimates)[0])).sum())
    if untold:
        problems.append(QUANTILE_WITHOUT_TAILS.at(rows=untold))
    broken = int(impossible(table, estimates).sum())
    if broken:
        problems.append(say.COUNT_IMPOSSIBLE.at(rows=broken))
    return problems


def impossible(table: pd.DataFrame, estimates: Estimates) -> pd.Series:
    """Rows whose counts nobody can judge: missing, negative, not whole, more yes than answers."""
    bad = table["n"].isna() | table["n_missing"].isna()
    for column in ("n", "n_yes", "n_missing", *estimated.SILENCE_COUNTS):
        given = table[column]
        bad |= given.notna() & ((given < 0) | (given % 1 != 0) | given.isin([float("inf")]))
    kinds = {key: indicator.kind for key, indicator in estimates.indicators.items()}
    kind = pd.Series([kinds.get(key, "") for key in zip(table["indicator"], table["version"], strict=True)], index=table.index, dtype="str")
    bad |= kind.isin(COUNTED) & table["n_yes"].isna() & (table["n"] > 0)
    return bad | (table["n_yes"] > table["n"])


def _inputs(differences: pd.DataFrame) -> list[Problem]:
    good = differences["inputs"].map(lambda given: isinstance(given, tuple) and all(isinstance(i, FigureId) for i in given))
    return [] if good.all() else [say.TABLE_TYPE.at(table="comparisons", column="inputs", expected="the figures each row was made from")]
