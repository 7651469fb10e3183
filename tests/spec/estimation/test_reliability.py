"""The manual of what is precise enough to say aloud: a rule is data, it judges every row, and it says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mel.collection import load_alliance
from mel.errors import InputError, UsageError
from mel.estimation import measure
from mel.estimation.reliability import Judged, reliability
from mel.formats.packs import load_packs
from mel.model.pack import ReliabilityRule
from mel.model.sample import Sample
from mel.portfolio.road import _reliability

RULES = load_packs(["reliability", "dhs"]).reliability
NCHS, CV, HOSPICE, DHS = (RULES[name] for name in ("nchs_proportions", "statcan_cv", "nchs_nhhcs_30", "dhs_25_50"))
HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
HOURS = ("hours", "mean", {"value": "hours"})
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}
HEAD = "gender | heard | hours\n"


def many(yes: int, no: int) -> str:
    return HEAD + "woman | yes | 2\n" * yes + "man | no | 4\n" * no


def judged(sample: Sample, ask: Any, *rules: ReliabilityRule, kind: tuple[Any, ...] = HEARD) -> tuple[str, str]:
    row = measure(sample, [ask(*kind)], reliability=rules).table.iloc[0]
    return row["reliability"], row["note"]


def shown(n: float, p: float, se: float, df: float, kind: str = "proportion", *, exact: bool = False) -> Judged:
    """One row as a rule sees it."""
    return Judged(kind, True, *(np.array([float(x)]) for x in (n, p, se, df)), np.array([exact]))


def said(row: Judged, *rules: ReliabilityRule) -> str:
    return str(reliability(row, rules)[0][0])


def test_without_a_rule_nobody_is_too_few_but_nobody(draw: Any, ask: Any) -> None:
    assert judged(draw(many(3, 2), **CHANCE), ask) == ("ok", "")


def test_dhs_counts_answers(draw: Any, ask: Any) -> None:
    for yes, no, verdict in ((12, 12, "too_few"), (20, 10, "caution"), (30, 30, "ok")):
        assert judged(draw(many(yes, no), **CHANCE), ask, DHS)[0] == verdict
    assert judged(draw(many(20, 10), **CHANCE), ask, DHS)[1] == "Fewer than 50 answered."


def test_nchs_asks_how_wide_the_interval_is(draw: Any, ask: Any) -> None:
    assert judged(draw(many(16, 16), **CHANCE), ask, NCHS) == ("too_few", "Its interval is 30 points wide or more.")
    assert judged(draw(many(60, 60), **CHANCE), ask, NCHS) == ("ok", "")


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (shown(29, 0.5, 0.05, 40), "too_few"),  # fewer than 30 answered
        (shown(500, 0.5, 0.1, 40), "too_few"),  # who say as much as 25
        (shown(100, 0.5, 0.08, 40), "too_few"),  # 31 points wide
        (shown(150, 0.02, 0.012, 100), "too_few"),  # more than 130 % of 2 %
        (shown(150, 0.98, 0.012, 100), "ok"),  # the rest is less sure, this is said
        (shown(5000, 0.01, 0.002, 100), "ok"),  # narrower than 5 points: how wide against the share is not asked
        (shown(1000, 0.5, 0.02, 7), "caution"),
        (shown(200, 1.0, 0.0, 100), "caution"),  # everybody
        (shown(200, 0.0, np.nan, 0), "caution"),  # nobody
        (shown(200, 0.5, np.nan, 0), "too_few"),  # nothing is known of how sure this is
        (shown(200, 0.5, 0.0, 0, exact=True), "ok"),  # everybody was asked
    ],
)
def test_the_steps_of_nchs(row: Judged, verdict: str) -> None:
    assert said(row, NCHS) == verdict


def test_a_coefficient_of_variation() -> None:
    assert [said(shown(100, 10, se, 50, "mean"), CV) for se in (1.6, 1.7, 3.3, 3.4)] == ["ok", "caution", "caution", "too_few"]
    assert said(shown(100, 0, 1, 50, "mean"), CV) == "too_few"  # of nothing, nothing can be said this way
    assert [said(shown(n, 10, se, 50, "total"), HOSPICE) for n, se in ((29, 1), (59, 1), (60, 2.9), (60, 3))] == [
        "too_few", "caution", "ok", "caution",
    ]  # fmt: skip


def test_a_rule_for_shares_says_when_it_met_something_else(draw: Any, ask: Any) -> None:
    """Only the answers of a mean are counted then; or the next rule named, which was written for it, judges."""
    sample = draw(many(60, 60), **CHANCE)
    verdict, note = judged(sample, ask, NCHS, kind=HOURS)
    assert verdict == "ok"
    assert note == (
        "The rule 'NCHS presentation standards for proportions (2017)' was written for proportion, distribution, composition; "
        "of this figure only the number of answers was judged."
    )
    assert judged(sample, ask, NCHS, CV, kind=HOURS) == ("ok", "")


def test_where_nobody_was_drawn_by_chance_only_the_answers_are_counted(draw: Any, ask: Any) -> None:
    assert judged(draw(many(16, 16), basis="purposive"), ask, NCHS) == ("ok", "")
    assert judged(draw(many(10, 10), basis="purposive"), ask, NCHS)[0] == "too_few"


def test_what_is_no_rule_is_refused(draw: Any, ask: Any) -> None:
    with pytest.raises(UsageError, match="RELIABILITY_NO_RULE"):
        measure(draw(many(3, 3)), [ask(*HEARD)], reliability=("nchs",))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"too_wide_from": None, "narrow_up_to": None, "relative_width_above": None},
        {"interval": None},
        {"kinds": ()},
        {"kinds": ("mean",)},
        {"caution_below": 20},
        {"narrow_up_to": 0.4},
        {"cv_caution_from": 0.3, "cv_too_few_above": 0.2},
        {"something_else": 1},
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReliabilityRule(**(NCHS.model_dump() | change))


def test_every_rule_says_where_it_comes_from() -> None:
    assert all(rule.source and rule.status in ("confirmed", "as_commonly_quoted") for rule in RULES.values())
    assert {rule.id for rule in RULES.values() if rule.status != "confirmed"} == {"statcan_cv"}


def written(folder: Path, packs: str, report: str) -> Path:
    """The smallest alliance that can be read, with these packs and this report."""
    text = f"""
