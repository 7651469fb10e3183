"""How unequally is an opportunity shared out, and what contributes to that?"""

from __future__ import annotations

from collections.abc import Iterable

from mel.model.analyses import Analysis
from mel.reporting.blocks import Block, Cell
from mel.reporting.charts.picture import Told
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.sections.behind_rows import figures_of, notes_of, rows_of, share_of
from mel.reporting.sections.section import finding, prose, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import count_cell, share_cell
from mel.reporting.words.catalogue import inside


def opportunity_told(edition: Edition, one: Analysis, name: str) -> Iterable[Block | None]:
    words, asked = edition.words, edition.indicators[one.indicator]
    measures, parts = (rows_of(edition, one, part) for part in ("measures", "contributions"))
    by_name = {row.text("measure"): row for row in measures}
    coverage, index, hoi = (share_of(edition, by_name[m].number("estimate")) for m in ("coverage", "d_index", "hoi"))
    key = "complement" if one.method.get("complement") == "yes" else "said"
    sentence = words.say(f"behind.opportunity.{key}", label=inside(asked.label), coverage=coverage, index=index, hoi=hoi)
    yield finding(edition, slug(name, "index"), sentence, figures_of(measures[0]), [])
    if parts and (parts[0].number("part") or 0.0) > 0:
        most = {
            "dimension": inside(edition.dimension_label(parts[0].text("dimension"))),
            "part": share_of(edition, parts[0].number("part")),
        }
        yield prose(slug(name, "most"), words.say("behind.opportunity.most", **most))
    rows = [
        (text_cell(words.say(f"behind.opportunity.measures.{row.text('measure')}")), count_cell(edition, row.n), _share(edition, row))
        for row in measures
    ]
    columns = words.entry("behind.opportunity.columns")
    yield table(slug(name, "measures"), words.say("behind.opportunity.caption", label=asked.label), columns, rows, notes_of(measures))
    shares = [
        (
            text_cell(edition.dimension_label(row.text("dimension"))),
            count_cell(edition, row.n),
            _share(edition, row),
            share_cell(edition, row.number("part")),
        )
        for row in parts
    ]
    heads = words.entry("behind.opportunity.part_columns")
    yield table(slug(name, "parts"), words.say("behind.opportunity.part_caption", label=asked.label), heads, shares)
    yield prose(slug(name, "method"), words.say(f"behind.opportunity.method_{one.method['method']}"))


def _share(edition: Edition, row: Told) -> Cell:
    """A part of one, with its interval, in percent and a decimal: these are small."""
    value, low, high = (row.number(part) for part in ("estimate", "ci_low", "ci_high"))
    if value is None:
        return Cell(edition.words.say("hidden.no_figure" if row.open else "hidden.short"), None, "empty" if row.open else "hidden")
    text = write.percent(edition.words, value, 1)
    if low is not None and high is not None:
        ends = [write.percent_bare(edition.words, end, 1) for end in (low, high)]
        text = edition.words.say("progress.cell", value=text, low=ends[0], high=ends[1])
    return Cell(text, value, "percent")
