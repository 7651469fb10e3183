"""The report in five to eight sentences for a busy director and a partner alike: what we know, and as plainly what we do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mel.codes import ALL
from mel.model.figure import FigureId
from mel.reporting.blocks import Block, Finding
from mel.reporting.edition import Edition
from mel.reporting.rows import text_rows
from mel.reporting.sections.gaps import clear_pairs
from mel.reporting.sections.section import finding, prose, section
from mel.reporting.sections.what_changed import HARD
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import capital
from mel.reporting.words.figures import level_sentence
from mel.reporting.words.pairs import Pair, pair_sentence
from mel.reporting.words.rounds import change_sentence, direction, hoped_for, target_status

MOST = 8
"""Sentences in all; the last ones say what is not known, and there are never fewer than two of those."""


@section("summary")
def summary(edition: Edition) -> Iterable[Block | None]:
    """Who speaks, what stands out, what changed, and what this report does not know."""
    who = [part for part in (_who(edition), _voices(edition)) if part]
    findings = [f for f in (_level(edition), _gap(edition)) if f is not None]
    known = [part for part in (_moved(edition), _changes(edition)) if part]
    left = max(2, MOST - len(who) - len(findings) - len(known))
    yield prose("summary-who", " ".join(who))
    yield from findings
    yield prose("summary-known", " ".join(known))
    yield prose("summary-unknown", " ".join(_unknown(edition)[:left]))


def _moved(edition: Edition) -> str:
    """Changes and targets in one sentence."""
    said = "; ".join(part for part in (_moves(edition), _targets(edition)) if part)
    return f"{capital(said)}." if said else ""


def _who(edition: Edition) -> str:
    words, about = edition.words, edition.about
    members, partners = len(about.get("members", ())), dict(about.get("partners") or {})
    total, countries = int(partners.get("total") or 0), len(partners.get("by_country") or {})
    name = str(edition.alliance.get("name", ""))
    if total:
        return words.say(
            "summary.who", name=name, members=words.counted(members, "member"), partners=words.counted(total, "partner"),
            countries=words.counted(countries, "country"),
        )  # fmt: skip
    return words.say("summary.who_members", name=name, members=words.counted(members, "member"))


def _voices(edition: Edition) -> str:
    """Whose words the report rests on, set of data by set of data."""
    words, told = edition.words, []
    for facts in edition.datasets:
        rows = dict(facts.get("rows") or {})
        n = sum(int(v) for v in rows.values())
        if facts.get("kind") in ("answers", "ratings") and not n and facts.get("rounds"):
            told.append(words.say("summary.heard_few"))
        elif facts.get("kind") in ("answers", "ratings") and n:
            basis = str(facts.get("basis") or "unknown")
            told.append(words.say(f"summary.heard_{basis}", people=_people(edition, facts, n), rounds=_rounds(edition, rows)))
    outcomes, stories = len(edition.told.narratives.outcomes), len(edition.told.narratives.stories)
    told += [words.say("summary.heard_outcomes", changes=words.counted(outcomes, "change"))] if outcomes else []
    told += [words.say("summary.heard_stories", stories=words.counted(stories, "story"))] if stories else []
    return words.say("summary.rests", told=words.listed(told)) if told else words.say("summary.rests_on_nothing")


def _people(edition: Edition, facts: Mapping[str, Any], n: int) -> str:
    return edition.words.counted(n, {"people": "person", "organisations": "organisation"}.get(str(facts.get("counts")), "answer_sheet"))


def _rounds(edition: Edition, rows: Mapping[str, Any]) -> str:
    return edition.words.say("summary.in_rounds", rounds=edition.words.counted(len(rows), "round")) if len(rows) > 1 else ""


def _level(edition: Edition) -> Finding | None:
    """The alliance's first indicator: its change where one can be said, else its figure."""
    for name, asked in edition.indicators.items():
        if asked.kind in ("composition", "distribution"):
            continue
        whole = edition.whole(name, edition.last_round(name) or ALL)
        if whole is None or not whole.shown or whole.too_few:
            continue
        changes = [c for c in edition.compared("change", name) if not c.domain and c.id.round == whole.id.round and c.id.category == ALL]
        clear = next((c for c in changes if c.shown and c.basis == "probability" and direction(c) in ("up", "down")), None)
        if clear:
            ids = [clear.id, *clear.inputs]
            return finding(edition, "summary-figure", change_sentence(edition, clear, direction_told=False), ids, [clear.id, whole.id])
        return finding(edition, "summary-figure", level_sentence(edition, whole), [whole.id])
    return None


