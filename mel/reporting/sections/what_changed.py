"""What changed in the world, as those who saw it wrote it down: counts, who confirmed it, setbacks beside gains, stories in their own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from mel.reporting.blocks import Block, Callout, Figure, Heading, Quote, Table
from mel.reporting.charts import count_bars
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import text_rows
from mel.reporting.sections.section import count_cell, prose, section, table, text_cell
from mel.reporting.sections.who_we_are import country_name
from mel.reporting.words import numbers as write

Row = dict[str, str]
MOST_OUTCOMES, MOST_STORIES = 8, 6
HARD = ("negative", "mixed")


@section("what_changed")
def what_changed(edition: Edition) -> Iterable[Block | None]:
    """The outcomes' register and the stories."""
    outcomes, stories = text_rows(edition.told.narratives.outcomes), text_rows(edition.told.narratives.stories)
    if outcomes:
        yield prose("changed-told", *outcome_sentences(edition, outcomes))
        yield _one_sided(edition, outcomes)
        yield from _counts(edition, outcomes)
        yield Heading("changed-selected", edition.words.say("changed.selected"), 3)
        yield prose("changed-selected-how", edition.words.say("changed.selected_how"))
        yield from (_quoted(edition, row) for row in selected(outcomes))
    if stories:
        yield Heading("changed-stories", edition.words.say("changed.stories"), 3)
        yield from (_story(edition, row) for row in stories[:MOST_STORIES])
        left = len(stories) - MOST_STORIES
        yield prose(
            "changed-stories-more",
            edition.words.say("changed.more_stories", stories=edition.words.counted(left, "story")) if left > 0 else "",
        )


def outcome_sentences(edition: Edition, outcomes: Sequence[Row]) -> list[str]:
    """What the register holds, gains and setbacks in the same breath."""
    words, total = edition.words, len(outcomes)
    hard = {
        "negative": _is(outcomes, "direction", "negative"),
        "held_the_line": _is(outcomes, "direction", "held_the_line"),
        "backlash": _is(outcomes, "backlash", "yes"),
        "unintended": _is(outcomes, "intended", "unintended"),
    }
    told = [
        words.say(
            "changed.total_kept" if kept_back(edition) else "changed.total",
            changes=words.counted(total, "change"),
            countries=words.counted(len({r.get("country") for r in outcomes}), "country"),
        )
    ]
    said = [words.say(f"changed.{key}{'_one' if n == 1 else ''}", n=write.count(words, n)) for key, n in hard.items() if n]
    if said:
        told.append(words.say("changed.hard", told=words.listed(said)))
    agreed = _is(outcomes, "substantiation", "agreed")
    partly, disagreed = _is(outcomes, "substantiation", "partly"), _is(outcomes, "substantiation", "disagreed")
    independent = sum(
        r.get("verifier_independent") == "yes" and r.get("substantiation") in ("agreed", "partly", "disagreed") for r in outcomes
    )
    asked = agreed + partly + disagreed
    told.append(
        words.say(
            "changed.substantiated", asked=write.count(words, asked), total=write.count(words, total), agreed=write.count(words, agreed),
            partly=write.count(words, partly), disagreed=write.count(words, disagreed), independent=write.count(words, independent),
        )
        if asked
        else words.say("changed.not_substantiated")
    )  # fmt: skip
    return told


def selected(outcomes: Sequence[Row]) -> list[Row]:
    """A few changes to read: the gains that were confirmed, and at least as readily what went wrong, held or was not meant."""
    hard = [row for row in outcomes if _hard(row)]
    gains = [row for row in outcomes if not _hard(row)]
    half = MOST_OUTCOMES // 2
    picked = _spread(hard, max(half, MOST_OUTCOMES - len(gains))) + _spread(gains, max(half, MOST_OUTCOMES - len(hard)))
    return [row for row in outcomes if row in picked]


def _spread(rows: Sequence[Row], most: int) -> list[Row]:
    """Confirmed ones first, and one of each country before a second of any."""
    order = {"agreed": 0, "partly": 1, "disagreed": 2}
    seen: Counter[str] = Counter()
    ranked = []
    for row in sorted(rows, key=lambda r: order.get(r.get("substantiation", ""), 3)):
        ranked.append((seen[row.get("country", "")], row))
        seen[row.get("country", "")] += 1
    return [row for _, row in sorted(ranked, key=lambda pair: pair[0])][:most]


