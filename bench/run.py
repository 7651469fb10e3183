"""Speed, as ratios of what was timed side by side in one run. Writes bench/results.json with its date.

`measure.over_floor`: all singles, pairs and triples of six dimensions for three indicators, over one bare group-by of the same sums
by the faster of Polars and DuckDB on the same rows in memory. `import.seconds_over_pandas`: `import mel` beyond importing pandas.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import duckdb
import polars as pl
from survey import DIMENSIONS, INDICATORS, survey

import mel
from mel.codes import NOT_KNOWN, silence_of

RESULTS = Path(__file__).parent / "results.json"
SIZES = (10_000, 100_000, 1_000_000)


def median_of(run: Callable[[], object], times: int = 5) -> float:
    """Median seconds of `times` runs after one that warms up."""
    run()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def sample_of(people: int) -> mel.Sample:
    frame = survey(people)
    for name in INDICATORS:
        frame[silence_of(name)] = frame[name].isna().map({True: NOT_KNOWN, False: None})
    design = mel.Design(basis="probability", weights="expansion", stratum="stratum", psu="psu", weight="weight", fpc="fpc")
    dimensions = tuple(mel.Dimension(name, name, {f"{name}_{i}": f"{name} {i}" for i in range(n)}) for name, n in DIMENSIONS.items())
    return mel.Sample("bench", frame, design, dimensions, rounds=("midline",))


def indicators() -> list[mel.Indicator]:
    common = {"source": "invented", "status": "confirmed"}
    yes = [
        mel.Indicator.model_validate({"id": n, "label": n, "kind": "proportion", "numerator": {"column": n, "is": [1]}, **common})
        for n in ("y1", "y2")
    ]
    return [*yes, mel.Indicator.model_validate({"id": "y3", "label": "y3", "kind": "mean", "numerator": {"value": "y3"}, **common})]


def floor_polars(frame: pl.DataFrame) -> pl.DataFrame:
    w = pl.col("weight")
    sums = {"n": pl.len(), "w": w.sum(), "w2": (w * w).sum()}
    for name in INDICATORS:
        y, told = pl.col(name), pl.col(name).is_not_null()
        sums |= {
            f"n_{name}": told.sum(),
            f"yes_{name}": (y == 1).sum(),
            f"x_{name}": w.filter(told).sum(),
            f"xx_{name}": (w * w).filter(told).sum(),
        }
        sums |= {f"wy_{name}": (w * y).sum(), f"wyy_{name}": (w * y * y).sum(), f"y_{name}": y.sum(), f"yy_{name}": (y * y).sum()}
    return frame.group_by(["stratum", "psu", *DIMENSIONS]).agg(**sums)


def floor_duckdb(frame: pl.DataFrame) -> object:  # noqa: ARG001  (DuckDB finds the frame by its name)
    sums = ["count(*) n", "sum(weight) w", "sum(weight * weight) w2"]
    for y in INDICATORS:
        sums += [f"count({y}) n_{y}", f"count(*) filter ({y} = 1) yes_{y}", f"sum(weight) filter ({y} is not null) x_{y}"]
        sums += [f"sum(weight * weight) filter ({y} is not null) xx_{y}", f"sum(weight * {y}) wy_{y}", f"sum(weight * {y} * {y}) wyy_{y}"]
        sums += [f"sum({y}) y_{y}", f"sum({y} * {y}) yy_{y}"]
    return duckdb.sql(f"select stratum, psu, {', '.join(DIMENSIONS)}, {', '.join(sums)} from frame group by all").to_arrow_table()


def import_beyond_pandas(times: int = 9) -> float:
    """Seconds that `import mel` takes in a process that has pandas already: the median of fresh processes."""
    code = "import pandas, time; s = time.perf_counter(); import mel; mel.each; print(time.perf_counter() - s)"
    took = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(times)]
    return statistics.median(took)


def main() -> None:
    by = mel.crossings(list(DIMENSIONS), up_to=3)
    rows, results = [], {}
    for people in SIZES:
        sample, asked = sample_of(people), indicators()
        frame = pl.from_pandas(sample.frame)
        mine = median_of(lambda sample=sample, asked=asked: mel.measure(sample, asked, by=by), times=3)
        floor = min(median_of(lambda frame=frame: floor_polars(frame)), median_of(lambda frame=frame: floor_duckdb(frame)))
        rows.append((f"{people:,}", f"{mine:.3f}", f"{floor:.3f}", f"{mine / floor:.1f}"))
        results[f"measure.over_floor.{people}"] = round(mine / floor, 2)
    results["import.seconds_over_pandas"] = round(import_beyond_pandas(), 3)
    for row in (("rows", "mel s", "floor s", "ratio"), *rows):
        print("".join(cell.rjust(14) for cell in row))
    print(f"import mel beyond pandas: {results['import.seconds_over_pandas']} s")
    record = {"date": date.today().isoformat(), "python": platform.python_version(), "cores": os.cpu_count(), **results}  # noqa: DTZ011
    RESULTS.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
