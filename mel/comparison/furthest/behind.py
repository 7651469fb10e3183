"""Who is furthest behind? The tree as published for Leave No One Behind, grown from the cube, with honest uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mel.comparison.furthest.asked import NUMBERS, SHARES, Asked, Call, find, is_whole, wrong_options
from mel.comparison.furthest.counted import SILENCE_RULES, Counted, counted
from mel.comparison.furthest.draws import drawable
from mel.comparison.furthest.honest import Again, Gap, cross_fitted, drawn_again, ends
from mel.comparison.furthest.tables import basis_note, interval, said, t_times, table_of
from mel.comparison.furthest.tree import Node, Plan, Sums, grow, leaves
from mel.errors import CannotSay, UsageError
from mel.errors import furthest as say
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.furthest import OF_LEAF, OF_SPLIT, OF_TREE, FurthestBehind, TreeRules
from mel.model.quantities import Floats

CALL = Call("furthest_behind", (*SHARES, *NUMBERS), 2, 12)
EXPLORES = (
    "The groups were looked for in these data, so their gap looks wider than it is; the honest gap was looked up where nobody looked."
)
LOOKED_FOR = "This group was looked for in these data: its figure and interval take it as given."
NOT_DRAWN = "How sure the choice of groups is was not asked for: no samples were drawn again."
LEFT_OUT = "{n} people who did not say where they belong were left out."
LONELY = "A stratum of one PSU cannot be drawn again, so the draws vary less than samples would."
NO_GAP = "The gap was not looked up where nobody looked for it: not asked for, or without a part of the PSUs no groups are found."
PUBLISHED = TreeRules()


def furthest_behind(
    estimates: Estimates,
    indicator: str,
    circumstances: Sequence[str],
    *,
    round: str | None = None,  # noqa: A002  (the field's word)
    version: str | None = None,
    dataset: str | None = None,
    rules: TreeRules = PUBLISHED,
    silences: str = "as_category",
    draws: int = 200,
    folds: int = 5,
    repeats: int = 4,
    seed: int = 1,
    level: float = 0.95,
) -> FurthestBehind:
    """The groups that circumstances part people into, the one furthest behind first, and how far that can be trusted.

    A regression tree over two or more dimensions, grown from the counted cells under the published rules of the ESCAP trees (`rules`).
    `round`, `version` and `dataset` must be named where the indicator has several. `silences`: "as_category" keeps those who did not
    say where they belong, as groups of their own (who did not say is not nobody); "left_out" leaves them out and counts them.
    `draws`: how many samples are drawn again to see whether the same group comes out furthest behind; `folds`: into how many
    parts PSUs are parted for the gap that nobody looked for, in `repeats` ways; 0 draws or folds: none. The same `seed` gives the same
    numbers.

    Source: https://lnob.unescap.org/lnob-tree-specifications ; `mel.comparison.furthest.tree`, `.draws` and `.honest` for the methods.
    Unit: the indicator's. Sign: a gap is positive where the group behind is worse off, whichever side is better; its interval
    reaches from the lower end of the gap that nobody looked for to no less than the gap that was found.
    Shape: `leaves`, a row a group, furthest behind first; `splits`, a row a parting; `summary`, one row.
    Missing: people who did not answer are not in the tree. Where nobody was drawn by chance there are no intervals and no draws.
    Raises: UsageError for a wrong call; CannotSay where no circumstance parts people under the rules, where the indicator has no
    better side, and where people cannot be drawn again from what was counted.
    Checked: tests/reference/comparison/test_tree_against_rpart.py; the interval of the gap by simulation in tests/properties/comparison.
    """
    _check(rules, silences, draws, folds, repeats, seed, level)
    asked = find(estimates, indicator, circumstances, CALL, version=version, dataset=dataset, round_=round)
    found = counted(asked, silences)
    plan = Plan(found.codes, tuple(map(len, found.levels)), tuple(d.ordered for d in asked.dimensions), found.silent, rules)
    nodes = grow(plan, Sums(found.n, found.w, found.wy))
    if len(nodes) < 2:
        raise CannotSay(
            say.FURTHEST_NO_SPLIT.at(indicator=indicator, n=round_to(found.n), fewest=rules.fewest, share=f"{100 * rules.share:g} %")
        )
    again, gap = _trusted(found, plan, nodes, draws, (folds, repeats), seed, level)
    return FurthestBehind(
        leaves=_leaf_rows(found, nodes, again, level),
        splits=_split_rows(found, nodes),
        summary=_summary(found, nodes, again, gap),
        indicator=asked.indicator,
        dimensions=asked.dimensions,
        rules=rules,
        seed=seed,
        level=level,
    )


def round_to(n: Floats) -> int:
    """How many people, as a whole number."""
    return int(np.rint(n.sum()))


def _check(rules: TreeRules, silences: str, draws: int, folds: int, repeats: int, seed: int, level: float) -> None:
    problems = wrong_options(
        CALL,
        depth=(rules.depth, is_whole(rules.depth, 1, 30), "a whole number from 1 to 30"),
        fewest=(rules.fewest, is_whole(rules.fewest, 1, 10**9), "a whole number of people, 1 or more"),
        share=(rules.share, 0 <= rules.share < 0.5, "a part of all people from 0 to below 0.5, such as 0.09"),
        silences=(silences, silences in SILENCE_RULES, "'as_category' or 'left_out'"),
        draws=(draws, is_whole(draws, 0, 10_000), "a whole number from 0 to 10000"),
        folds=(folds, folds == 0 or is_whole(folds, 2, 1_000), "0, or a whole number from 2 to 1000"),
        repeats=(repeats, is_whole(repeats, 1, 1_000), "a whole number from 1 to 1000"),
        seed=(seed, is_whole(seed, 0, 2**63), "a whole number, 0 or more"),
        level=(level, 0 < level < 1, "a share between 0 and 1, such as 0.95"),
    )
    if problems:
        raise UsageError(problems)


def _trusted(
    found: Counted, plan: Plan, nodes: tuple[Node, ...], draws: int, folds: tuple[int, int], seed: int, level: float
) -> tuple[Again, Gap]:
    """What draws and folds say; nothing where nobody was drawn by chance."""
    if not found.asked.by_chance or not draws + folds[0]:
        return Again(), Gap()
    source, rng = drawable(found), np.random.default_rng(seed)
    side = found.asked.side
    again = drawn_again(plan, source, ends(leaves(nodes), side)[0], found.w, side, draws, rng) if draws else Again()
    return again, cross_fitted(found, plan, source, *folds, level, rng) if folds[0] else Gap()


def _leaf_rows(found: Counted, nodes: tuple[Node, ...], again: Again, level: float) -> pd.DataFrame:
    """A row a group, the furthest behind first."""
    asked, side = found.asked, found.asked.side
    behind, ahead = ends(leaves(nodes), side)
    ordered = sorted(leaves(nodes), key=lambda node: (side * node.y, node.number))
    inside = np.array([np.isin(np.arange(len(found.n)), node.cells) for node in ordered])
    y, moves = found.of_means(inside)
    se = np.sqrt(np.maximum(np.diag(found.covariance(moves)), 0.0)) if asked.by_chance else np.full(len(y), np.nan)
    se = np.where(found.alone(inside), np.nan, se)
    df = found.degrees_of_freedom(inside) if asked.by_chance else np.full(len(y), np.nan)
    low, high = interval(asked.is_share, y + found.shift, se, t_times(df, level))
    exact = found.exact(inside) & (se == 0)
    low, high = (np.where(exact, y + found.shift, end) for end in (low, high))
    came = np.full(len(y), np.nan)
    if again.of_cell is not None:
        came = np.array([np.average(again.of_cell[node.cells], weights=found.w[node.cells]) for node in ordered])
    places = {behind.number: "furthest_behind", ahead.number: "furthest_ahead"}
    row = {
        "leaf": [node.number for node in ordered], "place": [places.get(node.number, "between") for node in ordered],
        "depth": [node.depth for node in ordered], "domain": [found.domain(node.bounds) for node in ordered],
        "n": [node.n for node in ordered], "share": [node.w / found.w.sum() for node in ordered], "estimate": y + found.shift, "se": se,
        "ci_low": low, "ci_high": high, "df": df, "gap": [side * (ahead.y - node.y) for node in ordered], "behind_again": came,
    }  # fmt: skip
    note = said(LOOKED_FOR if asked.by_chance else "", *_notes(found))
    whole = (asked.figure(()), *_inputs(found, ahead))  # of the share and of the gap
    inputs = [tuple(dict.fromkeys((*_inputs(found, node), *whole))) for node in ordered]
    return table_of(asked, row, inputs, note, OF_LEAF)


def _split_rows(found: Counted, nodes: tuple[Node, ...]) -> pd.DataFrame:
    """A row a parting, from the root down."""
    parted = [(node, node.split) for node in nodes if node.split is not None]
    names, whole = found.asked.names, _variance(found)
    row = {
        "node": [node.number for node, _ in parted], "depth": [node.depth for node, _ in parted],
        "dimension": [names[split.dimension] for _, split in parted],
        "below": [tuple(found.levels[s.dimension][c] for c in s.below) for _, s in parted],
        "above": [tuple(found.levels[s.dimension][c] for c in s.above) for _, s in parted],
        "n": [node.n for node, _ in parted], "share": [node.w / found.w.sum() for node, _ in parted],
        "estimate": [node.y + found.shift for node, _ in parted], "explained": [split.gain / whole for _, split in parted],
    }  # fmt: skip
    by = [tuple(sorted({d for d, _ in node.bounds} | {split.dimension})) for node, split in parted]
    inputs = [(*found.inputs(node.cells, dimensions), found.asked.figure(())) for (node, _), dimensions in zip(parted, by, strict=True)]
    return table_of(found.asked, row, inputs, said(*_notes(found)), OF_SPLIT)


def _summary(found: Counted, nodes: tuple[Node, ...], again: Again, gap: Gap) -> pd.DataFrame:
    asked, side = found.asked, found.asked.side
    behind, ahead = ends(leaves(nodes), side)
    row = {
        "leaves": [len(leaves(nodes))], "n": [float(found.n.sum())], "n_left_out": [float(found.left_out)],
        "everyone": [found.mean + found.shift], "behind": [behind.number], "ahead": [ahead.number],
        "explained": [sum(node.split.gain for node in nodes if node.split) / _variance(found)], "gap": [side * (ahead.y - behind.y)],
        "gap_honest": [gap.estimate], "se": [gap.se], "ci_low": [gap.low], "ci_high": [np.maximum(gap.high, side * (ahead.y - behind.y))], "df": [gap.df],
        "same_again": [again.same], "overlap": [again.overlap], "draws": [again.draws], "draws_without_groups": [again.without],
        "folds": [gap.folds],
    }  # fmt: skip
    inputs = tuple(dict.fromkeys((*(figure for node in leaves(nodes) for figure in _inputs(found, node)), asked.figure(()))))
    return table_of(asked, row, [inputs], said(*_how_sure(asked, again, gap), *_notes(found)), OF_TREE)


def _how_sure(asked: Asked, again: Again, gap: Gap) -> tuple[str, ...]:
    if not asked.by_chance:
        return ()
    strata = asked.cube.strata
    lonely = LONELY if (strata.alone & (strata.round == asked.cube.rounds.index(asked.round))).any() else ""
    return (EXPLORES, NOT_DRAWN if not again.draws else lonely, NO_GAP if not gap.folds else "")


def _variance(found: Counted) -> float:
    """Everyone's weighted sum of squares around their mean."""
    return float(found.wyy.sum() - found.wy.sum() ** 2 / found.w.sum())


def _notes(found: Counted) -> tuple[str, ...]:
    return basis_note(found.asked), LEFT_OUT.format(n=found.left_out) if found.left_out else ""


def _inputs(found: Counted, node: Node) -> tuple[FigureId, ...]:
    return found.inputs(node.cells, tuple(d for d, _ in node.bounds))
