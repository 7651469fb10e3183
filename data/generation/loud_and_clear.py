"""`loud-and-clear`: 22 partners each asked everyone they work with. One file a partner, and no two treasurers type alike."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from generation import registers
from generation.exports import AFTER, BEFORE, Rows, columns_of, duplicated, labelled, spoiled, spread, with_metadata
from generation.files import HERE, copy_written, write_csv, write_xlsx
from generation.forms import read_form, write_form

ID, SEED = "loud-and-clear", 20243
FORM = read_form(ID)
PARTNERS = (  # people on the list, their usual work, how the file was saved
    (28, "street", "comma"),
    (17, "waste", "latin"),
    (34, "other", "bom"),
    (12, "home", "xlsx"),
    (23, "street", "paper"),
    (9, "other", "semicolon"),
    (31, "domestic", "comma"),
    (40, "street", "xlsx"),
    (8, "other", "paper"),
    (26, "other", "latin"),
    (15, "home", "comma"),
    (29, "street", "xlsx"),
    (20, "street", "comma"),
    (36, "home", "bom"),
    (24, "street", "semicolon"),
    (14, "other", "paper"),
    (10, "street", "comma"),
    (38, "street", "xlsx"),
    (22, "other", "bom"),
    (33, "waste", "comma"),
    (18, "street", "semicolon"),
    (27, "other", "paper"),
)
COLUMNS_ASKED = tuple(c for c in columns_of(FORM) if c != "consent")
SAID = {
    "es": (
        "Que escuchen antes de decidir.",
        "Hablé y el señor apagó el micrófono.",
        "La próxima vez vamos todas.",
        "¿Y mañana quién cuida el puesto?",
    ),
    "en": (
        "They wrote down my name and spelled it right.",
        "I spoke, and then it rained.",
        "We want the answer in writing.",
        "The young ones should speak next.",
    ),
}


def _person(rng: np.random.Generator, country: str, work: str) -> dict[str, Any]:
    """One member's answers."""
    gender = str(rng.choice(["woman", "man", "nb", "self", "pnts"], p=[0.61, 0.30, 0.03, 0.03, 0.03]))
    woman, age = gender == "woman", int(16 + rng.beta(1.8, 2.6) * 58)
    hard = rng.normal(0.018 * (age - 30), 0.8) + rng.normal(0, 1, 6)
    wg = [str(1 + int(np.searchsorted([1.7, 2.7, 3.6], h))) for h in hard]
    disabled = any(code in "34" for code in wg)
    spoke = rng.random() < 0.52 - 0.10 * woman - 0.14 * disabled + 0.08 * (work == "street")
    changed = rng.random() < (0.5 if spoke else 0.07)
    ways = [
        w
        for w, p in zip(
            ("distance", "time", "not_invited", "not_safe", "not_allowed"),
            (0.2, 0.3 + 0.25 * woman, 0.25, 0.18 + 0.1 * woman, 0.04 + 0.1 * woman),
            strict=True,
        )
        if rng.random() < p
    ]
    return {
        "consent": "yes", "country": country, "gender": gender, "gender_words": None, "age": age if rng.random() > 0.035 else None,
        "work": work if rng.random() < 0.8 else str(rng.choice(list(FORM.choices["work"]))), **{f"wg{at}": code for at, code in enumerate(wg, start=1)},
        "spoke": _said(rng, bool(spoke)), "changed": _said(rng, bool(changed)), "knows": _said(rng, rng.random() < 0.58 - 0.1 * disabled),
        "safe": int(np.clip(round(rng.normal(3.2 - 0.4 * woman - 0.3 * disabled, 1.1)), 1, 5)),
        "care_hours": float(round(max(0.0, rng.normal(5.6 if woman else 2.1, 1.9)) * 2) / 2), "in_the_way": " ".join(ways) or "nothing",
        "words": str(rng.choice(SAID["es" if country in ("HN", "GT") else "en"])) if rng.random() < 0.06 else None,
    }  # fmt: skip


def _said(rng: np.random.Generator, yes: bool) -> str:
    silent = rng.random()
    return "pnts" if silent < 0.012 else "dk" if silent < 0.03 else "yes" if yes else "no"


