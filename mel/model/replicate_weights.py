"""What does an officer write about replicate weights: which kind, which columns, and how far apart replicates count?

Only what may be written, and which parts contradict each other; the weights themselves are `mel.estimation.replicates`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from pydantic import Field, field_validator

from mel.model.written import Written

ReplicateKind = Literal["jk1", "jkn", "brr", "fay", "bootstrap"]
KINDS: tuple[str, ...] = get_args(ReplicateKind)


class ReplicateWeights(Written):
    """Standard errors from replicate weights, given in the file (`columns`) or made from strata and PSUs (no `columns`)."""

    kind: ReplicateKind
    """`jk1` leaves out a PSU at a time, `jkn` a PSU of each stratum at a time, `brr` takes one of the two PSUs of each stratum,
    `fay` leans to one of the two, `bootstrap` draws PSUs again (made: Rao and Wu's, one PSU fewer than the stratum has)."""
    columns: tuple[str, ...] = ()
    """Columns of the file, or patterns such as `repw_*`, in the file's order; left out, the weights are made."""
    combined: bool | None = None
    """Given weights: true when each includes the sampling weight, false when it is to be multiplied by it."""
    fay: float | None = Field(None, gt=0, lt=1)
    """Fay's factor, such as 0.3: the half that is left counts 2 − fay, the other fay."""
    scale: float | None = Field(None, gt=0)
    """What the sum of squares is multiplied by (given weights)."""
    rscales: tuple[float, ...] = ()
    """By replicate, what its square is multiplied by (given jkn weights)."""
    mse: bool = False
    """false: squares around the mean of the replicates (R's default); true: around the estimate itself."""
    count: int | None = Field(None, ge=2, le=10_000)
    """How many replicates a bootstrap makes."""
    seed: int | None = Field(None, ge=0)
    """The number a bootstrap's chance starts from: the same seed gives the same weights."""

    @field_validator("columns", mode="before")
    @classmethod
    def _one_or_several(cls, written: object) -> object:
        return (written,) if isinstance(written, str) else written

    @field_validator("rscales")
    @classmethod
    def _no_negative(cls, given: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 <= scale < float("inf") for scale in given):
            raise ValueError("rscales are numbers from 0 up")
        return given

    @property
    def given(self) -> bool:
        """True when the weights are columns of the file."""
        return bool(self.columns)

    def among(self, columns: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of a file's columns those that are meant, each once; and the names and patterns that mean none.

        In the order they are named; those of one pattern in the file's order. A name that is a column's own is no pattern.
        """
        there = list(columns)
        meant = {name: [name] if name in there else [column for column in there if fnmatchcase(column, name)] for name in self.columns}
        chosen = dict.fromkeys(column for found in meant.values() for column in found)
        return tuple(chosen), tuple(name for name, found in meant.items() if not found)


@dataclass(frozen=True, slots=True)
class Fault:
    """One contradiction: the key of `replicates` it is about, what is wrong, and what to do."""

    key: str
    what: str
    do: str


def replicate_faults(design: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything in a design that does not go with its `replicates`, found in what was written, whether or not it is a model yet."""
    written = design.get("replicates")
    if not isinstance(written, Mapping) or written.get("kind") not in KINDS:
        return ()
    given = bool(written.get("columns"))
    parts = (_given(written, design) if given else _made(written, design), _of_kind(written), _of_design(design))
    return tuple(fault for part in parts for fault in part)


def _of_design(design: Mapping[str, Any]) -> Iterator[Fault]:
    if design.get("basis") != "probability":
        yield Fault("kind", "replicate weights are for a probability sample", "Leave replicates out, or correct basis.")
    if design.get("rounds") in ("same_clusters", "panel"):
        yield Fault(
            "kind",
            "replicate weights are offered for independent rounds only",
            "Leave replicates out: strata and PSUs carry how rounds of the same places or people vary together.",
        )


def _of_kind(written: Mapping[str, Any]) -> Iterator[Fault]:
    kind = written["kind"]
    if (kind == "fay") != (written.get("fay") is not None):
        yield Fault("fay", "fay is written if, and only if, kind is fay", "Write fay = 0.3, or whatever it was; for brr leave it out.")


def _given(written: Mapping[str, Any], design: Mapping[str, Any]) -> Iterator[Fault]:
    kind, scale, rscales = written["kind"], written.get("scale"), written.get("rscales")
    if written.get("combined") is None:
        yield Fault(
            "combined", "combined is missing", "Write true when each column includes the sampling weight, false when it multiplies it."
        )
    if written.get("combined") is True and design.get("weights") == "none":
        yield Fault("combined", "combined weights include a sampling weight, and the design has none", "Name it: weights and weight.")
    for key in ("count", "seed"):
        if written.get(key) is not None:
            yield Fault(key, f"{key} is for a bootstrap that is made", "Leave it out: the columns are the replicates.")
    if kind in ("brr", "fay") and (scale is not None or rscales):
        yield Fault("scale", f"{kind} has its own scale, from the number of replicates", "Leave scale and rscales out.")
    if kind == "jkn" and scale is None and not rscales:
        yield Fault(
            "rscales",
            "given jkn weights need rscales",
            "Write one number a replicate, (n - 1) / n of its stratum, or scale if it is the same for all.",
        )
    if kind == "bootstrap" and scale is None:
        yield Fault(
            "scale",
            "given bootstrap weights need scale, and there are two in use",
            "Write 1 / (replicates - 1), as R does, or 1 / replicates, as Stata does; the file's documentation says which.",
        )
    if kind in ("jk1", "bootstrap") and rscales:
        yield Fault("rscales", f"{kind} has one scale for all replicates", "Leave rscales out and write scale.")
    named = [key for key in ("stratum", "psu", "fpc") if design.get(key)]
    if named:
        yield Fault(
            "columns",
            f"given replicate weights carry the design, and {', '.join(named)} would not be used",
            f"Leave {', '.join(named)} out.",
        )


def _made(written: Mapping[str, Any], design: Mapping[str, Any]) -> Iterator[Fault]:
    kind = written["kind"]
    for key in ("scale", "rscales", "combined"):
        if written.get(key) not in (None, (), []):
            yield Fault(key, f"{key} is for given weights, and no columns are named", "Name the columns, or leave it out.")
    if kind == "jk1" and design.get("stratum"):
        yield Fault("kind", "jk1 is for a sample without strata", "Write kind = jkn.")
    if kind in ("jkn", "brr", "fay") and design.get("stratum") is False:
        yield Fault("kind", f"{kind} is for a sample with strata", "Write kind = jk1 or bootstrap, or name the stratum.")
    if kind in ("brr", "fay", "bootstrap") and design.get("fpc"):
        yield Fault("kind", f"made {kind} weights know no finite population correction", "Leave fpc out, or write kind = jk1 or jkn.")
    if design.get("lonely_psu") in ("adjust", "average"):
        yield Fault(
            "kind", "a lonely PSU cannot be adjusted or averaged in made replicates", "Join lonely strata, or write lonely_psu = certainty."
        )
    for key in ("count", "seed"):
        if (kind == "bootstrap") != (written.get(key) is not None):
            do = "Write count = 500 and a seed of your own, such as 7." if kind == "bootstrap" else "Leave it out."
            yield Fault(key, f"{key} is written if, and only if, a bootstrap is made", do)
