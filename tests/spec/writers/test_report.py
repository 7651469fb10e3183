"""The verb: only a Release, whole or not at all, and an earlier report stands when anything goes wrong."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from mel.errors import CannotSay, InputError, MelError, ProtectionRefused, UsageError
from mel.model.estimates import VALUES
from mel.model.policy import Policy
from mel.model.release import Narratives, Protection, Release
from mel.reporting.blocks import MIME, Block
from mel.reporting.notebooks import blocks_of
from mel.reporting.report import report


def release(*disclosures: str, **changes: Any) -> Release:
    """A release by hand: one row for each disclosure given, hidden ones without numbers."""
    keys = ["dataset", "indicator", "version", "round", "category"]
    estimates = pd.DataFrame({c: ["x"] * len(disclosures) for c in keys} | {c: [float("nan")] * len(disclosures) for c in VALUES})
    texts = ["basis", "counts", "reliability", "disclosure", "note"]
    estimates = estimates.astype(dict.fromkeys(texts, object))
    estimates["disclosure"] = list(disclosures)
    made = Release(
        "public", estimates, pd.DataFrame(), Narratives(), Protection(Policy(), 0, 0, 0, 0, 0, 0, 0),
        {"alliance": {"id": "delta", "name": "Delta", "invented": True}, "report": {"title": "Delta at half time", "languages": ["en"]}},
        {"dimensions": {}, "indicators": {}, "rounds": {}}, (), "0.1.0", "", "2026-11-23",
    )  # fmt: skip
    return replace(made, **changes)


def notebook(folder: Path, blocks: tuple[Block, ...] = (), *, code: str = "") -> Path:
    """A notebook that shows these blocks, then runs `code`."""
    parameters = nbformat.v4.new_code_cell('release = ""\nlanguage = "en"\nsections = []', metadata={"tags": ["parameters"]})
    shown = json.dumps([block.as_json() for block in blocks])
    show = f"import json\nfrom mel.reporting.blocks import Blocks, from_json\nBlocks(tuple(from_json(b) for b in json.loads({shown!r})))"
    made = nbformat.v4.new_notebook(cells=[parameters, nbformat.v4.new_code_cell(show), nbformat.v4.new_code_cell(code)])
    for at, cell in enumerate(made.cells):
        cell["id"] = f"cell-{at}"
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, folder / "own.ipynb")
    return folder / "own.ipynb"


@pytest.fixture(scope="module")
def made(sample: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One report, written once: `(report, the folder's parent)`."""
    folder = tmp_path_factory.mktemp("made")
    return report(release("open"), folder / "delta", notebook=notebook(folder, sample.sample_document().blocks)), folder


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A folder that holds an earlier report."""
    (tmp_path / "delta").mkdir()
    (tmp_path / "delta" / "delta-mtr.html").write_text("earlier", encoding="utf-8")
    return tmp_path / "delta"


def untouched(folder: Path) -> bool:
    return [p.name for p in folder.parent.iterdir() if p.name.startswith((".", "delta"))] == ["delta"] and [
        (p.name, p.read_text(encoding="utf-8")) for p in folder.iterdir()
    ] == [("delta-mtr.html", "earlier")]


def test_a_report_is_a_folder_of_every_format(made: Any) -> None:
    written, folder = made
    assert {p.relative_to(folder / "delta").as_posix() for p in (folder / "delta").rglob("*") if p.is_file()} >= {
        "delta-mtr.html", "delta-mtr.docx", "delta-mtr.xlsx", "delta-mtr.ipynb", "release/release.json",
    }  # fmt: skip
    assert set(written.files) == {"html", "docx", "xlsx", "notebook", "release"}
    assert all(path.is_file() for path in written.files.values())
    assert [p.name for p in folder.iterdir() if p.name.startswith(".")] == []


def test_the_notebook_that_ran_holds_the_reports_blocks(made: Any, sample: Any) -> None:
    written, _ = made
    blocks = blocks_of(nbformat.read(written.files["notebook"], as_version=4))
    assert [b.as_json() for b in blocks] == list(written.blocks) == [b.as_json() for b in sample.sample_document().blocks]


def test_the_title_is_the_alliances_own(made: Any) -> None:
    written, _ = made
    assert "<h1>Delta at half time</h1>" in written.files["html"].read_text(encoding="utf-8")


def test_no_file_tells_of_this_machine(made: Any) -> None:
    _, folder = made
    for path in (p for p in (folder / "delta").rglob("*") if p.suffix in (".html", ".ipynb", ".json", ".csv")):
        text = path.read_text(encoding="utf-8")
        assert str(folder) not in text, path.name
        assert ".mel-new" not in text, path.name


def test_the_same_release_gives_the_same_files(made: Any, sample: Any, tmp_path: Path) -> None:
    written, _ = made
    again = report(release("open"), tmp_path / "delta", notebook=notebook(tmp_path, sample.sample_document().blocks))
    assert {kind: path.read_bytes() for kind, path in again.files.items()} == {
        kind: path.read_bytes() for kind, path in written.files.items()
    }


@pytest.mark.parametrize("given", [pd.DataFrame(), None, {"audience": "public"}, "release"])
def test_only_a_release_is_reported(given: Any, earlier: Path) -> None:
    with pytest.raises(UsageError, match="REPORT_NOT_PROTECTED"):
        report(given, earlier)
    assert untouched(earlier)


def test_a_row_nobody_looked_at_is_refused(earlier: Path) -> None:
    with pytest.raises(ProtectionRefused, match="RELEASE_UNCHECKED"):
        report(release("open", "unchecked"), earlier)
    assert untouched(earlier)


def test_a_hidden_row_that_kept_its_number_is_refused(earlier: Path) -> None:
    given = release("open", "primary")
    given.estimates.loc[1, "n_yes"] = 3.0
    with pytest.raises(ProtectionRefused, match="n_yes") as caught:
        report(given, earlier)
    assert caught.value.codes == ("RELEASE_HIDDEN_NUMBER",)
    assert untouched(earlier)


def test_a_name_that_is_a_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="RELEASE_NO_NAME"):
        report(release(about={"alliance": {"id": "../x"}}), tmp_path / "x")


def test_a_language_without_words_is_refused_before_a_kernel_starts(earlier: Path) -> None:
    with pytest.raises(CannotSay):
        report(release(about={"alliance": {"id": "delta"}, "report": {"languages": ["xx"]}}), earlier)
    assert untouched(earlier)


def test_a_notebook_that_fails_leaves_the_earlier_report(earlier: Path, tmp_path: Path) -> None:
    with pytest.raises(MelError, match="NOTEBOOK_FAILED"):
        report(release("open"), earlier, notebook=notebook(tmp_path, code="1 / 0"))
    assert untouched(earlier)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([], "NOTEBOOK_EMPTY"),
        ([{"kind": "prose", "id": "p", "paragraphs": ["nan %"], "items": []}], "GATE_UNPRINTABLE"),
        ([{"kind": "song", "id": "s"}], "NOTEBOOK_BLOCK_UNKNOWN"),
        ([{"kind": "prose", "id": "p", "verses": []}], "NOTEBOOK_BLOCK_UNKNOWN"),
    ],
)
def test_what_a_notebook_shows_is_looked_at_before_it_is_placed(
    shown: list[Any], expected: str, earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = {"cells": [{"outputs": [{"data": {MIME: block}} for block in shown]}]}
    monkeypatch.setattr(importlib.import_module("mel.reporting.report"), "execute", lambda *args, **kwargs: ran)
    with pytest.raises(InputError) as caught:
        report(release("open"), earlier)
    assert caught.value.codes == (expected,)
    assert untouched(earlier)


def test_a_missing_notebook_is_said(earlier: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NOTEBOOK_NOT_FOUND"):
        report(release("open"), earlier, notebook=tmp_path / "none.ipynb")
    assert untouched(earlier)


def test_the_notebook_that_travels_with_mel_tells_a_release(invented: Any, tmp_path: Path) -> None:
    """Twelve people, all who were asked: written by the shipped notebook, from the release that the notebook reads back from disk."""
    given, document = invented("census_of_twelve")
    written = report(given, tmp_path / "small")
    assert [block["id"] for block in written.blocks] == [block.id for block in document.blocks]
    assert list(written.blocks) == [block.as_json() for block in document.blocks]
    assert document.title in written.files["html"].read_text(encoding="utf-8")
