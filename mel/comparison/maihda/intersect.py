"""Is a group more than the sum of its parts, and how much do groups differ at all? MAIHDA, from the counted cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mel.comparison.maihda.asked import Asked, find, method_of
from mel.comparison.maihda.crossing import Cells, cells_of
from mel.comparison.maihda.fit import Fit
from mel.comparison.maihda.gaussian import fit_gaussian
from mel.comparison.maihda.logistic import NotConverged, fit_logistic
from mel.comparison.maihda.rows import Models, effect_rows, intersection_rows, model_rows
from mel.errors import CannotSay
from mel.errors.comparison import CROSSING_NOT_FOUND
from mel.model.estimates import Estimates
from mel.model.intersections import Intersections
from mel.model.quantities import Floats


def intersections(
    estimates: Estimates,
    indicator: str,
    dimensions: Sequence[str],
    *,
    round: str | None = None,  # noqa: A002  (the field's word)
    version: str | None = None,
    dataset: str | None = None,
    method: str | None = None,
    nodes: int = 9,
    level: float = 0.95,
) -> Intersections:
    """Two models of people within the intersections of two to five dimensions: with nothing known of an intersection (`null`), and
    with what its dimensions add one by one (`additive`). What the second leaves is more, or less, than the sum of the parts.

    Multilevel analysis of individual heterogeneity and discriminatory accuracy. `round`, `version` and `dataset` must be named where
    the indicator has several. A mean is fitted by REML; a share by `method` "laplace" (the default) or "quadrature" with `nodes`.

    How the numbers are read:
    * `vpc` 0.04 in the null model: 4 % of the differences between people lie between the groups, 96 % between people of one group.
      The group one belongs to says little about the person. (Of a share: of the differences in people's inclination to say yes.)
    * `pcv` 0.9: nine tenths of the difference between groups is the parts added up (to be a woman, to live in the camp); one tenth
      belongs to particular combinations. Below zero: the parts told apart make the groups lie further apart, not less far.
    * `mor` 1.5: take two people from two groups at random; the odds of a yes are, in the median, 1.5 times as high in the group
      where they are higher. 1: groups do not differ.
    * `interaction` +0.06 with an interval that excludes 0 (`higher`): six points more say yes than their parts lead one to expect.
      With many groups some intervals exclude 0 by chance; shrinkage makes that rarer, not impossible.
    * `shrinkage` 0.3: the figure of this group is made 30 % of its own answers and 70 % of what the model expects; few answered.

    Source: Evans, Leckie, Subramanian, Bell & Merlo (2024), SSM - Population Health 26:101664; Merlo (2018), Soc. Sci. Med. 203.
    Unit: see `mel.model.intersections`; intervals are normal, and take the two variances as known. A share is fitted by maximum
    likelihood as lme4 does it, which with few intersections for many parts makes σ²_u too small (so `pcv` too large) and intervals too
    narrow; the note says where.
    Missing: unweighted, of those who answered, and without the design's clusters, as published MAIHDA are: weighting a two-level
    model needs weights of each level, scaled (Carle 2009, BMC Med. Res. Methodol. 9:49), and every row's note says that they are not
    there. People silent on a dimension are left out and counted (`n_left_out`); intersections without answers have no row. Where
    nobody was drawn by chance there are no standard errors and no intervals, and none of an interaction whose variance is zero.
    Raises: UsageError for a wrong call; CannotSay where the answers carry no such model (too few intersections, one person each, all
    answers alike, one dimension that follows from others) or the kind of indicator has none.
    Checked: tests/reference/comparison (lme4, statsmodels).
    """
    asked = find(estimates, indicator, dimensions, version=version, dataset=dataset, round_=round)
    method = method_of(asked.indicator.kind, method, nodes, level)
    cells = cells_of(asked)
    additive = cells.additive()
    null, added = (_fit(asked, cells, x, method, nodes) for x in (additive[:, :1], additive))
    models = Models(null, added, level, asked.figures(cells.groups))
    return Intersections(
        table=intersection_rows(asked, cells, models),
        effects=effect_rows(asked, cells, models),
        summary=model_rows(asked, cells, models),
        indicator=asked.indicator,
        dimensions=asked.dimensions,
        method=method,
        level=level,
    )


def _fit(asked: Asked, cells: Cells, x: Floats, method: str, nodes: int) -> Fit:
    if method == "reml":
        return fit_gaussian(cells.n, cells.y, cells.yy, np.ascontiguousarray(x))
    try:
        return fit_logistic(cells.n, cells.y, np.ascontiguousarray(x), nodes=1 if method == "laplace" else nodes)
    except NotConverged as error:
        raise CannotSay(CROSSING_NOT_FOUND.at(indicator=asked.indicator.id, dimensions=", ".join(asked.names))) from error
