"""The benchmark survey of any size, written in pieces: invented people in 20 strata and 400 PSUs, six dimensions and three answers.

Columns as the survey that the peers are timed on: stratum, psu, w, fpc, gender, disability, age, region (nested in strata),
displacement, wealth, region_x (the same levels across the design), y1, y2 (yes or no), y3 (a number).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

STRATA, PSUS_EACH = 20, 20
LEVELS = {
    "gender": ("woman", "man", "nonbinary", "undisclosed"),
    "disability": ("no", "yes"),
    "age": ("18-24", "25-34", "35-49", "50-64", "65+"),
    "region": tuple(f"R{k}" for k in range(1, 9)),
    "displacement": ("host", "displaced"),
    "wealth": tuple(f"Q{k}" for k in range(1, 6)),
    "region_x": tuple(f"X{k}" for k in range(1, 9)),
}
SHARES = {"gender": (0.505, 0.478, 0.010, 0.007), "disability": (0.86, 0.14), "age": (0.22, 0.26, 0.24, 0.18, 0.10)}
DIMENSIONS = ("gender", "disability", "age", "region", "displacement", "wealth")
ANSWERS = ("y1", "y2", "y3")
PIECE = 1_000_000


def write(people: int, path: Path, seed: int = 7) -> Path:
    """The survey as a Parquet file, a million people at a time."""
    rng = np.random.default_rng(seed)
    share = rng.gamma(8.0, 1.0, STRATA * PSUS_EACH)
    lift = rng.normal(0, 0.4, STRATA * PSUS_EACH)
    fpc = rng.integers(400, 2000, STRATA)
    writer = None
    for start in range(0, people, PIECE):
        piece = _piece(min(PIECE, people - start), rng, share / share.sum(), lift, fpc)
        writer = writer or pq.ParquetWriter(path, piece.schema, compression="zstd")
        writer.write_table(piece, row_group_size=125_000)
    if writer is not None:
        writer.close()
    return path


def _piece(people: int, rng: np.random.Generator, share: np.ndarray, lift: np.ndarray, fpc: np.ndarray) -> pa.Table:
    psu = np.sort(rng.choice(STRATA * PSUS_EACH, size=people, p=share))
    stratum = psu // PSUS_EACH
    codes = {name: rng.choice(len(levels), people, p=SHARES.get(name)) for name, levels in LEVELS.items()}
    codes["region"] = stratum * 8 // STRATA
    slope = 0.25 * codes["wealth"] - 0.5 * codes["disability"] - 0.4 * codes["displacement"] + lift[psu]
    chance = 1 / (1 + np.exp(-slope))
    named = {name: pa.DictionaryArray.from_arrays(pa.array(found.astype(np.int8)), pa.array(LEVELS[name])) for name, found in codes.items()}
    return pa.table({
        "stratum": stratum.astype(np.int16), "psu": psu.astype(np.int32), "w": np.exp(rng.normal(0, 0.3, people)) * 25,
        "fpc": fpc[stratum].astype(np.int32), **named,
        "y1": (rng.random(people) < chance).astype(np.int8), "y2": (rng.random(people) < 0.4 * chance).astype(np.int8),
        "y3": np.round(np.exp(4 + 0.2 * slope + rng.normal(0, 0.5, people)), 3),
    })  # fmt: skip
