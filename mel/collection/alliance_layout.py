"""Which sheets and columns does alliance.xlsx have, and which key of alliance.toml is each? One table of facts for reading and writing.

What a cell may hold follows from the model: its lists, dates and rules are not repeated here.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel

from mel.formats.written_help import help_for
from mel.model.alliance import About, AnalysisUse, Dataset, DimensionSpec, IndicatorUse, Member, ReportOptions, Round, Target
from mel.model.indicator import Case, Indicator, Rule
from mel.model.policy import AtRisk, Policy, SensitiveDimension

CellKind = Literal["text", "list", "by", "pairs", "toml", "yes_no", "date", "number", "text_or_no", "number_or_text", "choice"]
README = "read me"
IGNORED = ("read me", "note")
"""Sheets whose name begins so hold words for people."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: the key it stands for (within the sheet's record) and what its cells hold."""

    name: str
    path: tuple[str, ...]
    kind: CellKind = "text"
    choices: tuple[str, ...] = ()
    help: str = ""
    listed_in: str = ""
    """The sheet whose first column holds the values that may stand here."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a row per record, or (`pairs`) a row per key."""

    name: str
    about: str
    columns: tuple[Column, ...]
    pairs: bool = False

    def column(self, name: str) -> Column | None:
        return next((c for c in self.columns if c.name == name), None)


def _of(model: type[BaseModel], *names: str, **renamed: str) -> tuple[Column, ...]:
    """Columns for these keys of a model; `column="a.b"` for a key inside a key, or under another name."""
    paths = {name: name for name in names} | renamed
    return tuple(_column(model, name, tuple(path.split("."))) for name, path in paths.items())


def _column(model: type[BaseModel], name: str, path: tuple[str, ...]) -> Column:
    owner, annotation = model, None
    for part in path:
        field = next(f for n, f in owner.model_fields.items() if part in (f.alias or n, n))
        annotation = field.annotation
        inner = _plain(annotation)
        if part != path[-1]:
            owner = inner
    kind, choices = _cell(annotation)
    return Column(name, path, kind, choices, help_for(owner, path[-1]), _LISTED.get((model.__name__, name), ""))


def _cell(annotation: Any) -> tuple[CellKind, tuple[str, ...]]:
    plain = _plain(annotation)
    origin, inner = typing.get_origin(plain), typing.get_args(plain)
    if origin in (typing.Union, types.UnionType):
        words = [w for part in inner for w in typing.get_args(part) if isinstance(w, str)]
        return ("number_or_text", ()) if words else ("text_or_no", ())
    if origin is Literal:
        return "choice", tuple("tab" if word == "\t" else str(word) for word in inner)
    if origin is tuple:
        return ("by", ()) if typing.get_origin(inner[0]) is tuple else ("list", ())
    if origin is dict:
        return ("pairs", ()) if inner[1] is str else ("toml", ())
    simple: dict[Any, CellKind] = {bool: "yes_no", date: "date", float: "number", int: "number", Rule: "toml"}
    kind = simple.get(plain, "text")
    return kind, ("yes", "no") if kind == "yes_no" else ()


def _plain(annotation: Any) -> Any:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        return parts[0] if len(parts) == 1 else annotation
    return annotation


