"""Does each dataset say how people came to be in it? Read from what was written, before it is a model, so that nothing hides this.

`Design` and `Dataset` refuse the same faults; here each gets its own key, its reason and a way out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mel.codes import BASES
from mel.errors import Problem
from mel.errors import alliance as say
from mel.errors import replicates as say_replicates
from mel.formats.written_keys import Path, Place
from mel.model.replicate_weights import replicate_faults

_PARTS = {
    "stratum": 'Name the column: stratum = "region". If the sample was not drawn separately in parts, write stratum = false.',
    "psu": 'Name the column of what was drawn first, such as the village: psu = "village". If people were drawn one by one, write psu = false.',
    "weights": "Write weights = expansion (they add up to the people out there), normalised (they add up to the sample) or none "
    "(everyone had the same chance).",
}
_WEIGHTED = ("expansion", "normalised")


def design_problems(data: Mapping[str, Any], place: Place) -> dict[Path, list[Problem]]:
    """Problems by the path at which the model would otherwise complain in its own words."""
    found: dict[Path, list[Problem]] = {}
    datasets = data.get("datasets")
    for at, dataset in enumerate(datasets if isinstance(datasets, list | tuple) else ()):
        if not isinstance(dataset, Mapping):
            continue
        here: Path = ("datasets", at)
        for path, problem in (*_of_dataset(dataset, here, place), *_of_design(dataset, here, place)):
            found.setdefault(path, []).append(problem)
    return found


def _of_dataset(dataset: Mapping[str, Any], here: Path, place: Place) -> Iterator[tuple[Path, Problem]]:
    name = dataset.get("name", "")
    names = [each.get("name") for each in records(dataset.get("rounds"))]
    for at, round_name in enumerate(names):
        if round_name in names[:at]:
            yield here, say.ROUND_TWICE.at(**place((*here, "rounds", at, "name")), dataset=name, name=round_name)
    partner = dataset.get("partner_from")
    if isinstance(partner, str) and partner and partner not in ("file", "folder") and not partner.startswith("column:"):
        yield here, say.PARTNER_FROM_UNCLEAR.at(**place((*here, "partner_from")), given=partner)
    design = dataset.get("design")
    if design is None and dataset.get("kind") in ("answers", "ratings"):
        yield here, say.DESIGN_MISSING.at(**place((*here, "design")), dataset=name)
    if isinstance(design, Mapping) and len(names) > 1 and design.get("rounds") is None:
        yield here, say.DESIGN_ROUNDS_MISSING.at(**place((*here, "design", "rounds")), dataset=name, n=len(names))


def _of_design(dataset: Mapping[str, Any], here: Path, place: Place) -> Iterator[tuple[Path, Problem]]:
    design = dataset.get("design")
    if not isinstance(design, Mapping):
        return
    name, whole = dataset.get("name", ""), (*here, "design")
    if design.get("basis") is None:
        yield (*whole, "basis"), say.DESIGN_BASIS_MISSING.at(**place((*whole, "basis")), dataset=name)
    for problem in (*_of_chance(design, whole, place, name), *_of_weights(design, whole, place, name)):
        yield whole, problem
    for fault in replicate_faults(design):
        at = (*whole, "replicates", fault.key)
        yield whole, say_replicates.REPLICATES_CONTRADICT.at(**place(at), dataset=name, what=fault.what, do=fault.do)
    if design.get("rounds") == "panel" and not design.get("respondent"):
        yield whole, say.DESIGN_RESPONDENT_MISSING.at(**place((*whole, "respondent")), dataset=name)


def _of_chance(design: Mapping[str, Any], whole: Path, place: Place, name: str) -> Iterator[Problem]:
    if design.get("basis") != "probability":
        return
    replicates = design.get("replicates")
    carried = ("stratum", "psu") if isinstance(replicates, Mapping) and replicates.get("columns") else ()
    for part, do in _PARTS.items():
        if design.get(part) is None and part not in carried:
            yield say.DESIGN_PART_MISSING.at(**place((*whole, part)), dataset=name, part=part, do=do)


def _of_weights(design: Mapping[str, Any], whole: Path, place: Place, name: str) -> Iterator[Problem]:
    basis, weights, column = design.get("basis"), design.get("weights"), design.get("weight")
    if weights in _WEIGHTED and basis in BASES and basis != "probability":
        yield say.DESIGN_WEIGHTS_WITHOUT_CHANCE.at(**place((*whole, "weights")), dataset=name, basis=basis, weights=weights)
    elif weights in _WEIGHTED and column is None:
        yield say.DESIGN_WEIGHT_MISSING.at(**place((*whole, "weight")), dataset=name, weights=weights)
    elif weights in (None, "none") and column is not None:
        yield say.DESIGN_WEIGHT_UNUSED.at(**place((*whole, "weight")), dataset=name, weights=weights or "nothing")


def records(value: Any) -> list[Mapping[str, Any]]:
    """The tables of a list of tables; an empty one stands for anything else in it, so that positions stay."""
    return [each if isinstance(each, Mapping) else {} for each in value] if isinstance(value, list | tuple) else []
