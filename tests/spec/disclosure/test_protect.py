"""What protect shows, what it hides, and what it refuses. Small drawn tables, one idea a test."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mel.disclosure import protect
from mel.errors import ProtectionRefused, UsageError
from mel.model.estimates import figure_of
from mel.model.policy import Policy
from mel.model.release import DatasetFacts, Narratives
from mel.model.sample import Dimension

_spec = importlib.util.spec_from_file_location("protection_tables", Path(__file__).parents[2] / "privacy" / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)
row, indicator = tables.row, tables.indicator


def released(rows, dims=("gender",), *, compared=(), policy=None, audience="public", narratives=None, indicators=(), **facts):
    given = tables.estimates(rows, dims, indicators)
    return protect(
        given, tables.comparisons(given, compared), narratives or Narratives(),
        policy=policy or Policy(), audience=audience, context=tables.context(**facts),
    )  # fmt: skip


def states(release, *keys):
    table = release.estimates
    return dict(zip(zip(*(table[k] for k in keys), strict=True) if len(keys) > 1 else table[keys[0]], table["disclosure"], strict=True))


# ---- floors -----------------------------------------------------------------------------------------------------------------------


def test_a_group_under_the_floor_loses_every_number():
    release = released([row(n=50, n_yes=20), row(n=45, n_yes=19, gender="woman"), row(n=5, n_yes=1, gender="non_binary")])
    hidden = release.estimates[release.estimates["gender"] == "non_binary"].iloc[0]
    assert hidden["disclosure"] == "primary"
    assert hidden[["estimate", "n", "n_yes", "n_missing", "n_not_known", "weighted_total"]].isna().all()
    assert (hidden["reliability"], hidden["note"]) == ("", "")


def test_a_total_does_not_give_a_hidden_group_back():
    release = released([row(n=50), row(n=25, gender="woman"), row(n=20, gender="man"), row(n=5, gender="non_binary")])
    assert states(release, "gender") == {"all": "open", "woman": "open", "man": "secondary", "non_binary": "primary"}


def test_two_hidden_groups_together_hold_at_least_the_threshold():
    release = released([row(n=50), row(n=30, gender="a"), row(n=14, gender="b"), row(n=4, gender="c"), row(n=2, gender="d")])
    assert states(release, "gender") == {"all": "open", "a": "open", "b": "secondary", "c": "primary", "d": "primary"}


def test_an_empty_group_is_shown_as_zero_it_is_about_nobody():
    release = released([row(n=40), row(n=20, gender="woman"), row(n=20, gender="man"), row(n=0, gender="non_binary")])
    assert states(release, "gender")["non_binary"] == "open"


def test_a_group_in_which_nobody_answered_is_still_a_small_group():
    rows = [row(n=40, n_missing=3), row(n=20, gender="woman"), row(n=20, gender="man"), row(n=0, n_missing=3, gender="non_binary")]
    assert states(released(rows), "gender")["non_binary"] == "primary"


def test_organisations_and_things_have_no_floor():
    for counts in ("organisations", "things"):
        rows = [row(n=6, counts=counts), row(n=4, gender="woman", counts=counts), row(n=2, gender="man", counts=counts)]
        assert set(released(rows).estimates["disclosure"]) == {"open"}


def test_where_the_indicator_is_sensitive_one_or_two_people_disclose():
    hurt = indicator("hurt", sensitivity="sensitive")
    rows = [
        row(n=n, n_yes=yes, indicator="hurt", gender=g) for g, n, yes in (("all", 300, 42), ("a", 100, 40), ("b", 100, 2), ("c", 100, 0))
    ]
    release = released(rows, indicators=[hurt])
    assert states(release, "gender") == {"all": "open", "a": "open", "b": "primary", "c": "primary"}
    assert release.estimates["n_not_known"].isna().all()  # one person's silence can point at that person


def test_a_low_share_is_shown_where_the_indicator_is_not_sensitive():
    rows = [row(n=200, n_yes=30), row(n=100, n_yes=2, gender="woman"), row(n=100, n_yes=28, gender="man")]
    assert set(released(rows).estimates["disclosure"]) == {"open"}


def test_a_group_hidden_in_one_indicator_is_not_given_back_by_another_asked_of_the_same_people():
    rows = [row(n=n, gender=g, indicator=i) for i in ("heard", "safe") for g, n in (("all", 60), ("woman", 40), ("man", 15), ("other", 5))]
    found = states(released(rows), "indicator", "gender")
    assert found["heard", "man"] == found["safe", "man"] == "secondary"


def test_a_composition_is_a_table_of_group_sizes_too():
    reached = indicator("reached", kind="composition", value="gender")
    rows = [row(n=60, n_yes=n, indicator="reached", category=g) for g, n in (("woman", 40), ("man", 15), ("other", 5))]
    rows += [row(n=n, n_yes=n // 2, gender=g) for g, n in (("all", 60), ("woman", 40), ("man", 15), ("other", 5))]
    release = released(rows, indicators=[reached, indicator()])
    found = states(release, "indicator", "gender", "category")
    assert found["reached", "all", "other"] == "primary"
    assert found["reached", "all", "man"] == found["heard", "man", "all"] == "secondary"
    assert found["reached", "all", "woman"] == found["heard", "all", "all"] == "open"


def test_crossings_are_hidden_before_single_dimensions():
    cells = tables.people(
        {("w", "young"): (4, 0, 0), ("w", "old"): (20, 20, 0), ("m", "young"): (15, 15, 0), ("m", "old"): (9, 9, 0)}, ("gender", "age")
    )
    rows = tables.rows_of(cells, [("gender",), ("age",), ("gender", "age")], ("gender", "age"))
    found = states(released(rows, ("gender", "age")), "gender", "age")
    assert {k: v for k, v in found.items() if "all" in k} == dict.fromkeys([k for k in found if "all" in k], "open")
    assert found["w", "young"] == "primary"


# ---- owners, dimensions, risk -----------------------------------------------------------------------------------------------------


def dataset(**fields):
    return {
        "name": "survey", "kind": "answers", "owner": "amani", "share": "public", "design": {"basis": "census"},
        "rounds": [{"name": "midline", "date": "2026-06-01", "files": ["data/midline.csv"]}],
    } | fields  # fmt: skip


def test_a_dataset_goes_only_as_far_as_its_owner_lets_it():
    alliance = tables.alliance([dataset(share="alliance")])
    rows = [row(n=60), row(n=60, gender="woman")]
    for audience, shown in (("own", 2), ("alliance", 2), ("donor", 0), ("public", 0)):
        release = released(rows, audience=audience, alliance=alliance)
        assert len(release.estimates) == shown
        assert ("survey" in release.labels["rounds"]) == bool(shown)
    assert release.protection.withheld == 2
    assert any("not for this audience" in note for note in release.protection.notes)


def test_a_sensitive_dimension_is_never_broken_down_or_shown_alone():
    rows = [row(n=80, orientation=o, age=a) for o, a in (("all", "all"), ("x", "all"), ("all", "old"), ("x", "old"))]
    for publish, keys in (("never", {("all", "all"), ("all", "old")}), ("whole_only", {("all", "all"), ("all", "old"), ("x", "all")})):
        policy = Policy(sensitive={"orientation": {"publish": publish, "reason": "invented"}})
        release = released(rows, ("orientation", "age"), policy=policy)
        seen = release.estimates if publish == "whole_only" else release.estimates.assign(orientation="all")
        assert set(zip(seen["orientation"], seen["age"], strict=True)) == keys
        assert ("orientation" in release.estimates) == (publish == "whole_only"), "its name alone tells that people were asked"
        assert ("orientation" in release.labels["dimensions"]) == (publish == "whole_only")
        assert set(release.protection.policy.sensitive) == ({"orientation"} if publish == "whole_only" else set())


def test_a_dimension_marked_sensitive_that_the_policy_forgot_is_never_broken_down():
    marked = Dimension("faith", "Faith", {"x": "X"}, sensitive=True)
    release = released([row(n=80), row(n=80, faith="x")], (marked,))
    assert len(release.estimates) == 1
    assert "faith" not in release.estimates


def test_a_dimension_made_from_a_sensitive_one_goes_no_further_than_it():
    made = Dimension("faithful_youth", "Young and of a faith", {"yes": "Yes"}, derived_from=("age", "faith"))
    faith = Dimension("faith", "Faith", {"x": "X"})
    rows = [row(n=80), row(n=40, faith="x"), row(n=40, faithful_youth="yes"), row(n=40, age="old")]
    policy = Policy(sensitive={"faith": {"publish": "never", "reason": "invented"}})
    release = released(rows, (faith, made, "age"), policy=policy)
    assert release.estimates["age"].tolist() == ["all", "old"]
    assert "faithful_youth" not in release.labels["dimensions"]


AT_RISK = {"reason": "invented", "decided_by": "invented"}


def test_a_partner_at_risk_is_named_nowhere_and_its_figures_do_not_come_back():
    partners = pd.DataFrame({"partner_id": ["p1", "p2", "p3"], "name": ["Amani", "Upendo", "Tumaini"], "country": ["KE", "KE", "UG"]})
    rows = [row(n=n, partner=p, counts="organisations") for p, n in (("all", 90), ("p1", 20), ("p2", 30), ("p3", 40))]
    release = released(rows, ("partner",), policy=Policy(partners_at_risk={"p2": AT_RISK}), partners=partners)
    assert states(release, "partner") == {"all": "open", "p1": "secondary", "p3": "open"}
    assert release.about["partners"] | {"by_type": 0} == {
        "total": 3,
        "not_shown": 1,
        "by_country": {"KE": 2, "UG": 1},  # p2 is counted: 90 less the others would tell where it is
        "by_type": 0,
        "led_by": {},
    }
    assert "p2" not in str(release) + str(release.protection)
    assert release.labels["dimensions"]["partner"]["categories"].keys() == {"p1", "p3"}


def test_norway_is_not_the_answer_no():
    rows = [row(n=80), row(n=40, member="yes"), row(n=40, member="no")]
    release = released(rows, ("member",), policy=Policy(countries_at_risk={"NO": AT_RISK}))
    assert set(release.estimates["member"]) == {"all", "yes", "no"}


def test_a_country_at_risk_takes_its_members_and_partners_along():
    members = [
        {"id": "a", "name": "Alfa", "side": "south", "country": "KE"},
        {"id": "b", "name": "Bravo", "side": "south", "country": "UG"},
    ]
    partners = pd.DataFrame({"partner_id": ["p1", "p2"], "name": ["Amani", "Upendo"], "country": ["KE", "UG"]})
    release = released(
        [row(n=n, country=c) for c, n in (("all", 160), ("KE", 80), ("UG", 80))], ("country",), policy=Policy(countries_at_risk={"UG": AT_RISK}),
        partners=partners, alliance=tables.alliance(members=members),
    )  # fmt: skip
    assert [m["id"] for m in release.about["members"]] == ["a"]
    assert release.about["partners"]["not_shown"] == 1
    assert "UG" not in set(release.estimates["country"])


def test_a_name_at_risk_left_in_a_text_stops_the_release():
    who = tables.alliance().alliance.model_copy(update={"purpose": "With Upendo we stand."})
    alliance = tables.alliance().model_copy(update={"alliance": who})
    partners = pd.DataFrame({"partner_id": ["p2"], "name": ["Upendo"], "country": ["UG"]})
    with pytest.raises(ProtectionRefused) as refused:
        released([row(n=80)], policy=Policy(partners_at_risk={"p2": AT_RISK}), partners=partners, alliance=alliance)
    assert refused.value.codes == ("PROTECT_NAME_AT_RISK",)
    assert "Upendo" not in str(refused.value)


def test_a_few_answers_are_not_counted_out_loud_in_the_facts_either():
    facts = DatasetFacts(
        "survey",
        "",
        "answers",
        "amani",
        "public",
        "people",
        "census",
        None,
        {"midline": "2026-06-01"},
        None,
        {"midline": 7},
        {"X": 1},
        {},
        {"p1": 7},
    )
    release = released([row(n=7, n_yes=3)], datasets=(facts,))
    assert release.estimates["n"].isna().all()
    assert release.about["datasets"][0]["rows"] == {}
    assert release.about["datasets"][0]["left_out"] == {}


# ---- comparisons ------------------------------------------------------------------------------------------------------------------


def test_a_difference_goes_with_its_inputs():
    rows = [row(n=50), row(n=25, gender="woman"), row(n=20, gender="man"), row(n=5, gender="other")]
    base = tables.estimates(rows, ("gender",))
    ids = {r["gender"]: figure_of(r, ("gender",)) for r in base.table.to_dict("records")}
    gap = {"measure": "gap_difference", "dimension": "gender", "value_a": 0.4, "value_b": 0.2, "estimate": 0.2}
    compared = [
        gap | {"group_a": "woman", "group_b": "man", "inputs": (ids["woman"], ids["man"])},
        gap | {"group_a": "woman", "group_b": "all", "inputs": (ids["woman"], ids["all"]), "status": "higher"},
        gap | {"group_a": "woman", "group_b": "all", "inputs": ()},
    ]
    release = released(rows, compared=compared)
    first, second, third = release.comparisons.to_dict("records")
    assert [r["disclosure"] for r in (first, second, third)] == ["withheld", "open", "withheld"]
    assert all(pd.isna(first[c]) for c in ("value_a", "value_b", "estimate"))
    assert {first[c] for c in ("group_a", "group_b", "status")} == {""}
    assert first["inputs"] == ()
    assert second["estimate"] == 0.2
    assert release.protection.comparisons_withheld == 2


# ---- words ------------------------------------------------------------------------------------------------------------------------


def outcome(**fields):
    return {
        "outcome_id": "o1", "country": "KE", "contributors": "p1", "sensitivity": "none", "consent": "yes", "publish": "public",
        "title": "A by-law", "place": "Village", "level": "community", "verifier": "Someone", "written_by": "Someone", "sources": "x",
    } | fields  # fmt: skip


def test_outcomes_leave_only_with_consent_and_permission():
    rows = [
        outcome(),
        outcome(consent="no"),
        outcome(consent=None),
        outcome(publish="donor"),
        outcome(publish="publc"),
        outcome(sensitivity="sensitive"),
        outcome(sensitivity=None),
    ]
    release = released([row(n=80)], narratives=Narratives(outcomes=pd.DataFrame(rows)))
    assert len(release.narratives.outcomes) == 1
    assert release.protection.narratives_withheld == 6
    assert not {"verifier", "written_by", "sources", "consent"} & set(release.narratives.outcomes)
    assert pd.isna(release.narratives.outcomes["place"].iloc[0])


def test_an_outcome_that_names_someone_at_risk_is_withheld_whole():
    rows = [outcome(), outcome(contributors="p1; p2"), outcome(description="With Upendo."), outcome(country="UG")]
    partners = pd.DataFrame({"partner_id": ["p1", "p2"], "name": ["Amani", "Upendo"], "country": ["KE", "KE"]})
    policy = Policy(partners_at_risk={"p2": AT_RISK}, countries_at_risk={"UG": AT_RISK})
    release = released([row(n=80)], narratives=Narratives(outcomes=pd.DataFrame(rows)), policy=policy, partners=partners)
    assert len(release.narratives.outcomes) == 1


def reading(**fields):
    return {
        "reading_id": "r1", "indicator": "heard", "round": "midline", "domain": "", "group": "Women's circle", "what_it_means": "We speak now.",
        "may_be_quoted": "yes", "publish": "public",
    } | fields  # fmt: skip


def test_readings_are_quoted_only_with_leave_and_only_about_what_is_shown():
    rows = [reading(), reading(may_be_quoted="no"), reading(domain="gender=other"), reading(domain="gender=woman"), reading(publish="own")]
    figures = [row(n=50), row(n=25, gender="woman"), row(n=20, gender="man"), row(n=5, gender="other")]
    release = released(figures, narratives=Narratives(readings=pd.DataFrame(rows)))
    assert release.narratives.readings["what_it_means"].fillna("").tolist() == ["We speak now.", "", "We speak now."]
    assert release.protection.narratives_withheld == 2


def test_a_register_without_consent_column_is_refused():
    with pytest.raises(ProtectionRefused) as refused:
        released([row(n=80)], narratives=Narratives(stories=pd.DataFrame([{"story_id": "s1", "text": "…"}])))
    assert refused.value.codes == ("PROTECT_NARRATIVE_COLUMNS",)


# ---- fails closed -----------------------------------------------------------------------------------------------------------------


def broken(change):
    given = tables.estimates([row(n=60), row(n=60, gender="woman")], ("gender",))
    return dataclasses.replace(given, table=change(given.table.copy()))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t.drop(columns="n_missing"), "PROTECT_COLUMNS"),
        (lambda t: t.assign(name_of_person="x"), "PROTECT_COLUMNS"),
        (lambda t: t.assign(n=["60", "60"]), "PROTECT_COLUMN_TYPE"),
        (lambda t: t.assign(n=[60, np.nan]), "PROTECT_COUNT_IMPOSSIBLE"),
        (lambda t: t.assign(n=[60, -1]), "PROTECT_COUNT_IMPOSSIBLE"),
        (lambda t: t.assign(n=[60, 3.5]), "PROTECT_COUNT_IMPOSSIBLE"),
        (lambda t: t.assign(n_yes=[60, 61]), "PROTECT_COUNT_IMPOSSIBLE"),
        (lambda t: t.assign(disclosure="open"), "PROTECT_NOT_UNCHECKED"),
        (lambda t: t.assign(disclosure="opne"), "PROTECT_NOT_UNCHECKED"),
        (lambda t: t.assign(counts="persons"), "PROTECT_COLUMN_TYPE"),
        (lambda t: t.assign(dataset="other"), "PROTECT_DATASET_UNKNOWN"),
        (lambda t: t.assign(indicator="other"), "PROTECT_INDICATOR_UNKNOWN"),
        (lambda t: t.assign(gender="woman"), "PROTECT_ROW_TWICE"),
    ],
)
def test_anything_unknown_stops_the_release(change, code):
    given = broken(change)
    blank = tables.comparisons(given)
    with pytest.raises(ProtectionRefused) as refused:
        protect(given, blank, Narratives(), policy=Policy(), audience="public", context=tables.context())
    assert code in refused.value.codes


def test_tables_that_do_not_add_up_are_refused():
    with pytest.raises(ProtectionRefused) as refused:
        released([row(n=50), row(n=45, gender="woman"), row(n=8, gender="man")])
    assert refused.value.codes == ("PROTECT_TABLES_DO_NOT_ADD_UP",)


def test_typing_errors_in_the_policy_are_refused():
    for policy, code in (
        (Policy(sensitive={"gendr": {"reason": "x"}}), "POLICY_DIMENSION_UNKNOWN"),
        (Policy(partners_at_risk={"p9": AT_RISK}), "POLICY_PARTNER_UNKNOWN"),
        (Policy(countries_at_risk={"Uganda": AT_RISK}), "POLICY_COUNTRY_UNKNOWN"),
    ):
        with pytest.raises(ProtectionRefused) as refused:
            released([row(n=50)], policy=policy)
        assert refused.value.codes == (code,)


def test_a_wrong_call_is_a_usage_error():
    with pytest.raises(UsageError):
        released([row(n=50)], audience="everyone")
    with pytest.raises(UsageError):
        released([row(n=50)], policy={"threshold": 10})


def test_what_came_in_is_not_changed():
    given = tables.estimates([row(n=50), row(n=5, gender="woman"), row(n=45, gender="man")], ("gender",))
    before = given.table.copy()
    protect(given, tables.comparisons(given), Narratives(), policy=Policy(), audience="public", context=tables.context())
    pd.testing.assert_frame_equal(given.table, before)


def test_protection_counts_what_it_did():
    rows = [row(n=50), row(n=25, gender="woman"), row(n=20, gender="man"), row(n=5, gender="other")]
    done = released(rows).protection
    assert (done.figures, done.primary, done.secondary, done.withheld, done.groups_not_shown) == (4, 1, 1, 0, 2)
    assert any("between two numbers" in note for note in done.notes)