packs = {packs}

[alliance]
name = "Invented"
period = {{ from = 2021-01-01, to = 2025-12-31 }}

[[members]]
id = "one"
name = "One"
country = "NL"

[[datasets]]
name = "people"
kind = "answers"
counts = "people"
owner = "one"
may_go_to = "public"
design = {{ basis = "census" }}
rounds = [{{ name = "baseline", files = ["a.csv"], date = 2022-01-01 }}]

[report]
{report}
"""
    (folder / "alliance.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("packs", "report", "code"),
    [
        ('["dhs", "reliability"]', "", "RELIABILITY_NOT_SAID"),
        ('["reliability"]', 'reliability = ["nchs_proportion"]', "RELIABILITY_UNKNOWN"),
        ('["reliability", "dhs"]', 'reliability = ["nchs_proportions", "statcan_cv"]', None),
        ('["dhs"]', "", None),
    ],
)
def test_an_alliance_names_its_rules(packs: str, report: str, code: str | None, tmp_path: Path) -> None:
    folder = written(tmp_path, packs, report)
    try:
        alliance = load_alliance(folder)
    except InputError as error:
        codes = error.codes
    else:
        codes = ()
        chosen = _reliability(alliance, load_packs(alliance.packs, folder))
        assert [rule.id for rule in chosen] == list(alliance.report.reliability or ("dhs_25_50",))
    assert [c for c in codes if c.startswith("RELIABILITY")] == ([code] if code else []), codes


def test_a_capped_korn_graubard_is_never_surer_than_those_who_answered(draw: Any, ask: Any) -> None:
    """Where a design is better than chance, the plain one counts more people than answered."""
    rows = "stratum | heard\n" + "north | yes\n" * 20 + "south | no\n" * 19 + "south | yes\n"
    sample = draw(rows, **(CHANCE | {"stratum": "stratum"}))
    plain, capped = (measure(sample, [ask(*HEARD)], interval=how).table.iloc[0] for how in ("korn_graubard", "korn_graubard_capped"))
    assert capped["ci_low"] < plain["ci_low"]
    assert plain["ci_high"] < capped["ci_high"]
