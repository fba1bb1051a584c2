"""The hash of an instance is that of its canonical text, however much of it is known already."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ciopt.files import canonical_sha256, instance_sha256
from ciopt.instance import Instance, parse
from ciopt.instance.rules import Scenario
from ciopt.instance.scenarios import apply_scenario
from tests.oracle.random_instances import random_instance


def anew(instance: Instance) -> str:
    return canonical_sha256(instance.to_data())


@pytest.mark.parametrize("seed", range(20))
def test_the_hash_is_that_of_the_canonical_text(seed: int) -> None:
    made = random_instance(seed)
    assert instance_sha256(made) == anew(made) == instance_sha256(made)
    poorer = apply_scenario(made, Scenario(set={f"indicators.{made.indicators[0].id}.weight": Decimal(2)}))
    assert instance_sha256(poorer.instance) == anew(poorer.instance)
    assert instance_sha256(parse(made.to_data())) == anew(made)


def test_a_copy_with_other_content_has_another_hash() -> None:
    made = random_instance(1)
    before = instance_sha256(made)
    changed = made.model_copy(update={"places": made.places[::-1], "description": "turned round"})
    assert instance_sha256(changed) == anew(changed) != before
    without = made.model_copy(update={"synergies": (), "overlaps": ()})
    assert instance_sha256(without) == anew(without)
