"""How does a report become a Word file that people can read aloud, print, translate and write in?

Real headings, real tables whose heads repeat, words for every chart, the language of every quote. Reads a `Document`; computes
nothing. The same document gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mel.reporting.blocks import Callout, Document, Figure, Finding, Heading, Prose, Quote, Reading, Table
from mel.reporting.docx_parts import alt_text, bookmark, described, edges, link, margins, said, shade, whole_row
from mel.reporting.docx_styles import (
    CLAY,
    CLAY_WASH,
    GOLD,
    GOLD_WASH,
    LEAF,
    LEAF_WASH,
    LINE,
    PLUM,
    PLUM_WASH,
    SOFT,
    TEXT_WIDTH_MM,
    WASH,
    set_up,
)
from mel.reporting.docx_tables import add_table
from mel.reporting.layout import cover, labels, numbers, paragraphs, sections, written_on
from mel.reporting.svg import size_of

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.table import _Cell

_TONES = {"note": (SOFT, WASH), "care": (CLAY, CLAY_WASH), "limit": (PLUM, PLUM_WASH), "invented": (GOLD, GOLD_WASH)}
_PX_TO_MM = 25.4 / 96
_TALLEST_MM = 222


class _Writing:
    """One document while it is being written: the Word file, the fixed words, the numbers of tables and figures."""

    def __init__(self, document: Document) -> None:
        import docx

        self.document = document
        self.word: Word = docx.Document()
        self.words = labels(document.language)
        self.counted = numbers(document.blocks)
        set_up(self.word, document)


def write_docx(document: Document, path: Path) -> None:
    """The report as a Word file at `path`.

    Raises: CannotSay for a language not offered; KeyError on a kind of block without a look.
    """
    writing = _Writing(document)
    _front(writing)
    for block in cover(document).inside:
        _WRITERS[block.kind](block, writing)
    _annex(writing)
    buffer = io.BytesIO()
    writing.word.save(buffer)
    path.write_bytes(_same_bytes(buffer.getvalue()))


def _same_bytes(package: bytes) -> bytes:
    """The file without the clock that a zip keeps for each part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            fixed.writestr(entry, parts.read(name))
    return out.getvalue()


def _front(writing: _Writing) -> None:
    document, word = writing.document, writing.word
    front = cover(document)
    if front.invented:
        _callout(front.invented, writing)
    said(word.add_paragraph(style="Title"), document.title)
    for block in front.lines:
        _lines(block, word)
    if not front.lines and document.subtitle:
        said(word.add_paragraph(style="Subtitle"), document.subtitle)
    if not front.lines and document.made_on:
        word.add_paragraph(written_on(document), style="Who")
    headings = [s.heading for s in sections(document.blocks) if s.heading]
    if headings:
        word.add_paragraph(style="Gap")
        word.add_paragraph(writing.words["contents"], style="Label")
    for heading in headings:
        link(word.add_paragraph(style="Contents Line"), heading.text, heading.id)


def _lines(block: Prose, word: Word) -> None:
    """Lines of the cover: the first larger than those after it."""
    for at, line in enumerate(block.paragraphs):
        paragraph = word.add_paragraph(style="Who" if at else "Subtitle")
        if at == 0:
            bookmark(paragraph, block.id)
        said(paragraph, line)


def _heading(block: Heading, writing: _Writing) -> None:
    paragraph = writing.word.add_paragraph(style=f"Heading {block.level - 1}")
    bookmark(paragraph, block.id)
    said(paragraph, block.text)


def _prose(block: Prose, writing: _Writing) -> None:
    texts = [(part, "Normal") for text in block.paragraphs for part in paragraphs(text)] + [(item, "List Bullet") for item in block.items]
    for at, (text, style) in enumerate(texts):
        paragraph = writing.word.add_paragraph(style=style)
        if at == 0:
            bookmark(paragraph, block.id)
        said(paragraph, text)


def _finding(block: Finding, writing: _Writing) -> None:
    shares = [0.48, 0.52] if block.readings else [0.66, 0.34]
    left, right = _frame(writing, shares, writing.words["finding_table"])
    edges(left, start=f"{PLUM} 36", top=f"{LINE} 4", bottom=f"{LINE} 4")
    left.paragraphs[0].style = writing.word.styles["Finding"]
    bookmark(left.paragraphs[0], block.id)
    said(left.paragraphs[0], block.sentence)
    edges(right, top=f"{LINE} 4", bottom=f"{LINE} 4", end=f"{LINE} 4")
    shade(right, LEAF_WASH if block.readings else WASH)
    if block.readings:
        _styled(right, writing.words["said"], "Label")
        for reading in block.readings:
            _reading(reading, right, writing)
    else:
        said(right.paragraphs[0], block.not_read).italic = True
    _settled((left, right))


