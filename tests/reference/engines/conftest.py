"""The engines, started once: DuckDB, a Dask cluster of two processes, Spark, a PostgreSQL server. All of it on this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
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


@pytest.fixture(scope="session")
def asked_of() -> Callable[[str], Asked]:
    return cache(lambda name: SURVEYS[name]())


@pytest.fixture(scope="session")
def in_pandas(asked_of: Callable[[str], Asked]) -> Callable[[str], Estimates]:
    """What pandas says, computed once."""

    def of(name: str) -> Estimates:
        asked = asked_of(name)
        return measure(asked.sample, asked.indicators, by=asked.by, **asked.options)

    return cache(of)


ENGINES = ("polars", "polars_lazy", "pyarrow", "duckdb", "parquet", "csv", "dask", "spark", "postgres")


@pytest.fixture
def put(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[pd.DataFrame], Any]:
    """Puts a table of pandas where the engine has its own."""
    if engine in ("dask", "spark", "postgres"):
        return getattr(_Clusters, engine)(request.getfixturevalue(f"{engine}_here"))
    return lambda frame: getattr(_Here, engine)(frame, tmp_path)


class _Here:
    """In memory and in files."""

    @staticmethod
    def polars(frame: pd.DataFrame, _: Path) -> Any:
        return pl.from_arrow(in_arrow(frame))

    @staticmethod
    def polars_lazy(frame: pd.DataFrame, _: Path) -> Any:
        return pl.from_arrow(in_arrow(frame)).lazy()

    @staticmethod
    def pyarrow(frame: pd.DataFrame, _: Path) -> Any:
        return in_arrow(frame)

    @staticmethod
    def duckdb(frame: pd.DataFrame, _: Path) -> Any:
        return duckdb.connect().from_arrow(in_arrow(frame))

    @staticmethod
    def parquet(frame: pd.DataFrame, folder: Path) -> Any:
        pq.write_table(in_arrow(frame), folder / "people.parquet", row_group_size=500)
        return folder / "people.parquet"

    @staticmethod
    def csv(frame: pd.DataFrame, folder: Path) -> Any:
        frame.to_csv(folder / "people.csv", index=False)
        return str(folder / "people.csv")


class _Clusters:
    """In other processes."""

    @staticmethod
    def dask(client: Any) -> Callable[[pd.DataFrame], Any]:
        import dask.dataframe

        assert len(client.scheduler_info()["workers"]) == 2
        return lambda frame: dask.dataframe.from_pandas(frame, npartitions=2)

    @staticmethod
    def spark(session: Any) -> Callable[[pd.DataFrame], Any]:
        return lambda frame: session.createDataFrame(in_arrow(frame))

    @staticmethod
    def postgres(connection: Any) -> Callable[[pd.DataFrame], Any]:
        return lambda frame: connection.create_table(f"t{len(connection.list_tables())}", in_arrow(frame))


@pytest.fixture(scope="session")
def dask_here() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="mel[dask] is not installed")
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**settings, worker_dashboard_address=None) as cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="session")
def spark_here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two threads of Spark in this process's own Java machine."""
    sql = pytest.importorskip("pyspark.sql", reason="mel[spark] is not installed")
    if not shutil.which("java"):
        pytest.skip("no Java on this machine; .ci/run installs Debian's")
    folder = tmp_path_factory.mktemp("spark")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    builder = sql.SparkSession.builder.master("local[2]").appName("mel")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def postgres_here() -> Iterator[Any]:
    """An Ibis connection to a server of Debian's PostgreSQL that lives as long as the tests."""
    ibis = pytest.importorskip("ibis", reason="mel[postgres] is not installed")
    programs = _postgres_programs()
    with tempfile.TemporaryDirectory(prefix="mel-postgres-", ignore_cleanup_errors=True) as folder:
        data, port, as_user = Path(folder, "data"), _free_port(), _not_root(folder)
        initdb = ["-D", data, "-U", "mel", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _done([*as_user, programs / "initdb", *initdb], folder)
        options = f"-h 127.0.0.1 -p {port} -k '' -F -c max_connections=8 -c shared_buffers=32MB"
        _done([*as_user, programs / "pg_ctl", "-D", data, "-l", data / "log", "-o", options, "-w", "start"], folder)
        try:
            connection = ibis.postgres.connect(host="127.0.0.1", port=port, user="mel", database="postgres")
            yield connection
            connection.disconnect()
        finally:
            _done([*as_user, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], folder)


def _postgres_programs() -> Path:
    places = [Path(found).resolve().parent for found in (shutil.which("initdb"),) if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    pytest.skip("no PostgreSQL server on this machine; .ci/run installs Debian's")


def _not_root(folder: str) -> list[str | Path]:
    """PostgreSQL refuses to run as root: Debian's own user does, in a folder that is theirs."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("this is root and there is no setpriv to start PostgreSQL as somebody else")
    import pwd

    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("this is root and there is no user 'postgres' to run the server")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--inh-caps=-all"]


def _done(command: list[Any], folder: str) -> None:
    said = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, f"{command}: {said.stdout[-2000:]}{said.stderr[-2000:]}"


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
