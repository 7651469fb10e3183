"""Three invented samples with everything on which engines differ: NaN, null and empty text, yes/no, whole and decimal numbers.

A cell is written as each file and database writes it; the numbers mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from mel.codes import NOT_ASKED, NOT_KNOWN, PREFER_NOT_TO_SAY
from mel.model.alliance import Design
from mel.model.domains import Domains, crossings
from mel.model.indicator import Indicator
from mel.model.replicate_weights import ReplicateWeights
from mel.model.sample import Dimension, Sample
from tests.drawn import asked

GENDERS = ("woman", "man", "non_binary", "self_described", PREFER_NOT_TO_SAY)
"""Nobody here is self_described: an empty domain."""
AGES = ("18-24", "25-49", "50+")
REGIONS = ("Østre", "arba", "Zed", "The island", "éa")
"""Databases sort these each in their own way. The island is one PSU."""


@dataclass(frozen=True)
class Asked:
    """A sample in pandas and what is asked of it."""

    sample: Sample
    indicators: tuple[Indicator, ...]
    by: Domains
    options: Mapping[str, Any]


def people(n: int = 3_000, seed: int = 20261123) -> pd.DataFrame:
    """Two rounds of a stratified two-stage sample, PSUs numbered anew in each stratum."""
    draw = np.random.default_rng(seed)
    stratum, psu = draw.integers(0, 4, n), draw.integers(1, 9, n)
    region = np.where((stratum == 3) & (psu == 8), 3, draw.choice([0, 1, 2, 4], n))
    frame = pd.DataFrame({
        "round": np.where(draw.random(n) < 0.5, "baseline", "endline"),
        "stratum": np.array(["hills", "coast", "Town", "øst"], dtype=object)[stratum],
        "psu": psu.astype(str),
        "weight": draw.uniform(20, 300, n),
        "fpc": np.array([40.0, 60.0, 25.0, 9.0])[stratum],
        "respondent": [f"p{k}" for k in range(n)],
        "gender": draw.choice(np.array(GENDERS, dtype=object)[[0, 1, 2, 4]], n, p=[0.5, 0.4, 0.06, 0.04]),
        "age_band": draw.choice(np.array(AGES, dtype=object), n),
        "region": np.array(REGIONS, dtype=object)[region],
    })  # fmt: skip
    return frame.assign(**_answers(draw, n)).astype(dict.fromkeys(("round", "stratum", "psu", "gender", "age_band", "region"), "str"))


def _answers(draw: np.random.Generator, n: int) -> dict[str, Any]:
    """A silence beside some blanks, none beside others; an empty text is a blank too."""
    heard = pd.Series(draw.choice(np.array(["yes", "no", "sometimes", "", None], dtype=object), n, p=[0.4, 0.3, 0.1, 0.05, 0.15]))
    why = np.where(draw.random(n) < 0.5, PREFER_NOT_TO_SAY, np.where(draw.random(n) < 0.5, NOT_ASKED, NOT_KNOWN))
    silent = heard.isna() & (draw.random(n) < 0.8)
    money = np.round(draw.lognormal(4, 1.2, n), 2)
    money[draw.random(n) < 0.1] = np.nan
    rating = pd.Series(draw.integers(1, 6, n), dtype="Int64").mask(draw.random(n) < 0.12)
    voted = pd.Series(draw.random(n) < 0.6, dtype="boolean").mask(draw.random(n) < 0.1)
    ticked = {choice: pd.Series(draw.integers(0, 2, n), dtype="Int64") for choice in ("maize", "beans")}
    nobody = draw.random(n) < 0.1
    return {
        "heard": heard.astype("str"),
        "heard__silence": pd.Series(why).where(silent, None).astype("str"),
        "money": money,
        "children": draw.integers(0, 8, n),
        "rating": rating,
        "voted": voted,
        "land": np.where(draw.random(n) < 0.2, np.nan, draw.integers(0, 3, n).astype(float)),
        "rooms": draw.integers(1, 7, n).astype(float),
        **{f"crops/{choice}": column.mask(nobody) for choice, column in ticked.items()},
        "needs": draw.choice(np.array(["water; school", "school road", "road", "", None], dtype=object), n),
    }


DIMENSIONS = tuple(
    Dimension(name, name.title(), {code: code for code in listed})
    for name, listed in (("gender", GENDERS), ("age_band", AGES), ("region", REGIONS))
)

INDICATORS = (
    asked("heard", "proportion", {"column": "heard", "is": ["yes"]}),
    asked(
        "heard_of_voters", "proportion", {"column": "heard", "is": ["yes", "sometimes"]},
        population={"column": "voted", "is": [True]}, denominator={"column": "children", "at_least": 1},
        silences={"not_known": "as_no", "not_asked": "out_of_population"},
    ),
    asked("landless", "proportion", {"any_of": [{"column": "land", "is": [0]}, {"column": "rating", "is": ["1", 2]}]}),
    asked("some", "proportion", {"count_of": [
        {"column": "rating", "between": [2, 4]}, {"column": "voted", "is": ["true"]}, {"column": "heard", "answered": True},
    ], "at_least": 2}),
    asked("beans", "proportion", {"column": "crops", "includes": "beans"}),
    asked("school", "proportion", {"column": "needs", "includes": "school"}),
    asked("rating", "mean", {"value": "rating"}, population={"not": {"column": "gender", "is": ["man"]}}),
    asked("turnout", "mean", {"value": "voted"}),
    asked("maize", "proportion", {"column": "crops", "includes": "maize"}),
    asked("nobody", "proportion", {"column": "rating", "is": [99]}),
    asked("money", "total", {"value": "money"}),
    asked("per_room", "ratio", {"value": "money"}, denominator={"value": "rooms"}),
    asked("what_was_heard", "distribution", {"value": "heard"}),
    asked("lands", "distribution", {"value": "land"}),
    asked("voted", "distribution", {"value": "voted"}),
    asked("who", "composition", {"value": "gender"}),
    asked("rooms", "quantile", {"value": "rooms"}, probabilities=(0.25, 0.5)),
)  # fmt: skip


def _some(*ids: str) -> tuple[Indicator, ...]:
    return tuple(indicator for indicator in INDICATORS if indicator.id in ids)


def clustered() -> Asked:
    """Strata, PSUs, weights and fpc; two independent rounds."""
    design = Design(
        basis="probability", weights="expansion", weight="weight", stratum="stratum", psu="psu", fpc="fpc", rounds="independent"
    )
    return Asked(_sample(people(), design), INDICATORS, crossings(["gender", "age_band", "region"], up_to=2), {"reliability": None})


def respondents() -> Asked:
    """Each respondent drawn alone: products of weights are summed; no fpc."""
    design = Design(basis="probability", weights="normalised", weight="weight", stratum="stratum", psu=False, rounds="independent")
    kept = _some("heard_of_voters", "turnout", "per_room", "what_was_heard", "rooms")
    return Asked(_sample(people(900, 7), design), kept, crossings(["gender", "region"], up_to=2), {"interval": "wilson"})


def panel() -> Asked:
    """The same people in two rounds, known by a number."""
    first = people(600, 11)
    second = people(600, 12).assign(round="endline", stratum=first["stratum"], psu=first["psu"], fpc=first["fpc"])
    frame = pd.concat([first.assign(round="baseline"), second], ignore_index=True).assign(respondent=[*range(600)] * 2)
    design = Design(
        basis="probability", weights="none", stratum="stratum", psu=False, rounds="panel", respondent="respondent", lonely_psu="adjust"
    )
    kept = _some("heard", "rating")
    return Asked(
        _sample(frame.drop(columns=["weight", "fpc"]), design), kept, crossings(["gender"], up_to=1), {"interval": "korn_graubard"}
    )


def replicated() -> Asked:
    """Replicate weights that were given, as whole numbers."""
    frame = people(400, 13)
    draw = np.random.default_rng(14)
    frame = frame.assign(**{f"replicate_{k}": draw.integers(1, 9, len(frame)) for k in (1, 2, 3)})
    replicates = ReplicateWeights(kind="bootstrap", columns=("replicate_*",), combined=False, scale=1 / 3)
    design = Design(
        basis="probability", weights="expansion", weight="weight", stratum=False, psu=False, rounds="independent", replicates=replicates
    )
    return Asked(_sample(frame, design), _some("heard", "money"), crossings(["gender"], up_to=1), {})


def register() -> Asked:
    """A list of things without weights: how many, how many different, how much."""
    draw = np.random.default_rng(5)
    n = 400
    frame = pd.DataFrame({
        "round": "baseline",
        "level": draw.choice(["community", "local", "national"], n),
        "actor": draw.choice(np.array(["Council", "council", "Åse", "school ", "", None], dtype=object), n),
        "number": pd.Series(draw.integers(1, 60, n), dtype="Int64").mask(draw.random(n) < 0.1),
        "share": np.where(draw.random(n) < 0.2, np.nan, draw.integers(1, 9, n) / 4),
        "amount": np.where(draw.random(n) < 0.2, np.nan, np.round(draw.lognormal(5, 1, n), 2)),
    }).astype({"round": "str", "level": "str", "actor": "str"})  # fmt: skip
    indicators = (
        asked("actors", "distinct_count", {"value": "actor"}),
        asked("numbers", "distinct_count", {"value": "number"}),
        asked("shares", "distinct_count", {"value": "share"}, population={"column": "amount", "at_least": 100}),
        asked("amount", "total", {"value": "amount"}),
        asked("levels", "composition", {"value": "level"}),
        asked("whose", "distribution", {"value": "actor"}),
    )
    levels = Dimension("level", "Level", {code: code for code in ("community", "local", "national", "regional")})
    sample = Sample("register", frame, Design(basis="census"), (levels,), counts="things", rounds=("baseline",))
    return Asked(sample, indicators, crossings(["level"]), {})


def _sample(frame: pd.DataFrame, design: Design) -> Sample:
    rounds = ("baseline", "endline")
    return Sample(
        "survey", frame, design, DIMENSIONS, rounds=rounds, multiples=("crops",), choices={"crops": {"maize": "Maize", "beans": "Beans"}}
    )


SURVEYS = {"clustered": clustered, "respondents": respondents, "panel": panel, "replicated": replicated, "register": register}


def in_arrow(frame: pd.DataFrame) -> pa.Table:
    """The table with its types as files and databases have them; of the numbers that are not there half are NaN, half null."""
    columns = {name: _with_nan(column) if column.dtype == np.float64 else pa.Array.from_pandas(column) for name, column in frame.items()}
    table = pa.table(columns)
    return table.cast(pa.schema([f.with_type(_narrow(f)) for f in table.schema]))


def _narrow(field: pa.Field) -> pa.DataType:
    """The types that people give columns of a database."""
    named = {"rooms": pa.decimal128(12, 2), "children": pa.int16(), "fpc": pa.int16(), "crops/maize": pa.bool_()}
    return named.get(field.name, pa.string() if pa.types.is_large_string(field.type) else field.type)


def _with_nan(column: pd.Series) -> pa.Array:
    even = np.arange(len(column)) % 2 == 0
    return pa.array(column.to_numpy(), mask=(column.isna() & even).to_numpy(), from_pandas=False)