_LISTED = {
    ("IndicatorUse", "dataset"): "datasets",
    ("Dataset", "owner"): "members",
    ("AnalysisUse", "indicator"): "indicators",
    ("AnalysisUse", "dataset"): "datasets",
}
_DATASET = Column("dataset", (), help="the dataset's name, as in the sheet datasets.", listed_in="datasets")
_ROUND = Column("round", (), help="the round's name; empty for every round.")
_VARIABLE = Column("variable", (), help="the variable of a pack, such as gender.")
_FORM_COLUMN = Column(
    "column", (), help="the column of the form, as the file spells it. Several rows for one variable: the first answered counts."
)
_SILENCES = ("prefer_not_to_say", "not_known", "not_asked", "not_applicable")

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "alliance",
        "Who the alliance is.",
        _of(About, "id", "name", "invented", "purpose", period_start="period.start", period_end="period.end")
        + _of(About, "programme", "who_did_the_work"),
        pairs=True,
    ),
    Sheet("members", "The organisations of the alliance.", _of(Member, "id", "name", "side", "country", "role")),
    Sheet(
        "packs", "The frameworks whose indicators are used.", (Column("pack", (), help="a shipped pack's name, or the path of your own."),)
    ),
    Sheet(
        "datasets",
        "Each set of answers or register, and how people came to be in it.",
        _of(Dataset, "name", "label", "kind", "owner", "share", "counts", basis="design.basis", weights="design.weights")
        + _of(Dataset, rounds_relate="design.rounds", stratum="design.stratum", psu="design.psu", weight="design.weight")
        + _of(Dataset, fpc="design.fpc", psu_unique="design.psu_unique", lonely_psu="design.lonely_psu")
        + _of(Dataset, respondent="design.respondent", listed="design.listed")
        + _of(Dataset, replicates="design.replicates.kind", replicate_columns="design.replicates.columns")
        + _of(Dataset, replicate_combined="design.replicates.combined", replicate_fay="design.replicates.fay")
        + _of(Dataset, replicate_scale="design.replicates.scale", replicate_rscales="design.replicates.rscales")
        + _of(Dataset, replicate_mse="design.replicates.mse", replicate_count="design.replicates.count")
        + _of(Dataset, replicate_seed="design.replicates.seed")
        + _of(Dataset, "form", "schema", "partner_from", consent_column="consent.column", consent_yes="consent.yes")
        + _of(Dataset, minutes="burden.minutes", paid="burden.paid", returned="burden.returned")
        + _of(Dataset, "who_was_asked", "who_was_missed", "collected_by", "language"),
    ),
    Sheet(
        "rounds",
        "Each time a dataset was asked, with its files.",
        (_DATASET, *_of(Round, "name", "date", "label", "files", "sheet", "form", "delimiter", "decimal", "encoding", "day_first")),
    ),
    Sheet("map", "Which column of a form holds which variable.", (_DATASET, _ROUND, _VARIABLE, _FORM_COLUMN)),
    Sheet(
        "map_codes",
        "What a form's codes mean; leave out where they are the same.",
        (
            _DATASET,
            _ROUND,
            _VARIABLE,
            _FORM_COLUMN,
            Column("form_code", (), help="the code in the form."),
            Column("code", (), help="the pack's code it stands for."),
            Column("silence", (), "choice", _SILENCES, "or the way of not answering it stands for."),
        ),
    ),
    Sheet(
        "dimensions",
        "The ways to look at people apart.",
        _of(DimensionSpec, "name", "label", "from", "variable", "bands", "cut_off", "rule", "order", "ordered")
        + _of(DimensionSpec, "reference", "reference_reason", "sensitive"),
    ),
    Sheet(
        "categories",
        "How the report names each category of a dimension.",
        (
            Column("dimension", (), help="the dimension's name, as in the sheet dimensions.", listed_in="dimensions"),
            Column("code", (), help="the category's code."),
            Column("label", (), help="how the report names it."),
        ),
    ),
    Sheet("indicators", "The indicators asked.", _of(IndicatorUse, "id", "dataset", "by")),
    Sheet(
        "targets",
        "What was aimed for.",
        (
            Column("indicator", (), help="the indicator's id, as in the sheet indicators.", listed_in="indicators"),
            _DATASET,
            *_of(Target, "round", "value", "date", "where", "rule", "set_by", "reason"),
        ),
    ),
    Sheet(
        "own_indicators",
        "Indicators that are in no pack.",
        _of(Indicator, "id", "version", "label", "why_it_matters", "level", "kind", "population", "numerator", "denominator")
        + _of(Indicator, **{f"if_{silence}": f"silences.{silence}" for silence in _SILENCES})
        + _of(Indicator, "unit", "polarity", "disaggregate_by", "counts", "sensitivity", "weight", "claim", "asked_of")
        + _of(Indicator, "points", "probabilities", "judged_by_people", "source", "status")
        + _of(Indicator, chosen_by="voice.chosen_by", tested_with="voice.tested_with", veto="voice.veto"),
    ),
    Sheet(
        "cases",
        "Invented people, and what each contributes to an own indicator.",
        (
            Column("indicator", (), help="the indicator's id, as in the sheet own_indicators.", listed_in="own_indicators"),
            *_of(Case, "who", "answers", "counts_as"),
        ),
    ),
    Sheet(
        "analyses",
        "Analyses of many groups at once: who is furthest behind, and more.",
        _of(AnalysisUse, "kind", "indicator", "dataset", "dimensions", "round", "method", "nodes", "silences", "depth", "fewest", "share")
        + _of(AnalysisUse, "up_to", "towards", "among", "draws", "folds", "seed")
        + _of(AnalysisUse, "belonging", "access", "voice", "against", "scale", "fewest_raters"),
    ),
    Sheet("disclosure", "How people are protected.", _of(Policy, "threshold", "threshold_reason"), pairs=True),
    Sheet(
        "sensitive",
        "Dimensions that can out a person.",
        (
            Column("dimension", (), help="the dimension's name, as in the sheet dimensions.", listed_in="dimensions"),
            *_of(SensitiveDimension, "publish", "reason"),
        ),
    ),
    Sheet(
        "at_risk",
        "Partners and countries that must not be named anywhere.",
        (
            Column("what", (), "choice", ("partner", "country"), "partner or country."),
            Column("id", (), help="the partner's id, or the country's two letters."),
            *_of(AtRisk, "reason", "decided_by"),
        ),
    ),
    Sheet(
        "report",
        "What the report looks like.",
        _of(ReportOptions, "title", "languages", "sections", "interval", "level", "reliability", "inequality"),
        pairs=True,
    ),
)

EXAMPLES: dict[CellKind, str] = {
    "toml": '{ column = "heard", is = ["yes"] }',
    "pairs": "gender = woman; age = 18-24",
    "by": "gender; gender x age",
    "list": "first; second",
    "date": "2024-05-31",
    "yes_no": "yes",
    "text_or_no": "village, or no",
    "number": "12",
}
"""How a cell of each kind is written."""


def sheet_of(name: str) -> Sheet:
    """The sheet of that name; KeyError when there is none."""
    return next(sheet for sheet in SHEETS if sheet.name == name)
