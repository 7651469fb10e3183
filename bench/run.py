"""Speed, as ratios of what was timed side by side in one run: a process each, medians. Writes bench/results.json and results.svg.

The work is that of the benchmark survey: means and standard errors of three indicators for every single dimension, pair and triple
of six, from the Parquet file to the finished table. The opponents' scripts lie in ../shared/bench; without them only mel is timed.

* `measure.over_floor`: over one bare group-by of the cube's sums by the faster of Polars and DuckDB, 1,000,000 people;
* `measure.r_survey_over_mel`, `measure.svy_over_mel`: R's survey and svy over mel, on the same file, and their numbers are mel's;
* `measure.slope`: log seconds against log rows, 10^5 to 10^7; `import.seconds_over_pandas`: `import mel` beyond importing pandas;
* `maihda.*`: see maihda.py.

Usage: run.py [--quick]; --quick leaves out R, svy and ten million people.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import agree
import numpy as np
import peers
import picture
import survey
from maihda import maihda_ratios

HERE = Path(__file__).parent
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
MILLION = 1_000_000


def mel_seconds(file: Path, *options: object) -> dict[str, Any]:
    """Seconds, rows of the table and peak memory of mel in a process of its own."""
    found: dict[str, Any] = json.loads(peers.said(sys.executable, HERE / "mel_run.py", file, *options))
    return found


def import_beyond_pandas(times: int = 9) -> float:
    """Seconds that `import mel` takes in a process that has pandas already: the median of fresh processes."""
    code = "import pandas, time; s = time.perf_counter(); import mel; mel.each; print(time.perf_counter() - s)"
    took = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(times)]
    return statistics.median(took)


def by_size(files: dict[int, Path]) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Mel and the floor on each size of survey."""
    lines, ratios, seconds = [], {}, {}
    for people, file in files.items():
        mine = mel_seconds(file)
        seconds[people] = mine["seconds"]
        lines.append({"what": "mel", "people": people, "seconds": mine["seconds"]})
        if peers.there():
            floors = peers.floor(file)
            lines += [{"what": one.who, "people": people, "seconds": one.seconds} for one in floors]
            ratios[f"measure.over_floor.{people}"] = round(mine["seconds"] / min(one.seconds for one in floors), 2)
    large = [people for people in seconds if people >= 100_000]
    if len(large) > 1:
        ratios["measure.slope"] = round(float(np.polyfit(np.log(large), np.log([seconds[n] for n in large]), 1)[0]), 2)
    return lines, ratios


def beside_it(file: Path) -> list[dict[str, Any]]:
    """The same million people asked for more: all 63 subsets of the dimensions, and regions drawn across the design."""
    more = {"mel, all 63 subsets": ("--up-to", 6), "mel, region_x": ("--region", "region_x")}
    return [{"what": name, "people": MILLION, "seconds": mel_seconds(file, *options)["seconds"]} for name, options in more.items()]


def against_peers(file: Path, folder: Path, mine: float) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """R's survey and svy on the million people; their numbers must be mel's, or no ratio is given."""
    table = folder / "table.parquet"
    mel_seconds(file, "--repeats", 1, "--out", table)
    lines, ratios = [], {}
    for key, run, read in (("svy", peers.svy, agree.with_svy), ("r_survey", peers.r_survey, agree.with_r)):
        out = folder / f"{key}.json"
        took = run(file, out)
        if took is not None:
            compared = read(table, out)
            print(f"{took.who}: {compared:,} pairs of estimate and standard error are mel's")
            lines.append({"what": took.who, "people": MILLION, "seconds": took.seconds})
            ratios[f"measure.{key}_over_mel"] = round(took.seconds / mine, 1)
    return lines, ratios


def main() -> None:
    """Run everything, print it as a table, and write it down."""
    quick = "--quick" in sys.argv
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw = peers.draw if peers.there() else lambda n, where: survey.write(n, where / f"s{n}.parquet")
        files = {people: draw(people, folder) for people in SIZES if not (quick and people > MILLION)}
        lines, ratios = by_size(files)
        lines += beside_it(files[MILLION])
        if peers.there():
            ratios["measure.over_floor"] = ratios[f"measure.over_floor.{MILLION}"]
            if not quick:
                mine = next(line["seconds"] for line in lines if line["what"] == "mel" and line["people"] == MILLION)
                more, others = against_peers(files[MILLION], folder, mine)
                lines, ratios = lines + more, ratios | others
        else:
            print("The opponents' scripts are not in ../shared/bench: no ratios but mel's own.")
    ratios["import.seconds_over_pandas"] = round(import_beyond_pandas(), 3)
    ratios |= maihda_ratios(rows=not quick) or {}
    for line in lines:
        print(f"{line['what']:<28}{line['people']:>12,}{line['seconds']:>12.3f} s")
    for key, value in ratios.items():
        print(f"{key:<40}{value:>12}")
    if quick:
        return
    made = {"date": date.today().isoformat(), "python": platform.python_version(), "cores": os.cpu_count()}  # noqa: DTZ011
    (HERE / "results.json").write_text(json.dumps({**made, **ratios, "seconds": lines}, indent=2) + "\n", encoding="utf-8")
    picture.draw(lines, HERE / "results.svg")


if __name__ == "__main__":
    main()
