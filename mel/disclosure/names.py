"""Who and what must not be named in a release for this audience, and does a text or a category name it?

Knows partners and countries at risk by id, by name and by their names in six languages. It does not know which town lies in
a country at risk, nor nicknames; that stays with the people who write.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

from mel.errors import Problem, ProtectionRefused
from mel.errors import disclosure as say
from mel.model.policy import Policy
from mel.model.release import Context

LANGUAGES = ("en", "fr", "es", "pt", "nl", "ar")


def folded(text: object) -> str:
    """A name so that two ways to type it are one: case, accents put together or apart, invisible signs, any blank, dash or quote.

    >>> folded("Amani   CAFÉ")
    'amani café'
    """
    seen = "".join(c for c in unicodedata.normalize("NFKC", str(text)).casefold() if unicodedata.category(c) != "Cf")
    return " ".join(
        re.sub("[\u2010-\u2015\u2212]", "-", re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", unicodedata.normalize("NFKC", seen))).split()
    )


@dataclass(frozen=True, slots=True)
class Unnamed:
    """The names that must not appear. All casefolded but `codes`, which are two capital letters."""

    partners: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.partners or self.codes)

    def is_partner(self, value: object) -> bool:
        return folded(value) in self.partners

    def is_country(self, value: object) -> bool:
        """For a value known to be a country: its code in any case, or its name."""
        text = str(value).strip()
        return text.upper() in self.codes or folded(text) in self.countries

    def is_category(self, dimension: str, code: str, label: str = "") -> bool:
        """A dimension's category names one of them. `no` of a yes/no dimension is not Norway: codes count as written."""
        if "country" in dimension.casefold() and (self.is_country(code) or self.is_country(label)):
            return True
        spoken = {folded(text) for text in (code, label) if text.strip()}
        return code in self.codes or bool(spoken & (self.partners | self.countries))

    def in_text(self, text: object) -> bool:
        """A text names one of them as a whole word. Two-letter codes are not looked for in prose ("IT", "NO")."""
        if not self or pd.isna(text):  # type: ignore[call-overload]
            return False
        words = "|".join(re.escape(name) for name in sorted(self.partners | self.countries, key=len, reverse=True))
        return bool(words) and re.search(rf"(?<![^\W_])(?:{words})(?![^\W_])", folded(text)) is not None


def unnamed(policy: Policy, context: Context, categories: frozenset[str]) -> Unnamed:
    """Everything at risk under this policy. Raises where an entry fits nothing: a typing error must not name anyone."""
    register = context.partners
    ids = _column(register, "partner_id")
    members = {m.id: m for m in context.alliance.members}
    counted = {partner for facts in context.datasets for partner in facts.partners}
    known = {folded(name) for name in (*ids, *members, *counted, *categories)}
    problems: list[Problem] = [
        say.PARTNER_UNKNOWN.at(position=at) for at, key in enumerate(policy.partners_at_risk, 1) if folded(key) not in known
    ]
    problems += [
        say.COUNTRY_UNKNOWN.at(position=at)
        for at, key in enumerate(policy.countries_at_risk, 1)
        if not re.fullmatch("[A-Z]{2}", key) or not _names(key)
    ]
    if problems:
        raise ProtectionRefused(problems)
    codes = frozenset(policy.countries_at_risk)
    countries = frozenset(name for code in codes for name in _names(code))
    found = Unnamed(frozenset(folded(key) for key in policy.partners_at_risk), countries, codes)
    return Unnamed(found.partners | _partners_of(found, register, context), countries, codes)


def _partners_of(found: Unnamed, register: pd.DataFrame, context: Context) -> frozenset[str]:
    """Ids and names of the partners and members listed, and of all those in a country at risk."""
    names: set[str] = set()
    for row in register.to_dict("records"):
        if found.is_partner(row.get("partner_id", "")) or found.is_country(row.get("country", "")):
            names |= {folded(row[key]) for key in ("partner_id", "name") if key in row and not pd.isna(row[key])}
    for member in context.alliance.members:
        if found.is_partner(member.id) or found.is_country(member.country):
            names |= {folded(member.id), folded(member.name)}
    return frozenset(names - {""})


def _column(frame: pd.DataFrame, name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in frame[name].dropna()) if name in frame else ()


def _names(code: str) -> frozenset[str]:
    from babel import Locale

    found = (Locale(language).territories.get(code) for language in LANGUAGES)
    return frozenset(folded(name) for name in found if name)
