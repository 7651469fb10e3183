"""One Release told in one language: its figures as typed rows, and the names that go with them.

Everything a section or chart says is looked up here, so that a hidden number can be asked for in one place only. Nothing is
computed: a number that the Release does not hold is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from babel import Locale

from mel.codes import ALL, SILENCES
from mel.errors import UsageError, closest
from mel.errors.reporting import NOT_IN_RELEASE, REPORT_NOT_PROTECTED, SECTION_UNKNOWN
from mel.model.alliance import SECTIONS
from mel.model.figure import FigureId
from mel.model.release import Release
from mel.reporting.rows import Asked, Difference, Estimate, differences_of, estimates_of
from mel.reporting.words import Words, words_in
from mel.reporting.words.catalogue import inside
from mel.reporting.words.numbers import percent

Domain = Mapping[str, str]
MEDIAN = "0.5"
"""How a table of results names the median among quantiles."""


@dataclass(frozen=True)
class Edition:
    """A release (None: no path was given yet), its language and the sections wanted, in order."""

    release: Release | None
    words: Words
    sections: tuple[str, ...] = SECTIONS

    @property
    def told(self) -> Release:
        """The release. Raises: UsageError when there is none."""
        if self.release is None:
            raise UsageError(REPORT_NOT_PROTECTED.at(verb="report", given="no release"))
        return self.release

    # ---- figures ----------------------------------------------------------------------------------------------------

    @property
    def labels(self) -> Mapping[str, Any]:
        return self.told.labels

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        return estimates_of(self.told.estimates, tuple(self.dimensions))

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        return differences_of(self.told.comparisons, tuple(self.dimensions))

    @cached_property
    def _by_id(self) -> dict[FigureId, Estimate]:
        return {row.id: row for row in self.estimates}

    def figure(self, figure: FigureId) -> Estimate | None:
        return self._by_id.get(figure)

    def of(self, indicator: str, round_: str | None = None, dimensions: Sequence[str] | None = None) -> tuple[Estimate, ...]:
        """Rows of an indicator, in the release's order; of one round, and of one margin (`()` is the whole), when given."""
        wanted = None if dimensions is None else set(dimensions)
        found = tuple(
            row
            for row in self.estimates
            if row.id.indicator == indicator
            and (round_ is None or row.id.round == round_)
            and (wanted is None or set(dict(row.id.domain)) == wanted)
        )
        return tuple(sorted(found, key=lambda row: self._place(row.id.domain))) if wanted else found

    def _place(self, domain: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
        """Where a group stands among the others: by its dimensions' order, then its categories', silences last."""
        names, placed = list(self.dimensions), []
        for name, code in domain:
            codes = [c for c in self.dimensions.get(name, {}).get("categories", {}) if c not in SILENCES]
            placed.append((names.index(name), codes.index(code) if code in codes else len(codes) + (code in SILENCES)))
        return placed

    def in_order(self, rows: Sequence[Difference]) -> tuple[Difference, ...]:
        """Comparisons in the order in which tables and charts list their groups, the whole first."""
        return tuple(sorted(rows, key=lambda row: (len(row.id.domain), self._place(row.id.domain))))

    def whole(self, indicator: str, round_: str, category: str | None = None) -> Estimate | None:
        """Everybody's figure; of a quantile the median, when no category is named."""
        wanted = self.main(indicator) if category is None else category
        return next((row for row in self.of(indicator, round_, ()) if row.id.category == wanted), None)

    def main(self, indicator: str) -> str:
        """The category whose figures stand for the indicator: of a quantile the median where it was asked, else `all`."""
        asked = self.indicators.get(indicator)
        if asked is None or asked.kind != "quantile":
            return ALL
        found = list(dict.fromkeys(row.id.category for row in self.of(indicator)))
        return MEDIAN if MEDIAN in found or not found else found[0]

    def compared(self, measure: str, indicator: str | None = None) -> tuple[Difference, ...]:
        """Comparisons of one measure, of one indicator when given."""
        return tuple(d for d in self.differences if d.measure == measure and (indicator is None or d.id.indicator == indicator))

    def margins(self, indicator: str) -> tuple[tuple[str, ...], ...]:
        """The breakdowns an indicator has rows of, single dimensions first; without the whole."""
        found = dict.fromkeys(tuple(dict(row.id.domain)) for row in self.of(indicator) if row.id.domain)
        return tuple(sorted(found, key=len))

    # ---- names ------------------------------------------------------------------------------------------------------

    @cached_property
    def dimensions(self) -> Mapping[str, Mapping[str, Any]]:
        return dict(self.labels.get("dimensions", {}))

    @cached_property
    def indicators(self) -> Mapping[str, Asked]:
        """The indicators in the alliance's order."""
        return {name: Asked.of(name, entry) for name, entry in self.labels.get("indicators", {}).items()}

    def indicator(self, name: str) -> Asked:
        """Raises: UsageError when the release has no such indicator."""
        found: Asked = _known(self.indicators, name, "indicator")
        return found

    def dimension_label(self, name: str) -> str:
        return str(self.dimensions.get(name, {}).get("label") or name.replace("_", " ").capitalize())

    def category_label(self, dimension: str, code: str) -> str:
        """The label that the alliance or its packs gave; a silence's own words; else the code made readable."""
        given = self.dimensions.get(dimension, {}).get("categories", {}).get(code)
        if code in SILENCES:
            return str(given or self.words.say(f"silence.{code}"))
        return _spoken(str(given or code.replace("_", " ").capitalize()))

    def answer_label(self, indicator: str, code: str) -> str:
        """The label of an answer of a distribution or composition; of a quantile, whose figure it is."""
        asked = self.indicators.get(indicator)
        if asked and asked.kind == "quantile":
            return str(self.words.say("quantile.median")) if code == MEDIAN else self.words.say("quantile.part", part=self.part(code))
        if asked and code in asked.categories:
            return _spoken(asked.categories[code])
        return self.words.say(f"silence.{code}") if code in SILENCES else _spoken(code.replace("_", " ").capitalize())

    def part(self, probability: str) -> str:
        """The share of people a quantile divides off: `half`, `10 %`, `2.5 %`."""
        return self.words.say("quantile.half") if probability == MEDIAN else percent(self.words, float(probability), _decimals(probability))

    def figure_label(self, figure: FigureId) -> str:
        """The indicator's label, with the answer where the figure is of one answer."""
        asked = self.indicators[figure.indicator]
        if asked.kind == "quantile" and figure.category != ALL:
            return self.words.say("quantile.label", label=asked.label, which=inside(self.answer_label(asked.id, figure.category)))
        named = figure.category != ALL and asked.kind in ("distribution", "composition")
        return (
            self.words.say("group.answer", label=asked.label, answer=self.answer_label(asked.id, figure.category)) if named else asked.label
        )

    def group_label(self, domain: Domain | Sequence[tuple[str, str]]) -> str:
        """How a table or chart names a group: its categories' labels, or everyone."""
        first, *rest = dict(domain).items() or [("", "")]
        head = self.category_label(*first) if first[0] else self.words.say("group.all")
        return str(self.words.entry("group.joined").join((head, *(self.category_inside(n, c) for n, c in rest))))

    def category_inside(self, dimension: str, code: str) -> str:
        """A category's label after another: lower-case, unless it is a place's name."""
        label = self.category_label(dimension, code)
        return label if dimension in self.words.entry("group.places") and code not in SILENCES else inside(label)

    def rounds(self, dataset: str) -> tuple[str, ...]:
        """The rounds of a dataset, first to last."""
        named = self.labels.get("rounds", {}).get(dataset, {})
        return tuple(sorted(named, key=lambda name: (str(named[name].get("date", "")), list(named).index(name))))

    def rounds_of(self, indicator: str) -> tuple[str, ...]:
        """The rounds in which an indicator has rows, first to last."""
        present = list(dict.fromkeys(row.id.round for row in self.of(indicator)))
        dataset = self.indicators[indicator].dataset if indicator in self.indicators else ""
        order = [*self.rounds(dataset), *present]
        return tuple(sorted(present, key=order.index))

    def last_round(self, indicator: str) -> str | None:
        rounds = self.rounds_of(indicator)
        return rounds[-1] if rounds else None

    def round_label(self, dataset: str, round_: str) -> str:
        named = self.labels.get("rounds", {}).get(dataset, {}).get(round_, {})
        return str(named.get("label") or (self.words.say("round.all") if round_ == ALL else round_.replace("_", " ").capitalize()))

    def round_inside(self, dataset: str, round_: str) -> str:
        """The round's label inside a sentence."""
        name, _, when = self.round_label(dataset, round_).partition(", ")
        months = Locale.parse(self.words.language).months["format"]["wide"].values()
        name = name if name.split()[0] in months else inside(name)
        return f"{name} ({when})" if when else name

    # ---- facts ------------------------------------------------------------------------------------------------------

    @property
    def about(self) -> Mapping[str, Any]:
        return self.told.about

    @property
    def alliance(self) -> Mapping[str, Any]:
        return dict(self.about.get("alliance", {}))

    @property
    def invented(self) -> bool:
        return bool(self.alliance.get("invented"))

    @property
    def datasets(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self.about.get("datasets", ()))

    def dataset(self, name: str) -> Mapping[str, Any]:
        return next((facts for facts in self.datasets if facts.get("name") == name), {})

    def owner(self, facts: Mapping[str, Any]) -> str:
        """Who owns a set of data, by name where it is a member."""
        named = {str(m.get("id")): str(m.get("name")) for m in self.about.get("members", ())}
        given = str(facts.get("owner") or "")
        return named.get(given, given)

    def everyone_answered(self, row: Estimate) -> bool:
        """True when a census reached all who were listed and nobody skipped this question: only then is it 'all'."""
        facts = self.dataset(row.id.dataset)
        listed, rows = facts.get("listed", {}).get(row.id.round), facts.get("rows", {}).get(row.id.round)
        return row.basis == "census" and row.n_missing == 0 and listed is not None and listed == rows


def edition_of(release: Release | Edition, *, language: str | None = None, sections: Sequence[str] | None = None) -> Edition:
    """A release ready to be told: in `language` (by default the alliance's first) and with `sections` (by default those it asked for).

    Raises: UsageError when it is no Release, or a section is unknown; CannotSay when there is no catalogue of that language.
    """
    if isinstance(release, Edition):
        return release
    if not isinstance(release, Release):
        raise UsageError(REPORT_NOT_PROTECTED.at(verb="report", given=type(release).__name__))
    wanted = dict(release.about.get("report", {}))
    languages = list(wanted.get("languages") or ["en"])
    names = tuple(sections or wanted.get("sections") or SECTIONS)
    return Edition(release, words_in(language or languages[0]), _sections(names))


def open_release(path: str, language: str = "en", sections: Sequence[str] = ()) -> Edition:
    """The release in a folder, ready to be told in a notebook. An empty path gives an edition that shows how to name one."""
    from mel.formats.release import read_release

    if not path:
        return Edition(None, words_in(language), _sections(tuple(sections) or SECTIONS))
    return edition_of(read_release(Path(path)), language=language, sections=tuple(sections) or None)


def _sections(names: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        near = closest(unknown[0], list(SECTIONS)) or "none"
        raise UsageError(SECTION_UNKNOWN.at(section=unknown, closest=near, available=SECTIONS))
    return tuple(dict.fromkeys(names))


def _decimals(probability: str) -> int:
    """How many decimals of a percent a probability has: 2.5 % is not 2 %."""
    return next((digits for digits in range(4) if round(float(probability) * 100, digits) == round(float(probability) * 100, 6)), 4)


def _spoken(label: str) -> str:
    """A label as it is; in quotation marks when it begins with a word that reads like a hole in the data: people do answer “None”."""
    first = next(iter(label.lower().split()), "")
    return f"“{label}”" if first.strip(",.") in ("none", "nan", "null", "n/a", "inf", "undefined") else label


def _known(available: Mapping[str, Any], name: str, kind: str) -> Any:
    if name not in available:
        raise UsageError(
            NOT_IN_RELEASE.at(kind=kind, name=name, closest=closest(name, list(available)) or "none", available=list(available))
        )
    return available[name]
