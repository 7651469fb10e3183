"""How does each block look on the page? One small function a kind; text is escaped by `tag`, drawings pass `safe_svg`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mel.reporting.blocks import Block, Callout, Cell, Figure, Finding, Heading, Prose, Quote, Reading, Table
from mel.reporting.layout import direction, labels, language_tag, paragraphs
from mel.reporting.markup import Markup, joined, tag
from mel.reporting.svg import safe_svg, size_of

Numbers = Mapping[str, int]
_WHOLE = 30


LONG = 24
"""A table of more rows is folded on the page: it is there to look something up in, and would hide what comes after it."""


def block_html(block: Block, language: str, counted: Numbers) -> Markup:
    """One block of a page in `language`. KeyError on a kind without a look: a writer must not pass over what it does not know."""
    return _WRITERS[block.kind](block, labels(language), counted)


def _heading(block: Heading, words: Mapping[str, str], counted: Numbers) -> Markup:  # noqa: ARG001
    return tag(f"h{block.level}", block.text, id=block.id, dir=_turned(block.text))


def _prose(block: Prose, words: Mapping[str, str], counted: Numbers) -> Markup:  # noqa: ARG001
    said = [tag("p", part, dir=_turned(part)) for text in block.paragraphs for part in paragraphs(text)]
    listed = tag("ul", *(tag("li", item, dir=_turned(item)) for item in block.items)) if block.items else None
    return tag("div", *said, listed, class_="prose", id=block.id)


def _finding(block: Finding, words: Mapping[str, str], counted: Numbers) -> Markup:  # noqa: ARG001
    if block.readings:
        beside = tag("div", tag("p", words["said"], class_="label"), *(_reading(r, words) for r in block.readings), class_="beside read")
    else:
        beside = tag("div", tag("p", block.not_read), class_="beside unread")
    return tag(
        "div", tag("p", block.sentence, class_="sentence"), beside, class_="finding" if block.readings else "finding alone", id=block.id
    )


def _reading(reading: Reading, words: Mapping[str, str]) -> Markup:
    more = [(words[key], text) for key, text in (("wrong", reading.wrong), ("dissent", reading.dissent)) if text]
    return tag(
        "div",
        tag("blockquote", *_said(reading.meaning, reading.language)),
        *(tag("div", tag("p", label, class_="label"), *_said(text, reading.language), class_="more") for label, text in more),
        tag("p", tag("bdi", reading.group), ", " if reading.group and reading.date else None, tag("bdi", reading.date), class_="who"),
        class_="reading",
    )


def _said(text: str, language: str) -> list[Markup]:
    """Somebody's words, in their language and direction."""
    return [tag("p", part, lang=language_tag(language), dir=direction(part, language)) for part in paragraphs(text)]


def _table(block: Table, words: Mapping[str, str], counted: Numbers) -> Markup:
    name = f"{words['table']} {counted[block.id]}"
    if len(block.rows) <= LONG:
        return tag("div", _grid(block, name), *_notes(block), class_="tabled", id=block.id)
    summary = tag("summary", tag("b", f"{name}. "), f"{block.caption} ({words['rows'].format(n=len(block.rows))})")
    return tag("div", tag("details", summary, _grid(block, name), *_notes(block), class_="long"), class_="tabled", id=block.id)


def _grid(block: Table, name: str) -> Markup:
    columns = [tag("th", column.label, scope="col", class_=column.align, dir=_turned(column.label)) for column in block.columns]
    caption = tag("caption", tag("span", tag("b", f"{name}. "), block.caption))
    rows = [_row(row, block) for row in block.rows]
    table = tag("table", caption, tag("thead", tag("tr", *columns)), tag("tbody", *rows))
    return tag("div", table, class_="scroll", role="region", tabindex="0", aria_label=f"{name}. {block.caption}")


def _row(row: tuple[Cell, ...], block: Table) -> Markup:
    first, *rest = row
    head = tag("th", first.text, scope="row", dir=_turned(first.text))
    cells = (
        tag("td", cell.text, class_=_cell_class(cell, column.align), dir=_turned(cell.text))
        for cell, column in zip(rest, block.columns[1:], strict=True)
    )
    return tag("tr", head, *cells)


def _cell_class(cell: Cell, align: str) -> str:
    """A short cell that ends at the right, such as a figure with its interval, is never broken."""
    return f"{cell.kind} {align}" + (" whole" if align == "end" and len(cell.text) <= _WHOLE else "")


def _notes(block: Table) -> list[Markup | None]:
    return [tag("div", *(tag("p", note, dir=_turned(note)) for note in block.notes), class_="notes") if block.notes else None]


def _figure(block: Figure, words: Mapping[str, str], counted: Numbers) -> Markup:
    name = f"{words['figure']} {counted[block.id]}"
    width, _ = size_of(block.svg)
    # A phone shows a chart at no less than three quarters of its size: smaller letters cannot be read, so it scrolls in its frame.
    frame = tag(
        "div", safe_svg(block.svg, label=block.alt, prefix=block.id), style=f"min-width:{width * 0.75:.0f}px;max-width:{width:.0f}px"
    )
    chart = tag("div", frame, class_="chart", role="region", tabindex="0", aria_label=f"{name}, {words['scroll']}")
    caption = tag("figcaption", tag("b", f"{name}. "), block.caption, dir=_turned(block.caption))
    return tag("figure", caption, chart, _behind(block, words, name), id=block.id)


def _behind(block: Figure, words: Mapping[str, str], name: str) -> Markup | None:
    if block.data is None:
        return None
    summary = tag("summary", words["behind"], tag("span", f" ({name})", class_="quiet"))
    return tag("details", summary, _grid(block.data, f"{name}, {words['behind'].lower()}"), *_notes(block.data), id=block.data.id)


def _callout(block: Callout, words: Mapping[str, str], counted: Numbers) -> Markup:  # noqa: ARG001
    said = [tag("p", part, dir=_turned(part)) for part in paragraphs(block.text)]
    if block.text.startswith(words[block.tone]):  # it names itself: no label says it twice
        return tag("div", *said, class_=f"callout slim tone-{block.tone}", role="note", id=block.id)
    return tag("div", tag("p", words[block.tone], class_="label"), *said, class_=f"callout tone-{block.tone}", role="note", id=block.id)


def _quote(block: Quote, words: Mapping[str, str], counted: Numbers) -> Markup:  # noqa: ARG001
    translated = None
    if block.translation:
        translated = tag("div", tag("p", words["translation"], class_="label"), _plain(block.translation), class_="translation")
    said = tag("blockquote", *_said(block.text, block.language))
    both = tag("div", said, translated, class_="both" if translated else "one")
    return tag("div", both, tag("p", tag("bdi", block.said_by), class_="who"), class_="quote", id=block.id)


def _plain(text: str) -> Markup:
    return joined(*(tag("p", part) for part in paragraphs(text)))


def _turned(text: str) -> str | None:
    """`auto` where a text holds letters written from right to left; most texts need no word about it."""
    return "auto" if any("\u0590" <= c <= "\u08ff" or "\ufb1d" <= c <= "\ufefc" for c in text) else None


_WRITERS: Mapping[str, Callable[[Any, Mapping[str, str], Numbers], Markup]] = {
    "heading": _heading,
    "prose": _prose,
    "finding": _finding,
    "table": _table,
    "figure": _figure,
    "callout": _callout,
    "quote": _quote,
}
