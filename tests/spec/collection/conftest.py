"""Small files drawn by hand for the tests of this room. Everything in them is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def write_workbook(path: Path, sheets: Sheets) -> Path:
    """Write rows as they are: text, numbers, truth values, dates."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, "strings_to_numbers": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(at, column, cell)
    book.close()
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, sheets: Sheets) -> Path:
        return write_workbook(tmp_path / name, sheets)

    return make


@pytest.fixture
def text(tmp_path: Path) -> Callable[..., Path]:
    def make(content: str, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding))
        return path

    return make


SURVEY = [
    ["type", "name", "label::English (en)", "label::Français (fr)", "relevant", "required"],
    ["start", "start", None, None, None, None],
    ["begin_group", "who", "Who you are", "Qui vous êtes", None, None],
    ["select_one gender", "gender", "What is your gender?", "Quel est votre genre ?", None, "yes"],
    ["integer", "age", "How old are you?", "Quel âge avez-vous ?", None, "yes"],
    ["end_group", None, None, None, None, None],
    ["date", "visited", "Date of the visit", "Date de la visite", None, None],
    ["select_multiple food", "ate", "What did you eat?", "Qu'avez-vous mangé ?", "${age} > 17", None],
    ["decimal", "income", "Income", "Revenu", None, None],
    ["text", "phone", "Telephone", "Téléphone", None, None],
    ["begin_repeat", "child", "Child", "Enfant", None, None],
    ["integer", "child_age", "Age of the child", "Âge de l'enfant", None, None],
    ["end_repeat", None, None, None, None, None],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Français (fr)"],
    ["gender", "1", "Woman", "Femme"],
    ["gender", "2", "Man", "Homme"],
    ["gender", "99", "Prefer not to say", "Préfère ne pas le dire"],
    ["food", "rice", "Rice", "Riz"],
    ["food", "beans", "Beans", "Haricots"],
    ["food", "green_leaves", "Green leaves", "Feuilles vertes"],
]
SETTINGS = [["form_title", "form_id", "version"], ["An invented form", "invented", 3]]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """An invented form: a group, a select_one, a select_multiple, a date, a repeat; English and French."""
    return write_workbook(tmp_path / "form.xlsx", {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS})
