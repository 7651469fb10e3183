"""Small invented tables, drawn as text, made into a Sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

from mel.model.alliance import Design
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample

NUMBERS = ("weight", "fpc", "hours", "children", "money", "amount", "age")


def drawn(text: str) -> pd.DataFrame:
    """A table as people draw it: columns by `|`, a dot for nothing. Without a round everyone is in `baseline`."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]
    frame = pd.DataFrame(lines[1:], columns=lines[0]).replace(".", None)
    for name in frame.columns.intersection(NUMBERS):
        frame[name] = pd.to_numeric(frame[name])
    return frame if "round" in frame else frame.assign(round="baseline")


def drawn_sample(text: str, *, by: Mapping[str, str] | None = None, **design: Any) -> Sample:
    """`by`: dimension → its categories, in order."""
    more = {k: design.pop(k) for k in ("counts", "choices", "multiples") if k in design}
    frame = drawn(text)
    dimensions = tuple(Dimension(n, n.title(), {c: c for c in listed.split()}) for n, listed in (by or {}).items())
    rounds = tuple(dict.fromkeys(frame["round"]))
    return Sample("village", frame, Design(**({"basis": "census"} | design)), dimensions, rounds=rounds, **more)


def asked(id_: str, kind: str, numerator: Mapping[str, Any], **more: Any) -> Indicator:
    return Indicator(id=id_, label=id_, kind=kind, numerator=numerator, source="invented", status="confirmed", **more)


@pytest.fixture(scope="session")
def draw() -> Callable[..., Sample]:
    return drawn_sample


@pytest.fixture(scope="session")
def ask() -> Callable[..., Indicator]:
    return asked
