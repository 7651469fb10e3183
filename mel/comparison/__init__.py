"""From Estimates to Comparisons: what changed, who is furthest behind, what was reached."""

from mel.comparison.compare import compare
from mel.comparison.exclusion import exclusion_profile
from mel.comparison.furthest import furthest_behind, opportunity, rank_groups
from mel.comparison.group_tables import inequality_of
from mel.comparison.maihda import intersections
from mel.comparison.overlaps import overlaps

__all__ = ["compare", "exclusion_profile", "furthest_behind", "inequality_of", "intersections", "opportunity", "overlaps", "rank_groups"]
