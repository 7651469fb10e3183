"""Every shipped pack is honest data: each entry has a source and a status, each indicator has cases that come out as they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd
import pytest

from mel.codes import SILENCES
from mel.formats.packs import load_packs, shipped_packs
from mel.formats.schemas import pack_schema
from mel.formats.shipped import shipped
from mel.model.indicator import Case, Indicator, Rule
from mel.model.pack import Pack, Packs
from mel.model.rules import verdict

PACKS = {pack.id: pack for pack in shipped_packs()}
INDICATORS = [pytest.param(pack, i, id=f"{pack.id}-{i.id}") for pack in PACKS.values() for i in pack.indicators]


def test_these_are_shipped() -> None:
    assert list(PACKS) == [
        "dhs", "empowerment", "evaluation-criteria", "feminist-mel", "graduation", "lnob", "outreach", "reliability", "scs-2021-25",
        "self-esteem-and-stigma", "wrge",
    ]  # fmt: skip
    assert all(path.stem in PACKS for path in shipped("packs").glob("*.toml"))


def test_they_can_be_used_together() -> None:
    packs = load_packs(list(PACKS))
    assert len(packs.indicators) == sum(len(p.indicators) for p in PACKS.values())


@pytest.mark.parametrize("pack", PACKS.values(), ids=list(PACKS))
def test_a_pack_fits_the_schema(pack: Pack) -> None:
    import tomllib

    import jsonschema

    data = tomllib.loads((shipped("packs") / f"{pack.id}.toml").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(data, default=str)), pack_schema())


@pytest.mark.parametrize(("pack", "indicator"), INDICATORS)
def test_an_indicator_says_what_it_is(pack: Pack, indicator: Indicator) -> None:
    for part in ("label", "why_it_matters", "claim", "source", "status"):
        assert getattr(indicator, part).strip(), part
    assert indicator.cases
    assert all("(invented)" in case.who for case in indicator.cases)
    assert not indicator.claim.endswith(".")
    known = {v.id for p in PACKS.values() for v in p.variables} | {"age_group", "disability"} | set(Packs(tuple(PACKS.values())).made)
    assert set(indicator.columns) <= known, "dimensions an alliance declares, variables of a pack, or what a pack makes of them"
    assert set(indicator.columns) >= {name for case in indicator.cases for name in case.answers}


@pytest.mark.parametrize(("pack", "indicator"), INDICATORS)
def test_an_indicator_reads_only_codes_that_exist(pack: Pack, indicator: Indicator) -> None:
    codes = {v.id: {c.code for c in v.codes} for p in PACKS.values() for v in p.variables if v.codes}
    rules = [r for r in (indicator.population, indicator.numerator, indicator.denominator) if r]
    for leaf in (leaf for rule in rules for leaf in leaves(rule)):
        wanted = {str(w) for w in leaf.is_ or ()} | ({leaf.includes} if leaf.includes else set())
        assert wanted <= codes.get(str(leaf.column), wanted)


@pytest.mark.parametrize(("pack", "indicator"), INDICATORS)
def test_each_case_contributes_what_it_says(pack: Pack, indicator: Indicator) -> None:
    for case in indicator.cases:
        assert contribution(indicator, case) == case.counts_as, case.who


def test_both_answers_are_shown() -> None:
    """A definition with cases for yes only could be true of everyone."""
    for pack in PACKS.values():
        for indicator in (i for i in pack.indicators if i.kind == "proportion"):
            assert {"yes", "no"} <= {case.counts_as for case in indicator.cases}, indicator.id


# ---- honesty ------------------------------------------------------------------------------------------------------------


def test_every_entry_has_a_source_and_a_status() -> None:
    for pack in PACKS.values():
        for item in (pack, *pack.entries, *pack.indicators, *pack.age_bands, *pack.reliability, *pack.scales, *pack.indices):
            assert len(item.source.strip()) > 10, item.id
            assert item.status in ("confirmed", "as_commonly_quoted", "for_you_to_fill")
        assert all(variable.source for variable in pack.variables)


def test_what_is_confirmed_can_be_looked_up() -> None:
    for pack in PACKS.values():
        for item in (*pack.entries, *pack.age_bands, *pack.reliability, *pack.scales, *pack.indices):
            assert item.status != "confirmed" or "http" in item.source or "Partos" in item.source, item.id


def test_the_basket_codes_are_never_called_confirmed() -> None:
    scs = PACKS["scs-2021-25"]
    assert [i.id for i in scs.indicators] == [f"scs00{n}" for n in range(1, 7)]
    assert {i.status for i in scs.indicators} == {"as_commonly_quoted"}
    assert {e.status for e in scs.entries} == {"for_you_to_fill"}
    assert all("not confirmed" in i.source for i in scs.indicators)
    assert {i.kind for i in scs.indicators} == {"distinct_count"}
    assert "people" not in {i.counts for i in scs.indicators}


def test_four_impact_areas_and_no_invented_indicator() -> None:
    wrge = PACKS["wrge"]
    assert wrge.indicators == ()
    assert [e.id for e in wrge.entries if e.status == "confirmed"] == ["wrge_1", "wrge_2", "wrge_3", "wrge_4"]
    assert {e.parent for e in wrge.entries if e.status == "for_you_to_fill"} == {"wrge_1", "wrge_2", "wrge_3", "wrge_4"}


def test_the_criteria_have_their_structure_and_no_invented_title() -> None:
    entries = PACKS["evaluation-criteria"].entries
    assert len([e for e in entries if e.parent == "dac" and e.status == "confirmed"]) == 6
    titles = [e for e in entries if re.fullmatch(r"iob_20\d\d_\d\d", e.id)]
    assert [len([e for e in titles if year in e.id]) for year in ("2022", "2024")] == [26, 17]
    assert {e.status for e in titles} == {"for_you_to_fill"}
    assert all("yours to fill" in e.label and not e.text for e in titles)
    phases = {p: len([e for e in titles if e.parent == f"iob_2024_{p}"]) for p in ("tor", "methodology", "report")}
    assert phases == {"tor": 8, "methodology": 6, "report": 3}


def test_six_principles_and_sixteen_practices_of_ours() -> None:
    entries = PACKS["feminist-mel"].entries
    principles = [e for e in entries if e.parent is None and "Partos" in e.source]
    practices = [e for e in entries if e.id.startswith("practice_")]
    assert [len(principles), len(practices)] == [6, 16]
    assert {p.status for p in principles} == {"confirmed"}
    assert {p.status for p in practices} == {"for_you_to_fill"}
    assert all("own translation" in p.source for p in practices)
    assert {p.parent for p in practices} == {p.id for p in principles} | {"data_feminism"}


def test_nothing_is_confirmed_that_is_this_projects_proposal() -> None:
    for pack in PACKS.values():
        for item in (*pack.entries, *pack.indicators):
            assert item.status != "confirmed" or "proposal" not in item.source.lower(), item.id
    assert {i.status for i in PACKS["outreach"].indicators} == {"for_you_to_fill"}


def test_words_we_do_not_use() -> None:
    text = "\n".join(path.read_text(encoding="utf-8").lower() for path in shipped("packs").glob("*.toml"))
    for word in ("beneficiar", "target group", "vulnerable", "empower women", "todo"):
        assert word not in text


def test_gender_is_open_and_no_one_becomes_other() -> None:
    gender = next(v for v in PACKS["lnob"].variables if v.id == "gender")
    assert gender.open
    assert [c.code for c in gender.codes] == ["woman", "man", "non_binary", "self_described"]


def test_the_washington_group_codes() -> None:
    for variable in (v for v in PACKS["lnob"].variables if v.id.startswith("wg_")):
        assert [c.code for c in variable.codes] == ["no", "some", "a_lot", "cannot", "a_lot_or_cannot"]
        assert variable.sensitive


def test_a_register_indicator_reads_columns_of_its_register(root: Path) -> None:
    for name, columns in (("scs002", {"basket_codes", "instrument_id"}), ("scs006", {"partner_id"})):
        kind = "partners" if name == "scs006" else "outcomes"
        schema = json.loads((root / "data" / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
        indicator = next(i for i in PACKS["scs-2021-25"].indicators if i.id == name)
        assert set(indicator.columns) == columns <= {f["name"] for f in schema["fields"]}


# ---- what a case contributes ----------------------------------------------------------------------------------------------


def leaves(rule: Rule) -> list[Rule]:
    parts = (*(rule.all_of or ()), *(rule.any_of or ()), *(rule.count_of or ()), *((rule.not_,) if rule.not_ else ()))
    return [leaf for part in parts for leaf in leaves(part)] if parts else [rule]


def contribution(indicator: Indicator, case: Case) -> str | float:
    """As `measure` counts it: first whether the person is in the population, then the answer, then what a silence does."""
    row = {name: case.answers.get(name) for name in indicator.columns}
    frame = nw.from_native(pd.DataFrame([row]).astype({n: "str" for n, v in row.items() if v is None or isinstance(v, str)}))
    schema = frame.collect_schema()

    def said(rule: Rule) -> bool | None:
        value = frame.select(verdict(rule, schema).alias("v"))["v"].to_list()[0]
        return None if value is None or value != value else bool(value)

    if indicator.population is not None and said(indicator.population) is not True:
        return "not_in_population"
    if indicator.numerator.value is not None:
        return of_value(indicator, row[indicator.numerator.value])
    answer = said(indicator.numerator)
    if answer is not None:
        return "yes" if answer else "no"
    silent = [str(row[name]) for name in indicator.numerator.columns if row[name] in SILENCES]
    treated = {getattr(indicator.silences, silence) for silence in silent}
    return (
        {"exclude": "unanswered", "as_no": "no", "out_of_population": "not_in_population"}[treated.pop()]
        if len(treated) == 1
        else "unanswered"
    )


def of_value(indicator: Indicator, value: Any) -> str | float:
    if value in SILENCES or value is None:
        return "unanswered"
    return float(value) if indicator.kind in ("mean", "score", "quantile", "total") else "yes"
