"""What an alliance writes about itself: who it is, what data it has, what it asks, whom it protects.

One model, whether it was written in alliance.toml or in alliance.xlsx. `data/schemas/alliance.schema.json` is made from it.
Reading the file is `mel.collection.alliance`'s; this says only what may stand in it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from mel.codes import Audience, Basis, Counts, Silence, Status
from mel.model.analysis_use import AnalysisUse
from mel.model.indicator import Indicator, Rule
from mel.model.policy import Policy
from mel.model.replicate_weights import ReplicateWeights, replicate_faults
from mel.model.written import Written

ID = r"^[a-z0-9][a-z0-9_-]{0,63}$"
Day = date
SECTIONS = ("summary", "who_we_are", "who_is_reached", "progress", "gaps", "who_is_furthest_behind", "what_changed", "method")
"""Of a report, in their order."""
Side = Literal["south", "north", "regional", "global", "donor"]


class Period(Written):
    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.start >= self.end:
            raise ValueError("start must be before end")
        return self


class About(Written):
    """The alliance itself."""

    id: str = Field(pattern=ID)
    name: str
    invented: bool = False
    """True when every name and number is made up; each page then says so."""
    purpose: str = ""
    period: Period
    programme: str = ""
    who_did_the_work: str = ""
    """Collectors, coders, translators, those who made sense of it: printed with the method."""


class Member(Written):
    id: str = Field(pattern=ID)
    name: str
    side: Side
    country: str = Field(pattern=r"^[A-Z]{2}$")
    """Two letters, ISO 3166-1."""
    role: str = ""


class ColumnMap(Written):
    """How a canonical variable is read from one column of a form."""

    column: str
    codes: dict[str, str] = {}
    """The form's code to the pack's code; empty keeps the codes as they are."""
    silences: dict[str, Silence] = {}
    """The form's code to the silence it stands for."""


class VariableMap(Written):
    """Where a canonical variable comes from. Several columns are coalesced in order: the written map of form versions."""

    columns: tuple[ColumnMap, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, written: object) -> object:
        """`gender = "sex"` and `gender = {column = "sex", codes = {…}}` are the usual, shorter ways to write one column."""
        if isinstance(written, str):
            return {"columns": [{"column": written}]}
        if isinstance(written, dict) and "columns" not in written:
            return {"columns": [written]}
        return written


class Design(Written):
    """How people came to be in the data. `basis`, and for a probability sample `weights`, `stratum` and `psu`, have no default.

    Replicate weights that were given carry the strata and PSUs, which are then left out.
    """

    basis: Basis
    weights: Literal["expansion", "normalised", "none"] | None = None
    rounds: Literal["independent", "same_clusters", "panel"] | None = None
    stratum: str | Literal[False] | None = None
    psu: str | Literal[False] | None = None
    weight: str | None = None
    fpc: str | None = None
    """Column with the stratum's number of PSUs in the population (or the sampled fraction when at most 1)."""
    psu_unique: bool = False
    lonely_psu: Literal["fail", "certainty", "adjust", "average"] = "fail"
    respondent: str | None = None
    """Column that identifies a person across rounds; needed when rounds = panel."""
    listed: str | None = None
    """Column or number that says how many were on the list, for a census: who was missed."""
    replicates: ReplicateWeights | None = None
    """Standard errors from replicate weights, given in the file or made; left out, they come from strata and PSUs."""

    @model_validator(mode="after")
    def _complete(self) -> Design:
        wrong = []
        carried = self.replicates is not None and self.replicates.given
        if self.basis == "probability":
            wrong += [
                f"{key} is missing: a probability sample must state it (false if there is none)"
                for key in ("stratum", "psu")
                if getattr(self, key) is None and not carried
            ]
            if self.weights is None:
                wrong.append("weights is missing: expansion, normalised or none")
        elif self.weights in ("expansion", "normalised"):
            wrong.append(f"a {self.basis} sample has no weights to speak of; leave weights out or write none")
        if (self.weights in ("expansion", "normalised")) != (self.weight is not None):
            wrong.append("weight names the weights' column if, and only if, weights is expansion or normalised")
        if self.rounds == "panel" and self.respondent is None:
            wrong.append("a panel needs respondent, the column that identifies a person across rounds")
        wrong += [fault.what for fault in replicate_faults(self.model_dump())]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self


class Round(Written):
    """One time the question was asked."""

    name: str = Field(pattern=ID)
    date: date
    label: str = ""
    files: tuple[str, ...] = Field(min_length=1)
    """Paths or globs, relative to the alliance's folder."""
    sheet: str | None = None
    form: str | None = None
    """This round's XLSForm when it differs from the dataset's."""
    map: dict[str, VariableMap] = {}
    """Added to the dataset's map, this round's entry first."""
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[".", ","] | None = None
    encoding: str | None = None
    day_first: bool | None = None
    """For dates such as 03/04/2024."""


class Consent(Written):
    column: str
    yes: tuple[str, ...]


class Burden(Written):
    """What answering cost those who answered."""

    minutes: float = Field(gt=0)
    paid: str = ""
    returned: str = ""
    """When and how results went back to them."""


