"""What the columns of a sheet are called: by the form where there is one, else by what can be told from the columns alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from mel.codes import choice_of
from mel.collection.bundles import repeats_of
from mel.errors import InputError, Problem
from mel.errors import collection as texts
from mel.formats.kobo import HeaderIndex, Target, metadata_names, name_columns, questions_at, ticked_choices, untied_duplicates
from mel.formats.tables import Sheet
from mel.formats.ticks import Multiple, find_multiples, tidy_multiples
from mel.model.records import Choice, Question, Questionnaire


@dataclass(frozen=True)
class Named:
    """A sheet's rows under the names they have in Records; `places`: where, from 0, the file has each column."""

    frame: pd.DataFrame
    places: Mapping[str, int]
    problems: tuple[Problem, ...]


def named(sheet: Sheet, form: Questionnaire | None, repeat: str | None, file: str) -> Named:
    """Name the columns of the answer sheets (`repeat` None) or of a repeat, and bring its ticks to one shape.

    Raises: InputError when several columns have the same header and it is not the label of as many questions.
    """
    headers = [str(column) for column in sheet.frame.columns]
    index = HeaderIndex(form, repeat) if form is not None else None
    if twice := untied_duplicates(sheet.repeated, index):
        raise InputError(texts.HEADER_DUPLICATE.at(file=file, sheet=sheet.name, columns=twice))
    return _by_form(sheet, headers, index, file) if index is not None else _without_form(sheet, headers, file)


def _by_form(sheet: Sheet, headers: list[str], index: HeaderIndex, file: str) -> Named:
    form, repeat = index.form, index.repeat
    naming = name_columns(headers, sheet.repeated, index, file=file, sheet=sheet.name)
    flat = _flat_repeats(headers, naming.targets, form, file, sheet.name) if repeat is None else []
    multiples = [_multiple(q, naming.targets, form) for q in _multiples_at(form, repeat, naming.targets)]
    frame, told = tidy_multiples(sheet.frame, multiples, sheet.rows, file=file, sheet=sheet.name)
    ticks = {choice_of(m.name, c) for m in multiples for c in m.ticks}
    names = {header: name for header, name in naming.names.items() if header in frame.columns and name not in ticks}
    return _renamed(sheet, frame, names, multiples, (*naming.problems, *flat, *told))


def _multiples_at(form: Questionnaire, repeat: str | None, targets: Mapping[str, Target]) -> list[Question]:
    present = {name for name, _ in targets.values()}
    return [q for q in questions_at(form, repeat) if q.type == "select_multiple" and q.name in present]


def _multiple(question: Question, targets: Mapping[str, Target], form: Questionnaire) -> Multiple:
    text = next((h for h, target in targets.items() if target == (question.name, None)), None)
    ticks = {str(choice): h for h, (name, choice) in targets.items() if name == question.name and choice is not None}
    labels = {c.name: c.labels for c in form.choices_of(question)}
    choices = tuple(Choice(name, labels.get(name, {})) for name in ticked_choices(form, question))
    return Multiple(question.name, choices, text, ticks)


def _flat_repeats(
    headers: Sequence[str], targets: Mapping[str, Target], form: Questionnaire, file: str, sheet: str | None
) -> list[Problem]:
    flat: dict[str, list[str]] = {}
    for header in headers:
        for name in repeats_of(form):
            if header not in targets and re.search(rf"(?i)(^|/){re.escape(name)}(\[\d+\]|/\d+|_\d+)(/|$)", header):
                flat.setdefault(name, []).append(header)
    if not flat:
        return []
    return [texts.REPEAT_FLAT.at(file=file, sheet=sheet, repeats=list(flat), columns=[h for hs in flat.values() for h in hs])]


def _without_form(sheet: Sheet, headers: list[str], file: str) -> Named:
    problems: list[Problem] = []
    multiples = find_multiples(sheet.frame)
    frame, told = tidy_multiples(sheet.frame, multiples, sheet.rows, file=file, sheet=sheet.name)
    if multiples:
        problems.append(texts.TICKS_TAKEN.at(file=file, sheet=sheet.name, questions=[m.name for m in multiples]))
    ticks = {choice_of(m.name, c) for m in multiples for c in m.ticks}
    known = metadata_names(headers)
    ends = {
        h: h.rsplit("/", 1)[1] for h in map(str, frame.columns) if "/" in h and h not in ticks | set(known) and not h.startswith("formhub/")
    }
    undone = _unique({h: end for h, end in ends.items() if end and end not in frame.columns})
    if undone:
        problems.append(texts.GROUPS_UNDONE.at(file=file, sheet=sheet.name, columns=list(undone)))
    shorter = _unique({t: "/".join(t.rsplit("/", 2)[1:]) for t in ticks if t.count("/") > 1})
    return _renamed(sheet, frame, known | undone | shorter, multiples, (*problems, *told))


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """Only the new names that one column alone would get."""
    every = list(names.values())
    return {old: new for old, new in names.items() if every.count(new) == 1}


def _renamed(
    sheet: Sheet, frame: pd.DataFrame, names: Mapping[str, str], multiples: Sequence[Multiple], problems: tuple[Problem, ...]
) -> Named:
    """New names, but never onto a column that is already there; and where each column came from."""
    kept = set(map(str, frame.columns)) - set(names)
    new = {old: name for old, name in names.items() if name not in kept}
    source = {choice_of(m.name, c): header for m in multiples for c, header in m.ticks.items()}
    texts_of = {m.name: m.text for m in multiples if m.text is not None}
    places = {}
    for column in map(str, frame.columns):
        header = source.get(column) or (column if column in sheet.places else texts_of.get(column.split("/")[0]))
        if header is not None and header in sheet.places:
            places[new.get(column, column)] = sheet.places[header]
    return Named(frame.rename(columns=new), places, problems)
