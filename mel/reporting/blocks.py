"""The parts a report is made of. A notebook cell returns blocks; every writer (html, docx, xlsx) reads the same blocks back
from the executed notebook, so that all formats say the same numbers. Nothing is computed here.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

MIME = "application/vnd.mel.block+json"
CellKind = Literal["text", "count", "percent", "number", "points", "hidden", "empty"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: the text every format prints, and the number behind it where there is one (xlsx keeps it)."""

    text: str
    value: float | None = None
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    align: Literal["start", "end"] = "start"


@dataclass(frozen=True)
class Block:
    """A part of a report. `id` is unique in a report and the same in every format."""

    kind: ClassVar[str] = "block"
    id: str

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self)}

    def as_text(self) -> str:
        raise NotImplementedError

    def as_html(self) -> str:
        """How it looks in a notebook; the report's own HTML is `mel.reporting.html`'s."""
        return f"<p>{html.escape(self.as_text())}</p>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002
        return {MIME: self.as_json(), "text/html": self.as_html(), "text/plain": self.as_text()}


@dataclass(frozen=True)
class Heading(Block):
    kind: ClassVar[str] = "heading"
    text: str
    level: Literal[2, 3, 4] = 2

    def as_text(self) -> str:
        return self.text

    def as_html(self) -> str:
        return f"<h{self.level}>{html.escape(self.text)}</h{self.level}>"


@dataclass(frozen=True)
class Prose(Block):
    """Paragraphs, or a list when `items`."""

    kind: ClassVar[str] = "prose"
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()

    def as_text(self) -> str:
        return "\n\n".join((*self.paragraphs, *(f"- {item}" for item in self.items)))

    def as_html(self) -> str:
        listed = "".join(f"<li>{html.escape(item)}</li>" for item in self.items)
        return "".join(f"<p>{html.escape(p)}</p>" for p in self.paragraphs) + (f"<ul>{listed}</ul>" if listed else "")


@dataclass(frozen=True)
class Reading:
    """What the people a figure is about make of it."""

    group: str
    date: str
    language: str
    meaning: str
    wrong: str = ""
    dissent: str = ""


@dataclass(frozen=True)
class Finding(Block):
    """A sentence made from figures: a reading aid. Beside it stands what the people it is about make of it."""

    kind: ClassVar[str] = "finding"
    sentence: str
    figures: tuple[Mapping[str, Any], ...] = ()  # FigureId as JSON
    readings: tuple[Reading, ...] = ()
    not_read: str = "Not yet read with the people it is about."

    def as_text(self) -> str:
        said = [f"{r.group} ({r.date}): {r.meaning}" for r in self.readings] or [self.not_read]
        return "\n".join((self.sentence, *said))

    def as_html(self) -> str:
        head, *said = self.as_text().split("\n")
        return f"<p><strong>{html.escape(head)}</strong></p>" + "".join(f"<blockquote>{html.escape(s)}</blockquote>" for s in said)


@dataclass(frozen=True)
class Table(Block):
    """Rows of cells under column labels. The first cell of a row is its header."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def as_text(self) -> str:
        lines = [" | ".join(c.label for c in self.columns), *(" | ".join(c.text for c in row) for row in self.rows)]
        return "\n".join((self.caption, *lines, *self.notes))

    def as_html(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(c.label)}</th>' for c in self.columns)
        return f"<table><caption>{html.escape(self.caption)}</caption><thead><tr>{head}</tr></thead><tbody>{self._body()}</tbody></table>"

    def _body(self) -> str:
        def line(row: tuple[Cell, ...]) -> str:
            first, *rest = row
            return (
                f'<tr><th scope="row">{html.escape(first.text)}</th>' + "".join(f"<td>{html.escape(c.text)}</td>" for c in rest) + "</tr>"
            )

        return "".join(line(row) for row in self.rows)


@dataclass(frozen=True)
class Figure(Block):
    """A chart: its SVG, what it shows in words, and its data as a table."""

    kind: ClassVar[str] = "figure"
    caption: str
    alt: str
    svg: str
    data: Table | None = None

    def as_json(self) -> dict[str, Any]:
        record = super().as_json()
        return record | {"data": self.data.as_json() if self.data else None}

    def as_text(self) -> str:
        return f"{self.caption}\n{self.alt}"

    def as_html(self) -> str:
        return f'<figure role="img" aria-label="{html.escape(self.alt)}">{self.svg}<figcaption>{html.escape(self.caption)}</figcaption></figure>'


@dataclass(frozen=True)
class Callout(Block):
    """Something a reader must not miss: a limit, a warning, a kindness."""

    kind: ClassVar[str] = "callout"
    text: str
    tone: Literal["note", "care", "limit", "invented"] = "note"

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True)
class Quote(Block):
    """Somebody's words, in their language, with the translation beside them where there is one."""

    kind: ClassVar[str] = "quote"
    text: str
    said_by: str
    language: str = "en"
    translation: str = ""

    def as_text(self) -> str:
        return f"“{self.text}”" + (f" [{self.translation}]" if self.translation else "") + f" ({self.said_by})"


@dataclass(frozen=True)
class Blocks:
    """Several blocks as one cell's result, shown in order."""

    blocks: tuple[Block, ...] = field(default_factory=tuple)

    def __iter__(self) -> Any:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    def _ipython_display_(self) -> None:
        """A section without data shows nothing at all."""
        from IPython.display import display

        for block in self.blocks:
            display(block)  # type: ignore[no-untyped-call]


BLOCK_KINDS: Mapping[str, Any] = {b.kind: b for b in (Heading, Prose, Finding, Table, Figure, Callout, Quote)}


def from_json(record: Mapping[str, Any]) -> Block:
    """A block back from its JSON. KeyError on an unknown kind: a writer must not pass over what it does not know."""
    given = dict(record)
    maker = BLOCK_KINDS[given.pop("kind")]
    if maker is Table:
        return _table(given)
    if maker is Figure:
        data = given.get("data")
        return Figure(**given | {"data": _table({k: v for k, v in data.items() if k != "kind"}) if data else None})
    if maker is Finding:
        return Finding(**given | {"figures": tuple(given["figures"]), "readings": tuple(Reading(**r) for r in given["readings"])})
    block: Block = maker(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})
    return block


def _table(record: Mapping[str, Any]) -> Table:
    return Table(
        id=record["id"],
        caption=record["caption"],
        columns=tuple(Column(**c) for c in record["columns"]),
        rows=tuple(tuple(Cell(**c) for c in row) for row in record["rows"]),
        notes=tuple(record["notes"]),
    )


@dataclass(frozen=True)
class Document:
    """A whole report, ready to be written in any format."""

    title: str
    subtitle: str
    language: str
    made_on: str
    invented: bool
    blocks: tuple[Block, ...]
    alliance_id: str = ""


def only(blocks: Iterable[Block | None]) -> Blocks:
    """The blocks that are there."""
    return Blocks(tuple(block for block in blocks if block is not None))
