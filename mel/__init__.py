"""`mel` carries people's answers one way, to the people who must act, and lets nothing through that could harm the first.

 people
   │ collect    check     derive    measure      compare       protect    report    learn
   ▼
Records ──▶ Records ──▶ Sample ──▶ Estimates ──▶ Comparisons ──▶ Release ──▶ Report ──▶ Decisions
 (rows,    (+problems)  (+design,  (one long     (change, gaps,  (for one   (html,     (next round's
  schema)               dimensions) table + cube) furthest behind) audience)  docx …)    questions)
   ▲                                                                                       │
   └───────────────────────── results go back to those who answered ◀─────────────────────┘

This file is the map: the verbs and the nouns in the order of the journey. A verb takes what the one before returns. Nothing is
loaded before it is used, so `import mel` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mel.checks import check, write_problems
    from mel.collection import collect, collect_dataset, load_alliance, propose_map
    from mel.comparison import (
        compare,
        exclusion_profile,
        furthest_behind,
        inequality_of,
        intersections,
        opportunity,
        overlaps,
        rank_groups,
    )
    from mel.disclosure import protect
    from mel.errors import CannotSay, InputError, MelError, Problem, ProtectionRefused, UsageError
    from mel.estimation import measure
    from mel.formats.packs import load_packs
    from mel.formats.release import read_release
    from mel.learning import learn
    from mel.model.alliance import Alliance, Design, DimensionSpec
    from mel.model.analyses import Analysis
    from mel.model.comparisons import Comparisons
    from mel.model.contrasts import Contrast
    from mel.model.domains import cross, crossings, each
    from mel.model.estimates import Estimates
    from mel.model.exclusion import ExclusionProfile
    from mel.model.figure import FigureId
    from mel.model.furthest import FurthestBehind, Opportunity, Ranking, TreeRules
    from mel.model.indicator import Indicator, Rule
    from mel.model.intersections import Intersections
    from mel.model.overlaps import Overlaps
    from mel.model.pack import Pack
    from mel.model.policy import Policy
    from mel.model.records import Records
    from mel.model.release import Context, Narratives, Release
    from mel.model.report import Decisions, Report
    from mel.model.sample import Dimension, Sample
    from mel.reporting import report
    from mel.variables import alkire_foster, cronbach_alpha, derive, score

_MAP: dict[str, str] = {
    # before the journey: what an alliance wrote
    "load_alliance": "mel.collection",
    "load_packs": "mel.formats.packs",
    "Alliance": "mel.model.alliance",
    "Pack": "mel.model.pack",
    "Indicator": "mel.model.indicator",
    "Rule": "mel.model.indicator",
    # collect, check
    "collect": "mel.collection",
    "collect_dataset": "mel.collection",
    "propose_map": "mel.collection",
    "Records": "mel.model.records",
    "check": "mel.checks",
    "write_problems": "mel.checks",
    "Problem": "mel.errors",
    # derive
    "derive": "mel.variables",
    "Design": "mel.model.alliance",
    "DimensionSpec": "mel.model.alliance",
    "Dimension": "mel.model.sample",
    "Sample": "mel.model.sample",
    "score": "mel.variables",
    "cronbach_alpha": "mel.variables",
    "alkire_foster": "mel.variables",
    # measure
    "measure": "mel.estimation",
    "each": "mel.model.domains",
    "cross": "mel.model.domains",
    "crossings": "mel.model.domains",
    "Estimates": "mel.model.estimates",
    "FigureId": "mel.model.figure",
    "Contrast": "mel.model.contrasts",
    # compare
    "compare": "mel.comparison",
    "Comparisons": "mel.model.comparisons",
    "inequality_of": "mel.comparison",
    "furthest_behind": "mel.comparison",
    "TreeRules": "mel.model.furthest",
    "FurthestBehind": "mel.model.furthest",
    "rank_groups": "mel.comparison",
    "Ranking": "mel.model.furthest",
    "opportunity": "mel.comparison",
    "Opportunity": "mel.model.furthest",
    "intersections": "mel.comparison",
    "Intersections": "mel.model.intersections",
    "overlaps": "mel.comparison",
    "Overlaps": "mel.model.overlaps",
    "exclusion_profile": "mel.comparison",
    "ExclusionProfile": "mel.model.exclusion",
    "Analysis": "mel.model.analyses",
    # protect
    "protect": "mel.disclosure",
    "Policy": "mel.model.policy",
    "Narratives": "mel.model.release",
    "Context": "mel.model.release",
    "Release": "mel.model.release",
    "read_release": "mel.formats.release",
    # report, learn
    "report": "mel.reporting",
    "Report": "mel.model.report",
    "learn": "mel.learning",
    "Decisions": "mel.model.report",
    # what can go wrong
    "MelError": "mel.errors",
    "InputError": "mel.errors",
    "UsageError": "mel.errors",
    "ProtectionRefused": "mel.errors",
    "CannotSay": "mel.errors",
}

VERBS = ("collect", "check", "derive", "measure", "compare", "protect", "report", "learn")
"""The journey, in order."""

__version__ = "0.1.0"
__all__ = [
    "Alliance", "Analysis", "CannotSay", "Comparisons", "Context", "Contrast", "Decisions", "Design", "Dimension", "DimensionSpec",
    "Estimates", "ExclusionProfile", "FigureId", "FurthestBehind", "Indicator", "InputError", "Intersections", "MelError", "Narratives",
    "Opportunity", "Overlaps", "Pack", "Policy", "Problem", "ProtectionRefused", "Ranking", "Records", "Release", "Report", "Rule",
    "Sample", "TreeRules", "UsageError", "alkire_foster", "check", "collect", "collect_dataset", "compare", "cronbach_alpha", "cross",
    "crossings", "derive", "each", "exclusion_profile", "furthest_behind", "inequality_of", "intersections", "learn", "load_alliance",
    "load_packs", "measure", "opportunity", "overlaps", "propose_map", "protect", "rank_groups", "read_release", "report", "score",
    "write_problems",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Fetch a verb or noun from its room on first use."""
    if name not in _MAP:
        raise AttributeError(f"mel has no '{name}'; it has {', '.join(__all__)}")
    value = getattr(import_module(_MAP[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "VERBS", "__version__"])
