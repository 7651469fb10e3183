"""`every-step`: a youth and disability alliance with a cluster survey in two rounds. What did its form ask, and what came back?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from generation import people, registers
from generation.exports import (
    AFTER,
    BEFORE,
    Rows,
    columns_of,
    duplicated,
    prefixed,
    spoiled,
    spread,
    trailing_spaces,
    with_metadata,
)
from generation.files import copy_written, write_csv, write_xlsx
from generation.forms import read_form, write_form

ID, SEED = "every-step", 20222
FORM = read_form(ID)
WG_ASKED = ("see", "hear", "walk", "remember", "self_care", "communicate")
CODES = {
    "gender": {"woman": "1", "man": "2", "non_binary": "3", "self_described": "4", "prefer_not_to_say": "99"},
    "heard": {"often": "1", "sometimes": "2", "never": "3", "not_applicable": "4", "not_known": "98", "prefer_not_to_say": "99"},
    "decides_health": {"self": "1", "jointly": "2", "partner": "3", "someone_else": "4"},
    "difficulty": {"no": "1", "some": "2", "a_lot": "3", "cannot": "4", "not_known": "98", "prefer_not_to_say": "99"},
    "yes_no": {"yes": "1", "no": "0"},
}
SAID = (
    "The road to the clinic has no shade and no bench.", "They ask my sister what I want. I am sitting there.",
    "Since the ramp was built I go by myself.", "La réunion commence avant que je puisse arriver.",
    "On me parle plus fort, mais on ne m'écoute pas mieux.", "Maintenant, je signe moi-même mes papiers.",
    "We spoke about the bus three times; nobody wrote it down.", "J'ai pris la parole et on a changé l'heure de la réunion.",
)  # fmt: skip


def _rows(drawn: dict[str, Any], rng: np.random.Generator) -> Rows:
    """The drawn people's answers as the form's codes."""
    out = []
    for at in range(drawn["age"].size):

        def said(name: str, codes: str, at: int = at) -> str | None:
            silence = drawn.get(f"{name}__silence")
            code = str(drawn[name][at]) or (str(silence[at]) if silence is not None else "")
            return CODES[codes].get(code)

        row: dict[str, Any] = {
            "consent": "1", "region": str(people.STRATA.index(drawn["stratum"][at]) + 1), "gender": said("gender", "gender"),
            "age": int(drawn["age"][at]) if rng.random() > 0.025 else None,
            "displaced": said("displaced", "yes_no"), "lives_with_partner": said("has_partner", "yes_no"),
            **{short: said(name, "difficulty") for short, name in zip(WG_ASKED, people.WG, strict=True)},
            "heard": said("heard_in_meetings", "heard"), "decides_health": said("decides_health_care", "decides_health"),
            "barriers": " ".join(b for b in people.BARRIERS if drawn[f"barriers/{b}"][at]) or "none", "barriers_number": int(drawn["barriers_number"][at]),
            "services": " ".join(s for s in people.SERVICES if drawn[f"services_used/{s}"][at]) or "none",
            "own_words": str(rng.choice(SAID)) if rng.random() < 0.03 else None,
            "stratum": str(drawn["stratum"][at]), "village": str(drawn["psu"][at]), "villages_in_stratum": int(drawn["fpc"][at]),
            "weight": round(float(drawn["weight"][at]), 6),
        }  # fmt: skip
        out.append(row)
    return out


def _refused(row: dict[str, Any]) -> dict[str, Any]:
    """Somebody who said no: nothing is asked, and nothing kept but the place."""
    keep = ("stratum", "village", "villages_in_stratum", "weight")
    return {"consent": "0", **{name: row[name] for name in keep}}


DESIGN = ("stratum", "village", "villages_in_stratum", "weight")


def _baseline(everyone: people.Population, path: Path) -> None:
    """Group names in the headers, select_multiple as one column of words, and what went wrong in 2022."""
    rng = np.random.default_rng([SEED, 1])
    rows = _rows(people.draw(everyone, SEED, "baseline"), rng)
    refused = [_refused(rows[at]) for at in (101, 377, 640, 902, 1204)]
    rows = with_metadata([*rows, *refused], rng, first=date(2022, 5, 9), days=19, version="vE1stepBaseline22")
    rows = spoiled(rows, [(58, "age", 203), (733, "barriers_number", 7), (411, "own_words", "  ")])
    rows = duplicated(trailing_spaces(rows, "displaced", (12, 340, 871)), (77, 505, 1010))
    columns = columns_of(FORM, leave_out=("what_this_is",))
    head, rows = prefixed(rows, columns, FORM)
    write_xlsx(path, {"Every step, survey": ([*BEFORE, *head, *AFTER, *DESIGN], rows)}, title="Every step, baseline export")


def _midline(everyone: people.Population, path: Path) -> None:
    """No group names, select_multiple as a column an option, a second sheet of the people they live with."""
    rng = np.random.default_rng([SEED, 2])
    rows = _rows(people.draw(everyone, SEED, "midline"), rng)
    refused = [_refused(rows[at]) for at in (44, 512, 1100, 1333)]
    rows = with_metadata([*rows, *refused], rng, first=date(2024, 5, 6), days=24, version="vE2stepMidline24")
    rows = spoiled(rows, [(219, "age", 118), (1002, "age", 119)])
    rows = duplicated(trailing_spaces(rows, "heard", (3, 690)), (250, 1111))
    for name in ("barriers", "services"):
        rows = spread(rows, FORM, name)
    columns = columns_of(FORM, wide=("barriers", "services"), leave_out=("what_this_is",))
    members = _household(rows, rng)
    sheets = {
        "Every step, survey": ([*BEFORE, *columns, *AFTER, *DESIGN], rows),
        "household": (["member_age", "member_helped", "_index", "_parent_table_name", "_parent_index", "_submission__uuid"], members),
    }
    write_xlsx(path, sheets, title="Every step, midline export")


def _household(rows: Rows, rng: np.random.Generator) -> Rows:
    """A row for each person someone lives with, tied to the submission by its index."""
    out: Rows = []
    for row in rows:
        number = int(rng.integers(0, 4)) if row["consent"] == "1" else 0
        for _ in range(number):
            out.append(
                {
                    "member_age": int(rng.integers(0, 80)), "member_helped": str(int(rng.random() < 0.12)), "_index": len(out) + 1,
                    "_parent_table_name": "Every step, survey", "_parent_index": row["_index"], "_submission__uuid": row["_uuid"],
                }
            )  # fmt: skip
    return out


def write(folder: Path) -> None:
    """Every file of the alliance."""
    copy_written(ID, folder)
    everyone = people.population()
    write_form(folder / "forms" / "survey.xlsx", FORM)
    _baseline(everyone, folder / "answers" / "baseline_2022.xlsx")
    _midline(everyone, folder / "answers" / "midline_2024.xlsx")
    shape = {
        "about": "The invented population's values, which the survey is meant to find.",
        "people": len(everyone),
        "values": people.truth(everyone),
    }
    (folder / "truth.json").write_text(json.dumps(shape, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    rng = np.random.default_rng([SEED, 3])
    write_csv(folder / "partners.csv", registers.PARTNER_COLUMNS, registers.partners(ID, rng))
    outcomes = registers.outcomes(ID, rng)
    write_xlsx(folder / "outcomes.xlsx", {"outcomes": (registers.OUTCOME_COLUMNS, outcomes)}, title="Every step, outcomes")
