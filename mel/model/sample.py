"""People (or things) ready to be counted: canonical variables, the four silences, dimensions and the design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mel.codes import Counts
from mel.model.alliance import Design
from mel.model.records import Provenance


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to look at people apart, as derived.

    `categories` maps each code to its label, in the order they are shown; silences that occur are among them (they are
    categories of a dimension: who did not say is not nobody). The column of that name in `Sample.frame` holds the codes and
    is never null.
    """

    name: str
    label: str
    categories: Mapping[str, str]
    ordered: bool = False
    reference: str | None = None
    reference_reason: str = ""
    sensitive: bool = False
    derived_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """What `derive` returns and `measure` takes.

    Shape of `frame` (see below where it may stand; pandas on the usual road): one row per person or thing, with
    * `round` (text), and where the design has them `stratum`, `psu` (text), `weight`, `fpc` (numbers), `respondent`, `partner`,
      and `replicate_1`, `replicate_2` … (numbers) where replicate weights were given;
    * each canonical variable `v` (text or number, null where silent) with `v__silence` (one of the four, null where answered):
      exactly one of the two is null in each row; a select_multiple `v` has `v/choice` columns of 1, 0, null instead of `v`;
    * each dimension, text, never null.
    `weight` is absent when there are none (each row counts 1).

    Where the rows stand. `derive` works in pandas. Rows that are derived already may stay where they are, and only sums come back:
    `frame` may be a table of pandas, Polars (also lazy), PyArrow, DuckDB, Dask or Spark, a table of PostgreSQL through Ibis, or the
    path of a .parquet or .csv file, or of a folder of .parquet files, which DuckDB reads without holding it in memory. NaN, null
    and an empty text are no answer. In a CSV, cells decide types: one word in a column of numbers makes it text, and an empty cell
    is null; Parquet keeps its types. The columns of the design may have the names that the design gives them.

    A file of a register too large for memory:

        sample = Sample("register", "people.parquet", design, dimensions, rounds=("midline",))

    An alliance's own PostgreSQL does the counting (extra `postgres`; a user who may only read is enough, and the password stays in
    that user's ~/.pgpass, not in a notebook):

        import ibis

        database = ibis.postgres.connect(host="localhost", database="alliance", user="reader")
        sample = Sample("midline", database.table("people_midline"), design, dimensions, rounds=("midline",))
    """

    dataset: str
    frame: Any
    design: Design
    dimensions: tuple[Dimension, ...] = ()
    counts: Counts = "people"
    rounds: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)  # canonical variable: its label
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # variable: code → label, in the form's order
    multiples: tuple[str, ...] = ()  # the select_multiple variables
    listed: Mapping[str, int] = field(default_factory=dict)  # round: how many were on the list (a census)
    provenance: tuple[Provenance, ...] = ()
    made_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # a score or count: the variables it was made from
    notes: tuple[str, ...] = ()  # what derive decided that a reader should know

    def dimension(self, name: str) -> Dimension | None:
        return next((d for d in self.dimensions if d.name == name), None)


ROUND, STRATUM, PSU, WEIGHT, FPC, RESPONDENT, PARTNER = "round", "stratum", "psu", "weight", "fpc", "respondent", "partner"
REPLICATE = "replicate_"
"""How the columns of given replicate weights begin: replicate_1, replicate_2 … in the file's order."""
RESERVED_COLUMNS = (ROUND, STRATUM, PSU, WEIGHT, FPC, RESPONDENT, PARTNER)
