"""Someone outside who holds a release's estimates, and knows the method, tries to work hidden counts out.

Written apart from `mel.disclosure` on purpose: it shares no code with it. It sees the published rows only, imagines every finest
combination of the categories that appear, knows that counts are not negative and what the words primary and secondary mean, and
looks for hidden rows whose `n` is the same in every population that fits.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

ALL = "all"


def worked_out(published: pd.DataFrame, dims: list[str], threshold: int) -> list[int]:
    """Index of each hidden row whose number of answers can be only one thing."""
    met = {d: sorted(set(published[d]) - {ALL}) for d in dims}
    finest = list(product(*(met[d] or [ALL] for d in dims)))
    masks = _masks(published, dims, finest)
    hidden = [
        (at, mask, word) for (at, row), mask in zip(published.iterrows(), masks, strict=True) if (word := row["disclosure"]) != "open"
    ]
    if not hidden:
        return []
    solve = _program(published, dims, finest, masks, hidden, threshold)
    values = np.array([mask for _, mask, _ in hidden])
    # some populations that fit: a row that differs between two of them is safe; only the others need their own two programs
    rng = np.random.default_rng(0)
    seen = np.array([values @ solve(sign * (rng.random(len(hidden)) @ values))[: len(finest)] for _ in range(4) for sign in (1, -1)])
    doubtful = np.flatnonzero(np.ptp(seen, axis=0) < 0.5)
    width = {i: values[i] @ (solve(-values[i]) - solve(values[i]))[: len(finest)] for i in doubtful}
    return [hidden[i][0] for i, wide in width.items() if wide < 1e-6]


def _masks(published, dims, finest):
    """Which finest cells each row adds up."""
    cells = np.array(finest, dtype=object).reshape(len(finest), len(dims))
    keys = published[dims].to_numpy(dtype=object)
    return [np.logical_and.reduce([(cells[:, i] == k) | (k == ALL) for i, k in enumerate(key)]).astype(float) for key in keys]


def _program(published, dims, finest, masks, hidden, threshold):
    """A solver: the population that fits everything published and makes an objective over answers smallest."""
    size = len(finest)
    zero = np.zeros(size)
    rows, sums = [], []
    for mask, (_, row) in zip(masks, published.iterrows(), strict=True):
        if row["disclosure"] == "open":  # unknowns: who answered in each finest cell, then who did not
            rows += [np.r_[mask, zero], np.r_[zero, mask]]
            sums += [row["n"], row["n_missing"]]
    broken = [tuple(d for d in dims if row[d] != ALL) for _, row in published.iterrows()]
    for margin in set(broken):
        # a table lists every group in which there is someone: what it does not list is empty
        listed = {tuple(row[d] for d in margin) for b, (_, row) in zip(broken, published.iterrows(), strict=True) if b == margin}
        absent = np.array([tuple(c for d, c in zip(dims, cell, strict=True) if d in margin) not in listed for cell in finest], float)
        if margin and absent.any():
            rows.append(np.r_[absent, absent])
            sums.append(0)
    words = [-np.r_[mask, mask] for _, mask, _ in hidden]  # a hidden group is not empty
    words += [np.r_[mask, zero] if word == "primary" else -np.r_[mask, zero] for _, mask, word in hidden]
    limits = [-1] * len(hidden) + [threshold - 1 if word == "primary" else -threshold for _, _, word in hidden]
    a_eq, a_ub = csr_array(np.array(rows)), csr_array(np.array(words))

    def solve(objective):
        solved = linprog(np.r_[objective, zero], A_eq=a_eq, b_eq=sums, A_ub=a_ub, b_ub=limits, bounds=(0, 1e6), method="highs")
        assert solved.status == 0, solved.message
        return solved.x

    return solve


def worked_out_yes(published: pd.DataFrame, dims: list[str]) -> list[int]:
    """Index of each hidden row whose number of yes answers, in a sensitive indicator, can be only one thing."""
    met = {d: sorted(set(published[d]) - {ALL}) for d in dims}
    finest = list(product(*(met[d] or [ALL] for d in dims)))
    masks = _masks(published, dims, finest)
    zero = np.zeros(len(finest))
    rows, sums = [np.r_[zero, zero]], [0]
    for mask, (_, row) in zip(masks, published.iterrows(), strict=True):
        if row["disclosure"] == "open":  # unknowns: yes and no of each finest cell
            rows += [np.r_[mask, zero], np.r_[zero, mask]]
            sums += [row["n_yes"], row["n"] - row["n_yes"]]
    found = []
    for mask, (at, row) in zip(masks, published.iterrows(), strict=True):
        if row["disclosure"] != "open":
            low, high = (
                sign * linprog(sign * np.r_[mask, zero], A_eq=np.array(rows), b_eq=sums, bounds=(0, 1e6), method="highs").fun
                for sign in (1, -1)
            )
            found += [at] if high - low < 1e-6 else []
    return found
