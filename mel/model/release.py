"""What may be seen by one audience: the only thing `report` takes, and only `protect` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mel.codes import Audience
from mel.model.alliance import Alliance
from mel.model.analyses import Analysis
from mel.model.policy import Policy

NARRATIVE_KINDS = ("outcomes", "readings", "stories")


@dataclass(frozen=True)
class Narratives:
    """What people said and what changed, in words; each a table as its Table Schema in data/schemas/ has it.

    Before `protect` these hold all rows; a Release holds only those whose consent and permission reach its audience.
    """

    outcomes: pd.DataFrame = field(default_factory=pd.DataFrame)
    readings: pd.DataFrame = field(default_factory=pd.DataFrame)
    stories: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What a reader must know of one dataset to judge a figure of it. Counts only, no row."""

    name: str
    label: str
    kind: str
    owner: str
    share: str
    counts: str
    basis: str
    weights: str | None
    rounds: Mapping[str, str]  # round: date, ISO
    round_relation: str | None
    rows: Mapping[str, int]  # round: rows used
    left_out: Mapping[str, int]  # why: rows that left at check
    listed: Mapping[str, int]  # round: how many were on the list (a census)
    partners: Mapping[str, int]  # partner id: rows; partners at risk leave at protect
    who_was_asked: str = ""
    who_was_missed: str = ""
    collected_by: str = ""
    language: str = ""
    questions: int = 0
    minutes: float | None = None
    paid: str = ""
    returned: str = ""
    warnings: Mapping[str, int] = field(default_factory=dict)  # problem code: how often, warnings that a reader should know


@dataclass(frozen=True)
class Context:
    """Everything a report says besides figures: who, with what, by which rules. Made by the main job, filtered by `protect`."""

    alliance: Alliance
    partners: pd.DataFrame = field(default_factory=pd.DataFrame)  # the partners' register
    datasets: tuple[DatasetFacts, ...] = ()
    unmapped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # indicator id: variables no column is mapped to
    notes: tuple[str, ...] = ()
    code_version: str = ""
    git_commit: str = ""
    made_on: str = ""  # ISO date


@dataclass(frozen=True, slots=True)
class Protection:
    """What protection did, in counts, so that a report can say how many were heard but not shown."""

    policy: Policy
    figures: int
    primary: int
    secondary: int
    withheld: int
    comparisons_withheld: int
    narratives_withheld: int
    groups_not_shown: int
    """Distinct groups (domains) that were heard, and for which no figure is shown."""
    notes: tuple[str, ...] = ()
    analyses_withheld: int = 0


@dataclass(frozen=True)
class Release:
    """For one audience. In `estimates` and `comparisons` every number of a row whose `disclosure` is not `open` is null.

    Plain data only: it goes to disk as json and csv (`mel.formats.release`) and comes back equal.

    `about` holds
    * `alliance`: {id, name, invented, purpose, programme, period: {start, end}, who_did_the_work}
    * `members`: [{id, name, side, country, role}]
    * `partners`: {total, not_shown, by_country: {country: n}, by_type: {type: n}, led_by: {women: n, youth: n, disability: n}}
    * `datasets`: [the fields of DatasetFacts, but `partners` is a number]
    * `targets`: {indicator: [{round, value, where, rule, set_by, reason}]}
    * `unmapped`: {indicator: [variables]}
    * `report`: {title, sections, languages}
    `labels` holds
    * `dimensions`: {name: {label, categories: {code: label}, ordered, sensitive, reference, reference_reason}}
    * `indicators`: {id: {version, label, why_it_matters, claim, unit, kind, polarity, level, counts, source, status, asked_of,
      narrowed, dataset, voice: {chosen_by, tested_with, veto}, points: [low, high] of a score, categories: {code: label}}}, in the
      alliance's order
    * `rounds`: {dataset: {round: {label, date}}}
    """

    audience: Audience
    estimates: pd.DataFrame
    comparisons: pd.DataFrame
    narratives: Narratives
    protection: Protection
    about: Mapping[str, Any]  # alliance, members, partners by country and side, datasets' facts, targets: plain JSON
    labels: Mapping[str, Any]  # dimensions: {label, categories}, indicators: {label, claim, unit, kind, …}, rounds: plain JSON
    provenance: tuple[Mapping[str, Any], ...] = ()
    code_version: str = ""
    git_commit: str = ""
    made_on: str = ""
    analyses: tuple[Analysis, ...] = ()
