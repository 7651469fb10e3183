"""learn asks few questions, each from the release, and never quotes what is hidden."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest

from mel.disclosure import protect
from mel.errors import UsageError
from mel.learning import learn
from mel.model.estimates import figure_of
from mel.model.figure import FigureId
from mel.model.policy import Policy
from mel.model.release import Narratives

_spec = importlib.util.spec_from_file_location("protection_tables", Path(__file__).parents[2] / "privacy" / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)
row = tables.row


def decisions(rows, compared=(), narratives=None, **facts):
    given = tables.estimates(rows, ("gender", "age"))
    release = protect(
        given,
        tables.comparisons(given, compared),
        narratives or Narratives(),
        policy=Policy(),
        audience="public",
        context=tables.context(**facts),
    )
    return learn(release).table


def about(table, words):
    return table[table["question"].str.contains(words, regex=False)]


def test_columns_are_the_documented_ones_and_decisions_wait_for_people():
    table = decisions([row(n=60)])
    assert list(table.columns) == ["question", "why", "figure", "asked_of", "decision", "decided_by", "date", "reason"]
    assert table[["decision", "decided_by", "date", "reason"]].isna().all(axis=None)


def test_a_figure_nobody_has_read_is_asked_about_until_it_is_read():
    rows = [row(n=60), row(n=60, indicator="safe")]
    read = pd.DataFrame([{"indicator": "safe", "round": "midline", "domain": "", "may_be_quoted": "no", "publish": "public"}])
    found = about(decisions(rows, narratives=Narratives(readings=read)), "mean to those who answered")
    assert [json.loads(f)["indicator"] for f in found["figure"]] == ["heard"]
    assert FigureId.from_json(json.loads(found["figure"].iloc[0])) == FigureId("heard", "1", "midline", dataset="survey")


def test_groups_heard_but_not_shown_are_asked_about_without_their_number():
    rows = [row(n=60), row(n=30, gender="woman"), row(n=23, gender="man"), row(n=7, gender="other")]
    found = about(decisions(rows), "heard and stay safe")
    assert ["other" in q or "man" in q for q in found["question"]] == [True, True]
    assert not found["why"].str.contains("7").any()


def test_milestones_missed_or_not_judged_are_asked_about():
    whole = figure_of(tables.estimates([row(n=60)], ("gender", "age")).table.iloc[0].to_dict(), ("gender", "age"))
    for status, words in (("not_reached", "stood in the way"), ("cannot_say", "would let us say"), ("reached", None)):
        table = decisions([row(n=60)], [{"measure": "against_milestone", "target": 0.6, "status": status, "inputs": (whole,)}])
        assert len(about(table, words or "milestone")) == (1 if words else 0)


def test_people_we_know_nothing_of_are_asked_about():
    rows = [row(n=60), row(n=40, gender="woman"), row(n=20, gender="not_known")]
    found = about(decisions(rows), "Should gender be asked")
    assert "33%" in found["why"].iloc[0]
    assert about(decisions([row(n=300), row(n=280, gender="woman"), row(n=20, gender="not_known")]), "Should").empty


def test_a_question_that_many_did_not_answer_is_asked_about():
    assert len(about(decisions([row(n=60, n_missing=20)]), "so often not known")) == 1
    assert about(decisions([row(n=60, n_missing=2)]), "so often").empty


def test_what_is_not_mapped_is_asked_about():
    found = about(decisions([row(n=60)], unmapped={"safe_at_home": ("safe",)}), "safe_at_home")
    assert "safe" in found["why"].iloc[0]


def outcomes(**fields):
    base = {"outcome_id": "o", "country": "KE", "contributors": "p1", "sensitivity": "none", "consent": "yes", "publish": "public"}
    return Narratives(outcomes=pd.DataFrame([base | {"direction": "positive", "backlash": "no", "substantiation": "agreed"} | fields]))


def test_a_register_without_any_setback_is_asked_about():
    assert len(about(decisions([row(n=60)], narratives=outcomes()), "What got worse")) == 1
    for fields in ({"direction": "negative"}, {"backlash": "yes"}):
        assert about(decisions([row(n=60)], narratives=outcomes(**fields)), "What got worse").empty


def test_outcomes_no_one_confirmed_are_asked_about():
    assert len(about(decisions([row(n=60)], narratives=outcomes(substantiation="none")), "from elsewhere")) == 1
    assert about(decisions([row(n=60)], narratives=outcomes()), "from elsewhere").empty


def test_the_order_is_always_the_same():
    rows = [row(n=60), row(n=30, gender="woman"), row(n=23, gender="man"), row(n=7, gender="other")]
    pd.testing.assert_frame_equal(decisions(rows), decisions(rows))


def test_a_release_without_figures_still_learns_from_its_register():
    given = tables.estimates([row(n=60)], ("gender", "age"))
    empty = given.with_table(given.table.iloc[:0])
    release = protect(empty, tables.comparisons(empty), outcomes(), policy=Policy(), audience="public", context=tables.context())
    assert len(about(learn(release).table, "What got worse")) == 1


def test_only_a_release_is_learned_from():
    with pytest.raises(UsageError) as refused:
        learn(tables.estimates([row(n=60)], ("gender",)))
    assert refused.value.codes == ("LEARN_NOT_PROTECTED",)