def _hard(row: Row) -> bool:
    return row.get("direction") in (*HARD, "held_the_line") or row.get("backlash") == "yes" or row.get("intended") == "unintended"


def _one_sided(edition: Edition, outcomes: Sequence[Row]) -> Callout | None:
    """A register without a setback is a register that someone did not dare, or was not asked, to write in."""
    missing = [
        edition.words.say(f"changed.none_{key}")
        for key, found in (
            ("negative", any(r.get("direction") in HARD for r in outcomes)),
            ("backlash", any(r.get("backlash") == "yes" for r in outcomes)),
            ("held", any(r.get("direction") == "held_the_line" for r in outcomes)),
        )
        if not found
    ]
    key = "changed.one_sided_kept" if kept_back(edition) else "changed.one_sided"
    return Callout("changed-one-sided", edition.words.say(key, missing=edition.words.listed(missing)), "limit") if missing else None


def kept_back(edition: Edition) -> bool:
    """Does the register hold more changes than may be told here? Then what is not told is not missing from it."""
    held = sum(int(n) for facts in edition.datasets if facts.get("kind") == "outcomes" for n in dict(facts.get("rows") or {}).values())
    return held > len(edition.told.narratives.outcomes)


def _counts(edition: Edition, outcomes: Sequence[Row]) -> Iterable[Figure | Table | None]:
    words = edition.words
    countries = Counter(country_name(edition, r.get("country", "")) or words.say("who.not_stated") for r in outcomes)
    yield count_bars(
        edition, "changed-by-country", words.say("changed.by_country", n=write.count(words, len(outcomes))), dict(countries.most_common())
    )
    for field in ("level", "direction"):
        counts = Counter(r.get(field, "") for r in outcomes)
        codes = [code for code in words.entry(f"changed.{field}s") if counts[code]] + [
            c for c in counts if not words.has(f"changed.{field}s.{c}")
        ]
        rows = [(text_cell(_named(edition, field, code)), count_cell(edition, counts[code])) for code in codes]
        yield table(f"changed-by-{field}", words.say(f"changed.by_{field}"), words.entry(f"changed.{field}_columns"), rows)


def _named(edition: Edition, field: str, code: str) -> str:
    key = f"changed.{field}s.{code}"
    return edition.words.say(key) if code and edition.words.has(key) else code.replace("_", " ") or edition.words.say("who.not_stated")


def _quoted(edition: Edition, row: Row) -> Quote:
    words = edition.words
    told = [row.get("title", "").rstrip("."), row.get("description", "")]
    text = ". ".join(part for part in told if part)
    if row.get("significance"):
        text += f"\n\n{row['significance']}"
    marks = [_named(edition, "direction", row["direction"])] if row.get("direction") else []
    marks += [words.say("changed.mark_backlash")] if row.get("backlash") == "yes" else []
    marks += [words.say("changed.mark_unintended")] if row.get("intended") == "unintended" else []
    marks.append(words.say(f"changed.substantiations.{row.get('substantiation') or 'none'}"))
    place = [country_name(edition, row.get("country", "")), write.day(words, row.get("date", ""))]
    said_by = words.entry("list.comma").join(part for part in (*place, *marks) if part)
    return Quote(slug("outcome", row.get("outcome_id", "")), text, said_by, row.get("language") or words.language)


def _story(edition: Edition, row: Row) -> Quote:
    words = edition.words
    text = "\n\n".join(part for part in (row.get("title", ""), row.get("text", "")) if part)
    said_by = words.say(
        "changed.story_of",
        partner=_told_by(row.get("partner", "")) or words.say("changed.a_partner"),
        date=write.day(words, row.get("date", "")),
    )
    return Quote(
        slug("story", row.get("story_id", "")), text, said_by.strip(" ,"), row.get("language") or words.language, row.get("translation", "")
    )


def _told_by(partner: str) -> str:
    """A partner's name; nothing for an id of the register, such as `ke-03`, which says nothing to a reader."""
    return "" if re.fullmatch(r"[a-z0-9_-]+", partner) else partner


def _is(rows: Sequence[Row], field: str, value: str) -> int:
    return sum(row.get(field) == value for row in rows)
