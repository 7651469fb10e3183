"""Which groups are asked for: `each`, `cross`, `crossings`. A bare list is refused, because it could mean either."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from mel.errors import Template, UsageError

BARE_LIST = Template(
    "DOMAINS_BARE_LIST",
    "stop",
    "by = {given} could mean two things.",
    "One table per dimension and one table of their crossing answer different questions.",
    "Write by = mel.each({names}) for one table each, or by = mel.cross({names}) for the crossing.",
)


@dataclass(frozen=True, slots=True)
class Domains:
    """The margins asked for, each a tuple of dimensions. The whole (no dimension) is always among the results."""

    margins: tuple[tuple[str, ...], ...]

    def __add__(self, other: Domains) -> Domains:
        return Domains(tuple(dict.fromkeys((*self.margins, *other.margins))))

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for margin in self.margins for name in margin))


def each(*dimensions: str) -> Domains:
    """One table per dimension: `each("gender", "age")` gives gender, and age."""
    return Domains(tuple((name,) for name in dict.fromkeys(dimensions)))


def cross(*dimensions: str) -> Domains:
    """One table of every combination: `cross("gender", "age")` gives gender by age, and nothing else."""
    return Domains((tuple(dict.fromkeys(dimensions)),))


def crossings(dimensions: tuple[str, ...] | list[str], up_to: int = 3) -> Domains:
    """Every table of one, two … `up_to` of these dimensions."""
    sizes = range(1, min(up_to, len(dimensions)) + 1)
    return Domains(tuple(margin for size in sizes for margin in combinations(dimensions, size)))


def as_domains(by: object) -> Domains:
    """What a caller passed as `by=`: None is the whole only; a bare list or name is refused, showing both readings."""
    if by is None:
        return Domains(())
    if isinstance(by, Domains):
        return by
    names = [by] if isinstance(by, str) else [str(name) for name in by] if isinstance(by, list | tuple | set) else [str(by)]
    raise UsageError(BARE_LIST.at(given=repr(by), names=", ".join(f'"{name}"' for name in names)))
