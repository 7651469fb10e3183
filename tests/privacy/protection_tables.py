"""Small invented tables for the tests of protection: people drawn cell by cell, and the estimates `measure` would make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mel.codes import ALL
from mel.model.alliance import Alliance
from mel.model.comparisons import VALUES as COMPARED
from mel.model.comparisons import Comparisons
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE, SILENCE_COUNTS, VALUES, Estimates
from mel.model.indicator import Indicator, Rule
from mel.model.policy import Policy
from mel.model.release import Context, Narratives
from mel.model.sample import Dimension

POLICY = Policy()


def indicator(name: str = "heard", **fields: Any) -> Indicator:
    """An invented indicator; a proportion unless said otherwise."""
    rule = (
        {"column": name, "is": ["yes"]}
        if fields.get("kind", "proportion") in ("proportion", "total")
        else {"value": fields.pop("value", name)}
    )
    return Indicator(
        **{"id": name, "label": name, "kind": "proportion", "numerator": Rule(**rule), "source": "invented", "status": "confirmed"} | fields
    )


def alliance(datasets: Iterable[Mapping[str, Any]] = (), **parts: Any) -> Alliance:
    """An invented alliance with one survey called `survey`, and whatever a test adds."""
    survey = {
        "name": "survey", "kind": "answers", "owner": "amani", "share": "public",
        "design": {"basis": "census", "rounds": "independent"},
        "rounds": [{"name": "midline", "date": "2026-06-01", "files": ["data/midline.csv"]}],
    }  # fmt: skip
    registers = [
        {
            "name": kind,
            "kind": kind,
            "owner": "amani",
            "share": "public",
            "rounds": [{"name": "all", "date": "2026-06-01", "files": [f"{kind}.csv"]}],
        }
        for kind in ("outcomes", "readings", "stories")
    ]
    return Alliance.model_validate(
        {
            "alliance": {"id": "reka", "name": "Reka", "invented": True, "period": {"start": "2024-01-01", "end": "2028-12-31"}},
            "members": [{"id": "reka-hub", "name": "Reka Hub", "side": "south", "country": "KE"}],
            "datasets": [*(datasets or [survey]), *registers],
        }
        | parts
    )


def context(**fields: Any) -> Context:
    return Context(**{"alliance": alliance()} | fields)


def people(counts: Mapping[tuple[str, ...], tuple[int, int, int]], names: Sequence[str]) -> pd.DataFrame:
    """Finest cells as rows: how many said yes, said no, did not answer."""
    rows = [dict(zip(names, key, strict=True)) | {"yes": y, "no": n, "missing": m} for key, (y, n, m) in counts.items()]
    return pd.DataFrame(rows)


def rows_of(cells: pd.DataFrame, margins: Iterable[tuple[str, ...]], every: Sequence[str], **keys: str) -> list[dict[str, Any]]:
    """The estimates' rows of one proportion over these margins, and the whole; empty domains are not listed."""
    made = []
    for margin in dict.fromkeys([(), *margins]):
        groups = cells.groupby(list(margin)) if margin else [((), cells)]
        for key, part in groups:
            yes, no, missing = (int(part[c].sum()) for c in ("yes", "no", "missing"))
            if yes + no + missing == 0:
                continue
            codes = dict(zip(margin, key if isinstance(key, tuple) else (key,), strict=True))
            made.append(row(n=yes + no, n_yes=yes, n_missing=missing, **{d: codes.get(d, ALL) for d in every}, **keys))
    return made


def row(*, n: int, n_missing: int = 0, n_yes: int | None = None, **fields: Any) -> dict[str, Any]:
    """One row of estimates with everything that follows from its counts; half say yes unless said otherwise."""
    n_yes = n // 2 if n_yes is None else n_yes
    share = np.nan if n == 0 else n_yes / n
    return {
        "dataset": "survey", "indicator": "heard", "version": "1", "round": "midline", "category": ALL, "estimate": share, "se": np.nan,
        "ci_low": np.nan, "ci_high": np.nan, "cv": np.nan, "deff": np.nan, "df": np.nan, "n": n, "n_yes": n_yes,
        "n_missing": n_missing, **dict.fromkeys(SILENCE_COUNTS, 0), "n_not_known": n_missing, "weighted_total": float(n),
        "basis": "census", "counts": "people", "reliability": "ok", "disclosure": "unchecked", "note": None,
    } | fields  # fmt: skip


