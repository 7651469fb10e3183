"""What an indicator is: a question asked of people, with rules that say who is counted and who said yes.

Rules are structured (never an expression string, never evaluated) and three-valued: yes, no, unanswered.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from mel.codes import Counts, Kind, Level, Polarity, SilenceRule, Status
from mel.model.written import Written

Scalar = str | bool | int | float
_FORMS = ("is_", "includes", "between", "at_least", "at_most", "answered", "all_of", "any_of", "not_", "count_of", "value")


class Rule(Written):
    """One condition on a person's answers.

    Forms: `{column="x", is=[1, 2]}`, `{column="x", includes="opt"}` (select_multiple), `{column="x", between=[a, b]}`
    (both ends included), `{column="x", at_least=a}`, `{column="x", at_most=b}`, `{column="x", answered=true}`,
    `{all_of=[…]}`, `{any_of=[…]}`, `{not={…}}`, `{count_of=[…], at_least=k}`, `{value="x"}` (the number itself, or the
    category of a distribution).

    Missing: `is`, `includes`, `between`, `at_least`, `at_most` are unanswered where the column is; `all_of` is no if any
    part is no, else unanswered if any part is; `any_of` is yes if any part is yes, else unanswered if any part is;
    `count_of` is yes or no as soon as the unanswered parts cannot change it, else unanswered; `answered` is never unanswered.
    """

    column: str | None = None
    is_: tuple[Scalar, ...] | None = Field(None, alias="is")
    includes: str | None = None
    between: tuple[float, float] | None = None
    at_least: float | None = None
    at_most: float | None = None
    answered: bool | None = None
    all_of: tuple[Rule, ...] | None = None
    any_of: tuple[Rule, ...] | None = None
    not_: Rule | None = Field(None, alias="not")
    count_of: tuple[Rule, ...] | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Rule:
        given = [name for name in _FORMS if getattr(self, name) is not None]
        counting = given == ["at_least", "count_of"]
        needs_column = {"is_", "includes", "between", "at_least", "at_most", "answered"} & set(given) and not counting
        if len(given) != 1 and not counting:
            raise ValueError("a rule has exactly one condition, or count_of with at_least; wrap several in all_of or any_of")
        if bool(needs_column) != (self.column is not None):
            raise ValueError("a condition on answers names its column; all_of, any_of, not, count_of and value take none")
        if given == ["count_of"]:
            raise ValueError("count_of needs at_least")
        if self.between and self.between[0] > self.between[1]:
            raise ValueError("between goes from the lower to the higher number")
        if self.is_ is not None and not self.is_:
            raise ValueError("is needs at least one value")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every canonical variable this rule reads, once each, in order."""
        parts = (*(self.all_of or ()), *(self.any_of or ()), *(self.count_of or ()), *((self.not_,) if self.not_ else ()))
        found = [name for name in (self.column, self.value) if name] + [name for part in parts for name in part.columns]
        return tuple(dict.fromkeys(found))


class Silences(Written):
    """What each silence does in this indicator. `exclude`: counted as missing; `as_no`: in the denominator as a no;
    `out_of_population`: the question was not meant for this person.
    """

    prefer_not_to_say: SilenceRule = "exclude"
    not_known: SilenceRule = "exclude"
    not_asked: SilenceRule = "exclude"
    not_applicable: SilenceRule = "out_of_population"


class Voice(Written):
    """Whose indicator this is."""

    chosen_by: str = ""
    tested_with: str = ""
    veto: str = ""


class Case(Written):
    """An invented person and what they contribute, so that an officer can read, run and edit the definition."""

    who: str
    answers: dict[str, Scalar]
    counts_as: Literal["yes", "no", "unanswered", "not_in_population"] | float


class Indicator(Written):
    """A question asked of people, and how its answers become a number.

    `numerator` and `denominator` by kind: proportion: a condition and (optionally) a condition that narrows who is counted;
    mean, score, quantile: `{value = "x"}`; ratio: two values; total: a value or a condition (counted); distribution,
    composition: `{value = "x"}` whose categories are shared out; distinct_count: `{value = "id"}`. A quantile has `probabilities`.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: str = "1"
    label: str
    why_it_matters: str = ""
    level: Level = "outcome"
    kind: Kind
    population: Rule | None = None
    numerator: Rule
    denominator: Rule | None = None
    silences: Silences = Silences()
    probabilities: tuple[float, ...] = ()
    """Of a quantile, and only there: the share of people at or below it. 0.5, the median, when left out."""
    unit: str = ""
    polarity: Polarity = "neither"
    disaggregate_by: tuple[str, ...] = ()
    counts: Counts = "people"
    sensitivity: Literal["none", "sensitive"] = "none"
    weight: str | None = None
    """A canonical variable to weigh by instead of the design's weight."""
    claim: str = ""
    """The indicator as a clause in the past tense after a group: "were heard in village meetings"; sentences are made with it."""
    asked_of: str = ""
    """Whom the question is about, where that is not everyone: "who live with a partner". Sentences say it, so that no share is
    read as one of all people."""
    points: tuple[float, float] | None = None
    """For a score: the lowest and the highest there can be, such as [0, 30]; sentences say "14.2 of 30 points"."""
    judged_by_people: bool = False
    """Laws, norms and the strength of a movement: whether it is advancing, holding or under attack is said by people, with a reason,
    in the readings. No rule calls a target of it reached."""
    source: str
    status: Status
    voice: Voice = Voice()
    cases: tuple[Case, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _median_when_left_out(cls, written: object) -> object:
        if isinstance(written, dict) and written.get("kind") == "quantile" and not written.get("probabilities"):
            return {**written, "probabilities": (0.5,)}
        return written

    @model_validator(mode="after")
    def _kind_fits(self) -> Indicator:
        takes_value = {"mean", "score", "quantile", "ratio", "distribution", "composition", "distinct_count"}
        if self.kind in takes_value and self.numerator.value is None:
            raise ValueError(f"a {self.kind} needs numerator = {{value = …}}")
        if self.kind == "proportion" and self.numerator.value is not None:
            raise ValueError("a proportion needs a condition as numerator, such as {column = …, is = […]}")
        if (self.kind == "ratio") != (self.denominator is not None and self.denominator.value is not None):
            raise ValueError("a ratio, and only a ratio, needs denominator = {value = …}")
        if self.probabilities and self.kind != "quantile":
            raise ValueError("only a quantile has probabilities; take them out, or write kind = quantile")
        if not all(0 < p < 1 for p in self.probabilities) or len(set(self.probabilities)) < len(self.probabilities):
            raise ValueError("probabilities lie between 0 and 1, without these two, and each stands once: [0.25, 0.5, 0.75]")
        if self.points and (self.kind != "score" or self.points[0] >= self.points[1]):
            raise ValueError("only a score has points, from the lowest to the highest there can be: [0, 30]")
        return self

    @property
    def narrowed(self) -> bool:
        """True when the question is not about everyone."""
        return bool(self.asked_of) or self.population is not None or (self.denominator is not None and self.kind != "ratio")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every canonical variable the definition reads."""
        rules = [rule for rule in (self.population, self.numerator, self.denominator) if rule]
        return tuple(dict.fromkeys(name for rule in rules for name in rule.columns))
