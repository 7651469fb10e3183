"""A register of a hundred million people, from Parquet to the finished table in bounded memory. Once, by hand: it takes minutes.

Usage: hundred_million.py FOLDER [people]; writes the file there unless it is there, prints seconds and peak memory of the counting.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import peers
import survey

PEOPLE = 100_000_000


def main() -> None:
    """Draw the people a million at a time, then count them in a process of its own."""
    people = int(sys.argv[2]) if len(sys.argv) > 2 else PEOPLE
    file = Path(sys.argv[1]) / f"people_{people}.parquet"
    if not file.is_file():
        survey.write(people, file)
    found = json.loads(peers.said(sys.executable, Path(__file__).parent / "mel_run.py", file, "--repeats", 1))
    print(
        f"{people:,} people: {found['seconds']:.1f} s, {found['rows']:,} rows, {found['peak_gb']:.2f} GB at most; "
        f"the file has {file.stat().st_size / 1e9:.2f} GB"
    )


if __name__ == "__main__":
    main()
