"""How does a report become one web page that works anywhere, for anyone? It loads nothing, runs nothing and needs no network.

Reads a `Document`; computes nothing. How each block looks is in `mel.reporting.html_blocks`, colours and type in `style.css`.
"""

from __future__ import annotations

import re
from importlib.resources import files

from babel import Locale

from mel.reporting.blocks import Block, Callout, Document, Finding
from mel.reporting.html_blocks import block_html
from mel.reporting.layout import Section, cover, labels, language_tag, numbers, sections, written_on
from mel.reporting.markup import Markup, joined, tag

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""The page's own rule for the browser: nothing is fetched, nothing runs, nothing is sent."""


def write_html(document: Document) -> str:
    """The report as one self-contained page.

    Raises: SvgRefusedError for a drawing that holds more than shapes and text; CannotSay for a language not offered.
    """
    language = language_tag(document.language) or "en"
    page = tag("html", _head(document), _body(document), lang=language, dir=Locale.parse(language.split("-")[0]).text_direction)
    return f"<!doctype html>\n{page}\n"


def _head(document: Document) -> Markup:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light"),
        tag("title", document.title),
        Markup(f"<style>{_style(document)}</style>"),
    )


def _style(document: Document) -> str:
    """The style sheet, with what a printed page repeats at its head and foot."""
    words = labels(document.language)
    sheet = files("mel.reporting").joinpath("style.css").read_text(encoding="utf-8")
    banner = _css_string(words["invented_short"]) if document.invented else '""'
    page, pages = (_css_string(part) for part in words["page"].format(page="\0", pages="\0").split("\0")[:2])
    top = f"@top-center{{content:{banner}}}"
    foot = f"@bottom-left{{content:{_css_string(document.title)}}}@bottom-right{{content:{page} counter(page) {pages} counter(pages)}}"
    return re.sub(r"/\*.*?\*/|\n\s*", "", sheet, flags=re.DOTALL) + f"@page{{{top}{foot}}}"


def _css_string(text: str) -> str:
    """A CSS string in which only letters and digits stand as they are: a title cannot leave it."""
    return '"' + "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):06x} "[:8] for c in text if c.isprintable()) + '"'


def _body(document: Document) -> Markup:
    words = labels(document.language)
    return tag(
        "body",
        tag("a", words["skip"], class_="skip", href="#report"),
        _masthead(document),
        tag("div", _contents(document), _main(document), class_="page"),
        tag(
            "footer",
            tag("div", tag("p", document.title, class_="of"), tag("p", words["colophon"]), tag("p", written_on(document)), class_="inner"),
        ),
    )


def _masthead(document: Document) -> Markup:
    front = cover(document)
    lines = [joined(*(tag("p", line, class_="subtitle") for line in block.paragraphs)) for block in front.lines]
    own = [tag("div", said, id=block.id) for block, said in zip(front.lines, lines, strict=True)]
    stated = [
        tag("p", document.subtitle, class_="subtitle") if document.subtitle else None,
        tag("p", written_on(document), class_="written"),
    ]
    return tag(
        "header",
        _banner(document, front.invented),
        tag("div", tag("h1", document.title), *(own or stated), class_="inner"),
        class_="masthead",
    )


def _banner(document: Document, said: Callout | None) -> Markup | None:
    """The line that stays in sight while the page is read."""
    if not document.invented and said is None:
        return None
    words = labels(document.language)
    text = said.text if said else words["invented_banner"]
    name = words["invented"] if text.startswith(words["invented"]) else ""
    return tag("p", tag("strong", name), text.removeprefix(name), class_="invented", id=said.id if said else None)


def _contents(document: Document) -> Markup | None:
    headings = [s.heading for s in sections(document.blocks) if s.heading]
    if not headings:
        return None
    words = labels(document.language)
    links = [tag("li", tag("a", heading.text, href=f"#{heading.id}")) for heading in headings]
    return tag("nav", tag("p", words["contents"], class_="label", id="contents-label"), tag("ol", *links), aria_labelledby="contents-label")


def _main(document: Document) -> Markup:
    inside = sections(cover(document).inside)
    return tag("main", *(_section(section, document) for section in inside), id="report", tabindex="-1")


def _section(section: Section, document: Document) -> Markup:
    counted = numbers(document.blocks)
    head = block_html(section.heading, document.language, counted) if section.heading else None
    return tag("section", head, *(_run(run, document, counted) for run in _runs(section.blocks)))


def _run(run: list[Block], document: Document, counted: dict[str, int]) -> Markup:
    written = joined(*(block_html(block, document.language, counted) for block in run))
    return tag("div", written, class_="findings") if isinstance(run[0], Finding) else written


def _runs(blocks: tuple[Block, ...]) -> list[list[Block]]:
    """Findings that follow each other stand together; every other block for itself."""
    runs: list[list[Block]] = []
    for block in blocks:
        if runs and isinstance(block, Finding) and isinstance(runs[-1][0], Finding):
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs
