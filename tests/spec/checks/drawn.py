"""Small records drawn by hand for the checks' tests. Everyone in them is invented."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mel.codes import FILE, ROUND, ROW, SHEET
from mel.model.records import Choice, Question, Questionnaire, Records

YES_NO = (Choice("yes", {"English": "Yes"}), Choice("no", {"English": "No"}))


def question(name: str, kind: str = "text", **more: Any) -> Question:
    return Question(name=name, type=kind, path=(), labels={"": name}, **more)  # type: ignore[arg-type]


def form(*questions: Question, **choices: tuple[Choice, ...]) -> Questionnaire:
    return Questionnaire("Invented", "invented", "1", ("English",), questions, {"yn": YES_NO, **choices})


def records(columns: dict[str, list[Any]], asked: Questionnaire | None = None, *, kind: str = "answers", **more: Any) -> Records:
    n = len(next(iter(columns.values())))
    rows = {ROUND: ["baseline"] * n, FILE: ["a.csv"] * n, SHEET: [None] * n, ROW: list(range(2, n + 2))}
    frame = pd.DataFrame({**rows, **columns})
    return Records("answers", kind, frame, forms={"baseline": asked} if asked else {}, **more)  # type: ignore[arg-type]
