"""Does every analysis that an alliance asks for name an indicator, dataset, round and dimensions that are there, and measures that exist?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mel.collection.alliance_design import records
from mel.errors import Problem, closest
from mel.errors import alliance as say
from mel.formats.written_keys import Path as Keys
from mel.formats.written_keys import Place
from mel.model.comparisons import INEQUALITY


def analysis_problems(data: Mapping[str, Any], place: Place, dimensions: Sequence[str]) -> Iterator[Problem]:
    """Every reference of `[[analyses]]` and of `report.inequality` that leads nowhere."""
    for at, one in enumerate(records(data.get("analyses"))):
        here: Keys = ("analyses", at)
        yield from _of_one(data, one, place, here)
        yield from _named_beside(data, one, place, here)
        for i, name in enumerate(_listed(one.get("dimensions"))):
            if isinstance(name, str) and name not in dimensions:
                near = closest(name, dimensions) or "none"
                where = place((*here, "dimensions", i))
                yield say.ALLIANCE_DIMENSION_UNKNOWN.at(**where, name=name, near=near, available=dimensions)
    report = data.get("report")
    for i, name in enumerate(_listed(report.get("inequality") if isinstance(report, Mapping) else None)):
        if isinstance(name, str) and name not in INEQUALITY:
            where = place(("report", "inequality", i))
            yield say.INEQUALITY_UNKNOWN.at(**where, name=name, near=closest(name, INEQUALITY) or "none", available=INEQUALITY)


def _of_one(data: Mapping[str, Any], one: Mapping[str, Any], place: Place, here: Keys) -> Iterator[Problem]:
    uses = [(str(use.get("id")), str(use.get("dataset"))) for use in records(data.get("indicators"))]
    name, dataset = one.get("indicator"), one.get("dataset")
    if not isinstance(name, str):
        yield from _of_everybody(data, one, place, here)
        return
    asked_in = [where for each, where in uses if each == name]
    if not asked_in:
        known = list(dict.fromkeys(each for each, _ in uses))
        yield say.ANALYSIS_INDICATOR_UNKNOWN.at(
            **place((*here, "indicator")), name=name, near=closest(name, known) or "none", available=known
        )
        return
    if (dataset is None and len(asked_in) > 1) or (isinstance(dataset, str) and dataset not in asked_in):
        yield say.ANALYSIS_WHICH_DATASET.at(**place((*here, "dataset")), indicator=name, given=dataset or "none", available=asked_in)
        return
    yield from _round(data, str(dataset or asked_in[0]), one, place, here)


def _of_everybody(data: Mapping[str, Any], one: Mapping[str, Any], place: Place, here: Keys) -> Iterator[Problem]:
    """An analysis without an indicator looks at everybody in a dataset."""
    dataset, names = one.get("dataset"), [str(d.get("name")) for d in records(data.get("datasets"))]
    if not isinstance(dataset, str):
        return
    if dataset not in names:
        yield say.DATASET_UNKNOWN.at(**place((*here, "dataset")), name=dataset, near=closest(dataset, names) or "none", available=names)
        return
    yield from _round(data, dataset, one, place, here)


def _named_beside(data: Mapping[str, Any], one: Mapping[str, Any], place: Place, here: Keys) -> Iterator[Problem]:
    """The other indicators it looks at."""
    known = list(dict.fromkeys(str(use.get("id")) for use in records(data.get("indicators"))))
    for option in ("access", "voice"):
        for i, name in enumerate(_listed(one.get(option))):
            if isinstance(name, str) and name not in known:
                where = place((*here, option, i))
                yield say.ANALYSIS_INDICATOR_UNKNOWN.at(**where, name=name, near=closest(name, known) or "none", available=known)


def _round(data: Mapping[str, Any], dataset: str, one: Mapping[str, Any], place: Place, here: Keys) -> Iterator[Problem]:
    there = next((d for d in records(data.get("datasets")) if d.get("name") == dataset), {})
    rounds = [str(each.get("name")) for each in records(there.get("rounds"))]
    wanted = one.get("round")
    if isinstance(wanted, str) and rounds and wanted not in rounds:
        yield say.ANALYSIS_ROUND_UNKNOWN.at(
            **place((*here, "round")), name=wanted, near=closest(wanted, rounds) or "none", available=rounds
        )


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
