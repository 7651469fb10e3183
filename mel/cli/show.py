"""How results and problems look in a terminal, and as JSON. Knows no alliance; draws what it is given."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mel.errors import MelError, Problem
from mel.errors.base import as_rows

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)
MOST = 12
"""Problems of one code that are printed whole; the rest are counted (the workbook has them all)."""


def seen(text: str) -> Text:
    """Text for a terminal: never markup, and signs that would steer the terminal or turn the reading order are spelt out."""
    return Text("".join(c if c in "\n\t\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf") else f"\\u{ord(c):04x}" for c in text))


def show_error(error: MelError) -> None:
    """All problems of an error on standard error."""
    show_problems(error.problems, err)


def show_problems(problems: Iterable[Problem], console: Console = out) -> None:
    """Problems in words, the worst first; thousands of a kind are counted after the first few."""
    order = {"stop": 0, "drop_row": 1, "warn": 2}
    shown: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for problem in sorted(problems, key=lambda each: order[each.severity]):
        if shown[problem.code] >= (MOST if problem.severity == "stop" else 3):
            left[problem.code] += 1
            continue
        shown[problem.code] += 1
        console.print(seen(str(problem)), style={"stop": "bold", "drop_row": "", "warn": "dim"}[problem.severity])
        console.print()
    for code, n in left.items():
        console.print(Text(f"… and {n} more like this [{code}]"))


def echo_json(record: Mapping[str, Any]) -> None:
    """One JSON object on standard output, and nothing else there."""
    typer.echo(json.dumps(record, ensure_ascii=False, indent=2, default=_plain))


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return as_rows(problems)


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    """A plain table whose cells are text, never markup."""
    made = Table(title=seen(title), title_justify="left", show_edge=False, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(seen(str(cell)) for cell in row))
    return made


def short(path: Path) -> str:
    """A path as seen from here, where that is shorter."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return short(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")
