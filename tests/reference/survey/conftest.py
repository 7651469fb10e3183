"""How a data set of R's becomes a Sample: the columns of its design, each renamed as a Sample has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from mel.model.alliance import Design
from mel.model.indicator import Indicator
from mel.model.sample import Dimension, Sample


class Build:
    """Samples and indicators in few words."""

    @staticmethod
    def sample(frame: pd.DataFrame, *, dimensions: Sequence[str] = (), stratum: Any = False, psu: Any = False, weight: str | None = None,
               fpc: str | None = None, weights: str | None = None, round_: str = "one", **more: Any) -> Sample:  # fmt: skip
        made = frame.copy()
        for name, column in (("stratum", stratum), ("psu", psu), ("weight", weight), ("fpc", fpc)):
            if column:
                made[name] = frame[column].astype(str) if name in ("stratum", "psu") else frame[column]
        if "round" not in made:
            made["round"] = round_
        for name in dimensions:
            made[name] = frame[name].astype(str)
        design = Design(basis="probability", weights=weights or ("expansion" if weight else "none"), weight=weight, stratum=stratum, psu=psu,
                        fpc=fpc, **more)  # fmt: skip
        known = tuple(Dimension(n, n, {c: c for c in sorted(made[n].unique())}) for n in dimensions)
        return Sample("r", made, design, known, rounds=tuple(dict.fromkeys(made["round"])))

    @staticmethod
    def indicator(id_: str, kind: str, numerator: Mapping[str, Any], **more: Any) -> Indicator:
        return Indicator(id=id_, label=id_, kind=kind, numerator=numerator, source="R survey", status="confirmed", **more)


@pytest.fixture(scope="session")
def build() -> type[Build]:
    return Build
