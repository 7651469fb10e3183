"""What a release says besides figures: who, by which rules, under which names. Only what this audience may know of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from fnmatch import fnmatch
from typing import Any

import pandas as pd

from mel.codes import ALL, AUDIENCES, SILENCES, Audience
from mel.disclosure.marks import about_dimension, sensitive_dimensions
from mel.disclosure.names import Unnamed
from mel.model.alliance import Dataset
from mel.model.estimates import Estimates
from mel.model.policy import Policy
from mel.model.release import Context, DatasetFacts

Plain = dict[str, Any]
AGREES = ("yes", "true", "1")
VERSION = re.compile(r"v(?=\w*\d)[0-9A-Za-z]{8,30}|20\d\d[01]\d[0-3]\d\d{0,2}|v?\d{1,3}(\.\d{1,3}){0,3}")
"""How KoboToolbox, ODK and people write a form's version. It is a column of the answers: what looks like nothing of the kind stays in."""


def reaches(dataset: Dataset, audience: Audience) -> bool:
    """The owner lets this dataset go as far as the audience."""
    return AUDIENCES.index(dataset.share) >= AUDIENCES.index(audience)


def about(estimates: Estimates, context: Context, policy: Policy, audience: Audience, unnamed: Unnamed) -> Plain:
    """`Release.about`: see there."""
    alliance = context.alliance
    who = alliance.alliance
    may = {d.name for d in alliance.datasets if reaches(d, audience)}
    told = {
        "alliance": {
            "id": who.id, "name": who.name, "invented": who.invented, "purpose": who.purpose, "programme": who.programme,
            "period": {"start": who.period.start.isoformat(), "end": who.period.end.isoformat()}, "who_did_the_work": who.who_did_the_work,
        },
        "members": [m.model_dump() for m in alliance.members if not (unnamed.is_partner(m.id) or unnamed.is_country(m.country))],
        "partners": _partners(context, audience, unnamed),
        "datasets": [_facts(f, policy, unnamed) for f in context.datasets if f.name in may],
        "targets": _targets(estimates, context, policy, unnamed, may),
        "unmapped": {i: list(names) for i, names in context.unmapped.items() if not _only_in(i, context, may)},
        "report": {"title": alliance.report.title, "sections": list(alliance.report.sections), "languages": list(alliance.report.languages)},
    }  # fmt: skip
    return plain(told)


def plain(record: Plain) -> Plain:
    """As JSON has it: lists, not tuples, so that it comes back from disk equal."""
    same: Plain = json.loads(json.dumps(record, allow_nan=False))
    return same


def _partners(context: Context, audience: Audience, unnamed: Unnamed) -> Plain:
    """Partners in numbers. Where their register may not go this far, all are counted as not shown."""
    register = context.partners
    if not all(reaches(d, audience) for d in context.alliance.datasets if d.kind == "partners"):
        return {"total": len(register), "not_shown": len(register), "by_country": {}, "by_type": {}, "led_by": {}}
    rows = register.to_dict("records")
    at_risk = [unnamed.is_partner(r.get("partner_id", "")) or unnamed.is_country(r.get("country", "")) for r in rows]
    led = {who: sum(str(r.get(f"{who}_led", "")).strip().casefold() in AGREES for r in rows) for who in ("women", "youth", "disability")}
    return {
        "total": len(rows),
        "not_shown": sum(at_risk),
        "by_country": _tally((r.get("country") for r in rows), at_risk),
        "by_type": _tally((r.get("type") for r in rows), at_risk),
        "led_by": led if any(f"{who}_led" in register for who in led) else {},
    }


def _tally(values: Iterable[Any], at_risk: Sequence[bool]) -> dict[str, int]:
    """How many partners of each country or type. Those at risk are counted in: a tally without them, beside the figures that count
    everyone, would give their country and type back by subtraction. A category in which all are at risk is left out.
    """
    known = [(str(v), hidden) for v, hidden in zip(values, at_risk, strict=True) if not pd.isna(v)]
    counted, named = Counter(v for v, _ in known), {v for v, hidden in known if not hidden}
    return {k: n for k, n in sorted(counted.items(), key=lambda item: (-item[1], item[0])) if k in named}


