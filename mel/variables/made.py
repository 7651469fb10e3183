"""Canonical variables made from other canonical variables: scores of scales, counts of an index. Definitions are a pack's.

A score that the form worked out itself is read like any answer: a map for its name wins over the definition.
Missing: whoever has no score has the silence of the items that are missing where they agree, else not_known (as everything that is
made from several answers).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from mel.codes import silence_of
from mel.errors import InputError
from mel.model.indices import Index
from mel.model.pack import Packs
from mel.model.scales import Scale
from mel.variables.empowerment import nobody_complete
from mel.variables.inadequacies import Inadequacies, count_inadequacies
from mel.variables.parity import compare_in_households
from mel.variables.places import people
from mel.variables.read import Read
from mel.variables.scales import scored
from mel.variables.silences import together

YES_NO = {"yes": "Yes", "no": "No"}


def expanded(names: Iterable[str], packs: Packs, mapped: frozenset[str]) -> dict[str, None]:
    """The variables a form must hold for these: a made one gives way to what it is made from, unless a map names it."""
    made = packs.made
    return dict.fromkeys(source for name in names for source in (made[name] if name in made and name not in mapped else (name,)))


def make_variables(frame: pd.DataFrame, packs: Packs, wanted: frozenset[str], mapped: frozenset[str]) -> list[Read]:
    """Every scale and index of the packs that somebody wants, or of which everything was read, in one variable each.

    `frame`: canonical variables with their silences, and the round. What cannot be computed although it is wanted is a problem.
    """
    found: list[Read] = []
    for scale in packs.scales.values():
        names = set(scale.made) - mapped
        if names & wanted or _is_there(frame, names, scale.item_ids):
            found += [read for read in _of_scale(frame, scale) if read.problems or read.variable in names]
    frame = frame.assign(**{name: column for read in found for name, column in read.columns.items()})
    for index in packs.indices.values():
        names = set(index.made) - mapped
        if names & wanted or (index.k is not None and _is_there(frame, names, index.columns)):
            found += [read for read in _of_index(frame, index, wanted) if read.problems or read.variable in names]
    return found


def _is_there(frame: pd.DataFrame, names: set[str], sources: tuple[str, ...]) -> bool:
    """All it is made from was read, and nothing of its name: the pack declares it, so it is made."""
    return not names & set(frame.columns) and all(silence_of(name) in frame for name in sources)


def _of_scale(frame: pd.DataFrame, scale: Scale) -> list[Read]:
    scores, problems = scored(frame, scale)
    if problems:
        return [Read(scale.id, {}, {}, problems=tuple(problems))]
    labels = {scale.id: scale.label, scale.band_id: scale.label} | {part.id: part.label for part in scale.subscales}
    bands = {scale.band_id: {band.code: band.label for band in scale.bands}}
    why = {name: _silence(frame, scale.made[name], column.isna()) for name, column in scores.items()}
    made = [_read(name, column, why[name], labels[name], bands.get(name, {})) for name, column in scores.items()]
    whole = made[0]
    filled = int((frame[list(scale.item_ids)].isna().any(axis=1) & scores[scale.id].notna()).sum())
    if filled:
        whole.notes = (f"Of {people(filled)} a part of the items of '{scale.label}' is missing; those answered stand for the others.",)
    return made


def _of_index(frame: pd.DataFrame, index: Index, wanted: Iterable[str]) -> list[Read]:
    try:
        counted = count_inadequacies(frame, index)
    except InputError as error:
        return [Read(index.id, {}, {}, problems=error.problems)]
    if len(frame) and not counted.complete.any():
        return [Read(index.id, {}, {}, problems=(nobody_complete(counted),))]
    columns = {
        f"{index.id}_count": counted.share,
        index.identified_id: _yes_no(counted.identified),
        f"{index.id}_censored": counted.censored,
        f"{index.id}_achieved": 1 - counted.censored,
        **{index.part_id(one.id): counted.part(one.id) for one in index.indicators},
    }
    silence = _silence(frame, index.columns, ~counted.complete)
    made = [_read(name, column, silence, _label(index, name), _choices(column)) for name, column in columns.items()]
    left_out = int((~counted.complete).sum())
    if left_out:
        made[0].notes = (f"Of {people(left_out)} an answer to at least one indicator of '{index.label}' is missing; they are not in it.",)
    return made + _of_parity(frame, counted, frozenset(wanted))


def _of_parity(frame: pd.DataFrame, counted: Inadequacies, wanted: frozenset[str]) -> list[Read]:
    index = counted.index
    names = (f"{index.id}_lacks_parity", f"{index.id}_parity")
    needs = (index.parity.sex, *index.parity.household) if index.parity else ()
    if index.parity is None or not (set(names) & wanted or all(silence_of(name) in frame for name in needs)):
        return []
    found = compare_in_households(frame, counted)
    columns = {names[0]: _yes_no(found.lacks), names[1]: 1 - found.gap}
    made = [_read(name, column, found.silence, _label(index, name), _choices(column)) for name, column in columns.items()]
    several = int(found.several.sum())
    if several:
        made[0].notes = (
            f"Of {people(several)} the household has two women or two men in the data; '{index.label}' compares none of them.",
        )
    return made


def _silence(frame: pd.DataFrame, sources: Iterable[str], missing: pd.Series) -> pd.Series:
    """Why there is none, in the rows where it is missing. Only those are looked at: they are few, and words are slow."""
    at = missing.to_numpy(dtype=bool)
    rows = frame[[silence_of(source) for source in sources if silence_of(source) in frame]].loc[at]
    said = np.full(len(frame), None, dtype=object)
    said[at] = together([rows[name] for name in rows], pd.Series(True, index=rows.index)).to_numpy(dtype=object)
    return pd.Series(said, index=frame.index, dtype="str")


def _read(name: str, column: pd.Series, silence: pd.Series, label: str, choices: Mapping[str, str]) -> Read:
    return Read(name, {name: column, silence_of(name): silence}, dict(choices), label=label)


def _yes_no(column: pd.Series) -> pd.Series:
    return column.map({1.0: "yes", 0.0: "no"}).astype("str").where(column.notna())


def _choices(column: pd.Series) -> dict[str, str]:
    return dict(YES_NO) if column.dtype.kind not in "fiu" else {}


def _label(index: Index, name: str) -> str:
    part = next((f": {one.label}" for one in index.indicators if index.part_id(one.id) == name), "")
    told = {
        f"{index.id}_count": ", share of the weights that is inadequate", index.identified_id: f", {index.identified.replace('_', ' ')}",
        f"{index.id}_censored": ", share that is inadequate of those above the cut-off", f"{index.id}_achieved": ", achieved",
        f"{index.id}_lacks_parity": ", woman further behind than the man of her household", f"{index.id}_parity": ", parity in the household",
    }  # fmt: skip
    return index.label + (part or told[name])


__all__ = ["expanded", "make_variables"]
