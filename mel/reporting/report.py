"""The verb report: a Release becomes a folder of files that people can read, listen to, print and count with.

The release is written, the notebook runs over it, and every other file is written from the blocks of the notebook that ran; so
all of them say the same. It decides nothing: what may be shown is in the Release, what is said in the notebook.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from mel.errors import InputError, ProtectionRefused, UsageError
from mel.errors.reporting import REPORT_NOT_PROTECTED
from mel.errors.writers import NOTEBOOK_BLOCK_UNKNOWN, NOTEBOOK_EMPTY, RELEASE_HIDDEN_NUMBER, RELEASE_NO_NAME, RELEASE_UNCHECKED
from mel.formats.folders import staged
from mel.formats.release import write_release
from mel.formats.shipped import shipped
from mel.model.alliance import ID
from mel.model.estimates import SILENCE_COUNTS
from mel.model.release import Release
from mel.model.report import Report
from mel.reporting.blocks import BLOCK_KINDS, Block, Document
from mel.reporting.docx import write_docx
from mel.reporting.edition import Edition, edition_of
from mel.reporting.gate import gate
from mel.reporting.html import write_html
from mel.reporting.layout import labels
from mel.reporting.notebooks import NotebookParameters, blocks_of, execute
from mel.reporting.sections import document as document_of
from mel.reporting.xlsx import write_xlsx

NOTEBOOK: Final = "mtr.ipynb"
_NUMBERS: Final[Mapping[str, Sequence[str]]] = {
    "estimates": ("estimate", "se", "ci_low", "ci_high", "cv", "deff", "df", "n", "n_yes", "n_missing", *SILENCE_COUNTS, "weighted_total"),
    "comparisons": ("value_a", "value_b", "estimate", "se", "ci_low", "ci_high", "df", "p", "p_adjusted", "chance"),
}


def report(release: Release, folder: Path | str, *, notebook: Path | str | None = None) -> Report:
    """Write the report of a release into `folder`: web page, Word file, workbook, the notebook that ran, and the release itself.

    `notebook`: one's own in place of the mid-term review that travels with mel; it takes the same parameters.

    Shape: `<alliance>-mtr.html`, `.docx`, `.xlsx`, `.ipynb` and `release/`. The folder appears whole or not at all: on any error an
    earlier report stands as it was.
    Raises: UsageError for anything but a Release; ProtectionRefused when the release was changed after `protect`; InputError when the
    notebook fails or the gate finds the report unfit to be read; CannotSay for a language reports are not written in.
    """
    edition = _checked(release)
    place, name = Path(folder), f"{edition.alliance['id']}-mtr"
    source = Path(notebook) if notebook is not None else shipped("notebooks") / NOTEBOOK
    files = {kind: f"{name}.{ending}" for kind, ending in (("html", "html"), ("docx", "docx"), ("xlsx", "xlsx"), ("notebook", "ipynb"))}
    with staged(place) as new:
        write_release(release, new / "release")
        parameters = NotebookParameters(release="release", language=edition.words.language)
        executed = execute(source.resolve(), parameters, cwd=new, out=new / files["notebook"])
        document = _document(edition, executed, source.name)
        gate(document)
        (new / files["html"]).write_text(write_html(document), encoding="utf-8")
        write_docx(document, new / files["docx"])
        write_xlsx(document, new / files["xlsx"])
    placed = {kind: place / file for kind, file in files.items()} | {"release": place / "release" / "release.json"}
    return Report(place, placed, tuple(block.as_json() for block in document.blocks))


def _checked(release: Release) -> Edition:
    """The release as an edition, once everything that can be wrong with it before any work is known to be right."""
    if not isinstance(release, Release):
        raise UsageError(REPORT_NOT_PROTECTED.at(verb="report", given=type(release).__name__))
    refused = [problem for name, columns in _NUMBERS.items() for problem in _refused(getattr(release, name), name, columns)]
    if refused:
        raise ProtectionRefused(refused)
    edition = edition_of(release)
    labels(edition.words.language)
    if not re.fullmatch(ID, str(edition.alliance.get("id", ""))):
        raise InputError(RELEASE_NO_NAME.at())
    return edition


def _refused(table: pd.DataFrame, name: str, columns: Sequence[str]) -> list[Any]:
    """Rows that nobody looked at, and hidden rows that still carry their number."""
    if table.empty or "disclosure" not in table:
        return [] if table.empty else [RELEASE_UNCHECKED.at(count=len(table), table=name, disclosure="missing")]
    known = table["disclosure"].isin(["open", "primary", "secondary", "withheld"])
    problems = []
    if not known.all():
        problems.append(RELEASE_UNCHECKED.at(count=int((~known).sum()), table=name, disclosure="unchecked"))
    hidden = table.loc[table["disclosure"] != "open", [c for c in columns if c in table]]
    left = [str(column) for column in hidden if hidden[column].notna().any()]
    if left:
        rows = int(hidden[left].notna().any(axis=1).sum())
        problems.append(RELEASE_HIDDEN_NUMBER.at(count=rows, table=name, columns=left))
    return problems


def _document(edition: Edition, executed: Any, notebook: str) -> Document:
    try:
        blocks: list[Block] = blocks_of(executed)
    except (KeyError, TypeError) as unknown:
        raise InputError(NOTEBOOK_BLOCK_UNKNOWN.at(notebook=notebook, kinds=sorted(BLOCK_KINDS))) from unknown
    if not blocks:
        raise InputError(NOTEBOOK_EMPTY.at(notebook=notebook))
    return document_of(edition, blocks)
