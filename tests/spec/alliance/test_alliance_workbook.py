"""alliance.xlsx says the same as alliance.toml, for someone who will never open a TOML file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mel.collection.alliance import load_alliance
from mel.collection.alliance_cells import join_list, read_cell, split_list, write_cell
from mel.collection.alliance_layout import README, SHEETS
from mel.collection.alliance_workbook import write_alliance_workbook
from mel.errors import InputError, UsageError
from mel.model.alliance import Alliance

OWN_PACK = 'id = "own"\nversion = "1"\nlabel = "Own"\nsource = "Ours"\nstatus = "for_you_to_fill"\n'
Spoil = Callable[[Any], None]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The rich alliance as a workbook, written once."""
    where = tmp_path_factory.mktemp("written")
    (where / "alliance.toml").write_bytes((Path(__file__).parent / "rich.toml").read_bytes())
    (where / "own.toml").write_text(OWN_PACK, encoding="utf-8")
    write_alliance_workbook(load_alliance(where), where / "out.xlsx")
    return (where / "out.xlsx").read_bytes()


@pytest.fixture
def as_workbook(written: bytes, tmp_path: Path) -> Path:
    """The rich alliance in a folder of its own, as a workbook."""
    where = tmp_path / "as_workbook"
    where.mkdir()
    (where / "own.toml").write_text(OWN_PACK, encoding="utf-8")
    (where / "alliance.xlsx").write_bytes(written)
    return where


def spoilt(where: Path, spoil: Spoil) -> list[tuple[str, str | None, int | None, str | None]]:
    path = where / "alliance.xlsx"
    book = openpyxl.load_workbook(path)
    spoil(book)
    book.save(path)
    with pytest.raises(InputError) as caught:
        load_alliance(where)
    assert all(p.file == "alliance.xlsx" and p.key is None for p in caught.value.problems)
    return [(p.code, p.sheet, p.row, p.column) for p in caught.value.problems]


def put(book: Any, sheet: str, row: int, column: str, value: Any) -> None:
    page = book[sheet]
    at = [cell.value for cell in page[1]].index(column) + 1
    page.cell(row, at).value = value


def test_it_comes_back_equal(rich: Path, as_workbook: Path) -> None:
    assert load_alliance(as_workbook) == load_alliance(rich)


