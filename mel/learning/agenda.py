"""Which questions does this release leave for the next round?

Each starts from one figure of the release, or from a gap in it, and waits for people: mel proposes, nobody's decision is made here.
Few questions, always in the same order. Not here: whether an assumption holds, or what was decided (both are people's).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mel.codes import ALL, NOT_ASKED, NOT_KNOWN, SILENCES
from mel.errors import UsageError
from mel.errors.learning import LEARN_NOT_A_RELEASE
from mel.model.estimates import KEYS_BEFORE, figure_of
from mel.model.figure import FigureId
from mel.model.release import Release
from mel.model.report import Decisions

COLUMNS = ("question", "why", "figure", "asked_of", "decision", "decided_by", "date", "reason")
UNKNOWN_SHARE = 0.1
"""From this share on, people we know nothing of are worth a question."""
THE_PEOPLE = "the people it is about"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, why it is asked, the figure it starts from and who is asked."""

    question: str
    why: str
    asked_of: str
    figure: FigureId | None = None


def learn(release: Release) -> Decisions:
    """The questions that a release leaves, for people to decide on.

    Shape: one row a question; `decision`, `decided_by`, `date`, `reason` are empty.
    Missing: a hidden figure is never quoted; that a group is not shown is itself a question.
    Raises: UsageError for anything but a Release.
    """
    if not isinstance(release, Release):
        raise UsageError(LEARN_NOT_A_RELEASE.at(given=type(release).__name__))
    asked = [question for rule in RULES for question in rule(release)]
    rows = [(q.question, q.why, _json(q.figure), q.asked_of, None, None, None, None) for q in asked]
    return Decisions(pd.DataFrame(rows, columns=list(COLUMNS)).astype("str"))


def _json(figure: FigureId | None) -> str | None:
    return json.dumps(figure.as_json(), ensure_ascii=False) if figure else None


def _milestones(release: Release) -> Iterator[Question]:
    """Milestones missed, and those nobody can judge."""
    rows = release.comparisons
    for row in _records(rows[(rows["measure"] == "against_milestone") & (rows["disclosure"] == "open")] if len(rows) else rows):
        group, what = _group(release, row), _label(release, row)
        figure = figure_of(row, _dimensions(release), "against_milestone")
        if row["status"] == "not_reached":
            why = f"The milestone for {group} in {_round(release, row)} was not reached."
            yield Question(f"What stood in the way of “{what}” for {group}, and was the milestone theirs?", why, THE_PEOPLE, figure)
        elif row["status"] == "cannot_say":
            why = f"The data cannot say whether the milestone for {group} in {_round(release, row)} was reached."
            yield Question(f"What would let us say whether “{what}” reached its milestone for {group}?", why, _owner(release, row), figure)


def _not_shown(release: Release) -> Iterator[Question]:
    """Groups that were heard and of which nothing is shown: each single one by name, crossings together."""
    rows, names = release.estimates, list(_dimensions(release))
    if not len(rows) or not names:
        return
    depth = (rows[names] != ALL).sum(axis=1)
    hidden = ~rows.groupby(["dataset", *names])["disclosure"].transform(lambda states: (states == "open").any()).astype(bool)
    for row in _records(rows[hidden & (depth == 1)].drop_duplicates(["dataset", *names])):
        if any(row[n] in SILENCES for n in names):
            continue  # who did not say is no group to go back to
        why = "They were heard, and too few answered to show their figures without someone being recognised."
        ask = f"How can {_group(release, row)} be heard and stay safe: more answers, a wider group they accept, or a story with consent?"
        yield Question(ask, why, THE_PEOPLE, figure_of(row, _dimensions(release)))
    crossed = len(rows[hidden & (depth > 1)].drop_duplicates(["dataset", *names]))
    if crossed:
        why = f"{crossed} groups where two or more dimensions meet were heard, and no figure of theirs is shown."
        yield Question("Who stands where dimensions meet, and how do they want to be heard?", why, THE_PEOPLE)


def _who_we_do_not_know(release: Release) -> Iterator[Question]:
    """Dimensions in which a tenth or more of the people are not known or were not asked."""
    rows, names = release.estimates, list(_dimensions(release))
    if not len(rows):
        return
    latest = _latest(release, rows[rows["disclosure"] == "open"])
    wholes = {_key(row): row for row in _records(latest) if all(row[n] == ALL for n in names)}
    seen = set()
    for row in _records(latest):
        broken = [n for n in names if row[n] != ALL]
        whole = wholes.get(_key(row))
        place = (row["dataset"], *broken)
        if len(broken) != 1 or row[broken[0]] not in (NOT_KNOWN, NOT_ASKED) or whole is None or place in seen:
            continue
        share = (row["n"] + row["n_missing"]) / max(whole["n"] + whole["n_missing"], 1)
        if share >= UNKNOWN_SHARE:
            seen.add(place)
            why = f"For {share:.0%} of the people, {_dimension(release, broken[0])} is {row[broken[0]].replace('_', ' ')}."
            ask = f"Should {_dimension(release, broken[0])} be asked, and in which words would people want to be asked?"
            yield Question(ask, why, _owner(release, row), figure_of(row, _dimensions(release)))


