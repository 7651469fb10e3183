"""Every format of a report shows the same blocks, in the same order, with the same numbers. Each file is read back by another library."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mel.reporting.blocks import MIME, Block, Document, Figure, Finding, Table, from_json
from mel.reporting.docx_parts import bookmark_name
from mel.reporting.gate_tables import printed_number
from mel.reporting.layout import numbered_tables, paragraphs
from mel.reporting.markup import clean
from mel.reporting.notebooks import blocks_of

Grid = tuple[tuple[str, ...], ...]


def tables(document: Document) -> dict[str, Table]:
    found = [b if isinstance(b, Table) else b.data for b in document.blocks if isinstance(b, Table) or (isinstance(b, Figure) and b.data)]
    return {table.id: table for table in found if table is not None}


def grid(table: Table) -> Grid:
    """Head and rows as every format prints them."""
    return (tuple(clean(c.label) for c in table.columns), *(tuple(clean(c.text) for c in row) for row in table.rows))


def in_html(folder: Path) -> Any:
    from lxml import html

    return html.fromstring((folder / "s.html").read_text(encoding="utf-8"))


def in_word(folder: Path) -> Any:
    import docx

    return docx.Document(str(folder / "s.docx"))


def in_workbook(folder: Path) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(folder / "s.xlsx"))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_a_block_comes_back_from_a_notebook_as_it_was(told: tuple[Document, Path]) -> None:
    document, _ = told
    cells = [{"outputs": [{"data": block._repr_mimebundle_()}]} for block in document.blocks]
    assert blocks_of({"cells": cells}) == list(document.blocks)
    assert [from_json(block.as_json()) for block in document.blocks] == list(document.blocks)
    assert MIME in document.blocks[0]._repr_mimebundle_()


def test_the_same_blocks_stand_in_the_same_order_on_the_page(told: tuple[Document, Path]) -> None:
    document, written = told
    ids = [block.id for block in document.blocks]
    assert [name for name in in_html(written).xpath("//body//@id") if name in ids] == ids


def test_the_same_blocks_stand_in_the_same_order_in_word(told: tuple[Document, Path]) -> None:
    document, written = told
    names = [
        b.get(b.tag.replace("bookmarkStart", "name")) for b in in_word(written).element.body.iter() if str(b.tag).endswith("}bookmarkStart")
    ]
    of_charts = [block.data.id for block in document.blocks if isinstance(block, Figure) and block.data]
    assert names == [bookmark_name(name) for name in (*(block.id for block in document.blocks), *of_charts)]


def test_the_workbook_names_each_table_and_finding(told: tuple[Document, Path]) -> None:
    document, written = told
    cells = {str(cell) for rows in in_workbook(written).values() for row in rows for cell in row}
    assert set(tables(document)) | {b.id for b in document.blocks if isinstance(b, Finding)} <= cells


def test_the_page_prints_each_table_as_it_is(told: tuple[Document, Path]) -> None:
    document, written = told
    page = in_html(written)
    for name, table in tables(document).items():
        (found,) = page.xpath(f'//*[@id="{name}"]//table')
        rows = tuple(tuple(cell.text_content() for cell in row.xpath("./th|./td")) for row in found.xpath(".//tr"))
        assert rows == grid(table), name


def test_word_prints_each_table_as_it_is(told: tuple[Document, Path]) -> None:
    document, written = told
    printed = [tuple(tuple(c.text for c in row.cells) for row in t.rows) for t in in_word(written).tables]
    for name, table in tables(document).items():
        assert grid(table) in printed, name


def test_the_workbook_holds_the_same_numbers(told: tuple[Document, Path]) -> None:
    document, written = told
    book = in_workbook(written)
    rows = {row[3]: row[0] for row in book["Contents"] if len(row) > 3 and row[3]}
    for name, table in tables(document).items():
        sheet = next(rows_ for title, rows_ in book.items() if re.match(rf"{rows[name]}\b", title))
        at = next(i for i, row in enumerate(sheet) if row[0] == table.columns[0].label)
        columns = [sheet[at].index(clean(column.label)) for column in table.columns]
        for written_row, row in zip(sheet[at + 1 :], table.rows, strict=False):
            for value, cell in zip((written_row[i] for i in columns), row, strict=True):
                assert value == (clean(cell.text) if cell.value is None else pytest.approx(cell.value, rel=1e-15)), (name, cell)


def test_the_number_in_the_workbook_is_the_one_that_is_printed(told: tuple[Document, Path]) -> None:
    document, _ = told
    for table in tables(document).values():
        for cell in (cell for row in table.rows for cell in row if cell.value is not None):
            printed = printed_number(cell.text)
            assert printed is not None
            value, (number, decimals) = cell.value * (100 if cell.kind == "percent" else 1), printed
            if cell.text.startswith("fewer than"):
                assert 0 < value < number, cell
            elif cell.text.startswith("more than"):
                assert number < value < 100, cell
            else:
                assert abs(abs(value) - abs(number)) <= 0.5 * 10.0**-decimals + 1e-9, cell


def said(block: Block) -> list[str]:
    """Everything a block says in words."""
    match block:
        case Finding():
            beside = [part for r in block.readings for part in (r.meaning, r.wrong, r.dissent, r.group) if part]
            return [block.sentence, *(beside or [block.not_read])]
        case Table():
            return [block.caption, *block.notes]
        case Figure():
            return [block.caption]
        case _:
            record = block.as_json()
            return [
                text
                for key in ("text", "translation", "said_by", "paragraphs", "items")
                for text in ([record[key]] if isinstance(record.get(key), str) else record.get(key, ()))
                if text
            ]


def test_page_and_word_say_every_sentence(told: tuple[Document, Path]) -> None:
    document, written = told
    page = in_html(written).xpath("//body")[0].text_content()
    word = "".join(t.text or "" for t in in_word(written).element.body.iter() if str(t.tag).endswith("}t"))
    for block in document.blocks:
        for text in said(block):
            assert all(clean(part) in page and clean(part) in word for part in paragraphs(text)), block.id


def test_findings_and_their_readings_are_in_the_workbook(told: tuple[Document, Path]) -> None:
    document, written = told
    text = "\n".join(str(cell) for row in in_workbook(written).get("Findings", ()) for cell in row)
    for block in document.blocks:
        if isinstance(block, Finding):
            assert all(clean(part) in text for part in said(block)), block.id


def test_tables_and_figures_have_the_same_number_everywhere(told: tuple[Document, Path]) -> None:
    document, written = told
    page = [
        e.text_content()
        for e in in_html(written).xpath("//main//*[self::caption/parent::table[not(ancestor::details)] or self::figcaption]")
    ]
    word = [p.text for p in in_word(written).paragraphs if p.style.name == "Caption"]
    assert page == word[: len(page)]
    names = [text.partition(".")[0] for text in page]
    assert names == [name for name, _, _ in numbered_tables(document) if name in names]
    contents = [row[0] for row in in_workbook(written)["Contents"]]
    assert [name for name in contents if name in names] == names