def test_the_same_alliance_gives_the_same_bytes(rich: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_alliance_workbook(load_alliance(rich), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_every_key_of_the_model_has_a_column() -> None:
    """A key that the workbook forgot would be lost without a word."""
    schema = Alliance.model_json_schema(by_alias=True)["$defs"]
    covered = {path for sheet in SHEETS for column in sheet.columns for path in column.path}
    elsewhere = {"map", "rounds", "targets", "cases", "labels", "columns", "column", "codes", "silences", "is", "includes"}
    elsewhere |= {"sensitive", "partners_at_risk", "countries_at_risk", "period", "design", "consent", "burden", "voice"}
    rules = set(schema["Rule"]["properties"])
    for name, model in schema.items():
        missing = set(model.get("properties", {})) - covered - elsewhere - rules
        assert not missing, f"{name}: {missing}"


def test_the_empty_one_explains_and_offers(tmp_path: Path) -> None:
    write_alliance_workbook(None, tmp_path / "alliance.xlsx")
    book = openpyxl.load_workbook(tmp_path / "alliance.xlsx")
    assert book.sheetnames == [README, *(sheet.name for sheet in SHEETS)]
    explained = {(row[0].value, row[1].value): row[2].value for row in book[README].iter_rows(min_row=4)}
    assert all(explained.get((sheet.name, column.name)) for sheet in SHEETS for column in sheet.columns)
    offered = {v.formula1 for v in book["datasets"].data_validations.dataValidation}
    assert '"probability,census,purposive,self_selected,unknown"' in offered
    assert "=members!$A$2:$A$1000" in {f"={f}" if not str(f).startswith(("=", '"')) else f for f in offered}
    with pytest.raises(InputError) as caught:
        load_alliance(tmp_path)
    assert [(p.code, p.sheet, p.row) for p in caught.value.problems] == [
        ("KEY_MISSING", "alliance", 2), ("KEY_MISSING", "alliance", 3), ("KEY_MISSING", "alliance", 6),
        ("KEY_MISSING", "members", None), ("KEY_MISSING", "datasets", None),
    ]  # fmt: skip


def test_every_closed_list_is_a_drop_down(tmp_path: Path) -> None:
    """But those that offer a comma: Excel parts a drop-down's choices by commas, so it would offer two empty ones."""
    write_alliance_workbook(None, tmp_path / "alliance.xlsx")
    book = openpyxl.load_workbook(tmp_path / "alliance.xlsx")
    for sheet in SHEETS:
        lists = {v.formula1 for v in book[sheet.name].data_validations.dataValidation}
        for column in (c for c in sheet.columns if c.choices and not any("," in choice for choice in c.choices)):
            assert f'"{",".join(column.choices)}"' in lists, (sheet.name, column.name)


def test_what_a_person_types_is_understood(as_workbook: Path, rich: Path) -> None:
    """Excel makes numbers and dates of what looks like one; people write yes in their own way."""
    from datetime import datetime

    path = as_workbook / "alliance.xlsx"
    book = openpyxl.load_workbook(path)
    put(book, "rounds", 2, "date", datetime(2021, 6, 1))  # noqa: DTZ001
    put(book, "rounds", 2, "day_first", True)
    put(book, "map_codes", 2, "form_code", 1)
    put(book, "indicators", 2, "by", "gender;  age; gender × age")
    put(book, "own_indicators", 2, "version", 2)
    book["members"].append([None, "  ", None])
    book.create_sheet("notes of ours").append(["anything"])
    book.save(path)
    assert load_alliance(as_workbook) == load_alliance(rich)


SPOILT: list[tuple[str, Spoil, tuple[str, str | None, int | None, str | None]]] = [
    ("a design without basis", lambda b: put(b, "datasets", 2, "basis", None), ("DESIGN_BASIS_MISSING", "datasets", 2, "basis")),
    ("a word that is not in the list", lambda b: put(b, "members", 2, "side", "southern"), ("CHOICE_UNKNOWN", "members", 2, "side")),
    ("no number", lambda b: put(b, "targets", 3, "value", "many"), ("TYPE_NOT_NUMBER", "targets", 3, "value")),
    ("no date", lambda b: put(b, "rounds", 3, "date", "spring"), ("TYPE_NOT_DATE", "rounds", 3, "date")),
    ("neither yes nor no", lambda b: put(b, "datasets", 2, "psu_unique", "perhaps"), ("TYPE_NOT_YES_NO", "datasets", 2, "psu_unique")),
    ("a rule that is none", lambda b: put(b, "dimensions", 4, "rule", "age < 25"), ("SHEET_CELL_UNCLEAR", "dimensions", 4, "rule")),
    ("a rule with a wrong key", lambda b: put(b, "own_indicators", 2, "population", '{ colum = "age", at_least = 15 }'),
     ("KEY_UNKNOWN", "own_indicators", 2, "population")),
    ("a group that is none", lambda b: put(b, "targets", 3, "where", "women"), ("SHEET_CELL_UNCLEAR", "targets", 3, "where")),
    ("a path that leaves", lambda b: put(b, "rounds", 2, "files", "a.csv; ../b.csv"), ("PATH_LEAVES_FOLDER", "rounds", 2, "files")),
    ("an owner nobody knows", lambda b: put(b, "datasets", 3, "owner", "rivr"), ("OWNER_UNKNOWN", "datasets", 3, "owner")),
    ("a misspelt dimension", lambda b: put(b, "indicators", 2, "by", "gendr; age; gender x age"), ("ALLIANCE_DIMENSION_UNKNOWN", "indicators", 2, "by")),
    ("a code nobody has", lambda b: put(b, "map_codes", 6, "code", "yess"), ("MAP_CODE_UNKNOWN", "map_codes", 6, "form_code")),
    ("a misspelt heading", lambda b: setattr(b["members"]["E1"], "value", "rool"), ("SHEET_COLUMN_UNKNOWN", "members", 1, None)),
    ("a heading twice", lambda b: setattr(b["members"]["F1"], "value", "role"), ("SHEET_COLUMN_TWICE", "members", 1, None)),
    ("a sheet nobody knows", lambda b: b.create_sheet("membrs"), ("SHEET_UNKNOWN", "membrs", None, None)),
    ("a row that belongs nowhere", lambda b: put(b, "categories", 3, "dimension", "gendr"), ("SHEET_ROW_ORPHAN", "categories", 3, "dimension")),
    ("a row twice", lambda b: put(b, "categories", 3, "code", "woman"), ("SHEET_ROW_TWICE", "categories", 3, "code")),
    ("a misspelt key", lambda b: setattr(b["report"]["A2"], "value", "titel"), ("KEY_UNKNOWN", "report", 2, "key")),
    ("a pack nobody knows", lambda b: put(b, "packs", 5, "pack", ""), ("ALLIANCE_INDICATOR_UNKNOWN", "indicators", 3, "id")),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "problem"), [(s, p) for _, s, p in SPOILT], ids=[name for name, *_ in SPOILT])
def test_each_fault_has_its_cell(as_workbook: Path, spoil: Spoil, problem: tuple[str, str | None, int | None, str | None]) -> None:
    assert spoilt(as_workbook, spoil)[0] == problem


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "alliance.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(InputError) as caught:
        load_alliance(tmp_path)
    assert len(caught.value.problems) == 1


def test_what_a_workbook_cannot_hold_is_not_written(rich: Path, tmp_path: Path) -> None:
    text = (rich / "alliance.toml").read_text(encoding="utf-8").replace("Lunch", "x" * 40_000)
    (rich / "alliance.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="differs under: 'datasets'"):
        write_alliance_workbook(load_alliance(rich), tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


@given(st.lists(WORDS, max_size=5))
def test_any_list_comes_back(parts: list[str]) -> None:
    assert split_list(join_list(parts) or "") == parts


@given(st.recursive(st.booleans() | st.integers(-999, 999) | st.text(max_size=9), lambda inner: st.lists(inner, max_size=3)))
def test_any_rule_comes_back(value: Any) -> None:
    assert read_cell(write_cell({"is": value}, "toml"), "toml") == {"is": value}
