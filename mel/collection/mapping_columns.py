"""What columns does a dataset have to choose from, and what did the form call them? Names, labels and answers on offer; no one's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from mel.codes import RESERVED
from mel.model.records import Records

MOST_CODES = 25
"""A column without a form and with more different values than this is no list of codes."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column that may be mapped: its labels in every language, and the answers it offers with theirs."""

    name: str
    labels: tuple[str, ...]
    type: str
    choices: Mapping[str, tuple[str, ...]]


def columns_of(records: Records) -> tuple[FormColumn, ...]:
    """Every column of the data and every question of its forms, once each. A select_multiple is one column."""
    asked = _questions(records)
    names = dict.fromkeys(str(name).split("/")[0] if str(name).split("/")[0] in asked else str(name) for name in records.frame.columns)
    plain = [name for name in names if name not in RESERVED and not name.startswith("_") and name not in asked]
    return (*asked.values(), *(_without_form(name, records.frame) for name in plain))


def _questions(records: Records) -> dict[str, FormColumn]:
    found: dict[str, FormColumn] = {}
    for form in records.forms.values():
        for question in (q for q in form.questions if q.repeat is None and q.type != "note"):
            before = found.get(question.name)
            labels = (*(before.labels if before else ()), *(text for text in question.labels.values() if text))
            choices = dict(before.choices) if before else {}
            for choice in form.choices_of(question):
                choices[choice.name] = tuple(dict.fromkeys((*choices.get(choice.name, ()), *(t for t in choice.labels.values() if t))))
            found[question.name] = FormColumn(question.name, tuple(dict.fromkeys(labels)), question.type, choices)
    return found


def _without_form(name: str, frame: pd.DataFrame) -> FormColumn:
    column = frame[name] if name in frame else pd.Series(dtype="str")
    values = column.dropna()
    kinds = {"number": "number", "date": "datetime"}
    kind = "number" if pd.api.types.is_numeric_dtype(values) else "date" if pd.api.types.is_datetime64_any_dtype(values) else ""
    codes = [_code(value) for value in values.unique()[: MOST_CODES + 1]]
    return FormColumn(name, (), kinds.get(kind, "other"), dict.fromkeys(codes, ()) if len(codes) <= MOST_CODES else {})


def _code(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
