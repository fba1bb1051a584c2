"""The value of collaboration on random instances: what theory says holds, and accounts add up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ciopt.instance import Instance, Lookup
from ciopt.plan import Plan
from ciopt.settings import Settings
from ciopt.studies.collaboration import Collaboration, collaborate
from ciopt.studies.collaboration.credit import by_partner, credits
from ciopt.studies.collaboration.records import World
from ciopt.studies.collaboration.split import for_value, split
from ciopt.verification import verify
from ciopt.verification.decisions import read_decisions
from tests.oracle.brute_force import brute_force
from tests.oracle.random_instances import random_instance

SETTINGS = Settings(engine="cpsat", threads=1)


def check_collaboration(seed: int) -> list[str]:
    """Say what is wrong with the value of collaboration of a random instance."""
    instance = random_instance(seed)
    found = collaborate(instance, SETTINGS)
    whole = for_value(instance)
    wrong = [*_order(found), *_together(found, brute_force(whole).goals.get("value"))]
    for world in found.worlds:
        if world.plan is not None:
            wrong += _account(Lookup(whole), world)
            wrong += _judged(whole, world)
    wrong += _split(instance)
    return [f"seed {seed}: {text}" for text in wrong]


def _order(found: Collaboration) -> list[str]:
    alone, informed, together = (found.world(name) for name in ("alone", "informed", "together"))
    assert alone is not None and informed is not None and together is not None  # noqa: PT018
    assert alone.objective is not None and informed.objective is not None  # noqa: PT018
    wrong = []
    if informed.objective < alone.objective:
        wrong.append("informed is worse than alone")
    for name, world in (("alone", alone), ("informed", informed)):
        if world.keeps_all and (together.objective is None or together.objective < (world.objective or 0)):
            wrong.append(f"together is worse than {name}, which keeps everything")
        if world.keeps_all != (f"together >= {name}" in found.by_theory):
            wrong.append(f"theory about {name}: {found.by_theory}")
    if informed.ending != "fixed_point":
        wrong.append(f"the informed world ended as {informed.ending}")
    return wrong


def _together(found: Collaboration, exact: int | None) -> list[str]:
    """One plan of all is the best one that brute force finds."""
    together = found.world("together")
    assert together is not None
    objective = None if together.objective is None else int(Fraction(together.objective) * 10**12)
    return [] if objective == exact else [f"together achieves {objective}, right is {exact}"]


def _account(lookup: Lookup, world: World) -> list[str]:
    """The parts of the objective, and the credits of the partners, add up."""
    assert world.plan is not None
    parts = world.parts
    total = parts.impacts + parts.synergies + parts.overlaps + parts.saturation + parts.penalties
    choices, _ = read_decisions(lookup, world.plan)
    credit = sum(by_partner(credits(lookup, choices)).values(), Fraction(0)) / 10**12
    wrong = []
    if total != world.objective:
        wrong.append(f"{world.name}: the parts add up to {total}, the objective is {world.objective}")
    if credit != Fraction(parts.impacts + parts.synergies + parts.overlaps):
        wrong.append(f"{world.name}: credits add up to {credit}")
    return wrong


def _judged(instance: Instance, world: World) -> list[str]:
    """What is said to keep everything does; what is not misses what is named."""
    plan: Plan | None = world.plan
    assert plan is not None
    problems = [each for each in verify(instance, plan).problems if each.code != "E550"]
    if world.keeps_all == bool(problems):
        return [f"{world.name}: keeps_all is {world.keeps_all}, and {problems}"]
    return []


def _split(instance: Instance) -> list[str]:
    """Parts of a fund are never more than the fund, period by period."""
    made = split(instance)
    pieces = {fund.id: fund for fund in made.instance.funds}
    wrong = []
    for fund in instance.funds:
        mine = [pieces[part].amount for part, (whole, _) in made.parts.items() if whole == fund.id]
        if not mine:
            continue
        if isinstance(fund.amount, dict):
            for period, amount in fund.amount.items():
                parts = [part[period] for part in mine if isinstance(part, dict)]
                if sum(parts, Decimal(0)) != amount:
                    wrong.append(f"{fund.id} in {period}: {parts} of {amount}")
        elif sum((part for part in mine if isinstance(part, Decimal)), Decimal(0)) != fund.amount:
            wrong.append(f"{fund.id}: {mine} of {fund.amount}")
    return wrong
