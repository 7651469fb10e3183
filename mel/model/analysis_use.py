"""Which analyses of many groups does an alliance ask for? One entry each, as `[[analyses]]` in alliance.toml or a row of its workbook.

How they are done is `mel.comparison`'s; which options each takes is said here, so that one it would pass over is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from mel.model.written import Written

AnalysisKind = Literal["furthest_behind", "ranking", "intersections", "opportunity", "overlaps", "exclusion_profile"]
OPTIONS: Mapping[AnalysisKind, tuple[str, ...]] = {
    "furthest_behind": ("silences", "depth", "fewest", "share", "draws", "folds", "seed"),
    "ranking": ("up_to", "fewest", "towards", "among", "draws", "seed"),
    "intersections": ("method", "nodes"),
    "opportunity": ("method", "silences"),
    "overlaps": ("belonging",),
    "exclusion_profile": ("access", "voice", "against", "scale", "fewest_raters"),
}
"""The options each kind takes; those left out are as `mel.comparison` has them."""
WITHOUT_INDICATOR = ("overlaps", "exclusion_profile")
"""Kinds that look at everybody in a dataset; with an indicator, at their figures too, or at those who take part by it."""
METHODS: Mapping[AnalysisKind, tuple[str, ...]] = {"intersections": ("laplace", "quadrature"), "opportunity": ("cells", "logit")}


class AnalysisUse(Written):
    """An analysis of many groups at once, in one round; of one indicator, or of everybody in a dataset."""

    kind: AnalysisKind
    indicator: str | None = None
    """Left out only for overlaps and exclusion_profile: of overlaps, whose figures are wanted by the same groups; of an exclusion profile,
    the one that says who takes part (everybody, when left out)."""
    dimensions: tuple[str, ...] = Field(min_length=1)
    dataset: str | None = None
    """Needed where the indicator is asked in several datasets, or there is none."""
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
    belonging: dict[str, tuple[str, ...]] | None = None
    """Dimension: its categories whose people belong; a dimension that is not named has the categories yes and no."""
    access: tuple[str, ...] | None = None
    voice: tuple[str, ...] | None = None
    against: Literal["everyone", "right"] | None = None
    scale: tuple[float, float] | None = None
    fewest_raters: int | None = Field(None, ge=3)

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
        wrong += self._unfit()
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _unfit(self) -> list[str]:
        wrong = []
        if len(self.dimensions) < 2 and self.kind != "exclusion_profile":
            wrong.append(f"{self.kind} needs two dimensions or more")
        if self.indicator is None and self.kind not in WITHOUT_INDICATOR:
            wrong.append(f"{self.kind} needs an indicator")
        if self.indicator is None and self.dataset is None and self.kind in WITHOUT_INDICATOR:
            wrong.append(f"{self.kind} without an indicator needs a dataset")
        strange = [name for name in self.belonging or () if name not in self.dimensions]
        wrong += [f"belonging names {', '.join(strange)}, which is not among its dimensions"] if strange else []
        if self.scale is not None and not self.scale[0] < self.scale[1]:
            wrong.append("a scale is its lowest rating and its highest, such as [0, 4]")
        return wrong

    @property
    def named(self) -> tuple[str, ...]:
        """The indicators it looks at."""
        return tuple(dict.fromkeys(name for name in (self.indicator, *(self.access or ()), *(self.voice or ())) if name is not None))

    @property
    def options(self) -> dict[str, Any]:
        """The options that were written."""
        return {name: getattr(self, name) for name in OPTIONS[self.kind] if getattr(self, name) is not None}
