"""What the same tables cost others: the floor, R's survey and svy, each in a process of its own with the script kept beside the project.

The scripts (`floor.py`, `generate.py`, `r_survey.R`, `svy_run.py`) are those of ../shared/bench, unchanged.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BESIDE = Path(__file__).parents[2] / "shared" / "bench"


@dataclass(frozen=True, slots=True)
class Took:
    """Who, in which version, and how long in seconds."""

    who: str
    seconds: float


def there() -> bool:
    """The peers' scripts lie beside the project."""
    return (BESIDE / "floor.py").is_file()


def draw(people: int, folder: Path) -> Path:
    """The benchmark survey as `folder`/s<people>.parquet and .csv."""
    said(sys.executable, BESIDE / "generate.py", people, folder / f"s{people}")
    return folder / f"s{people}.parquet"


def floor(file: Path, repeats: int = 5) -> list[Took]:
    """A bare group-by of the cube's sums, by Polars and by DuckDB: the median of the repeats in one process."""
    found = re.findall(r"by_(\w+)\t([\d.]+) s", said(sys.executable, BESIDE / "floor.py", file, repeats))
    return [Took(f"floor, {engine}", float(seconds)) for engine, seconds in found]


def svy(file: Path, out: Path) -> Took:
    """The PyPI package svy: loading, design, singles, pairs and triples."""
    return _added(said(sys.executable, BESIDE / "svy_run.py", file, "abc", 0, out))


def r_survey(file: Path, out: Path) -> Took | None:
    """R's survey: the same; None where R or a package it needs is absent."""
    needs = "library(survey); library(data.table); library(jsonlite)"
    if shutil.which("Rscript") is None or subprocess.run(["Rscript", "-e", needs], capture_output=True, check=False).returncode:
        return None
    return _added(said("Rscript", BESIDE / "r_survey.R", file.with_suffix(".csv"), "abc", 0, "one", out))


def _added(text: str) -> Took:
    found = re.findall(r"RESULT\t(\S+)\t\S+\t([\d.]+)", text)
    return Took(found[0][0], sum(float(seconds) for _, seconds in found))


def said(*command: object) -> str:
    """What a command prints. Raises: RuntimeError with what it complained of."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} {command[1]}: {done.stderr[-2000:]}")
    return done.stdout
