"""Which column of a form could hold which variable of the packs? Proposes, says why, and applies nothing: a person decides.

Columns are compared by their name and their label in every language with what the packs say a variable is called. No answer of a person
is looked at, save codes that are already among the pack's, where there is no form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from mel.collection.mapping_codes import Offered, fit_of, plain, propose_codes
from mel.collection.mapping_columns import FormColumn, columns_of
from mel.collection.mapping_needs import unmapped
from mel.errors import UsageError
from mel.errors import alliance as say
from mel.formats.toml_text import inline, key, quoted
from mel.model.pack import Variable
from mel.model.records import Records

CANDIDATES = 3
"""Columns proposed for one variable, at most."""
LEAST = 55.0
"""The score below which nothing is proposed."""
FAR = 25.0
"""A column this much less likely than the best one is not shown beside it."""
SURE = 75.0
"""The score from which the best column is written out; below it stands as a remark."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One column that may hold one variable. `column` is empty where none was found; `score` goes from 0 to 100."""

    dataset: str
    variable: str
    label: str
    column: str
    score: float
    why: str
    rank: int = 1
    codes: Mapping[str, str] = field(default_factory=dict)
    silences: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    """Codes of the form for which nothing was found."""


def propose_map(records: Records, variables: Iterable[Variable]) -> tuple[Proposal, ...]:
    """For each variable the columns that could hold it, best first; one with an empty column where there is none.

    Raises: UsageError without any variable.
    """
    wanted = tuple(variables)
    if not wanted:
        raise UsageError(say.PROPOSE_NO_VARIABLES.at())
    columns = columns_of(records)
    found: list[Proposal] = []
    for variable in wanted:
        best = sorted((_propose(records.dataset, variable, column) for column in columns), key=lambda p: (-p.score, p.column))
        kept = [p for p in best if p.score >= max(LEAST, best[0].score - FAR)][:CANDIDATES]
        found += [_ranked(p, rank) for rank, p in enumerate(kept, start=1)]
        if not kept:
            found.append(Proposal(records.dataset, variable.id, variable.label, "", 0.0, "no column looks like it"))
    return tuple(found)


def as_toml(proposals: Sequence[Proposal]) -> str:
    """The map as a person can look at it, correct it and paste it under the dataset in alliance.toml. Nothing else applies it."""
    lines: list[str] = []
    for dataset in dict.fromkeys(p.dataset for p in proposals):
        mine = [p for p in proposals if p.dataset == dataset]
        lines += [f"# under the [[datasets]] with name = {quoted(dataset)}; look at every line before you use it", "[datasets.map]"]
        for variable in dict.fromkeys(p.variable for p in mine):
            lines += _lines([p for p in mine if p.variable == variable])
        lines.append("")
    return "\n".join(lines)


def _lines(proposals: Sequence[Proposal]) -> list[str]:
    best, *others = proposals
    name = _comment(best.label)
    if not best.column:
        return [f"# {best.variable} ({name}): {best.why}"]
    lines = [f"# {name}: {_comment(best.why)} ({best.score:.0f} of 100)"]
    lines += [f"#   form codes without a counterpart, kept as they are: {_comment(', '.join(best.left))}"] if best.left else []
    lines += [f"#   or: {_comment(p.column)} ({p.score:.0f} of 100, {_comment(p.why)})" for p in others]
    unsure = "" if best.score >= SURE else "# "
    return [*lines, f"{unsure}{key(best.variable)} = {_entry(best)}"]


def _entry(proposal: Proposal) -> str:
    if not proposal.codes and not proposal.silences:
        return quoted(proposal.column)
    parts = {"column": proposal.column, "codes": dict(proposal.codes), "silences": dict(proposal.silences)}
    return inline({name: part for name, part in parts.items() if part})


def _comment(text: str) -> str:
    """A form's label must not be able to end the remark it stands in."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:160]


def _ranked(proposal: Proposal, rank: int) -> Proposal:
    return replace(proposal, rank=rank)


def _propose(dataset: str, variable: Variable, column: FormColumn) -> Proposal:
    score, why = _name_score(variable, column)
    offered = propose_codes(variable, column.choices)
    if not _type_fits(variable, column):
        score *= 0.6
        why += f"; but it is a question of type {column.type}"
    score, why = _with_codes(variable, column, offered, score, why)
    return Proposal(
        dataset, variable.id, variable.label, column.name, round(score, 1), why, 1, offered.codes, offered.silences, offered.left
    )


def _name_score(variable: Variable, column: FormColumn) -> tuple[float, str]:
    """How near the column's name or a label comes to one of the variable's names, and which one that is."""
    names = [variable.id.replace("_", " "), variable.label, *variable.also_called]
    best, why = 0.0, "nothing in common"
    for kind, text in (("its name", column.name.split("/")[-1].replace("_", " ")), *(("its label", label) for label in column.labels)):
        for name in names:
            score = _alike(text, name)
            if score > best:
                best, why = score, f"{kind} '{text}' " + ("is" if score == 100 else "looks like") + f" '{name}'"
    return best, why


def _alike(text: str, name: str) -> float:
    """100 for the same words; words that all stand in a longer text count, the more the less is left over."""
    a, b = plain(text), plain(name)
    if not a or not b:
        return 0.0
    if a == b:
        return 100.0
    whole = fuzz.ratio(a, b)
    shared = 0.6 * fuzz.token_set_ratio(a, b) + 0.4 * whole if min(len(a), len(b)) > 2 else 0.0
    return float(min(max(whole, shared), 99.0))


def _type_fits(variable: Variable, column: FormColumn) -> bool:
    fits: dict[str, tuple[str, ...]] = {
        "number": ("integer", "decimal", "number", "calculate", "other"),
        "category": ("select_one", "text", "number", "calculate", "other"),
        "multiple": ("select_multiple", "text", "other"),
        "text": ("text", "number", "calculate", "integer", "select_one", "other"),
        "date": ("date", "datetime", "calculate", "text", "other"),
    }
    return column.type in fits[variable.type]


def _with_codes(variable: Variable, column: FormColumn, offered: Offered, score: float, why: str) -> tuple[float, str]:
    """Answers that fit make a column likelier; a column whose answers fit none of the codes is hardly the one."""
    if not variable.codes or not column.choices or score <= 0:
        return score, why
    fit = fit_of(offered, column.choices)
    n = offered.known
    return 0.75 * score + 25 * fit, f"{why}; {n} of its {len(column.choices)} answers are known"


__all__ = ["Proposal", "as_toml", "propose_map", "unmapped"]
