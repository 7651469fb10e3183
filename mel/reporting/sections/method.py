"""How the figures came about, what they cannot say, who did the work and what answering cost those who answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mel.reporting.blocks import Block, Callout, Heading, Prose, Table
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.sections.section import count_cell, prose, section, table, text_cell
from mel.reporting.sections.who_we_are import dataset_label
from mel.reporting.words import numbers as write

Facts = Mapping[str, Any]


@section("method")
def method(edition: Edition) -> Iterable[Block | None]:
    """Design, who was missed, what was left out, burden, protection, limits, labour, files and versions."""
    words = edition.words
    asked = [facts for facts in edition.datasets if facts.get("kind") in ("answers", "ratings")]
    if asked:
        yield Heading("method-design", words.say("method.design"), 3)
        yield from (_design(edition, facts) for facts in asked)
    yield _left_out(edition)
    yield from _burden(edition, asked)
    yield from _protection(edition)
    yield Heading("method-limits", words.say("method.limits"), 3)
    yield prose("method-limits-list", items=_limits(edition))
    if edition.alliance.get("who_did_the_work"):
        yield Heading("method-work", words.say("method.work"), 3)
        yield prose("method-work-told", str(edition.alliance["who_did_the_work"]))
    yield from _files(edition)


def _design(edition: Edition, facts: Facts) -> Prose | None:
    words = edition.words
    told = [words.say(f"method.basis_{facts.get('basis') or 'unknown'}")]
    if facts.get("basis") == "probability" and facts.get("weights"):
        told.append(words.say(f"method.weights_{facts['weights']}"))
    if len(dict(facts.get("rounds") or {})) > 1 and facts.get("round_relation"):
        told.append(words.say(f"method.rounds_{facts['round_relation']}"))
    if facts.get("basis") == "census":
        told += [_missed(edition, facts, r) for r in dict(facts.get("listed") or {})]
    told.append(
        words.say("who.missed", text=str(facts["who_was_missed"]).rstrip(". "))
        if facts.get("who_was_missed")
        else words.say("who.missed_unknown")
    )
    return prose(slug("method-design", str(facts.get("name"))), f"{dataset_label(facts)}. {' '.join(told)}")


def _missed(edition: Edition, facts: Facts, round_: str) -> str:
    words, rows, listed = edition.words, int(dict(facts.get("rows") or {}).get(round_, 0)), int(facts["listed"][round_])
    name = edition.round_label(str(facts.get("name")), round_)
    if rows >= listed:
        return words.say("method.all_answered", listed=words.counted(listed, "person"), round=name)
    missed = words.counted(listed - rows, "person")
    return words.say("method.missed", listed=write.count(words, listed), rows=write.count(words, rows), missed=missed, round=name)


def _left_out(edition: Edition) -> Table | None:
    words = edition.words
    rows = [
        (
            text_cell(dataset_label(facts)),
            text_cell(words.say(f"left_out.{why}") if words.has(f"left_out.{why}") else why.replace("_", " ").lower()),
            count_cell(edition, int(n)),
        )
        for facts in edition.datasets
        for why, n in dict(facts.get("left_out") or {}).items()
        if n
    ]
    return table("method-left-out", words.say("method.left_out"), words.entry("method.left_out_columns"), rows)


def _burden(edition: Edition, asked: list[Facts]) -> Iterable[Block | None]:
    words = edition.words
    rows = []
    for facts in asked:
        people, minutes = sum(int(n) for n in dict(facts.get("rows") or {}).values()), facts.get("minutes")
        hours = words.counted(round(people * float(minutes) / 60), "hour") if minutes else words.say("method.not_recorded")
        each = write.number(words, float(minutes), words.noun("minute", float(minutes))) if minutes else words.say("method.not_recorded")
        questions = int(facts.get("questions") or 0)
        rows.append(
            (
                text_cell(dataset_label(facts)),
                count_cell(edition, questions) if questions else text_cell(words.say("method.not_recorded")),
                count_cell(edition, people),
                text_cell(each),
                text_cell(hours),
                text_cell(str(facts.get("paid") or words.say("method.not_recorded"))),
                text_cell(str(facts.get("returned") or words.say("method.not_returned"))),
            )
        )
    if rows:
        yield Heading("method-burden", words.say("method.burden"), 3)
        yield table("method-burden-table", words.say("method.burden_caption"), words.entry("method.burden_columns"), rows)
        if any(not facts.get("returned") for facts in asked):
            yield Callout("method-return", words.say("method.return_due"), "care")


def _protection(edition: Edition) -> Iterable[Block | None]:
    words, done = edition.words, edition.told.protection
    hidden = done.primary + done.secondary + done.withheld
    yield Heading("method-protection", words.say("method.protection"), 3)
    kept = done.narratives_withheld
    narratives = words.say(f"method.narratives_withheld{'_one' if kept == 1 else ''}", n=write.count(words, kept)) if kept else ""
    told = [
        words.say("method.threshold", threshold=write.count(words, done.policy.threshold), reason=_reason(edition)),
        words.say(
            "method.hidden" if hidden else "method.none_hidden",
            hidden=write.count(words, hidden),
            figures=words.counted(done.figures, "figure"),
        )
        if done.figures
        else "",
        words.say(
            f"method.comparisons_withheld{'_one' if done.comparisons_withheld == 1 else ''}",
            comparisons=words.counted(done.comparisons_withheld, "comparison"),
        )
        if done.comparisons_withheld
        else "",
        words.say(f"method.analyses_withheld{'_one' if done.analyses_withheld == 1 else ''}", n=write.count(words, done.analyses_withheld))
        if done.analyses_withheld
        else "",
        narratives,
    ]
    sensitive = [
        words.say(f"method.sensitive_{rule.publish}", dimension=edition.dimension_label(name), reason=rule.reason.rstrip("."))
        for name, rule in done.policy.sensitive.items()
    ]
    yield prose("method-protection-told", " ".join(part for part in told if part), items=[*sensitive, *done.notes])


def _reason(edition: Edition) -> str:
    reason = edition.told.protection.policy.threshold_reason.strip()
    return f" {reason.rstrip('.')}." if reason else ""


def _limits(edition: Edition) -> list[str]:
    """What a reader must not take from this report; each line is there because of these data."""
    words = edition.words
    bases = {str(facts.get("basis")) for facts in edition.datasets if facts.get("kind") in ("answers", "ratings")}
    told = [words.say(f"limit.{basis}") for basis in ("probability", "census", "purposive", "self_selected", "unknown") if basis in bases]
    if not bases:
        told.append(words.say("limit.no_survey"))
    if any(row.is_share for row in edition.indicators.values()):
        told.append(words.say("limit.rounded"))
    if edition.told.protection.groups_not_shown:
        told.append(words.say("limit.hidden"))
    if any(asked.status not in ("", "confirmed") for asked in edition.indicators.values()):
        told.append(words.say("limit.status"))
    if any(gap.has_interval for gap in edition.compared("gap_difference")):
        told.append(words.say("limit.many_gaps"))
    told.append(words.say("limit.cause"))
    return told


def _files(edition: Edition) -> Iterable[Block | None]:
    words, release = edition.words, edition.told
    rows = [
        tuple(
            text_cell(text)
            for text in (str(p.get("sha256", ""))[:16], str(p.get("format") or ""), _round(edition, p), _versions(edition, p))
        )
        for p in release.provenance
    ]
    rows = list(dict.fromkeys(rows))  # one file may carry several sets of data
    versions = [words.say("method.version", version=release.code_version) if release.code_version else ""]
    versions.append(words.say("method.commit", commit=release.git_commit[:12]) if release.git_commit else "")
    said = " ".join(v for v in versions if v)
    if rows or said:
        yield Heading("method-files", words.say("method.files"), 3)
        yield prose("method-versions", said)
        yield table("method-files-table", words.say("method.files_caption"), words.entry("method.files_columns"), rows)


def _round(edition: Edition, record: Mapping[str, Any]) -> str:
    """The round a file belongs to, by the label any dataset gives it."""
    name = str(record.get("round") or "")
    dataset = next((str(facts.get("name")) for facts in edition.datasets if name in dict(facts.get("rounds") or {})), "")
    return edition.round_label(dataset, name) if name else edition.words.say("method.no_round")


def _versions(edition: Edition, record: Mapping[str, Any]) -> str:
    return edition.words.listed([str(v) for v in record.get("form_versions") or ()]) or edition.words.say("method.no_form")
