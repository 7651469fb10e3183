"""Who takes part, is reached and is heard less, what stands in their way and who says so, and whom do we not know?

The population a group is held against is named with its source and year. People of the community and others who rated are never
added up, and a barrier is not said to have made a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from mel.model.analyses import Analysis
from mel.model.exclusion import RATER_KINDS
from mel.reporting.blocks import Block, Cell, Finding, Table
from mel.reporting.charts.exclusion import exclusion
from mel.reporting.charts.picture import Told
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.sections.behind_rows import figure_cell, figures_of, notes_of, plain_cell, ratio_text, rows_of
from mel.reporting.sections.section import finding, prose, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import EMPTY, bounds_label, bounds_people, count_cell, distance
from mel.reporting.words.catalogue import capital, inside
from mel.reporting.words.figures import yes_of

KEY = "behind.exclusion_profile"
HIDDEN: Literal["hidden"] = "hidden"


def exclusion_told(edition: Edition, one: Analysis, name: str) -> Iterable[Block | None]:
    rows = rows_of(edition, one, "profile")
    of = {m: [row for row in rows if row.text("measure") == m] for m in dict.fromkeys(row.text("measure") for row in rows)}
    taking, barriers = of.get("participation_ratio", []), of.get("barrier_median", [])
    for at, row in enumerate((row for row in taking if row.open and row.number("estimate") is not None), start=1):
        yield _taking_part(edition, one, row, slug(name, "part", str(at)))
    yield prose(slug(name, "rated"), items=_rated(edition, barriers))
    yield exclusion(edition, one)
    yield _taking_part_table(edition, taking, name)
    yield _access_table(edition, [*of.get("access_gap", []), *of.get("voice_ratio", [])], name)
    yield _barrier_table(edition, one, barriers, name)
    yield prose(slug(name, "unknown"), items=[_not_known(edition, row) for row in of.get("not_known", [])])
    words = edition.words
    said = [words.say(f"{KEY}.dates") if taking else "", words.say(f"{KEY}.raters") if barriers else "", words.say(f"{KEY}.method")]
    yield prose(slug(name, "method"), *said)


def _group(row: Told) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ((row.text("dimension"), (row.text("category"),)),)


def _people(edition: Edition, row: Told) -> str:
    return capital(bounds_people(edition, _group(row)))


def _part(edition: Edition, row: Told, name: str = "value") -> str:
    """The share of those who take part: of those who were counted the count before the percent."""
    value, n = row.number(name), row.n
    if value is None:
        return edition.words.say("hidden.no_figure" if row.open else "hidden.short")
    if row.text("basis") != "probability" and n is not None and value > 0:
        return yes_of(edition.words, round(n), round(n / value))
    return write.percent(edition.words, value)


def _ratio(edition: Edition, row: Told) -> str:
    value = row.number("estimate")
    if value is None:
        return edition.words.say("hidden.no_figure" if row.open else "hidden.short")
    return ratio_text(edition, value, row.number("ci_low"), row.number("ci_high"))


def _taking_part(edition: Edition, one: Analysis, row: Told, block: str) -> Finding:
    key = {"below_parity": "below", "above_parity": "above"}.get(row.text("status"), "plain")
    sentence = edition.words.say(
        f"{KEY}.{key}",
        group=_people(edition, row),
        who=_who(edition, row, one),
        value=_part(edition, row),
        held=write.percent(edition.words, row.number("held_against") or 0.0),
        source=row.text("source"),
        year=_year(row),
        ratio=_ratio(edition, row),
    )
    return finding(edition, block, sentence, figures_of(row), [])


def _who(edition: Edition, row: Told, one: Analysis) -> str:
    """Those who take part: by an indicator that says so, else everybody in the dataset."""
    asked = edition.indicators.get(row.text("indicator")) if one.method.get("taking_part") else None
    return edition.words.say(f"{KEY}.who_by", label=inside(asked.label)) if asked else edition.words.say(f"{KEY}.who_all")


def _year(row: Told) -> str:
    year = row.number("year")
    return "" if year is None else str(round(year))


def _rated(edition: Edition, rows: Sequence[Told]) -> list[str]:
    """For each group, and each kind of raters apart, the barriers they rated, the highest first."""
    words, told = edition.words, []
    shown = [row for row in rows if row.open and row.number("estimate") is not None]
    for group in dict.fromkeys(_group(row) for row in shown):
        for kind in RATER_KINDS:
            mine = sorted(
                (r for r in shown if _group(r) == group and r.text("rater_kind") == kind), key=lambda r: -(r.number("estimate") or 0.0)
            )
            each = [
                words.say(
                    f"{KEY}.rated_one", factor=_factor(edition, row), n=write.count(words, row.n or 0),
                    rating=write.amount(words, row.number("estimate") or 0.0, 1),
                )
                for row in mine
            ]  # fmt: skip
            if each:
                who, listed = words.say(f"picture.raters.{kind}"), words.entry("list.semicolon").join(each)
                told.append(words.say(f"{KEY}.rated", group=bounds_people(edition, group), who=who, told=listed))
    return told


def _factor(edition: Edition, row: Told) -> str:
    return inside(edition.words.say(f"picture.factors.{row.text('factor')}"))


def _not_known(edition: Edition, row: Told) -> str:
    """How many people a dimension says nothing of, the count first."""
    words, n, share = edition.words, row.n, row.number("estimate")
    label = edition.dimension_label(row.text("dimension"))
    if not row.open or n is None:
        return f"{label}: {words.say('hidden.short')}"
    if n == 0 or share is None:
        return words.say(f"{KEY}.all_known", dimension=label)
    counted = words.say("picture.n_person" if n == 1 else "picture.n_people", n=write.count(words, n))
    return words.say(f"{KEY}.not_known", dimension=label, figure=f"{counted} ({write.percent(words, share)})")


# ---- tables -------------------------------------------------------------------------------------------------------------


def _said(edition: Edition, row: Told) -> Cell:
    key = f"{KEY}.status.{row.text('status')}"
    return text_cell(edition.words.say(key) if row.open and edition.words.has(key) else "")


def _count(edition: Edition, row: Told) -> Cell:
    return count_cell(edition, row.n) if row.open else Cell(edition.words.say("hidden.short"), None, HIDDEN)


def _percent(edition: Edition, row: Told, name: str) -> Cell:
    value = row.number(name)
    return EMPTY if value is None else Cell(write.percent(edition.words, value), value, "percent")


def _ratio_cell(edition: Edition, row: Told) -> Cell:
    value = row.number("estimate")
    return Cell(_ratio(edition, row), value, "number" if value is not None else "empty" if row.open else HIDDEN)


def _taking_part_table(edition: Edition, rows: Sequence[Told], name: str) -> Table | None:
    words = edition.words
    cells = [
        (
            text_cell(bounds_label(edition, _group(row))),
            _count(edition, row),
            _percent(edition, row, "value"),
            _percent(edition, row, "held_against"),
            _ratio_cell(edition, row),
            text_cell(f"{row.text('source')}, {_year(row)}" if row.open else ""),
            _said(edition, row),
        )
        for row in rows
    ]
    return table(
        slug(name, "part"), words.say(f"{KEY}.taking_part_caption"), words.entry(f"{KEY}.taking_part_columns"), cells, notes_of(rows)
    )


def _access_table(edition: Edition, rows: Sequence[Told], name: str) -> Table | None:
    words, cells = edition.words, []
    for row in rows:
        asked = edition.indicators.get(row.text("indicator"))
        if asked is None:
            continue
        gap, value = row.text("measure") == "access_gap", row.number("estimate")
        apart = _ratio_cell(edition, row)
        if gap and value is not None:
            apart = Cell(distance(edition, asked, value, row.number("ci_low"), row.number("ci_high")), value * 100, "points")
        cells.append(
            (
                text_cell(bounds_label(edition, _group(row))),
                text_cell(words.say(f"{KEY}.access" if gap else f"{KEY}.voice_of", label=asked.label)),
                _count(edition, row),
                figure_cell(edition, asked, row, "value", ("", "")),
                plain_cell(edition, asked, row.number("held_against")),
                apart,
                _said(edition, row),
            )
        )
    return table(slug(name, "access"), words.say(f"{KEY}.access_caption"), words.entry(f"{KEY}.access_columns"), cells, notes_of(rows))


def _barrier_table(edition: Edition, one: Analysis, rows: Sequence[Told], name: str) -> Table | None:
    words, cells = edition.words, []
    for row in rows:
        median, low, high = (row.number(part) for part in ("estimate", "middle_low", "middle_high"))
        middle = (
            words.say(f"{KEY}.middle", low=write.amount(words, low, 1), high=write.amount(words, high, 1))
            if low is not None and high is not None
            else ""
        )
        cells.append(
            (
                text_cell(bounds_label(edition, _group(row))),
                text_cell(capital(_factor(edition, row))),
                text_cell(words.say(f"{KEY}.raters_{row.text('rater_kind')}")),
                _count(edition, row),
                EMPTY if median is None else Cell(write.amount(words, median, 1), median, "number"),
                text_cell(middle),
            )
        )
    ends = {end: f"{float(one.method.get(end, at)):g}" for end, at in (("lowest", 0), ("highest", 4))}
    caption = words.say(f"{KEY}.barriers_caption", **ends)
    return table(slug(name, "barriers"), caption, words.entry(f"{KEY}.barriers_columns"), cells, notes_of(rows))
