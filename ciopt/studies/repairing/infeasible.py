"""`why_infeasible`: the amounts that arithmetic shows, the cheapest repairs, a smallest conflict."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

from ciopt.engines.choose import choose
from ciopt.engines.matrix import Parameters
from ciopt.errors import UsageError, did_you_mean
from ciopt.instance import Instance, Lookup
from ciopt.instance.requirements import Requirement, requirements_of
from ciopt.instance.scenarios import apply
from ciopt.planner import stamp
from ciopt.program.elastic import elastic
from ciopt.program.slacks import Slack
from ciopt.reasons import reasons
from ciopt.settings import Progress, Settings
from ciopt.studies.pool import Pool
from ciopt.studies.repairing.conflict import find_conflict
from ciopt.studies.repairing.records import Infeasibility
from ciopt.studies.repairing.repairs import Apart, Repairs, find_repairs, repair_alone
from ciopt.studies.repairing.search import ElasticSearch

MOST = 5
"""So many repairs are listed unless more are asked for."""


def why_infeasible(
    instance: Instance,
    settings: Settings | None = None,
    *,
    keep: Sequence[str] = (),
    most: int = MOST,
    scenario: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    pool: Pool | None = None,
) -> Infeasibility:
    """Say why an instance has no plan, and what would give it one.

    Parameters
    ----------
    keep
        What must not be changed: paths of requirements, or beginnings of them (``partners.mars``, ``rules``).
    most
        List so many repairs at most.
    pool
        Where to ask side by side how much each requirement alone must give way; one after the other, here, if
        None. What is asked before and after needs the answers so far, and is asked here.

    Raises
    ------
    UsageError
        If a path to keep names no requirement.

    Examples
    --------
    >>> found = why_infeasible(instance)  # doctest: +SKIP
    >>> found.repairs[0].changes[0].path  # doctest: +SKIP
    'funds.roads.amount'
    """
    settings = settings or Settings()
    applied = apply(instance, scenario)
    if pool is not None:
        settings, interrupt = replace(settings, threads=settings.threads or 1), pool.interrupt
    result = Infeasibility(instance=stamp(instance, scenario), kept=tuple(keep), notes=applied.notes)
    with _opened(applied.instance, settings, tuple(keep), progress, interrupt or Event()) as (
        search,
        may_give,
    ):

        def apart(suspects: list[Slack]) -> list[Repairs]:
            assert pool is not None
            left = search.remaining()
            share = None if left is None else left / -(-len(suspects) // pool.width)
            limited = replace(settings, time_limit=share)
            paths = [each.requirement.path for each in suspects]
            asked = [(applied.instance, limited, tuple(keep), path) for path in paths]
            return [each or Repairs() for each in pool.each(_one, asked)]

        return _studied(applied.instance, search, may_give, result, most, None if pool is None else apart)


@contextmanager
def _opened(
    instance: Instance,
    settings: Settings,
    keep: tuple[str, ...],
    progress: Callable[[Progress], None] | None,
    interrupt: Event,
) -> Iterator[tuple[ElasticSearch, list[Slack]]]:
    """Open a search in which everything may give way, and say what may that is not to be kept."""
    kept = _kept(requirements_of(instance), keep)
    soft = elastic(instance)
    may_give = [each for each in soft.slacks if each.requirement.path not in kept]
    engine = choose(soft.program, settings)
    report = progress or (lambda news: None)
    search = ElasticSearch(soft, engine.backend, _parameters(settings), report, interrupt)
    try:
        yield search, may_give
    finally:
        search.close()


def _one(instance: Instance, settings: Settings, keep: tuple[str, ...], path: str, stop: Event) -> Repairs:
    """Find the least change of one requirement that suffices alone, in a worker."""
    with _opened(instance, settings, keep, None, stop) as (search, may_give):
        return repair_alone(instance, search, may_give, path)


def _studied(
    instance: Instance,
    search: ElasticSearch,
    may_give: list[Slack],
    result: Infeasibility,
    most: int,
    apart: Apart | None,
) -> Infeasibility:
    first = search.least({}, ())
    found: dict[str, object] = {"solver": search.solver}
    if first.values is not None:
        return result.model_copy(update={**found, "status": "feasible"})
    if first.impossible:
        clash = find_conflict(search, search.elastic.slacks)
        paths = None if clash is None else frozenset(clash.paths)
        repairs = find_repairs(instance, search, may_give, paths, most, apart)
        found |= {
            "status": "infeasible",
            "reasons": reasons(Lookup(instance)),
            "conflict": clash,
            "repairs": tuple(repairs.repairs),
            "complete": repairs.complete,
            "repairable": repairs.possible,
        }
    if search.is_over:
        found["stopped_by"] = "interrupt" if search.interrupt.is_set() else "time_limit"
    return result.model_copy(update=found)


def _kept(requirements: Sequence[Requirement], keep: Sequence[str]) -> frozenset[str]:
    """Paths of the requirements that must not be changed."""
    found: set[str] = set()
    for said in keep:
        named = {each.path for each in requirements if each.path == said or each.path.startswith(f"{said}.")}
        if not named:
            known = [each.path for each in requirements]
            hint = did_you_mean(said, known) or (
                f"known: {', '.join(known[:8])}{' …' if len(known) > 8 else ''}" if known else "there is none"
            )
            raise UsageError(f"{said!r} names no requirement; {hint}")
        found |= named
    return frozenset(found)


def _parameters(settings: Settings) -> Parameters:
    return Parameters(
        time_limit=settings.time_limit,
        threads=settings.threads or os.cpu_count() or 1,
        seed=settings.seed,
        memory_limit=settings.memory_limit,
    )
