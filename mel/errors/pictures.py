"""What can go wrong when a comparison is to be drawn. Texts only."""

from __future__ import annotations

from typing import Final

from mel.errors.base import Template

PICTURE_SOURCE: Final = Template(
    "PICTURE_SOURCE",
    "stop",
    "{picture}() received {given}, and draws a Release or Comparisons.",
    "A Release is protected and becomes a figure for readers; Comparisons are not, and get the banner “not for publication”.",
    "Pass what mel.protect(...) or mel.compare(...) returned.",
)
PICTURE_EMPTY: Final = Template(
    "PICTURE_EMPTY",
    "stop",
    "{picture}() found nothing to draw: {why}.",
    "An empty picture reads as if nobody were there.",
    "Look at the table first: what is hidden, or was answered by too few people, is said there.",
)
PICTURE_NEEDS_ESTIMATES: Final = Template(
    "PICTURE_NEEDS_ESTIMATES",
    "stop",
    "{picture}() received Comparisons without the estimates they were made from.",
    "It draws each group's own figure and how many people answered, which a comparison does not hold.",
    "Add estimates = what mel.measure(...) returned. A Release holds both.",
)
PICTURE_NO_ANALYSIS: Final = Template(
    "PICTURE_NO_ANALYSIS",
    "stop",
    "{picture}() draws an analysis of the kind {kinds}{indicator}, and there is none.",
    "The picture shows what such an analysis found, and finds nothing by itself.",
    "There are: {available}. Pass one as analysis, or ask for it when comparing.",
)
PICTURE_WHICH_ANALYSIS: Final = Template(
    "PICTURE_WHICH_ANALYSIS",
    "stop",
    "{picture}() could draw {count} analyses.",
    "Which of them is shown changes what a reader learns.",
    "Pass one as analysis, or name its indicator and round. There are: {available}.",
)
PICTURE_WRONG_ANALYSIS: Final = Template(
    "PICTURE_WRONG_ANALYSIS",
    "stop",
    "{picture}() received {given}, and draws an analysis of the kind {kinds}.",
    "The columns it draws are those of that analysis.",
    "Pass such an analysis, or draw this one with its own picture.",
)
PICTURE_UNITS: Final = Template(
    "PICTURE_UNITS",
    "stop",
    "The indicators {indicators} have different units.",
    "On one scale a share and an amount would look comparable, and they are not.",
    "Draw them in one picture for each unit.",
)
PICTURE_TWO_DIMENSIONS: Final = Template(
    "PICTURE_TWO_DIMENSIONS",
    "stop",
    "heat_map() was given {given}, and crosses two dimensions.",
    "A third dimension has no place on a sheet; with one there is nothing to cross.",
    "Name two different ones. Crossed here: {available}.",
)
PICTURE_NOT_PROTECTED: Final = Template(
    "PICTURE_NOT_PROTECTED",
    "stop",
    "{picture}() received a Release and an analysis that is not one of it.",
    "Only what has passed disclosure control with the release may be drawn for readers.",
    "Pass one of release.analyses. To explore, pass Comparisons instead of the Release.",
)
PICTURE_RADAR: Final = Template(
    "PICTURE_RADAR",
    "stop",
    "exclusion(radar=True) found {count} groups with a ratio to draw, and needs at least {least}.",
    "With fewer spokes a radar is a line.",
    "Leave radar out: the dot plot says the same.",
)
