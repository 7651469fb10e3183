"""The words that are data: the reserved codes every stage shares.

A code stands here when two stages must spell it the same way. What a code means to a reader is in GLOSSARY.md.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

# ---- silences: four ways of not answering, and all four survive to the report -------------------------------------

Silence = Literal["prefer_not_to_say", "not_known", "not_asked", "not_applicable"]
PREFER_NOT_TO_SAY: Final = "prefer_not_to_say"
NOT_KNOWN: Final = "not_known"
NOT_ASKED: Final = "not_asked"
NOT_APPLICABLE: Final = "not_applicable"
STANDINGS: Final = ("advancing", "holding", "under_attack")
"""Where a law, a norm or a movement stands, as people say it with a reason; never a colour."""
SILENCES: Final[tuple[str, ...]] = get_args(Silence)

SilenceRule = Literal["exclude", "as_no", "out_of_population"]


def silence_of(variable: str) -> str:
    """Name of the column that says why `variable` has no value in a row (null where it has one)."""
    return f"{variable}__silence"


def choice_of(variable: str, choice: str) -> str:
    """Name of the 1/0/null column that says whether `choice` was ticked in the select_multiple `variable`."""
    return f"{variable}/{choice}"


# ---- the table of results ------------------------------------------------------------------------------------------

ALL: Final = "all"
"""The reserved level of a dimension that was not broken down. Refused as data."""

Basis = Literal["probability", "census", "purposive", "self_selected", "unknown"]
BASES: Final[tuple[str, ...]] = get_args(Basis)

Counts = Literal["people", "organisations", "things"]
Reliability = Literal["ok", "caution", "too_few"]
Disclosure = Literal["unchecked", "open", "primary", "secondary", "withheld"]
Audience = Literal["own", "alliance", "donor", "public"]
AUDIENCES: Final[tuple[str, ...]] = get_args(Audience)
"""From the narrowest to the widest: who may see `public` may see nothing of `own`."""

Polarity = Literal["higher_is_better", "lower_is_better", "neither"]
Level = Literal["output", "outcome", "impact"]
Kind = Literal["proportion", "mean", "ratio", "total", "distribution", "composition", "distinct_count", "score", "quantile"]
Status = Literal["confirmed", "as_commonly_quoted", "for_you_to_fill"]

# ---- where a row came from: reserved columns of Records.frame -------------------------------------------------------

ROUND: Final = "_round"
FILE: Final = "_file"
SHEET: Final = "_sheet"
ROW: Final = "_row"
PARTNER: Final = "_partner"
ADDRESS: Final = (FILE, SHEET, ROW)
RESERVED: Final = (ROUND, FILE, SHEET, ROW, PARTNER)