def estimates(rows: Sequence[Mapping[str, Any]], dims: Sequence[str | Dimension], indicators: Sequence[Indicator] = ()) -> Estimates:
    """Rows as `measure` hands them on."""
    given = [d if isinstance(d, Dimension) else None for d in dims]
    names = [d.name if isinstance(d, Dimension) else d for d in dims]
    table = pd.DataFrame([dict.fromkeys(names, ALL) | dict(r) for r in rows])[[*KEYS_BEFORE, *names, *KEYS_AFTER, *VALUES]]
    texts = [*KEYS_BEFORE, *names, *KEYS_AFTER, "basis", "counts", "reliability", "disclosure", "note"]
    table = table.astype({c: "str" if c in texts else "float64" for c in table.columns})
    met = {n: {c: c for c in sorted(set(table[n]) - {ALL})} for n in names}
    dimensions = tuple(d or Dimension(n, n, met[n]) for n, d in zip(names, given, strict=True))
    known = indicators or [indicator(i) for i in dict.fromkeys(table["indicator"])]
    return Estimates(table, dimensions, {(i.id, i.version): i for i in known})


def comparisons(given: Estimates, rows: Sequence[Mapping[str, Any]] = ()) -> Comparisons:
    """Rows as `compare` hands them on; keys default to the whole of `heard`."""
    base = {"dataset": "survey", "indicator": "heard", "version": "1", "round": "midline", "category": ALL}
    base |= dict.fromkeys(given.dimension_names, ALL) | dict.fromkeys(COMPARED) | {"inputs": (), "basis": "census", "counts": "people"}
    columns = [*KEYS_BEFORE, *given.dimension_names, *KEYS_AFTER, *COMPARED]
    table = pd.DataFrame([base | {"disclosure": "unchecked"} | dict(r) for r in rows], columns=columns)
    numbers = ("value_a", "value_b", "estimate", "se", "ci_low", "ci_high", "df", "target")
    return Comparisons(
        table.astype({c: "float64" if c in numbers else object if c == "inputs" else "str" for c in columns}), given.dimensions
    )


def nothing_said() -> Narratives:
    return Narratives()


def random_cube(seed: int) -> tuple[Estimates, pd.DataFrame, list[str], list[tuple[str, ...]]]:
    """A seeded cube of at most 500 cells: 2-4 dimensions, sparse or dense, some margins published, every table of ≤ 2 or 3 ways."""
    rng = np.random.default_rng(seed)
    names = ["gender", "age", "place", "ability"][: int(rng.integers(2, 5))]
    while True:
        sizes = rng.integers(2, 7, size=len(names))
        if sizes.prod() <= 500:
            break
    people_per_cell = rng.choice([0.4, 1.5, 4.0, 12.0, 30.0])
    counts = {}
    for key in np.ndindex(*sizes):
        level = people_per_cell * rng.gamma(0.7, 1.4)
        yes, no, missing = rng.poisson(level * 0.4), rng.poisson(level * 0.6), rng.poisson(level * rng.choice([0, 0.1]))
        counts[tuple(f"{name}{k}" for name, k in zip(names, key, strict=True))] = (int(yes), int(no), int(missing))
    cells = people(counts, names)
    ways = int(rng.integers(1, min(3, len(names)) + 1))
    possible = [m for size in range(1, ways + 1) for m in combinations(names, size)]
    chosen = [m for m in possible if len(m) == 1 or rng.random() < 0.8] if rng.random() < 0.8 else [m for m in possible if len(m) == ways]
    return estimates(rows_of(cells, chosen, names), names), cells, names, chosen
