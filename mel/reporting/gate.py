"""Is this document fit to be read? The last look before anything is written; it refuses, and repairs nothing.

Axe and Word's checker pass a placeholder where a chart's text should be, and nothing at all notices 'nan' in a sentence. This
does. What may be shown to whom was settled by `protect`, and is not looked at again here, but for a hidden cell that still
carries its number.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from mel.errors import InputError, Problem
from mel.errors.writers import GATE_ALT, GATE_BAD_ID, GATE_DRAWING, GATE_HEADINGS, GATE_NO_TEXT, GATE_SAME_ID, GATE_UNPRINTABLE
from mel.reporting.blocks import Block, Callout, Document, Figure, Finding, Heading, Prose, Quote, Table
from mel.reporting.gate_tables import table_problems, tables_of
from mel.reporting.svg import SvgRefusedError, check_svg

_ID = re.compile(r"[A-Za-z][A-Za-z0-9._:=-]*")
_FILE_NAME = re.compile(r"[\w./\\-]+\.(png|svg|jpe?g|gif|webp|bmp|tiff?|pdf|html?)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"(the |an? |my )?(no description( has been provided( for this image)?)?|image|picture|photo|figure|chart|graph|plot|drawing|diagram|"
    r"alt( text)?|description|untitled|placeholder|tbd|todo|lorem ipsum.*|xxx*|n/?a|none|null|nan|altair chart|vega visuali[sz]ation|output)"
    r"[ _-]*\d*\W*",
    re.IGNORECASE,
)
_HOLE = re.compile(r"(?<![\w'’.-])(nan|NaN|NAN|NaT|<NA>|inf|-inf|Infinity|undefined|None|\{[a-z_]+\})(?![\w'’-])")
_SENTENCE_START = re.compile(r"(^|[.!?:;(“\"]\s*|\n\s*(- )?)$")
_SHORTEST_ALT = 20


def gate(document: Document) -> None:
    """Nothing, when the document may be written. Raises: InputError with every fault at once."""
    problems = [*_ids(document), *_headings(document), *_figures(document)]
    for block in document.blocks:
        problems += [*_empty(block), *(p for table in tables_of(block) for p in table_problems(table)), *_holes(block)]
    problems += _holes_in("title", "the title or subtitle stands", (document.title, document.subtitle))
    if not document.title.strip():
        problems.append(GATE_NO_TEXT.at(block="title", part="text"))
    if problems:
        raise InputError(dict.fromkeys(problems))


def _ids(document: Document) -> Iterator[Problem]:
    ids = [name for block in document.blocks for name in (block.id, *(t.id for t in tables_of(block) if t is not block))]
    yield from (GATE_SAME_ID.at(block=name) for name, times in Counter(ids).items() if times > 1)
    yield from (GATE_BAD_ID.at(block=name) for name in dict.fromkeys(ids) if not _ID.fullmatch(name))


def _headings(document: Document) -> Iterator[Problem]:
    above = 1
    for block in document.blocks:
        if isinstance(block, Heading):
            if block.level > above + 1:
                yield GATE_HEADINGS.at(block=block.id, level=block.level, above=above)
            above = block.level


def _figures(document: Document) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for figure in (b for b in document.blocks if isinstance(b, Figure)):
        fault = _alt_fault(figure) or (f"is the same as that of figure '{seen[figure.alt]}'" if figure.alt in seen else "")
        if fault:
            yield GATE_ALT.at(block=figure.id, fault=fault)
        seen.setdefault(figure.alt, figure.id)
        try:
            check_svg(figure.svg)
        except SvgRefusedError as refused:
            yield GATE_DRAWING.at(block=figure.id, fault=str(refused))


def _alt_fault(figure: Figure) -> str:
    alt = figure.alt.strip()
    if not alt:
        return "is empty"
    if _PLACEHOLDER.fullmatch(alt):
        return "is a placeholder"
    if _FILE_NAME.fullmatch(alt):
        return "is a file's name"
    if _letters(alt) == _letters(figure.caption):
        return "only repeats the caption"
    return "is too short to say what the chart shows" if len(alt) < _SHORTEST_ALT else ""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _empty(block: Block) -> Iterator[Problem]:
    parts: dict[str, str] = {}
    match block:
        case Heading() | Callout() | Quote():
            parts = {"text": block.text}
        case Prose():
            parts = {"text": "".join((*block.paragraphs, *block.items))}
        case Finding():
            beside = min((r.meaning.strip() for r in block.readings), default=block.not_read)  # an empty one sorts first
            parts = {"sentence": block.sentence, "text beside the sentence": beside}
        case Table() | Figure():
            parts = {"caption": block.caption}
        case _:
            raise KeyError(block.kind)
    yield from (GATE_NO_TEXT.at(block=block.id, part=part) for part, text in parts.items() if not text.strip())


def _holes(block: Block) -> Iterator[Problem]:
    """What a computer wrote where a word belongs. The words of people (quotes, readings) are theirs and are not looked at."""
    match block:
        case Heading() | Callout():
            yield from _holes_in(block.id, "its text stands", (block.text,))
        case Prose():
            yield from _holes_in(block.id, "its text stands", (*block.paragraphs, *block.items))
        case Finding():
            yield from _holes_in(block.id, "its sentence stands", (block.sentence, block.not_read))
        case Figure():
            yield from _holes_in(block.id, "its caption or description stands", (block.caption, block.alt))
            yield from _holes_in(block.id, "the drawing has text", (_drawn_text(block.svg),))
        case _:
            pass
    for table in tables_of(block):
        yield from _holes_in(table.id, "its caption or notes stand", (table.caption, *table.notes))
        yield from _holes_in(table.id, "a column is named", (c.label for c in table.columns))
        yield from _holes_in(table.id, "a cell stands", (cell.text for row in table.rows for cell in row))


def _drawn_text(svg: str) -> str:
    """What a drawing prints, one line a text, so that a hole in an axis label is seen too."""
    return html.unescape("\n".join(re.findall(r"<(?:text|tspan)[^>]*>([^<]*)<", svg)))


def _holes_in(block: str, place: str, texts: Iterable[str]) -> list[Problem]:
    return [GATE_UNPRINTABLE.at(block=block, word=word, place=place) for text in texts for word in _found(text)]


def _found(text: str) -> Iterator[str]:
    for hole in _HOLE.finditer(text):
        # "None of the 12 women" is a sentence; "heard by None" is a hole.
        begins = hole.group() == "None" and _SENTENCE_START.search(text[: hole.start()]) and text[hole.end() :].strip(" .,)%")
        if not begins:
            yield hole.group()
