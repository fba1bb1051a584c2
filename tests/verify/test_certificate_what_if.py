"""A bound that is carried over to other amounts is the one that is worked out anew from all options."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from ciopt.certificate import bound, certified_bound
from ciopt.errors import InvalidInput
from ciopt.instance import Instance, Lookup, parse
from ciopt.instance.rules import Scenario
from ciopt.instance.scenarios import apply_scenario
from ciopt.program import compile_program
from tests.oracle.random_instances import random_instance
from tests.verify.test_certificate_bound import drawn


def changes(made: Instance, draw: random.Random) -> Scenario:
    """Draw changes of amounts, and sometimes of what the rest of the bound follows from as well."""
    factor = Decimal(draw.randint(0, 30)) / 10
    scale: dict[str, Any] = {}
    for partner in made.partners:
        if partner.budget is not None and draw.random() < 0.5:
            scale[f"partners.{partner.id}.budget"] = factor
        for resource in partner.capacity:
            if draw.random() < 0.3:
                scale[f"partners.{partner.id}.capacity.{resource}"] = factor
        if partner.participation_cost and draw.random() < 0.2:
            scale[f"partners.{partner.id}.participation_cost"] = factor
    for fund in made.funds:
        if draw.random() < 0.5:
            scale[f"funds.{fund.id}.amount"] = factor
    if draw.random() < 0.2:
        scale[f"indicators.{made.indicators[0].id}.weight"] = factor
    removed = [f"rules.{number}" for number in range(len(made.rules)) if draw.random() < 0.2]
    return Scenario(scale=scale, remove=tuple(removed))


@pytest.mark.parametrize("seed", range(60))
def test_a_bound_at_other_amounts_is_the_one_worked_out_anew(seed: int) -> None:
    made, draw = random_instance(seed), random.Random(seed)
    program = compile_program(made)
    certificates = [drawn(made, program, draw) for _ in range(2)]
    for _ in range(4):
        try:
            changed = apply_scenario(made, changes(made, draw)).instance
        except InvalidInput:
            continue
        anew = Lookup(parse(changed.to_data()))
        for certificate in certificates:
            assert certified_bound(Lookup(changed), certificate) == certified_bound(anew, certificate)


def test_other_amounts_need_no_second_look_at_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    made = random_instance(3)
    payer = next(each for each in made.partners if each.budget is not None)
    richer = Scenario(scale={f"partners.{payer.id}.budget": Decimal(2)})
    certificate = drawn(made, compile_program(made), random.Random(3))
    certified_bound(Lookup(made), certificate)
    monkeypatch.setattr(bound, "_best_options", lambda *given: pytest.fail("all options are added up again"))
    changed = apply_scenario(made, richer).instance
    assert certified_bound(Lookup(changed), certificate) is not None
