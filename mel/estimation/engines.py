"""Who does the counting? What stands in `Sample.frame` is opened as a table that any engine can count, and results come back.

There is no engine of ours: the rows stay where they are (in memory, in a file, in a cluster, in an alliance's own database)
and only sums come back. This opens and collects; what is counted is `questions`' and `counting`'s.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw

from mel.errors import CannotSay, InputError, MelError, UsageError, closest
from mel.errors.estimation import ENGINE_FAILED, ENGINE_NOT_YET, FRAME_UNKNOWN, TABLE_ENDING, TABLE_FOLDER_EMPTY
from mel.errors.files import FILE_DAMAGED, FILE_EMPTY, FILE_MISSING

Frame = Any
"""A Narwhals data frame or lazy frame."""
ENDINGS = (".parquet", ".csv")
TAKEN = (
    "a table of pandas, Polars (also lazy), PyArrow, DuckDB, Dask or Spark",
    "a table of PostgreSQL through Ibis",
    "the path of a .parquet or .csv file",
    "the path of a folder of .parquet files",
)


def opened(frame: Any, texts: Iterable[str] = ()) -> Frame:
    """What stands in `Sample.frame`, as a table that Narwhals can put questions to. No row is read yet.

    A path is read by DuckDB, out of core: what does not fit in memory is put aside in a folder of the system's own for temporary
    files that only this user can open, and that goes with the table. A CSV has a header; its types are what all its rows allow
    (so one word in a column of numbers makes it text, and the indicator that needs numbers there says so), except that the
    columns named in `texts` are text whatever they hold; an empty cell is null.

    Raises: UsageError for what is no table, or a file of another format; InputError for a file that is missing, empty or damaged;
    CannotSay for an engine that has not been held against the others.
    Checked: tests/reference/engines.
    """
    if isinstance(frame, str | PathLike):
        return nw.from_native(_of_path(Path(frame), frozenset(texts)))
    with warnings.catch_warnings():
        # The package it tells people to install is not published; the version that needs it is locked out.
        warnings.filterwarnings("ignore", message="Dask support is moving out of Narwhals")
        table: Any = nw.from_native(nw.to_native(frame, pass_through=True), pass_through=True)
    if not isinstance(table, nw.DataFrame | nw.LazyFrame):
        kind = type(frame)
        raise UsageError(FRAME_UNKNOWN.at(given=f"{kind.__module__}.{kind.__qualname__}", available=TAKEN))
    if not _is_known(table):
        raise CannotSay(ENGINE_NOT_YET.at(engine=engine_of(table), available=TAKEN))
    return table


def collected(frame: Frame) -> nw.DataFrame[Any]:
    """A result as a table in memory, held by PyArrow whatever engine made it; decimals become 64-bit floats.

    Raises: CannotSay where the engine gives up. Its own message is not repeated: engines quote the cell they stumbled over.
    """
    try:
        table = _in_arrow(frame)
    except MelError:
        raise
    except Exception as error:
        if isinstance(frame, nw.DataFrame):
            raise
        raise CannotSay(ENGINE_FAILED.at(engine=engine_of(frame), kind=type(error).__name__)) from None
    decimals = [name for name, kind in table.schema.items() if kind == nw.Decimal]
    return table.with_columns(*(nw.col(name).cast(nw.Float64) for name in decimals)) if decimals else table


def levels_of(frame: Frame, names: Sequence[str]) -> dict[str, int]:
    """How many different values each of these columns has; a blank is one of them."""
    if frame.implementation.is_ibis():  # Narwhals adds a yes to the count here, which PostgreSQL does not do
        return {name: int(collected(frame.select(name).unique().select(nw.len())).item()) for name in names}
    return dict(collected(frame.select(*(nw.col(name).n_unique() for name in names))).rows(named=True)[0]) if names else {}


def engine_of(frame: Frame) -> str:
    """The engine's name as people write it, for a text."""
    engine = frame.implementation
    return f"ibis ({_database_of(frame)})" if engine.is_ibis() else str(engine.name).lower()


