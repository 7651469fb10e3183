"""Who has a disability, by the Washington Group Short Set: six questions, four ways to draw the line.

It says what the answers say; it does not ask, and it is no diagnosis. The set under-counts psychosocial and intellectual
disability, and is meant for people of five years and older (under eighteen the Child Functioning Module is the better tool).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mel.codes import SILENCES
from mel.errors import InputError, UsageError
from mel.errors.variables import WG_ALL_BLANK, WG_ANSWERS_UNKNOWN, WG_ITEMS_MISSING
from mel.formats.numbers import as_code

DOMAINS = ("wg_seeing", "wg_hearing", "wg_walking", "wg_remembering", "wg_self_care", "wg_communicating")
IDENTIFIERS = ("disability1", "disability2", "disability3", "disability4")
MERGED = "a_lot_or_cannot"
SEVERITY: Mapping[str, float] = {
    "no": 1, "none": 1, "no difficulty": 1, "no, no difficulty": 1, "1": 1,
    "some": 2, "some difficulty": 2, "yes, some difficulty": 2, "2": 2,
    "a_lot": 3, "a lot": 3, "a lot of difficulty": 3, "lot of difficulty": 3, "yes, a lot of difficulty": 3, "3": 3,
    "cannot": 4, "cannot do at all": 4, "cannot do it at all": 4, "unable to do": 4, "4": 4,
    MERGED: 3.5, "a lot of difficulty or cannot do at all": 3.5, "a lot or cannot": 3.5,
}  # fmt: skip
NO_ANSWER = frozenset({"7", "8", "9", "refused", "not ascertained", "don't know", "dont know", "don’t know", *SILENCES})


def washington_group(frame: pd.DataFrame, columns: Sequence[str] = DOMAINS, *, cannot_merged: bool = False) -> pd.DataFrame:
    """The four identifiers of the Washington Group Short Set, from its six answers.

    `columns` in the set's order: seeing, hearing, walking, remembering, self-care, communicating. Answers are codes 1 to 4, the
    codes no, some, a_lot, cannot, or the English labels, with or without a number before. `cannot_merged`: the survey put
    "cannot do at all" together with "a lot" under one label.

    Source: Washington Group, Analytic Guidelines for the WG-SS (document 7A). DISABILITY3 is the recommended cut-off.
    Shape: one row a row, columns disability1 to disability4 of true, false, null.
    Missing: 7, 8, 9, blank and the four silences are missing; a person is missing only if all six are, else the answered
    domains decide. Where "cannot" is merged into "a lot", disability4 is null for whoever has that answer.
    Raises: InputError for an answer that is none of these, or when all six are blank for everyone; UsageError without six columns.
    Checked: tests/spec/variables (golden rows), tests/reference (32,577 adults of NHIS 2024).

    >>> washington_group(pd.DataFrame([[1, 1, 3, 1, 1, 1]], columns=list("abcdef")), list("abcdef")).iloc[0].tolist()
    [True, True, True, False]
    """
    lacking = [name for name in columns if name not in frame]
    if len(set(columns)) != len(DOMAINS) or lacking:
        raise UsageError(WG_ITEMS_MISSING.at(missing=lacking or f"{len(DOMAINS) - len(set(columns))} of them", dimension="disability"))
    levels, problems = {}, []
    for column in columns:
        levels[column], unknown = severity(frame[column])
        if unknown.any():
            known = ", ".join(word for word in SEVERITY if not word.isdigit())
            problems.append(WG_ANSWERS_UNKNOWN.at(column=column, rows=int(unknown.sum()), known=known))
    if problems:
        raise InputError(problems)
    table = pd.DataFrame(levels, index=frame.index)
    if len(table) and table.isna().all(axis=None):
        raise InputError(WG_ALL_BLANK.at(where="these rows"))
    return identifiers(table.replace({3.0: 3.5}) if cannot_merged else table)


def severity(answers: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Each answer as 1 to 4 (3.5 where "a lot" and "cannot" are one), null where missing; and where an answer is unknown."""
    said = as_code(answers).str.strip().str.lower().str.replace(r"\s+", " ", regex=True)
    bare = said.map(lambda text: re.sub(r"^\d\s*[-–.:=)]\s*", "", text), na_action="ignore").astype("str").str.rstrip(".")
    level = bare.map(SEVERITY).astype("float64")
    silent = said.isna() | bare.isin(list(NO_ANSWER))
    return level, level.isna() & ~silent


def identifiers(levels: pd.DataFrame) -> pd.DataFrame:
    """DISABILITY1 to 4 from six columns of severity (1 to 4, 3.5 for merged, null for missing)."""
    some, lot = (levels >= 2).sum(axis=1), (levels >= 3).sum(axis=1)
    cannot, merged = (levels >= 4).any(axis=1), (levels == 3.5).any(axis=1)
    found = pd.DataFrame(
        {"disability1": some >= 1, "disability2": (some >= 2) | (lot >= 1), "disability3": lot >= 1, "disability4": cannot}
    )
    result = found.astype("boolean")
    result.loc[levels.isna().all(axis=1).to_numpy(dtype=bool), :] = pd.NA
    result.loc[(merged & ~cannot).to_numpy(dtype=bool), "disability4"] = pd.NA
    return result


def severity_of_codes(codes: pd.Series) -> pd.Series:
    """Severity of canonical codes as `derive` has them; null where silent."""
    return codes.map({"no": 1.0, "some": 2.0, "a_lot": 3.0, "cannot": 4.0, MERGED: 3.5}).astype(np.float64)
