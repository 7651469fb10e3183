"""How long from the Parquet file to the finished table? One process, after imports: the median of five runs after one that warms up.

Usage: mel_run.py FILE.parquet [--up-to 3] [--region region] [--repeats 5] [--out TABLE.parquet]; prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time

from survey import ANSWERS, DIMENSIONS, LEVELS

import mel


def sample_of(path: str, region: str = "region") -> mel.Sample:
    """The file as it lies, and how it was drawn."""
    design = mel.Design(basis="probability", weights="expansion", stratum="stratum", psu="psu", weight="w", fpc="fpc")
    names = [region if name == "region" else name for name in DIMENSIONS]
    dimensions = tuple(mel.Dimension(name, name, {level: level for level in LEVELS[name]}) for name in names)
    return mel.Sample("bench", path, design, dimensions, rounds=("one",))


def indicators() -> list[mel.Indicator]:
    """Two shares and a mean."""
    said = {"source": "invented", "status": "confirmed"}
    rules = {
        "y1": ("proportion", {"column": "y1", "is": [1]}),
        "y2": ("proportion", {"column": "y2", "is": [1]}),
        "y3": ("mean", {"value": "y3"}),
    }
    return [
        mel.Indicator.model_validate({"id": name, "label": name, "kind": rules[name][0], "numerator": rules[name][1], **said})
        for name in ANSWERS
    ]


def main() -> None:
    """Time it, and say what was made."""
    asked = argparse.ArgumentParser()
    asked.add_argument("file")
    asked.add_argument("--up-to", type=int, default=3)
    asked.add_argument("--region", default="region")
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--out")
    given = asked.parse_args()
    sample, wanted = sample_of(given.file, given.region), indicators()
    by = mel.crossings([d.name for d in sample.dimensions], up_to=given.up_to)
    taken = []
    for _ in range(given.repeats + 1 if given.repeats > 1 else 1):
        start = time.perf_counter()
        table = mel.measure(sample, wanted, by=by).table
        taken.append(time.perf_counter() - start)
    if given.out:
        table.to_parquet(given.out)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(json.dumps({"seconds": statistics.median(taken[1:] or taken), "rows": len(table), "peak_gb": round(peak, 2)}))


if __name__ == "__main__":
    main()
