"""The coverage of every measure of inequality over 2,000 samples of a clustered population, unequal and equal. `make soak` records it."""

from __future__ import annotations

import pytest

from mel.comparison.catalogue import CATALOGUE, PAIRS
from tests.properties.comparison.inequality_draws import coverage, intervals, population
from tests.soak.record import commit, done, record

BATCHES, EACH = 10, 200
MEASURES = tuple(name for name, one in CATALOGUE.items() if name not in PAIRS and "reference" not in one.needs)


@pytest.mark.parametrize(("slope", "named"), [(1.5, "unequal"), (0.0, "equal")])
def test_intervals_of_inequality_over_two_thousand_samples(slope: float, named: str) -> None:
    """With 2,000 samples the share that covers has a standard error of half a point. A distance of equal groups is covered more often."""
    claim = f"coverage of 95 % intervals of inequality, {named} groups in villages"
    held = done().get(claim, {})
    sums: dict[str, list[float]] = held.get("covered", {}) if held.get("commit") == commit() else {}
    first, people = int(held.get("batches", 0)) if sums else 0, population(slope)
    for batch in range(first, BATCHES):
        seeds = range(20_000 + batch * EACH, 20_000 + (batch + 1) * EACH)
        for name, row in coverage(intervals(people, MEASURES, seeds)).iterrows():
            before = sums.get(str(name), [0.0, 0])
            sums[str(name)] = [before[0] + float(row["mean"] * row["size"]), before[1] + int(row["size"])]
        record(claim, batches=batch + 1, seeds=[20_000, 20_000 + (batch + 1) * EACH], covered=sums)
    rates = {name: hits / size for name, (hits, size) in sums.items()}
    record(
        claim,
        batches=BATCHES,
        seeds=[20_000, 20_000 + BATCHES * EACH],
        covered=sums,
        lowest=min(rates.values()),
        highest=max(rates.values()),
    )
    assert len(rates) == len(MEASURES)
    assert all(0.92 <= rate <= (0.975 if slope else 1.0) for rate in rates.values()), rates