class Dataset(Written):
    name: str = Field(pattern=ID)
    label: str = ""
    kind: Literal[
        "answers", "outcomes", "partners", "readings", "stories", "laws", "money", "decisions", "ratings", "benchmarks", "barriers", "register",
    ]  # fmt: skip
    owner: str
    share: Audience
    """How far this may go; set by the owner, and nobody else raises it."""
    counts: Counts = "people"
    design: Design | None = None
    form: str | None = None
    schema_: str | None = Field(None, alias="schema")
    """A Table Schema beside the data; the kind's own is used when left out."""
    partner_from: str | None = None
    """`file` (the file's name without ending), `folder`, or `column:NAME`."""
    map: dict[str, VariableMap] = {}
    rounds: tuple[Round, ...] = Field(min_length=1)
    consent: Consent | None = None
    burden: Burden | None = None
    who_was_asked: str = ""
    who_was_missed: str = ""
    collected_by: str = ""
    language: str = ""

    @model_validator(mode="after")
    def _rounds_stated(self) -> Dataset:
        names = [round_.name for round_ in self.rounds]
        if len(set(names)) != len(names):
            raise ValueError("two rounds have the same name")
        if self.kind in ("answers", "ratings") and self.design is None:
            raise ValueError("design is missing: state basis = probability, census, purposive, self_selected or unknown")
        if self.design and len(names) > 1 and self.design.rounds is None:
            raise ValueError("design.rounds is missing: with two or more rounds state independent, same_clusters or panel")
        if self.partner_from and self.partner_from not in ("file", "folder") and not self.partner_from.startswith("column:"):
            raise ValueError("partner_from is file, folder or column:NAME")
        return self


class DimensionSpec(Written):
    """A way to look at people apart. No reference group unless it is named with a reason."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = ""
    from_: Literal["category", "gender", "disability", "age", "membership"] = Field("category", alias="from")
    variable: str | None = None
    """The canonical variable; by default the dimension's name."""
    bands: str | None = None
    """For age: the age bands' id in a pack, such as saddd."""
    cut_off: Literal["disability1", "disability2", "disability3", "disability4"] = "disability3"
    rule: Rule | None = None
    """For membership: who belongs."""
    labels: dict[str, str] = {}
    order: tuple[str, ...] = ()
    """The categories from least to most, for an ordered dimension; they are listed in this order."""
    ordered: bool = False
    reference: str | None = None
    reference_reason: str = ""
    sensitive: bool = False

    @model_validator(mode="after")
    def _fits(self) -> DimensionSpec:
        if self.from_ == "age" and not self.bands:
            raise ValueError("an age dimension needs bands, such as saddd")
        if self.from_ == "membership" and self.rule is None:
            raise ValueError("a membership dimension needs a rule that says who belongs")
        if bool(self.reference) != bool(self.reference_reason):
            raise ValueError("a reference group needs a name and a reason")
        return self


class Target(Written):
    """What was aimed for, stated before the data."""

    round: str
    value: float
    date: Day | None = None
    """The day by which it is to be reached. A target with a day may name a round that was not asked yet; where three rounds or more
    were asked, the figure is projected to that day."""
    where: dict[str, str] = {}
    """dimension = category, for a target of one group."""
    rule: Literal["interval", "point"] = "interval"
    """`interval`: reached when the whole interval is past it; `point`: when the estimate is."""
    set_by: str = ""
    reason: str = ""


class IndicatorUse(Written):
    """An indicator of a pack, asked in one dataset of this alliance."""

    id: str
    dataset: str
    by: tuple[tuple[str, ...], ...] = ()
    """Breakdowns: each a list of dimensions to cross; the whole is always there."""
    targets: tuple[Target, ...] = ()


class ReportOptions(Written):
    languages: tuple[str, ...] = ("en",)
    sections: tuple[str, ...] = SECTIONS
    title: str = ""
    interval: Literal["logit", "wilson", "korn_graubard", "korn_graubard_capped"] = "logit"
    level: float = Field(0.95, gt=0.5, lt=1)
    reliability: tuple[str, ...] = ()
    """The rules for what is precise enough to say aloud, by their ids in the packs: the first that was written for a figure's kind
    judges it. Needed where the packs have more than one."""
    inequality: tuple[str, ...] = ()
    """Measures that sum up all groups of a dimension, by their spelled-out names, such as theil_index."""


class Alliance(Written):
    """Everything one alliance wrote. References between its parts are checked by `mel.collection.alliance`, all at once."""

    alliance: About
    members: tuple[Member, ...] = Field(min_length=1)
    packs: tuple[str, ...] = ()
    """Names of shipped packs, or paths of an alliance's own, relative to its folder."""
    datasets: tuple[Dataset, ...] = Field(min_length=1)
    dimensions: tuple[DimensionSpec, ...] = ()
    indicators: tuple[IndicatorUse, ...] = ()
    own_indicators: tuple[Indicator, ...] = ()
    analyses: tuple[AnalysisUse, ...] = ()
    disclosure: Policy = Policy()
    report: ReportOptions = ReportOptions()

    def dataset(self, name: str) -> Dataset:
        """The dataset of that name; KeyError when there is none (the loader has checked every reference)."""
        return next(d for d in self.datasets if d.name == name)


__all__ = [
    "About", "Alliance", "AnalysisUse", "Burden", "ColumnMap", "Consent", "Dataset", "Design", "DimensionSpec", "IndicatorUse", "Member",
    "Period", "ReportOptions", "Round", "Status", "Target", "VariableMap",
]  # fmt: skip
