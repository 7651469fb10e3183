"""What a scale is: several items answered on one line of points, added or averaged into a score. Data, never code.

Items are named by id: the same scale is printed in different orders, and a place in one order is another item in the next.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from mel.codes import Status
from mel.model.written import Written

NAME = r"^[a-z][a-z0-9_]*$"


class Item(Written):
    """One question of a scale: the canonical variable that holds its points."""

    id: str = Field(pattern=NAME)
    reverse: bool = False
    """True where agreeing means less of what the scale measures; its points are then turned round (low + high − points)."""


class Subscale(Written):
    """Some items of a scale as a score of their own, turned round as in the whole."""

    id: str = Field(pattern=NAME)
    label: str
    items: tuple[str, ...] = Field(min_length=1)


class Band(Written):
    """A part of the scale's points with a name. It goes up to where the next one begins."""

    code: str
    label: str
    from_: float = Field(alias="from")


class Scale(Written):
    """Items, their points and how they become a score: a canonical variable of the scale's id, in the scale's points.

    Unit: `sum` runs from items × low to items × high, `mean` from low to high.
    Missing: up to `most_missing` of the items the answered ones stand for the others; with more missing there is no score.
    """

    id: str = Field(pattern=NAME)
    label: str
    items: tuple[Item, ...] = Field(min_length=1)
    low: float
    high: float
    how: Literal["sum", "mean"] = "sum"
    most_missing: float = Field(0.2, ge=0, lt=1)
    subscales: tuple[Subscale, ...] = ()
    bands: tuple[Band, ...] = ()
    bands_source: str = ""
    """Who found these bands, and for which people. Without it there are none: a cut-off from elsewhere says nothing here."""
    source: str
    status: Status

    @model_validator(mode="after")
    def _whole(self) -> Scale:
        if faults := [*self._of_items(), *self._of_bands()]:
            raise ValueError("; ".join(faults))
        return self

    def _of_items(self) -> list[str]:
        ids = [item.id for item in self.items]
        names = [self.id, *(part.id for part in self.subscales), *((self.band_id,) if self.bands else ())]
        faults = ["low must be below high"] if self.low >= self.high else []
        faults += [f"the item {name} stands there twice" for name in sorted({n for n in ids if ids.count(n) > 1})]
        faults += [f"{name} is the name of a score and of an item, or of two scores" for name in sorted(_twice([*names, *set(ids)]))]
        for part in self.subscales:
            strange = [name for name in part.items if name not in ids]
            faults += [f"the subscale {part.id} has {', '.join(strange)}, not among the items"] if strange else []
            faults += [f"the subscale {part.id} has an item twice"] if _twice(part.items) else []
        return faults

    def _of_bands(self) -> list[str]:
        if not self.bands:
            return ["bands_source is there, and no bands"] if self.bands_source else []
        starts = [band.from_ for band in self.bands]
        faults = [] if self.bands_source.strip() else ["bands need bands_source: who found them, and for which people"]
        faults += ["bands go from low to high, each from where it begins"] if sorted(set(starts)) != starts else []
        low, high = self.range
        faults += [f"the first band must begin at {low:g}, the lowest score"] if starts[0] != low else []
        return faults + ([f"no band may begin above {high:g}, the highest score"] if starts[-1] > high else [])

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)

    @property
    def reversed_ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items if item.reverse)

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest score there can be."""
        times = len(self.items) if self.how == "sum" else 1
        return self.low * times, self.high * times

    @property
    def band_id(self) -> str:
        """The canonical variable that says in which band a person's score lies."""
        return f"{self.id}_band"

    @property
    def made(self) -> dict[str, tuple[str, ...]]:
        """Each canonical variable this makes: the canonical variables it is made from."""
        whole = dict.fromkeys((self.id, *((self.band_id,) if self.bands else ())), self.item_ids)
        return whole | {part.id: part.items for part in self.subscales}


def _twice(names: tuple[str, ...] | list[str]) -> set[str]:
    return {name for name in names if list(names).count(name) > 1}
