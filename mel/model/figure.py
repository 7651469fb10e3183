"""A figure's identity, so that people can talk back to it and protect can follow what was computed from what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mel.codes import ALL


@dataclass(frozen=True, slots=True, order=True)
class FigureId:
    """One number of one table. `domain` holds only the dimensions that are broken down, in the table's order."""

    indicator: str
    version: str = "1"
    round: str = ALL
    domain: tuple[tuple[str, str], ...] = ()
    category: str = ALL
    measure: str = "estimate"
    dataset: str = ""

    def as_json(self) -> dict[str, Any]:
        """A plain record: what release.json and the readings register hold."""
        return {
            "dataset": self.dataset, "indicator": self.indicator, "version": self.version, "round": self.round,
            "domain": dict(self.domain), "category": self.category, "measure": self.measure,
        }  # fmt: skip

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> FigureId:
        return cls(**(record | {"domain": tuple(record.get("domain", {}).items())}))
