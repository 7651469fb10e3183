"""Small records drawn by hand for derive's tests. Everyone in them is invented."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mel.codes import FILE, PARTNER, ROUND, ROW, SHEET
from mel.model.alliance import Design, DimensionSpec
from mel.model.pack import Packs
from mel.model.records import Choice, Question, Questionnaire, Records

CENSUS = Design(basis="census")


def question(name: str, kind: str = "text", **more: Any) -> Question:
    return Question(name=name, type=kind, path=(), labels={"": name}, **more)  # type: ignore[arg-type]


def form(*questions: Question, **codes: str) -> Questionnaire:
    choices = {name: tuple(Choice(code, {"": code.title()}) for code in given.split()) for name, given in codes.items()}
    return Questionnaire("Invented", "invented", "1", ("",), questions, choices)


def records(columns: dict[str, list[Any]], rounds: list[str] | None = None, forms: dict[str, Questionnaire] | None = None) -> Records:
    n = len(next(iter(columns.values())))
    rounds = rounds or ["midline"] * n
    rows = {ROUND: rounds, FILE: [f"{r}.csv" for r in rounds], SHEET: [None] * n, ROW: list(range(2, n + 2)), PARTNER: ["p1"] * n}
    return Records("answers", "answers", pd.DataFrame({**rows, **columns}), forms=forms or {})


def spec(name: str, **more: Any) -> DimensionSpec:
    return DimensionSpec.model_validate({"name": name, **more})


def library(**more: Any) -> Packs:
    """A pack with gender (open), age, the Washington Group's six and two sets of age bands."""
    from mel.model.pack import Pack

    source = {"source": "invented for a test", "status": "for_you_to_fill"}
    wg = [{"code": c, "label": c} for c in ("no", "some", "a_lot", "cannot", "a_lot_or_cannot")]
    names = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
    gender = [{"code": c, "label": c.title()} for c in ("woman", "man", "non_binary", "self_described")]
    variables = [
        {"id": "gender", "label": "Gender", "type": "category", "open": True, "sensitive": True, "codes": gender},
        {"id": "age", "label": "Age", "type": "number"},
        {"id": "heard", "label": "Heard", "type": "category", "codes": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]},
        *({"id": f"wg_{name}", "label": name, "type": "category", "sensitive": True, "codes": wg} for name in names),
    ]
    bands = [
        {
            "id": "two",
            "label": "Two",
            **source,
            "bands": [{"code": "0-17", "label": "Children", "from": 0, "to": 17}, {"code": "18+", "label": "Adults", "from": 18}],
        },
        {"id": "young", "label": "Young", **source, "bands": [{"code": "15-24", "label": "15 to 24", "from": 15, "to": 24}]},
    ]
    return Packs(
        (
            Pack.model_validate(
                {"id": "drawn", "version": "1", "label": "Drawn", **source, "variables": variables, "age_bands": bands, **more}
            ),
        )
    )
