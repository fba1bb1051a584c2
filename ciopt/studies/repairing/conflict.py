"""A smallest set of requirements that contradict one another.

In every plan something gives way that the conflict holds: each vector seen names a set of requirements of
which any conflict has one. So the fewest requirements that hit all sets seen are asked to hold, with
everything else free: if that is impossible, they are a smallest conflict; if not, what gave way is one more
set to hit. (Implicit hitting sets: Ignatiev, Previti, Liffiton & Marques-Silva, CP 2015.)
"""

from __future__ import annotations

from collections.abc import Sequence

from ciopt.program.slacks import Slack
from ciopt.studies.repairing.changes import given_way
from ciopt.studies.repairing.records import Clash
from ciopt.studies.repairing.search import ElasticSearch

PROBE_SECONDS = 2.0
"""For the fewest that must give way beside what is held; any that suffice are a set to hit."""

MAX_NODES = 200_000
"""Of the search for the fewest that hit all sets; beyond it the conflict is not called smallest."""


def find_conflict(search: ElasticSearch, slacks: Sequence[Slack]) -> Clash | None:
    """Return a smallest conflict; None if it was not settled in the time."""
    by_path = {each.requirement.path: each for each in slacks}
    sets: list[frozenset[str]] = []
    smallest = True
    while not search.is_over:
        held, is_least = fewest(sets)
        smallest = smallest and is_least
        free = [each for path, each in by_path.items() if path not in held]
        answer = search.least({each.touched: 1 for each in free}, free, seconds=PROBE_SECONDS)
        if answer.values is None and not answer.impossible:
            answer = search.least({each.touched: 1 for each in free}, free)
        if answer.impossible:
            requirements = [by_path[path].requirement for path in by_path if path in held]
            return Clash(
                requirements=tuple(each.sentence for each in requirements),
                paths=tuple(each.path for each in requirements),
                smallest=smallest,
            )
        if answer.values is None:
            return None
        sets.append(frozenset(each.requirement.path for each in given_way(free, answer.values)))
    return None


def fewest(sets: Sequence[frozenset[str]]) -> tuple[frozenset[str], bool]:
    """Return the fewest names of which every set has one, and whether there are no fewer.

    Examples
    --------
    >>> fewest([frozenset("ab"), frozenset("bc")])
    (frozenset({'b'}), True)
    """
    best = _greedy(sets)
    nodes = 0

    def deepen(chosen: frozenset[str]) -> None:
        nonlocal best, nodes
        nodes += 1
        if nodes > MAX_NODES:
            return
        open_ = [each for each in sets if not each & chosen]
        if not open_:
            best = chosen if len(chosen) < len(best) else best
            return
        if len(chosen) + _apart(open_) >= len(best):
            return
        shortest = min(open_, key=lambda each: (len(each), sorted(each)))
        for name in sorted(shortest):
            deepen(chosen | {name})

    deepen(frozenset())
    return best, nodes <= MAX_NODES


def _greedy(sets: Sequence[frozenset[str]]) -> frozenset[str]:
    """Take the name that hits most, again and again."""
    chosen: set[str] = set()
    left = list(sets)
    while left:
        names = sorted({name for each in left for name in each})
        best = max(names, key=lambda name: sum(name in each for each in left))
        chosen.add(best)
        left = [each for each in left if best not in each]
    return frozenset(chosen)


def _apart(sets: Sequence[frozenset[str]]) -> int:
    """How many sets without a common name there are, at least: each needs a name of its own."""
    taken: set[str] = set()
    count = 0
    for each in sorted(sets, key=len):
        if not each & taken:
            taken |= each
            count += 1
    return count
