"""How people are protected, as data. An unknown key or value stops the run: protection never fails open."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from mel.model.written import Written


class SensitiveDimension(Written):
    """A dimension that can out a person."""

    publish: Literal["never", "whole_only"] = "never"
    """`never`: no row broken down by it leaves; `whole_only`: alone, never crossed with another dimension."""
    reason: str


class AtRisk(Written):
    """A partner or country that must not be named anywhere."""

    reason: str
    decided_by: str


class Policy(Written):
    """The rules of one release."""

    threshold: int = Field(10, ge=3)
    """The fewest people a published domain may have."""
    threshold_reason: str = ""
    sensitive: dict[str, SensitiveDimension] = {}
    partners_at_risk: dict[str, AtRisk] = {}
    countries_at_risk: dict[str, AtRisk] = {}

    @model_validator(mode="after")
    def _low_threshold_has_a_reason(self) -> Policy:
        if self.threshold < 5 and not self.threshold_reason.strip():
            raise ValueError("a threshold below 5 needs threshold_reason, which the report prints")
        return self
