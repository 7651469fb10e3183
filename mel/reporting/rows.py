"""A release's tables as typed rows. A hidden number is None here, and stays so: nothing fills it in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mel.codes import SILENCES
from mel.model.estimates import figure_of
from mel.model.figure import FigureId


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator as the release names it."""

    id: str
    version: str
    label: str
    why_it_matters: str
    claim: str
    unit: str
    kind: str
    polarity: str
    level: str
    counts: str
    source: str
    status: str
    dataset: str
    asked_of: str
    narrowed: bool
    voice: Mapping[str, str]
    categories: Mapping[str, str]
    judged_by_people: bool = False
    """A law, a norm or the strength of a movement: where it stands is said by people."""
    points: tuple[float, float] | None = None
    """For a score: the lowest and the highest there can be."""

    @classmethod
    def of(cls, name: str, entry: Mapping[str, Any]) -> Asked:
        text = {key: str(entry.get(key) or "") for key in _TEXTS}
        narrowed, people = bool(entry.get("narrowed")), bool(entry.get("judged_by_people"))
        low, high = entry.get("points") or (None, None)
        points = None if low is None or high is None else (float(low), float(high))
        voice, categories = dict(entry.get("voice") or {}), dict(entry.get("categories") or {})
        return cls(id=name, narrowed=narrowed, voice=voice, categories=categories, points=points, judged_by_people=people, **text)

    @property
    def is_share(self) -> bool:
        """True when its estimates run from 0 to 1 and are read as percents."""
        return self.kind in ("proportion", "distribution", "composition")


_TEXTS = (
    "version",
    "label",
    "why_it_matters",
    "claim",
    "unit",
    "kind",
    "polarity",
    "level",
    "counts",
    "source",
    "status",
    "dataset",
    "asked_of",
)


class _Row:
    """What a row of either table knows of itself."""

    __slots__ = ()
    id: FigureId
    value: float | None
    disclosure: str

    @property
    def shown(self) -> bool:
        return self.disclosure == "open" and self.value is not None

    @property
    def hidden(self) -> bool:
        """True when the number exists and protection keeps it back; False too where there never was one."""
        return self.disclosure != "open"

    @property
    def domain(self) -> dict[str, str]:
        return dict(self.id.domain)


@dataclass(frozen=True, slots=True)
class Estimate(_Row):
    """One row of a release's estimates."""

    id: FigureId
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    n_yes: int | None
    n_missing: int | None
    silences: Mapping[str, int | None]
    basis: str
    counts: str
    reliability: str
    disclosure: str
    note: str

    @property
    def too_few(self) -> bool:
        """Too few answered for a figure of a sample. Those who are counted one by one have no such bound."""
        return self.basis == "probability" and self.reliability == "too_few"


@dataclass(frozen=True, slots=True)
class Difference(_Row):
    """One row of a release's comparisons."""

    id: FigureId
    measure: str
    from_round: str
    dimension: str
    group_a: str
    group_b: str
    value_a: float | None
    value_b: float | None
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    target: float | None
    target_date: str
    chance: float | None
    rule: str
    status: str
    basis: str
    inputs: tuple[FigureId, ...]
    disclosure: str
    note: str

    @property
    def has_interval(self) -> bool:
        return self.low is not None and self.high is not None

    def excludes(self, value: float) -> bool:
        """True when there is an interval and `value` lies outside it: the difference is clear."""
        return self.low is not None and self.high is not None and not self.low <= value <= self.high


def estimates_of(table: pd.DataFrame, dimensions: tuple[str, ...]) -> tuple[Estimate, ...]:
    return tuple(
        Estimate(
            id=figure_of(row, dimensions),
            value=_number(row, "estimate"),
            low=_number(row, "ci_low"),
            high=_number(row, "ci_high"),
            n=_whole(row, "n"),
            n_yes=_whole(row, "n_yes"),
            n_missing=_whole(row, "n_missing"),
            silences={silence: _whole(row, f"n_{silence}") for silence in SILENCES},
            basis=_text(row, "basis"),
            counts=_text(row, "counts"),
            reliability=_text(row, "reliability"),
            disclosure=_text(row, "disclosure"),
            note=_text(row, "note"),
        )
        for row in _rows(table)
    )


def differences_of(table: pd.DataFrame, dimensions: tuple[str, ...]) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            id=figure_of(row, dimensions, _text(row, "measure")),
            measure=_text(row, "measure"),
            from_round=_text(row, "from_round"),
            dimension=_text(row, "dimension"),
            group_a=_text(row, "group_a"),
            group_b=_text(row, "group_b"),
            value_a=_number(row, "value_a"),
            value_b=_number(row, "value_b"),
            value=_number(row, "estimate"),
            low=_number(row, "ci_low"),
            high=_number(row, "ci_high"),
            p=_number(row, "p"),
            p_adjusted=_number(row, "p_adjusted"),
            target=_number(row, "target"),
            target_date=_text(row, "target_date"),
            chance=_number(row, "chance"),
            rule=_text(row, "rule"),
            status=_text(row, "status"),
            basis=_text(row, "basis"),
            inputs=_inputs(row.get("inputs")),
            disclosure=_text(row, "disclosure"),
            note=_text(row, "note"),
        )
        for row in _rows(table)
    )


def text_rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """A register (outcomes, readings, stories) as records of text, an empty cell as an empty text."""
    return [{str(key): _text(row, key) for key in row} for row in _rows(table)]


def _rows(table: pd.DataFrame) -> Iterable[Mapping[str, Any]]:
    return ({str(key): value for key, value in row.items()} for row in table.to_dict("records"))


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, list | tuple | dict) and bool(pd.isna(value)))


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return "" if _missing(value) else str(value).strip()


def _number(row: Mapping[str, Any], key: str) -> float | None:
    value: Any = row.get(key)
    return None if _missing(value) or value == "" else float(value)


def _whole(row: Mapping[str, Any], key: str) -> int | None:
    value = _number(row, key)
    return None if value is None else round(value)


def _inputs(given: Any) -> tuple[FigureId, ...]:
    """The figures a comparison was made from, as the release holds them: FigureIds, their JSON records, or a JSON text of those."""
    listed = json.loads(given) if isinstance(given, str) and given else given
    if _missing(listed) or not listed:
        return ()
    return tuple(one if isinstance(one, FigureId) else FigureId.from_json(dict(one)) for one in listed)
