"""From a Release to a report that people can read: `report` writes it, the sections, charts and blocks are what its notebook shows.

`pictures` draws comparisons for a notebook.
"""

from mel.model.alliance import SECTIONS
from mel.reporting import pictures
from mel.reporting.blocks import Blocks, Callout, Cell, Column, Document, Figure, Finding, Heading, Prose, Quote, Reading, Table
from mel.reporting.edition import Edition, edition_of, open_release
from mel.reporting.report import report
from mel.reporting.sections import gaps, method, progress, summary, title_block, what_changed, who_is_reached, who_we_are

__all__ = [
    "SECTIONS", "Blocks", "Callout", "Cell", "Column", "Document", "Edition", "Figure", "Finding", "Heading", "Prose", "Quote", "Reading",
    "Table", "edition_of", "gaps", "method", "open_release", "pictures", "progress", "report", "summary", "title_block", "what_changed",
    "who_is_reached", "who_we_are",
]  # fmt: skip