def _asked(rng: np.random.Generator, size: int, country: str, work: str) -> Rows:
    """Those who could be reached, of everyone on the list; now and then somebody says no."""
    reached = size - int(rng.integers(0, 1 + size // 8)) if size > 8 else size
    rows = [_person(rng, country, work) for _ in range(reached)]
    if size > 20:
        rows[3] = {"consent": "no"}
    return [{**row, "people_on_list": size} for row in rows]


def _write_phone(path: Path, rows: Rows, rng: np.random.Generator, dialect: str, again: tuple[int, ...] = ()) -> None:
    """What came from the server, saved the way the partner's computer saves it."""
    rows = duplicated(with_metadata(rows, rng, first=date(2024, 6, 3), days=20, version="vL1everyone24"), again)
    columns = [*BEFORE, *columns_of(FORM), *AFTER, "people_on_list"]
    if dialect == "xlsx":
        rows, columns = spread(rows, FORM, "in_the_way"), [*BEFORE, *columns_of(FORM, wide=("in_the_way",)), *AFTER, "people_on_list"]
        write_xlsx(path.with_suffix(".xlsx"), {"Loud and Clear, everyone": (columns, rows)}, title=f"Export {path.stem}")
        return
    how: dict[str, dict[str, Any]] = {
        "comma": {}, "bom": {"encoding": "utf-8-sig"}, "semicolon": {"delimiter": ";", "decimal": ","},
        "latin": {"delimiter": ";", "decimal": ",", "encoding": "latin-1"},
    }  # fmt: skip
    write_csv(path, columns, rows, **how[dialect])


def _write_paper(path: Path, rows: Rows, language: int, rng: np.random.Generator) -> None:
    """Typed from paper: labels instead of codes, blanks, a date by hand, no server's columns."""
    typed = labelled(
        rows, FORM, ("consent", "country", "gender", "work", *(f"wg{n}" for n in range(1, 7)), "spoke", "changed", "knows"), language
    )
    day = [date(2024, 6, 13) + timedelta(days=int(rng.integers(0, 14))) for _ in typed]
    typed = [{**row, "today": f"{on:%d/%m/%Y}", "sheet_no": at} for at, (row, on) in enumerate(zip(typed, day, strict=True), start=1)]
    blanks = [
        (int(rng.integers(0, len(typed))), str(rng.choice(["knows", "changed", "care_hours", "safe", "wg4"])))
        for _ in range(max(2, len(typed) // 6))
    ]
    typed = spoiled(typed, ((at, column, None) for at, column in blanks))
    write_csv(path, ["sheet_no", "today", "consent", *COLUMNS_ASKED, "people_on_list"], typed)


def _dirty(rows: Rows, partner: int) -> Rows:
    """What went wrong where: a few cells in a few files."""
    wrong: dict[int, list[tuple[int, str, Any]]] = {
        0: [(5, "age", 301)], 6: [(2, "care_hours", 25.0)], 7: [(20, "safe", 6)],
        12: [(1, "spoke", "yes "), (6, "spoke", "no ")], 19: [(8, "words", "  ")],
    }  # fmt: skip
    return spoiled(rows, wrong.get(partner, ()))


def _with_names(rows: Rows) -> Rows:
    """One partner left a name and a number in its file, against the agreement. They are plainly invented, so that a leak would show."""
    return [{**row, "name": f"INVENTED-NAME-{at:04d}", "phone": f"INVENTED-PHONE-{at:04d}"} for at, row in enumerate(rows, start=1)]


def write(folder: Path) -> None:
    """Every file of the alliance."""
    copy_written(ID, folder)
    rng = np.random.default_rng(SEED)
    partners = registers.partners(ID, rng)
    write_csv(folder / "partners.csv", registers.PARTNER_COLUMNS, partners)
    write_form(folder / "forms" / "everyone.xlsx", FORM)
    for at, (partner, (size, work, dialect)) in enumerate(zip(partners, PARTNERS, strict=True)):
        rows = _dirty(_asked(rng, size, partner["country"], work), at)
        path = folder / "answers" / f"{partner['partner_id']}.csv"
        if dialect == "paper":
            _write_paper(path, rows, 1 if partner["country"] in ("HN", "GT") else 0, rng)
        elif at == 17:
            _write_named(path, rows, rng)
        else:
            _write_phone(path, rows, rng, dialect, again=(4,) if at in (2, 10) else ())
    outcomes = registers.outcomes(ID, rng)
    write_xlsx(folder / "outcomes.xlsx", {"outcomes": (registers.OUTCOME_COLUMNS, outcomes)}, title="Loud and Clear, outcomes")
    as_workbook(folder)


def _write_named(path: Path, rows: Rows, rng: np.random.Generator) -> None:
    rows = with_metadata(_with_names(rows), rng, first=date(2024, 6, 3), days=20, version="vL1everyone24")
    columns = [*BEFORE, "name", "phone", *columns_of(FORM, wide=("in_the_way",)), *AFTER, "people_on_list"]
    write_xlsx(
        path.with_suffix(".xlsx"), {"Loud and Clear, everyone": (columns, spread(rows, FORM, "in_the_way"))}, title=f"Export {path.stem}"
    )


def as_workbook(folder: Path) -> None:
    """The people of this alliance work in a spreadsheet: what they wrote becomes alliance.xlsx, and the .toml goes."""
    from mel.collection.alliance_workbook import write_alliance_workbook
    from mel.model.alliance import Alliance

    written = tomllib.loads((HERE / "written" / ID / "alliance.toml").read_text(encoding="utf-8"))
    write_alliance_workbook(Alliance.model_validate(written), folder / "alliance.xlsx")
    (folder / "alliance.toml").unlink()