def _unanswered(release: Release) -> Iterator[Question]:
    """Indicators that a tenth or more of the people did not answer, by the silence most met."""
    rows, names = release.estimates, list(_dimensions(release))
    whole = rows[(rows["disclosure"] == "open") & (rows[names] == ALL).all(axis=1)] if len(rows) else rows
    for row in _records(_latest(release, whole).drop_duplicates(["dataset", "indicator"])):
        silent = {s: row[f"n_{s}"] for s in (NOT_KNOWN, NOT_ASKED) if row[f"n_{s}"] > 0}
        reached = row["n"] + row["n_missing"]
        most = max(silent, key=lambda s: silent[s], default="")
        if most and reached > 0 and silent[most] / reached >= UNKNOWN_SHARE:
            why = f"{int(silent[most])} of {int(reached)} people are {most.replace('_', ' ')} here."
            ask = f"Why is “{_label(release, row)}” so often {most.replace('_', ' ')}: the question, the moment, or who asked?"
            yield Question(ask, why, _owner(release, row), figure_of(row, _dimensions(release)))


def _unread(release: Release) -> Iterator[Question]:
    """The newest figure of each indicator that nobody has yet read with the people it is about."""
    rows, names = release.estimates, list(_dimensions(release))
    if not len(rows):
        return
    read = set(release.narratives.readings["indicator"]) if len(release.narratives.readings) else set()
    whole = _latest(release, rows[(rows["disclosure"] == "open") & (rows[names] == ALL).all(axis=1)])
    for row in _records(whole.drop_duplicates(["dataset", "indicator"])):
        if row["indicator"] not in read:
            why = "No one has yet read this figure with the people it is about."
            yield Question(f"What does “{_label(release, row)}” mean to those who answered?", why, THE_PEOPLE, figure_of(row, tuple(names)))


def _unmapped(release: Release) -> Iterator[Question]:
    """Indicators that were promised and that no column answers."""
    for indicator, variables in release.about.get("unmapped", {}).items():
        why = f"No column of the data is mapped to {', '.join(variables)}."
        yield Question(f"Do we still want to ask “{indicator}”, and in which question?", why, "those who design the questions")


def _outcomes(release: Release) -> Iterator[Question]:
    """What the register of outcomes leaves open: who else saw it, and what got worse."""
    rows = release.narratives.outcomes
    if not len(rows):
        return
    if "substantiation" in rows:
        bare = int((rows["substantiation"].isna() | (rows["substantiation"] == "none")).sum())
        if bare:
            why = f"{bare} of {len(rows)} outcomes shown were not yet confirmed by anyone with knowledge of their own."
            yield Question("Who saw these changes from elsewhere, and what do they say?", why, "partners who wrote them down")
    against = pd.Series(False, index=rows.index)
    for column, value in (("direction", "negative"), ("backlash", "yes")):
        against |= (rows[column] == value) if column in rows else False
    if not against.any():
        why = f"None of the {len(rows)} outcomes shown is a setback or backlash."
        yield Question("What got worse, for whom, and who was not safe to say so?", why, "partners and the people they work with")


RULES: tuple[Callable[[Release], Iterator[Question]], ...] = (
    _milestones, _not_shown, _who_we_do_not_know, _unanswered, _unread, _unmapped, _outcomes,
)  # fmt: skip
"""In the order the questions are listed."""

Row = Mapping[str, Any]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _dimensions(release: Release) -> tuple[str, ...]:
    columns = list(release.estimates.columns)
    return tuple(columns[len(KEYS_BEFORE) : columns.index("category")]) if "category" in columns else ()


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[c]) for c in (*KEYS_BEFORE, "category"))


def _latest(release: Release, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of each dataset's newest round, by the date the alliance wrote."""
    dates = {d: {r: facts.get("date", "") for r, facts in rounds.items()} for d, rounds in release.labels.get("rounds", {}).items()}
    when = pd.Series(
        [dates.get(d, {}).get(r, "") for d, r in zip(rows["dataset"], rows["round"], strict=True)], index=rows.index, dtype="str"
    )
    newest = when.groupby(rows["dataset"].to_numpy()).transform("max") if len(rows) else when
    return rows[when == newest]


def _label(release: Release, row: Row) -> str:
    return str(release.labels.get("indicators", {}).get(row["indicator"], {}).get("label", row["indicator"]))


def _dimension(release: Release, name: str) -> str:
    return str(release.labels.get("dimensions", {}).get(name, {}).get("label", "") or name)


def _group(release: Release, row: Row) -> str:
    """The domain in words: `Women, 18-24`; everyone for the whole."""
    shown = release.labels.get("dimensions", {})
    parts = [str(shown.get(n, {}).get("categories", {}).get(row[n], row[n])) for n in _dimensions(release) if row[n] != ALL]
    return ", ".join(parts) if parts else "everyone"


def _round(release: Release, row: Row) -> str:
    facts = release.labels.get("rounds", {}).get(row["dataset"], {}).get(row["round"], {})
    return str(facts.get("label") or row["round"])


def _owner(release: Release, row: Row) -> str:
    owners = {facts["name"]: facts["owner"] for facts in release.about.get("datasets", [])}
    return str(owners.get(row["dataset"]) or "those who collect the data")
