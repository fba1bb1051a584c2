"""Why there is no plan: the planted cause is named, repairs repair, and nothing less does."""

from __future__ import annotations

import pytest

from ciopt.instance.requirements import requirements_of
from ciopt.program.elastic import elastic
from ciopt.program.model import RowKind
from ciopt.settings import Settings
from ciopt.studies import why_infeasible
from ciopt.studies.repairing.conflict import fewest
from tests.models.small import instance, partner
from tests.oracle.judge_repairs import judge, judge_amounts
from tests.oracle.planted import KINDS, planted
from tests.oracle.random_instances import random_instance

QUICK = Settings(threads=1)


def check(seed: int, kind: str) -> None:
    """Plant a conflict, and judge what is said of it."""
    cause = planted(seed, kind)
    found = why_infeasible(cause.instance, QUICK, most=100)
    assert found.conflict is not None
    assert any(path.startswith(cause.path) for path in found.conflict.paths), cause.path
    assert any(each.changes[0].path.startswith(cause.path) for each in found.repairs), cause.path
    assert all(len(each.changes) == 1 for each in found.repairs)
    assert found.complete
    judge(cause.instance, found)


@pytest.mark.parametrize("kind", ["target", "capacity", "at_most", "must_not", "backbone", "reserve"])
def test_a_planted_conflict_is_named_and_repaired(kind: str) -> None:
    check(1, kind)


PLANTED = [(seed, kind) for seed in range(100, 115) for kind in KINDS if (seed, kind) != (110, "baseline")]
"""On the one that is left out CP-SAT, which judges payments here, does not end and takes all memory."""


@pytest.mark.sweep
@pytest.mark.parametrize(("seed", "kind"), PLANTED)
def test_planted_conflicts_are_named_and_repaired(seed: int, kind: str) -> None:
    check(seed, kind)


def test_several_must_change_where_no_single_one_suffices() -> None:
    """Two targets beyond what can be done: both are lowered to what can, or one is not enough."""
    wished = instance(
        partners=[partner("p", 20)],
        indicators=[{"id": "k"}, {"id": "m"}],
        interventions=[{"id": "x", "cost": 10, "impact": {"k": 3, "m": 4}}],
        agenda={
            "targets": [
                {"id": "one", "indicator": "k", "at_least": 5},
                {"id": "two", "indicator": "m", "at_least": 16},
            ]
        },
    )
    found = why_infeasible(wished, QUICK)
    (repair,) = found.repairs
    assert repair.set == {"agenda.targets.one.at_least": 3, "agenda.targets.two.at_least": 4}
    assert repair.least
    assert found.complete
    assert found.conflict is not None
    assert found.conflict.smallest
    assert len(found.conflict.paths) == 1
    judge_amounts(wished, repair, {each.path: each for each in requirements_of(wished)})


def test_the_fewest_that_hit_all_sets() -> None:
    sets = [frozenset("ab"), frozenset("bc"), frozenset("cd"), frozenset("de")]
    found, is_least = fewest(sets)
    assert is_least
    assert len(found) == 2
    assert all(found & each for each in sets)


def test_every_row_says_a_requirement_or_follows_from_what_is_chosen() -> None:
    """What may be broken is named; the rest ties payments, carried synergies and measures to decisions."""
    kinds = set()
    for seed in range(40):
        whole = random_instance(seed, "small")
        soft = elastic(whole)
        kinds |= {each.requirement.kind for each in soft.slacks}
        rows = soft.program.rows
        for label, kind in zip(rows.labels, rows.kind.tolist(), strict=True):
            follows = label.startswith(("payment of ", "carried ", "side: ")) or kind == RowKind.MEASURE
            assert follows, label
    assert kinds >= {"target", "purse", "min_spend", "max_share", "match", "capacity", "activities"}
    assert kinds >= {"backbone", "count", "rule", "must_not", "baseline", "max_cost"}


def test_money_kept_for_overruns_is_raised_or_less_of_it_is_kept() -> None:
    """Both are committed, cost 30 and may come to 45; there are 38, and room for one overrun of 5."""
    dear = {"cost": {"fixed": 20, "range": [0.8, 1.5]}, "impact": {"k": 1}}
    cheap = {"cost": {"fixed": 10, "range": [0.8, 1.5]}, "impact": {"k": 1}}
    made = instance(
        partners=[partner("p", 38)],
        interventions=[{"id": "x", **dear}, {"id": "y", **cheap}],
        baseline=[{"partner": "p", "intervention": each, "place": "a"} for each in ("x", "y")],
        agenda={"maximize": "value", "risk": {"how": "robust", "cost_gamma": 2}},
    )
    found = why_infeasible(made, QUICK, most=100)
    changes = {each.changes[0].path: each.changes[0].after for each in found.repairs}
    assert changes["partners.p.budget"] == 45
    assert changes["agenda.risk.cost_gamma"] == 0  # the largest overrun alone is 10
    assert found.conflict is not None
    assert {"partners.p.budget", "agenda.risk.cost_gamma"} <= set(found.conflict.paths)
    judge(made, found)


def test_a_ceiling_on_costs_limits_overruns_too() -> None:
    """One overrun of 6 is within the ceiling of 37, two are not: either may give way."""
    made = instance(
        partners=[partner("p", 100)],
        interventions=[
            {"id": each, "cost": {"fixed": 15, "range": [0.8, 1.4]}, "impact": {"k": 1}}
            for each in ("x", "y")
        ],
        rules=[{"id": "both", "must": {"intervention": "x"}}, {"must": {"intervention": "y"}}],
        agenda={"max_cost": 37, "risk": {"how": "robust", "gamma": 0, "cost_gamma": 2}},
    )
    found = why_infeasible(made, QUICK, most=100)
    changes = {each.changes[0].path: each.changes[0].after for each in found.repairs}
    assert changes["agenda.max_cost"] == 42
    assert changes["agenda.risk.cost_gamma"] == 1
    judge(made, found)