def _reading(reading: Reading, cell: _Cell, writing: _Writing) -> None:
    for part in paragraphs(reading.meaning):
        _styled(cell, part, "Reading", reading.language)
    for label, text in ((writing.words["wrong"], reading.wrong), (writing.words["dissent"], reading.dissent)):
        if text:
            _styled(cell, label, "Label")
            for part in paragraphs(text):
                _styled(cell, part, "Normal", reading.language)
    _styled(cell, ", ".join(part for part in (reading.group, reading.date) if part), "Who")


def _callout(block: Callout, writing: _Writing) -> None:
    colour, wash = _TONES[block.tone]
    (cell,) = _frame(writing, [1.0], writing.words[block.tone])
    edges(cell, start=f"{colour} 36")
    shade(cell, wash)
    if not block.text.startswith(writing.words[block.tone]):  # else it names itself
        _coloured(_styled(cell, writing.words[block.tone], "Label"), colour)
    for part in paragraphs(block.text):
        _styled(cell, part, "Callout")
    bookmark(next(p for p in cell.paragraphs if p.text), block.id)
    _settled((cell,))
    if block.text.startswith(writing.words[block.tone]):  # it speaks of what follows: a heading and it do not stay behind at a page's end
        for paragraph in (*cell.paragraphs, writing.word.paragraphs[-1]):
            paragraph.paragraph_format.keep_with_next = True


def _quote(block: Quote, writing: _Writing) -> None:
    (cell,) = _frame(writing, [1.0], block.said_by)
    edges(cell, start=f"{LEAF} 18")
    for at, part in enumerate(paragraphs(block.text)):
        paragraph = _styled(cell, part, "Quote", block.language)
        if at == 0:
            bookmark(paragraph, block.id)
    if block.translation:
        _styled(cell, writing.words["translation"], "Label")
        for part in paragraphs(block.translation):
            _styled(cell, part, "Normal")
    _styled(cell, block.said_by, "Who")
    _settled((cell,))


def _table(block: Table, writing: _Writing) -> None:
    name = f"{writing.words['table']} {writing.counted[block.id]}."
    add_table(writing.word, block, name, block.caption)


def _figure(block: Figure, writing: _Writing) -> None:
    import vl_convert
    from docx.shared import Mm

    caption = writing.word.add_paragraph(style="Caption")
    bookmark(caption, block.id)
    name = caption.add_run(f"{writing.words['figure']} {writing.counted[block.id]}. ")
    name.bold = True
    said(caption, block.caption)
    paragraph = writing.word.add_paragraph()
    across, down = (side * _PX_TO_MM for side in size_of(block.svg))
    width = min(across, TEXT_WIDTH_MM, across * _TALLEST_MM / down)  # a drawing with its caption fits a page
    run = paragraph.add_run()
    run.add_picture(io.BytesIO(vl_convert.svg_to_png(block.svg, scale=2)), width=Mm(width))
    alt_text(run, block.id, block.alt)


def _annex(writing: _Writing) -> None:
    """The numbers behind the charts, at the end, where they do not stand between two sentences."""
    figures = [b for b in writing.document.blocks if isinstance(b, Figure) and b.data is not None]
    if not figures:
        return
    writing.word.add_paragraph(writing.words["annex"], style="Heading 1")
    for figure in figures:
        if figure.data is not None:
            name = f"{writing.words['figure']} {writing.counted[figure.id]}."
            add_table(writing.word, figure.data, name, figure.data.caption)


def _frame(writing: _Writing, shares: list[float], caption: str) -> tuple[_Cell, ...]:
    """One row of borderless cells as wide as the text."""
    from docx.shared import Mm

    table = writing.word.add_table(rows=1, cols=len(shares))
    table.autofit = False
    described(table, caption)
    whole_row(table.rows[0])
    for cell, share in zip(table.rows[0].cells, shares, strict=True):
        cell.width = Mm(TEXT_WIDTH_MM * share)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Mm(TEXT_WIDTH_MM * share)
    writing.word.add_paragraph(style="Gap")  # two tables that touch would become one
    return tuple(table.rows[0].cells)


def _settled(cells: tuple[_Cell, ...]) -> None:
    """Inner margins, and no empty paragraph at the head: a new cell has one."""
    for cell in cells:
        margins(cell, top=120, start=180, bottom=120, end=160)
        first = cell.paragraphs[0]
        if not first.text and len(cell.paragraphs) > 1:
            first._p.getparent().remove(first._p)


def _styled(cell: _Cell, text: str, style: str, language: str = "") -> Any:
    paragraph = cell.add_paragraph(style=style)
    said(paragraph, text, language)
    return paragraph


def _coloured(paragraph: Any, colour: str) -> None:
    from docx.shared import RGBColor

    for run in paragraph.runs:
        run.font.color.rgb = RGBColor.from_string(colour)


_WRITERS: Mapping[str, Callable[[Any, _Writing], None]] = {
    "heading": _heading,
    "prose": _prose,
    "finding": _finding,
    "table": _table,
    "figure": _figure,
    "callout": _callout,
    "quote": _quote,
}
