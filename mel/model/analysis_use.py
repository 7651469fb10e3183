"""Which analyses of many groups does an alliance ask for? One entry each, as `[[analyses]]` in alliance.toml or a row of its workbook.

How they are done is `mel.comparison`'s; which options each takes is said here, so that one it would pass over is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from mel.model.written import Written

AnalysisKind = Literal["furthest_behind", "ranking", "intersections", "opportunity"]
OPTIONS: Mapping[AnalysisKind, tuple[str, ...]] = {
    "furthest_behind": ("silences", "depth", "fewest", "share", "draws", "folds", "seed"),
    "ranking": ("up_to", "fewest", "towards", "among", "draws", "seed"),
    "intersections": ("method", "nodes"),
    "opportunity": ("method", "silences"),
}
"""The options each kind takes; those left out are as `mel.comparison` has them."""
METHODS: Mapping[AnalysisKind, tuple[str, ...]] = {"intersections": ("laplace", "quadrature"), "opportunity": ("cells", "logit")}


class AnalysisUse(Written):
    """An analysis of many groups at once, of one indicator in one round."""

    kind: AnalysisKind
    indicator: str
    dimensions: tuple[str, ...] = Field(min_length=2)
    dataset: str | None = None
    """Needed where the indicator is asked in several datasets."""
    round: str | None = None
    """Left out, the dataset's last round."""
    method: Literal["laplace", "quadrature", "cells", "logit"] | None = None
    nodes: int | None = Field(None, ge=1)
    silences: Literal["as_category", "left_out"] | None = None
    depth: int | None = Field(None, ge=1)
    fewest: int | None = Field(None, ge=1)
    share: float | None = Field(None, ge=0, lt=0.5)
    up_to: int | None = Field(None, ge=1, le=3)
    towards: Literal["additive", "mean"] | None = None
    among: int | None = Field(None, ge=1)
    draws: int | None = Field(None, ge=0)
    folds: int | None = Field(None, ge=0)
    seed: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _fits(self) -> AnalysisUse:
        every = dict.fromkeys(option for options in OPTIONS.values() for option in options)
        takes = OPTIONS[self.kind]
        wrong = [
            f"{name} is no option of {self.kind}, which takes {', '.join(takes)}"
            for name in every
            if getattr(self, name) is not None and name not in takes
        ]
        methods = METHODS.get(self.kind, ())
        if self.method is not None and methods and self.method not in methods:
            wrong.append(f"the method of {self.kind} is {' or '.join(methods)}")
        if len(set(self.dimensions)) < len(self.dimensions):
            wrong.append("a dimension is there twice")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def options(self) -> dict[str, Any]:
        """The options that were written."""
        return {name: getattr(self, name) for name in OPTIONS[self.kind] if getattr(self, name) is not None}
