"""Belonging to several groups at once: each stays a dimension of its own; these say how many, and whether any.

They never fold memberships into one "most excluded" label: that would hide who somebody also is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from mel.codes import NOT_KNOWN
from mel.errors import UsageError
from mel.errors.variables import NAME_TAKEN, NOT_A_MEMBERSHIP
from mel.model.sample import Dimension, Sample
from mel.variables.silences import occurring


def how_many(sample: Sample, memberships: Sequence[str], *, name: str = "how_many_groups", label: str = "", most: int = 3) -> Sample:
    """The sample with a dimension that counts to how many of these groups a person belongs; the last category is open.

    Missing: not_known as soon as a membership is unknown, unless the known ones already reach the last category.
    Raises: UsageError for a dimension that is not a membership, or a name that is taken.
    """
    table = _memberships(sample, memberships, name)
    yes, unknown = (table == "yes").sum(axis=1), ~table.isin(["yes", "no"])
    top = min(most, len(memberships))
    capped = yes.clip(upper=top)
    codes = [str(n) if n < top or top == len(memberships) else f"{n}+" for n in range(top + 1)]
    column = capped.map(dict(enumerate(codes))).where(~unknown.any(axis=1) | (capped == top), NOT_KNOWN)
    return _added(sample, name, label or "Groups one belongs to", dict(zip(codes, codes)), column, tuple(memberships), ordered=True)


def any_of(sample: Sample, memberships: Sequence[str], *, name: str = "any_group", label: str = "") -> Sample:
    """The sample with a dimension that says whether a person belongs to at least one of these groups.

    Missing: yes as soon as one is yes; no only when all are known and no; else not_known.
    """
    table = _memberships(sample, memberships, name)
    yes, known = (table == "yes").any(axis=1), table.isin(["yes", "no"]).all(axis=1)
    column = yes.map({True: "yes", False: "no"}).where(yes | known, NOT_KNOWN)
    return _added(
        sample, name, label or "Belongs to any of the groups", {"yes": "Yes", "no": "No"}, column, tuple(memberships), ordered=False
    )


def _memberships(sample: Sample, names: Sequence[str], new: str) -> pd.DataFrame:
    binary = [d.name for d in sample.dimensions if {"yes", "no"} <= set(d.categories)]
    wrong = [NOT_A_MEMBERSHIP.at(name=name, known=binary) for name in names if name not in binary]
    if new in sample.frame.columns:
        wrong.append(NAME_TAKEN.at(name=new))
    if wrong or not names:
        raise UsageError(wrong or [NOT_A_MEMBERSHIP.at(name="", known=binary)])
    table: pd.DataFrame = sample.frame[list(dict.fromkeys(names))]
    return table


def _added(
    sample: Sample, name: str, label: str, categories: dict[str, str], column: pd.Series, made_from: tuple[str, ...], *, ordered: bool
) -> Sample:
    text = column.astype("str")
    dimension = Dimension(name, label, categories | occurring(text, {}), ordered=ordered, derived_from=made_from)
    return replace(sample, frame=sample.frame.assign(**{name: text}), dimensions=(*sample.dimensions, dimension))
