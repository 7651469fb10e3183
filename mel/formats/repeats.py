"""To which answer sheet a row of a repeat belongs. Rows are tied, never multiplied, and two keys that disagree stop the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mel.errors import InputError, Problem
from mel.errors import collection as texts
from mel.formats.cells import as_codes

PARENT = "_parent"
_TO_PARENT = (("_parent_index", ("_index", "index")), ("PARENT_KEY", ("KEY",)), ("_parent_key", ("_key",)))
_TO_SUBMISSION = (
    ("_submission__uuid", ("_uuid", "uuid")), ("_submission__id", ("_id",)), ("_submission_uuid", ("_uuid", "uuid")),
    ("uuid", ("uuid", "_uuid")), ("_uuid", ("_uuid", "uuid")), ("instanceID", ("instanceID",)),
)  # fmt: skip
_TABLE = "_parent_table_name"
MARKS = ("_parent_index", "_submission__uuid", "_submission__id", _TABLE, "PARENT_KEY", "_parent_key")
"""A sheet with one of these columns is a repeat."""


@dataclass(frozen=True)
class RepeatSheet:
    """A repeat as read: its columns named, not yet tied. `outer` is the repeat it lies in, if the form says so."""

    name: str
    sheet: str | None
    file: str
    frame: pd.DataFrame
    outer: str | None = None


@dataclass(frozen=True)
class _Link:
    keys: str
    parent: pd.Series  # position of the answer sheet, NaN where the key finds none
    twice: bool = False


def tie_repeats(
    main: pd.DataFrame, main_sheet: str | None, repeats: Sequence[RepeatSheet]
) -> tuple[dict[str, pd.DataFrame], tuple[Problem, ...]]:
    """Each repeat's rows with `_parent`, the position of their answer sheet in `main`.

    Shape: as many rows as the repeat has, less those whose answer sheet was not read (a problem counts them).
    Raises: InputError where no key ties a repeat, where a key is not unique, where two keys disagree; all at once.
    """
    tied: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    stops: list[Problem] = []
    left = list(repeats)
    while left:
        ready = [r for r in left if _outer(r, repeats, main_sheet) in (None, *tied)] or left[:1]
        for repeat in ready:
            outer = _outer(repeat, repeats, main_sheet)
            try:
                tied[repeat.name], told = _tie(main, repeat, tied.get(outer or ""), outer)
                problems += told
            except InputError as wrong:
                stops += wrong.problems
            left.remove(repeat)
    if stops:
        raise InputError(stops)
    return tied, tuple(problems)


def _outer(repeat: RepeatSheet, repeats: Sequence[RepeatSheet], main_sheet: str | None) -> str | None:
    """The repeat this one lies in: as its rows say, else as the form says."""
    others = {r.sheet: r.name for r in repeats if r is not repeat} | {r.name: r.name for r in repeats if r is not repeat}
    if _TABLE in repeat.frame:
        said = repeat.frame[_TABLE].dropna().astype(str).unique()
        if len(said) == 1:
            return others.get(said[0]) if said[0] != main_sheet else None
    return repeat.outer if repeat.outer in others.values() else None


def _tie(main: pd.DataFrame, repeat: RepeatSheet, outer: pd.DataFrame | None, outer_name: str | None) -> tuple[pd.DataFrame, list[Problem]]:
    own = repeat.frame
    links = _links(own, main, _TO_SUBMISSION)
    if outer is not None:
        links = [*(_through(link, outer) for link in _links(own, outer, _TO_PARENT)), *links]
    elif outer_name is None:
        links = [*_links(own, main, _TO_PARENT), *links]
    place: dict[str, Any] = {"file": repeat.file, "sheet": repeat.sheet}
    usable = [link for link in links if not link.twice and (link.parent.notna().any() or not len(own))]
    if not usable:
        if twice := next((link for link in links if link.twice), None):
            raise InputError(
                texts.REPEAT_KEY_TWICE.at(**place, repeat=repeat.name, keys=twice.keys, parent=outer_name or "the answer sheets")
            )
        raise InputError(texts.REPEAT_NO_KEY.at(**place, repeat=repeat.name, found=_like_keys(own)))
    best = max(usable, key=lambda link: int(link.parent.notna().sum()))
    for other in usable:
        both = best.parent.notna() & other.parent.notna()
        if n := int((best.parent[both] != other.parent[both]).sum()):
            raise InputError(texts.REPEAT_KEYS_DISAGREE.at(**place, repeat=repeat.name, n=n, keys=best.keys, others=other.keys))
    return _stated(main, repeat, best)


def _stated(main: pd.DataFrame, repeat: RepeatSheet, link: _Link) -> tuple[pd.DataFrame, list[Problem]]:
    place: dict[str, Any] = {"file": repeat.file, "sheet": repeat.sheet}
    found = link.parent.notna()
    problems = []
    if orphans := int((~found).sum()):
        problems.append(texts.REPEAT_ORPHANS.at(**place, repeat=repeat.name, n=orphans, keys=link.keys))
    frame = repeat.frame[found].copy()
    frame.insert(0, PARENT, link.parent[found].astype(np.int64))
    problems.append(
        texts.REPEAT_JOINED.at(
            **place, repeat=repeat.name, rows=len(frame), parents=frame[PARENT].nunique(), all_parents=len(main), keys=link.keys
        )
    )
    return frame, problems


def _links(own: pd.DataFrame, parent: pd.DataFrame, pairs: Sequence[tuple[str, tuple[str, ...]]]) -> list[_Link]:
    found = []
    for mine, theirs in pairs:
        their = next((name for name in theirs if name in parent.columns), None)
        if mine not in own.columns or their is None:
            continue
        keys = as_codes(parent[their])
        said = f"{mine} = {their}" if mine != their else mine
        if keys.dropna().duplicated().any():
            found.append(_Link(said, pd.Series(np.nan, index=own.index), twice=True))
            continue
        at = {key: position for position, key in enumerate(keys) if isinstance(key, str)}
        found.append(_Link(said, _looked_up(as_codes(own[mine]), at)))
    return found


def _looked_up(keys: pd.Series, at: Mapping[str, int]) -> pd.Series:
    return pd.Series([float(at[key]) if key in at else np.nan for key in keys], index=keys.index, dtype=float)


def _through(link: _Link, outer: pd.DataFrame) -> _Link:
    """From a row of the outer repeat to that row's answer sheet."""
    if link.twice:
        return link
    parents = outer[PARENT].to_numpy()
    reached = [parents[int(at)] if at == at else np.nan for at in link.parent]  # noqa: PLR0124 (NaN is not itself)
    return _Link(link.keys, pd.Series(reached, index=link.parent.index, dtype=float))


def _like_keys(frame: pd.DataFrame) -> list[str]:
    return [name for name in map(str, frame.columns) if any(word in name.lower() for word in ("index", "uuid", "key", "_id", "parent"))]
