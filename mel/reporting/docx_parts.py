"""How is a Word file told what python-docx has no words for? Bookmarks, links, fields, shading, table heads, languages, alt text.

Small functions over OOXML; what stands where is `mel.reporting.docx`'s.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

from mel.reporting.layout import direction, language_tag
from mel.reporting.markup import clean

if TYPE_CHECKING:
    from docx.table import Table as WordTable
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run


def child(parent: Any, name: str, /, **attributes: str | int) -> Any:
    """A new element `name` (as w:name) at the end of `parent`, with attributes as w:key."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    parent.append(element)
    return element


def bookmark_name(block_id: str) -> str:
    """The bookmark of a block: its id where Word can carry it (letters, digits, _; at most 40), else a short form that stays unique."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", block_id):
        return block_id
    return f"{re.sub(r'[^A-Za-z0-9]', '_', block_id)[:31]}_{zlib.crc32(block_id.encode()):08x}"


def bookmark(paragraph: Paragraph, block_id: str) -> None:
    """Mark the paragraph as the place of a block, before its text."""
    from docx.oxml.ns import qn

    number = str(zlib.crc32(block_id.encode()) % 2**31)
    name = bookmark_name(block_id)
    start = child(paragraph._p, "w:bookmarkStart", id=number, name=name)
    end = child(paragraph._p, "w:bookmarkEnd", id=number)
    at = 1 if paragraph._p.find(qn("w:pPr")) is not None else 0
    paragraph._p.insert(at, start)
    paragraph._p.insert(at + 1, end)


def link(paragraph: Paragraph, text: str, block_id: str) -> None:
    """A link to a block of this document."""
    hyperlink = child(paragraph._p, "w:hyperlink", anchor=bookmark_name(block_id), history=1)
    run = paragraph.add_run(clean(text))
    run.font.underline = True
    hyperlink.append(run._r)


def field(paragraph: Paragraph, instruction: str) -> None:
    """A field Word fills in, such as PAGE."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        if kind:
            child(run._r, "w:fldChar", fldCharType=kind)
        else:
            child(run._r, "w:instrText").text = f" {instruction} "


def said(paragraph: Paragraph, text: str, language: str = "") -> Run:
    """Text in its own language and direction; line ends inside it are kept."""
    run = paragraph.add_run(clean(text))
    code = language_tag(language)
    if direction(text, language) == "rtl":
        _ordered_bidi(paragraph)
        run.font.rtl = True
        child(run._r.get_or_add_rPr(), "w:lang", bidi=code or "ar")
    elif code:
        child(run._r.get_or_add_rPr(), "w:lang", val=code)
    return run


def _ordered_bidi(paragraph: Paragraph) -> None:
    """w:bidi must stand before spacing, indent and alignment in a paragraph's properties."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    after = [qn(f"w:{name}") for name in ("adjustRightInd", "spacing", "ind", "contextualSpacing", "jc", "rPr")]
    at = next((i for i, e in enumerate(properties) if e.tag in after), len(properties))
    properties.insert(at, OxmlElement("w:bidi"))


def shade(cell: _Cell, fill: str) -> None:
    """Fill a cell with a colour (six hex digits)."""
    child(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=fill)


def edges(cell: _Cell, **sides: str) -> None:
    """Lines of a cell: `start="58214F 36"` is colour and width in eighths of a point; a side left out has none."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tcBorders")
    for side in ("top", "start", "bottom", "end"):
        colour, _, size = sides.get(side, "").partition(" ")
        if colour:
            child(borders, f"w:{side}", val="single", sz=size, space=0, color=colour)
        else:
            child(borders, f"w:{side}", val="nil")
    properties = cell._tc.get_or_add_tcPr()
    after = [qn(f"w:{name}") for name in ("shd", "noWrap", "tcMar", "vAlign")]
    at = next((i for i, e in enumerate(properties) if e.tag in after), len(properties))
    properties.insert(at, borders)


def margins(cell: _Cell, **sides: int) -> None:
    """A cell's inner margins in twentieths of a point."""
    inner = child(cell._tc.get_or_add_tcPr(), "w:tcMar")
    for side in ("top", "start", "bottom", "end"):
        if side in sides:
            child(inner, f"w:{side}", w=sides[side], type="dxa")


def described(table: WordTable, caption: str, description: str = "") -> None:
    """What a screen reader says of a table before it is entered."""
    for name, text in (("w:tblCaption", caption), ("w:tblDescription", description)):
        if text:
            child(table._tbl.tblPr, name, val=clean(text))


def head_row(row: _Row) -> None:
    """Repeat this row on every page the table runs to, and say that it is the head."""
    child(row._tr.get_or_add_trPr(), "w:tblHeader")


def whole_row(row: _Row) -> None:
    """Never cut this row over two pages."""
    properties = row._tr.get_or_add_trPr()
    properties.insert(0, child(properties, "w:cantSplit"))


def alt_text(run: Run, block_id: str, text: str) -> None:
    """The words that stand for a picture."""
    from docx.oxml.ns import qn

    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", clean(text))
        properties.set("name", block_id)
