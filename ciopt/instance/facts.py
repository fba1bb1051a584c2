"""What follows from an instance's tables of work alone: kept for all instances that share these tables.

What-ifs change money, capacities, targets and rules, and leave places, interventions, capabilities and
synergies as they are. What an option costs and moves is then the same in all of them, and worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import is_
from typing import Any, TypeVar

from ciopt.instance.amounts import Amounts
from ciopt.instance.model import Instance

Found = TypeVar("Found")

TABLES = ("places", "indicators", "interventions", "capabilities", "options", "synergies", "overlaps")
"""What costs, impacts and effects follow from, besides currency, periods and who may implement."""
_SHARED = 2
"""Instances whose facts are kept."""
_MOST = 100_000
"""Entries that a memo holds at most; what comes later is worked out anew each time."""


class Facts:
    """Memos of pure functions of an instance's tables of work.

    Parameters
    ----------
    instance
        Any of those that share the tables.
    """

    def __init__(self, instance: Instance) -> None:
        self._scalars = _scalars(instance)
        self._tables = [getattr(instance, name) for name in TABLES]
        self._memos: dict[Callable[..., Any], dict[Any, Any]] = {}
        self.amounts = Amounts(instance)
        self.others: dict[str, Any] = {}
        """What is kept besides, by name: few things, of modules that know more than the instance."""

    def are_of(self, instance: Instance) -> bool:
        """Whether an instance has these very tables: record by record the same objects."""
        return self._scalars == _scalars(instance) and all(
            len(mine) == len(its) and all(map(is_, mine, its))
            for mine, its in zip(self._tables, (getattr(instance, name) for name in TABLES), strict=True)
        )

    def memo(self, function: Callable[..., Found]) -> dict[Any, Found]:
        """Return what a function is known to give, by its argument."""
        return self._memos.setdefault(function, {})

    def remember(self, function: Callable[..., Found], key: Hashable, found: Found) -> Found:
        """Note what a function gives, as long as there is room."""
        known = self.memo(function)
        if len(known) < _MOST:
            known[key] = found
        return found


_recent: list[Facts] = []


def facts_of(instance: Instance) -> Facts:
    """Return the facts of an instance: those of one before it with the same tables, or new ones."""
    global _recent
    found = next((each for each in _recent if each.are_of(instance)), None) or Facts(instance)
    _recent = [found, *(each for each in _recent if each is not found)][:_SHARED]
    return found


def _scalars(instance: Instance) -> tuple[Any, ...]:
    return instance.currency, instance.periods, [(each.id, each.roles) for each in instance.partners]
