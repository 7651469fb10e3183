"""A framework as data: indicators, age bands, code lists, principles, criteria. `mel/packs/*.toml` holds the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import Field, model_validator

from mel.codes import Status
from mel.model.indicator import Indicator, Scalar
from mel.model.indices import Index, IndexIndicator, Parity
from mel.model.reliability import ReliabilityRule
from mel.model.scales import Band, Item, Scale, Subscale
from mel.model.written import Written


class Entry(Written):
    """Anything in a pack that is neither an indicator nor a list: a principle, a practice, a criterion."""

    id: str
    label: str
    text: str = ""
    parent: str | None = None
    source: str
    status: Status


class AgeBand(Written):
    code: str
    label: str
    from_: int = Field(alias="from", ge=0)
    to: int | None = None
    """The last age inside, in completed years; none for the open last band."""


class AgeBands(Written):
    """Bands without gap or overlap, youngest first. An age outside them is an error, never silently dropped."""

    id: str
    label: str
    bands: tuple[AgeBand, ...] = Field(min_length=1)
    source: str
    status: Status

    @model_validator(mode="after")
    def _no_gap(self) -> AgeBands:
        for before, after in zip(self.bands, self.bands[1:], strict=False):
            if before.to is None or after.from_ != before.to + 1:
                raise ValueError(f"band {after.code} must start one year after {before.code} ends")
        return self


class Code(Written):
    code: str
    label: str
    also_called: tuple[str, ...] = ()
    """How forms label or code this answer, in any language, so that a map can be proposed."""


class Variable(Written):
    """A canonical variable: what an alliance's `map` ties a form's column to."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    type: str = Field(pattern="^(category|multiple|number|text|date)$")
    codes: tuple[Code, ...] = ()
    open: bool = False
    """True when other codes than the listed ones are welcome (gender is such a list)."""
    also_called: tuple[str, ...] = ()
    """Other labels and column names it is known by, so that a map can be proposed."""
    sensitive: bool = False
    direct_identifier: bool = False
    source: str = ""


class Pack(Written):
    """One file of definitions."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: str
    label: str
    about: str = ""
    source: str
    status: Status
    valid_from: date | None = None
    valid_to: date | None = None
    variables: tuple[Variable, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    age_bands: tuple[AgeBands, ...] = ()
    reliability: tuple[ReliabilityRule, ...] = ()
    entries: tuple[Entry, ...] = ()
    scales: tuple[Scale, ...] = ()
    indices: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Packs:
    """Several packs read as one library, in order; the first that has an id wins and a second definition is the loader's error."""

    packs: tuple[Pack, ...] = ()

    @property
    def indicators(self) -> dict[str, Indicator]:
        return {i.id: i for pack in reversed(self.packs) for i in pack.indicators}

    @property
    def variables(self) -> dict[str, Variable]:
        return {v.id: v for pack in reversed(self.packs) for v in pack.variables}

    @property
    def age_bands(self) -> dict[str, AgeBands]:
        return {b.id: b for pack in reversed(self.packs) for b in pack.age_bands}

    @property
    def reliability(self) -> dict[str, ReliabilityRule]:
        return {r.id: r for pack in reversed(self.packs) for r in pack.reliability}

    @property
    def scales(self) -> dict[str, Scale]:
        return {s.id: s for pack in reversed(self.packs) for s in pack.scales}

    @property
    def indices(self) -> dict[str, Index]:
        return {i.id: i for pack in reversed(self.packs) for i in pack.indices}

    @property
    def made(self) -> dict[str, tuple[str, ...]]:
        """Each canonical variable that is made from others (a score, an index's count): the variables a form holds for it."""
        scores = {name: sources for scale in self.scales.values() for name, sources in scale.made.items()}
        counts = {name: sources for index in self.indices.values() for name, sources in index.made.items()}
        return scores | {name: tuple(dict.fromkeys(v for s in sources for v in scores.get(s, (s,)))) for name, sources in counts.items()}


__all__ = [
    "AgeBand", "AgeBands", "Band", "Code", "Entry", "Index", "IndexIndicator", "Indicator", "Item", "Pack", "Packs", "Parity",
    "ReliabilityRule", "Scalar", "Scale", "Subscale", "Variable",
]  # fmt: skip
