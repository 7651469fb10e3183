"""Speed of the models of intersections against R's lme4, timed side by side: on the same 3,000 cells, and on the people behind them.

`maihda.glmer_cells_over_mel`: glmer's null and main effects on the aggregated cells, over `intersections` from the cube to its tables
(both models). `maihda.glmer_rows_over_mel`: glmer's null alone on a row for each of the million people, over the same. Counting the
people is not in it: `measure` does that once for every figure, and its own ratio is `measure.over_floor`.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import mel
from mel.codes import silence_of
from mel.comparison import intersections

PEOPLE = 1_000_000
LEVELS = {"d1": 5, "d2": 5, "d3": 5, "d4": 6, "d5": 4}
SCRIPT = Path(__file__).parent / "maihda.R"


def cells(people: int = PEOPLE, seed: int = 11) -> pd.DataFrame:
    """3,000 invented cells of very different sizes: people asked and people who said yes."""
    rng = np.random.default_rng(seed)
    table = pd.MultiIndex.from_product([[f"{d}_{k}" for k in range(size)] for d, size in LEVELS.items()], names=list(LEVELS)).to_frame(
        index=False
    )
    share = rng.gamma(1.0, 1.0, len(table))
    n = 1 + rng.multinomial(people - len(table), share / share.sum())
    parts = sum(rng.normal(0, 0.3, size)[table[d].str[-1].astype(int)] for d, size in LEVELS.items())
    logit = -0.8 + parts + rng.normal(0, 0.3, len(table))
    return table.assign(n=n, yes=rng.binomial(n, 1 / (1 + np.exp(-logit))))


def estimates_of(table: pd.DataFrame) -> mel.Estimates:
    """The people behind the cells, counted."""
    frame = table.loc[table.index.repeat(table["n"]), list(LEVELS)].reset_index(drop=True)
    place = np.arange(len(frame)) - np.repeat(np.cumsum(table["n"]) - table["n"], table["n"]).to_numpy()
    frame["said"] = (place < np.repeat(table["yes"], table["n"]).to_numpy()).astype(float)
    frame[silence_of("said")] = pd.Series(pd.NA, index=frame.index, dtype="str")
    frame["round"] = "midline"
    dimensions = tuple(mel.Dimension(d, d, {f"{d}_{k}": f"{d} {k}" for k in range(size)}) for d, size in LEVELS.items())
    design = mel.Design(basis="probability", weights="none", stratum=False, psu=False)
    said = {
        "id": "said",
        "label": "said",
        "kind": "proportion",
        "numerator": {"column": "said", "is": [1]},
        "source": "invented",
        "status": "confirmed",
    }
    sample = mel.Sample("bench", frame, design, dimensions, rounds=("midline",))
    return mel.measure(sample, [mel.Indicator.model_validate(said)], by=mel.cross(*LEVELS))


def mel_seconds(estimates: mel.Estimates, times: int = 7) -> tuple[float, list[float]]:
    """Median seconds of `intersections`, both models and all tables, after one run that warms up; and the variances found."""
    found = intersections(estimates, "said", list(LEVELS))
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        intersections(estimates, "said", list(LEVELS))
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), found.summary["between"].tolist()


def glmer_seconds(table: pd.DataFrame, *, rows: bool) -> dict[str, object] | None:
    """What maihda.R prints; None where there is no R or no lme4."""
    if shutil.which("Rscript") is None:
        return None
    if subprocess.run(["Rscript", "-e", "library(lme4); library(jsonlite)"], capture_output=True, check=False).returncode:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        table.to_csv(path, index=False)
        asked = ["Rscript", str(SCRIPT), str(path), *(["rows"] if rows else [])]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found: dict[str, object] = json.loads(said)
    return found


def maihda_ratios(*, rows: bool = True) -> dict[str, float] | None:
    """Both ratios, or None where there is no R or no lme4; `rows=False` leaves out the million rows, which take R a minute.

    Raises: RuntimeError where the two do not find the same variances: a ratio of two different answers says nothing.
    """
    table = cells()
    r = glmer_seconds(table, rows=rows)
    if r is None:
        return None
    seconds, between = mel_seconds(estimates_of(table))
    if not np.allclose(between, np.asarray(r["between"], dtype=float), rtol=1e-3):
        raise RuntimeError(f"glmer found variances {r['between']}, mel {between}")
    print(f"{r['R']}, lme4 {r['lme4']}: null {r['null']:.2f} s, main {r['main']:.2f} s on {len(table):,} cells; mel both {seconds:.3f} s")
    found = {"maihda.glmer_cells_over_mel": round((float(r["null"]) + float(r["main"])) / seconds, 1)}  # type: ignore[arg-type]
    if rows:
        print(f"null on {PEOPLE:,} rows: {r['rows']:.1f} s")
        found["maihda.glmer_rows_over_mel"] = round(float(r["rows"]) / seconds, 1)  # type: ignore[arg-type]
    return found


if __name__ == "__main__":
    print(maihda_ratios(rows="rows" in sys.argv))
