"""All text of a report in one catalogue per language, and the grammar of counting in it.

Sentences name their places in braces; a forgotten or misspelt one raises here, never in front of a reader.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

from mel.errors import CannotSay
from mel.errors.reporting import LANGUAGE_UNKNOWN


@dataclass(frozen=True)
class Words:
    """One language's catalogue. Keys are dotted paths into the file, such as `gap.less`."""

    language: str
    catalogue: Mapping[str, Any]

    def say(self, key: str, /, **values: object) -> str:
        """The text at `key` with its braces filled. KeyError on an unknown key or a brace left open."""
        return str(self.entry(key)).format(**values)

    def entry(self, key: str) -> Any:
        """What the catalogue holds at `key`: a text, a list or a table of them."""
        found: Any = self.catalogue
        for part in key.split("."):
            found = found[part]
        return found

    def has(self, key: str) -> bool:
        try:
            self.entry(key)
        except KeyError:
            return False
        return True

    def noun(self, key: str, n: float) -> str:
        """The form of a noun that goes with n of them: `person` or `people`."""
        forms: Mapping[str, str] = self.entry(f"nouns.{key}")
        form = str(Locale.parse(self.language).plural_form(n))
        return forms.get(form) or forms["other"]

    def counted(self, n: int, key: str) -> str:
        """`1 person`, `1,240 people`."""
        return f"{format_decimal(n, format='#,##0', locale=self.language)} {self.noun(key, n)}"

    def listed(self, items: Sequence[str]) -> str:
        """`a, b and c`."""
        parts = list(items)
        if len(parts) < 2:
            return "".join(parts)
        return self.say("list.last", before=self.entry("list.comma").join(parts[:-1]), last=parts[-1])


@cache
def words_in(language: str) -> Words:
    """The catalogue of a language (`en`; `en-GB` is read as `en`).

    Raises: CannotSay when there is none yet; another language is never put in its place.
    """
    folder = resources.files("mel.reporting.words")
    available = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    code = language.replace("_", "-").split("-")[0].lower()
    if code not in available:
        raise CannotSay(LANGUAGE_UNKNOWN.at(language=language, available=available))
    return Words(code, tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8")))


def inside(label: str) -> str:
    """A label inside a sentence: its first letter lower-case, unless it is a name or an abbreviation."""
    words = label.split()
    name = len(words) > 1 and words[1][:1].isupper() and not words[0].endswith(",")
    return label if name or label[1:2].isupper() else label[:1].lower() + label[1:]


def capital(sentence: str) -> str:
    """The sentence with its first letter upper-case and the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
