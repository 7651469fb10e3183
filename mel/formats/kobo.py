"""Which question a column of a Kobo or ODK export answers: group prefixes, ticks, labels as headers, names that R mangled.

It ties headers to a form's names and never guesses between two questions. What the cells hold is `mel.formats.ticks`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mel.codes import choice_of
from mel.errors import Problem
from mel.errors import collection as texts
from mel.model.records import Question, Questionnaire

SEPARATORS = ("/", ".", "-", ":")
METADATA = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__", "_version_", "_tags",
    "_index", "_parent_index", "_parent_table_name", "_submission__id", "_submission__uuid", "_submission__submission_time",
    "_submission__validation_status", "_submission__notes", "_submission__status", "_submission__submitted_by", "_submission___version__",
    "_submission__tags", "_xform_id_string", "_geolocation", "_attachments", "_bamboo_dataset_id", "_media_count", "_total_media",
)  # fmt: skip
VERSION_COLUMNS = ("__version__", "_version_", "_version", "FormVersion", "formVersion")

Target = tuple[str, str | None]
"""A question's name, and the choice whose tick a column holds (None: the answer itself)."""


@dataclass(frozen=True)
class Naming:
    """What each header means: `names` gives the column's name in Records; a header that is not there keeps its own."""

    names: Mapping[str, str]
    targets: Mapping[str, Target]
    problems: tuple[Problem, ...] = ()


