"""The words of an XLSForm: what a header and a type mean, in every spelling the standard, older tools and people use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mel.errors import closest
from mel.model.records import QuestionType

_HEADERS = {
    "caption": "label", "relevance": "relevant", "calculate": "calculation", "command": "type", "tag": "name", "value": "name",
    "list name": "list_name", "listname": "list_name", "constraint message": "constraint_message", "constraintmsg": "constraint_message",
    "required message": "required_message", "requiredmsg": "required_message", "repeat count": "repeat_count", "choice filter": "choice_filter",
    "read only": "readonly", "read_only": "readonly", "form title": "form_title", "form id": "form_id",
}  # fmt: skip
_TRANSLATED = ("label", "hint", "constraint_message", "required_message", "guidance_hint")


@dataclass(frozen=True)
class Columns:
    """Where each header stands: the plain ones by their standard name, the translated ones by name and language."""

    plain: Mapping[str, int]
    translated: Mapping[str, Mapping[str, int]]

    def plain_values(self, row: Mapping[int, str]) -> dict[str, str]:
        return {name: row[at].strip() for name, at in self.plain.items() if at in row}

    def labels(self, row: Mapping[int, str], what: str) -> dict[str, str]:
        """Language: text, for the languages in which this row has one."""
        return {language: row[at].strip() for language, at in self.translated.get(what, {}).items() if at in row}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the labels, then those of other texts, in the form's order; '' (none named) is left out."""
        every = [*self.translated.get("label", {}), *(one for columns in self.translated.values() for one in columns)]
        return tuple(one for one in dict.fromkeys(every) if one)


def columns_of(header: Mapping[int, str]) -> Columns:
    """Understand a header row, whatever its case, blanks, and colons (`label::English (en)`, `label:English`, `bind: relevant`).

    >>> found = columns_of({0: "Type", 1: "NAME ", 2: "label::English (en)", 3: "bind: relevant"})
    >>> found.plain["relevant"], dict(found.translated["label"])
    (3, {'English (en)': 2})
    """
    plain: dict[str, int] = {}
    translated: dict[str, dict[str, int]] = {}
    spelt: dict[str, str] = {}
    for at, text in header.items():
        name, language = _header(text)
        if name in _TRANSLATED:
            language = spelt.setdefault(language.casefold(), language)
            translated.setdefault(name, {}).setdefault(language, at)
        elif not language:
            plain.setdefault(name, at)
    return Columns(plain, translated)


def _header(text: str) -> tuple[str, str]:
    parts = [part.strip() for part in re.split(r"\s*::?\s*", " ".join(text.split())) if part.strip()]
    if len(parts) > 1 and parts[0].lower() in ("bind", "control", "body", "instance"):
        parts = parts[1:]
    if not parts:
        return "", ""
    first = parts[0].lower()
    name = _HEADERS.get(first, _HEADERS.get(first.replace("_", " "), "_".join(first.split())))
    if name == "jr" and len(parts) > 1:
        return {"constraintmsg": "constraint_message", "requiredmsg": "required_message"}.get(parts[1].lower(), parts[1].lower()), ""
    return (name, " ".join(parts[1:])) if name != "media" else ("media", " ".join(parts[1:]))


# ---- types -----------------------------------------------------------------------------------------------------------

_TYPES: Mapping[QuestionType, tuple[str, ...]] = {
    "text": ("text", "string", "barcode", "deviceid", "imei", "subscriberid", "simserial", "phonenumber", "phone number", "username", "email",
             "uri:deviceid", "uri:subscriberid", "uri:simserial", "uri:phonenumber", "uri:username", "uri:email", "device id",
             "get device id", "get phone number", "get sim id", "get subscriber id"),
    "integer": ("integer", "int", "add integer prompt"),
    "decimal": ("decimal", "range"),
    "date": ("date", "today", "get today"),
    "datetime": ("datetime", "start", "end", "start time", "end time", "get start time", "get end time"),
    "time": ("time",),
    "geo": ("geopoint", "geotrace", "geoshape", "gps", "location", "start-geopoint", "q geopoint", "add location prompt"),
    "calculate": ("calculate", "hidden", "q calculate"),
    "note": ("note", "add note prompt"),
    "other": ("acknowledge", "trigger", "image", "photo", "audio", "video", "file", "audit", "background-audio", "background-geopoint",
              "add audio prompt", "add image prompt", "add video prompt", "add file prompt", "add barcode prompt"),
}  # fmt: skip
_KIND = {spelling: kind for kind, spellings in _TYPES.items() for spelling in spellings}
_NO_ANSWER = ("xml-external", "csv-external", "entity")
_GROUP = r"(?:group|repeat|lgroup|looped group|loop|table-list|table list)"
_SELECT: tuple[tuple[QuestionType, str], ...] = (
    ("select_multiple", r"(?:add )?select[ _]?(?:all that apply|multiple|many)(?: prompt)?(?:[ _]from[ _]file|[ _]external)?"),
    ("select_one", r"(?:add )?select[ _]?(?:one|1)(?: prompt)?(?:[ _]from[ _]file|[ _]external)?"),
    ("other", r"(?:odk:)?rank"),
)


@dataclass(frozen=True)
class Kind:
    """What the cell under `type` says."""

    role: Literal["question", "begin", "end", "none"]
    type: QuestionType = "other"
    repeat: bool = False
    list_name: str | None = None
    from_file: bool = False
    external: bool = False
    or_other: bool = False
    unknown: bool = False
    close: tuple[str, ...] = ()


def kind_of(written: str) -> Kind:
    """Understand a type.

    >>> kind_of("select one from colors").list_name, kind_of("Begin Repeat").repeat, kind_of("select_multiple food or_other").or_other
    ('colors', True, True)
    """
    words = " ".join(written.split())
    low = words.lower()
    if m := re.fullmatch(rf"(begin|end)[ _]({_GROUP})(?: over \S+)?", low):
        return Kind("begin" if m[1] == "begin" else "end", repeat=m[2] in ("repeat", "lgroup", "looped group"))
    if low.split(" ")[0] in _NO_ANSWER:
        return Kind("none")
    if chosen := _select(words):
        return chosen
    if low in _KIND:
        return Kind("question", _KIND[low])
    return Kind("question", "other", unknown=True, close=tuple(closest(low, [*_KIND, "select_one", "select_multiple", "begin_group"])))


def _select(words: str) -> Kind | None:
    for kind, pattern in _SELECT:
        m = re.fullmatch(rf"(?i)({pattern})(?:\s+(?:from|using)\s+|\s+|$)(.*)", words)
        if not m:
            continue
        rest, other = re.subn(r"(?i)[\s,]+or[ _](?:other|specify other)$", "", m[2].strip())
        low = m[1].lower().replace(" ", "_")
        return Kind(
            "question",
            kind,
            list_name=rest.split(" ")[0] or None if rest else None,
            from_file=low.endswith("from_file"),
            external=low.endswith("external"),
            or_other=bool(other),
        )
    return None


def truthy(text: str) -> bool:
    """True for the ways a form says yes."""
    return text.strip().lower() in ("yes", "true", "true()", "1", "y")
