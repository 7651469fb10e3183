"""The shape of a problem, and the exceptions that carry problems. The texts are in the stages' catalogues beside this."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

Severity = Literal["stop", "drop_row", "warn"]
"""`stop`: nothing may be computed. `drop_row`: the run goes on without the row and says so. `warn`: a person should look."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with its place in what a person wrote or sent."""

    code: str
    severity: Severity
    what: str
    why: str
    do: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None  # as a person counts in the file: the first data row of a table with one header line is 2
    column: str | None = None
    key: str | None = None  # the key in alliance.toml or a pack, e.g. datasets[0].design.stratum

    @property
    def where(self) -> str:
        """The place in words, empty if the problem belongs to no file."""
        named = [
            self.file,
            f"sheet '{self.sheet}'" if self.sheet else None,
            f"row {self.row}" if self.row is not None else None,
            f"column '{self.column}'" if self.column else None,
            f"key {self.key}" if self.key else None,
        ]
        return ", ".join(part for part in named if part)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n{self.why} {self.do} [{self.code}]".replace("\n ", "\n")


@dataclass(frozen=True, slots=True)
class Template:
    """The text of one kind of problem; `at` fills the braces. Every brace must be filled: a forgotten one raises here."""

    code: str
    severity: Severity
    what: str
    why: str
    do: str

    def at(
        self,
        *,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        key: str | None = None,
        **values: Any,
    ) -> Problem:
        place = {"file": file, "sheet": sheet, "row": row, "column": column, "key": key}
        named = {k: v for k, v in place.items() if v is not None} | values
        what, why, do = (_fill(text, named) for text in (self.what, self.why, self.do))
        return Problem(self.code, self.severity, what, why, do, **place)  # type: ignore[arg-type]

    @property
    def braces(self) -> frozenset[str]:
        """The names this text needs."""
        found = (name for text in (self.what, self.why, self.do) for _, name, _, _ in string.Formatter().parse(text))
        return frozenset(name for name in found if name)


def _fill(text: str, named: dict[str, Any]) -> str:
    said = text.format(**{k: in_words(v) for k, v in named.items()})
    return said.replace("Closest: none. ", "").replace(" Closest: none.", "")


def in_words(value: Any) -> str:
    """A list as `'a', 'b' and 3 more`, anything else as it is."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value)
    items = [f"'{item}'" for item in value]
    shown, rest = items[:8], len(items) - 8
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "") if items else "none"


def closest(name: str, available: Sequence[str], most: int = 3) -> list[str]:
    """The available names that look most like `name`, best first; empty when none is near."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(name, available, scorer=fuzz.WRatio, processor=utils.default_process, limit=most, score_cutoff=60)
    return [match for match, _, _ in found]


class MelError(Exception):
    """Something stopped the work. `problems` has all that was found, never only the first.

    Survives pickling, because workers raise it.
    """

    exit_code = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(problem.code for problem in self.problems)


class InputError(MelError):
    """What was sent or written cannot be used as it is."""


class UsageError(MelError):
    """The call itself is wrong: an unknown option, a bare list, a stage skipped."""

    exit_code = 2


class ProtectionRefused(MelError):
    """Someone could be harmed, or protection could not be shown: nothing is released."""

    exit_code = 3


class CannotSay(MelError):
    """The data do not carry the answer that was asked for, or no tested way to it exists yet."""


def as_rows(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as plain records, one column a field, for tables and JSON."""
    names = [field.name for field in fields(Problem)]
    return [{name: getattr(problem, name) for name in names} for problem in problems]
