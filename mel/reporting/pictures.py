"""Pictures of comparisons for a notebook: of a Release as a figure for readers, of Comparisons as a sketch that says it is not for publication.

Each function looks up what it draws, refuses when there is nothing, and leaves the drawing to `mel.reporting.charts`. Sections of the
report call those charts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mel.errors import UsageError
from mel.errors.pictures import (
    PICTURE_EMPTY,
    PICTURE_NEEDS_ESTIMATES,
    PICTURE_NO_ANALYSIS,
    PICTURE_NOT_PROTECTED,
    PICTURE_SOURCE,
    PICTURE_WHICH_ANALYSIS,
    PICTURE_WRONG_ANALYSIS,
)
from mel.model.analyses import Analysis
from mel.model.comparisons import Comparisons
from mel.model.estimates import Estimates
from mel.model.exclusion import ExclusionProfile
from mel.model.furthest import FurthestBehind, Ranking
from mel.model.intersections import Intersections
from mel.model.overlaps import Overlaps
from mel.model.release import Release
from mel.reporting.blocks import Figure
from mel.reporting.charts.equiplot import draw_equiplot
from mel.reporting.charts.exclusion import draw_exclusion
from mel.reporting.charts.explore import Draft, Sketch
from mel.reporting.charts.gap_over_time import draw_gap_over_time
from mel.reporting.charts.heat_map import draw_heat_map
from mel.reporting.charts.picture import Picture
from mel.reporting.charts.ranked import draw_ranked
from mel.reporting.charts.rounds import draw_dumbbell
from mel.reporting.charts.tree import draw_tree
from mel.reporting.charts.upset import draw_upset
from mel.reporting.edition import Edition, edition_of
from mel.reporting.words import words_in

Source = Release | Comparisons
Found = Analysis | FurthestBehind | Ranking | Intersections | Overlaps | ExclusionProfile
"""An analysis, as a Release holds it, or as its method returned it."""
Drawn = Figure | Sketch
"""A Figure of a Release; a Sketch of anything that has not passed disclosure control."""


def equiplot(
    source: Source, indicators: str | Sequence[str], dimension: str, *,
    round: str | None = None, estimates: Estimates | None = None, language: str = "en",  # noqa: A002  (the field's word)
) -> Drawn:  # fmt: skip
    """Groups of one dimension as marks on a line: one indicator round by round, or several indicators in one round each.

    Comparisons need the `estimates` they were made from. Missing: a group that is not shown is named under its line, with the reason.
    Raises: UsageError when there is nothing to draw, an indicator or dimension is unknown, or units differ.
    """
    edition = _edition("equiplot", source, language, estimates, needs_estimates=True)
    _known_dimension(edition, dimension)
    return _drawn("equiplot", edition, draw_equiplot(edition, indicators, dimension, round), _no_two(dimension))


def dumbbell(source: Source, indicator: str, dimension: str, *, estimates: Estimates | None = None, language: str = "en") -> Drawn:
    """Where each group of a dimension was and where it is now, and whether the step between is clear; a probability sample only.

    Comparisons need the `estimates` they were made from. Raises: UsageError, as `equiplot`'s.
    """
    edition = _edition("dumbbell", source, language, estimates, needs_estimates=True)
    _known_dimension(edition, dimension)
    why = "no two lines have a change between rounds of a probability sample that may be shown"
    return _drawn("dumbbell", edition, draw_dumbbell(edition, indicator, dimension), why)


def gap_over_time(source: Source, indicator: str, dimension: str, *, estimates: Estimates | None = None, language: str = "en") -> Drawn:
    """The distance between the same two groups, round by round, with its interval and zero.

    Sign: first group − second. Comparisons need the `estimates` they were made from. Raises: UsageError, as `equiplot`'s.
    """
    edition = _edition("gap_over_time", source, language, estimates, needs_estimates=True)
    _known_dimension(edition, dimension)
    why = f"no two groups by {dimension} were compared in two rounds; name a reference, so that each round compares the same two"
    return _drawn("gap_over_time", edition, draw_gap_over_time(edition, indicator, dimension), why)


def heat_map(
    source: Source, indicator: str, dimensions: Sequence[str], *,
    round: str | None = None, estimates: Estimates | None = None, language: str = "en",  # noqa: A002
) -> Drawn:  # fmt: skip
    """Every crossing of two dimensions: a shade with its figure, hatched where hidden, other marks for no figure and for nobody.

    Comparisons need the `estimates` they were made from. Raises: UsageError, as `equiplot`'s, and unless two dimensions are named.
    """
    edition = _edition("heat_map", source, language, estimates, needs_estimates=True)
    for name in [dimensions] if isinstance(dimensions, str) else dimensions:
        _known_dimension(edition, name)
    return _drawn("heat_map", edition, draw_heat_map(edition, indicator, dimensions, round), "no crossing of these dimensions may be shown")


def tree(
    source: Source, analysis: Found | None = None, *, indicator: str | None = None, round: str | None = None, language: str = "en"  # noqa: A002
) -> Drawn:  # fmt: skip
    """The groups that `furthest_behind` found, as indented bars with their interval and their part of people.

    `analysis`: one of the source's; without it the only one there is, of `indicator` and `round` where those are named.
    Raises: UsageError when there is none, or several, or nothing of it may be shown.
    """
    return _of("tree", ("furthest_behind",), draw_tree, source, analysis, indicator, round, language)


def ranked_intersections(
    source: Source, analysis: Found | None = None, *, indicator: str | None = None, round: str | None = None, language: str = "en"  # noqa: A002
) -> Drawn:  # fmt: skip
    """Groups by several dimensions at once in order, with their intervals, and everyone's figure as a line. See `tree` for `analysis`."""
    return _of("ranked_intersections", ("ranking", "intersections"), draw_ranked, source, analysis, indicator, round, language)


