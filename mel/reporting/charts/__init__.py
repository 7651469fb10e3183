"""Charts of a Release as accessible SVG, each a `Figure` block with its words and its data. Drawn once, read at 360 px and on paper."""

from mel.reporting.charts.counts import count_bars
from mel.reporting.charts.explore import explore_dots
from mel.reporting.charts.groups import group_dots
from mel.reporting.charts.rounds import change_dumbbell
from mel.reporting.charts.shares import answer_bars, composition_bars

__all__ = ["answer_bars", "change_dumbbell", "composition_bars", "count_bars", "explore_dots", "group_dots"]
