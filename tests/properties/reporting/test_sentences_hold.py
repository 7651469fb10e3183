"""Whatever the numbers, a sentence is whole, claims no more than its interval, and speaks by its basis."""

from __future__ import annotations

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from releases import ROUNDS, Rows, about, dimension_labels, facts, indicator, release

from mel.reporting.edition import Edition, edition_of
from mel.reporting.words.figures import level_sentence
from mel.reporting.words.pairs import pair_sentence, pairs_of
from mel.reporting.words.rounds import change_sentence

WRONG = re.compile(r"\bnan\b|\bNone\b(?! of)|[{}]|(?<![\d.,])1 (people|women|points)\b|(?<![\d.,])0\.0\s?%|  | ,| \.|\.\.|\(\)|−0(?![.\d])")
SHARES = st.floats(0, 1, allow_nan=False).map(lambda share: round(share, 4))
BASES = st.sampled_from(["probability", "census", "purposive", "self_selected", "unknown"])
CLAIMS = st.sampled_from(["were heard in village meetings", "wandered to the market", "decided, alone or together", ""])
POLARITY = st.sampled_from(["higher_is_better", "lower_is_better", "neither"])
QUICK = settings(max_examples=80, deadline=None)


def told(rows: Rows, claim: str, polarity: str, basis: str) -> Edition:
    labels = {
        "dimensions": dimension_labels(rows.dimensions),
        "indicators": {"x": indicator("Heard in meetings", claim=claim, polarity=polarity)},
        "rounds": ROUNDS,
    }
    return edition_of(release(rows.tables(), about("Invented", [facts("survey", basis=basis)]), labels))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def whole(sentence: str) -> None:
    assert WRONG.search(sentence) is None, sentence
    assert sentence.endswith("."), sentence
    assert sentence[:1].isupper() or not sentence[:1].isalpha(), sentence


@QUICK
@given(share=SHARES, n=st.integers(1, 3000), half=st.floats(0.001, 0.3), basis=BASES, claim=CLAIMS)
def test_a_figure(share: float, n: int, half: float, basis: str, claim: str) -> None:
    yes = round(share * n)
    rows = Rows(("gender",), basis=basis)
    rows.estimate("x", "midline", share if basis == "probability" else yes / n, n, {"gender": "woman"}, half=half, yes=yes)
    said = plain(level_sentence(edition := told(rows, claim, "neither", basis), edition.estimates[0]))
    whole(said)
    if basis != "probability":
        assert "interval" not in said
        assert "in the area" not in said
        assert n >= 20 or "%" not in said


@QUICK
@given(a=SHARES, b=SHARES, half=st.floats(0.001, 0.4), n=st.integers(1, 500), basis=BASES, claim=CLAIMS, polarity=POLARITY)
def test_two_groups(a: float, b: float, half: float, n: int, basis: str, claim: str, polarity: str) -> None:
    assume(b > 0)
    chance = basis == "probability"
    rows = Rows(("gender",), basis=basis)
    for code, share in (("woman", a), ("man", b)):
        value = share if chance else round(share * n) / n
        rows.estimate("x", "midline", value, n, {"gender": code}, half=half / 2 if chance else None, yes=round(share * n))
    rows.gap("x", "midline", "gender", "woman", "man", (a, b), half if chance else None)
    edition = told(rows, claim, polarity, basis)
    said = plain(pair_sentence(edition, pairs_of(edition, "x")[0]))
    whole(said)
    if chance and abs(a - b) < half:
        assert not re.search(r"likely|lower|higher|smaller|larger|as large", said.replace("is unlikely", "")), said
    if not chance:
        assert not re.search(r"likely|interval|lower|higher|smaller|larger", said)
        assert n >= 20 or "%" not in said


@QUICK
@given(after=SHARES, before=SHARES, half=st.floats(0.001, 0.4), n=st.integers(1, 500), basis=BASES, claim=CLAIMS, polarity=POLARITY)
def test_two_rounds(after: float, before: float, half: float, n: int, basis: str, claim: str, polarity: str) -> None:
    chance = basis == "probability"
    rows = Rows((), basis=basis)
    for round_, share in (("baseline", before), ("midline", after)):
        rows.estimate("x", round_, share if chance else round(share * n) / n, n, half=half / 2 if chance else None, yes=round(share * n))
    rows.change("x", (after, before), half if chance else None)
    edition = told(rows, claim, polarity, basis)
    said = plain(change_sentence(edition, edition.differences[0]))
    whole(said)
    moved = re.search(r" (rose|fell) ", said)
    assert not moved or (chance and abs(after - before) > half and (moved[1] == "rose") == (after > before))
    if not chance:
        assert n >= 20 or "%" not in said
