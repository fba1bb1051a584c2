"""How good the plan is known to be, who says so, and what it takes to make and check it again."""

from __future__ import annotations

from ciopt.plan.records import Plan
from ciopt.report import summary
from ciopt.report.grid import Column, Grid
from ciopt.report.page.blocks import Block, Section, Table
from ciopt.report.page.opening import proof as proof_in_words
from ciopt.report.page.opening import scenario_name
from ciopt.report.page.story import Story, short
from ciopt.report.words import clean, money, number, percent, seconds

_GOALS = {
    "targets": "least missing to the targets",
    "fairness": "fair shares",
    "value": "most value",
    "cost": "least cost",
    "total_cost": "least cost of equals",
    "option_ids": "first in the alphabet of equals",
}


def proof(story: Story) -> Section:
    """Give the proof, the run and the instance's fingerprint."""
    plan = story.plan
    how = {
        None: "Nobody vouches for how much better a plan could be.",
        "certificate": (
            "The proof is a certificate: prices of each fund, capacity, target and rule. "
            "ciopt verify works the bound out from them and the instance alone, in whole numbers."
        ),
    }.get(
        plan.proof,
        "How much better a plan could be is the word of a solver that passed a self-test; that it keeps "
        "every rule, pays every cent and achieves what it says was worked out again here, without a solver.",
    )
    again = (
        "To check it again: ciopt verify INSTANCE PLAN, with the instance whose SHA-256 stands below. "
        "What nobody can prove is that the estimates are true."
    )
    blocks: list[Block] = [proof_in_words(story), how, again, Table(_run(story))]
    if plan.goals:
        blocks.append(Table(_goals(plan, story.currency)))
    return Section("proof", "How good it is, and how that is known", tuple(blocks), tab="Proof")


def _run(story: Story) -> Grid:
    plan, run, currency = story.plan, story.plan.run, story.currency
    minimises = summary.minimises(plan)

    def worth(amount: object) -> str:
        if amount is None:
            return ""
        return money(amount, currency) if minimises else number(amount)  # type: ignore[arg-type]

    rows = [
        ("status", plan.status),
        ("why it stopped", "" if plan.stopped_by is None else summary.STOPPED[plan.stopped_by]),
        ("objective", worth(plan.objective)),
        ("no plan is better than", worth(plan.bound)),
        ("gap", "" if plan.gap is None else percent(plan.gap)),
        ("who says so", clean(plan.proof or "")),
        ("re-checked", "yes, from the instance alone, in exact arithmetic" if plan.has_plan else ""),
        ("engine", clean(run.engine)),
        ("solver", clean(run.solver)),
        ("seed", str(run.seed)),
        ("threads", str(run.threads)),
        ("time limit", "" if run.time_limit is None else seconds(run.time_limit)),
        ("gap asked for", percent(run.gap)),
        ("took", seconds(run.seconds)),
        (
            "versions",
            ", ".join(
                part
                for part in (
                    f"ciopt {run.ciopt}" if run.ciopt else "",
                    f"Python {run.python}" if run.python else "",
                )
                if part
            ),
        ),
        ("scenario", scenario_name(story) if plan.instance.scenario else "none: the instance as written"),
        ("instance", short(plan.instance.name)),
        ("SHA-256 of the instance", clean(plan.instance.sha256)),
        *(("note", clean(note, 400)) for note in run.notes),
    ]
    return Grid("The run", (Column("what"), Column("is")), tuple(row for row in rows if row[1]))


def _in_words(goal: str) -> str:
    name, _, count = goal.partition(" ")
    return f"most for the {count} worst-off together" if count else _GOALS[name]


def _goals(plan: Plan, currency: str) -> Grid:
    rows = []
    for goal in plan.goals:
        is_money = goal.goal in ("cost", "total_cost")
        reached, bound = (
            "" if each is None else (money(each, currency) if is_money else number(each))
            for each in (goal.objective, goal.bound)
        )
        rows.append((_in_words(goal.goal), reached, bound, "yes" if goal.proven else "no"))
    columns = (
        Column("goal, in this order"),
        Column("reached", True),
        Column("possible at best", True),
        Column("proven best"),
    )
    return Grid("Goals", columns, tuple(rows))
