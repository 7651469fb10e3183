"""A small invented alliance with a canary in every column, header, sheet, file name and label, and a way to hear where they come out.

A canary is `zqx`, the name of its place, `xqz`: letters only, so that no writer changes it but in its case.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd

from tests.spec.road.conftest import ALLIANCE, CHOICES, PACK, SURVEY, answers, write_form


def canary(place: str) -> str:
    return "zqx" + re.sub("[^a-z]", "", place.lower()) + "xqz"


def heard(text: str) -> set[str]:
    """The places whose canaries a text holds."""
    return set(re.findall("zqx([a-z]+?)xqz", text.lower()))


def heard_in(path: Path) -> set[str]:
    """In a file's name and content; of a zip (xlsx, docx), in every part."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parts:
            text = "\n".join(name + parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    else:
        text = path.read_text(encoding="utf-8", errors="replace")
    return heard(path.name + "\n" + text)


REGISTERS = {
    "outcomes": {
        "outcome_id": None, "date": "2023-05-01", "country": "UG", "place": None, "level": "local", "actor": None, "actor_type": None,
        "title": None, "description": None, "significance": None, "significance_says": None, "contribution": None, "contributors": None,
        "intended": "intended", "direction": "positive", "backlash": "no", "pathway": None, "basket_codes": None, "instrument_id": None,
        "sources": None, "verifier": None, "verifier_independent": "yes", "substantiation": "agreed", "substantiation_comment": None,
        "sensitivity": "none", "consent": "yes", "publish": "public", "written_by": None, "language": "en", "own_notes": None,
    },
    "partners": {
        "partner_id": None, "name": None, "country": "UG", "side": "south", "type": None, "women_led": "yes", "youth_led": "no",
        "disability_led": "no", "since": "2020", "contact": None,
    },
    "readings": {
        "reading_id": None, "indicator": "heard_in_meetings", "round": "midline", "domain": "", "measure": "estimate", "group": None,
        "date": "2024-06-01", "language": "en", "what_it_means": None, "what_is_wrong": None, "dissent": None, "may_be_quoted": "yes",
        "publish": "public", "facilitator": None,
    },
    "stories": {
        "story_id": None, "partner": None, "date": "2024-06-01", "language": "en", "title": None, "text": None, "translation": None,
        "consent": "yes", "publish": "public", "recorded_by": None,
    },
}  # fmt: skip
"""The registers' columns and what stands in them; None: a canary."""
ANSWERS = ("_submitted_by", "__version__", "name", "phone", "gps", "note", "_attachments", "_notes", "enumerator", "partner")
"""Columns of the answers, beside those that are counted."""


def rows_of(kind: str) -> pd.DataFrame:
    """Three entries: one that may be seen by all, one without consent, one for the alliance only."""
    rows = []
    for which in ("open", "unwilling", "inside"):
        row = {c: canary(f"{kind} {c} {which}") if v is None else v for c, v in REGISTERS[kind].items()}
        row |= {"consent": "no"} if which == "unwilling" and "consent" in row else {}
        row |= {"may_be_quoted": "no"} if which == "unwilling" and "may_be_quoted" in row else {}
        row |= {"publish": "alliance"} if which == "inside" and "publish" in row else {}
        rows.append(row)
    return pd.DataFrame(rows)


def survey(seed: int, which: str) -> pd.DataFrame:
    frame = answers(seed)
    for column in ANSWERS:
        frame[column] = [canary(f"answer {column} {which}")] * len(frame)
    frame["free text"] = canary(f"answer free {which}")
    frame[canary(f"header {which}")] = canary(f"answer header {which}")
    return frame


def plant(folder: Path) -> Path:
    """Write the alliance into `folder`."""
    folder.mkdir(parents=True)
    files = {kind: f"{canary('file ' + kind)}.csv" for kind in REGISTERS} | {"baseline": f"{canary('file baseline')}.csv"}
    files |= {
        "midline": f"{canary('file midline')}.xlsx",
        "stories": f"{canary('file stories')}.xlsx",
        "form": f"{canary('file form')}.xlsx",
    }
    for kind in REGISTERS:
        frame = rows_of(kind)
        if kind == "stories":
            frame.to_excel(folder / files[kind], sheet_name=canary("sheet stories"), index=False, engine="xlsxwriter")
        else:
            frame.to_csv(folder / files[kind], index=False)
    survey(1, "baseline").to_csv(folder / files["baseline"], index=False)
    sheet = canary("sheet midline")
    survey(2, "midline").to_excel(folder / files["midline"], sheet_name=sheet, index=False, engine="xlsxwriter")
    asked = [(t, n, f"{label} {canary('form label ' + n)}" if n != "name" else label, *rest) for t, n, label, *rest in SURVEY]
    more = [("text", name, f"{name} {canary('form label ' + name)}", "", "", "") for name in ("name", "phone", "note")]
    offered = [(lst, code, f"{label} {canary('form choice ' + code)}" if lst != "list_name" else label) for lst, code, label in CHOICES]
    write_form(folder / files["form"], [SURVEY[0], *asked[1:], *more], offered)
    (folder / "alliance.toml").write_text(_alliance(files, sheet), encoding="utf-8")
    (folder / "own.toml").write_text(
        PACK.replace('label = "People heard', f'label = "{canary("label indicator")} people heard'), encoding="utf-8"
    )
    return folder


def _alliance(files: dict[str, str], sheet: str) -> str:
    text = ALLIANCE.replace("form.xlsx", files["form"]).replace("baseline.csv", files["baseline"])
    text = text.replace('files = ["midline.csv"]', f'files = ["{files["midline"]}"]\nsheet = "{sheet}"')
    text = text.replace("Adults in villages", f"{canary('about who was asked')} Adults in villages")
    registers = "".join(
        f'\n[[datasets]]\nname = "{kind}"\nkind = "{kind}"\nowner = "lamp-house"\nshare = "public"\n'
        f"{'counts = ' + chr(34) + 'things' + chr(34) if kind == 'outcomes' else ''}\n"
        f'[[datasets.rounds]]\nname = "midline"\ndate = 2024-05-01\nfiles = ["{files[kind]}"]\n'
        for kind in REGISTERS
    )
    return text + registers
