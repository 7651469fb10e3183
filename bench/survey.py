"""The benchmark survey: invented people in 20 strata and 400 PSUs, six dimensions, two yes/no indicators and one number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

STRATA, PSUS_EACH = 20, 20
DIMENSIONS = {"gender": 4, "disability": 2, "age": 5, "region": 8, "displacement": 2, "wealth": 5}
INDICATORS = ("y1", "y2", "y3")


def survey(people: int, seed: int = 7) -> pd.DataFrame:
    """A frame of `people` rows with stratum, psu, weight, fpc, the six dimensions and the three answers (3 % unanswered)."""
    rng = np.random.default_rng(seed)
    share = rng.gamma(8.0, 1.0, STRATA * PSUS_EACH)
    psu = rng.choice(STRATA * PSUS_EACH, size=people, p=share / share.sum())
    stratum = psu // PSUS_EACH
    lift = rng.normal(0, 0.4, STRATA * PSUS_EACH)[psu]
    frame = {name: rng.integers(0, levels, people) for name, levels in DIMENSIONS.items()}
    frame["region"] = stratum * 8 // STRATA
    slope = 0.25 * frame["wealth"] - 0.5 * frame["disability"] - 0.4 * frame["displacement"] + lift
    chance = 1 / (1 + np.exp(-slope))
    y = {
        "y1": (rng.random(people) < chance).astype(float),
        "y2": (rng.random(people) < 0.4 * chance).astype(float),
        "y3": np.round(np.exp(4 + 0.2 * slope + rng.normal(0, 0.5, people)), 3),
    }
    for answers in y.values():
        answers[rng.random(people) < 0.03] = np.nan
    dimensions = {name: pd.Categorical.from_codes(codes, [f"{name}_{i}" for i in range(DIMENSIONS[name])]) for name, codes in frame.items()}
    return pd.DataFrame(
        {
            "round": "midline",
            "stratum": stratum.astype(str),
            "psu": psu.astype(str),
            "weight": np.exp(rng.normal(0, 0.3, people)) * 25,
            "fpc": rng.integers(400, 2000, STRATA)[stratum].astype(float),
            **{name: column.astype(str) for name, column in dimensions.items()},
            **y,
        }
    )


def write(people: int, path: Path) -> Path:
    """The survey as a Parquet file."""
    survey(people).to_parquet(path, index=False)
    return path
