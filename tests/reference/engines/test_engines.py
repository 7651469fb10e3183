"""One call, every engine: pandas, Polars, DuckDB, files, Dask, Spark and PostgreSQL give the same table.

Tolerance: 1e-12 relative, for no engine adds up in another's order. Texts, counts, blanks and the order of rows are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from mel.estimation.measure import measure
from mel.model.estimates import Estimates
from tests.reference.engines.surveys import SURVEYS, Asked, in_arrow

every_survey = pytest.mark.parametrize("survey", SURVEYS)


@pytest.fixture
def same(asked_of: Callable[[str], Asked], in_pandas: Callable[[str], Estimates]) -> Callable[[str, Callable[[pd.DataFrame], Any]], None]:
    """Measures a survey that was put somewhere, and holds the whole table against that of pandas."""

    def hold(survey: str, put: Callable[[pd.DataFrame], Any]) -> None:
        asked, expected = asked_of(survey), in_pandas(survey)
        moved = replace(asked.sample, frame=put(asked.sample.frame))
        found = measure(moved, asked.indicators, by=asked.by, **asked.options)
        pd.testing.assert_frame_equal(found.table, expected.table, rtol=1e-12, atol=0, check_exact=False)
        assert found.labels == expected.labels
        assert {name: cube.levels for name, cube in found.cubes.items()} == {name: cube.levels for name, cube in expected.cubes.items()}

    return hold


@every_survey
def test_pandas_says_something(survey: str, in_pandas: Callable[[str], Estimates]) -> None:
    """What the others are held against is not empty: people in every kind of row, and rows where nobody is."""
    table = in_pandas(survey).table
    assert set(table["n"] > 0) == ({True, False} if survey != "panel" else {True, False})
    assert table["estimate"].notna().mean() > 0.5


@every_survey
def test_polars(survey: str, same: Callable[..., None]) -> None:
    same(survey, lambda frame: pl.from_arrow(in_arrow(frame)))


@every_survey
def test_polars_lazy(survey: str, same: Callable[..., None]) -> None:
    same(survey, lambda frame: pl.from_arrow(in_arrow(frame)).lazy())


@every_survey
def test_pyarrow(survey: str, same: Callable[..., None]) -> None:
    same(survey, in_arrow)


@every_survey
def test_duckdb(survey: str, same: Callable[..., None]) -> None:
    connection = duckdb.connect()
    same(survey, lambda frame: connection.from_arrow(in_arrow(frame)))


@every_survey
def test_parquet(survey: str, same: Callable[..., None], tmp_path: Path) -> None:
    def put(frame: pd.DataFrame) -> Path:
        pq.write_table(in_arrow(frame), tmp_path / "people.parquet", row_group_size=500)
        return tmp_path / "people.parquet"

    same(survey, put)


@every_survey
def test_csv(survey: str, same: Callable[..., None], tmp_path: Path) -> None:
    def put(frame: pd.DataFrame) -> str:
        frame.to_csv(tmp_path / "people.csv", index=False)
        return str(tmp_path / "people.csv")

    same(survey, put)


@every_survey
def test_dask_on_two_processes(survey: str, same: Callable[..., None], dask_cluster: Any) -> None:
    dask = pytest.importorskip("dask.dataframe")
    assert len(dask_cluster.scheduler_info()["workers"]) == 2
    same(survey, lambda frame: dask.from_pandas(frame, npartitions=4))


@every_survey
def test_spark(survey: str, same: Callable[..., None], spark: Any) -> None:
    same(survey, lambda frame: spark.createDataFrame(in_arrow(frame)))


@every_survey
def test_postgresql(survey: str, same: Callable[..., None], postgres: Any) -> None:
    same(survey, lambda frame: postgres.create_table(survey, in_arrow(frame)))
