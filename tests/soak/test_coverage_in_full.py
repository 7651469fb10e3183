"""The coverage of the intervals over 2,000 samples, ten times what `make test` draws. `make soak` runs it and records the figures."""

from __future__ import annotations

import importlib
import sys
import tomllib
from pathlib import Path

import pandas as pd

from mel.model.pack import Pack
from tests.properties.coverage.test_intervals_cover_the_truth import ASKED, coverage_of, estimates_of
from tests.soak.record import commit, done, record

BATCHES, EACH = 10, 200
CLAIM = "coverage of 95 % intervals, every-step, midline"


def test_intervals_cover_over_two_thousand_samples(root: Path) -> None:
    """With 2,000 samples the share that covers has a standard error of half a point: 92.5 to 96.5 % everywhere."""
    sys.path.insert(0, str(root / "data"))
    people = importlib.import_module("generation.people")
    pack = Pack.model_validate(tomllib.loads((root / "data/alliances/every-step/own.toml").read_text(encoding="utf-8")))
    indicators, everyone = tuple(i for i in pack.indicators if i.id in ASKED), people.population()
    held = done().get(CLAIM, {})
    sums: dict[str, list[float]] = held.get("covered", {}) if held.get("commit") == commit() else {}
    first = int(held.get("batches", 0)) if sums else 0
    for batch in range(first, BATCHES):
        rate = coverage_of(estimates_of(people, everyone, indicators, range(10_000 + batch * EACH, 10_000 + (batch + 1) * EACH)))
        for key, row in rate.iterrows():
            before = sums.get(" | ".join(map(str, key)), [0.0, 0])
            sums[" | ".join(map(str, key))] = [before[0] + float(row["mean"] * row["size"]), before[1] + int(row["size"])]
        record(CLAIM, batches=batch + 1, seeds=[10_000, 10_000 + (batch + 1) * EACH], covered=sums)
    rates = pd.Series({key: hits / size for key, (hits, size) in sums.items()})
    record(
        CLAIM,
        batches=BATCHES,
        seeds=[10_000, 10_000 + BATCHES * EACH],
        covered=sums,
        lowest=rates.min(),
        highest=rates.max(),
        mean=rates.mean(),
    )
    assert len(rates) == 50
    assert rates.between(0.925, 0.965).all()
