"""Who the alliance is and whose voice its report carries: members, partners, owners, who was asked, who was missed, in which languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from mel.reporting.blocks import Block, Heading, Prose, Table
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.sections.section import count_cell, prose, section, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import capital


@section("who_we_are")
def who_we_are(edition: Edition) -> Iterable[Block | None]:
    """Members, partners and whose voice each set of data carries."""
    words, alliance = edition.words, edition.alliance
    yield prose("who-purpose", str(alliance.get("purpose") or ""), _members_sentence(edition))
    yield _members(edition)
    yield from _partners(edition)
    if edition.datasets:
        yield Heading("who-voices", words.say("who.voices"), 3)
        yield _voices(edition)
        yield from (_asked(edition, facts) for facts in edition.datasets)


def country_name(edition: Edition, code: str) -> str:
    """The country's name in the report's language; what is not a code of a country is given back."""
    try:
        return str(Locale.parse(edition.words.language).territories.get(code.upper(), code))
    except UnknownLocaleError:
        return code


def language_name(edition: Edition, code: str) -> str:
    """Names of languages for codes such as `en`, `en; fr` or `en and fr`; what is not a code is given back."""
    known = Locale.parse(edition.words.language).languages
    parts = [part.strip() for part in re.split(r"[;,]| and ", code) if part.strip()]
    return edition.words.listed([str(known.get(part.lower(), part)) for part in parts])


def _members_sentence(edition: Edition) -> str:
    words, members = edition.words, list(edition.about.get("members", ()))
    if not members:
        return ""
    sides = Counter(str(member.get("side")) for member in members)
    told = words.listed([words.say(f"who.side_{side}", n=write.count(words, n)) for side, n in sides.most_common()])
    countries = len({member.get("country") for member in members})
    return words.say(
        "who.members", members=words.counted(len(members), "member"), countries=words.counted(countries, "country"), sides=told
    )


def _members(edition: Edition) -> Table | None:
    words = edition.words
    rows = [
        (
            text_cell(str(m.get("name", ""))),
            text_cell(words.say(f"side.{m.get('side')}")),
            text_cell(country_name(edition, str(m.get("country", "")))),
            text_cell(str(m.get("role") or "")),
        )
        for m in edition.about.get("members", ())
    ]
    return table("who-members", words.say("who.members_caption"), words.entry("who.members_columns"), rows)


def _partners(edition: Edition) -> Iterable[Block | None]:
    words, partners = edition.words, dict(edition.about.get("partners") or {})
    total = int(partners.get("total") or 0)
    if not total:
        return
    yield Heading("who-partners", words.say("who.partners_heading"), 3)
    led = [words.say(f"who.led_{by}", n=write.count(words, n)) for by, n in dict(partners.get("led_by") or {}).items() if n]
    not_shown = int(partners.get("not_shown") or 0)
    yield prose(
        "who-partners-told",
        words.say(
            "who.partners",
            partners=words.counted(total, "partner"),
            countries=words.counted(len(partners.get("by_country") or {}), "country"),
        ),
        words.say("who.led", led=words.listed(led)) if led else "",
        words.say(
            "who.partners_not_shown_one" if not_shown == 1 else "who.partners_not_shown", partners=words.counted(not_shown, "partner")
        )
        if not_shown
        else "",
    )
    by_country = {country_name(edition, code): n for code, n in dict(partners.get("by_country") or {}).items()}
    by_type = {
        words.say(f"type.{t}") if words.has(f"type.{t}") else capital(t.replace("_", " ")): n
        for t, n in dict(partners.get("by_type") or {}).items()
    }
    for name, counts in (("country", by_country), ("type", by_type)):
        yield _counted(edition, name, counts)


def _counted(edition: Edition, name: str, counts: Mapping[str, Any]) -> Table | None:
    words = edition.words
    ordered = sorted(counts.items(), key=lambda item: (-(item[1] or 0), item[0]))
    rows = [(text_cell(label or words.say("who.not_stated")), count_cell(edition, n)) for label, n in ordered]
    return table(f"who-partners-{name}", words.say(f"who.partners_by_{name}"), words.entry(f"who.partners_{name}_columns"), rows)


def _voices(edition: Edition) -> Table | None:
    words = edition.words
    rows = [
        (
            text_cell(dataset_label(facts)),
            text_cell(edition.owner(facts) or words.say("who.not_stated")),
            text_cell(
                words.say(f"basis.{facts['basis']}")
                if facts.get("kind") in ("answers", "ratings") and facts.get("basis")
                else kind_name(edition, facts)
            ),
            text_cell(_heard(edition, facts)),
            text_cell(language_name(edition, str(facts.get("language") or ""))),
        )
        for facts in edition.datasets
    ]
    return table("who-voices-table", words.say("who.voices_caption"), words.entry("who.voices_columns"), rows)


def dataset_label(facts: Mapping[str, Any]) -> str:
    return capital(str(facts.get("label") or str(facts.get("name", "")).replace("_", " ")))


def kind_name(edition: Edition, facts: Mapping[str, Any]) -> str:
    key = f"dataset_kind.{facts.get('kind')}"
    return edition.words.say(key) if edition.words.has(key) else str(facts.get("kind", ""))


def _heard(edition: Edition, facts: Mapping[str, Any]) -> str:
    """How many, round by round; of a census also how many were listed."""
    words, name = edition.words, str(facts.get("name"))
    rounds = dict(facts.get("rows") or {})
    listed = dict(facts.get("listed") or {})
    told = []
    for round_ in sorted(rounds, key=lambda r: ([*edition.rounds(name), r]).index(r)):
        n = write.count(words, rounds[round_])
        text = words.say("who.of_listed", n=n, listed=write.count(words, listed[round_])) if round_ in listed else n
        told.append(text if len(rounds) == 1 else words.say("who.in_round", round=edition.round_label(name, round_), n=text))
    return "; ".join(told) or words.say("hidden.short")


def _asked(edition: Edition, facts: Mapping[str, Any]) -> Prose | None:
    words = edition.words
    told = [
        words.say(f"who.{key}", text=_stop(str(facts.get(field) or "")))
        for key, field in (("asked", "who_was_asked"), ("missed", "who_was_missed"), ("collected", "collected_by"))
        if facts.get(field)
    ]
    if not told:
        return None
    if not facts.get("who_was_missed") and facts.get("kind") == "answers":
        told.append(words.say("who.missed_unknown"))
    return prose(slug("who-asked", str(facts.get("name"))), f"{dataset_label(facts)}. {' '.join(told)}")


def _stop(text: str) -> str:
    return text.strip().rstrip(".")


__all__ = ["country_name", "dataset_label", "kind_name", "language_name", "who_we_are"]
