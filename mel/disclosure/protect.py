"""The gate: from everything that was measured and said to what one audience may see.

What it promises: every figure under a floor is hidden, no hidden count can be worked out exactly from this release, and nothing
is shown beyond what owners and people agreed to. It does not promise that a hidden count cannot be bounded to a few values, nor
does it hold this release against earlier ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL, Audience
from mel.disclosure import about as say_about
from mel.disclosure.analyses import judge_of, protected_analyses
from mel.disclosure.differences import INTERVAL, leaving, open_figures, protected_comparisons, without_intervals
from mel.disclosure.intake import ESTIMATE_NUMBERS, checked, checked_call
from mel.disclosure.linked import dimensions_of
from mel.disclosure.marks import Marks, beyond, marks, sensitive_dimensions
from mel.disclosure.names import Unnamed, unnamed
from mel.disclosure.narratives import protected_narratives
from mel.disclosure.secondary import states
from mel.errors import ProtectionRefused
from mel.errors import disclosure as say
from mel.model.analyses import Analysis
from mel.model.comparisons import Comparisons
from mel.model.estimates import SILENCE_COUNTS, Estimates
from mel.model.policy import Policy
from mel.model.release import Context, Narratives, Protection, Release

BARE = "The interval is not shown: it would end at the answer of one of a few people."
PROMISE = (
    "No hidden number of people can be worked out exactly from the figures shown. It may still be possible to tell that it lies"
    " between two numbers; this release was not held against that, nor against earlier releases."
)


def protect(
    estimates: Estimates, comparisons: Comparisons, narratives: Narratives, *, policy: Policy, audience: Audience, context: Context
) -> Release:
    """What this audience may see of the figures, their differences and what people said; the only maker of a Release.

    Missing: a hidden row keeps its key and loses every number; a row whose key may not be seen leaves. Neither is ever zero. Of a
    sensitive indicator the single silences are blank in every row: that one person would not say can point at that person.
    Raises: UsageError for an unknown audience or a policy that was not validated; ProtectionRefused for anything that protection
    does not know or cannot show to be safe.
    Checked: tests/privacy/ (an outsider's linear programs on published rows).
    """
    checked_call(policy, audience)
    table, differences = checked(estimates, comparisons, context)
    categories = frozenset(c for d in estimates.dimensions for c in d.categories)
    hidden_names = unnamed(policy, context, categories)
    marked = marks(table, estimates, context, policy, audience, hidden_names)
    status = states(table, estimates, marked, policy.threshold)
    shown = open_figures(table, status, tuple(dimensions_of(table)))
    gone = leaving(differences, estimates, context, policy, audience, hidden_names)
    compared, differences_withheld = protected_comparisons(differences, shown, gone)
    bare = open_figures(table, np.where(marked.bare, "open", "withheld"), tuple(dimensions_of(table)))
    compared = without_intervals(compared, bare)
    judge = judge_of(table, status, marked, estimates, policy.threshold)
    analyses, analyses_withheld = protected_analyses(comparisons.analyses, judge, context, policy, audience, hidden_names)
    words, words_withheld = protected_narratives(narratives, context, audience, hidden_names, shown)
    unseen = [name for name, level in sensitive_dimensions(estimates, context, policy).items() if level == "never"]
    published = _published(table, status, marked).drop(columns=unseen, errors="ignore")
    compared = compared.drop(columns=unseen, errors="ignore")
    notes = _notes(table, context, estimates, policy, audience, words_withheld, marked)
    release = Release(
        audience=audience,
        estimates=published,
        comparisons=compared,
        narratives=words,
        protection=_protection(table, status, policy, differences_withheld, sum(words_withheld.values()), analyses_withheld, notes),
        about=say_about.about(estimates, context, policy, audience, hidden_names),
        labels=say_about.labels(estimates, published, context, policy, audience, hidden_names),
        provenance=say_about.provenance(estimates, context, audience),
        code_version=context.code_version,
        git_commit=context.git_commit,
        made_on=context.made_on,
        analyses=analyses,
    )
    _no_name_left(release, hidden_names)
    return release


def _published(table: pd.DataFrame, status: npt.NDArray[np.str_], marked: Marks) -> pd.DataFrame:
    """The rows that leave, hidden ones without any number, word of precision or note."""
    kept = status != "withheld"
    result: pd.DataFrame = table[kept].copy()
    result["disclosure"] = pd.Series(status[kept], index=result.index).astype("str")
    hidden = status[kept] != "open"
    result.loc[hidden, list(ESTIMATE_NUMBERS)] = np.nan
    result.loc[hidden, ["reliability", "note"]] = ""  # how few they are would show in both
    result.loc[marked.sensitive[kept], list(SILENCE_COUNTS)] = np.nan
    bare = marked.bare[kept] & ~hidden
    result.loc[bare, list(INTERVAL)] = np.nan
    result.loc[bare, "note"] = BARE
    return result.reset_index(drop=True)


def _protection(
    table: pd.DataFrame,
    status: npt.NDArray[np.str_],
    policy: Policy,
    comparisons: int,
    narratives: int,
    analyses: int,
    notes: tuple[str, ...],
) -> Protection:
    counted = {state: int((status == state).sum()) for state in ("primary", "secondary", "withheld")}
    return Protection(
        policy=_as_published(policy),
        figures=len(table),
        **counted,
        comparisons_withheld=comparisons,
        narratives_withheld=narratives,
        groups_not_shown=_groups_not_shown(table, status),
        notes=notes,
        analyses_withheld=analyses,
    )


def _as_published(policy: Policy) -> Policy:
    """The rules without who is at risk and why, and without the dimensions that are shown to nobody: their names tell as well."""
    told = {name: rule for name, rule in policy.sensitive.items() if rule.publish != "never"}
    return policy.model_copy(update={"partners_at_risk": {}, "countries_at_risk": {}, "sensitive": told})


def _groups_not_shown(table: pd.DataFrame, status: npt.NDArray[np.str_]) -> int:
    """Distinct groups (of one dataset) in which somebody answered, and of which no figure is shown."""
    names = dimensions_of(table)
    broken = (table[names] != ALL).any(axis=1) & (table["n"] > 0) & (table["counts"] == "people")
    heard = table[broken.to_numpy()]
    any_open = heard.assign(_open=(status == "open")[broken.to_numpy()]).groupby(["dataset", *names])["_open"].any()
    return int((~any_open).sum())


def _notes(
    table: pd.DataFrame, context: Context, estimates: Estimates, policy: Policy, audience: Audience, words: Mapping[str, int], marked: Marks
) -> tuple[str, ...]:
    kept_in = [d.label or d.name for d in context.alliance.datasets if not say_about.reaches(d, audience)]
    levels = sensitive_dimensions(estimates, context, policy)
    never = sum(level == "never" for level in levels.values())
    at_risk = int((marked.unnameable & ~beyond(table, context, audience)).sum())
    floor = f"Groups of fewer than {policy.threshold} people are not shown"
    said = [
        floor + (f": {policy.threshold_reason.rstrip('. ')}." if policy.threshold_reason else "."),
        f"{len(kept_in)} of {len(context.alliance.datasets)} datasets are not for this audience, by decision of their owners."
        if kept_in
        else "",
        f"Ways to look at people apart that could harm them and are shown to nobody: {never}." if never else "",
        f"Ways to look at people apart that are shown alone, never crossed with another: {len(levels) - never}."
        if len(levels) > never
        else "",
        f"Figures withheld because they would name a partner or country at risk: {at_risk}." if at_risk else "",
        *(
            f"{kind.capitalize()} withheld (no consent, no permission for this audience, or someone at risk): {n}."
            for kind, n in words.items()
            if n
        ),
        PROMISE,
    ]
    return tuple(sentence for sentence in said if sentence)


def _no_name_left(release: Release, names: Unnamed) -> None:
    """The last look, over every text that leaves: a name at risk in any of them stops the release."""
    if not names:
        return
    texts: dict[str, Any] = {
        "what the alliance wrote about itself and its data": [release.about, release.protection.notes],
        "a label": release.labels,
        "the reason of a protection rule": release.protection.policy.model_dump(),
        "a figure": _cells(release.estimates),
        "a comparison": _cells(release.comparisons),
        "an analysis": [text for one in release.analyses for text in _told(one)],
        "a file's fingerprint": list(release.provenance),
    }
    found = [place for place, said in texts.items() if names.in_text("\n".join(_words(said)))]
    if found:
        raise ProtectionRefused([say.NAME_AT_RISK_LEFT.at(place=place) for place in found])


def _cells(table: pd.DataFrame) -> list[str]:
    """Every distinct text of a table."""
    texts = [name for name in table.columns if table[name].dtype == "str"]
    return [str(value) for name in texts for value in table[name].dropna().unique()]


def _told(one: Analysis) -> Iterator[str]:
    """Every text of an analysis."""
    for table in one.tables.values():
        yield from _cells(table)
        for name in table.columns:
            if table[name].dtype == object and name != "inputs":
                yield from _words(table[name].tolist())
    yield from _words(list(one.method.values()))


def _words(value: Any) -> Iterator[str]:
    """Every text in nested plain data, keys too."""
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words(part)