def _facts(facts: DatasetFacts, policy: Policy, unnamed: Unnamed) -> Plain:
    """One dataset's facts; how many people answered is left out where it is under the floor, as the whole's figures are."""
    record = asdict(facts)
    record["partners"] = len(facts.partners)
    record["owner"] = "" if unnamed.is_partner(facts.owner) else facts.owner
    floor = policy.threshold if facts.counts == "people" else 0
    few = [name for name, rows in facts.rows.items() if 0 < rows < floor]
    record["rows"] = {name: rows for name, rows in facts.rows.items() if name not in few}
    record["listed"] = {name: rows for name, rows in facts.listed.items() if name not in few}
    if few:
        record["left_out"], record["warnings"] = {}, {}
    return record


def _only_in(indicator: str, context: Context, may: set[str]) -> bool:
    """The alliance asks this indicator only in datasets that this audience may not see."""
    places = {use.dataset for use in context.alliance.indicators if use.id == indicator}
    return bool(places) and not places & may


def _targets(estimates: Estimates, context: Context, policy: Policy, unnamed: Unnamed, may: set[str]) -> dict[str, list[Plain]]:
    levels = sensitive_dimensions(estimates, context, policy)
    found: dict[str, list[Plain]] = {}
    for use in context.alliance.indicators:
        kept = [t for t in use.targets if not any(name in levels or unnamed.is_category(name, code) for name, code in t.where.items())]
        if use.dataset in may and kept:
            found.setdefault(use.id, []).extend(t.model_dump(mode="json") for t in kept)
    return found


def labels(estimates: Estimates, table: pd.DataFrame, context: Context, policy: Policy, audience: Audience, unnamed: Unnamed) -> Plain:
    """`Release.labels`: see there. `table`: the estimates that this audience gets."""
    levels = sensitive_dimensions(estimates, context, policy)
    dimensions = {
        d.name: {
            "label": d.label,
            "categories": _categories(d.name, d.categories, table, unnamed),
            "ordered": d.ordered,
            "sensitive": d.sensitive or d.name in levels,
            "reference": d.reference,
            "reference_reason": d.reference_reason,
        }
        for d in estimates.dimensions
        if levels.get(d.name) != "never"
    }
    rounds = {
        d.name: {r.name: {"label": r.label, "date": r.date.isoformat()} for r in d.rounds}
        for d in context.alliance.datasets
        if reaches(d, audience)
    }
    return plain({"dimensions": dimensions, "indicators": _indicators(estimates, table, context, unnamed), "rounds": rounds})


def _categories(name: str, categories: Mapping[str, str], table: pd.DataFrame, unnamed: Unnamed) -> dict[str, str]:
    """Names of the categories that this audience gets; who is at risk is not among them."""
    met = set(table[name]) - {ALL} if name in table else set()
    kept = {c: label for c, label in categories.items() if not unnamed.is_category(name, c, label)}
    return {c: label for c, label in kept.items() if c in met or c not in SILENCES}


def _indicators(estimates: Estimates, table: pd.DataFrame, context: Context, unnamed: Unnamed) -> dict[str, Plain]:
    measured = {str(i): (str(i), str(v), str(d)) for i, v, d in zip(table["indicator"], table["version"], table["dataset"], strict=True)}
    wished = dict.fromkeys((*(use.id for use in context.alliance.indicators), *measured))
    found = {}
    for name in (n for n in wished if n in measured):
        one = estimates.indicators[measured[name][:2]]
        dimension = about_dimension(one, estimates) or ""
        found[name] = {
            "version": one.version, "label": one.label, "why_it_matters": one.why_it_matters, "claim": one.claim, "unit": one.unit,
            "kind": one.kind, "polarity": one.polarity, "level": one.level, "counts": one.counts, "source": one.source,
            "status": one.status, "asked_of": one.asked_of, "narrowed": one.narrowed, "dataset": measured[name][2], "voice": one.voice.model_dump(),
            "judged_by_people": one.judged_by_people, "points": None if one.points is None else list(one.points),
            "categories": {
                c: label for c, label in estimates.labels.get(name, {}).items() if not unnamed.is_category(dimension, c, label)
            },
        }  # fmt: skip
    return found


def provenance(estimates: Estimates, context: Context, audience: Audience) -> tuple[Plain, ...]:
    """The files behind the figures, by fingerprint. Names and row counts stay in: a file may be one partner's, or a person's."""
    kept_in = [glob for d in context.alliance.datasets if not reaches(d, audience) for r in d.rounds for glob in r.files]
    return tuple(
        {"sha256": p.sha256, "format": p.format, "round": p.round, "form_versions": [v for v in p.form_versions if VERSION.fullmatch(v)]}
        for p in estimates.provenance
        if not any(fnmatch(p.file, glob) for glob in kept_in)
    )
