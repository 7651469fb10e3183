"""What may stand in `Sample.frame`: a table of a known engine or a file; anything else is refused before any work."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mel.errors import CannotSay, InputError, UsageError
from mel.estimation.engines import collected, opened

PEOPLE = pd.DataFrame({"gender": ["woman", None, "man", "woman"], "hours": [1.0, float("nan"), 3.5, 4.0]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    PEOPLE.to_parquet(tmp_path / "people.parquet")
    PEOPLE.to_csv(tmp_path / "people.csv", index=False)
    return tmp_path


@pytest.mark.parametrize("table", ["pandas", "polars", "lazy", "arrow", "duckdb", "parquet", "csv", "text"])
def test_each_kind_of_table_gives_the_same_sum(table: str, folder: Path) -> None:
    held = duckdb.connect()
    given = {
        "pandas": lambda: PEOPLE,
        "polars": lambda: pl.from_pandas(PEOPLE),
        "lazy": lambda: pl.from_pandas(PEOPLE).lazy(),
        "arrow": lambda: pa.Table.from_pandas(PEOPLE),
        "duckdb": lambda: held.sql(f"select * from '{folder}/people.parquet'"),
        "parquet": lambda: folder / "people.parquet",
        "csv": lambda: folder / "people.csv",
        "text": lambda: str(folder / "people.csv"),
    }[table]()
    hours = collected(opened(given).filter(nw.col("gender") == "woman").select(nw.col("hours").sum()))
    assert hours.implementation.is_pyarrow()
    assert hours.to_dict(as_series=False) == {"hours": [5.0]}


def test_a_folder_of_parquet_files_is_one_table(folder: Path) -> None:
    (folder / "people.csv").unlink()
    PEOPLE.to_parquet(folder / "more.parquet")
    (folder / "_SUCCESS").touch()
    assert collected(opened(folder).select(nw.len())).item() == 8


def test_a_bracket_in_a_name_is_no_pattern(folder: Path) -> None:
    for name in ("round [1].parquet", "round *.parquet", "why?.csv"):
        (PEOPLE.to_csv if name.endswith("csv") else PEOPLE.to_parquet)(folder / name, index=False)
        assert collected(opened(folder / name).select(nw.len())).item() == 4


def test_all_rows_of_a_csv_decide_its_types_and_named_columns_are_text(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("psu,hours,age\n" + "7,1.5,30\n" * 30_000 + "8,often,31\n" + "9,,\n")
    schema = opened(path, texts=["psu", "not_there"]).collect_schema()
    assert {name: str(kind) for name, kind in schema.items()} == {"psu": "String", "hours": "String", "age": "Int64"}


def test_leading_zeros_of_a_csv_stay(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("region\n01\n02\n")
    assert collected(opened(path)).to_dict(as_series=False) == {"region": ["01", "02"]}


@pytest.mark.parametrize("codes", [["yes", "no"], ["t", "f"], ["Yes", "NO"], ["10:00", "11:30"]])
def test_codes_of_a_csv_stay_as_they_are_written(codes: list[str], tmp_path: Path) -> None:
    """DuckDB takes yes and no for true and false: nobody would have said yes."""
    path = tmp_path / "answers.csv"
    path.write_text('heard,"a ""b"" c"\n' + "".join(f"{code},true\n" for code in codes) + ",\n")
    assert collected(opened(path)).to_dict(as_series=False) == {"heard": [*codes, None], 'a "b" c': [True, True, None]}


def test_a_table_may_already_be_a_narwhals_frame() -> None:
    assert collected(opened(nw.from_native(PEOPLE))).shape == (4, 2)


def test_an_index_is_no_column() -> None:
    assert collected(opened(PEOPLE).filter(nw.col("gender") == "woman")).columns == ["gender", "hours"]


@pytest.mark.parametrize(
    ("what", "error", "code"),
    [
        ("peoplee.parquet", InputError, "FILE_MISSING"),
        ("people.xlsx", UsageError, "TABLE_ENDING"),
        ("people", UsageError, "TABLE_ENDING"),
        ("https://example.org/people.parquet", InputError, "FILE_MISSING"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused(what: str, error: type[Exception], code: str, folder: Path) -> None:
    with pytest.raises(error, match=code):
        opened(what if "://" in what else folder / what)


def test_a_damaged_or_empty_file_is_refused_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 Amina")
    (tmp_path / "nothing.csv").touch()
    (tmp_path / "no_files").mkdir()
    with pytest.raises(InputError, match="FILE_DAMAGED") as caught:
        opened(tmp_path / "cut.parquet")
    assert "Amina" not in str(caught.value)
    with pytest.raises(InputError, match="FILE_EMPTY"):
        opened(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="TABLE_FOLDER_EMPTY"):
        opened(tmp_path / "no_files")


@pytest.mark.parametrize("given", [None, 3, {"gender": ["woman"]}, PEOPLE["gender"], [1, 2]])
def test_what_is_no_table_is_refused_with_what_is_taken(given: object) -> None:
    with pytest.raises(UsageError, match="FRAME_UNKNOWN") as caught:
        opened(given)
    assert "Polars" in str(caught.value)


def test_the_folder_for_what_does_not_fit_in_memory_is_closed_to_others_and_goes_with_the_table(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path_factory.mktemp("aside")
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    table = opened(folder / "people.parquet")
    (made,) = aside.iterdir()
    assert made.stat().st_mode & 0o077 == 0
    derived = table.select("hours")
    del table
    gc.collect()
    assert made.exists(), "a table made from it still needs it"
    del derived
    gc.collect()
    assert not made.exists()


def test_an_engine_that_was_not_held_against_another_is_refused() -> None:
    ibis = pytest.importorskip("ibis", reason="mel[postgres] is not installed")
    with pytest.raises(CannotSay, match=r"ibis \(duckdb\).*\n.*PostgreSQL through Ibis"):
        opened(ibis.memtable({"hours": [1]}))
    with pytest.raises(CannotSay, match=r"ibis \(no database\)"):
        opened(ibis.table({"hours": "int"}, name="described"))


def test_an_engine_that_gives_up_is_named_and_the_cell_is_not() -> None:
    relation = duckdb.connect().sql("select cast(said as double) as hours from (values ('1'), ('Amina')) as people(said)")
    with pytest.raises(CannotSay, match=r"duckdb gave up.*ConversionException") as caught:
        collected(opened(relation).select(nw.col("hours").sum()))
    assert "Amina" not in str(caught.value)
    assert caught.value.__suppress_context__
