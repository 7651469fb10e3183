"""What do all formats of a report share besides its blocks? Sections, numbers of tables and figures, the few fixed words, directions.

No format is written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mel.errors import CannotSay
from mel.errors.writers import LANGUAGE_NOT_OFFERED
from mel.reporting.blocks import Block, Callout, Document, Figure, Heading, Prose, Table

_EN: Final[Mapping[str, str]] = {
    "skip": "Skip to the report",
    "contents": "Contents",
    "table": "Table",
    "rows": "{n} rows, open to look something up",
    "figure": "Figure",
    "behind": "The numbers behind this chart",
    "said": "What the people it is about make of it",
    "wrong": "What is wrong with it",
    "dissent": "Not all agree",
    "translation": "In translation",
    "note": "Note",
    "care": "Handle with care",
    "limit": "What this cannot say",
    "invented": "Invented",
    "invented_banner": "Invented: every person, organisation and number in this report is made up.",
    "invented_short": "Invented: every person, organisation and number here is made up",
    "scroll": "scrolls sideways",
    "finding": "Finding",
    "findings": "Findings",
    "finding_table": "A finding, and beside it what the people it is about make of it",
    "annex": "Annex: the numbers behind the charts",
    "annex_of": "The numbers behind figure {n}: {caption}",
    "workbook": "All tables of this report",
    "workbook_columns": "Name;What it shows;In section;Block",
    "findings_columns": "Finding;What the people it is about make of it;Block",
    "printed": "as printed",
    "back": "Back to the contents",
    "page": "Page {page} of {pages}",
    "written": "Written {date}",
    "colophon": "This page loads nothing from anywhere and remembers nothing about who reads it. "
    "The same tables and figures stand in the Word file and the workbook beside it.",
}
LABELS: Final[Mapping[str, Mapping[str, str]]] = {"en": _EN}
"""The words the writers add themselves, by language. A language is offered when it stands here."""


def labels(language: str) -> Mapping[str, str]:
    """The fixed words of a language. Raises: CannotSay when reports are not written in it yet."""
    found = LABELS.get(language.split("-", maxsplit=1)[0].lower())
    if found is None:
        raise CannotSay(LANGUAGE_NOT_OFFERED.at(language=language, offered=sorted(LABELS)))
    return found


def written_on(document: Document) -> str:
    """When the report was made, in words; empty when it does not say."""
    from babel.dates import format_date

    if not document.made_on:
        return ""
    try:
        day = format_date(date.fromisoformat(document.made_on[:10]), format="d MMMM y", locale=document.language.replace("-", "_"))
    except ValueError:
        day = document.made_on
    return labels(document.language)["written"].format(date=day)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 2 and what stands under it; the first section may have none."""

    heading: Heading | None
    blocks: tuple[Block, ...]


def sections(blocks: tuple[Block, ...]) -> Iterator[Section]:
    """The blocks, cut before each heading of level 2."""
    heading: Heading | None = None
    under: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            if heading or under:
                yield Section(heading, tuple(under))
            heading, under = block, []
        else:
            under.append(block)
    if heading or under:
        yield Section(heading, tuple(under))


@dataclass(frozen=True, slots=True)
class Cover:
    """What a report opens with: the word *invented*, and the lines under the title. These blocks stand there and nowhere else."""

    invented: Callout | None
    lines: tuple[Prose, ...]
    inside: tuple[Block, ...]
    """All other blocks, in order."""


def cover(document: Document) -> Cover:
    """The blocks before the first heading of level 2 that belong on the cover: paragraphs, and the first callout that says *invented*."""
    ends = next((at for at, b in enumerate(document.blocks) if isinstance(b, Heading) and b.level == 2), 0)
    front = document.blocks[:ends]
    invented = next((b for b in front if isinstance(b, Callout) and b.tone == "invented"), None)
    lines = tuple(b for b in front if isinstance(b, Prose) and not b.items)
    taken = {b.id for b in (*lines, *((invented,) if invented else ()))}
    return Cover(invented, lines, tuple(b for b in document.blocks if b.id not in taken))


def numbers(blocks: tuple[Block, ...]) -> dict[str, int]:
    """Block id of each table and each figure: its number, so that people in a room can say "table 3" and mean the same."""
    counted: dict[str, int] = {}
    for kind in (Table, Figure):
        counted |= {block.id: at for at, block in enumerate((b for b in blocks if isinstance(b, kind)), start=1)}
    return counted


def numbered_tables(document: Document) -> Iterator[tuple[str, str, Table]]:
    """(name, the heading it stands under, table): each table, and each figure's data, as the reader meets them."""
    words, counted = labels(document.language), numbers(document.blocks)
    for section in sections(document.blocks):
        title = section.heading.text if section.heading else ""
        for block in section.blocks:
            if isinstance(block, Table):
                yield f"{words['table']} {counted[block.id]}", title, block
            elif isinstance(block, Figure) and block.data is not None:
                yield f"{words['figure']} {counted[block.id]}", title, block.data


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def language_tag(language: str) -> str | None:
    """The language as a tag a browser knows, None when what stands in the register is not one."""
    written = language.strip().replace("_", "-")
    return written if _LANGUAGE.fullmatch(written) else None


def direction(text: str, language: str = "") -> str:
    """`rtl` or `ltr`, by the language where it is known, else by most of the text's first letters."""
    from babel import Locale, UnknownLocaleError

    letters = re.sub(r"[\W\d_]+", "", text)[:40]
    by_letters = "rtl" if len(_RTL.findall(letters)) * 2 > len(letters) else "ltr"
    code = language_tag(language)
    try:
        return str(Locale.parse(code.split("-")[0]).text_direction) if code else by_letters
    except (UnknownLocaleError, ValueError):  # many languages people write in are not in Babel
        return by_letters


def paragraphs(text: str) -> list[str]:
    """The text's paragraphs; an empty line parts them."""
    return [part.strip() for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
