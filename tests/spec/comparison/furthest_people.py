"""Small invented samples for the manual of who is furthest behind: counts of people in each group, and how many said yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import cross
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}
VILLAGES = {"basis": "probability", "weights": "none", "stratum": "stratum", "psu": "psu", "rounds": "independent"}
WEIGHTED = CHANCE | {"weights": "expansion", "weight": "weight"}


def heard(polarity: str = "higher_is_better", kind: str = "proportion") -> Indicator:
    numerator: dict[str, Any] = {"value": "hours"} if kind != "proportion" else {"column": "heard", "is": ["yes"]}
    return Indicator(id="heard", label="heard", kind=kind, numerator=numerator, source="invented", status="confirmed", polarity=polarity)  # type: ignore[arg-type]


def people(groups: Mapping[tuple[str, ...], tuple[int, int]], names: Sequence[str]) -> pd.DataFrame:
    """A row a person: so many of each group, of whom so many said yes. Villages by turns, so that each group lives in all."""
    rows = []
    for group, (count, yes) in groups.items():
        rows += [(*group, "yes" if k < yes else "no") for k in range(count)]
    frame = pd.DataFrame(rows, columns=[*names, "heard"])
    turn = (pd.Series(range(len(frame))) * 7) % 24
    return frame.assign(
        round="once", psu=[f"v{k}" for k in turn], stratum=[f"s{k % 3}" for k in turn], weight=1.0 + (turn % 4), hours=turn.astype(float)
    )


def estimated(
    frame: pd.DataFrame, names: Sequence[str], design: Mapping[str, Any] = VILLAGES, indicator: Indicator | None = None,
    ordered: Mapping[str, Sequence[str]] = {},
) -> Estimates:  # fmt: skip
    """`ordered`: a dimension and its categories in order; others as they occur."""
    listed = {name: ordered.get(name, list(dict.fromkeys(frame[name]))) for name in names}
    dimensions = tuple(Dimension(n, n.title(), {c: c for c in listed[n]}, ordered=n in ordered) for n in names)
    rounds = tuple(dict.fromkeys(frame["round"]))
    return measure(Sample("village", frame, Design(**design), dimensions, rounds=rounds), [indicator or heard()], by=cross(*names))


NAMES = ["residence", "gender", "disability"]
FOUR = {
    ("rural", "woman", "with"): (60, 6), ("rural", "woman", "without"): (100, 50), ("rural", "man", "with"): (60, 36),
    ("rural", "man", "without"): (100, 60), ("town", "woman", "with"): (50, 35), ("town", "woman", "without"): (90, 63),
    ("town", "man", "with"): (50, 40), ("town", "man", "without"): (90, 72),
}  # fmt: skip
"""Of rural women with a disability one in ten was heard; of nobody else fewer than half."""
