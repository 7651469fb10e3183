"""From a form's answers to people ready to be counted: the map applied, the four silences kept, dimensions and the design in place.

It changes no answer and drops no row. What it cannot place with certainty (a code nobody named, an age in no band, a column that
is gone) stops it, with everything found at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import pandas as pd

from mel.codes import PARTNER as FROM_PARTNER
from mel.codes import Counts, silence_of
from mel.errors import InputError, Problem
from mel.errors.variables import DIMENSION_HIDES_VARIABLE, NAME_IS_RESERVED, ROUNDS_CODED_APART
from mel.formats.days import to_days
from mel.formats.relevance import filled_on
from mel.model.alliance import Design, DimensionSpec, VariableMap
from mel.model.pack import Packs
from mel.model.records import Records
from mel.model.sample import PARTNER, RESERVED_COLUMNS, Sample
from mel.variables.ages import completed_years
from mel.variables.design import design_columns, listed
from mel.variables.dimensions import MadeFrom, make, variables_of
from mel.variables.made import expanded, make_variables
from mel.variables.mapped import read_variable
from mel.variables.places import placed
from mel.variables.read import Read
from mel.variables.silences import completed

Maps = Mapping[str, VariableMap]


def derive(
    records: Records,
    *,
    design: Design,
    map: Maps | None = None,  # noqa: A002 - the word officers know from alliance.toml
    round_maps: Mapping[str, Maps] | None = None,
    dimensions: Sequence[DimensionSpec] = (),
    packs: Packs = Packs(),  # noqa: B008 - frozen and empty
    variables: Iterable[str] = (),
    counts: Counts = "people",
) -> Sample:
    """A sample: each row with its canonical variables, silences, dimensions and design.

    `map` ties canonical variables to a form's columns, `round_maps` overrides it for a round; a variable that is in neither is
    read from the column of its own name. `variables` are those the indicators need; with none, every mapped variable is read,
    and without a map every column. A score or index that a pack defines is made from its items (see `mel.variables.made`).
    Missing: every variable has its value or one of the four silences in each row, never both; in a dimension a silence is a category.
    Raises: InputError with everything that is missing, unknown or outside, at once.
    Checked: tests/spec/variables, tests/reference (NHIS 2024), tests/properties/variables.
    """
    maps = {round_: {**(map or {}), **(round_maps or {}).get(round_, {})} for round_ in records.rounds}
    mapped = frozenset(name for each in maps.values() for name in each)
    made_from = {spec.name: variables_of(spec, packs, mapped) for spec in dimensions}
    asked = _wanted(records, tuple(variables), made_from, mapped, any(spec.from_ == "disability" for spec in dimensions))
    wanted = list(expanded(asked, packs, mapped))
    columns, problems = design_columns(records.frame, design)
    how_many, more = listed(records.frame, design, records.rounds)
    problems += [*more, *_names_taken(wanted, dimensions, tuple(variables), made_from, columns)]
    reads = {name: _read(records, name, maps, packs) for name in wanted}
    problems += [problem for read in reads.values() for problem in (*read.problems, *_coded_apart(records, read, packs))]
    if problems:
        raise InputError(placed(problems, records))
    frame = pd.DataFrame({**columns, **{name: c for read in reads.values() for name, c in read.columns.items()}}, index=records.frame.index)
    made = {read.variable: read for read in make_variables(frame, packs, frozenset(asked), mapped)}
    if wrong := [problem for read in made.values() for problem in read.problems]:
        raise InputError(placed(wrong, records))
    frame = frame.assign(**{name: column for read in made.values() for name, column in read.columns.items()})
    return _with_dimensions(records, design, dimensions, made_from, reads | made, frame, packs, counts, how_many)


def _wanted(
    records: Records, variables: tuple[str, ...], made_from: Mapping[str, tuple[str, ...]], mapped: frozenset[str], disability: bool
) -> list[str]:
    """Every variable to read, once: asked for, needed by a dimension, and age beside disability where it is mapped."""
    needed = [name for names in made_from.values() for name in names]
    if not variables and not made_from:
        own = [str(c).split("/", 1)[0] for c in records.frame.columns if not str(c).startswith("_")]
        needed = list(mapped) or own
    extra = ["age"] if disability and "age" in mapped else []
    whole = (*variables, *needed, *(sorted(mapped) if not variables else ()), *extra)
    return [name for name in dict.fromkeys(whole) if not (name == PARTNER and FROM_PARTNER in records.frame and name not in mapped)]


def _names_taken(
    wanted: Iterable[str],
    dimensions: Sequence[DimensionSpec],
    variables: tuple[str, ...],
    made_from: Mapping[str, tuple[str, ...]],
    of_design: Iterable[str],
) -> list[Problem]:
    """A variable or dimension that would overwrite a part of the design, or a dimension a variable somebody needs."""
    taken = {*RESERVED_COLUMNS, *of_design}
    found = [NAME_IS_RESERVED.at(name=name, what="variable") for name in wanted if name in taken]
    for spec in dimensions:
        if spec.name in taken and not (spec.name == PARTNER and made_from[spec.name] == (PARTNER,)):
            found.append(NAME_IS_RESERVED.at(name=spec.name, what="dimension"))
        if spec.name in variables and spec.from_ in ("age", "disability", "membership"):
            better = f"{spec.name}_band" if spec.from_ == "age" else f"{spec.name}_group"
            found.append(DIMENSION_HIDES_VARIABLE.at(dimension=spec.name, better=better))
    return found


def _read(records: Records, name: str, maps: Mapping[str, Maps], packs: Packs) -> Read:
    known = packs.variables.get(name)
    read = read_variable(records, name, {round_: each[name] for round_, each in maps.items() if name in each}, known)
    if known is not None and known.type == "number" and read.problems:
        return _from_birth(records, read, {round_: each[name] for round_, each in maps.items() if name in each}) or read
    return read


def _from_birth(records: Records, read: Read, maps: Maps) -> Read | None:
    """An age that is mapped to a column of birth dates, counted on the day each row was filled in; None when it is not that."""
    columns = {entry.column for each in maps.values() for entry in each.columns}
    day = filled_on(records.frame)
    if read.variable != "age" or len(columns) != 1 or day is None or not columns <= set(records.frame.columns):
        return None
    born, unreadable, serial = to_days(records.frame[next(iter(columns))])
    if unreadable.any() or serial.any() or born.isna().all():
        return None
    years = completed_years(born, pd.to_datetime(day, format="%Y-%m-%d").astype("datetime64[s]"))
    silence = completed(pd.Series(pd.NA, index=years.index, dtype="str"), years.notna(), pd.Series(True, index=years.index))
    return Read(read.variable, {read.variable: years, silence_of(read.variable): silence}, {}, label=read.label)


def _coded_apart(records: Records, read: Read, packs: Packs) -> list[Problem]:
    """Two rounds in a row whose codes each have something the other lacks, and that nobody's map has named."""
    known = packs.variables.get(read.variable)
    if known is not None and known.codes and not known.open:
        return []
    found = []
    for before, after in pairwise(round_ for round_ in records.rounds if round_ in read.offered):
        a, b = read.offered[before], read.offered[after]
        only_a, only_b = set(a) - set(b) - read.said_so, set(b) - set(a) - read.said_so
        if only_a and only_b:
            found.append(ROUNDS_CODED_APART.at(variable=read.variable, codes_a=a, round_a=before, codes_b=b, round_b=after))
    return found


