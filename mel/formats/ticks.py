"""How a question with several answers is brought to one shape: a column `question/choice` of 1, 0 or null for each choice.

Null is "not asked" or "not answered"; 0 is "asked, and not chosen".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mel.codes import choice_of
from mel.errors import Problem
from mel.errors import collection as texts
from mel.formats.cells import as_codes, code_of, is_text
from mel.formats.kobo import plain_label
from mel.model.records import Choice

_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


@dataclass(frozen=True)
class Multiple:
    """One question with several answers, as a sheet has it."""

    name: str
    choices: tuple[Choice, ...]
    text: str | None  # column that holds the answers as text
    ticks: Mapping[str, str]  # choice: column that holds its tick


def tidy_multiples(
    frame: pd.DataFrame, multiples: Sequence[Multiple], rows: np.ndarray, *, file: str, sheet: str | None
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """The same rows with each question with several answers as its tick columns, in the form's order, where it first stood.

    Missing: where all ticks are 0 or empty and the text is there but empty, nobody answered, and all are null.
    """
    problems: list[Problem] = []
    unanswered: dict[str, int] = {}
    made: dict[str, dict[str, pd.Series]] = {}
    replaced: dict[str, str] = {}
    for question in multiples:
        columns, told, silent = _one(frame, question, rows, file, sheet)
        problems += told
        unanswered |= {question.name: silent} if silent else {}
        made[question.name] = columns
        replaced |= {column: question.name for column in (question.text, *question.ticks.values()) if column is not None}
    if unanswered:
        problems.append(texts.TICKS_UNANSWERED.at(file=file, sheet=sheet, n=sum(unanswered.values()), questions=list(unanswered)))
    out: dict[str, pd.Series] = {}
    for column in frame.columns:
        if column in replaced:
            out |= made.pop(replaced[column], {})
        else:
            out[column] = frame[column]
    return pd.DataFrame(out, index=frame.index), tuple(problems)


def _one(
    frame: pd.DataFrame, question: Multiple, rows: np.ndarray, file: str, sheet: str | None
) -> tuple[dict[str, pd.Series], list[Problem], int]:
    """The question's columns, what must be told, and in how many rows zeros stand where nothing was answered."""
    problems: list[Problem] = []
    ticks, unreadable = {}, np.zeros(len(frame), dtype=int)
    for choice, column in question.ticks.items():
        ticks[choice], bad = read_ticks(frame[column])
        unreadable += bad.to_numpy().astype(int)
    if unreadable.any():
        problems.append(
            texts.TICK_UNREADABLE.at(
                file=file,
                sheet=sheet,
                column=question.name,
                question=question.name,
                n=int(unreadable.sum()),
                first=int(rows[unreadable > 0][0]),
            )
        )
    if question.text is None:
        return {choice_of(question.name, c): ticks[c] for c in _order(question, ticks)}, problems, 0
    said = answers(frame[question.text], question.choices, tuple(ticks))
    if not question.choices:  # without a form the text may hold labels: it only says who answered
        said = [codes and tuple(code for code in codes if code in ticks) for codes in said]
    offered = [c.name for c in question.choices] or list(ticks)
    spoken = _spread(said, dict.fromkeys([*offered, *(t for one in said if one for t in one)]), frame.index)
    if not ticks:
        return {choice_of(question.name, c): column for c, column in spoken.items()}, problems, 0
    if question.choices:
        problems += _disagreement(question, ticks, spoken, rows, file, sheet)
    merged, silent = _merge(question, ticks, spoken, said)
    return {choice_of(question.name, c): v for c, v in merged.items()}, problems, silent


def _order(question: Multiple, ticks: Mapping[str, pd.Series]) -> list[str]:
    offered = [c.name for c in question.choices if c.name in ticks]
    return offered + [c for c in ticks if c not in offered]


def read_ticks(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """A tick column as 1, 0 or null, and which cells are neither. 1, 1.0, TRUE, yes; 0, 0.0, FALSE, no; empty is null."""
    values, known = _coded(column)
    ticks = np.array([1.0 if v in _YES else 0.0 if v in _NO else np.nan for v in known] + [np.nan])[values]
    return pd.Series(ticks, index=column.index), pd.Series((values >= 0) & np.isnan(ticks), index=column.index)


def _coded(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """A column as positions in the list of the different codes it holds, in lower case; -1 is missing."""
    array = pa.array(column, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    coded = array.dictionary_encode()
    known = [code_of(value) for value in coded.dictionary.to_pylist()]
    positions = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    blank = [i for i, code in enumerate(known) if code is None]
    return np.where(np.isin(positions, blank), -1, positions), [(code or "").lower() for code in known]


def answers(column: pd.Series, choices: Sequence[Choice], others: Sequence[str] = ()) -> list[tuple[str, ...] | None]:
    """The codes in each cell of a text such as 'food water'; labels are told apart as well. Unknown words stay, None is empty."""
    codes = as_codes(column)
    names = {c.name for c in choices} | set(others)
    spoken = _label_pattern(choices)
    read = {text: _split(text, names, spoken) for text in codes.dropna().unique()}
    return [read.get(text) if isinstance(text, str) else None for text in codes]


def _split(text: str, names: set[str], spoken: tuple[re.Pattern[str], Mapping[str, str]] | None) -> tuple[str, ...]:
    words = text.split()
    if set(words) <= names or spoken is None:
        return tuple(dict.fromkeys(words))
    pattern, codes = spoken
    plain, found, at = plain_label(text), [], 0
    while at < len(plain):
        match = pattern.match(plain, at)
        if match is None:
            return tuple(dict.fromkeys(words))
        found.append(codes[match[1]])
        at = match.end()
    return tuple(dict.fromkeys(found))


def _label_pattern(choices: Sequence[Choice]) -> tuple[re.Pattern[str], Mapping[str, str]] | None:
    """Labels that belong to one choice only, longest first: 'a little' before 'a'."""
    owners: dict[str, set[str]] = {}
    for choice in choices:
        for label in (*choice.labels.values(), choice.name):
            owners.setdefault(plain_label(label), set()).add(choice.name)
    codes = {label: next(iter(who)) for label, who in owners.items() if len(who) == 1 and label}
    if not codes:
        return None
    longest = sorted(codes, key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, longest))})(?:\s*[,;|]\s*|\s+|$)"), codes


