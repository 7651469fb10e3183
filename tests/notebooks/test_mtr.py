"""The mid-term review notebook: what it takes, what it leaves behind, and what it never opens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from releases import survey

from mel.errors import InputError, UsageError
from mel.reporting import notebooks
from mel.reporting import sections as tell
from mel.reporting.notebooks import NotebookParameters, blocks_of, checked, execute, parameters_cell

MTR = "mtr.ipynb"


@pytest.fixture
def mtr(root: Path) -> Path:
    return root / "notebooks" / MTR


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


# ---- parameters -----------------------------------------------------------------------------------------------------


def test_the_parameters_cell_mirrors_the_typed_model(mtr: Path) -> None:
    found = parameters_cell(read(mtr))
    fields = NotebookParameters.model_fields
    assert list(found) == list(fields)
    assert found["language"] == fields["language"].default
    assert tuple(found["sections"]) == fields["sections"].default
    assert all(type(found[name]) is kind for name, kind in (("release", str), ("language", str), ("sections", list)))


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object) -> None:
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(notebooks, "_run", started)


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ({"release": "release", "langauge": "en"}, "NOTEBOOK_PARAMETER_UNKNOWN", "'language'"),
        ({"release": "release", "language": 3}, "NOTEBOOK_PARAMETER_WRONG", "language"),
        ({"release": "release", "sections": "gaps"}, "NOTEBOOK_PARAMETER_WRONG", "sections"),
        ({"release": ""}, "NOTEBOOK_PARAMETER_WRONG", "release"),
        ({}, "NOTEBOOK_PARAMETER_WRONG", "release"),
        ({"release": "/srv/data/release"}, "NOTEBOOK_RELEASE_NOT_RELATIVE", "relative to cwd"),
        ({"release": "C:\\data\\release"}, "NOTEBOOK_RELEASE_NOT_RELATIVE", "relative to cwd"),
    ],
)
def test_what_does_not_fit_stops_before_a_kernel_starts(mtr: Path, tmp_path: Path, given: dict[str, Any], code: str, says: str) -> None:
    with pytest.raises(UsageError, match=code) as stopped:
        execute(mtr, given, cwd=tmp_path, out=tmp_path / "out.ipynb")
    assert says in str(stopped.value)
    assert list(tmp_path.iterdir()) == []


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    with pytest.raises(UsageError) as stopped:
        checked({"language": 3, "colour": "red"})
    assert sorted(stopped.value.codes) == ["NOTEBOOK_PARAMETER_UNKNOWN", "NOTEBOOK_PARAMETER_WRONG", "NOTEBOOK_PARAMETER_WRONG"]


@pytest.mark.usefixtures("no_kernel")
def test_a_notebook_with_other_parameters_is_refused(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell('release = ""\ncountry = "KE"', metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "own.ipynb")
    with pytest.raises(InputError, match="NOTEBOOK_PARAMETERS_DIFFER"):
        execute(tmp_path / "own.ipynb", {"release": "release"}, cwd=tmp_path, out=tmp_path / "out.ipynb")
    with pytest.raises(InputError, match="NOTEBOOK_NOT_FOUND"):
        execute(tmp_path / "none.ipynb", {"release": "release"}, cwd=tmp_path, out=tmp_path / "out.ipynb")


# ---- what it is made of ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [MTR, "explore.ipynb"])
def test_a_notebook_travels_without_outputs_and_its_cells_are_short(root: Path, name: str) -> None:
    notebook = read(root / "notebooks" / name)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
            assert len([line for line in cell["source"].splitlines() if line.strip()]) <= 4
        else:
            assert len(re.findall(r"[.!?](?:\s|$)", cell["source"])) <= 4
    nbformat.validate(notebook)


def test_the_review_never_opens_peoples_rows(mtr: Path) -> None:
    code = "\n".join(cell["source"] for cell in read(mtr)["cells"] if cell["cell_type"] == "code")
    assert re.findall(r"^(?:from|import) .*$", code, flags=re.MULTILINE) == ["from mel.reporting import sections as tell"]
    assert not re.search(r"collect|derive|measure|read_csv|read_excel|open\(", code)


# ---- what it leaves behind --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_its_blocks_are_those_of_the_sections(executed: Any) -> None:
    wanted = [
        block
        for make in (
            tell.title_block,
            tell.summary,
            tell.who_we_are,
            tell.who_is_reached,
            tell.progress,
            tell.gaps,
            tell.what_changed,
            tell.method,
        )
        for block in make(survey())
    ]
    found = blocks_of(executed)
    assert [block.id for block in found] == [block.id for block in wanted]
    assert found == wanted


@pytest.mark.slow
def test_it_tells_of_the_report_alone(executed: Any, place: Path) -> None:
    text = (place / MTR).read_text(encoding="utf-8")
    assert str(place) not in text
    assert str(Path.home()) not in text
    assert "papermill" not in text
    assert not re.search(r'"(iopub|shell)\.', text)
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d:", text)
    injected = [cell for cell in json.loads(text)["cells"] if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert [cell["id"] for cell in injected] == ["injected-parameters"]


@pytest.mark.slow
def test_a_cell_that_fails_writes_nothing_and_says_where(tmp_path: Path) -> None:
    first = nbformat.v4.new_code_cell('release = ""\nlanguage = "en"\nsections = []', metadata={"tags": ["parameters"]})
    cells = [first, nbformat.v4.new_code_cell("1 / 0")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "own.ipynb")
    with pytest.raises(InputError, match=r"(?s)NOTEBOOK_FAILED") as stopped:
        execute(tmp_path / "own.ipynb", {"release": "release"}, cwd=tmp_path, out=tmp_path / "out.ipynb")
    assert "ZeroDivisionError" in str(stopped.value)
    assert not (tmp_path / "out.ipynb").exists()


def test_a_block_shown_twice_is_refused() -> None:
    heading = next(iter(tell.summary(survey())))
    output = {"data": heading._repr_mimebundle_()}
    with pytest.raises(InputError, match="NOTEBOOK_BLOCK_TWICE"):
        blocks_of({"cells": [{"outputs": [output, output]}]})


def test_opened_by_hand_it_says_how_to_name_a_release() -> None:
    edition = tell.open_release("")
    assert "Write its folder into the first cell" in next(iter(tell.title_block(edition))).as_text()
    assert len(tell.summary(edition)) == 0
    assert len(tell.method(edition)) == 0
