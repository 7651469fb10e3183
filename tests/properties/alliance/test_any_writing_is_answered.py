"""Whatever stands in alliance.toml, the answer is an alliance or our own words: never a crash, never a validator's dump."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mel.collection import alliance_sheets
from mel.collection.alliance import load_alliance
from mel.collection.alliance_workbook import write_alliance_workbook
from mel.errors import MelError
from mel.formats.toml_text import inline, key
from mel.formats.workbook_cells import Workbook
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


NAMES_ITS_OWN = ("PACK_UNKNOWN", "PATH_LEAVES_FOLDER", "PACK_FILE_MISSING", "PACK_TWICE", "PACK_ID_TWICE")
"""Problems of a pack: they name the pack instead of a file."""
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


def answer_to(where: Path) -> Alliance | MelError:
    try:
        return load_alliance(where)
    except MelError as error:
        return error


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
    answer = answer_to(where)
    if isinstance(answer, MelError):
        assert answer.problems
        assert all(p.file or p.code in NAMES_ITS_OWN for p in answer.problems)
        assert "validation error" not in str(answer)
        assert str(where) not in str(answer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(text=st.text(max_size=60) | st.binary(max_size=60))
def test_any_text(where: Path, text: str | bytes) -> None:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    (where / "alliance.toml").write_bytes(raw)
    with pytest.raises(MelError):
        load_alliance(where)


# ---- the same of a workbook, whose cells people fill as they like ----------------------------------------------------------

CELLS = st.sampled_from(
    ["", " ", "gender", "survey", "no", "x", "a; b", "= 1", "{ column = 1 }", "{", "../x", 1.0, 2.5, -1.0, True, date(2024, 1, 1), time(1)]
)


class Pages:
    """A workbook in memory: what the reader sees of a file."""

    def __init__(self, pages: dict[str, list[list[Any]]]) -> None:
        self.pages = pages
        self.sheets = tuple(pages)

    def rows(self, sheet: str) -> list[list[Any]]:
        return self.pages[sheet]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[list[Any]]]]:
    """The rich alliance as the sheets of a workbook, and a folder to read it in."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "own.toml").write_text('id = "own"\nversion = "1"\nlabel = "O"\nsource = "O"\nstatus = "confirmed"\n', encoding="utf-8")
    (folder / "alliance.toml").write_bytes(RICH.read_bytes())
    write_alliance_workbook(load_alliance(folder), folder / "alliance.xlsx")
    (folder / "alliance.toml").unlink()
    book = Workbook(folder / "alliance.xlsx", "alliance.xlsx")
    return folder, {name: book.rows(name) for name in book.sheets}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(data=st.data())
def test_a_changed_cell(pages: tuple[Path, dict[str, list[list[Any]]]], data: st.DataObject) -> None:
    folder, sheets = pages
    changed_sheets = copy.deepcopy(sheets)
    for _ in range(data.draw(st.integers(1, 3))):
        page = changed_sheets[data.draw(st.sampled_from([name for name in sheets if name != "read me"]))]
        row = page[data.draw(st.integers(0, len(page) - 1))]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alliance_sheets, "Workbook", lambda path, file: Pages(changed_sheets))
        answer = answer_to(folder)
    if isinstance(answer, MelError):
        assert all(p.file in ("alliance.xlsx", None) and p.key is None for p in answer.problems)
        assert "validation error" not in str(answer)
