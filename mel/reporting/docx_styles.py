"""What does a report look like in Word? Page, type, colours, the head and foot of every page: styles that a reader can change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mel.reporting.blocks import Document
from mel.reporting.docx_parts import child, field
from mel.reporting.layout import labels
from mel.reporting.markup import clean

if TYPE_CHECKING:
    from docx.document import Document as Word

INK, SOFT, PLUM, CLAY, LEAF, GOLD = "2B2230", "635869", "58214F", "A5401C", "22584A", "6B4700"
WASH, LEAF_WASH, CLAY_WASH, GOLD_WASH, PLUM_WASH, LINE = "F8F2E9", "EFF5EF", "FBF0E8", "FBF0D0", "F5EEF4", "D9CCBA"
SERIF, SANS = "Georgia", "Calibri"
TEXT_WIDTH_MM = 172

# style: (based on, font, size, colour, bold, italic, space before, space after, keep with next)
_STYLES: dict[str, tuple[str, str, float, str, bool, bool, float, float, bool]] = {
    "Normal": ("", SANS, 10.5, INK, False, False, 0, 6, False),
    "Title": ("Normal", SERIF, 27, PLUM, True, False, 30, 8, True),
    "Subtitle": ("Normal", SANS, 12.5, SOFT, False, False, 0, 6, False),
    "Heading 1": ("Normal", SERIF, 19, PLUM, True, False, 26, 8, True),
    "Heading 2": ("Normal", SERIF, 13.5, INK, True, False, 16, 4, True),
    "Heading 3": ("Normal", SANS, 11, INK, True, False, 12, 3, True),
    "Caption": ("Normal", SANS, 10, INK, False, False, 12, 4, True),
    "List Bullet": ("Normal", SANS, 10.5, INK, False, False, 0, 3, False),
    "Finding": ("Normal", SERIF, 11.5, INK, False, False, 0, 0, False),
    "Reading": ("Normal", SERIF, 10.5, INK, False, False, 0, 4, False),
    "Label": ("Normal", SANS, 8.5, LEAF, True, False, 0, 2, True),
    "Who": ("Normal", SANS, 9, SOFT, False, False, 2, 8, False),
    "Callout": ("Normal", SANS, 10.5, INK, False, False, 0, 3, False),
    "Quote": ("Normal", SERIF, 11.5, INK, False, True, 8, 2, True),
    "Table Note": ("Normal", SANS, 8.5, SOFT, False, False, 3, 2, False),
    "Contents Line": ("Normal", SANS, 10.5, PLUM, False, False, 0, 2, False),
    "Gap": ("Normal", SANS, 5, INK, False, False, 0, 2, False),
    "Table Text": ("Normal", SANS, 9.5, INK, False, False, 0, 0, False),
}


def set_up(word: Word, document: Document) -> None:
    """Page, styles, language, properties, head and foot."""
    _page(word)
    for name, looks in _STYLES.items():
        _style(word, name, *looks)
    _today(word)
    _language(word, document.language)
    _properties(word, document)
    _head_and_foot(word, document)


def _page(word: Word) -> None:
    from docx.shared import Mm

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - TEXT_WIDTH_MM) / 2)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)


def _style(
    word: Word, name: str, base: str, font: str, size: float, colour: str, bold: bool, italic: bool, before: float, after: float, keep: bool
) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    known = {style.name for style in word.styles}
    style: Any = word.styles[name] if name in known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if base:
        style.base_style = word.styles[base]
    _font(style, font)
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.keep_with_next = keep
    style.paragraph_format.line_spacing = 1.1 if size > 13 else 1.2
    _plain(style)


def _font(style: Any, font: str) -> None:
    """The same font for every script's slot; the theme's own must go, for it would win."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for slot in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{slot}"), None)
    for slot in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{slot}"), font)
    fonts.set(qn("w:cs"), "Arial")


def _plain(style: Any) -> None:
    """Without what python-docx's own template brings: a line under a title, letters set wide in a subtitle."""
    from docx.oxml.ns import qn

    for group, name in (("w:pPr", "w:pBdr"), ("w:rPr", "w:spacing"), ("w:rPr", "w:kern")):
        for properties in style.element.findall(qn(group)):
            for found in properties.findall(qn(name)):
                properties.remove(found)


def _today(word: Word) -> None:
    """Say that this is a file for Word 2013 and later; without it Word opens it in its mode for 2007 and moves the tables."""
    from docx.oxml.ns import qn

    settings = word.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = child(settings, "w:compat")
    for old in compat.findall(qn("w:compatSetting")):
        if old.get(qn("w:name")) == "compatibilityMode":
            compat.remove(old)
    child(compat, "w:compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)


def _language(word: Word, language: str) -> None:
    from docx.oxml.ns import qn

    code = {"en": "en-GB"}.get(language, language)
    for found in word.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), code)


def _properties(word: Word, document: Document) -> None:
    """The file's own card. Its dates are fixed: the day the report was made stands on its first page, the clock in no file."""
    from datetime import UTC, datetime

    card = word.core_properties
    card.title, card.language = clean(document.title)[:255], document.language
    card.subject = clean(document.subtitle)[:255]
    card.author, card.last_modified_by, card.comments, card.keywords = "", "", "", ""
    card.created = card.modified = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    card.revision = 1


def _head_and_foot(word: Word, document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Mm, Pt, RGBColor

    words, section = labels(document.language), word.sections[0]
    if document.invented:
        head = section.header.paragraphs[0]
        child(head._p.get_or_add_pPr(), "w:shd", val="clear", color="auto", fill=GOLD_WASH)
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = head.add_run(words["invented_banner"])
        run.font.size, run.font.bold, run.font.color.rgb = Pt(9), True, RGBColor.from_string(GOLD)
    foot = section.footer.paragraphs[0]
    foot.style = word.styles["Who"]
    foot.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    title = clean(document.title)
    foot.add_run(f"{title[:80]}{'…' if len(title) > 80 else ''}\t")
    before, between, after = words["page"].format(page="\0", pages="\0").split("\0")
    for text, instruction in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        foot.add_run(text)
        if instruction:
            field(foot, instruction)
