"""What a reader must know of each dataset to judge a figure of it: counts and dates, never a row. And what made the release."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from mel.codes import PARTNER, ROUND
from mel.model.alliance import Dataset
from mel.model.records import Records
from mel.model.release import DatasetFacts

NOT_ANSWERED = ("note", "calculate")


def facts_of(dataset: Dataset, records: Records) -> DatasetFacts:
    """The facts of one dataset after its checks."""
    frame, design, burden = records.frame, dataset.design, dataset.burden
    warned = Counter(problem.code for problem in records.problems if problem.severity == "warn")
    return DatasetFacts(
        name=dataset.name,
        label=dataset.label or dataset.name.replace("-", " ").replace("_", " "),
        kind=dataset.kind,
        owner=dataset.owner,
        share=dataset.share,
        counts=dataset.counts,
        basis=design.basis if design else "census",
        weights=design.weights if design else None,
        rounds={each.name: each.date.isoformat() for each in dataset.rounds},
        round_relation=design.rounds if design else None,
        rows=_counted(frame, ROUND),
        left_out=dict(records.dropped),
        listed=_listed(dataset, frame),
        partners=_counted(frame, PARTNER),
        who_was_asked=dataset.who_was_asked,
        who_was_missed=dataset.who_was_missed,
        collected_by=dataset.collected_by,
        language=dataset.language,
        questions=_questions(records),
        minutes=burden.minutes if burden else None,
        paid=burden.paid if burden else "",
        returned=burden.returned if burden else "",
        warnings=dict(warned),
    )


def _counted(frame: pd.DataFrame, column: str) -> dict[str, int]:
    if column not in frame:
        return {}
    counts = frame[column].dropna().astype(str).value_counts(sort=False)
    return {str(name): int(n) for name, n in counts.items() if name}


def _listed(dataset: Dataset, frame: pd.DataFrame) -> dict[str, int]:
    """How many were on the list in each round: a number for all rounds, or a column whose value is one a partner."""
    listed = dataset.design.listed if dataset.design else None
    if not listed:
        return {}
    if listed.isdigit():
        return {each.name: int(listed) for each in dataset.rounds}
    if listed not in frame:
        return {}
    per_partner = (
        frame.assign(_listed=pd.to_numeric(frame[listed], errors="coerce")).groupby([ROUND, PARTNER], dropna=False)["_listed"].max()
    )
    return {str(name): int(n) for name, n in per_partner.groupby(level=0).sum().items()}


def _questions(records: Records) -> int:
    """The most questions one person may have been asked: those of the longest round's form that wait for an answer.

    What a device fills in by itself (start, end, today, its own id) has no words to read out, and is no question.
    """
    asked = [
        sum(q.type not in NOT_ANSWERED and q.calculation is None and any(q.labels.values()) for q in form.questions)
        for form in records.forms.values()
    ]
    return max(asked, default=0)


def today() -> date:
    """Today in UTC; SOURCE_DATE_EPOCH is honoured, so that a report can be made again byte for byte."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return (datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)).date()


def git_commit() -> str:
    """The commit of this checkout of mel, empty where it is installed."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return ""
    try:
        said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, timeout=10, check=False)  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""
