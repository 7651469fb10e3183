"""What can go wrong between a Release and a finished report: words, notebooks, blocks and files. Texts only."""

from __future__ import annotations

from typing import Final

from mel.errors.base import Template

# ---- what a report is made of ---------------------------------------------------------------------------------------

REPORT_NOT_PROTECTED: Final = Template(
    "REPORT_NOT_PROTECTED",
    "stop",
    "{verb}() received {given}, which has not passed disclosure control.",
    "Unprotected figures can give away who answered, so nothing else than a Release is ever written or drawn for readers.",
    "Call mel.protect(estimates, comparisons, narratives, policy=…, audience=…, context=…) first and pass the Release it returns.",
)
LANGUAGE_UNKNOWN: Final = Template(
    "REPORT_LANGUAGE_UNKNOWN",
    "stop",
    "There is no catalogue of words for the language '{language}'.",
    "A report that mixes languages, or guesses one, is read wrongly.",
    "Choose one of {available}, or add mel/reporting/words/{language}.toml with the same keys as en.toml.",
)
SECTION_UNKNOWN: Final = Template(
    "REPORT_SECTION_UNKNOWN",
    "stop",
    "A report has no section {section}.",
    "A section that is asked for and does not exist would be missed by nobody.",
    "Closest: {closest}. The sections are {available}.",
)
NOT_IN_RELEASE: Final = Template(
    "REPORT_NOT_IN_RELEASE",
    "stop",
    "The release has no {kind} '{name}'.",
    "A chart or table of it would be empty.",
    "Closest: {closest}. The release has {available}.",
)

EXPLORE_NEEDS_ESTIMATES: Final = Template(
    "EXPLORE_NEEDS_ESTIMATES",
    "stop",
    "explore_dots() received {given}, and draws Estimates.",
    "It is the one chart of unprotected figures, and says so in the picture.",
    "Pass what mel.measure(...) returned. A Release has charts of its own in mel.reporting.charts.",
)

# ---- notebooks ------------------------------------------------------------------------------------------------------

NOTEBOOK_NOT_FOUND: Final = Template(
    "NOTEBOOK_NOT_FOUND",
    "stop",
    "There is no notebook {file}.",
    "The report is made by running it.",
    "Check the path, or leave the notebook out to use the one that travels with mel.",
)
NOTEBOOK_PARAMETER_UNKNOWN: Final = Template(
    "NOTEBOOK_PARAMETER_UNKNOWN",
    "stop",
    "A report notebook takes no parameter '{name}'.",
    "It would be passed over in silence, and the report would not be what was asked for.",
    "Closest: {closest}. The parameters are {available}.",
)
NOTEBOOK_PARAMETER_WRONG: Final = Template(
    "NOTEBOOK_PARAMETER_WRONG",
    "stop",
    "The notebook's parameter '{name}' does not fit: {reason}.",
    "A notebook does not check what it is given; it would fail half-way or say something wrong.",
    "Give release as a path relative to the folder the notebook runs in, language as two letters, sections as a list of names.",
)
NOTEBOOK_PARAMETERS_DIFFER: Final = Template(
    "NOTEBOOK_PARAMETERS_DIFFER",
    "stop",
    "The cell tagged 'parameters' in {file} sets {found}, but a report notebook takes {expected}.",
    "What the notebook expects and what it is given must be the same, or it runs on its defaults.",
    "Tag one cell 'parameters' and let it set exactly {expected}.",
)
NOTEBOOK_RELEASE_NOT_RELATIVE: Final = Template(
    "NOTEBOOK_RELEASE_NOT_RELATIVE",
    "stop",
    "The release's path that was passed to the notebook starts at the root of this machine.",
    "It would stand in the published notebook and tell readers about a computer instead of a report.",
    "Pass it relative to cwd, such as 'release'.",
)
NOTEBOOK_FAILED: Final = Template(
    "NOTEBOOK_FAILED",
    "stop",
    "{file} stopped at cell {cell} with {error}.",
    "No report is written from half a notebook; an earlier report is left as it was.",
    "{said}",
)
NOTEBOOK_BLOCK_TWICE: Final = Template(
    "NOTEBOOK_BLOCK_TWICE",
    "stop",
    "The notebook shows the block {ids} more than once.",
    "A block's id ties the same figure together in every format, so it stands for one block only.",
    "Show each section once.",
)
