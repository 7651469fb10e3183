"""An outsider over the invented alliances' releases as they stand on disk: no hidden number comes back exactly."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mel.collection import load_alliance
from mel.formats.release import read_release, write_release
from mel.portfolio.road import travel

sys.path.insert(0, str(Path(__file__).parent))
import outsider

ALL = "all"


def of_one_question(published: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each question in each round, those of people."""
    people = published[published["counts"] == "people"]
    return [part.reset_index(drop=True) for _, part in people.groupby(["dataset", "indicator", "round"], sort=False)]


def sizes_of_categories(rows: pd.DataFrame) -> pd.DataFrame:
    """A composition's yeses are people of a category: they add up, over the categories, to those who answered."""
    each = rows.assign(n=rows["n_yes"])
    whole = rows.groupby([c for c in rows.columns if c in rows.attrs["dims"]], as_index=False, sort=False).first().assign(category=ALL)
    whole["disclosure"] = np.where(whole["n"].notna(), "open", "secondary")
    both = pd.concat([each, whole], ignore_index=True)
    return both.assign(n_yes=both["n"])


def found_out(part: pd.DataFrame, dims: list[str], threshold: int) -> list[int]:
    used = [d for d in dims if (part[d] != ALL).any()]
    if (part["category"] == ALL).all():
        return outsider.worked_out(part, used, threshold)
    part.attrs["dims"] = dims
    table = sizes_of_categories(part)
    return [at for at in outsider.worked_out_yes(table, [*used, "category"]) if table.loc[at, "disclosure"] == "primary"]


@pytest.mark.parametrize("name", ["every-step", "loud-and-clear", "shade-and-rain", "threads-of-courage"])
def test_no_hidden_number_of_an_alliance_comes_back(root: Path, tmp_path: Path, name: str) -> None:
    folder = root / "data" / "alliances" / name
    write_release(travel(folder, load_alliance(folder)).release, tmp_path / "release")
    release = read_release(tmp_path / "release")
    columns = list(release.estimates.columns)
    dims = columns[columns.index("round") + 1 : columns.index("category")]
    hidden = release.estimates["disclosure"] != "open"
    assert release.estimates.loc[hidden, ["n", "n_yes", "n_missing", "estimate"]].isna().all(axis=None)
    for part in of_one_question(release.estimates):
        if (part["disclosure"] != "open").any():
            found = found_out(part, dims, release.protection.policy.threshold)
            assert not found, (part["indicator"].iloc[0], len(found))


def test_the_outsider_is_able() -> None:
    """One category hidden among three, and the whole shown: the others give it back."""
    keys = {"dataset": "survey", "indicator": "who", "round": "midline", "counts": "people", "gender": ALL, "n_missing": 0.0}
    rows = [("woman", 60.0, 35.0, "open"), ("man", 60.0, 20.0, "open"), ("other", np.nan, np.nan, "primary")]
    part = pd.DataFrame([keys | {"category": c, "n": n, "n_yes": yes, "disclosure": word} for c, n, yes, word in rows])
    assert found_out(part, ["gender"], 10) == [2]