@dataclass
class HeaderIndex:
    """Every way a header can be written for the questions of one level (the top, or one repeat) of a form."""

    form: Questionnaire
    repeat: str | None
    exact: dict[str, Target] = field(default_factory=dict)
    spelled: dict[str, set[Target]] = field(default_factory=dict)
    weak: dict[str, set[Target]] = field(default_factory=dict)
    labels: dict[str, set[Target]] = field(default_factory=dict)
    mangled: dict[str, set[Target]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for question in questions_at(self.form, self.repeat):
            self._add(question)
        for source in (self.spelled, self.weak, self.labels):
            for key, targets in source.items():
                self.mangled.setdefault(mangle(key), set()).update(targets)

    def _add(self, question: Question) -> None:
        own = question.name.rsplit("/", 1)[-1]
        self.exact[question.name] = (question.name, None)
        choices = ticked_choices(self.form, question)
        for written in _with_groups(question.path, own):
            self._put(self.spelled, written, (question.name, None))
            if question.or_other:
                self._put(self.spelled, f"{written}_other", (f"{question.name}_other", None))
            for choice in choices:
                for mark in SEPARATORS:
                    self._put(self.spelled, f"{written}{mark}{choice}", (question.name, choice))
                self._put(self.weak, f"{written}_{choice}", (question.name, choice))
        self._add_labels(question)

    def _add_labels(self, question: Question) -> None:
        offered = {c.name: c.labels for c in self.form.choices_of(question)} if question.type == "select_multiple" else {}
        for language, label in question.labels.items():
            self._put(self.labels, plain_label(label), (question.name, None))
            for choice, spoken in offered.items():
                named = spoken.get(language) or spoken.get("") or choice
                for mark in ("/", "."):
                    self._put(self.labels, f"{plain_label(label)}{mark}{plain_label(named)}", (question.name, choice))

    @staticmethod
    def _put(where: dict[str, set[Target]], key: str, target: Target) -> None:
        if key:
            where.setdefault(key.lower(), set()).add(target)

    def find(self, header: str) -> set[Target]:
        """The targets a header can mean: one when it is clear, several when it is not, none when it is no question's."""
        if header in self.exact:
            return {self.exact[header]}
        low = header.lower()
        for source, key in ((self.spelled, low), (self.labels, plain_label(header)), (self.weak, low), (self.mangled, mangle(low))):
            if key in source:
                return source[key]
        return self._by_end(header)

    def _by_end(self, header: str) -> set[Target]:
        """A question behind groups the form no longer has, or a tick of a choice it no longer offers."""
        parts = header.split("/")
        for at in range(1, len(parts)):
            end = "/".join(parts[at:])
            found = self.spelled.get(end.lower()) or self.labels.get(plain_label(end))
            if found:
                return found
        if len(parts) > 1:
            base = self.find("/".join(parts[:-1]))
            names = {name for name, choice in base if choice is None}
            if len(names) == 1 and self._is_multiple(name := next(iter(names))):
                return {(name, parts[-1])}
        return set()

    def _is_multiple(self, name: str) -> bool:
        question = self.form.question(name)
        return question is not None and question.type == "select_multiple"


def questions_at(form: Questionnaire, repeat: str | None) -> tuple[Question, ...]:
    """The questions of the top level, or of one repeat."""
    return tuple(q for q in form.questions if q.repeat == repeat)


def ticked_choices(form: Questionnaire, question: Question) -> tuple[str, ...]:
    """The codes a select_multiple offers, in the form's order; none for any other question."""
    if question.type != "select_multiple":
        return ()
    offered = tuple(choice.name for choice in form.choices_of(question))
    return (*offered, "other") if question.or_other and "other" not in offered else offered


def _with_groups(path: Sequence[str], name: str) -> Iterable[str]:
    for start in range(len(path) + 1):
        tail = (*path[start:], name)
        yield from dict.fromkeys(mark.join(tail) for mark in SEPARATORS)


def plain_label(label: str) -> str:
    """A label without markup, extra blanks and case, so that a header can be held against it."""
    bare = re.sub(r"<[^>]*>", "", label)
    return (
        " ".join(re.sub(r"[*_#]{1,3}(?=\S)|(?<=\S)[*_]{1,3}", "", bare).split()).casefold()
        if "<" in label or "*" in label
        else " ".join(label.split()).casefold()
    )


def mangle(header: str) -> str:
    """A header as R's make.names would write it, in lower case."""
    dotted = re.sub(r"[^\w.]", ".", header.lower())
    return dotted if re.match(r"[^\W\d_]|\.(?!\d)", dotted) else f"x{dotted}"


_MANGLED_METADATA = {mangle(name): name for name in METADATA}


def name_columns(headers: Sequence[str], repeated: Sequence[str], index: HeaderIndex, *, file: str, sheet: str | None) -> Naming:
    """Tie each header of a sheet to a question of the form.

    `headers` are unique (a second `age` is `age (2)`); `repeated` are those that stood several times. A label of several
    questions stays untied, and is a problem that lists them.
    """
    targets: dict[str, Target] = {}
    problems: list[Problem] = []
    for header in headers:
        told = re.sub(r" \(\d+\)$", "", header) if any(header.startswith(f"{r} (") for r in repeated) else header
        found = index.find(told)
        if len(found) == 1 and told not in repeated:
            targets[header] = next(iter(found))
        elif len(found) > 1:
            problems.append(_ambiguous(told, header, found, file, sheet))
    by_position, more = _positional(headers, targets, index, file, sheet)
    targets |= by_position
    unique, twice = _one_each(targets, file, sheet)
    names = {header: _called(target) for header, target in unique.items()}
    names |= metadata_names([h for h in headers if h not in names and h not in targets])
    return Naming(names, unique, (*problems, *more, *twice))


def metadata_names(headers: Iterable[str]) -> dict[str, str]:
    """Kobo's own columns by their own names, where R or a group prefix changed them."""
    found = {}
    for header in headers:
        own = _MANGLED_METADATA.get(mangle(header))
        if own and own != header and not header.startswith("_"):
            found[header] = own
        elif header.startswith("meta/"):
            found[header] = header.removeprefix("meta/")
    return found


def untied_duplicates(repeated: Sequence[str], index: HeaderIndex | None) -> list[str]:
    """Headers that stand several times and are not merely the label of as many questions."""
    return [header for header in repeated if index is None or len(index.find(header)) < 2]


def _ambiguous(told: str, header: str, found: set[Target], file: str, sheet: str | None) -> Problem:
    names = sorted({name if choice is None else choice_of(name, choice) for name, choice in found})
    return texts.HEADER_LABEL_AMBIGUOUS.at(file=file, sheet=sheet, header=told, questions=names, kept=f"'{header}'")


def _called(target: Target) -> str:
    name, choice = target
    return name if choice is None else choice_of(name, choice)


def _positional(
    headers: Sequence[str], taken: Mapping[str, Target], index: HeaderIndex, file: str, sheet: str | None
) -> tuple[dict[str, Target], list[Problem]]:
    """Ticks numbered 1 to n, where the form's choices have other names: the n-th column is the n-th choice."""
    found: dict[str, Target] = {}
    problems = []
    for question in questions_at(index.form, index.repeat):
        offered = ticked_choices(index.form, question)
        if not offered or {str(n) for n in range(1, len(offered) + 1)} & set(offered):
            continue
        numbered = {
            int(m[1]): h for h in headers if h not in taken and (m := re.fullmatch(rf"(?i).*?{re.escape(question.name)}[/._-](\d+)", h))
        }
        if sorted(numbered) == list(range(1, len(offered) + 1)):
            found |= {numbered[n]: (question.name, choice) for n, choice in enumerate(offered, start=1)}
            problems.append(texts.TICKS_BY_POSITION.at(file=file, sheet=sheet, question=question.name, n=len(offered)))
    return found, problems


def _one_each(targets: Mapping[str, Target], file: str, sheet: str | None) -> tuple[dict[str, Target], list[Problem]]:
    """Where several headers mean the same question, the one that is its very name is taken, else the first."""
    by_target: dict[Target, list[str]] = {}
    for header, target in targets.items():
        by_target.setdefault(target, []).append(header)
    unique, problems = {}, []
    for target, headers in by_target.items():
        best = next((h for h in headers if h == _called(target)), headers[0])
        unique[best] = target
        if len(headers) > 1:
            problems.append(texts.HEADER_SAME_QUESTION.at(file=file, sheet=sheet, question=_called(target), columns=headers, taken=best))
    return {h: unique[h] for h in targets if h in unique}, problems
