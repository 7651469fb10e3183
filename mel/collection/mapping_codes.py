"""Which of a form's answers could be which code of a pack, and which are ways of not answering? By name and label, in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, utils

from mel.model.pack import Variable

NEAR = 88.0
"""How alike two short texts must be to be proposed as the same answer."""

_SILENT: dict[str, tuple[str, ...]] = {
    "prefer_not_to_say": (
        "prefer not to say", "prefer not to answer", "refused", "refuse to answer", "does not want to answer", "no answer given",
        "préfère ne pas répondre", "préfère ne pas dire", "refus de répondre", "prefiere no decir", "prefiere no responder",
        "prefiero no responder", "prefiero no decirlo", "se niega a responder", "prefere não dizer", "zegt liever niet",
        "أفضل عدم الإجابة", "تفضل عدم الإجابة", "يرفض الإجابة",
    ),
    "not_known": (
        "don't know", "do not know", "dk", "unknown", "does not know", "not sure", "no idea", "ne sait pas", "je ne sais pas", "nsp",
        "no sabe", "no sé", "não sabe", "weet niet", "لا أعرف", "لا تعرف", "لا يعرف", "sijui",
    ),
    "not_applicable": (
        "not applicable", "n/a", "does not apply", "sans objet", "non applicable", "no aplica", "não se aplica", "niet van toepassing",
        "لا ينطبق",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """A form's answers as far as they are recognised: to codes, to silences, those already the same, and those left over."""

    codes: Mapping[str, str]
    silences: Mapping[str, str]
    same: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def known(self) -> int:
        return len(self.codes) + len(self.same)


def propose_codes(variable: Variable, choices: Mapping[str, Sequence[str]]) -> Offered:
    """For each answer of the form the pack's code it most likely is. Each code may stand for several answers."""
    codes: dict[str, str] = {}
    silences: dict[str, str] = {}
    same: list[str] = []
    left: list[str] = []
    known = {each.code: (each.code.replace("_", " "), each.label, *each.also_called) for each in variable.codes}
    for choice, labels in choices.items():
        # The label says what an answer means; its code only where there is no label: 1 may be anything.
        texts = tuple(labels) or (choice,)
        code, code_score = _nearest(texts, known)
        silence, silence_score = _nearest((*texts, choice), _SILENT)
        if choice in known and code_score < 100:
            code, code_score = choice, 100.0
        if silence_score >= NEAR and silence_score > code_score:
            silences[choice] = silence
        elif code_score >= NEAR and code == choice:
            same.append(choice)
        elif code_score >= NEAR:
            codes[choice] = code
        elif variable.codes:
            left.append(choice)
    return Offered(codes, silences, tuple(same), tuple(left))


def fit_of(offered: Offered, choices: Mapping[str, Sequence[str]]) -> float:
    """The share of the form's real answers that a code was found for, between 0 and 1."""
    real = len(choices) - len(offered.silences)
    return offered.known / real if real > 0 else 0.0


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Lower case, letters and digits only, one blank between words."""
    return " ".join(utils.default_process(text).split())


def _nearest(texts: Sequence[str], names: Mapping[str, Sequence[str]]) -> tuple[str, float]:
    best, score = "", 0.0
    for name, called in names.items():
        alike = max((_alike(text, other) for text in texts for other in called), default=0.0)
        if alike > score:
            best, score = name, alike
    return best, score


def _alike(text: str, other: str) -> float:
    """Short words must be the same; 'male' is in 'female' and means another."""
    a, b = plain(text), plain(other)
    if not a or not b:
        return 0.0
    if a == b:
        return 100.0
    return float(min(fuzz.ratio(a, b), 99.0)) if min(len(a), len(b)) > 6 else 0.0
