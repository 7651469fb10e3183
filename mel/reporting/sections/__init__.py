"""The sections of a report, each a function from a Release (or an `Edition` of it) to blocks. A section without data is absent."""

from mel.model.alliance import SECTIONS
from mel.reporting.edition import Edition, edition_of, open_release
from mel.reporting.sections.gaps import gaps
from mel.reporting.sections.method import method
from mel.reporting.sections.progress import progress
from mel.reporting.sections.summary import summary
from mel.reporting.sections.title import document, title_block
from mel.reporting.sections.what_changed import what_changed
from mel.reporting.sections.who_is_furthest_behind import who_is_furthest_behind
from mel.reporting.sections.who_is_reached import who_is_reached
from mel.reporting.sections.who_we_are import who_we_are

__all__ = [
    "SECTIONS", "Edition", "document", "edition_of", "gaps", "method", "open_release", "progress", "summary", "title_block", "what_changed",
    "who_is_furthest_behind", "who_is_reached", "who_we_are",
]  # fmt: skip
