"""What an Alkire-Foster index is: indicators with weights, a cut-off, and perhaps a comparison within households. Data, never code.

Weights are written as fractions ("1/15") and kept exact: whether somebody is above the cut-off may hang on the last digit.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import lcm

from pydantic import Field, model_validator

from mel.codes import Status
from mel.model.indicator import Rule
from mel.model.scales import NAME
from mel.model.written import Written

Exact = str | int | float
"""A number as somebody wrote it: "1/15", 0.1, 1. `0.1` is one tenth, not the nearest binary number."""

FINEST = 1_000_000
"""The largest common denominator of the weights: counts stay whole numbers that a computer adds without rounding."""
_NUMBER = re.compile(r"[-+]?(?:\d{1,9}/\d{1,9}|\d{1,9}(?:\.\d{0,18})?(?:e-?\d{1,2})?)")
_TAKEN = ("count", "censored", "achieved", "parity", "lacks_parity")


def exact(written: Exact) -> Fraction:
    """The number that was written, as a fraction. Raises: ValueError where it is none.

    >>> exact("1/15") + exact(0.1)
    Fraction(1, 6)
    """
    text = str(written).strip()
    if not _NUMBER.fullmatch(text) or re.search(r"/0*$", text):  # also keeps 1e999999999 from being worked out
        raise ValueError(f"{text[:30]!r} is no number: write it like 1/15 or 0.1")
    return Fraction(text)


class IndexIndicator(Written):
    """One thing a person can be adequate or inadequate in."""

    id: str = Field(pattern=NAME)
    label: str
    part: str = ""
    """The domain it belongs to, such as resources."""
    weight: Exact
    inadequate: Rule
    """Who is inadequate (deprived, has not met the criterion) in it; unanswered leaves the person out of the index."""
    essential: bool = False
    """True where being inadequate in this one is enough, whatever the count says."""


class Parity(Written):
    """How a woman and a man of one household are compared."""

    household: tuple[str, ...] = Field(min_length=1)
    """The canonical variables that together name a household (a number that starts again in each village needs the village too)."""
    sex: str = "gender"
    woman: str = "woman"
    man: str = "man"
    weight: Exact
    """What gender parity counts in the whole index; the rest is what women achieve."""
    source: str
    status: Status


class Index(Written):
    """Indicators, weights and a cut-off. It makes canonical variables of each person, so that estimates are measured like any other.

    Source: Alkire and Foster (2011), Counting and multidimensional poverty measurement, J. Public Economics 95; for the women's
    empowerment index Alkire et al. (2013), World Development 52.
    """

    id: str = Field(pattern=NAME)
    label: str
    about: str = ""
    identified: str = Field("deprived", pattern=NAME)
    """What a person above the cut-off is called; the variable `<id>_<identified>` is yes or no."""
    cut_off: Exact | None = None
    """k: the share of the weights above which a person is identified. Left out where nobody has set it yet: then it is yours to fill."""
    strict: bool = True
    """True: identified when the count is above the cut-off; false: when it reaches it."""
    indicators: tuple[IndexIndicator, ...] = Field(min_length=1)
    parity: Parity | None = None
    source: str
    status: Status

    @model_validator(mode="after")
    def _whole(self) -> Index:
        if faults := [*self._of_weights(), *self._of_cut_off(), *self._of_names()]:
            raise ValueError("; ".join(faults))
        return self

    def _of_weights(self) -> list[str]:
        weights, faults = {}, []
        for one in self.indicators:
            try:
                weights[one.id] = exact(one.weight)
            except ValueError as error:
                faults.append(f"weight of {one.id}: {error}")
        faults += [f"weight of {name} is not above 0" for name, weight in weights.items() if weight <= 0]
        total = sum(weights.values(), Fraction(0))
        if not faults and total != 1:
            faults.append(f"the weights add up to {total}, not to 1; write thirds and fifteenths as fractions")
        if not faults and self.unit > FINEST:
            faults.append(f"the weights have no common denominator up to {FINEST}; write them as simpler fractions")
        return faults

    def _of_cut_off(self) -> list[str]:
        found = []
        for what, written in (("cut_off", self.cut_off), ("parity.weight", self.parity.weight if self.parity else None)):
            try:
                if written is not None and not 0 <= exact(written) <= 1:
                    found.append(f"{what} is {written}, and lies from 0 to 1")
                elif written is not None and exact(written).denominator > FINEST:
                    found.append(f"{what} is too fine; write it as a simpler fraction")
            except ValueError as error:
                found.append(f"{what}: {error}")
        if self.parity is not None and self.parity.woman == self.parity.man:
            found.append("parity compares a woman with a man: the two codes differ")
        return found

    def _of_names(self) -> list[str]:
        ids = [one.id for one in self.indicators]
        found = [f"the indicator {name} stands there twice" for name in sorted({n for n in ids if ids.count(n) > 1})]
        if self.identified in _TAKEN or self.identified.startswith("part_"):
            found.append(f"identified cannot be {self.identified}: a variable of the index has that name")
        return found

    @property
    def k(self) -> Fraction | None:
        return None if self.cut_off is None else exact(self.cut_off)

    @property
    def weights(self) -> dict[str, Fraction]:
        return {one.id: exact(one.weight) for one in self.indicators}

    @property
    def unit(self) -> int:
        """The common denominator: a count is a whole number of these parts of one."""
        return lcm(*(weight.denominator for weight in self.weights.values()))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every canonical variable that the indicators read."""
        return tuple(dict.fromkeys(name for one in self.indicators for name in one.inadequate.columns))

    def part_id(self, indicator: str) -> str:
        """The variable with what one indicator adds to a person's censored count."""
        return f"{self.id}_part_{indicator}"

    @property
    def identified_id(self) -> str:
        return f"{self.id}_{self.identified}"

    @property
    def made(self) -> dict[str, tuple[str, ...]]:
        """Each canonical variable this makes: the canonical variables it is made from."""
        names = (f"{self.id}_count", self.identified_id, f"{self.id}_censored", f"{self.id}_achieved")
        found = dict.fromkeys((*names, *(self.part_id(one.id) for one in self.indicators)), self.columns)
        if self.parity is not None:
            sources = tuple(dict.fromkeys((*self.columns, self.parity.sex, *self.parity.household)))
            found |= dict.fromkeys((f"{self.id}_lacks_parity", f"{self.id}_parity"), sources)
        return found
