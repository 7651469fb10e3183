"""How does a table stand in a Word file? As wide as the text, its head repeated on every page, no row cut, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mel.reporting.blocks import Cell, Table
from mel.reporting.docx_parts import bookmark, child, described, edges, head_row, said, shade, whole_row
from mel.reporting.docx_styles import LINE, PLUM, SOFT, TEXT_WIDTH_MM, WASH

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import Table as WordTable
    from docx.table import _Cell

_ROOMY, _TIGHT = 5, 8
"""Up to so many columns a table has the usual letters; up to so many smaller ones; beyond, the smallest that can be read."""


def add_table(word: Word, table: Table, name: str, caption: str) -> None:
    """Caption, table and notes at the end of `word`."""
    heading = word.add_paragraph(style="Caption")
    bookmark(heading, table.id)
    heading.add_run(f"{name} ").bold = True
    said(heading, caption)
    grid = word.add_table(rows=1, cols=len(table.columns))
    grid.autofit = False
    described(grid, f"{name} {caption}", " ".join(table.notes))
    _first_row_and_column(grid)
    size = 9.5 if len(table.columns) <= _ROOMY else 8.5 if len(table.columns) <= _TIGHT else 7.5
    for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
        _fill(cell, column.label, size, end=column.align == "end", bold=True, colour=PLUM)
        shade(cell, WASH)
        edges(cell, top=f"{LINE} 4", bottom=f"{PLUM} 12")
    head_row(grid.rows[0])
    whole_row(grid.rows[0])
    for row in table.rows:
        _add_row(grid, row, table, size)
    _set_widths(grid, _widths_mm(table, size))
    for note in table.notes:
        said(word.add_paragraph(style="Table Note"), note)
    word.add_paragraph(style="Gap")


def _add_row(grid: WordTable, row: Sequence[Cell], table: Table, size: float) -> None:
    added = grid.add_row()  # type: ignore[no-untyped-call]
    whole_row(added)
    for at, (target, cell, column) in enumerate(zip(added.cells, row, table.columns, strict=True)):
        quiet = cell.kind in ("hidden", "empty")
        _fill(target, cell.text, size, end=column.align == "end", bold=at == 0, colour=SOFT if quiet else "", italic=cell.kind == "hidden")
        edges(target, bottom=f"{LINE} 4")


def _fill(cell: _Cell, text: str, size: float, *, end: bool, bold: bool = False, colour: str = "", italic: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paragraph = cell.paragraphs[0]
    paragraph.style = "Table Text"
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2.5)
    if end:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = said(paragraph, text)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _first_row_and_column(grid: WordTable) -> None:
    """Say which cells are heads: the first row and the first column."""
    from docx.oxml.ns import qn

    properties = grid._tbl.tblPr
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    look = child(properties, "w:tblLook", val="00A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0, noHBand=1, noVBand=1)
    caption = properties.find(qn("w:tblCaption"))
    if caption is not None:
        caption.addprevious(look)


def _widths_mm(table: Table, size: float) -> list[float]:
    """Each column's width: room for its longest word and its whole numbers first, what is left by how much text it has."""
    letter, margin = 0.22 * size, 4.2  # millimetres that a bold letter of a wide font takes; a cell's two inner margins
    need, wish = [], []
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        unbroken = [
            *column.label.split(),
            *(part for cell in cells for part in (cell.text.split() if cell.kind == "text" else [cell.text])),
        ]
        usual = sorted(len(cell.text) for cell in cells)[int(len(cells) * 0.8)] if cells else 0
        need.append(min(max(map(len, unbroken), default=1), 18) * letter + margin)
        wish.append(max(min(usual, 40 if at == 0 else 24) * letter + margin - need[-1], 0) + 2)
    left = TEXT_WIDTH_MM - sum(need)
    if left <= 0:
        return [width * TEXT_WIDTH_MM / sum(need) for width in need]
    return [width + left * part / sum(wish) for width, part in zip(need, wish, strict=True)]


def _set_widths(grid: WordTable, widths: Sequence[float]) -> None:
    from docx.shared import Mm

    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
