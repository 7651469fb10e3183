"""`shade-and-rain`: people chosen by partners, asked once, with a form that changed half-way. What did each version ask?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from generation import registers
from generation.exports import AFTER, BEFORE, Rows, columns_of, duplicated, spoiled, spread, trailing_spaces, with_metadata
from generation.files import copy_written, write_csv, write_xlsx
from generation.forms import read_form, write_form

ID, SEED = "shade-and-rain", 20244
FORM = read_form(ID)
WG_ASKED = ("wg_see", "wg_hear", "wg_walk", "wg_remember", "wg_care", "wg_talk")
V1, V2 = "vS1water24", "vS2minutes24"
SAID = {
    "KE": ("The rain comes, but it has lost its calendar.", "Ask the one who carries.", "We need seed before advice."),
    "JO": ("نحن لا نطلب صدقة، نطلب حصتنا من الماء.", "الظل حق أيضًا.", "اسألوا من يحمل الجرة."),
    "TN": ("كانت الواحة تكفي الجميع.", "وصل التحذير بعد السيل.", "نزرع ما نعرفه، فاتركوا لنا بذورنا."),
}  # fmt: skip


def _person(rng: np.random.Generator, partner: str, country: str, new: bool) -> dict[str, Any]:
    """One conversation. The old form asked how far the water is, the new one how many minutes it takes."""
    gender = str(rng.choice(["woman", "man", "self", "pnts"], p=[0.54, 0.36, 0.0, 0.1]))
    woman, age = gender == "woman", int(14 + rng.beta(1.7, 2.2) * 66)
    hard = rng.normal(0.016 * (age - 30), 0.8) + rng.normal(0, 1, 6)
    far = int(rng.choice([0, 1, 2, 3], p=[0.33, 0.37, 0.27, 0.03]))
    warned = str(rng.choice(["yes", "no", "dk"], p=[0.46, 0.49, 0.05]))
    lost = [
        x
        for x, p in zip(("harvest", "animals", "house", "income", "school"), (0.42, 0.33, 0.14, 0.48, 0.2), strict=True)
        if rng.random() < p
    ]
    return {
        "partner": partner, "consent": "yes", "country": country, "gender": gender, "age": age if rng.random() > 0.09 else None,
        "livelihood": str(rng.choice(["herd", "farm", "trade", "wage", "none"], p=[0.28, 0.34, 0.15, 0.13, 0.1])),
        **{name: str(1 + int(np.searchsorted([1.7, 2.7, 3.6], h))) for name, h in zip(WG_ASKED, hard, strict=True)},
        "water_distance": None if new else ("near", "middling", "far", "dk")[far], "water_minutes": ("1", "2", "3", "98")[far] if new else None,
        "say": str(rng.choice(["yes", "no", "no_plan", "dk"], p=[0.48 - 0.12 * woman, 0.3 + 0.12 * woman, 0.18, 0.04])), "warned": warned,
        "acted": ("yes" if rng.random() < 0.55 - 0.1 * woman else "no") if warned == "yes" else None, "losses": " ".join(lost) or "nothing",
        "words": str(rng.choice(SAID[country])) if rng.random() < 0.12 else None, "__version__": V2 if new else V1,
    }  # fmt: skip


def write(folder: Path) -> None:
    """Every file of the alliance."""
    copy_written(ID, folder)
    rng = np.random.default_rng(SEED)
    partners = registers.partners(ID, rng)
    write_csv(folder / "partners.csv", registers.PARTNER_COLUMNS, partners)
    write_form(folder / "forms" / "conversations_v2.xlsx", FORM)
    rows: Rows = []
    for at, partner in enumerate(partners):
        many = int(rng.integers(10, 15))
        rows += [_person(rng, partner["partner_id"], partner["country"], new=n >= many // 2 or at >= 11) for n in range(many)]
    rows.sort(key=lambda row: str(row["__version__"]))
    first = sum(row["__version__"] == V1 for row in rows)
    rows[20] = {"partner": rows[20]["partner"], "consent": "no", "__version__": V1}
    rows = [
        *with_metadata(rows[:first], rng, first=date(2024, 5, 6), days=13, version=V1),
        *with_metadata(rows[first:], rng, first=date(2024, 5, 20), days=24, version=V2),
    ]
    rows = [{**row, "_id": 700000 + at, "_index": at} for at, row in enumerate(rows, start=1)]
    rows = spoiled(rows, [(33, "age", 270), (101, "words", "   ")])
    rows = spread(duplicated(trailing_spaces(rows, "warned", (7, 60)), (15, 120)), FORM, "losses", keep_list=False)
    columns = [c for c in columns_of(FORM, wide=("losses",)) if c != "losses"]
    columns.insert(columns.index("water_minutes"), "water_distance")
    write_xlsx(
        folder / "answers" / "conversations_2024.xlsx",
        {"Shade and Rain": ([*BEFORE, *columns, *AFTER], rows)},
        title="Shade and Rain, export of all versions",
    )
    outcomes = registers.outcomes(ID, rng)
    write_xlsx(folder / "outcomes.xlsx", {"outcomes": (registers.OUTCOME_COLUMNS, outcomes)}, title="Shade and Rain, outcomes")
    write_xlsx(folder / "stories.xlsx", {"stories": (registers.STORY_COLUMNS, registers.stories(ID))}, title="Shade and Rain, stories")
