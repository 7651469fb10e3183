"""Why is there no answer? Keeps the four ways of being silent apart: would not say, not known, not asked, does not apply."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mel.codes import NOT_ASKED, NOT_KNOWN, SILENCES

LABELS = {
    "prefer_not_to_say": "Preferred not to say",
    "not_known": "Not known",
    "not_asked": "Not asked",
    "not_applicable": "Does not apply",
}


def completed(silence: pd.Series, answered: pd.Series, was_asked: pd.Series) -> pd.Series:
    """A silence for every row without an answer, and none where there is one.

    What somebody said of their silence stands; else not asked where the form did not ask; else not known.
    """
    unexplained = pd.Series(np.where(was_asked.to_numpy(dtype=bool), NOT_KNOWN, NOT_ASKED), index=silence.index, dtype="str")
    return silence.astype("str").where(silence.notna(), unexplained).where(~answered)


def together(silences: Sequence[pd.Series], where: pd.Series) -> pd.Series:
    """The silence of something made from several answers: theirs where they agree, else not known. Null outside `where`.

    An answer that is there has no say: it was not enough to decide.
    """
    first = pd.Series(pd.NA, index=where.index, dtype="str")
    for silence in silences:
        first = first.fillna(silence)
    alike = first.notna()
    for silence in silences:
        alike &= silence.isna() | (silence == first)
    return first.where(alike, NOT_KNOWN).where(where)


def occurring(column: pd.Series, labels: dict[str, str]) -> dict[str, str]:
    """The silences that stand in a dimension's column, with their labels, in the fixed order."""
    there = set(column)
    return {code: labels.get(code, LABELS[code]) for code in SILENCES if code in there}
