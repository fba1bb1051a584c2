"""Valid plans that between them use every feature of the format: what the mutations start from."""

from __future__ import annotations

from collections.abc import Callable

from ciopt.instance import Instance
from ciopt.plan import Plan
from ciopt.plan.records import Run
from tests.verify.builders import can, decide, does, instance, partner, plan_of

Case = tuple[Instance, Plan]


def money() -> Case:
    """Funds with share, match, carry-over, a least amount; years, levels, participation, cost profile."""
    made = instance(
        periods=["y1", "y2"],
        places=[{"id": "a", "attributes": {"n": 3}}, {"id": "b", "attributes": {"n": 7}}],
        indicators=[{"id": "k"}, {"id": "m", "weight": -0.5, "target": 10, "accrues": "per_period"}],
        partners=[
            partner("p", {"y1": 200, "y2": 100}, participation_cost=5, capacity={"staff": 50}),
            partner("q", 300, max_activities=1),
        ],
        funds=[
            {
                "id": "f",
                "partner": "q",
                "amount": {"y1": 100, "y2": 50},
                "carry_over": True,
                "max_share": 0.8,
            },
            {
                "id": "g",
                "partner": "p",
                "amount": 90,
                "min_spend": 10,
                "match": {"with": ["budget:p"], "ratio": 1},
                "pays_for": {"partners": ["p"]},
            },
        ],
        interventions=[
            does("i", 100, 10, cost_profile=[0.7, 0.3], uses={"staff": {"per": {"n": 2}}}),
            {
                "id": "j",
                "cost": {"per": {"n": 10.5}},
                "impact": {"k": 4, "m": {"per": {"n": -1}}},
                "levels": [{"id": "small"}, {"id": "big", "cost_factor": 2, "impact_factor": 1.5}],
            },
        ],
    )
    one, two, three = "p/i/a/y1", "q/i/b/y1", "p/j/b/y1/big"  # 100, 100, 147
    paid = [
        ("f", one, "y1", 2000),
        ("g", one, "y1", 2500),
        ("budget:p", one, "y1", 2500),
        ("budget:p", one, "y2", 3000),
        ("f", two, "y1", 3000),
        ("f", two, "y2", 3000),
        ("budget:q", two, "y1", 4000),
        ("budget:p", three, "y1", 14700),
        ("budget:p", "participation:p", "y2", 500),
    ]
    return made, plan_of(made, decide(made, [one, two, three], paid))


def together() -> Case:
    """Synergies of all kinds, a backbone, overlap, saturation, rules, a baseline, a scenario that counts."""
    made = instance(
        places=[
            {"id": "a", "group": "west", "neighbours": ["b"], "attributes": {"n": 2}},
            {"id": "b", "group": "west", "attributes": {"n": 3}},
        ],
        indicators=[
            {"id": "k", "saturates_at": 60, "baseline": 7, "target": 50},
            {"id": "m", "saturates_at": {"per_place": {"per": {"n": 4}}}},
        ],
        partners=[partner("p"), partner("q"), {"id": "h", "roles": ["backbone"], "budget": 100}],
        interventions=[does("i"), {**does("j"), "impact": {"k": 10, "m": 5}}, does("x", 50, 8)],
        capabilities=[can(who, what) for who in "pq" for what in "ijx"],
        synergies=[
            {"id": "s", "between": ["i", "j"], "adds": {"k": {"per": {"n": 1}}}, "backbone": True},
            {"id": "t", "between": ["i", "j"], "within": "neighbours", "boost": 0.1, "on": ["k"]},
            {"id": "u", "between": ["i", "x"], "within": "group", "partners": "different", "adds": {"m": -2}},
        ],
        overlaps=[
            {"indicator": "k", "interventions": ["i", "x"], "how": "random", "reach": {"i": 0.5, "x": 0.25}}
        ],
        rules=[
            {"excludes": ["x", "j"]},
            {"requires": {"intervention": "j", "needs": ["i"], "within": "group"}},
        ],
        backbones=[{"partner": "h", "cost": 20, "cost_per_synergy": 1.5, "capacity": 1}],
        baseline=[{"partner": "p", "intervention": "i", "place": "a"}],
        agenda={"targets": [{"indicator": "k", "at_least": 40, "group": "west", "soft": True, "penalty": 2}]},
        scenarios={"dear": {"set": {"interventions.x.cost": 55}}},
    )
    names = ["p/i/a/all", "p/j/a/all", "q/x/b/all", "p/i/b/all"]
    choices = decide(made, names, backbones={"h": (("s", "a"),)}, scenario="dear")
    bill = ("budget:h", "backbone:h", "all", 2150)
    choices = decide(made, names, [*choices.payments, bill], choices.backbones, "dear")
    return made, plan_of(made, choices, scenario="dear")


def cheapest() -> Case:
    """Least cost, a hard target and a soft one that is missed."""
    made = instance(
        places=[{"id": "a"}, {"id": "b"}],
        agenda={
            "minimize": "cost",
            "targets": [
                {"indicator": "k", "at_least": 10, "place": "a"},
                {"indicator": "k", "at_least": 20, "soft": True, "penalty": 2.5},
            ],
        },
    )
    return made, plan_of(made, decide(made, ["p/i/a/all"]))


def in_order() -> Case:
    """Targets first, then value, then cost."""
    made = instance(
        places=[{"id": "a"}, {"id": "b"}],
        agenda={
            "priorities": ["targets", "value", "cost"],
            "targets": [{"indicator": "k", "at_least": 30, "soft": True, "penalty": 1}],
        },
    )
    return made, plan_of(made, decide(made, ["p/i/a/all", "p/i/b/all"]))


def stopped() -> Case:
    """A run that a limit stopped: a bound 5 better than the plan."""
    made, plan = money()
    options = [each.option.id for each in plan.assignments]
    minor = [(each.fund, each.assignment, each.period, int(each.amount * 100)) for each in plan.payments]
    return made, plan_of(made, decide(made, options, minor), slack=5)


def nothing() -> Case:
    """The empty plan, which is a plan."""
    made = instance()
    return made, plan_of(made, decide(made))


def infeasible() -> Case:
    """No plan: a solver says that there is none."""
    made, plan = nothing()
    return made, Plan(
        instance=plan.instance, status="infeasible", proof="solver test 1.0", reasons=("too dear",), run=Run()
    )


def no_plan() -> Case:
    """No plan yet: the time was up."""
    made, plan = nothing()
    return made, Plan(instance=plan.instance, status="no_plan", stopped_by="time_limit")


CASES: dict[str, Callable[[], Case]] = {
    made.__name__: made
    for made in (money, together, cheapest, in_order, stopped, nothing, infeasible, no_plan)
}
