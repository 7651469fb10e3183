"""Who is furthest behind, how unequally is an opportunity shared out, and which groups stand lowest? From counted cells."""

from mel.comparison.furthest.behind import furthest_behind
from mel.comparison.furthest.human_opportunity import opportunity
from mel.comparison.furthest.ranking import rank_groups

__all__ = ["furthest_behind", "opportunity", "rank_groups"]