def _is_known(frame: Frame) -> bool:
    """True for an engine whose results are held against the others' by a test."""
    engine = frame.implementation
    if engine.is_ibis():
        return _database_of(frame) == "postgres"
    return any((engine.is_pandas(), engine.is_polars(), engine.is_pyarrow(), engine.is_duckdb(), engine.is_dask(), engine.is_pyspark()))


def _database_of(frame: Frame) -> str:
    """Which database Ibis asks; a table may also be a mere description."""
    from ibis.common.exceptions import IbisError

    try:
        return str(frame.to_native().get_backend().name)
    except IbisError:
        return "no database"


def _in_arrow(frame: Frame) -> nw.DataFrame[Any]:
    """Without the index that pandas, and so Dask, would bring along as a column."""
    import pyarrow as pa

    held = frame.collect() if frame.implementation.is_dask() else frame
    if held.implementation.is_pandas():
        return nw.from_native(pa.Table.from_pandas(held.to_native(), preserve_index=False), eager_only=True)
    if isinstance(held, nw.LazyFrame):
        return held.collect(backend="pyarrow")
    return nw.from_native(held.to_arrow(), eager_only=True)


# ---- files, read by DuckDB -------------------------------------------------------------------------------------------


def _of_path(path: Path, texts: frozenset[str]) -> Any:
    """A DuckDB relation on a file, or on every Parquet file of a folder."""
    import duckdb

    files = _files(path)
    connection = _connection()
    try:
        if files[0].suffix.lower() == ".parquet":
            return connection.read_parquet([_literal(file) for file in files])
        return _csv(connection, _literal(path), texts)
    except duckdb.Error:
        # The reader's own words may quote a cell.
        raise InputError(FILE_DAMAGED.at(file=str(path), format=path.suffix or "parquet")) from None


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(file for file in path.glob("*.parquet") if not file.name.startswith((".", "_")))
        if not found:
            raise InputError(TABLE_FOLDER_EMPTY.at(file=str(path)))
        return found
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(TABLE_ENDING.at(file=str(path), ending=path.suffix or "no ending", available=ENDINGS))
    if not path.is_file():
        beside = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        close = closest(path.name, beside) or "none"
        raise InputError(FILE_MISSING.at(file=str(path), wanted=path.name, folder=path.parent, close=close))
    if not path.stat().st_size:
        raise InputError(FILE_EMPTY.at(file=str(path)))
    return [path]


def _connection() -> Any:
    """A database of its own in memory, which fetches nothing and spills where only this user can look, until it is gone."""
    import duckdb

    folder = tempfile.mkdtemp(prefix="mel-")
    fetch_nothing = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    connection = duckdb.connect(":memory:", config={"temp_directory": folder, **fetch_nothing})
    weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
    return connection


def _csv(connection: Any, path: str, texts: frozenset[str]) -> Any:
    written = connection.read_csv(path, header=True, all_varchar=True)
    types: dict[str, Any] = {name: "VARCHAR" for name in written.columns if name in texts}
    table = connection.read_csv(path, header=True, sample_size=-1, dtype=types or None)
    answers = _answers_taken_for_truths(written, dict(zip(table.columns, map(str, table.types), strict=True)))
    if not answers:
        return table
    return connection.read_csv(path, header=True, sample_size=-1, dtype=types | dict.fromkeys(answers, "VARCHAR"))


def _answers_taken_for_truths(written: Any, types: dict[str, str]) -> list[str]:
    """Columns of codes such as yes and no, or t and f, which DuckDB takes for true and false: then nobody would have said yes.

    Only the words true and false are that; times of the day stay as they are written, too.
    """
    truths = [name for name, kind in types.items() if kind == "BOOLEAN"]
    quoted = [name.replace('"', '""') for name in truths]
    looks = ", ".join(f"bool_or(lower(trim(\"{name}\")) NOT IN ('true', 'false', ''))" for name in quoted)
    other = written.aggregate(looks).fetchall()[0] if truths else ()
    codes = [name for name, found in zip(truths, other, strict=True) if found]
    return [*codes, *(name for name, kind in types.items() if kind == "TIME")]


def _literal(path: Path) -> str:
    """The path with nothing that DuckDB would take for a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
