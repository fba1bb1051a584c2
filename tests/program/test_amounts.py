"""A program that takes over all but amounts of money is the one that is compiled anew."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from ciopt.instance import Instance, parse
from ciopt.instance.money import minor_digits
from ciopt.program import amounts, compile_program, program_of
from ciopt.program.amounts import with_amounts
from tests.oracle.random_instances import random_instance


def richer(made: Instance, draw: random.Random) -> Instance:
    """Change amounts of money, some of them by odd factors."""

    def other(amount: Any) -> Any:
        if isinstance(amount, dict):
            return {period: other(part) for period, part in amount.items()}
        factor = draw.choice([0, 1, Decimal("0.5"), 2, 3, 1000])
        return Decimal(amount * factor).quantize(Decimal(1) if draw.random() < 0.5 else cent)

    cent = Decimal(1).scaleb(-minor_digits(made.currency))
    data = made.to_data()
    for partner in data["partners"]:
        if "budget" in partner and draw.random() < 0.6:
            partner["budget"] = other(partner["budget"])
    for fund in data.get("funds", ()):
        if draw.random() < 0.6:
            fund["amount"] = other(fund["amount"])
    return parse(data)


def differences(one: Any, other: Any, path: str = "") -> list[str]:
    """Paths at which two programs differ; where they come from is left out."""
    if type(one) is not type(other):
        return [path]
    if isinstance(one, np.ndarray):
        return [] if one.dtype == other.dtype and np.array_equal(one, other) else [path]
    if is_dataclass(one):
        names = [each.name for each in fields(one) if each.name not in ("instance", "lookup")]
        pairs = [(f"{path}.{name}", getattr(one, name), getattr(other, name)) for name in names]
    elif isinstance(one, tuple) and len(one) == len(other):
        pairs = [(f"{path}[{n}]", *both) for n, both in enumerate(zip(one, other, strict=True))]
    else:
        return [] if one == other else [path]
    return [found for where, left, right in pairs for found in differences(left, right, where)]


@pytest.mark.parametrize("seed", range(60))
def test_a_program_with_other_amounts_is_the_one_compiled_anew(seed: int) -> None:
    made, draw = random_instance(seed), random.Random(seed)
    program = compile_program(made)
    for _ in range(3):
        changed = richer(made, draw)
        anew = compile_program(changed)
        patched = with_amounts(program, anew.instance)
        if patched is not None:
            assert differences(patched, anew) == []
            assert patched.instance is patched.lookup.instance is anew.instance


def test_most_what_ifs_about_money_share_a_program() -> None:
    """The test above would say nothing if none were shared."""
    shared = 0
    for seed in range(30):
        made = random_instance(seed)
        changed = richer(made, random.Random(seed))
        if not made.measurements:
            shared += with_amounts(compile_program(made), changed) is not None
    assert shared >= 10


@pytest.mark.parametrize(
    "change",
    [
        {"weight": 7},
        {"min_spend": 1},
        {"capacity": {"hours": 3}},
        {"budget": None},
        {"periods": 2},
    ],
)
def test_where_more_differs_nothing_is_shared(change: dict[str, Any]) -> None:
    data: dict[str, Any] = {
        "ciopt": 1,
        "currency": "USD",
        "places": [{"id": "p"}],
        "indicators": [{"id": "good", "weight": 1}],
        "partners": [{"id": "a", "roles": ["funding", "implementing"], "budget": 10}],
        "funds": [{"id": "f", "partner": "a", "amount": 10}],
        "interventions": [{"id": "do", "cost": 5, "impact": {"good": 1}}],
        "capabilities": [{"partner": "a", "intervention": "do", "places": "*"}],
    }
    program = compile_program(parse(data))
    assert with_amounts(program, parse({**data, "name": "the same"})) is not None
    if "weight" in change:
        data["indicators"][0] |= change
    elif "min_spend" in change:
        data["funds"][0] |= change
    elif "periods" in change:
        data["periods"] = ["2027", "2028"]
        data["partners"][0]["budget"] = {"2027": 5, "2028": 5}
    else:
        data["partners"][0] |= change
    if data["partners"][0]["budget"] is None:
        del data["partners"][0]["budget"]
    assert with_amounts(program, parse(data)) is None


def test_what_ifs_of_one_instance_compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from ciopt.instance.rules import Scenario
    from ciopt.instance.scenarios import apply_scenario

    made = next(each for each in map(random_instance, range(60)) if _is_plain(each))
    payer = next(each for each in made.partners if each.budget is not None)
    program_of(made)
    what_if = apply_scenario(made, Scenario(scale={f"partners.{payer.id}.budget": 2})).instance
    anew = compile_program(what_if)
    monkeypatch.setattr(amounts, "compile_program", lambda given: pytest.fail("it is compiled again"))
    assert differences(program_of(what_if), anew) == []


def _is_plain(made: Instance) -> bool:
    rich = any(each.budget is not None for each in made.partners)
    shares = any(each.max_share < 1 or each.match for each in made.funds)
    return rich and shares and not made.measurements and made.agenda.risk is None
