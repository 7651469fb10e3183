"""Indices for these tests: the abbreviated women's empowerment index over drawn 1 and 0 columns."""

from __future__ import annotations

from typing import Any

from mel.model.indices import Index

WEIGHTS = {"production": "1/5", "assets": "2/15", "credit": "1/15", "income": "1/5", "group": "1/5", "workload": "1/5"}


def index(weights: dict[str, Any] | None = None, **more: Any) -> Index:
    """Inadequate where the column is 1."""
    indicators = [
        {"id": name, "label": name, "weight": weight, "inadequate": {"column": name, "is": [1]}}
        for name, weight in (weights or WEIGHTS).items()
    ]
    given: dict[str, Any] = {"id": "aweai", "label": "A-WEAI", "identified": "disempowered", "cut_off": "1/5", "indicators": indicators}
    return Index.model_validate({**given, "source": "invented for a test", "status": "for_you_to_fill", **more})


def with_parity(**more: Any) -> dict[str, Any]:
    given = {"household": ["household"], "sex": "sex", "weight": "1/10", "source": "invented for a test", "status": "as_commonly_quoted"}
    return {"parity": {**given, **more}}
