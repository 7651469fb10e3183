"""Ids of blocks."""

from __future__ import annotations

import re


def slug(*parts: str) -> str:
    """A block's id from its parts: letters, digits and hyphens.

    >>> slug("progress", "heard_in_meetings")
    'progress-heard-in-meetings'
    """
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")
