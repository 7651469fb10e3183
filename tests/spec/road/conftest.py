"""A small invented alliance in a folder of its own: two rounds, four strata, clusters, weights; whole, so that a test may break one thing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mel.formats.workbooks import new_workbook

ALLIANCE = """
packs = ["lnob", "own.toml"]

[alliance]
id = "small-lamps"
name = "Small Lamps (invented)"
invented = true
purpose = "Village meetings that hear everyone."
period = { start = 2021-01-01, end = 2025-12-31 }

[[members]]
id = "lamp-house"
name = "Lamp House"
side = "south"
country = "UG"

[[datasets]]
name = "survey"
kind = "answers"
owner = "lamp-house"
share = "public"
form = "form.xlsx"
consent = { column = "consent", yes = ["yes"] }
burden = { minutes = 12 }
who_was_asked = "Adults in villages drawn by chance."

[datasets.design]
basis = "probability"
weights = "expansion"
rounds = "independent"
stratum = "district"
psu = "village"
weight = "weight"

[datasets.map]
gender = { column = "sex", codes = { f = "woman", m = "man" }, silences = { pns = "prefer_not_to_say" } }
heard = "heard"

[[datasets.rounds]]
name = "baseline"
date = 2022-05-01
files = ["baseline.csv"]

[[datasets.rounds]]
name = "midline"
date = 2024-05-01
files = ["midline.csv"]

[[dimensions]]
name = "gender"
from = "gender"
label = "Gender"

[[indicators]]
id = "heard_in_meetings"
dataset = "survey"
by = [["gender"]]
targets = [{ round = "midline", value = 0.5 }]
"""

PACK = """
id = "own"
version = "1"
label = "Small Lamps' own"
source = "invented"
status = "confirmed"

[[variables]]
id = "heard"
label = "Was heard in the last village meeting"
type = "category"
codes = [{ code = "yes", label = "Yes" }, { code = "no", label = "No" }]

[[indicators]]
id = "heard_in_meetings"
label = "People heard in village meetings"
claim = "were heard in village meetings"
kind = "proportion"
polarity = "higher_is_better"
numerator = { column = "heard", is = ["yes"] }
source = "invented"
status = "confirmed"
"""

SURVEY = [
    ("type", "name", "label", "required", "relevant", "constraint"),
    ("select_one yn", "consent", "May we ask?", "yes", "", ""),
    ("date", "visited", "Day of the visit", "", "", ""),
    ("select_one sex", "sex", "Gender", "yes", "${consent} = 'yes'", ""),
    ("integer", "age", "Age", "", "${consent} = 'yes'", ". >= 0 and . <= 120"),
    ("select_one yn", "heard", "Were you heard in the last village meeting?", "", "${consent} = 'yes'", ""),
]
CHOICES = [
    ("list_name", "name", "label"),
    ("yn", "yes", "Yes"), ("yn", "no", "No"),
    ("sex", "f", "Woman"), ("sex", "m", "Man"), ("sex", "pns", "Prefer not to say"),
]  # fmt: skip


def answers(seed: int) -> pd.DataFrame:
    """480 invented answers: 4 districts, 6 villages each, 20 people a village."""
    rng = np.random.default_rng(seed)
    n = 4 * 6 * 20
    district = np.repeat(np.arange(4), 120)
    village = np.repeat(np.arange(24), 20)
    return pd.DataFrame(
        {
            "district": [f"D{d}" for d in district],
            "village": [f"V{v:02d}" for v in village],
            "weight": np.round(10 + 5 * district + rng.random(n), 2),
            "consent": "yes",
            "visited": "2022-05-03",
            "sex": rng.choice(["f", "m"], n),
            "age": rng.integers(18, 80, n),
            "heard": rng.choice(["yes", "no"], n, p=[0.45, 0.55]),
            "_uuid": [f"u{seed}-{i:04d}" for i in range(n)],
        }
    )


def write_form(path: Path, survey: list[tuple[str, ...]] = SURVEY, choices: list[tuple[str, ...]] = CHOICES) -> None:
    with new_workbook(path, title="form") as book:
        for name, rows in (("survey", survey), ("choices", choices)):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


@dataclass(frozen=True)
class Small:
    """The folder, with the few ways in which tests change it."""

    folder: Path

    def replace(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {file}"
        (self.folder / file).write_text(text.replace(old, new), encoding="utf-8")

    def answers(self, file: str = "midline.csv") -> pd.DataFrame:
        return pd.read_csv(self.folder / file, dtype=str, keep_default_na=False)

    def put(self, frame: pd.DataFrame, file: str = "midline.csv", **options: object) -> None:
        frame.to_csv(self.folder / file, index=False, **options)


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file of a folder with its hash."""
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def small(tmp_path: Path) -> Small:
    folder = tmp_path / "small-lamps"
    folder.mkdir()
    (folder / "alliance.toml").write_text(ALLIANCE, encoding="utf-8")
    (folder / "own.toml").write_text(PACK, encoding="utf-8")
    write_form(folder / "form.xlsx")
    made = Small(folder)
    made.put(answers(1), "baseline.csv")
    made.put(answers(2), "midline.csv")
    return made
