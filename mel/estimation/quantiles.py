"""Below which answer does a given share of the people lie? Weighted quantiles of many domains at once, by named rules.

A share between two answers pins a quantile down to the gap between them; a rule says where in the gap. Precision is `woodruff`'s,
how rows become counted answers `answers`'.

Source: Hyndman & Fan (1996), Sample Quantiles in Statistical Packages, The American Statistician 50, 361-365; with weights as the
vignette "Quantile rules" of R's package survey defines them. C_k is the weight of all who answered at most the k-th answer, T that
of everybody, w_k that of one person:
* `math`, `hf1`: the lowest answer with C_k ≥ p T; `school`, `hf2`: where C_k = p T, halfway to the next answer; `hf3`: where
  C_k = p T, the one of the two whose rank among the different answers is even. R's survey reads Hyndman & Fan's type 3 so; R's own
  `quantile(type = 3)` does not.
* `hf4` to `hf9`: straight lines through the points (C_k − (1 − a) w_k, answer k) of a scale that ends at T + b w_n; see LINES.
People who gave the same answer count as if each had the same weight. R takes them in the order of the file, so that with `hf4` to
`hf9`, tied answers and unequal weights, its result changes with the order of the rows.
`shahvaish` is not offered: what R calls by that name changes when every weight is multiplied by the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mel.model.quantities import Floats, Indexes

STEPS = ("math", "school", "hf1", "hf2", "hf3")
"""Rules that give an answer somebody gave (or halfway between two)."""
LINES = {"hf4": (1.0, 0.0), "hf5": (1 / 2, 0.0), "hf6": (1.0, 1.0), "hf7": (0.0, -1.0), "hf8": (2 / 3, 1 / 3), "hf9": (5 / 8, 1 / 4)}
"""Rules that interpolate: a and b as above."""
RULES = (*STEPS, *LINES)
SAME = 1e-12
"""Shares of the weight that differ by less are the same share: engines add up in different orders."""


@dataclass(frozen=True)
class Distributions:
    """The different answers of each domain in rising order, with the weight of those who gave them."""

    start: Indexes
    """The answers of domain d are those from start[d] up to start[d + 1]."""
    value: Floats
    weight: Floats
    people: Floats
    """How many gave it; people of weight zero stand for nobody and are not among them."""

    @property
    def size(self) -> int:
        return len(self.start) - 1

    @cached_property
    def known(self) -> Indexes:
        """The domains in which somebody answered."""
        return np.flatnonzero(self.start[1:] > self.start[:-1])

    @cached_property
    def reached(self) -> Floats:
        """C_k: the weight of everybody in the domain who gave this answer or a lower one."""
        out = np.empty(len(self.value))
        for d in self.known.tolist():
            part = slice(self.start[d], self.start[d + 1])
            np.cumsum(self.weight[part], out=out[part])
        return out

    @cached_property
    def total(self) -> Floats:
        """T of each domain."""
        out = np.zeros(self.size)
        out[self.known] = self.reached[self.start[self.known + 1] - 1]
        return out

    @cached_property
    def highest(self) -> Floats:
        """The highest answer of each domain, null where nobody answered."""
        out = np.full(self.size, np.nan)
        out[self.known] = self.value[self.start[self.known + 1] - 1]
        return out

    def quantiles(self, rule: str, p: Floats) -> Floats:
        """Of each domain its quantile at its own `p`; null where nobody answered or p is no share.

        >>> ages = Distributions(np.array([0, 4]), np.array([18.0, 20, 31, 60]), np.ones(4), np.ones(4))
        >>> [float(ages.quantiles(rule, np.array([0.5]))[0]) for rule in ("math", "school", "hf7")]
        [20.0, 25.5, 25.5]
        """
        out = np.full(self.size, np.nan)
        at = self.known[(p[self.known] >= 0) & (p[self.known] <= 1)]
        out[at] = self._stepwise(rule, at, p[at]) if rule in STEPS else self._along_lines(*LINES[rule], at, p[at])
        return out

    def people_at_most(self, bound: Floats) -> Floats:
        """Of each domain how many people's answer is at most its bound; 0 where nobody answered, null where there is no bound."""
        out = np.where(np.isnan(bound), np.nan, 0.0)
        at = self.known[~np.isnan(bound[self.known])]
        up_to = np.concatenate([[0.0], np.cumsum(self.people)])
        out[at] = up_to[self._first(self.value, at, np.nextafter(bound[at], np.inf))] - up_to[self.start[at]]
        return out

    def people_at_least(self, bound: Floats) -> Floats:
        """Of each domain how many people's answer is at least its bound."""
        out = np.where(np.isnan(bound), np.nan, 0.0)
        at = self.known[~np.isnan(bound[self.known])]
        up_to = np.concatenate([[0.0], np.cumsum(self.people)])
        out[at] = up_to[self.start[at + 1]] - up_to[self._first(self.value, at, bound[at])]
        return out

    def _stepwise(self, rule: str, at: Indexes, p: Floats) -> Floats:
        target, near, top = p * self.total[at], SAME * self.total[at], self.start[at + 1] - 1
        k = np.minimum(self._first(self.reached, at, target - near), top)
        following = np.minimum(k + 1, top)
        met = (np.abs(self.reached[k] - target) <= near) & (following > k)
        low, high = self.value[k], self.value[following]
        if rule in ("school", "hf2"):
            return np.where(met, (low + high) / 2, low)
        if rule == "hf3":
            return np.where(met & ((k - self.start[at]) % 2 == 0), high, low)
        return low

    def _along_lines(self, a: float, b: float, at: Indexes, p: Floats) -> Floats:
        each = self.weight / self.people
        before = np.concatenate([[0.0], self.reached[:-1]])
        before[self.start[self.known]] = 0.0
        first, last = before + a * each, self.reached - (1 - a) * each
        begin, top = self.start[at], self.start[at + 1] - 1
        target, near = p * (self.total[at] + b * each[top]), SAME * self.total[at]
        k = np.minimum(self._first(last, at, target - near), top)
        lower = np.maximum(k - 1, begin)
        on_line = (target < first[k] - near) & (k > begin)
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(on_line, (target - last[lower]) / (first[k] - last[lower]), 1.0)
            low, high = self.value[lower], self.value[k]
            return np.where(on_line, low + (high - low) * np.maximum(part, 0.0), high)

    def _first(self, rising: Floats, at: Indexes, target: Floats) -> Indexes:
        """Of each domain its first entry that has reached the target; the entry after its last where none has."""
        low, high = self.start[at].copy(), self.start[at + 1].copy()
        while (open_ := low < high).any():
            middle = np.where(open_, (low + high) // 2, 0)
            enough = rising[middle] >= target
            high = np.where(open_ & enough, middle, high)
            low = np.where(open_ & ~enough, middle + 1, low)
        return low
