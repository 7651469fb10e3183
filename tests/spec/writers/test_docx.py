"""The Word file: real heads, tables that repeat theirs and fit the page, words for every chart, languages, the same bytes again."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mel.reporting.blocks import Cell, Column, Document, Figure, Heading, Prose, Table
from mel.reporting.docx import write_docx
from mel.reporting.docx_parts import bookmark_name
from mel.reporting.markup import clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(path: Path) -> Any:
    import docx

    return docx.Document(str(path))


@pytest.fixture(scope="module")
def word(written: Path) -> Any:
    return opened(written / "s.docx")


def test_headings_are_headings(document: Document, word: Any) -> None:
    found = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    expected = [(f"Heading {b.level - 1}", b.text) for b in document.blocks if isinstance(b, Heading)]
    assert found == [*expected, ("Heading 1", "Annex: the numbers behind the charts")]


def test_a_tables_head_repeats_and_no_row_is_cut(document: Document, word: Any) -> None:
    grids = [t for t in word.tables if t.rows[0]._tr.find(f".//{W}tblHeader") is not None]
    assert len(grids) == sum(isinstance(b, Table) for b in document.blocks) + sum(isinstance(b, Figure) for b in document.blocks)
    assert all(row._tr.find(f".//{W}cantSplit") is not None for t in grids for row in t.rows)
    assert all(t._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") for t in word.tables)


def test_tables_are_as_wide_as_the_text_and_no_wider(word: Any) -> None:
    section = word.sections[0]
    text = section.page_width - section.left_margin - section.right_margin
    for table in word.tables:
        assert sum(column.width for column in table.columns) <= text * 1.001
        assert sum(column.width for column in table.columns) >= text * 0.98


def test_a_chart_has_its_words_and_fits_the_page(document: Document, word: Any) -> None:
    (figure,) = [b for b in document.blocks if isinstance(b, Figure)]
    (shape,) = word.inline_shapes
    assert shape._inline.docPr.get("descr") == clean(figure.alt)
    assert shape._inline.docPr.get("name") == figure.id
    assert shape.width <= word.sections[0].page_width - word.sections[0].left_margin - word.sections[0].right_margin


def test_the_file_says_its_title_and_language(document: Document, word: Any) -> None:
    assert word.core_properties.title == document.title
    assert word.core_properties.language == "en"
    assert {e.get(f"{W}val") for e in word.styles.element.iter(f"{W}lang")} == {"en-GB"}


def test_quotes_keep_their_language_and_direction(word: Any) -> None:
    runs = {r.text: r for t in word.tables for c in t.rows[0].cells for p in c.paragraphs for r in p.runs}
    arabic, french = runs["صوتي ليس ضيفاً في هذا المجلس."], runs["On ne demande plus la permission d'entrer. On entre."]
    assert arabic._r.rPr.find(f"{W}lang").get(f"{W}bidi") == "ar"
    assert arabic.font.rtl is True
    assert arabic._r.getparent().find(f"{W}pPr/{W}bidi") is not None
    assert french._r.rPr.find(f"{W}lang").get(f"{W}val") == "fr"


def test_every_page_says_that_it_is_invented_and_which_page_it_is(document: Document, word: Any, tmp_path: Path) -> None:
    section = word.sections[0]
    assert not section.different_first_page_header_footer
    assert section.header.paragraphs[0].text.startswith("Invented: every person")
    assert {e.text.strip() for e in section.footer._element.iter(f"{W}instrText")} == {"PAGE", "NUMPAGES"}
    write_docx(replace(document, invented=False), tmp_path / "real.docx")
    assert opened(tmp_path / "real.docx").sections[0].header.paragraphs[0].text == ""


def test_each_link_leads_to_a_bookmark(document: Document, word: Any) -> None:
    body = word.element.body
    names = [e.get(f"{W}name") for e in body.iter(f"{W}bookmarkStart")]
    links = [e.get(f"{W}anchor") for e in body.iter(f"{W}hyperlink")]
    assert len(names) == len(set(names))
    assert links
    assert set(links) <= set(names)
    assert all(len(name) <= 40 for name in names)


def test_long_ids_stay_apart_as_bookmarks() -> None:
    ids = [f"finding-{'x' * 60}-{i}" for i in range(50)] + ["a-b", "a_b", "a.b"]
    assert len({bookmark_name(name) for name in ids}) == len(ids)


def test_parts_stand_in_the_order_word_wants(word: Any) -> None:
    """Word refuses a file whose properties stand in another order than its schema's."""
    wanted = {
        "pPr": (
            "pStyle",
            "keepNext",
            "keepLines",
            "pageBreakBefore",
            "numPr",
            "pBdr",
            "shd",
            "tabs",
            "bidi",
            "spacing",
            "ind",
            "jc",
            "rPr",
        ),
        "rPr": ("rStyle", "rFonts", "b", "i", "color", "sz", "szCs", "u", "shd", "rtl", "lang"),
        "tcPr": ("tcW", "gridSpan", "tcBorders", "shd", "noWrap", "tcMar", "vAlign"),
        "tblPr": ("tblStyle", "tblW", "jc", "tblLayout", "tblLook", "tblCaption", "tblDescription"),
        "trPr": ("cantSplit", "tblHeader"),
    }
    parts = [word.element.body, word.sections[0].header._element, word.sections[0].footer._element]
    for name, order in wanted.items():
        for found in (e for part in parts for e in part.iter(f"{W}{name}")):
            names = [child.tag.removeprefix(W) for child in found]
            assert names == sorted(names, key=order.index), (name, names)


def test_hostile_text_is_text(tmp_path: Path) -> None:
    hostile = "<w:p/>&amp;]]><script> \x00\x08\x0b [x](javascript:1)"
    blocks = (Prose("p", (hostile,)), Table("t", hostile, (Column(hostile), Column("n")), ((Cell(hostile), Cell(hostile)),)))
    write_docx(Document(hostile, hostile, "en", "", False, blocks), tmp_path / "h.docx")
    assert "<w:p/>&amp;]]><script>" in opened(tmp_path / "h.docx").tables[0].rows[0].cells[0].text


def test_the_same_document_is_the_same_file(document: Document, written: Path, tmp_path: Path) -> None:
    write_docx(document, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == (written / "s.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "again.docx") as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}


def test_no_path_and_no_clock_of_this_machine_is_in_the_file(written: Path) -> None:
    with zipfile.ZipFile(written / "s.docx") as parts:
        text = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist() if name.endswith((".xml", ".rels")))
    assert str(Path.cwd()) not in text
    assert "python-docx" not in text
    assert "2000-01-01T00:00:00Z" in text
