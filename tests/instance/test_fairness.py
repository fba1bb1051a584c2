"""What is fair and what is at risk, worked out by hand; samples that are the same everywhere."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

import ciopt
from ciopt.instance import Instance, Lookup, Option, parse
from ciopt.instance.choices import Choices
from ciopt.instance.estimates import Estimated, Key, parts
from ciopt.instance.fairness import lacking, least, members, shares
from ciopt.instance.goals import (
    counted_value,
    goal_values,
    goals_of,
    keeps_agreements,
    keeps_floor,
    stages_of,
)
from ciopt.instance.risk import losses, reserve
from ciopt.instance.sampling import multipliers, order, quantiles
from ciopt.instance.uncertainty import Spread
from ciopt.instance.value import by_activity, movements, paying_synergies
from tests.oracle.random_instances import random_instance

FILE = Path(__file__).parents[2] / "instances" / "small" / "fair-shares.json"
FAIR = ["school/beta", "school/gamma", "well/alpha", "well/beta"]
MOST = ["school/alpha", "school/beta", "well/alpha", "well/beta"]
PICO = 10**12


def agreed(**agenda: Any) -> Lookup:
    """The three villages with another agenda."""
    return Lookup(parse({**ciopt.load(FILE).to_data(), "agenda": agenda}))


def chosen(names: list[str]) -> Choices:
    pairs = [name.split("/") for name in names]
    return Choices(tuple(Option("ngo", what, where, "all") for what, where in pairs))


def got(lookup: Lookup, choices: Choices) -> list[tuple[int, int | None]]:
    """What every member has per unit and is due, in 10^-6."""
    moved = movements(lookup, by_activity(choices.options), paying_synergies(lookup, choices))
    return [(each.per_unit, each.floor) for each in shares(lookup, choices, moved)]


def test_outcomes_per_unit_are_rounded_down_and_floors_up() -> None:
    fairness = {"per": "people", "how": "floor", "share": Decimal("0.5"), "at_least": 1}
    lookup = agreed(fairness=fairness)
    # half of 1,650 / 350 is 2.357142857…
    assert got(lookup, chosen(FAIR)) == [
        (4_000_000, 2_357_143),
        (5_500_000, 2_357_143),
        (3_000_000, 2_357_143),
    ]
    assert keeps_floor(lookup, chosen(FAIR))
    assert not keeps_floor(lookup, chosen(MOST))
    assert not keeps_floor(lookup, chosen([]))  # nobody has the 1 they are due
    thirds = agreed(fairness={"per": "pupils", "how": "maximin"})
    # 400 / 300, 1,100 / 500, 150 / 150
    assert got(thirds, chosen(FAIR)) == [(1_333_333, None), (2_200_000, None), (1_000_000, None)]


def test_a_floor_among_the_priorities_is_what_all_lack_together() -> None:
    fairness = {"per": "people", "how": "floor", "at_least": 4}
    lookup = agreed(fairness=fairness, priorities=["fairness", "value"])
    assert goal_values(lookup, chosen(FAIR))["fairness"] == -1 * PICO
    assert goal_values(lookup, chosen(MOST))["fairness"] == -4 * PICO
    assert keeps_floor(lookup, chosen([]))


def test_leximin_has_a_goal_for_every_number_of_members() -> None:
    lookup = agreed(fairness={"per": "people", "how": "leximin"})
    assert goals_of(lookup) == ("fairness 1", "fairness 2", "fairness 3", "value")
    assert stages_of(lookup)[-1] == "cost"
    worth = goal_values(lookup, chosen(FAIR))
    assert [worth[goal] for goal in goals_of(lookup)] == [
        3 * PICO,
        7 * PICO,
        Fraction(25, 2) * PICO,
        1650 * PICO,
    ]


def test_members_without_the_attribute_do_not_count() -> None:
    data = ciopt.load(FILE).to_data()
    data["places"] = [dict(place) for place in data["places"]]
    data["places"][2]["attributes"] = {**data["places"][2]["attributes"], "people": 0}
    lookup = Lookup(parse({**data, "agenda": {"fairness": {"per": "people", "how": "maximin"}}}))
    assert [each.id for each in members(lookup)] == ["alpha", "beta"]
    assert goal_values(lookup, chosen(MOST))["fairness"] == Fraction(11, 2) * PICO


def test_a_burden_is_what_a_partner_has_to_pay_for() -> None:
    lookup = agreed(fairness={"over": "partners", "counts": "burden", "how": "maximin"})
    assert goal_values(lookup, chosen(FAIR))["fairness"] == -40_000 * PICO
    relative = agreed(fairness={"over": "partners", "counts": "burden", "per": "budget", "how": "maximin"})
    assert goal_values(relative, chosen(FAIR[:2]))["fairness"] == -PICO // 2
    assert lacking(()) == 0


def test_a_dial_mixes_value_with_what_the_worst_off_have() -> None:
    lookup = agreed(fairness={"per": "people", "how": "dial", "dial": Decimal("0.25")})
    assert counted_value(lookup, chosen(FAIR)) == (Fraction(3, 4) * 1650 + Fraction(1, 4) * 350 * 3) * PICO


def test_robust_takes_the_largest_losses_from_the_value() -> None:
    lookup = agreed(risk={"how": "robust", "gamma": 1})
    choices = chosen(MOST)
    assigned = by_activity(choices.options)
    assert losses(lookup, parts(lookup, assigned, [])) == {
        Key("impact", "well", "wellbeing"): 800_000_000,
        Key("impact", "school", "wellbeing"): 120_000_000,
    }
    assert counted_value(lookup, choices) == 1000 * PICO
    assert counted_value(agreed(risk={"how": "robust", "gamma": 2}), choices) == 880 * PICO
    assert counted_value(agreed(risk={"how": "robust", "gamma": 0}), choices) == 1800 * PICO


def test_costs_that_may_overrun_leave_money_over() -> None:
    """Wells may cost half as much again: 20,000 for two of them, 10,000 over; schools are certain."""
    data = ciopt.load(FILE).to_data()
    data["interventions"] = [dict(each) for each in data["interventions"]]
    data["interventions"][0]["cost"] = {"fixed": 10000, "range": [1, Decimal("1.5")]}
    data["agenda"] = {"risk": {"how": "robust", "cost_gamma": 1}}
    lookup = Lookup(parse(data))
    assert reserve(lookup, chosen(MOST)) == 10_000_00
    assert reserve(lookup, chosen(["school/alpha", "well/alpha"])) == 5_000_00
    assert not keeps_agreements(lookup, chosen(MOST))
    plan = ciopt.solve(parse(data))
    # two wells and a school leave the 10,000 that the wells may cost more; nothing is left for a fourth
    assert plan.value == 400 + 600 + 500
    assert plan.cost == 30_000
    assert plan.reserve == 10_000
    assert plan.counted is None
    dearer = plan.model_copy(update={"reserve": Decimal(0)})
    assert [each.code for each in ciopt.verify(parse(data), dearer).problems] == ["E531"]
    data["agenda"] = {"risk": {"how": "robust", "cost_gamma": 0}}
    assert ciopt.solve(parse(data)).value == 1800


def test_cvar_is_the_mean_of_the_worst_samples() -> None:
    choices = chosen(MOST)
    wells, schools = (
        multipliers(Estimated(Key("impact", name, "wellbeing"), Spread(Decimal(low), Decimal(high))), 5)
        for name, low, high in (("well", "0.2", "1.8"), ("school", "0.85", "1.15"))
    )
    sampled = sorted(wells[number] + Fraction(8, 10) * schools[number] for number in range(5))
    for alpha, count in (("0.2", 1), ("0.3", 2), ("0.6", 3), ("1", 5)):
        lookup = agreed(risk={"how": "cvar", "alpha": Decimal(alpha), "samples": 5})
        assert counted_value(lookup, choices) == Fraction(sum(sampled[:count]), count) * PICO


@pytest.mark.parametrize("samples", [1, 2, 5, 100])
def test_samples_take_every_quantile_of_the_normal_distribution_once(samples: int) -> None:
    exact = [NormalDist().inv_cdf((number + 0.5) / samples) for number in range(samples)]
    assert [float(each) for each in quantiles(samples)] == pytest.approx(exact, abs=1e-9)
    assert sorted(order(Key("impact", "road", "income"), samples)) == list(range(samples))


def test_samples_stay_what_they_are() -> None:
    """Plans that were made yesterday must verify tomorrow."""
    road = Estimated(Key("impact", "road", "income"), Spread(Decimal("0.6"), Decimal("1.4")))
    assert multipliers(road, 7) == (1000, 1457, 753, 886, 543, 1247, 1114)
    certain = Estimated(Key("impact", "road", "income"), Spread(Decimal(1), Decimal(1)))
    assert set(multipliers(certain, 7)) == {1000}


def test_the_smallest_of_several() -> None:
    assert [least([5, -1, 3], count) for count in range(4)] == [0, -1, 2, 7]


def everything(instance: Instance, seed: int) -> Choices:
    """Something at every activity: what a random order of options comes to first."""
    lookup = Lookup(instance)
    found: dict[tuple[str, str], Option] = {}
    for number, option in enumerate(lookup.options()):
        if (number * 7 + seed) % 3:
            found[option.activity] = option
    return Choices(tuple(found.values()))


@pytest.mark.parametrize("seed", range(40))
def test_the_parts_that_err_add_up_to_what_moves(seed: int) -> None:
    instance = random_instance(seed)
    lookup, choices = Lookup(instance), everything(instance, seed)
    assigned, paying = by_activity(choices.options), paying_synergies(lookup, choices)
    moved = movements(lookup, assigned, paying)
    for part in parts(lookup, assigned, paying):
        ledger = moved[part.indicator].places if part.place is not None else moved[part.indicator].groups
        ledger[part.place or part.group or ""] -= part.amount
    assert not any(
        each for ledger in moved.values() for each in (*ledger.places.values(), *ledger.groups.values())
    )
