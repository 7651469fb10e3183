"""Who lives in the invented villages of `every-step`, what is true of all of them, and whom the survey asked?

A finite population of some 60,000 people in 600 villages is drawn once from a stated model; its values are the truth. The survey
then samples it by its design: in each of six strata 12 villages of 100 by simple random sampling without replacement, the same
villages in both rounds, and in each village 20 people (all, where fewer live there), drawn anew each round.

The model: logit(answer) = level(round) + woman + disability + both + displaced + age + village (sd 0.45, the same in both rounds)
+ village in this round (sd 0.15). People of one village are alike, so the design effect is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

STRATA = ("mw-rural", "mw-town", "cm-rural", "cm-town", "mg-rural", "mg-town")
VILLAGES, VILLAGES_ASKED, PEOPLE_ASKED = 100, 12, 20
ROUNDS = ("baseline", "midline")
WG = ("wg_seeing", "wg_hearing", "wg_walking", "wg_remembering", "wg_self_care", "wg_communicating")
WG_CODES = ("no", "some", "a_lot", "cannot")
BARRIERS = ("distance", "cost", "steps", "no_interpreter", "attitudes", "not_safe")
SERVICES = ("health_centre", "school", "savings_group", "identity_papers", "transport", "rehabilitation")
HEARD, DECIDES = ("often", "sometimes", "never"), ("self", "jointly", "partner", "someone_else")
GENDERS = ("woman", "man", "non_binary", "self_described", "prefer_not_to_say")


@dataclass(frozen=True)
class Population:
    """Everyone, as arrays of the same length; `answers[round][column]` holds canonical values ('' where silent)."""

    stratum: Array
    village: Array
    answers: dict[str, dict[str, Array]]

    def __len__(self) -> int:
        return len(self.stratum)


def _sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def population(seed: int = 20221) -> Population:
    """All people of the 600 villages, in both rounds."""
    rng = np.random.default_rng(seed)
    size = np.concatenate([rng.integers(60, 121, VILLAGES) + (30 if name.endswith("town") else 0) for name in STRATA])
    village = np.repeat(np.arange(len(STRATA) * VILLAGES), size)
    stratum = village // VILLAGES
    people = _traits(rng, village)
    lasting = {name: rng.normal(0, 0.45, size.size)[village] for name in ("heard", "decides", "barriers", "services")}
    no_meetings = (rng.random(size.size) < 0.05)[village]
    answers = {}
    for at, name in enumerate(ROUNDS):
        passing = {key: shift + rng.normal(0, 0.15, size.size)[village] for key, shift in lasting.items()}
        answers[name] = _round(rng, people, passing, no_meetings, at)
    return Population(stratum, village, answers)


def _traits(rng: np.random.Generator, village: Array) -> dict[str, Array]:
    """What does not change between the rounds: gender, age in 2022, displacement, functioning, living with a partner."""
    n = village.size
    age = 15 + np.floor(rng.beta(1.1, 2.2, n) * 60).astype(int)
    frail = rng.normal(0, 0.8, n)
    latent = 0.027 * (age - 15)[:, None] + frail[:, None] + rng.normal(0, 1, (n, 6)) + np.array([0.1, -0.3, 0.15, 0.1, -0.8, -0.7])
    functioning = np.select([latent > 4.3, latent > 2.9, latent > 1.8], [3, 2, 1], 0)
    unknown = rng.random((n, 6)) < 0.004
    displaced_here = rng.beta(0.5, 2.5, village.max() + 1)[village]
    return {
        "gender": rng.choice(np.array(GENDERS), n, p=[0.495, 0.441, 0.022, 0.020, 0.022]),
        "age": age,
        "displaced": rng.random(n) < displaced_here,
        "has_partner": rng.random(n) < _sigmoid(-1.2 + 0.09 * (np.minimum(age, 45) - 18)),
        "functioning": functioning,
        "functioning_unknown": unknown,
        "disability": ((functioning >= 2) & ~unknown).any(axis=1),
    }


def _round(rng: np.random.Generator, who: dict[str, Array], shift: dict[str, Array], no_meetings: Array, later: int) -> dict[str, Array]:
    """Everyone's answers in one round (`later` is 0 at baseline, 1 at midline), with what is silent left silent."""
    n = who["age"].size
    woman, disabled, moved = (who["gender"] == "woman"), who["disability"], who["displaced"]
    heard = -0.35 + 0.45 * later - (0.55 - 0.2 * later) * woman - 0.7 * disabled - 0.25 * (woman & disabled) - 0.4 * moved + shift["heard"]
    decides = 0.55 + 0.25 * later - 0.75 * woman - 0.5 * disabled + 0.015 * (who["age"] - 30) + shift["decides"]
    met = -1.5 - 0.25 * later + 0.3 * woman + 0.9 * disabled + 0.35 * moved + shift["barriers"]
    used = -0.3 + 0.3 * later - 0.15 * woman - 0.3 * moved + shift["services"]
    yes, own = rng.random(n) < _sigmoid(heard), rng.random(n) < _sigmoid(decides)
    silent = rng.random(n)
    heard_says = np.where(yes, np.where(rng.random(n) < 0.35, "often", "sometimes"), "never")
    heard_silence = np.select([no_meetings, silent < 0.008, silent < 0.018], ["not_applicable", "prefer_not_to_say", "not_known"], "")
    decides_says = np.where(own, np.where(rng.random(n) < 0.4, "self", "jointly"), np.where(rng.random(n) < 0.7, "partner", "someone_else"))
    out = {
        "gender": np.where(who["gender"] == "prefer_not_to_say", "", who["gender"]),
        "gender__silence": np.where(who["gender"] == "prefer_not_to_say", "prefer_not_to_say", ""),
        "age": who["age"] + 2 * later,
        "displaced": np.where(moved, "yes", "no"),
        "has_partner": np.where(who["has_partner"], "yes", "no"),
        "heard_in_meetings": np.where(heard_silence == "", heard_says, ""),
        "heard_in_meetings__silence": heard_silence,
        "decides_health_care": np.where(who["has_partner"], decides_says, ""),
        "decides_health_care__silence": np.where(who["has_partner"], "", "not_asked"),
    }
    for at, name in enumerate(WG):
        known = ~who["functioning_unknown"][:, at]
        out[name] = np.where(known, np.array(WG_CODES)[who["functioning"][:, at]], "")
        out[f"{name}__silence"] = np.where(known, "", "not_known")
    for at, name in enumerate(BARRIERS):
        extra = 0.8 * (disabled & (name in ("steps", "no_interpreter")))
        out[f"barriers/{name}"] = (rng.random(n) < _sigmoid(met + [0.5, 0.6, -0.6, -1.1, -0.1, -0.4][at] + extra)).astype(int)
    out["barriers_number"] = sum(out[f"barriers/{name}"] for name in BARRIERS)
    for at, name in enumerate(SERVICES):
        gain = 0.9 * (disabled & (name == "rehabilitation")) - 0.5 * (disabled & (name != "rehabilitation"))
        out[f"services_used/{name}"] = (rng.random(n) < _sigmoid(used + [0.9, 0.1, -0.4, -0.7, 0.2, -2.2][at] + gain)).astype(int)
    out["disability"] = np.where(
        disabled, "with_disability", np.where(who["functioning_unknown"].all(axis=1), "not_known", "without_disability")
    )
    return out


