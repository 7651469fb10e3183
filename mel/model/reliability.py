"""When is a figure precise enough to say aloud? A published rule as data: sizes, widths, degrees of freedom, coefficients of variation.

No number stands in code. How a rule is held against the rows is `mel.estimation`'s; which rule counts is the alliance's to name.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from mel.codes import Kind, Status
from mel.model.written import Written

SHARES: tuple[Kind, ...] = ("proportion", "distribution", "composition")


class ReliabilityRule(Written):
    """One rule. What it does not state it does not judge; where there is no sampling error only the number of answers is judged."""

    id: str
    label: str
    kinds: tuple[Kind, ...] = ()
    """What the rule was written for; none named means every kind. Of other kinds only the number of answers is judged, and the row
    says so."""
    too_few_below: int = Field(ge=0)
    """Fewer answers than this: not said aloud."""
    caution_below: int = Field(ge=0)
    """Fewer than this: with caution."""
    effective_too_few_below: float | None = None
    """Fewer than this in the effective sample: p (1 − p) / V, at most the number of answers; all alike, the number of answers."""
    interval: Literal["korn_graubard_capped"] | None = None
    """The interval whose width is judged."""
    interval_level: float = Field(0.95, gt=0.5, lt=1)
    too_wide_from: float | None = None
    """As wide as this, or wider: not said aloud."""
    narrow_up_to: float | None = None
    """As narrow as this, or narrower: the relative width is not asked."""
    relative_width_above: float | None = None
    """Wider than this times the estimate: not said aloud; this times the rest (1 − estimate): the row says so."""
    caution_df_below: float | None = None
    caution_all_alike: bool = False
    """Everybody, or nobody, said yes: with caution."""
    cv_caution_from: float | None = None
    """A coefficient of variation (se / estimate) of this or more: with caution."""
    cv_too_few_above: float | None = None
    """Above this: not said aloud."""
    source: str
    status: Status

    @model_validator(mode="after")
    def _fits_together(self) -> ReliabilityRule:
        widths = (self.too_wide_from, self.narrow_up_to, self.relative_width_above)
        if (self.interval is None) != all(width is None for width in widths):
            raise ValueError("interval, and how wide it may be (too_wide_from, relative_width_above), go together")
        of_shares = self.interval or self.caution_all_alike or self.effective_too_few_below is not None
        if of_shares and not (self.kinds and set(self.kinds) <= set(SHARES)):
            raise ValueError(f"such a rule is one for shares: kinds must name some of {', '.join(SHARES)} and nothing else")
        if self.caution_below < self.too_few_below:
            raise ValueError("caution_below is the larger of the two sizes")
        if self.narrow_up_to is not None and self.too_wide_from is not None and self.narrow_up_to >= self.too_wide_from:
            raise ValueError("narrow_up_to must be below too_wide_from")
        if self.cv_caution_from is not None and self.cv_too_few_above is not None and self.cv_caution_from > self.cv_too_few_above:
            raise ValueError("cv_too_few_above is the larger of the two")
        return self

    def fits(self, kind: str) -> bool:
        """True where the rule was written for figures of this kind."""
        return not self.kinds or kind in self.kinds
