"""The invented alliances are what their seeds make, and hold what each is there for."""

from __future__ import annotations

import tomllib
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from mel.model.alliance import Alliance
from mel.model.pack import Pack

from .conftest import IDS


def _files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "releases" not in p.parts)


def _content(path: Path) -> Any:
    """A workbook by what it holds (compression differs between machines), anything else by its bytes."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as held:
        return {name: held.read(name) for name in held.namelist()}


def _table(path: Path, **how: Any) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str, keep_default_na=False, **how)
    return pd.read_excel(path, dtype=str, keep_default_na=False, engine="calamine", **how)


@pytest.mark.parametrize("name", IDS)
def test_generating_again_gives_what_is_committed(name: str, made: Path, alliances: Path) -> None:
    assert _files(made / name) == _files(alliances / name)
    assert [f for f in _files(made / name) if _content(made / name / f) != _content(alliances / name / f)] == []


def test_the_same_seed_gives_the_same_bytes(made: Path, generate: ModuleType, tmp_path: Path) -> None:
    generate.generate(tmp_path, ("shade-and-rain", "loud-and-clear"))
    files = _files(tmp_path)
    assert len(files) > 30
    assert [f for f in files if (made / f).read_bytes() != (tmp_path / f).read_bytes()] == []


def test_generating_keeps_published_releases_and_clears_the_rest(generate: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "shade-and-rain" / "releases").mkdir(parents=True)
    (tmp_path / "shade-and-rain" / "releases" / "kept.json").write_text("{}")
    (tmp_path / "shade-and-rain" / "left-over.csv").write_text("a")
    generate.generate(tmp_path, ("shade-and-rain",))
    assert (tmp_path / "shade-and-rain" / "releases" / "kept.json").exists()
    assert not (tmp_path / "shade-and-rain" / "left-over.csv").exists()


def test_the_committed_files_stay_small(alliances: Path) -> None:
    assert sum((alliances / f).stat().st_size for f in _files(alliances)) < 3_000_000


@pytest.mark.parametrize("name", IDS)
def test_what_was_written_fits_the_model_and_says_invented(name: str, written: dict[str, dict[str, Any]]) -> None:
    alliance = Alliance.model_validate(written[name])
    assert alliance.alliance.id == name
    assert alliance.alliance.invented is True
    assert 4 <= len(alliance.members) <= 8
    assert {member.side for member in alliance.members} >= {"south", "north"}


@pytest.mark.parametrize("name", IDS)
def test_own_packs_fit_the_model_and_every_indicator_has_a_case(name: str, alliances: Path) -> None:
    pack = Pack.model_validate(tomllib.loads((alliances / name / "own.toml").read_text(encoding="utf-8")))
    assert [i.id for i in pack.indicators if not i.cases] == []
    assert [i.id for i in pack.indicators if "invented" not in i.source] == []
    assert [i.id for i in pack.indicators if not all("invented" in case.who for case in i.cases)] == []


def test_a_consortium_without_a_survey(alliances: Path, written: dict[str, dict[str, Any]]) -> None:
    folder = alliances / "threads-of-courage"
    partners, outcomes, stories = _table(folder / "partners.csv"), _table(folder / "outcomes.xlsx"), _table(folder / "stories.xlsx")
    assert (len(partners), partners["country"].nunique(), len(outcomes), len(stories)) == (60, 5, 140, 25)
    assert {d["kind"] for d in written["threads-of-courage"]["datasets"]} == {"outcomes", "partners", "stories", "readings"}
    assert set(outcomes["direction"].str.strip()) == {"positive", "negative", "mixed", "held_the_line"}
    assert (outcomes["backlash"] == "yes").sum() >= 10
    assert (outcomes["intended"] == "unintended").sum() >= 10
    assert ((outcomes["consent"] == "no") | (outcomes["publish"] != "public")).sum() >= 20
    assert set(outcomes["language"]) == {"en", "fr", "es", "ar"}


def test_outcomes_do_not_read_as_copies(alliances: Path) -> None:
    outcomes = _table(alliances / "threads-of-courage" / "outcomes.xlsx")
    assert outcomes["description"].duplicated().sum() <= 4
    assert outcomes[["description", "significance", "contribution"]].duplicated().sum() == 0


def test_several_partners_claim_one_law(alliances: Path) -> None:
    """What a distinct count is for: fewer laws than claims."""
    outcomes = _table(alliances / "threads-of-courage" / "outcomes.xlsx")
    claims = outcomes[outcomes["basket_codes"].str.contains("SCS002")]
    assert 0 < claims["instrument_id"].nunique() < len(claims)
    assert (claims["instrument_id"] != "").all()


def test_partners_at_risk_are_real_partners(alliances: Path, written: dict[str, dict[str, Any]]) -> None:
    for name in IDS:
        known = set(_table(alliances / name / "partners.csv")["partner_id"])
        assert set(written[name]["disclosure"].get("partners_at_risk", {})) <= known
    assert len(written["threads-of-courage"]["disclosure"]["partners_at_risk"]) == 2


def test_each_of_22_partners_has_a_file_of_its_own(alliances: Path) -> None:
    folder = alliances / "loud-and-clear"
    files = sorted((folder / "answers").iterdir())
    assert {f.stem for f in files} == set(_table(folder / "partners.csv")["partner_id"])
    assert len(files) == 22
    assert {f.suffix for f in files} == {".csv", ".xlsx"}
    heads = {f.stem: f.read_bytes()[:400] for f in files if f.suffix == ".csv"}
    assert any(head.startswith(b"\xef\xbb\xbf") for head in heads.values())
    assert any(b";" in head for head in heads.values())
    assert any(head.startswith(b"sheet_no") for head in heads.values())


def test_one_partner_is_very_small(alliances: Path) -> None:
    rows = {f.stem: f for f in (alliances / "loud-and-clear" / "answers").iterdir()}
    assert len(_table(rows["gt-03"])) == 8


def test_one_form_changed_half_way(alliances: Path) -> None:
    rows = _table(alliances / "shade-and-rain" / "answers" / "conversations_2024.xlsx")
    asked = {v: (group["water_distance"] != "").sum() > 0 for v, group in rows.groupby("__version__")}
    assert len(asked) == 2
    assert sorted(asked.values()) == [False, True]
    assert not ((rows["water_distance"] != "") & (rows["water_minutes"] != "")).any()


def test_names_and_numbers_of_people_are_plainly_invented(alliances: Path) -> None:
    """One export carries a name and a phone column, for the leak tests to look for; nothing else does."""
    found = [f for f in (alliances / "loud-and-clear" / "answers").glob("*.xlsx") if "name" in _table(f)]
    assert len(found) == 1
    held = _table(found[0])
    assert held["name"].str.match(r"INVENTED-NAME-\d{4}$").all()
    assert held["phone"].str.match(r"INVENTED-PHONE-\d{4}$").all()


def test_the_workbook_says_what_the_toml_said(alliances: Path, written: dict[str, dict[str, Any]]) -> None:
    from mel.collection.alliance import load_alliance

    assert not (alliances / "loud-and-clear" / "alliance.toml").exists()
    assert load_alliance(alliances / "loud-and-clear") == Alliance.model_validate(written["loud-and-clear"])