def _with_dimensions(
    records: Records,
    design: Design,
    dimensions: Sequence[DimensionSpec],
    made_from: Mapping[str, tuple[str, ...]],
    reads: Mapping[str, Read],
    frame: pd.DataFrame,
    packs: Packs,
    counts: Counts,
    how_many: Mapping[str, int],
) -> Sample:
    choices = {name: read.choices for name, read in reads.items() if read.choices}
    multiples = tuple(name for name, read in reads.items() if read.multiple)
    labels = {name: read.label for name, read in reads.items()}
    source = MadeFrom(frame, choices, labels, multiples, records.frame, packs)
    made = [make(spec, source, made_from[spec.name]) for spec in dimensions]
    if wrong := [problem for each in made for problem in each.problems]:
        raise InputError(placed(wrong, records))
    notes = (*(note for read in reads.values() for note in read.notes), *(note for each in made for note in each.notes))
    added = {each.dimension.name: each.column for each in made if each.dimension is not None and each.column is not None}
    return Sample(
        dataset=records.dataset,
        frame=frame.assign(**added),
        design=design,
        dimensions=tuple(each.dimension for each in made if each.dimension is not None),
        counts=counts,
        rounds=records.rounds,
        variables=labels,
        choices=choices,
        multiples=multiples,
        listed=how_many,
        made_from={name: sources for name, sources in packs.made.items() if name in reads and name in frame},
        provenance=records.provenance,
        notes=tuple(dict.fromkeys(notes)),
    )
