"""Real people, the whole road: 32,577 adults of NHIS 2024 from a csv to a finished report, and the report's figures are R's.

Expected: R `survey` 4.5, svydesign(ids=~ppsu, strata=~pstrat, weights=~wtfa_a, nest=TRUE); Korn-Graubard by svyciprop(method="beta",
df=degf(domain)). Data: US National Center for Health Statistics, public domain. One adult has no answer to any of the six questions.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.collection import load_alliance
from mel.formats.packs import load_packs
from mel.formats.release import read_release
from mel.portfolio import Outcome, plan, run
from mel.portfolio.road import gather, measure_all

ITEMS = {
    "wg_seeing": "vision", "wg_hearing": "hearing", "wg_walking": "mobility",
    "wg_remembering": "cognition", "wg_self_care": "self_care", "wg_communicating": "communication",
}  # fmt: skip
CODES = '{ "No difficulty" = "no", "Some difficulty" = "some", "A lot of difficulty" = "a_lot_or_cannot" }'
HEAD = """
packs = ["lnob", "own.toml"]

[alliance]
id = "nhis"
name = "NHIS 2024 adults"
purpose = "To hold the road against figures made elsewhere."
period = { start = 2024-01-01, end = 2024-12-31 }

[[members]]
id = "nchs"
name = "National Center for Health Statistics"
side = "north"
country = "US"

[[datasets]]
name = "adults"
kind = "answers"
owner = "nchs"
share = "public"

[datasets.design]
basis = "probability"
weights = "expansion"
stratum = "pstrat"
psu = "ppsu"
weight = "wtfa_a"

[[datasets.rounds]]
name = "year-2024"
date = 2024-06-30
files = ["people.csv"]

[datasets.map]
sex = "sex_a"
age_group = "age_group_std"
"""
PACK = """
id = "own"
version = "1"
label = "For this test"
source = "the test"
status = "confirmed"
"""


def alliance(folder: Path, people: Path) -> Path:
    folder.mkdir()
    shutil.copy(people, folder / "people.csv")
    text = HEAD + "".join(f'{v} = {{ column = "{c}", codes = {CODES} }}\n' for v, c in ITEMS.items())
    text += '\n[report]\ninterval = "korn_graubard"\n'
    for name in ("sex", "age_group"):
        text += f'\n[[dimensions]]\nname = "{name}"\n'
    pack = PACK
    for k in (1, 2, 3):
        text += f'\n[[dimensions]]\nname = "disability{k}"\nfrom = "disability"\ncut_off = "disability{k}"\n'
        by = '[["sex"], ["age_group"], ["sex", "age_group"]]'
        text += f'\n[[indicators]]\nid = "d{k}"\ndataset = "adults"\nby = {by}\n'
        pack += (
            f'\n[[indicators]]\nid = "d{k}"\nlabel = "Adults with a difficulty, identifier {k}"\nkind = "proportion"\n'
            f'numerator = {{ column = "disability{k}", is = ["with_disability"] }}\nsource = "Washington Group"\nstatus = "confirmed"\n'
        )
    (folder / "alliance.toml").write_text(text, encoding="utf-8")
    (folder / "own.toml").write_text(pack, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return alliance(tmp_path_factory.mktemp("nhis") / "nhis", shared / "data" / "nhis2024_wgss" / "people.csv")


@pytest.fixture(scope="module")
def outcome(folder: Path) -> Outcome:
    (ended,) = run(plan([folder], folder.parent / "reports"), workers=1)
    assert ended.done, [str(p) for p in ended.problems]
    return ended


def keyed(table: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["indicator"], row["sex"], row["age_group"]): row for row in table.to_dict("records")}


@pytest.fixture(scope="module")
def released(outcome: Outcome) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What the report may show."""
    return keyed(read_release(outcome.folder / "release").estimates)


@pytest.fixture(scope="module")
def measured(folder: Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The same road, before protection."""
    read = load_alliance(folder)
    return keyed(measure_all(read, load_packs(read.packs, folder), gather(read, folder)).table)


def expected(shared: Path) -> list[tuple[tuple[str, str, str], dict[str, Any]]]:
    """(indicator, sex, age group) and R's figures for it."""
    found: list[tuple[tuple[str, str, str], dict[str, Any]]] = []
    for result in json.loads((shared / "data" / "nhis2024_wgss" / "expected.json").read_text())["results"]:
        y, by = result.get("y"), result.get("by")
        if y not in ("d1", "d2", "d3") or by is None or not set(by) <= {"sex_a", "age_group_std"}:
            continue
        if not by:
            kg = result["kg"]
            found.append(((y, "all", "all"), result | {"low": kg[1], "high": kg[2], "deff": result["deff_wr"]}))
        for row in result.get("table", ()):
            key = (y, row.get("sex_a", "all"), row.get("age_group_std", "all"))
            found.append((key, row | {"est": row[y], "low": row["kg_lower"], "high": row["kg_upper"], "deff": row[f"DEff.{y}"]}))
    return found


COLUMNS = ("estimate", "se", "deff", "n", "df", "ci_low", "ci_high")


def theirs(r: dict[str, Any]) -> list[float]:
    return [r["est"], r["se"], r["deff"], r["n"], r["degf"], r["low"], r["high"]]


def test_every_figure_of_the_road_is_rs(shared: Path, measured: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    cases = expected(shared)
    assert len(cases) == 3 * (1 + 2 + 5 + 10)
    for key, r in cases:
        assert [float(measured[key][c]) for c in COLUMNS] == pytest.approx(theirs(r), rel=1e-9), key


def test_every_figure_the_report_shows_is_rs(shared: Path, released: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    """Five adults did not say their sex: they are hidden, and with them one figure from which they could be worked out."""
    shown = [(key, r) for key, r in expected(shared) if released[key]["disclosure"] == "open"]
    assert len(shown) >= 45
    for key, r in shown:
        assert [float(released[key][c]) for c in COLUMNS] == pytest.approx(theirs(r), rel=1e-9), key
    assert all(row["disclosure"] == "primary" for key, row in released.items() if key[1] == "not_known" and row["n"] != 0)


def test_the_one_who_answered_nothing_is_counted_as_missing(released: dict[tuple[str, str, str], dict[str, Any]]) -> None:
    whole = released[("d3", "all", "all")]
    assert (whole["n"], whole["n_missing"]) == (32_576, 1)


def test_every_format_of_the_report_is_there(outcome: Outcome) -> None:
    assert {"html", "docx", "xlsx", "notebook"} <= set(outcome.files)
    page = Path(outcome.files["html"]).read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "identifier 3: 10 % of people in the area (95 % interval 9 to 10)" in page
