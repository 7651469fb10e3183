"""What a profile of exclusion says, point by point: the groups, their words, their table. How it is drawn is `exclusion`'s and `radar`'s."""

from __future__ import annotations

from dataclasses import dataclass

from mel.codes import ALL
from mel.model.analyses import Analysis
from mel.model.exclusion import MEASURES
from mel.reporting.blocks import Cell, Table
from mel.reporting.charts.lines import Line
from mel.reporting.charts.picture import (
    State,
    Told,
    hidden_row,
    round_of,
    state_words,
    table_of,
    table_with,
    told,
)
from mel.reporting.edition import Edition
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import count_cell, distance, distance_cell
from mel.reporting.words.catalogue import inside
from mel.reporting.words.groups import group_of

RATIOS = ("participation_ratio", "voice_ratio")
PARITY = {"participation_ratio": 1.0, "voice_ratio": 1.0, "access_gap": 0.0}
BELOW = ("below_parity", "behind", "lower")
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One row of a profile: a group, or what one kind of raters said of one factor for it."""

    edition: Edition
    row: Told

    @property
    def measure(self) -> str:
        return self.row.text("measure")

    @property
    def value(self) -> float | None:
        return self.row.number("estimate")

    @property
    def ends(self) -> tuple[float | None, float | None]:
        names = ("middle_low", "middle_high") if self.measure == "barrier_median" else ("ci_low", "ci_high")
        return self.row.number(names[0]), self.row.number(names[1])

    @property
    def state(self) -> State:
        if self.measure == "not_known" and self.row.open and self.row.n == 0:
            return "shown"  # that it is known of everyone is an answer
        return self.row.state(self.value, share=self.measure in ("access_gap", "not_known") and self.is_share)

    @property
    def is_share(self) -> bool:
        asked = self.edition.indicators.get(self.row.text("indicator"))
        return self.measure == "not_known" or (self.measure == "access_gap" and (asked is None or asked.is_share))

    @property
    def clear(self) -> bool:
        """Does its interval lie on one side of parity?"""
        low, high = self.ends
        parity = PARITY.get(self.measure)
        return parity is not None and low is not None and high is not None and not low <= parity <= high

    @property
    def group(self) -> str:
        """`Women`, for `not_known` the dimension of which nothing is known."""
        dimension, category = self.row.text("dimension"), self.row.text("category")
        if self.measure == "not_known" or not category:
            return self.edition.dimension_label(dimension)
        return self.edition.category_label(dimension, category)

    @property
    def people(self) -> str:
        dimension, category = self.row.text("dimension"), self.row.text("category")
        return group_of(self.edition, {dimension: category}).many if category else inside(self.group)

    @property
    def label(self) -> str:
        words = self.edition.words
        parts = [self.group]
        if self.measure == "access_gap" and self.row.text("indicator") in self.edition.indicators:
            parts.append(self.edition.indicators[self.row.text("indicator")].label)
        if factor := self.row.text("factor"):
            key = f"picture.factors.{factor}"
            parts.append(words.say(key) if words.has(key) else factor.replace("_", " "))
        if kind := self.row.text("rater_kind"):
            parts.append(words.say(f"picture.raters.{kind}"))
        first, *rest = parts
        return str(words.entry("group.joined").join((first, *map(inside, rest))))

    def written(self, value: float) -> str:
        words = self.edition.words
        if self.measure == "access_gap":
            asked = self.edition.indicators.get(self.row.text("indicator"))
            return distance(self.edition, asked, value) if asked else write.signed_points(words, value)
        return write.percent(words, value) if self.is_share else write.amount(words, value, 0 if float(value).is_integer() else 2)

    @property
    def text(self) -> str:
        """`0.62 (0.50 to 0.75)`, or why there is none."""
        if self.state != "shown" or self.value is None:
            return state_words(self.edition, self.state)
        low, high = self.ends
        if low is None or high is None:
            return self.written(self.value)
        asked = self.edition.indicators.get(self.row.text("indicator"))
        if self.measure == "access_gap" and asked:
            return distance(self.edition, asked, self.value, low, high)
        ends = [
            write.percent_short(self.edition.words, e) if self.is_share else write.amount(self.edition.words, e, 2) for e in (low, high)
        ]
        if self.measure == "barrier_median":
            ends = [write.amount(self.edition.words, e, 0 if float(e).is_integer() else 1) for e in (low, high)]
        return self.edition.words.say("progress.cell", value=self.written(self.value), low=ends[0], high=ends[1])

    def cell(self, value: float | None) -> Cell:
        if value is None:
            return Cell("", None, "empty")
        asked = self.edition.indicators.get(self.row.text("indicator"))
        if self.measure == "access_gap" and asked:
            return distance_cell(self.edition, asked, value)
        return Cell(self.written(value), value, "percent" if self.is_share else "number")


def points_of(edition: Edition, analysis: Analysis) -> list[Point]:
    """The rows of a profile in one round, with the ratings, which belong to none; measure by measure in the order in which they are read."""
    table = table_with(analysis, "measure", "dimension", "category", "estimate", "held_against", "round")
    at = round_of(edition, analysis, table)
    rows = [Point(edition, row) for row in told(edition, table) if row.text("round") in (at, ALL)]
    order = {name: at for at, name in enumerate(MEASURES)}
    return sorted(rows, key=lambda p: order.get(p.measure, len(order)))


def heading_of(edition: Edition, measure: str) -> Line:
    words, key = edition.words, f"picture.measures.{measure}"
    return Line(words.say(key) if words.has(key) else measure.replace("_", " ").capitalize(), state="heading")


def what_of(edition: Edition, measure: str) -> str:
    """What a measure is, in one line; nothing for a measure that has no words of its own."""
    key = f"picture.measure_how.{measure}"
    return edition.words.say(key, against=inside(edition.words.say("group.all"))) if edition.words.has(key) else ""


def title_of(edition: Edition, points: list[Point]) -> str:
    """Who takes part less than their part of the population, the furthest first; where that is not clear of anybody, so it is said."""
    words = edition.words
    for measure in RATIOS:
        judged = [p for p in points if p.measure == measure and p.state == "shown" and p.value is not None]
        below = sorted((p for p in judged if p.row.text("status") in BELOW), key=lambda p: p.value or 0.0)[:MOST_NAMED]
        if below:
            named = [words.say("picture.profile_one", value=p.written(p.value or 0.0), group=p.people) for p in below]
            return words.say(f"picture.profile_below_{measure}", told=words.listed(named))
    if any(p.row.text("status") == "unclear" for p in points if p.measure == "participation_ratio"):
        return words.say("picture.profile_plain", measure=words.say("picture.measures.participation_ratio"))
    return words.say("picture.profile_none")


def alt_of(edition: Edition, points: list[Point]) -> str:
    """Each measure with its lowest and highest group, then how many are not shown."""
    words = edition.words
    measures = list(dict.fromkeys(p.measure for p in points))
    said = [
        words.say(
            "picture.alt_profile",
            groups=words.counted(len(points), "line"),
            measures=words.listed([inside(heading_of(edition, m).label) for m in measures]),
        )
    ]
    for measure in measures:
        shown = sorted((p for p in points if p.measure == measure and p.state == "shown"), key=lambda p: p.value or 0.0)
        ends = shown if len(shown) < 2 else [shown[0], shown[-1]]
        told_ = [words.say("picture.alt_told", group=p.label, value=p.text) for p in ends]
        if told_:
            said.append(f"{heading_of(edition, measure).label}: {words.entry('list.semicolon').join(told_)}.")
    hidden = sum(p.state == "hidden" for p in points)
    if hidden:
        said.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    return " ".join(said)


def data_of(edition: Edition, name: str, points: list[Point]) -> Table:
    rows = []
    for p in points:
        head = (Cell(p.label), Cell(heading_of(edition, p.measure).label))
        if p.state != "shown":
            rows.append((*head, *hidden_row(edition, p.state, 4, p.row.n)))
            continue
        rows.append((*head, *(p.cell(v) for v in (p.value, *p.ends)), count_cell(edition, p.row.n)))
    return table_of(name, edition.words.say("picture.data_profile"), edition.words.entry("picture.columns_profile"), rows)
