"""`why_infeasible`: the amounts that arithmetic shows, the cheapest repairs, a smallest conflict."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
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
from ciopt.studies.repairing.conflict import find_conflict
from ciopt.studies.repairing.records import Infeasibility
from ciopt.studies.repairing.repairs import find_repairs
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
) -> Infeasibility:
    """Say why an instance has no plan, and what would give it one.

    Parameters
    ----------
    keep
        What must not be changed: paths of requirements, or beginnings of them (``partners.mars``, ``rules``).
    most
        List so many repairs at most.

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
    kept = _kept(requirements_of(applied.instance), keep)
    soft = elastic(applied.instance)
    may_give = [each for each in soft.slacks if each.requirement.path not in kept]
    engine = choose(soft.program, settings)
    stop = interrupt or Event()
    search = ElasticSearch(soft, engine.backend, _parameters(settings), progress or (lambda news: None), stop)
    result = Infeasibility(instance=stamp(instance, scenario), kept=tuple(keep), notes=applied.notes)
    try:
        return _studied(applied.instance, search, soft.slacks, may_give, result, most)
    finally:
        search.close()


def _studied(
    instance: Instance,
    search: ElasticSearch,
    slacks: Sequence[Slack],
    may_give: list[Slack],
    result: Infeasibility,
    most: int,
) -> Infeasibility:
    first = search.least({}, ())
    found: dict[str, object] = {"solver": search.solver}
    if first.values is not None:
        return result.model_copy(update={**found, "status": "feasible"})
    if first.impossible:
        clash = find_conflict(search, slacks)
        paths = None if clash is None else frozenset(clash.paths)
        repairs = find_repairs(instance, search, may_give, paths, most)
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
