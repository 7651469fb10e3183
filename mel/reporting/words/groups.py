"""What is a group of people called in a sentence? `women with a disability aged 18 to 24`, never a code and never a deficit.

The catalogue knows the usual categories by their codes; any other is named by its labels in brackets, which is always
grammatical: `people (displaced: yes)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mel.codes import ALL, SILENCES
from mel.reporting.words.catalogue import Words, inside
from mel.reporting.words.numbers import count

if TYPE_CHECKING:
    from mel.reporting.edition import Edition
    from mel.reporting.rows import Asked

_BETWEEN = re.compile(r"^\D*?(\d+)\s*(?:-|–|to|_|_to_)\s*(\d+)\D*$")
_FROM = re.compile(r"^\D*?(\d+)\s*(?:\+|plus|and (?:over|older|above|more)|_plus|or older)\D*$")
_UNDER = re.compile(r"^(?:under|below|less than|younger than)[ _](\d+)\D*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """A noun and what follows it; `phrase` stands for the noun where a label is already one (`displaced people`).

    `placed`: it already says where, so `in the area` would say it twice.
    """

    words: Words
    noun: str = "person"
    after: str = ""
    placed: bool = False
    phrase: str = ""

    @property
    def many(self) -> str:
        return f"{self.bare}{self.after}"

    @property
    def bare(self) -> str:
        """The noun alone: `women`."""
        return self.phrase or self.words.noun(self.noun, 2)

    def of(self, n: int) -> str:
        """`12 women with a disability`, `1 woman with a disability`."""
        return f"{count(self.words, n)} {self.forms(n)}"

    def forms(self, n: int) -> str:
        """The noun that goes with n, without the number."""
        return f"{self.phrase or self.words.noun(self.noun, n)}{self.after}"

    @property
    def in_population(self) -> str:
        """The group in the population that a probability sample speaks for."""
        return self.many if self.placed or self.noun not in self._people else self.words.say("group.in_the_area", group=self.many)

    def asked(self, asked: Asked) -> str:
        """The part of that population an indicator is about: `people in the area who live with a partner`."""
        if not asked.narrowed:
            return self.in_population
        return self.words.say("group.asked_of", group=self.in_population, who=asked.asked_of or self.words.say("group.asked_about"))

    @property
    def _people(self) -> tuple[str, ...]:
        return ("person", *self.words.entry("group.heads").values())


def group_of(edition: Edition, domain: Mapping[str, str], counts: str = "people") -> Group:
    """The words for the people (organisations, things) of one domain; `{}` is everyone."""
    words = edition.words
    heads: Mapping[str, str] = words.entry("group.heads")
    afters: Mapping[str, str] = words.entry("group.afters")
    noun, parts, brackets, placed = str(words.entry("group.counts")[counts or "people"]), [], [], False
    people, phrase = noun == "person", ""
    for name, code in domain.items():
        label = edition.category_label(name, code)
        aged = _aged(words, name, label, code) if people else None
        if people and code in heads and noun == "person" and not phrase:
            noun = heads[code]
        elif people and code in afters:
            parts.append(afters[code])
        elif aged:
            parts.append(aged)
        elif name in words.entry("group.places") and code not in SILENCES:
            parts.append(words.say("group.in", place=label))
            placed = True
        elif people and noun == "person" and not phrase and _names_people(words, label):
            phrase = inside(label)
        else:
            brackets.append(words.say("group.bracket", dimension=inside(edition.dimension_label(name)), category=inside(label)))
    after = "".join(f" {part}" for part in parts) + (f" ({words.entry('list.comma').join(brackets)})" if brackets else "")
    return Group(words, noun, after, placed, phrase)


def against(edition: Edition, base: Mapping[str, str], dimension: str, a: str, b: str, counts: str = "people") -> tuple[str, str]:
    """Two groups that differ in one dimension, the second in the shorter form where that is clear:
    `women with a disability`, `women without`.
    """
    if ALL in (a, b):  # a group and everyone, in either order
        return everyone_in(edition, base, dimension, a, counts), everyone_in(edition, base, dimension, b, counts)
    first, second = (group_of(edition, {**base, dimension: code}, counts) for code in (a, b))
    short: Mapping[str, str] = edition.words.entry("group.short")
    if {a, b} <= set(short) and first.noun == second.noun and second.after.strip() == edition.words.entry("group.afters").get(b):
        return first.many, f"{second.bare} {short[b]}"
    return first.many, second.many


def everyone_in(edition: Edition, base: Mapping[str, str], dimension: str, code: str, counts: str = "people") -> str:
    """One group of a dimension, or everyone."""
    return edition.words.say("gaps.everyone") if code == ALL else group_of(edition, {**base, dimension: code}, counts).many


def _names_people(words: Words, label: str) -> bool:
    """Is the label a noun for people already, such as `Displaced people`?"""
    return bool(set(re.findall(r"[a-z]+", label.lower())) & set(words.entry("group.people_words")))


def _aged(words: Words, name: str, label: str, code: str) -> str | None:
    if not any(part in words.entry("group.ages") for part in name.lower().split("_")):
        return None
    for written in (label, code):
        if found := _BETWEEN.match(written):
            return words.say("group.aged", low=found[1], high=found[2])
        if found := _FROM.match(written):
            return words.say("group.aged_from", low=found[1])
        if found := _UNDER.match(written):
            return words.say("group.aged_under", high=found[1])
    return None
