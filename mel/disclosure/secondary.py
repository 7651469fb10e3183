"""What else must be hidden so that no hidden count comes back through totals, other indicators or what the method itself tells?

First rows are offered for showing, most wanted first (`mel.disclosure.elimination`). Then two steps until nothing changes: along each
published margin no hidden cell stands alone, and the hidden cells of a total together hold at least `threshold` people; and every
linked system is held against the outsider of `mel.disclosure.exact`. While one hidden count can be worked out, one of the counts
that give it away is hidden too: the most detailed first, among those the one with the fewest people, the whole last. What was hidden
for others' sake and can be worked out all the same is shown again.

Protects against exact recovery. It does not yet keep a hidden count from being bounded narrowly, and it hides more than the best
possible choice would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.disclosure.elimination import Shown
from mel.disclosure.exact import MOST, Bound, Contradiction, TooLarge, recoverable
from mel.disclosure.linked import Count, System, linked
from mel.disclosure.marks import Marks
from mel.disclosure.space import WHOLE, Domain
from mel.errors import ProtectionRefused, Template
from mel.errors import disclosure as say
from mel.model.estimates import Estimates

Status = npt.NDArray[np.str_]
OPEN, PRIMARY, SECONDARY, WITHHELD = "open", "primary", "secondary", "withheld"


def states(table: pd.DataFrame, estimates: Estimates, marked: Marks, threshold: int) -> Status:
    """`open`, `primary`, `secondary` or `withheld` for each row, so that no hidden count of people can be worked out exactly.

    Raises: ProtectionRefused where that cannot be shown.
    """
    status = np.full(len(table), OPEN, dtype="<U9")
    status[marked.few] = PRIMARY
    status[marked.unnameable | marked.outside] = WITHHELD
    systems = linked(table, estimates, marked)
    for system in systems:
        _offer(system, status, marked, threshold)
    waiting = set(range(len(systems)))
    while waiting:
        before = status.copy()
        for i, system in enumerate(systems):
            _along_margins(system, status, marked, threshold)
            if i in waiting:
                _against_outsider(system, status, marked, threshold)
        changed = set(np.flatnonzero(status != before).tolist())
        waiting = {i for i, system in enumerate(systems) if changed & {row for count in system.counts for row in count.rows}}
    return _reopen(systems, status, marked, threshold)


def _offer(system: System, status: Status, marked: Marks, threshold: int) -> None:
    """Show the rows of one indicator from the most wanted to the least, as long as no hidden count comes back."""
    hidden = [count for count in system.counts if _protected(count, status, marked, threshold)]
    if not hidden:
        return
    if system.space.size > MOST:
        raise _refused(say.TOO_LARGE_TO_SHOW, system, size=system.space.size)
    vectors, size = _vectors(system, status)
    own = set(system.rows)
    shown = Shown(size, [vectors[c.domain, c.layers] for c in hidden])
    shown.offer(vectors[WHOLE, ()], whatever=True)
    elsewhere = {(c.domain, c.layers): None for c in system.counts if any(status[row] == OPEN and row not in own for row in c.rows)}
    shown.offer(np.array([vectors[place] for place in elsewhere]), whatever=True)
    told: dict[int, list[Count]] = defaultdict(list)
    for count in system.counts:
        for row in own & set(count.rows):
            told[row].append(count)
    wanted = sorted((row for row in system.rows if status[row] == OPEN), key=lambda row: _rank(told[row], row))
    for row in wanted:
        worth = any(count.value > 0 for count in told[row])
        places = dict.fromkeys((c.domain, c.layers) for c in told[row])
        if not shown.offer(np.array([vectors[place] for place in places])) and worth:
            status[row] = SECONDARY


def _vectors(system: System, status: Status) -> tuple[dict[tuple[Domain, tuple[str, ...]], npt.NDArray[np.float64]], int]:
    """Each count as a sum of unknowns that are not known to be 0, and how many of these there are. Under (whole, no layer): the ties."""
    live = np.ones(system.space.size, dtype=bool)
    live[system.empty] = False
    for count in system.counts:
        if count.value == 0 and _is_open(count, status):
            live[system.places[count.domain, count.layers]] = False
    ties = np.zeros((len(system.space.relations), system.space.size))
    for tie, (parts, whole) in zip(ties, system.space.relations, strict=True):
        tie[parts], tie[whole] = 1.0, -1.0
    made: dict[tuple[Domain, tuple[str, ...]], npt.NDArray[np.float64]] = {(WHOLE, ()): ties[:, live]}
    for place, columns in system.places.items():
        vector = np.zeros(system.space.size)
        vector[columns] = 1.0
        made[place] = vector[live]
    return made, int(live.sum())


def _rank(counts: list[Count], row: int) -> tuple[int, int, int]:
    """Most wanted first: the whole, then few dimensions; among equals the most people."""
    return max(len(c.domain) for c in counts), -max(c.value for c in counts if c.role in ("answered", "reached")), row


def _along_margins(system: System, status: Status, marked: Marks, threshold: int) -> None:
    """Complementary suppression along each published total, until no total gives a cell back."""
    grid = {count.domain: count for count in system.counts if count.role == "answered"}
    groups = {count.domain: count for count in system.counts if count.role == "reached"}
    for counts in (grid, groups):
        relations = list(_relations(counts))
        again = True
        while again:
            again = False
            for total, parts in relations:
                again |= _complement(total, parts, status, marked, threshold)


def _relations(counts: dict[Domain, Count]) -> Iterator[tuple[Count, list[Count]]]:
    """Each published total with its published parts: take one dimension away and the rest adds up to it."""
    parts: dict[tuple[Domain, frozenset[str]], list[Count]] = defaultdict(list)
    for domain, count in counts.items():
        for name, code in domain:
            parts[(domain - {(name, code)}, frozenset(n for n, _ in domain))].append(count)
    order = sorted(parts, key=lambda key: (-len(key[1]), sorted(key[0]), sorted(key[1])))
    return ((counts[parent], parts[(parent, names)]) for parent, names in order if parent in counts)


def _complement(total: Count, parts: list[Count], status: Status, marked: Marks, threshold: int) -> bool:
    """Hide what this total needs; True if something was hidden."""
    cells = [count for count in (*parts, total) if count.value > 0]
    hidden = [count for count in cells if not _is_open(count, status)]
    if not any(_protected(count, status, marked, threshold) for count in hidden):
        return False
    enough = len(hidden) > 1 and (not _is_open(total, status) or sum(c.value for c in hidden) >= threshold)
    candidates = sorted((count for count in cells if _is_open(count, status)), key=_cost)
    if enough or not candidates:
        return False
    _hide(candidates[0], status)
    return True


def _cost(count: Count) -> tuple[bool, int, int, int, list[tuple[str, str]]]:
    """What hiding a count would cost a reader: the whole most, then single dimensions; among equals, more people more."""
    return (not count.domain, -len(count.domain), count.value, len(count.rows), sorted(count.domain))


def _is_open(count: Count, status: Status) -> bool:
    return bool((status[list(count.rows)] == OPEN).any())


def _hide(count: Count, status: Status) -> None:
    rows = np.array(count.rows)
    status[rows[status[rows] == OPEN]] = SECONDARY


def _against_outsider(system: System, status: Status, marked: Marks, threshold: int) -> None:
    """Hide until nobody outside can work a hidden count of this system out."""
    while True:
        targets = [count for count in system.counts if _protected(count, status, marked, threshold)]
        if not targets:
            return
        known = [count for count in system.counts if _is_open(count, status)]
        found = _worked_out(system, known, targets, status, marked, threshold)
        if not found:
            return
        giving = [known[i] for i in next(iter(found.values())) if known[i].value > 0]
        hidable = sorted(giving or [c for c in known if c.value > 0], key=_cost)
        if not hidable:
            raise _refused(say.CANNOT_PROTECT, system)
        _hide(hidable[0], status)


def _worked_out(
    system: System, known: list[Count], targets: list[Count], status: Status, marked: Marks, threshold: int
) -> dict[int, tuple[int, ...]]:
    try:
        return recoverable(
            system.space,
            [(system.places[c.domain, c.layers], float(c.value)) for c in known],
            system.empty,
            [system.places[c.domain, c.layers] for c in targets],
            list(_told_by_method(system, status, marked, threshold)),
        )
    except TooLarge:
        raise _refused(say.TOO_LARGE_TO_SHOW, system, size=system.space.size) from None
    except Contradiction:
        raise _refused(say.TABLES_DO_NOT_ADD_UP, system) from None


def _reopen(systems: list[System], status: Status, marked: Marks, threshold: int) -> Status:
    """Show again what was hidden for others' sake and can be worked out anyway: hiding it protects nobody and misleads.

    Each is held against every system it bears on; where showing it would give a protected count away it stays hidden.
    """
    for system in systems:
        while True:
            spare = [count for count in system.counts if _hidden_for_others(count, status, marked)]
            known = [count for count in system.counts if _is_open(count, status)]
            found = _worked_out(system, known, spare, status, marked, threshold) if spare else {}
            after = next((a for i in found if (a := _shown_again(spare[i], systems, status, marked, threshold)) is not None), None)
            if after is None:
                break
            status = after
    return status


def _shown_again(count: Count, systems: list[System], status: Status, marked: Marks, threshold: int) -> Status | None:
    """The states with this count's rows open; None where a protected count could then be worked out."""
    after = status.copy()
    after[list(count.rows)] = OPEN
    for system in systems:
        if not any(set(count.rows) & set(each.rows) for each in system.counts):
            continue
        targets = [each for each in system.counts if _protected(each, after, marked, threshold)]
        known = [each for each in system.counts if _is_open(each, after)]
        if targets and _worked_out(system, known, targets, after, marked, threshold):
            return None
    return after


