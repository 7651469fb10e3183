"""Four invented releases, written by hand: a sample in two rounds, an alliance without a survey, a census of twelve, people chosen on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mel.codes import ALL
from mel.model.comparisons import VALUES as COMPARED
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE
from mel.model.estimates import VALUES as ESTIMATED
from mel.model.figure import FigureId
from mel.model.policy import Policy, SensitiveDimension
from mel.model.release import Narratives, Protection, Release

GENDER = {"woman": "Woman", "man": "Man", "non_binary": "Non-binary", "prefer_not_to_say": "Preferred not to say"}
DISABILITY = {"with_disability": "With a disability", "without_disability": "Without a disability", "not_known": "Not known"}
AGE = {"15-24": "15 to 24 years", "25-59": "25 to 59 years", "60+": "60 and over"}
REGION = {"north": "Northern Region", "coast": "Coast"}
LABELS = {"gender": ("Gender", GENDER), "disability": ("Disability", DISABILITY), "age": ("Age", AGE), "region": ("Region", REGION)}


def dimension_labels(names: Sequence[str]) -> dict[str, Any]:
    return {
        name: {"label": LABELS[name][0], "categories": LABELS[name][1], "ordered": name == "age", "sensitive": False, "reference": None,
               "reference_reason": ""}
        for name in names
    }  # fmt: skip


def indicator(label: str, dataset: str = "survey", **given: Any) -> dict[str, Any]:
    base = {
        "version": "1", "label": label, "why_it_matters": "", "claim": "", "unit": "", "kind": "proportion", "polarity": "higher_is_better",
        "level": "outcome", "counts": "people", "source": "invented", "status": "confirmed", "dataset": dataset,
        "voice": {"chosen_by": "Young women's assembly", "tested_with": "", "veto": ""}, "categories": {},
    }  # fmt: skip
    return base | given


class Rows:
    """Collects rows of a release's two tables."""

    def __init__(self, dimensions: Sequence[str], dataset: str = "survey", basis: str = "probability") -> None:
        self.dimensions, self.dataset, self.basis = tuple(dimensions), dataset, basis
        self.estimates: list[dict[str, Any]] = []
        self.comparisons: list[dict[str, Any]] = []

    def _keys(self, name: str, round_: str, domain: Mapping[str, str], category: str) -> dict[str, Any]:
        return (
            {"dataset": self.dataset, "indicator": name, "version": "1", "round": round_}
            | {d: domain.get(d, ALL) for d in self.dimensions}
            | {"category": category}
        )

    def figure(self, name: str, round_: str, domain: Mapping[str, str], category: str = ALL) -> FigureId:
        inside = tuple((d, domain[d]) for d in self.dimensions if d in domain)
        return FigureId(name, "1", round_, inside, category, "estimate", self.dataset)

    def estimate(
        self, name: str, round_: str, value: float | None, n: int | None, domain: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        """A row; `half` is half its interval, `hidden=True` nulls every number of it."""
        half, category = more.pop("half", None), more.pop("category", ALL)
        row: dict[str, Any] = self._keys(name, round_, domain or {}, category) | dict.fromkeys(ESTIMATED)
        hidden = more.pop("hidden", False)
        if not hidden:
            row |= {
                "estimate": value,
                "n": n,
                "n_yes": more.pop("yes", None if value is None or n is None or value > 1 else round(value * n)),
            }
            row |= {"n_missing": more.pop("missing", 0)}
            if half is not None and value is not None:
                row |= {"se": half / 1.96, "ci_low": value - half, "ci_high": value + half, "df": 40}
        row |= {"basis": self.basis, "counts": "people", "reliability": "ok", "disclosure": "primary" if hidden else "open", "note": ""}
        self.estimates.append(row | more)

    def compare(self, measure: str, name: str, round_: str, values: tuple[float, float] | None, **more: Any) -> None:
        domain, half, category = more.pop("domain", {}), more.pop("half", None), more.pop("category", ALL)
        row: dict[str, Any] = self._keys(name, round_, domain, category) | dict.fromkeys(COMPARED)
        row |= {"measure": measure, "from_round": "", "dimension": "", "group_a": "", "group_b": "", "rule": "", "status": "", "note": ""}
        row |= {"basis": self.basis, "counts": "people", "disclosure": "open" if values else "withheld", "inputs": ()}
        if values:
            a, b = values
            value = a / b if measure == "gap_ratio" else a - b
            row |= {"value_a": a, "value_b": b, "estimate": value}
            if half is not None:
                row |= {"ci_low": value - half, "ci_high": value + half, "se": half / 1.96}
        self.comparisons.append(row | more)

    def change(
        self, name: str, values: tuple[float, float] | None, half: float | None = None, domain: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        """From baseline to midline: values are (midline, baseline)."""
        inputs = (self.figure(name, "midline", domain or {}), self.figure(name, "baseline", domain or {}))
        self.compare("change", name, "midline", values, half=half, domain=domain or {}, from_round="baseline", inputs=inputs, **more)

    def gap(
        self,
        name: str,
        round_: str,
        dimension: str,
        a: str,
        b: str,
        values: tuple[float, float] | None,
        half: float | None = None,
        **more: Any,
    ) -> None:
        domain = more.pop("domain", {})
        inputs = tuple(self.figure(name, round_, {**domain, dimension: code}, more.get("category", ALL)) for code in (a, b))
        shared: dict[str, Any] = {"domain": domain, "dimension": dimension, "group_a": a, "group_b": b, "inputs": inputs} | more
        self.compare("gap_difference", name, round_, values, half=half, **shared)
        self.compare("gap_ratio", name, round_, values, half=half, **shared)

    def target(self, name: str, actual: float | None, target: float, status: str, half: float | None = None, **more: Any) -> None:
        inputs = (self.figure(name, "midline", more.get("domain", {})),)
        values = (actual, target) if actual is not None else None
        self.compare(
            "against_milestone", name, "midline", values, half=half, target=target, status=status, rule="interval", inputs=inputs, **more
        )

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        head = [*KEYS_BEFORE, *self.dimensions, *KEYS_AFTER]
        return pd.DataFrame(self.estimates, columns=[*head, *ESTIMATED]), pd.DataFrame(self.comparisons, columns=[*head, *COMPARED])


def facts(name: str, kind: str = "answers", basis: str = "probability", **more: Any) -> dict[str, Any]:
    base = {
        "name": name, "label": "", "kind": kind, "owner": "The partners", "share": "donor", "counts": "people", "basis": basis, "weights": None,
        "rounds": {}, "round_relation": None, "rows": {}, "left_out": {}, "listed": {}, "partners": 4, "who_was_asked": "", "who_was_missed": "",
        "collected_by": "", "language": "en", "questions": 0, "minutes": None, "paid": "", "returned": "", "warnings": {},
    }  # fmt: skip
    return base | more


def about(name: str, datasets: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    base = {
        "alliance": {"id": "invented-one", "name": name, "invented": True, "purpose": "That nobody decides over young people without them.",
                     "programme": "Voices 2021 to 2025", "period": {"start": "2021-01-01", "end": "2025-12-31"},
                     "who_did_the_work": "Collected by twelve young women with and without a disability; translated by Amina T."},
        "members": [
            {"id": "a", "name": "Mwanga Collective", "side": "south", "country": "KE", "role": "lead"},
            {"id": "b", "name": "Réseau Lumière", "side": "south", "country": "BF", "role": ""},
            {"id": "c", "name": "Bridge Fund", "side": "north", "country": "NL", "role": "holds the grant"},
        ],
        "partners": {"total": 9, "not_shown": 1, "by_country": {"KE": 5, "BF": 4}, "by_type": {"opd": 3, "youth": 6},
                     "led_by": {"women": 5, "youth": 6, "disability": 3}},
        "datasets": list(datasets), "targets": {}, "unmapped": {}, "report": {"title": "", "sections": [], "languages": ["en"]},
    }  # fmt: skip
    return base | more


def outcome(at: int, country: str, direction: str = "positive", **more: Any) -> dict[str, Any]:
    base = {
        "outcome_id": f"o{at}", "date": "2024-05-03", "country": country, "place": "", "level": "local", "actor": "District council",
        "actor_type": "authority", "title": f"Change number {at}", "description": "The council opened its budget meeting to everyone.",
        "significance": "", "significance_says": "", "contribution": "", "contributors": "", "intended": "intended", "direction": direction,
        "backlash": "no", "pathway": "", "basket_codes": "", "instrument_id": "", "sources": "", "verifier": "", "verifier_independent": "yes",
        "substantiation": "agreed", "substantiation_comment": "", "sensitivity": "none", "consent": "yes", "publish": "donor",
        "written_by": "Mwanga Collective", "language": "en",
    }  # fmt: skip
    return base | more


OUTCOMES = pd.DataFrame(
    [
        outcome(1, "KE"), outcome(2, "KE", "negative", substantiation="partly"), outcome(3, "BF", "held_the_line"),
        outcome(4, "BF", backlash="yes", intended="unintended", substantiation="none"),
        outcome(5, "BF", language="fr", title="Le conseil écoute", description="Le conseil a ouvert sa réunion."), outcome(6, "NL", level="national"),
    ]
)  # fmt: skip
READINGS = pd.DataFrame(
    [
        {"reading_id": "r1", "indicator": "heard", "round": "midline", "domain": "", "measure": "estimate", "group": "Women's group, Kisumu",
         "date": "2025-02-01", "language": "en", "what_it_means": "They let us speak, and then decide without us.",
         "what_is_wrong": "Speaking is not being heard.", "dissent": "Two of us were heard.", "may_be_quoted": "yes", "publish": "donor"},
        {"reading_id": "r2", "indicator": "heard", "round": "midline", "domain": "disability=with_disability", "measure": "gap_ratio",
         "group": "Members with a disability", "date": "2025-02-02", "language": "fr", "what_it_means": "Nous n'étions pas invitées.",
         "what_is_wrong": "", "dissent": "", "may_be_quoted": "no", "publish": "donor"},
    ]
)  # fmt: skip
STORIES = pd.DataFrame(
    [
        {"story_id": "s1", "partner": "Mwanga Collective", "date": "2024-08-09", "language": "sw", "title": "Sauti yetu",
         "text": "Tulisimama pamoja.", "translation": "We stood together.", "consent": "yes", "publish": "public"},
    ]
)  # fmt: skip


def protection(**more: Any) -> Protection:
    base: dict[str, Any] = {
        "policy": Policy(threshold=10, sensitive={"orientation": SensitiveDimension(reason="it can out a person")}), "figures": 60, "primary": 2,
        "secondary": 1, "withheld": 0, "comparisons_withheld": 1, "narratives_withheld": 2, "groups_not_shown": 3,
    }  # fmt: skip
    return Protection(**(base | more))


def release(tables: tuple[pd.DataFrame, pd.DataFrame], about_: Mapping[str, Any], labels: Mapping[str, Any], **more: Any) -> Release:
    base: dict[str, Any] = {
        "audience": "donor", "estimates": tables[0], "comparisons": tables[1], "narratives": Narratives(), "protection": protection(),
        "about": about_, "labels": labels, "code_version": "0.1.0", "git_commit": "0123456789abcdef", "made_on": "2026-11-23",
        "provenance": ({"sha256": "ab" * 32, "format": "csv", "round": "midline", "form_versions": ["3"]},),
    }  # fmt: skip
    return Release(**(base | more))


ROUNDS = {"survey": {"baseline": {"label": "Baseline", "date": "2021-06-01"}, "midline": {"label": "Midline", "date": "2024-06-01"}}}


def survey() -> Release:
    """Two rounds, drawn by chance: gender, disability, age, region, one crossing; hidden and thin groups; targets; gaps; a register."""
    rows = Rows(("gender", "disability", "age", "region"))
    _heard(rows)
    _others(rows)
    label = "Heard in village meetings"
    names = {
        "heard": indicator(label, claim="were heard in village meetings", why_it_matters="Who is not heard is planned for, not with.",
                           voice={"chosen_by": "Young women's assembly", "tested_with": "Two groups of members with a disability", "veto": ""}),
        "clinic": indicator("Turned away at a clinic", claim="were turned away at a clinic", polarity="lower_is_better", status="as_commonly_quoted"),
        "meetings": indicator("Meetings gone to in a year", kind="mean", unit="meetings", polarity="neither", status="for_you_to_fill"),
        "barrier": indicator("What keeps people away", kind="distribution", polarity="neither",
                             categories={"distance": "Too far", "not_invited": "Not invited", "no_interpreter": "No sign language"}),
        "reached": indicator("People reached, by gender", kind="composition", polarity="neither", categories=GENDER),
    }  # fmt: skip
    told = about(
        "Every Step", [
            facts("survey", label="Household survey", weights="expansion", round_relation="independent",
                  rounds={"baseline": "2021-06-01", "midline": "2024-06-01"},
                  rows={"baseline": 780, "midline": 812}, left_out={"NO_CONSENT": 14, "ODD_AGE": 1},
                  who_was_missed="People who live in institutions.",
                  who_was_asked="One person of 15 or older in each household drawn", collected_by="Twelve young women", language="en; fr",
                  questions=38, minutes=24.0),
            facts("outcomes", kind="outcomes", rows={"all": 6}), facts("readings", kind="readings", rows={"all": 2}),
        ],
        targets={"heard": [{"round": "midline", "value": 0.5, "where": {}, "rule": "interval", "set_by": "the assembly", "reason": "Half is the least"}]},
        unmapped={"owns_land": ["land_title"]},
    )  # fmt: skip
    labels = {"dimensions": dimension_labels(rows.dimensions), "indicators": names, "rounds": ROUNDS}
    return release(rows.tables(), told, labels, narratives=Narratives(OUTCOMES, READINGS, STORIES))


def _heard(rows: Rows) -> None:
    rows.estimate("heard", "baseline", 0.34, 780, half=0.04)
    rows.estimate("heard", "midline", 0.41, 812, half=0.04)
    for domain, before, after, n in (
        ({"gender": "woman"}, 0.28, 0.30, 430), ({"gender": "man"}, 0.40, 0.52, 371),
        ({"disability": "with_disability"}, 0.20, 0.21, 130), ({"disability": "without_disability"}, 0.36, 0.43, 660),
        ({"age": "15-24"}, 0.25, 0.27, 240), ({"age": "25-59"}, 0.38, 0.46, 470), ({"age": "60+"}, 0.37, 0.44, 102),
        ({"region": "north"}, 0.33, 0.40, 400), ({"region": "coast"}, 0.35, 0.42, 412),
    ):  # fmt: skip
        rows.estimate("heard", "baseline", before, n, domain, half=0.05)
        rows.estimate("heard", "midline", after, n, domain, half=0.05)
        rows.change("heard", (after, before), 0.055, domain)
    for round_ in ("baseline", "midline"):
        rows.estimate("heard", round_, None, None, {"gender": "non_binary"}, hidden=True)
        rows.estimate("heard", round_, 0.3, 11, {"gender": "prefer_not_to_say"}, half=0.25, reliability="too_few")
        rows.estimate("heard", round_, 0.33, 22, {"disability": "not_known"}, half=0.2, reliability="caution")
    rows.change("heard", None, domain={"gender": "non_binary"})
    for gender, disability, value, n in (
        ("woman", "with_disability", 0.18, 70),
        ("woman", "without_disability", 0.33, 350),
        ("man", "without_disability", 0.55, 300),
    ):
        rows.estimate("heard", "midline", value, n, {"gender": gender, "disability": disability}, half=0.05)
    rows.estimate("heard", "midline", None, None, {"gender": "man", "disability": "with_disability"}, hidden=True)
    rows.change("heard", (0.41, 0.34), 0.05)
    rows.gap("heard", "midline", "gender", "man", "woman", (0.52, 0.30), 0.07)
    rows.gap("heard", "midline", "disability", "with_disability", "without_disability", (0.21, 0.43), 0.06)
    rows.gap("heard", "midline", "region", "coast", "north", (0.42, 0.40), 0.06)
    rows.gap("heard", "midline", "age", "25-59", "15-24", None)
    rows.target("heard", 0.41, 0.5, "not_reached", 0.04)


def _others(rows: Rows) -> None:
    for round_, value in (("baseline", 0.22), ("midline", 0.20)):
        rows.estimate("clinic", round_, value, 800, half=0.03)
        rows.estimate("clinic", round_, value + 0.1, 130, {"disability": "with_disability"}, half=0.05)
        rows.estimate("clinic", round_, value - 0.04, 660, {"disability": "without_disability"}, half=0.03)
    rows.change("clinic", (0.20, 0.22), 0.04)
    rows.gap("clinic", "midline", "disability", "with_disability", "without_disability", (0.30, 0.16), 0.05)
    rows.target("clinic", 0.20, 0.2, "cannot_say", 0.03)
    rows.estimate("meetings", "midline", 3.42, 812, half=0.31)
    rows.estimate("meetings", "midline", 2.1, 130, {"disability": "with_disability"}, half=0.4)
    for code, value in (("distance", 0.45), ("not_invited", 0.22)):
        rows.estimate("barrier", "midline", value, 700, category=code, half=0.04)
    rows.estimate("barrier", "midline", None, None, category="no_interpreter", hidden=True)
    for code, value in (("woman", 0.53), ("man", 0.455)):
        rows.estimate("reached", "midline", value, 812, category=code, half=0.03)
    rows.estimate("reached", "midline", None, None, category="non_binary", hidden=True)
    rows.estimate("reached", "midline", 0.004, 812, category="prefer_not_to_say", half=0.003)


def no_survey() -> Release:
    """Partners, outcomes and stories, and nobody was surveyed."""
    rows = Rows(())
    told = about(
        "Rivers Rising",
        [facts("outcomes", kind="outcomes", basis="", rows={"all": 6}), facts("stories", kind="stories", basis="", rows={"all": 1})],
    )
    kept = protection(figures=0, primary=0, secondary=0, groups_not_shown=0, comparisons_withheld=0)
    labels: dict[str, Any] = {"dimensions": {}, "indicators": {}, "rounds": {}}
    return release(rows.tables(), told, labels, narratives=Narratives(OUTCOMES, pd.DataFrame(), STORIES), protection=kept, provenance=())


def census_of_twelve() -> Release:
    """One partner, twelve answers of fourteen on the list, half from paper; every group is hidden."""
    rows = Rows(("gender",), basis="census")
    rows.estimate("heard", "all", 9 / 12, 12, reliability="too_few")
    for code in ("woman", "man"):
        rows.estimate("heard", "all", None, None, {"gender": code}, hidden=True)
    rows.gap("heard", "all", "gender", "woman", "man", None)
    survey_ = facts("survey", basis="census", rounds={"all": "2024-06-01"}, rows={"all": 12}, listed={"all": 14},
                    who_was_missed="Two people who were travelling", questions=9, minutes=10.0, returned="At the meeting of 3 July 2024")  # fmt: skip
    names = {"heard": indicator("Heard in village meetings", claim="were heard in village meetings")}
    told = about("Small Steps", [survey_], partners={"total": 1, "not_shown": 0, "by_country": {"KE": 1}, "by_type": {}, "led_by": {}})
    labels = {
        "dimensions": dimension_labels(("gender",)),
        "indicators": names,
        "rounds": {"survey": {"all": {"label": "2024", "date": "2024-06-01"}}},
    }
    return release(rows.tables(), told, labels, protection=protection(primary=2, secondary=0, groups_not_shown=2, narratives_withheld=0))


def purposive() -> Release:
    """Forty-three women and men who were chosen; two rounds; counts before percents."""
    rows = Rows(("gender",), basis="purposive")
    for round_, values in (("baseline", ((14, 19), (8, 12))), ("midline", ((20, 31), (9, 12)))):
        (yes_w, n_w), (yes_m, n_m) = values
        rows.estimate("heard", round_, (yes_w + yes_m) / (n_w + n_m), n_w + n_m)
        rows.estimate("heard", round_, yes_w / n_w, n_w, {"gender": "woman"}, yes=yes_w)
        rows.estimate("heard", round_, yes_m / n_m, n_m, {"gender": "man"}, yes=yes_m)
    rows.change("heard", (29 / 43, 22 / 31), status="no_test")
    rows.gap("heard", "midline", "gender", "woman", "man", (20 / 31, 9 / 12), status="no_test")
    rows.target("heard", 29 / 43, 0.6, "no_rule")
    names = {"heard": indicator("Heard in village meetings", claim="were heard in village meetings")}
    survey_ = facts("survey", basis="purposive", rounds={"baseline": "2021-06-01", "midline": "2024-06-01"}, rows={"baseline": 31, "midline": 43},
                    round_relation="independent")  # fmt: skip
    labels = {"dimensions": dimension_labels(("gender",)), "indicators": names, "rounds": ROUNDS}
    return release(rows.tables(), about("Open Doors", [survey_]), labels, protection=protection(primary=0, secondary=0, groups_not_shown=0))


RELEASES = {"survey": survey, "no_survey": no_survey, "census_of_twelve": census_of_twelve, "purposive": purposive}
