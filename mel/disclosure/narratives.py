"""Which outcomes, readings and stories may this audience see, and which columns of them?

Only what people agreed to: consent, permission that reaches the audience, nobody at risk named. A whole entry is withheld, never
cut down, where it names someone at risk: what is left would still point at them. Nothing here reads a text for its meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from mel.codes import ALL, AUDIENCES, STANDINGS, Audience
from mel.disclosure.names import Unnamed
from mel.errors import Problem, ProtectionRefused
from mel.errors import disclosure as say
from mel.model.figure import FigureId
from mel.model.release import NARRATIVE_KINDS, Context, Narratives

NEEDED = {
    "outcomes": ("outcome_id", "country", "contributors", "sensitivity", "consent", "publish"),
    "readings": ("indicator", "domain", "may_be_quoted", "publish"),
    "stories": ("partner", "consent", "publish"),
}
SHOWN = {
    "outcomes": (
        "outcome_id", "date", "country", "place", "level", "actor", "actor_type", "title", "description", "significance",
        "significance_says", "contribution", "contributors", "intended", "direction", "backlash", "pathway", "basket_codes",
        "instrument_id", "verifier_independent", "substantiation", "language",
    ),
    "readings": (
        "reading_id", "indicator", "round", "domain", "measure", "group", "date", "language", "where_it_stands", "what_it_means",
        "what_is_wrong", "dissent", "may_be_quoted",
    ),
    "stories": ("story_id", "partner", "date", "language", "title", "text", "translation"),
}  # fmt: skip
"""What a reader may see. Who verified, who wrote it down, the sources and the verifier's comments stay with the alliance."""
QUOTED = ("where_it_stands", "what_it_means", "what_is_wrong", "dissent")
"""What is not repeated of those who do not want to be quoted. Where it stands is never told without its reason."""
FAR = ("national", "regional", "international")
"""A place is named to donors and the public only where the change is this wide: a village can point at one person."""

Row = dict[str, object]


def protected_narratives(
    given: Narratives, context: Context, audience: Audience, unnamed: Unnamed, shown: Iterable[FigureId]
) -> tuple[Narratives, dict[str, int]]:
    """What may be seen, and how many entries of each kind were withheld."""
    _refuse(given, context)
    domains = {(f.indicator, f.domain) for f in shown} | {(f.indicator, ()) for f in shown}
    rules: dict[str, Callable[[Row], bool]] = {
        "outcomes": lambda row: _consented(row) and _harmless(row, audience) and not _outcome_names(row, unnamed),
        "readings": lambda row: (
            _about_shown(row, domains) and not unnamed.in_text(" ".join(str(row.get(c, "")) for c in (*QUOTED, "group")))
        ),
        "stories": lambda row: _consented(row) and not _story_names(row, unnamed),
    }
    kept: dict[str, pd.DataFrame] = {}
    withheld: dict[str, int] = {}
    for kind in NARRATIVE_KINDS:
        frame: pd.DataFrame = getattr(given, kind)
        rows: list[Row] = [{str(k): _text(v) for k, v in row.items()} for row in frame.to_dict("records")]
        reach = min((AUDIENCES.index(d.share) for d in context.alliance.datasets if d.kind == kind), default=-1)
        may = [row for row in rows if reach >= AUDIENCES.index(audience) and _reaches(row, audience) and rules[kind](row)]
        columns = [c for c in SHOWN[kind] if c in frame]
        kept[kind] = pd.DataFrame([[_cell(kind, c, row, audience) for c in columns] for row in may], columns=columns, dtype="str")
        withheld[kind] = len(rows) - len(may)
    return Narratives(**kept), withheld


def _refuse(given: Narratives, context: Context) -> None:
    problems: list[Problem] = []
    kinds = {dataset.kind for dataset in context.alliance.datasets}
    for kind in NARRATIVE_KINDS:
        frame: pd.DataFrame = getattr(given, kind)
        missing = [c for c in NEEDED[kind] if c not in frame]
        if len(frame) and missing:
            problems.append(say.NARRATIVE_COLUMNS.at(kind=kind, missing=missing))
        if len(frame) and kind not in kinds:
            problems.append(say.NARRATIVE_OWNER.at(kind=kind))
    standings = given.readings["where_it_stands"].map(_text).dropna() if "where_it_stands" in given.readings else pd.Series(dtype="str")
    unknown = int((~standings.isin(STANDINGS)).sum())
    if unknown:
        problems.append(say.STANDING_UNKNOWN.at(rows=unknown, available=STANDINGS))
    if problems:
        raise ProtectionRefused(problems)


def _text(value: object) -> str | None:
    """A cell as text; a date as its day."""
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN is not itself
        return None
    text = str(value).strip()
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return text.removesuffix(" 00:00:00") or None


def _reaches(row: Row, audience: Audience) -> bool:
    """The permission written in the entry reaches this audience; an empty or unknown one reaches nobody."""
    publish = row["publish"]
    return publish in AUDIENCES and AUDIENCES.index(str(publish)) >= AUDIENCES.index(audience)


def _consented(row: Row) -> bool:
    return row["consent"] == "yes"


def _harmless(row: Row, audience: Audience) -> bool:
    """A sensitive outcome stays with its owner; one not marked at all is taken for sensitive."""
    return row["sensitivity"] == "none" or audience == "own"


def _outcome_names(row: Row, unnamed: Unnamed) -> bool:
    contributors = str(row["contributors"] or "").split(";")
    listed = any(unnamed.is_partner(name) for name in contributors) or unnamed.is_country(row["country"] or "")
    return listed or any(unnamed.in_text(row.get(column)) for column in SHOWN["outcomes"])


def _story_names(row: Row, unnamed: Unnamed) -> bool:
    return unnamed.is_partner(row["partner"] or "") or any(unnamed.in_text(row.get(column)) for column in SHOWN["stories"])


def _about_shown(row: Row, domains: set[tuple[str, tuple[tuple[str, str], ...]]]) -> bool:
    """The reading is about a group that is shown: people's own words can give a hidden figure away."""
    parts = [part.partition("=") for part in str(row["domain"] or "").split(";") if part.strip()]
    wanted = {(name.strip(), code.strip()) for name, _, code in parts if code.strip() != ALL}
    return any(indicator == row["indicator"] and set(domain) == wanted for indicator, domain in domains)


def _cell(kind: str, column: str, row: Row, audience: Audience) -> object:
    if kind == "readings" and column in QUOTED and row["may_be_quoted"] != "yes":
        return None
    if kind == "outcomes" and column == "place" and audience in ("donor", "public") and row.get("level") not in FAR:
        return None
    return row[column]
