"""Charts of a Release as accessible SVG, each a `Figure` block with its words and its data. Drawn once, read at 360 px and on paper."""

from mel.reporting.charts.counts import count_bars
from mel.reporting.charts.equiplot import equiplot
from mel.reporting.charts.exclusion import exclusion
from mel.reporting.charts.explore import explore_dots
from mel.reporting.charts.gap_over_time import gap_over_time
from mel.reporting.charts.groups import group_dots
from mel.reporting.charts.heat_map import heat_map
from mel.reporting.charts.ranked import ranked_intersections
from mel.reporting.charts.rounds import change_dumbbell, dumbbell
from mel.reporting.charts.shares import answer_bars, composition_bars
from mel.reporting.charts.tree import tree
from mel.reporting.charts.upset import upset

__all__ = [
    "answer_bars", "change_dumbbell", "composition_bars", "count_bars", "dumbbell", "equiplot", "exclusion", "explore_dots",
    "gap_over_time", "group_dots", "heat_map", "ranked_intersections", "tree", "upset",
]  # fmt: skip
