"""Whatever stands in alliance.toml, the answer is an alliance or our own words: never a crash, never a validator's dump."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mel.collection.alliance import load_alliance
from mel.errors import MelError
from mel.formats.toml_text import inline, key
from mel.model.alliance import Alliance

RICH = Path(__file__).parents[2] / "spec" / "alliance" / "rich.toml"
DATA = tomllib.loads(RICH.read_text(encoding="utf-8"))
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-2, 2)
    | st.sampled_from(["", "gender", "../x", "yes", "survey", "é", "\x7f"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["is", "column", "name", "x y"]), inner, max_size=2),
    max_leaves=4,
)


def paths_in(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, inner in items:
        yield (*path, name)
        yield from paths_in(inner, (*path, name))


PATHS = list(paths_in(DATA))


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    part: Any = data
    for name in path[:-1]:
        part = part[name]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return data


def without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_none(v) for k, v in value.items() if v is not None}
    return [without_none(v) for v in value if v is not None] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("any")
    (folder / "own.toml").write_text('id = "own"\nversion = "1"\nlabel = "O"\nsource = "O"\nstatus = "confirmed"\n', encoding="utf-8")
    return folder


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(path=st.sampled_from(PATHS), value=ANYTHING)
def test_a_changed_key(where: Path, path: tuple[str | int, ...], value: Any) -> None:
    data = without_none(changed(path, value))
    (where / "alliance.toml").write_text("".join(f"{key(k)} = {inline(v)}\n" for k, v in data.items()), encoding="utf-8")
    try:
        assert isinstance(load_alliance(where), Alliance)
    except MelError as error:
        assert error.problems
        assert all(
            p.file for p in error.problems if p.code not in ("PACK_UNKNOWN", "PATH_LEAVES_FOLDER", "PACK_FILE_MISSING", "PACK_TWICE")
        )
        assert "validation error" not in str(error)
        assert str(where) not in str(error)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(text=st.text(max_size=60) | st.binary(max_size=60))
def test_any_text(where: Path, text: str | bytes) -> None:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    (where / "alliance.toml").write_bytes(raw)
    with pytest.raises(MelError):
        load_alliance(where)
