"""Where the full numbers are kept: one entry a claim, with the date, the seeds and the commit that gave it."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
ROOT = Path(__file__).resolve().parents[2]


def done() -> dict[str, Any]:
    """What an earlier run recorded, so that a run that was cut off goes on where it stopped."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}


def commit() -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def record(claim: str, **found: Any) -> None:
    """Write one claim's figures beside the others."""
    entry = {**found, "date": datetime.now(UTC).date().isoformat(), "commit": commit()}
    RESULTS.write_text(json.dumps(done() | {claim: entry}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
