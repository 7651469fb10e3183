"""From Estimates to Comparisons: what changed, who is furthest behind, what was reached."""

from mel.comparison.compare import compare

__all__ = ["compare"]
