"""What changed, and who was part of it? Registers of outcomes, partners and stories, put together from texts written by hand.

The texts (`texts/<alliance>/<language>.toml`) are invented, each sentence written in its language, not translated by machine. What
is drawn is which place, month, partner, reason and contribution go together, so that no two outcomes read alike.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from generation.files import texts

OUTCOME_COLUMNS = (
    "outcome_id", "date", "country", "place", "level", "actor", "actor_type", "title", "description", "significance", "significance_says",
    "contribution", "contributors", "intended", "direction", "backlash", "pathway", "basket_codes", "instrument_id", "sources", "verifier",
    "verifier_independent", "substantiation", "substantiation_comment", "sensitivity", "consent", "publish", "written_by", "language",
)  # fmt: skip
PARTNER_COLUMNS = ("partner_id", "name", "country", "side", "type", "women_led", "youth_led", "disability_led", "since")
STORY_COLUMNS = ("story_id", "partner", "date", "language", "title", "text", "translation", "consent", "publish")
Rows = list[dict[str, Any]]


def partners(alliance: str, rng: np.random.Generator) -> Rows:
    """The alliance's partners, in the order written: `<country>-01`, `<country>-02` …"""
    written = texts(f"{alliance}/partners")
    led = written["led_by"]
    out: Rows = []
    for code, country in written["country"].items():
        for at, (name, kind) in enumerate(country["partners"], start=1):
            out.append(
                {
                    "partner_id": f"{code.lower()}-{at:02d}", "name": name, "country": code, "side": country.get("side", "south"), "type": kind,
                    "women_led": _yes(rng, led["women"]), "youth_led": _yes(rng, led["youth"] + 0.5 * (kind == "youth_group")),
                    "disability_led": "yes" if kind == "opd" else _yes(rng, led["disability"]),
                    "since": int(rng.integers(written["since"][0], written["since"][1] + 1)),
                }
            )  # fmt: skip
    return out


def _yes(rng: np.random.Generator, share: float) -> str:
    return "yes" if rng.random() < share else "no"


def outcomes(alliance: str, rng: np.random.Generator) -> Rows:
    """The alliance's harvested outcomes, oldest first."""
    written = texts(f"{alliance}/partners")
    first = date.fromisoformat(written["harvest"]["from"])
    days = (date.fromisoformat(written["harvest"]["to"]) - first).days
    rows: Rows = []
    used: Counter[str] = Counter()
    for code, country in written["country"].items():
        ids = [f"{code.lower()}-{at:02d}" for at in range(1, len(country["partners"]) + 1)]
        said = {language: texts(f"{alliance}/{language}") for language in country["languages"]}
        for at, (language, entry) in enumerate(_chosen(rng, said, country["outcomes"], used)):
            place = country["places"][(at + at // len(country["places"])) % len(country["places"])]
            rows.append(
                _outcome(rng, code, language, said[language], entry, place, ids, first + timedelta(days=int(rng.integers(0, days))))
            )
    rows.sort(key=lambda row: (row["date"], row["country"], row["title"]))
    return [{"outcome_id": f"O{at:03d}", **row} for at, row in enumerate(rows, start=1)]


def _chosen(rng: np.random.Generator, said: Mapping[str, Any], many: int, used: Counter[str]) -> list[tuple[str, dict[str, Any]]]:
    """The next `many` entries: those told least so far first, and told again only where the place makes them another event."""
    pool = [(language, entry) for language in said for entry in said[language]["outcome"]]
    out = []
    while len(out) < many:
        chance = rng.random(len(pool))
        at = min(
            range(len(pool)),
            key=lambda i: (used[pool[i][1]["text"]], bool(used[pool[i][1]["text"]]) and "{place}" not in pool[i][1]["text"], chance[i]),
        )
        used[pool[at][1]["text"]] += 1
        out.append(pool[at])
    return out


def _outcome(
    rng: np.random.Generator,
    code: str,
    language: str,
    said: dict[str, Any],
    entry: dict[str, Any],
    place: list[str],
    ids: list[str],
    on: date,
) -> dict[str, Any]:
    """One row: the entry's own facts, and a reason, a contribution and sources that fit its theme and language."""
    latin, local = place[0], place[-1]
    slots = {"place": local, "n": int(rng.integers(11, 40))}
    reasons = [
        reason for reason in said["why"] if entry["theme"] in reason["themes"] and entry["direction"] in reason.get("when", ["positive"])
    ]
    why = reasons[int(rng.integers(0, len(reasons)))]
    how = _one(rng, said["how"])
    many = int(rng.integers(1, 4))
    together = [ids[i] for i in rng.permutation(len(ids))[:many]]
    wide = entry["level"] in ("national", "regional", "international")
    basket = entry.get("basket", [])
    instrument = entry.get("instrument") or (f"initiative-{entry['theme']}" if "SCS004" in basket else None)
    checked = str(rng.choice(["agreed", "partly", "disagreed", "none"], p=[0.56, 0.17, 0.04, 0.23]))
    backlash = bool(entry.get("backlash"))
    sensitive = bool(entry.get("sensitive")) or rng.random() < 0.03
    return {
        "date": on, "country": code, "place": None if wide else latin, "level": entry["level"], "actor": entry["actor"].format(**slots),
        "actor_type": entry["actor_type"], "title": entry["title"].format(**slots), "description": entry["text"].format(**slots),
        "significance": why["text"].format(**slots), "significance_says": None if rng.random() < 0.08 else why["says"],
        "contribution": how.format(**slots), "contributors": "; ".join(together),
        "intended": "unintended" if entry.get("unintended") else "intended", "direction": entry["direction"], "backlash": "yes" if backlash else "no",
        "pathway": entry["theme"], "basket_codes": "; ".join(basket) or "none",
        "instrument_id": None if not instrument else f"{code}-{instrument}" if wide else f"{code}-{_slug(latin)}-{instrument}",
        "sources": "; ".join(str(s) for s in rng.permutation(said["sources"])[: int(rng.integers(1, 3))]),
        "verifier": None if checked == "none" else _one(rng, said["verifiers"]), "verifier_independent": None if checked == "none" else _yes(rng, 0.75),
        "substantiation": checked, "substantiation_comment": _one(rng, said[checked]) if checked in ("partly", "disagreed") else None,
        "sensitivity": "sensitive" if sensitive else "none", "consent": "no" if rng.random() < 0.05 else "yes",
        "publish": str(rng.choice(["own", "alliance", "donor", "public"], p=[0.3, 0.5, 0.1, 0.1] if sensitive else [0.03, 0.08, 0.13, 0.76])),
        "written_by": together[0], "language": language,
    }  # fmt: skip


def _slug(name: str) -> str:
    """A place's name as part of an identifier: plain letters and dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join(plain.lower().split())


def _one(rng: np.random.Generator, among: Sequence[str]) -> str:
    return str(among[int(rng.integers(0, len(among)))])


def stories(alliance: str) -> Rows:
    """The stories and conversations, as told."""
    return [
        {**story, "story_id": f"S{at:02d}", "date": date.fromisoformat(story["date"]), "translation": story.get("translation")}
        for at, story in enumerate(texts(f"{alliance}/stories")["story"], start=1)
    ]
