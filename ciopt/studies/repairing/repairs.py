"""The cheapest repairs: single requirements first, each by the least amount that suffices alone.

    min s_r                                   with all others held, for each r of a known conflict
    min Σ y_r                                 where no single one suffices; then others as few
    min Σ price_r s_r                         over the ones that are to change together

Whatever repairs an instance changes something in every conflict, so the search for single ones is short.
Every repair is made in the instance, and a plan of the changed instance is found and re-checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from ciopt.engines.exact.candidate import Cut
from ciopt.instance import Instance
from ciopt.instance.requirements import RATIOS, requirements_of
from ciopt.plan.repair import Repair
from ciopt.program.slacks import Slack
from ciopt.studies.repairing.changes import change, changed, given_way, repair_of
from ciopt.studies.repairing.prices import Price, price, weights
from ciopt.studies.repairing.ratios import tightened
from ciopt.studies.repairing.search import Answer, ElasticSearch

SETS = 8
"""Where several must change together, so many ways are looked at before the cheapest are shown."""


OTHERS_SECONDS = 10.0
"""For each further one of them."""

Apart = Callable[[list[Slack]], "list[Repairs]"]


@dataclass
class Repairs:
    """What was found.

    Parameters
    ----------
    repairs
        The cheapest first.
    complete
        Whether there is provably nothing cheaper, and all that change so few requirements were found, or as
        many as asked for.
    possible
        Whether what may give way can help; False is proven.
    """

    repairs: list[Repair] = field(default_factory=list)
    complete: bool = False
    possible: bool = True


def find_repairs(
    instance: Instance,
    search: ElasticSearch,
    may_give: list[Slack],
    clash: frozenset[str] | None,
    most: int,
    apart: Apart | None = None,
) -> Repairs:
    """Find up to ``most`` repairs by changing what may give way.

    Parameters
    ----------
    clash
        Requirements that cannot all be kept: every repair changes one of them. None if it is not known.
    apart
        Answers for single requirements side by side; one after the other, in this search, if None.
    """
    hunt = _Hunt(instance, search, may_give)
    suspects = [each for each in may_give if clash is None or each.requirement.path in clash]
    suspects.sort(key=lambda each: each.requirement.kind in RATIOS)  # they take many questions: last
    if not suspects:
        return Repairs(complete=True, possible=False)
    found = _single(hunt, suspects) if apart is None else _joined(apart(suspects))
    if not found.repairs and found.complete:
        found = _several(hunt, most)
    found.repairs.sort(key=lambda repair: (len(repair.changes), repair.relative or 0))
    found.complete = found.complete and all(each.least for each in found.repairs)
    found.repairs = found.repairs[:most]
    return found


def _single(hunt: _Hunt, suspects: list[Slack]) -> Repairs:
    """Each requirement whose change alone suffices, by the least amount."""
    found = Repairs(complete=True)
    for number, slack in enumerate(suspects):
        if hunt.search.is_over:
            return replace(found, complete=False)
        left = hunt.search.remaining()
        share = None if left is None else left / (len(suspects) - number)
        found = _joined([found, _alone(hunt, slack, share)])
    return found


def _alone(hunt: _Hunt, slack: Slack, seconds: float | None) -> Repairs:
    """The least change of one requirement that suffices alone, if any does."""
    column = slack.touched if slack.amount is None else slack.amount
    answer = hunt.search.least({column: 1}, [slack], seconds=seconds)
    return Repairs(hunt.made(answer) if answer.values is not None else [], answer.proven)


def repair_alone(instance: Instance, search: ElasticSearch, may_give: list[Slack], path: str) -> Repairs:
    """Find the least change of one requirement that suffices alone: what `find_repairs` asks for each."""
    slack = next(each for each in may_give if each.requirement.path == path)
    return _alone(_Hunt(instance, search, may_give), slack, None)


def _joined(parts: Iterable[Repairs]) -> Repairs:
    parts = list(parts)
    return Repairs([each for part in parts for each in part.repairs], all(part.complete for part in parts))


def _several(hunt: _Hunt, most: int) -> Repairs:
    """The fewest requirements that suffice together, by the smallest changes; then other ones as few."""
    found = Repairs()
    rows: list[Cut] = []
    while len(found.repairs) < max(most, SETS) and not hunt.search.is_over:
        counted = hunt.search.least(
            hunt.counts, hunt.may_give, rows, seconds=OTHERS_SECONDS if rows else None
        )
        if counted.values is None:
            found.complete = counted.impossible
            found.possible = bool(rows) or not counted.impossible
            break
        together = list(given_way(hunt.may_give, counted.values))
        if not rows:
            if not counted.proven:  # a plan of fewer changes may exist: this one is better than none
                found.repairs += hunt.made(counted)
                break
            rows.append(hunt.at_most(len(together)))
        left = hunt.search.remaining()
        answer = hunt.search.least(
            weights(together, hunt.prices), together, seconds=None if left is None else left / 2
        )
        found.repairs += hunt.made(counted if answer.values is None else answer)
        rows.append(hunt.other_than(together))
    return found


class _Hunt:
    """What all questions share."""

    def __init__(self, instance: Instance, search: ElasticSearch, may_give: list[Slack]) -> None:
        self.instance, self.search, self.may_give = instance, search, may_give
        self.requirements = {each.path: each for each in requirements_of(instance)}
        everything = tuple(self.requirements.values())
        self.prices: dict[str, Price] = {each.path: price(each, everything) for each in everything}
        self.counts = {each.touched: 1 for each in may_give}

    def at_most(self, count: int) -> Cut:
        """Σ y_r <= count."""
        return _row([each.touched for each in self.may_give], count)

    def other_than(self, together: list[Slack]) -> Cut:
        """Not all of these."""
        return _row([each.touched for each in together], len(together) - 1)

    def made(self, answer: Answer) -> list[Repair]:
        """Make the changes, tighten shares and ratios; none if no plan was found for them in the time."""
        assert answer.values is not None
        given = {slack.requirement.path: by for slack, by in given_way(self.may_give, answer.values).items()}
        least = answer.proven
        plan = self.search.plan_of(changed(self.instance, self._repair(given, least=False)), answer.values)
        if plan is None:
            return []
        for path in given:
            if self.requirements[path].kind in RATIOS:
                given[path], is_least = tightened(
                    self.instance, self.search, self.requirements[path], self._with(given, path), plan
                )
                least = least and is_least
        return [self._repair(given, least=least)]

    def _with(self, given: dict[str, Fraction | None], path: str) -> Callable[[Fraction | None], Repair]:
        """Return what makes the repair with another amount of one requirement."""
        return lambda by: self._repair({**given, path: by}, least=False)

    def _repair(self, given: dict[str, Fraction | None], *, least: bool) -> Repair:
        changes = (change(self.requirements[path], by) for path, by in given.items())
        return repair_of(changes, self.prices, least=least)


def _row(columns: list[int], upper: int) -> Cut:
    return Cut(np.array(columns, dtype=np.int64), np.ones(len(columns), dtype=np.int64), upper)