def _hidden_for_others(count: Count, status: Status, marked: Marks) -> bool:
    """Answers of an ordinary indicator whose rows are hidden only because others would come back."""
    rows = list(count.rows)
    only = count.role == "answered" and count.value > 0 and bool((status[rows] == SECONDARY).all())
    return only and not bool((marked.identities[rows] | marked.sensitive[rows]).any())


def _protected(count: Count, status: Status, marked: Marks, threshold: int) -> bool:
    """A count that is hidden for a reason of its own, and so must not be worked out.

    What was hidden only for others' sake is no secret: if it came back and gave one of these away, that one would be found.
    """
    if _is_open(count, status):
        return False
    rows = list(count.rows)
    if count.role in ("yes", "no"):
        return bool((marked.sensitive[rows] | marked.unnameable[rows]).any())
    floors = bool(marked.floors[rows].any())
    return count.value > 0 and ((floors and count.value < threshold) or bool(marked.unnameable[rows].all()))


def _told_by_method(system: System, status: Status, marked: Marks, threshold: int) -> Iterator[Bound]:
    """What the words give away: a hidden group is not empty; fewer than the threshold answered (primary), or not fewer (secondary)."""
    for count in system.counts:
        rows = list(count.rows)
        if count.role == "reached" and count.value > 0 and not _is_open(count, status):
            yield Bound(system.places[count.domain, count.layers], 1, None)
        if count.role != "answered" or not marked.floors[rows].all() or marked.sensitive[rows].any():
            continue
        if (status[rows] == PRIMARY).all() and count.value < threshold and not marked.identities[rows].any():
            yield Bound(system.places[count.domain, count.layers], None, threshold - 1)
        elif (status[rows] == SECONDARY).all() and count.value >= threshold:
            yield Bound(system.places[count.domain, count.layers], threshold, None)


def _refused(template: Template, system: System, **values: Any) -> ProtectionRefused:
    return ProtectionRefused(template.at(dataset=system.dataset, round=system.round, indicator=system.indicator, **values))