def _spread(said: Sequence[tuple[str, ...] | None], choices: Mapping[str, None], index: pd.Index) -> dict[str, pd.Series]:
    at = {choice: i for i, choice in enumerate(choices)}
    table = np.zeros((len(said), len(at)))
    for row, codes in enumerate(said):
        if codes is None:
            table[row] = np.nan
        else:
            table[row, [at[code] for code in codes]] = 1.0
    return {choice: pd.Series(table[:, i].copy(), index=index) for choice, i in at.items()}


def _merge(
    question: Multiple, ticks: Mapping[str, pd.Series], spoken: Mapping[str, pd.Series], said: Sequence[tuple[str, ...] | None]
) -> tuple[dict[str, pd.Series], int]:
    every = pd.concat(ticks.values(), axis=1).to_numpy()
    untold = np.array([codes is None for codes in said])
    nothing = untold & ~(every == 1).any(axis=1)
    unticked = np.isnan(every).all(axis=1) & ~untold
    merged = {}
    for choice in _order(question, {**spoken, **ticks}):
        column = ticks.get(choice)
        filled = spoken[choice] if column is None else column.where(~unticked, spoken[choice]) if choice in spoken else column
        merged[choice] = filled.where(~nothing)
    return merged, int((nothing & (every == 0).any(axis=1)).sum())


def _disagreement(
    question: Multiple, ticks: Mapping[str, pd.Series], spoken: Mapping[str, pd.Series], rows: np.ndarray, file: str, sheet: str | None
) -> list[Problem]:
    """Rows in which the text names other choices than are ticked; one that names a choice without a column cannot be compared."""
    names = list(ticks)
    ticked = np.column_stack([ticks[name].to_numpy() for name in names])
    said = np.column_stack([spoken[name].to_numpy() if name in spoken else np.zeros(len(ticked)) for name in names])
    beyond = [spoken[name].to_numpy() == 1 for name in spoken if name not in ticks]
    both = ~np.isnan(next(iter(spoken.values())).to_numpy()) & ~np.isnan(ticked).all(axis=1)
    comparable = both & ~np.any(beyond, axis=0) if beyond else both
    differ = np.flatnonzero(comparable & ((ticked == 1) != (said == 1)).any(axis=1))
    if not len(differ):
        return []
    first = int(rows[differ[0]])
    return [texts.TICKS_DISAGREE.at(file=file, sheet=sheet, column=question.name, question=question.name, n=len(differ), first=first)]


# ---- without a form --------------------------------------------------------------------------------------------------


def looks_ticked(column: pd.Series) -> bool:
    """True when a column holds ticks and nothing else, and at least one."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return False
    _, bad = read_ticks(column)
    return bool(column.notna().any()) and not bool(bad.any())


def find_multiples(frame: pd.DataFrame) -> tuple[Multiple, ...]:
    """The questions with several answers of a sheet whose form is not known, by their ticks.

    `q/a, q/b` where every column under `q/` holds ticks; `q.a` and `q_a` only beside a text column `q` whose words are
    as many as the ticks in every row.
    """
    found: list[Multiple] = []
    taken: set[str] = set()
    for mark in ("/", ".", "_"):
        for base, members in _families(frame, mark).items():
            if base in taken or taken & set(members.values()) or len(members) < 2:
                continue
            text = base if base in frame.columns and is_text(frame[base]) else None
            if base in frame.columns and text is None and mark != "/":
                continue
            if not all(looks_ticked(frame[column]) or not frame[column].notna().any() for column in members.values()):
                continue
            if mark != "/" and (text is None or not _as_many(frame, text, members)):
                continue
            if any(looks_ticked(frame[column]) for column in members.values()):
                found.append(Multiple(base, (), text, members))
                taken |= {base, *members.values()}
    return tuple(found)


def _families(frame: pd.DataFrame, mark: str) -> dict[str, dict[str, str]]:
    families: dict[str, dict[str, str]] = {}
    for column in map(str, frame.columns):
        base, _, choice = column.rpartition(mark)
        if base and choice and not column.startswith("_"):
            families.setdefault(base, {})[choice] = column
    if mark == "_":
        for column in map(str, frame.columns):  # choices may have the mark in their own names
            for base in [b for b in families if column.startswith(f"{b}{mark}") and b in frame.columns]:
                families[base][column[len(base) + 1 :]] = column
    return families


def _as_many(frame: pd.DataFrame, text: str, members: Mapping[str, str]) -> bool:
    ticked = np.sum([(read_ticks(frame[column])[0] == 1).to_numpy() for column in members.values()], axis=0)
    words = np.array([len(said.split()) if isinstance(said, str) else 0 for said in as_codes(frame[text])])
    return bool(words.any()) and bool((words == ticked).all())
