"""Who is furthest behind? Every analysis of many groups that was asked for, in words and in a table; then the measures of inequality.

An analysis that is withheld, or that the answers do not carry, says so in its place. Which groups were found is `mel.comparison`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mel.model.analyses import Analysis
from mel.model.analysis_use import WITHOUT_INDICATOR
from mel.reporting.blocks import Block, Callout, Heading
from mel.reporting.charts.picture import told
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.sections import behind_exclusion, behind_intersections, behind_opportunity, behind_overlaps, behind_ranking, behind_tree
from mel.reporting.sections.behind_inequality import inequality
from mel.reporting.sections.section import prose, section
from mel.reporting.words.amounts import by_words

Teller = Callable[[Edition, Analysis, str], Iterable[Block | None]]
TELLERS: Mapping[str, Teller] = {
    "furthest_behind": behind_tree.tree_told,
    "ranking": behind_ranking.ranking_told,
    "intersections": behind_intersections.intersections_told,
    "opportunity": behind_opportunity.opportunity_told,
    "overlaps": behind_overlaps.overlaps_told,
    "exclusion_profile": behind_exclusion.exclusion_told,
}
"""How each kind is told, from (edition, analysis, the prefix of its blocks' ids). A chart goes before the table; intersections have none, because
the ranked one says who is apart from everyone, and theirs is apart from the sum of parts."""


@section("who_is_furthest_behind")
def who_is_furthest_behind(edition: Edition) -> Iterable[Block | None]:
    """The analyses in the order the alliance asked for them."""
    analyses = [one for one in edition.told.analyses if one.kind in TELLERS and _known(edition, one)]
    parts = [block for at, one in enumerate(analyses, start=1) for block in _analysis(edition, at, one)] + list(inequality(edition))
    if parts:
        yield prose("behind-how", edition.words.say("behind.how"))
        yield from parts


def _known(edition: Edition, one: Analysis) -> bool:
    """Of an indicator that the release names, or of everybody in a dataset."""
    return one.indicator in edition.indicators or (not one.indicator and one.kind in WITHOUT_INDICATOR)


def _analysis(edition: Edition, at: int, one: Analysis) -> Iterable[Block | None]:
    words, name = edition.words, slug("behind", str(at), one.kind)
    label = edition.indicators[one.indicator].label if one.indicator else ""
    round_ = edition.round_label(one.dataset, one.round)
    yield Heading(slug(name, "heading"), words.say(f"behind.{one.kind}.title", label=label), 3)
    yield prose(slug(name, "asks"), words.say(f"behind.{one.kind}.asks", by=by_words(edition, one.dimensions), round=round_))
    if one.cannot_say:
        key = f"behind.reasons.{one.cannot_say}"
        yield Callout(
            slug(name, "cannot"), words.say("behind.cannot", why=words.say(key if words.has(key) else "behind.reasons.other")), "limit"
        )
    elif not any(row.open for table in one.tables.values() for row in told(edition, table)):
        yield Callout(slug(name, "withheld"), words.say("behind.withheld"), "care")
    else:
        yield from TELLERS[one.kind](edition, one, name)