def _gap(edition: Edition) -> Finding | None:
    """The largest clear gap in a share, among what is shown and people who said who they are."""
    best: Pair | None = None
    for name, asked in edition.indicators.items():
        round_ = edition.last_round(name)
        for pair in clear_pairs(edition, name, round_) if asked.kind == "proportion" and round_ else []:
            if best is None or pair.rank < best.rank:
                best = pair
    if best is None:
        return None
    ids: list[FigureId] = [best.difference.id, *([best.ratio.id] if best.ratio else []), *best.difference.inputs]
    return finding(edition, "summary-gap", pair_sentence(edition, best), ids, ids[:2] if best.ratio else ids[:1])


def _moves(edition: Edition) -> str:
    """How many indicators moved, and how many we cannot say of: only what is said of a population counts."""
    words = edition.words
    hoped = not_hoped = unsure = moved = 0
    for change in edition.compared("change"):
        asked = edition.indicators[change.id.indicator]
        if (
            change.domain
            or change.hidden
            or change.basis != "probability"
            or change.id.category != ALL
            or change.id.round != edition.last_round(asked.id)
        ):
            continue
        verdict = hoped_for(asked, change)
        clear = direction(change) in ("up", "down")
        hoped, not_hoped = hoped + (verdict is True), not_hoped + (verdict is False)
        moved, unsure = moved + (clear and verdict is None), unsure + (not clear)
    total = hoped + not_hoped + moved + unsure
    if total < 2:
        return ""
    parts = [("hoped", hoped), ("not_hoped", not_hoped), ("moved", moved), ("unsure", unsure)]
    told = words.listed([words.say(f"summary.moves_{key}", n=write.count(words, n)) for key, n in parts if n])
    return words.say("summary.moves", indicators=words.counted(total, "indicator"), told=told)


def _targets(edition: Edition) -> str:
    words = edition.words
    found = [t for t in edition.compared("against_milestone") if t.shown and t.value_a is not None]
    states = [target_status(t) or "not_said" for t in found]
    if not set(states) - {"not_said"}:
        return ""
    if len(found) == 1:
        return words.say(f"summary.target_one_{states[0]}")
    told = [_state(edition, s, states.count(s)) for s in ("reached", "not_yet", "cannot_say", "not_said") if s in states]
    return words.say("summary.targets", targets=words.counted(len(found), "target"), told=words.listed(told))


def _state(edition: Edition, state: str, n: int) -> str:
    return edition.words.say(f"summary.target_{state}{'' if n == 1 else '_many'}", n=write.count(edition.words, n))


def _changes(edition: Edition) -> str:
    words, outcomes = edition.words, text_rows(edition.told.narratives.outcomes)
    if not outcomes:
        return ""
    hard = sum(row.get("direction") in HARD or row.get("backlash") == "yes" for row in outcomes)
    held = sum(row.get("direction") == "held_the_line" for row in outcomes)
    return words.say(
        "summary.changes", changes=words.counted(len(outcomes), "change"), hard=_of_them(edition, hard), held=_of_them(edition, held)
    )


def _of_them(edition: Edition, n: int) -> str:
    return edition.words.say("level.none") if n == 0 else write.count(edition.words, n)


def _unknown(edition: Edition) -> list[str]:
    """What this report does not know, hides, or may not be used for, the most telling first."""
    return [part for part in (_absent(edition), *_speaks_for(edition), *_read(edition)) if part]


def _absent(edition: Edition) -> str:
    """Who is not in it, and who is in it and not shown, in one sentence."""
    words, n = edition.words, edition.told.protection.groups_not_shown
    missed = [str(f["who_was_missed"]).strip().rstrip(".") for f in edition.datasets if f.get("who_was_missed")]
    asked = any(f.get("kind") == "answers" for f in edition.datasets)
    first = words.say("summary.missed", missed=missed[0]) if missed else words.say("summary.missed_unknown") if asked else ""
    hidden = words.say("summary.hidden_one" if n == 1 else "summary.hidden", groups=words.counted(n, "group")) if n else ""
    said = "; ".join(part for part in (first, hidden) if part)
    return f"{said}." if said else ""


def _speaks_for(edition: Edition) -> Iterable[str]:
    words = edition.words
    bases = [str(f.get("basis")) for f in edition.datasets if f.get("kind") in ("answers", "ratings")]
    yield words.say(f"summary.speaks_{bases[0]}" if bases else "summary.speaks_no_survey")


def _read(edition: Edition) -> Iterable[str]:
    words, readings = edition.words, len(edition.told.narratives.readings)
    yield words.say("summary.readings", readings=words.counted(readings, "reading")) if readings else words.say("summary.not_read")