def upset(
    source: Source, analysis: Found | None = None, *, round: str | None = None, language: str = "en"  # noqa: A002
) -> Drawn:  # fmt: skip
    """To which groups people belong together, the most frequent combination first. See `tree` for `analysis`."""
    return _of("upset", ("overlaps",), draw_upset, source, analysis, None, round, language)


def exclusion(
    source: Source, analysis: Found | None = None, *, radar: bool = False, round: str | None = None, language: str = "en"  # noqa: A002
) -> Drawn:  # fmt: skip
    """A profile of exclusion as dots with intervals, or as a radar of its ratios. See `tree` for `analysis`."""

    def draw(edition: Edition, found: Analysis) -> Picture | None:
        return draw_exclusion(edition, found, radar=radar)

    return _of("exclusion", ("exclusion_profile",), draw, source, analysis, None, round, language)


def _edition(picture: str, source: Source, language: str, estimates: Estimates | None = None, *, needs_estimates: bool = False) -> Edition:
    """What may be drawn of the source, seen through the report's own lens."""
    if isinstance(source, Release):
        return edition_of(source, language=language)
    if not isinstance(source, Comparisons):
        raise UsageError(PICTURE_SOURCE.at(picture=picture, given=type(source).__name__))
    if needs_estimates and not isinstance(estimates, Estimates):
        raise UsageError(PICTURE_NEEDS_ESTIMATES.at(picture=picture))
    return Draft(None, words_in(language), (), estimates, source)


def _drawn(name: str, edition: Edition, picture: Picture | None, why: str) -> Drawn:
    if picture is None:
        raise UsageError(PICTURE_EMPTY.at(picture=name, why=why))
    return picture.sketch(edition) if isinstance(edition, Draft) else picture.figure(edition)


def _of(
    name: str,
    kinds: Sequence[str],
    draw: Callable[[Edition, Analysis], Picture | None],
    source: Source,
    analysis: Found | None,
    indicator: str | None,
    round_: str | None,
    language: str,
) -> Drawn:
    edition = _edition(name, source, language)
    found = _chosen(name, kinds, source, analysis, indicator, round_)
    if round_ is not None and round_ not in _rounds(found):
        raise UsageError(PICTURE_EMPTY.at(picture=name, why=f"the analysis has no round '{round_}'; it has {', '.join(_rounds(found))}"))
    found = found if round_ is None else replace(found, round=round_)
    why = (
        f"the analysis cannot say ({found.cannot_say})"
        if found.cannot_say
        else "no row of the analysis may be shown, or it found no groups"
    )
    return _drawn(name, edition, draw(edition, found), why)


def _chosen(name: str, kinds: Sequence[str], source: Source, analysis: Found | None, indicator: str | None, round_: str | None) -> Analysis:
    """The one analysis that is meant. Of a Release only its own: one from elsewhere has not passed disclosure control."""
    if analysis is not None:
        if isinstance(source, Release) and not any(analysis is one for one in source.analyses):
            raise UsageError(PICTURE_NOT_PROTECTED.at(picture=name))
        made = as_analysis(analysis)
        if made is None or made.kind not in kinds:
            given = made.kind if made is not None else type(analysis).__name__
            raise UsageError(PICTURE_WRONG_ANALYSIS.at(picture=name, given=given, kinds=kinds))
        return made
    fits = [
        one
        for one in source.analyses
        if one.kind in kinds and (indicator is None or one.indicator == indicator) and (round_ is None or round_ in _rounds(one))
    ]
    if not fits:
        of = f" of the indicator '{indicator}'" if indicator else ""
        raise UsageError(PICTURE_NO_ANALYSIS.at(picture=name, kinds=kinds, indicator=of, available=_listed(source.analyses)))
    if len(fits) > 1:
        raise UsageError(PICTURE_WHICH_ANALYSIS.at(picture=name, count=len(fits), available=_listed(fits)))
    return fits[0]


def as_analysis(found: Found) -> Analysis | None:
    """What a method returned, in the shape all analyses share; None for what is no analysis."""
    if isinstance(found, Analysis):
        return found
    own = getattr(found, "as_analysis", None)
    if own is not None:
        made: Analysis = own()
        return made
    return None


def _rounds(one: Analysis) -> list[str]:
    """The rounds an analysis tells of: its own, and for those of several rounds all of its tables."""
    return list(dict.fromkeys([one.round, *(str(r) for table in one.tables.values() if "round" in table for r in table["round"])]))


def _listed(analyses: Iterable[Analysis]) -> list[str]:
    return [" ".join(part for part in (one.kind, one.indicator, one.round) if part) for one in analyses]


def _known_dimension(edition: Edition, name: str) -> None:
    from mel.errors import closest
    from mel.errors.reporting import NOT_IN_RELEASE

    if name not in edition.dimensions:
        available = list(edition.dimensions)
        raise UsageError(NOT_IN_RELEASE.at(kind="dimension", name=name, closest=closest(name, available) or "none", available=available))


def _no_two(dimension: str) -> str:
    return f"no two groups by {dimension} have figures that may be shown, or there are more groups than marks that can be told apart"
