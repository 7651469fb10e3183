"""What is the title of a picture of groups? What a system did for one of them and for everyone, or for two of them; no verdict on people.

Figures are told as they stand in the release. Whether a difference is clear was settled before.
"""

from __future__ import annotations

from mel.reporting.edition import Edition
from mel.reporting.rows import Asked
from mel.reporting.words.amounts import amount
from mel.reporting.words.claims import active


def behind_title(edition: Edition, asked: Asked, group: str, value: float, everyone: float) -> str:
    """`Village meetings heard 21 % of women with a disability; of everyone, 41 %`; the label first where no system is named."""
    words, turned = edition.words, active(edition.words, asked.claim) if asked.kind == "proportion" else None
    said = {"group": group, "share": amount(edition, asked, value), "everyone": amount(edition, asked, everyone)}
    if turned:
        return words.say("picture.behind_active", System=turned.system, verb=turned.verb, **said)
    return words.say("picture.behind_label", label=asked.label, **said)


def range_title(edition: Edition, asked: Asked, first: tuple[str, float], second: tuple[str, float]) -> str:
    """`Village meetings heard 18 % of women with a disability and 55 % of men without`: two figures, and no verdict on their distance."""
    words, turned = edition.words, active(edition.words, asked.claim) if asked.kind == "proportion" else None
    said = {
        "a": first[0], "b": second[0], "share_a": amount(edition, asked, first[1]), "share_b": amount(edition, asked, second[1]),
    }  # fmt: skip
    if turned:
        return words.say("picture.range_active", System=turned.system, verb=turned.verb, **said)
    return words.say("picture.range_label", label=asked.label, **said)


def behind_first(asked: Asked, values: list[float]) -> list[int]:
    """The order of these figures, the side where a system does less for people first."""
    return sorted(range(len(values)), key=lambda at: values[at], reverse=asked.polarity == "lower_is_better")
