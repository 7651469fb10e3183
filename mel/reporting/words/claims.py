"""How does an indicator's claim fit a sentence? `were heard in village meetings` after a group, after one person, after `likely`,
and turned round so that the system is named: `Village meetings heard …`. Where a claim does not allow a form, there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from mel.reporting.words.catalogue import Words, capital


@dataclass(frozen=True, slots=True)
class Active:
    """A claim turned round: who acted, and what they did."""

    system: str
    verb: str


def claim_of(words: Words, claim: str, n: int = 2) -> str:
    """The claim after `n` people: `were heard`, after one `was heard`."""
    return _begins(claim, words.entry("claim.one")) if n == 1 else claim


def clause(claim: str) -> str:
    """The claim after `who`, closed by a comma where it holds one: `who decided, alone or together,`."""
    return f"{claim}," if "," in claim else claim


def likely(words: Words, claim: str) -> str | None:
    """The claim after `likely`: `to be heard`; None when the catalogue does not know its verb."""
    turned = _begins(claim, words.entry("claim.likely"))
    return turned if turned != claim else None


def active(words: Words, claim: str) -> Active | None:
    """`were heard in village meetings` as (`Village meetings`, `heard`); None when the claim does not name who acted."""
    parts = claim.split()
    if len(parts) < 4 or parts[0] != "were" or parts[1] not in words.entry("claim.active") or parts[2] not in words.entry("claim.by"):
        return None
    return Active(capital(" ".join(parts[3:])), parts[1])


def _begins(claim: str, starts: dict[str, str]) -> str:
    start = next((start for start in starts if claim.startswith(start)), None)
    return claim if start is None else starts[start] + claim[len(start) :]
