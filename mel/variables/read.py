"""What reading one canonical variable gives: its columns for the sample, what its codes are called, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from mel.errors import Problem


@dataclass
class Read:
    """One variable as read from every round. `columns` go into the sample as they are."""

    variable: str
    columns: dict[str, pd.Series]
    choices: dict[str, str]
    multiple: bool = False
    label: str = ""
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)  # round: codes its form offers, after the map
    said_so: frozenset[str] = frozenset()  # codes somebody wrote in a map
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
