"""What does a Kobo export look like, and how are real ones dirty? Shapes rows as exports have them; draws no answer itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from generation.forms import Form

Rows = list[dict[str, Any]]
BEFORE = ("start", "end", "today")
AFTER = ("_id", "_uuid", "_submission_time", "_validation_status", "_status", "_submitted_by", "__version__", "_index")


def uuid(rng: np.random.Generator) -> str:
    """A random identifier in the usual shape."""
    h = rng.bytes(16).hex()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:32]}"


def with_metadata(rows: Rows, rng: np.random.Generator, *, first: date, days: int, version: str) -> Rows:
    """The columns a server adds to each submission. A row's own `__version__` or `today` stays."""
    out = []
    for at, row in enumerate(rows, start=1):
        begun = datetime(first.year, first.month, first.day, 8, tzinfo=UTC)
        begun += timedelta(days=int(rng.integers(0, days)), minutes=int(rng.integers(0, 540)))
        done = begun + timedelta(minutes=int(rng.integers(14, 45)))
        out.append(
            {
                "start": f"{begun:%Y-%m-%dT%H:%M:%S}.000+02:00", "end": f"{done:%Y-%m-%dT%H:%M:%S}.000+02:00", "today": f"{begun:%Y-%m-%d}",
                "_id": 400000 + at, "_uuid": uuid(rng), "_submission_time": f"{done + timedelta(hours=6):%Y-%m-%dT%H:%M:%S}",
                "_status": "submitted_via_web", "__version__": version, "_index": at, **row,
            }
        )  # fmt: skip
    return out


def spread(rows: Rows, form: Form, question: str, *, keep_list: bool = True) -> Rows:
    """A select_multiple as `q/option` columns of 1 and 0, empty where it was not asked."""
    codes = list(form.list_of(question))
    out = []
    for row in rows:
        ticked = row.get(question)
        chosen = set(str(ticked).split()) if ticked is not None else set()
        wide = {f"{question}/{code}": (None if ticked is None else int(code in chosen)) for code in codes}
        out.append({**row, **wide} if keep_list else {**{k: v for k, v in row.items() if k != question}, **wide})
    return out


def columns_of(form: Form, *, wide: Iterable[str] = (), leave_out: Iterable[str] = ()) -> list[str]:
    """The questions' columns in the form's order, select_multiple ones followed by a column an option where `wide` names them."""
    named: list[str] = []
    repeat = 0
    for ask in form.asks:
        repeat += (ask.type == "begin_repeat") - (ask.type == "end_repeat")
        if repeat or ask.type.split("_")[0] in ("begin", "end") or ask.type in BEFORE or ask.name in leave_out:
            continue
        named.append(ask.name)
        if ask.name in wide:
            named += [f"{ask.name}/{code}" for code in form.list_of(ask.name)]
    return named


def prefixed(rows: Rows, columns: Sequence[str], form: Form) -> tuple[list[str], Rows]:
    """Columns under their groups, `group/question`, as an export with group names has them."""
    new = {c: "/".join((*form.group_of(c.split("/")[0]), c)) for c in columns}
    return list(new.values()), [{new.get(k, k): v for k, v in row.items()} for row in rows]


def labelled(rows: Rows, form: Form, questions: Iterable[str], language: int) -> Rows:
    """Labels instead of codes, as somebody types them from paper."""
    lists = {q: form.list_of(q) for q in questions}
    return [{k: (lists[k][v][language] if k in lists and v in lists[k] else v) for k, v in row.items()} for row in rows]


def duplicated(rows: Rows, picks: Iterable[int]) -> Rows:
    """The same submission twice, as when a phone sends again: same `_uuid`, another `_id` and `_index`."""
    again = [{**rows[at], "_id": rows[at]["_id"] + 500000, "_index": len(rows) + n} for n, at in enumerate(picks, start=1)]
    return [*rows, *again]


def spoiled(rows: Rows, changes: Iterable[tuple[int, str, Any]]) -> Rows:
    """Single cells as people really leave them: (row, column, what stands there)."""
    out = [dict(row) for row in rows]
    for at, column, value in changes:
        out[at][column] = value
    return out


def trailing_spaces(rows: Rows, column: str, picks: Iterable[int]) -> Rows:
    """A space after the answer, which no eye sees."""
    return spoiled(rows, ((at, column, f"{rows[at][column]} ") for at in picks if rows[at].get(column) is not None))
