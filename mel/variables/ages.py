"""Ages as bands, and birth dates as ages. An age outside the bands is a problem, never a person left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mel.errors import Problem
from mel.errors.variables import AGE_OUTSIDE_BANDS
from mel.model.pack import AgeBands
from mel.variables.places import first_rows


def banded(ages: pd.Series, bands: AgeBands, rows: pd.DataFrame) -> tuple[pd.Series, list[Problem]]:
    """The band of each age in completed years; null where the age is.

    Unit: years; 17.9 is 17.
    Missing: an unknown age stays unknown. An age in no band is a problem that names rows, never ages.
    """
    years = np.floor(ages)
    found = pd.Series(pd.NA, index=ages.index, dtype="str")
    for band in bands.bands:
        last = np.inf if band.to is None else band.to
        found = found.where(~years.between(band.from_, last), band.code)
    outside = years.notna() & found.isna()
    if not outside.any():
        return found, []
    span = {"low": bands.bands[0].from_, "high": "any age" if bands.bands[-1].to is None else str(bands.bands[-1].to)}
    return found, [AGE_OUTSIDE_BANDS.at(bands=bands.id, count=int(outside.sum()), first=first_rows(rows, outside), **span)]  # type: ignore[arg-type]


def completed_years(born: pd.Series, on: pd.Series) -> pd.Series:
    """Age in completed years on a day, from two columns of days; null where either is.

    >>> completed_years(pd.Series(pd.to_datetime(["2000-02-29"])), pd.Series(pd.to_datetime(["2018-02-28"]))).tolist()
    [17.0]
    """
    before_birthday = (on.dt.month < born.dt.month) | ((on.dt.month == born.dt.month) & (on.dt.day < born.dt.day))
    years: pd.Series = (on.dt.year - born.dt.year - before_birthday.astype("float64")).where(born.notna() & on.notna()).astype("float64")
    return years
