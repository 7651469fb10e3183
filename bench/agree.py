"""Are the peers' numbers mel's? A ratio of two different answers says nothing.

Relative to 1e-9; a domain in one PSU has no standard error with mel and is left out, as its zero elsewhere says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from survey import ANSWERS, DIMENSIONS

CLOSE = 1e-9
Pair = tuple[str, tuple[str, ...], float, float]
"""Indicator, categories (`all` where not broken down), estimate, standard error."""


def with_r(table: Path, out: Path) -> int:
    """How many pairs of R's survey were compared. Raises: RuntimeError where one differs."""
    return _compared(table, _of_r(json.loads(out.read_text())))


def with_svy(table: Path, out: Path) -> int:
    """How many pairs of svy were compared. Raises: RuntimeError where one differs."""
    return _compared(table, _of_svy(json.loads(out.read_text())))


def _of_r(tables: dict[str, list[dict[str, Any]]]) -> Iterator[Pair]:
    for rows in tables.values():
        for row in rows:
            for name in ANSWERS:
                yield name, _domain(row), float(row[name]), float(row[f"se.{name}"])


def _of_svy(results: list[list[dict[str, Any]]]) -> Iterator[Pair]:
    for k, rows in enumerate(results):
        for row in rows:
            yield ANSWERS[k % len(ANSWERS)], _domain(row), float(row["est"]), float(row["se"])


def _domain(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(name, "all")) for name in DIMENSIONS)


def _compared(table: Path, theirs: Iterator[Pair]) -> int:
    mine = pd.read_parquet(table).set_index(["indicator", *DIMENSIONS])[["estimate", "se"]]
    found = {key: (estimate, se) for key, estimate, se in zip(mine.index, mine["estimate"], mine["se"], strict=True)}
    compared = 0
    for name, domain, estimate, se in theirs:
        ours = found[(name, *domain)]
        if np.isnan(ours[1]):
            continue
        if not np.allclose(ours, (estimate, se), rtol=CLOSE, atol=0):
            raise RuntimeError(f"{name} in {domain}: {ours} is not {(estimate, se)}")
        compared += 1
    return compared
