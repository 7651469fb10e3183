"""Can these rows be used as they are? Finds every problem at once, leaves out the rows that must not be read, and says so.

It changes no answer and fills nothing in. What a problem means for the figures is decided by its severity: `stop`, `drop_row`
or `warn`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from mel.checks import dates, rows
from mel.checks.form import against_form
from mel.checks.places import at_rows, file_of, is_reserved
from mel.checks.rounds import codes_differ
from mel.checks.schema import against_schema, schema_of
from mel.codes import FILE
from mel.errors import Problem, closest
from mel.errors.checks import DESIGN_VALUE_BLANK, DESIGN_VALUE_NEGATIVE, NO_ROWS_LEFT, CheckStopped
from mel.errors.variables import DESIGN_COLUMN_MISSING
from mel.formats.numbers import is_blank, to_numbers
from mel.model.alliance import Consent
from mel.model.records import Records

OR_NONE = ", or write false there if the sample had none"


def check(
    records: Records,
    *,
    schema: Mapping[str, Any] | Path | str | None = None,
    consent: Consent | None = None,
    required_columns: Iterable[str] = (),
    raise_on_stop: bool = True,
) -> Records:
    """The records without the rows that must not be used, with every problem found.

    Rows without consent leave before anything else reads them; then empty lines and copies of a sheet. `schema` is a Table
    Schema (a register's own is used when left out); `required_columns` are those the design needs in every row.
    Missing: an empty cell is a problem only where the design or the schema needs it, or the form demanded and asked it.
    Raises: InputError with every problem when one of them is `stop`, unless `raise_on_stop` is false.
    Checked: tests/spec/checks.
    """
    needed = tuple(required_columns)
    table = schema_of(records.kind, schema)
    kept, found = _usable(records, consent)
    if len(records.frame) and not len(kept.frame):
        found.append(NO_ROWS_LEFT.at(file=file_of(records.frame), rows=len(records.frame)))
    if len(kept.frame):
        found += [*_design(kept, needed), *against_form(kept, needed), *codes_differ(kept), *dates.metadata(kept.frame)]
        if table is not None:
            found += against_schema(kept.frame, table, records.kind)
    stopped = [problem for problem in found if problem.severity == "stop"]
    if stopped and raise_on_stop:
        raise CheckStopped([*stopped, *(problem for problem in found if problem.severity != "stop")])
    dropped = Counter(records.dropped) + Counter(p.code for p in found if p.severity == "drop_row")
    return replace(kept, problems=(*records.problems, *found), dropped=dict(dropped), checked=True)


def _usable(records: Records, consent: Consent | None) -> tuple[Records, list[Problem]]:
    """The rows that may be read, and why the others left."""
    found: list[Problem] = []
    kept = records
    steps = [lambda frame: rows.without_consent(frame, consent)] if consent is not None else []
    for step in (*steps, rows.empty, rows.repeated):
        leaving, problems = step(kept.frame)
        found += problems
        kept = _without(kept, leaving)
    return kept, found


def _without(records: Records, leaving: pd.Series) -> Records:
    """The records without these rows; the repeats' rows go with their parents, and the others follow them to their new places."""
    if not leaving.any():
        return records
    stays = (~leaving).to_numpy()
    place = pd.Series(stays.cumsum() - 1).where(stays)
    repeats = {}
    for name, table in records.repeats.items():
        parents = place.reindex(table["_parent"]).to_numpy() if "_parent" in table else None
        moved = table if parents is None else table.assign(_parent=parents).dropna(subset=["_parent"])
        repeats[name] = moved if parents is None else moved.astype({"_parent": "int64"}).reset_index(drop=True)
    return replace(records, frame=records.frame.loc[stays].reset_index(drop=True), repeats=repeats)


def _design(records: Records, needed: Collection[str]) -> Iterator[Problem]:
    """Columns the design needs: there, filled, and not below zero. A file whose cells are all empty lacks the column."""
    frame = records.frame
    for name in dict.fromkeys(needed):
        if name not in frame:
            near = closest(name, [str(c) for c in frame.columns if not is_reserved(str(c))])
            for lacking in dict.fromkeys(frame[FILE].astype("str")) if FILE in frame else (None,):
                yield DESIGN_COLUMN_MISSING.at(file=lacking, name=name, near=near, why="", or_none=OR_NONE)
            continue
        blank = is_blank(frame[name])
        files = frame[FILE].astype("str") if FILE in frame else pd.Series("", index=frame.index)
        for file, rows_ in frame.groupby(files, sort=False).groups.items():
            known = any(name in columns for (here, _), columns in records.positions.items() if here == file)
            if blank.loc[rows_].all() and not known:
                near = closest(
                    name, [str(c) for c in frame.columns if c != name and not frame.loc[rows_, c].isna().all() and not is_reserved(str(c))]
                )
                yield DESIGN_COLUMN_MISSING.at(file=str(file) or None, name=name, near=near, why="", or_none=OR_NONE)
                blank.loc[rows_] = False
        yield from at_rows(DESIGN_VALUE_BLANK, frame, blank, column=name)
        numbers, unreadable = to_numbers(frame[name])
        if not unreadable.any():
            yield from at_rows(DESIGN_VALUE_NEGATIVE, frame, numbers < 0, column=name)