def draw(everyone: Population, seed: int, round: str) -> dict[str, Array]:  # noqa: A002 - the field's word
    """One round's sample: the canonical columns of those asked, with stratum, psu, weight and fpc.

    The villages follow from the seed alone, so that both rounds of one seed visit the same ones; the people are drawn per round.
    """
    places, rng = np.random.default_rng([seed, 99]), np.random.default_rng([seed, ROUNDS.index(round)])
    chosen = np.concatenate([s * VILLAGES + np.sort(places.choice(VILLAGES, VILLAGES_ASKED, replace=False)) for s in range(len(STRATA))])
    there = np.flatnonzero(np.isin(everyone.village, chosen))
    home = everyone.village[there]
    order = np.lexsort((rng.random(there.size), home))
    first = np.searchsorted(home[order], chosen)
    size = np.bincount(home, minlength=everyone.village.max() + 1)
    rank = np.arange(there.size) - first[np.searchsorted(chosen, home[order])]
    asked = np.sort(there[order[rank < PEOPLE_ASKED]])
    lives = size[everyone.village[asked]]
    weight = VILLAGES / VILLAGES_ASKED * lives / np.minimum(lives, PEOPLE_ASKED)
    return {
        "person": asked,
        "stratum": np.array(STRATA)[everyone.stratum[asked]],
        "psu": np.array([f"v{v:03d}" for v in everyone.village[asked]]),
        "weight": weight,
        "fpc": np.full(asked.size, float(VILLAGES)),
        **{name: column[asked] for name, column in everyone.answers[round].items()},
    }


def values(answers: dict[str, Array], weight: Array | None = None) -> dict[str, float]:
    """The indicators' values over these people, by their definitions; over the whole population that is the truth."""
    w = np.ones(answers["age"].size) if weight is None else weight
    said = answers["heard_in_meetings"] != ""
    asked = answers["decides_health_care"] != ""
    number = answers["barriers_number"]

    def share(yes: Array, of: Array) -> float:
        return float((w * (yes & of)).sum() / (w * of).sum())

    everyone = np.ones(w.size, bool)
    return {
        "heard_in_meetings": share(np.isin(answers["heard_in_meetings"], ("often", "sometimes")), said),
        "decides_own_health_care": share(np.isin(answers["decides_health_care"], ("self", "jointly")), asked),
        "barriers_met": float((w * number).sum() / w.sum()),
        "two_or_more_barriers": share(number >= 2, everyone),
        **{f"services_used={name}": share(answers[f"services_used/{name}"] == 1, everyone) for name in SERVICES},
    }


def truth(everyone: Population) -> dict[str, dict[str, dict[str, float]]]:
    """By round, by group (`all`, `gender=woman` …), by indicator: the finite population's values."""
    out: dict[str, dict[str, dict[str, float]]] = {}
    for name in ROUNDS:
        answers = everyone.answers[name]
        groups = {"all": np.ones(len(everyone), bool)}
        groups |= {f"gender={g}": answers["gender"] == g for g in ("woman", "man")}
        groups |= {f"disability={d}": answers["disability"] == d for d in ("with_disability", "without_disability")}
        out[name] = {group: values({k: v[mask] for k, v in answers.items()}) for group, mask in groups.items()}
    return out
