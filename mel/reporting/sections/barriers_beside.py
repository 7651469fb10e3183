"""What stands in the way of those a gap leaves out, and who says so? Only where an exclusion profile with ratings is in the release.

A rating stands beside a gap; it does not show that the barrier made the gap, and the sentence does not say that it did.
"""

from __future__ import annotations

from mel.reporting.edition import Edition
from mel.reporting.rows import text_rows
from mel.reporting.words.catalogue import inside
from mel.reporting.words.groups import everyone_in
from mel.reporting.words.pairs import Pair, served_less

MOST = 2
"""Barriers named beside a gap: the highest rated."""


def barriers_beside(edition: Edition, pair: Pair) -> str:
    """The highest rated barriers of the group that is served less, community and others apart; empty where nobody rated any."""
    gap = pair.difference
    asked = edition.indicators[gap.id.indicator]
    group = served_less(asked, pair)
    rated = [
        row
        for one in edition.told.analyses
        if one.kind == "exclusion_profile" and one.dataset == gap.id.dataset
        for table in one.tables.values()
        for row in text_rows(table)
        if (row.get("measure"), row.get("dimension"), row.get("category")) == ("barrier_median", gap.dimension, group)
        and row.get("disclosure") == "open"
        and row.get("estimate")
    ]
    told = [_of(edition, kind, rated) for kind in dict.fromkeys(row["rater_kind"] for row in rated)]
    if not told:
        return ""
    name = everyone_in(edition, gap.domain, gap.dimension, group, asked.counts)
    return edition.words.say("gaps.barriers", group=name, told=edition.words.entry("list.semicolon").join(told))


def _of(edition: Edition, kind: str, rated: list[dict[str, str]]) -> str:
    words = edition.words
    mine = sorted((row for row in rated if row["rater_kind"] == kind), key=lambda row: -float(row["estimate"]))[:MOST]
    named = [
        words.say("gaps.barrier", factor=inside(words.say(f"picture.factors.{row['factor']}")), rating=f"{float(row['estimate']):g}")
        for row in mine
    ]
    return words.say("gaps.barrier_by", barriers=words.listed(named), who=words.say(f"picture.raters.{kind}"))
