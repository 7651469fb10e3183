"""Whatever is sent: one clear catalogued error and an untouched earlier report, or the same figures as from the clean file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from mel.collection import load_alliance
from mel.formats.workbooks import new_workbook
from mel.portfolio import Outcome, plan, run
from mel.portfolio.road import travel
from tests.spec.road.conftest import CHOICES, SURVEY, Small, fingerprint, write_form


def figures(small: Small) -> pd.DataFrame:
    return travel(small.folder, load_alliance(small.folder)).release.estimates


def attempt(small: Small, tmp_path: Path) -> Outcome:
    """Run the main job on a folder that has an earlier report; the report must be as it was, byte for byte."""
    into = tmp_path / "reports"
    earlier = into / "small-lamps"
    (earlier / "release").mkdir(parents=True)
    (earlier / "small-lamps-mtr.html").write_text("the report of last year")
    before = fingerprint(earlier)
    (outcome,) = run(plan([small.folder], into), workers=1)
    assert fingerprint(earlier) == before
    assert [p.name for p in into.iterdir()] == ["small-lamps"], "nothing half-written stays beside it"
    return outcome


def missing_file(small: Small) -> None:
    (small.folder / "midline.csv").rename(small.folder / "midlin.csv")


def empty_file(small: Small) -> None:
    (small.folder / "midline.csv").write_bytes(b"")


def only_a_header(small: Small) -> None:
    small.put(small.answers().head(0))


def wrong_sheet(small: Small) -> None:
    small.answers().to_excel(small.folder / "midline.xlsx", sheet_name="Sheet1", index=False, engine="xlsxwriter")
    small.replace("alliance.toml", 'files = ["midline.csv"]', 'files = ["midline.xlsx"]\nsheet = "answers"')


def design_column_renamed(small: Small) -> None:
    small.put(small.answers().rename(columns={"district": "district_id"}))
    small.put(small.answers("baseline.csv").rename(columns={"district": "district_id"}), "baseline.csv")


def mapped_column_renamed(small: Small) -> None:
    for file in ("baseline.csv", "midline.csv"):
        small.put(small.answers(file).rename(columns={"sex": "seks"}), file)


def code_not_in_choices(small: Small) -> None:
    frame = small.answers()
    frame["sex"] = frame["sex"].replace("f", "W")
    small.put(frame)


def rounds_with_different_codes(small: Small) -> None:
    frame = small.answers()
    frame["sex"] = frame["sex"].map({"f": "1", "m": "2"})
    small.put(frame)
    choices = [(a, {"f": "1", "m": "2"}.get(b, b) if a == "sex" else b, c) for a, b, c in CHOICES]
    write_form(small.folder / "form2.xlsx", choices=choices)
    small.replace("alliance.toml", 'files = ["midline.csv"]', 'files = ["midline.csv"]\nform = "form2.xlsx"')


def blank_weights(small: Small) -> None:
    frame = small.answers()
    frame.loc[[3, 7], "weight"] = ""
    small.put(frame)


def key_misspelt(small: Small) -> None:
    small.replace("alliance.toml", "stratum =", "stratm =")


def design_left_out(small: Small) -> None:
    small.replace("alliance.toml", 'basis = "probability"\n', "")


def not_what_its_ending_says(small: Small) -> None:
    (small.folder / "midline.csv").rename(small.folder / "midline.xlsx")
    small.replace("alliance.toml", '"midline.csv"', '"midline.xlsx"')


BROKEN = [
    missing_file, empty_file, only_a_header, wrong_sheet, design_column_renamed, mapped_column_renamed, code_not_in_choices,
    rounds_with_different_codes, blank_weights, key_misspelt, design_left_out, not_what_its_ending_says,
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda f: f.__name__)
def test_bad_input_ends_in_one_clear_error_and_an_untouched_report(small: Small, tmp_path: Path, broken) -> None:
    broken(small)
    outcome = attempt(small, tmp_path)
    assert outcome.exit_code == 1
    stopping = [p for p in outcome.problems if p.severity == "stop"]
    assert len({p.code for p in stopping}) == 1, [str(p) for p in stopping]
    (problem, *_) = stopping
    assert problem.code != "UNEXPECTED", str(problem)
    assert problem.where
    assert str(small.folder) not in str(problem), "a machine's path stands in the error"


def latin_1(small: Small) -> None:
    frame = small.answers()
    frame["village"] = frame["village"].replace("V01", "Café-Nuñez")
    small.put(frame, encoding="latin-1")


def utf_16(small: Small) -> None:
    small.put(small.answers(), encoding="utf-16")


def semicolon_and_decimal_comma(small: Small) -> None:
    frame = small.answers()
    frame["weight"] = frame["weight"].str.replace(".", ",")
    small.put(frame, sep=";")


def excel_serial_dates(small: Small) -> None:
    frame = small.answers()
    with new_workbook(small.folder / "midline.xlsx", title="t") as book:
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, list(frame.columns))
        for at, row in enumerate(frame.itertuples(index=False), start=1):
            sheet.write_row(
                at, 0, [44684 if name == "visited" else float(v) if name in ("weight", "age") else v for name, v in zip(frame, row)]
            )
    small.replace("alliance.toml", 'files = ["midline.csv"]', 'files = ["midline.xlsx"]')


def two_hundred_choices(small: Small) -> None:
    names = [f"c{i}" for i in range(200)]
    write_form(
        small.folder / "form2.xlsx",
        [*SURVEY, ("select_multiple many", "services", "Services used", "", "", "")],
        [*CHOICES, *(("many", name, name.upper()) for name in names)],
    )
    frame = small.answers()
    wide = pd.DataFrame({f"services/{name}": "1" if i % 3 == 0 else "0" for i, name in enumerate(names)}, index=frame.index)
    small.put(pd.concat([frame, wide], axis=1))
    small.replace("alliance.toml", 'files = ["midline.csv"]', 'files = ["midline.csv"]\nform = "form2.xlsx"')


READABLE = [latin_1, utf_16, semicolon_and_decimal_comma, excel_serial_dates, two_hundred_choices]


@pytest.mark.parametrize("other", READABLE, ids=lambda f: f.__name__)
def test_another_dialect_gives_the_same_figures(small: Small, other) -> None:
    clean = figures(small)
    other(small)
    pd.testing.assert_frame_equal(figures(small), clean)


def test_all_problems_are_said_at_once(small: Small) -> None:
    """Three things wrong in alliance.toml are three problems of one run, each with its key."""
    small.replace("alliance.toml", "stratum =", "stratm =")
    small.replace("alliance.toml", 'share = "public"', 'share = "everyone"')
    small.replace("alliance.toml", 'id = "heard_in_meetings"\ndataset', 'id = "heard_in_meetings"\ndatset')
    (job,) = plan([small.folder], small.folder.parent / "reports")
    keys = {problem.key for problem in job.problems}
    assert {"datasets[0].design.stratm", "datasets[0].share"} <= keys
    assert any("indicators[0]" in str(key) for key in keys)
