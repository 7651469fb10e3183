"""Who is furthest behind, how unequally is an opportunity shared out, and which groups stand lowest? From counted cells."""

from mel.comparison.furthest.behind import furthest_behind

__all__ = ["furthest_behind"]
