"""The random instances are what the sweep needs: valid, small, repeatable, and of all kinds."""

from __future__ import annotations

from collections import Counter
from math import prod

import pytest

from ciopt.instance import Lookup
from tests.oracle.brute_force import brute_force
from tests.oracle.features import every_feature, features_of
from tests.oracle.random_instances import random_instance


def test_three_hundred_seeds_meet_every_feature() -> None:
    met = set().union(*(features_of(random_instance(seed)) for seed in range(300)))
    assert met == every_feature()


def test_a_seed_gives_the_same_instance_again() -> None:
    for seed in range(20):
        assert random_instance(seed) == random_instance(seed)
    assert random_instance(0) != random_instance(1)


def test_everything_can_be_tried_in_a_tiny_instance() -> None:
    for seed in range(100):
        options = Counter(option.activity for option in Lookup(random_instance(seed)).options())
        assert prod(count + 1 for count in options.values()) <= 3_000


@pytest.mark.parametrize("seed", range(30))
def test_a_small_instance_has_15_to_40_activities(seed: int) -> None:
    assert 15 <= len(Lookup(random_instance(seed, "small")).activities) <= 40


def test_most_instances_are_feasible_and_worth_something() -> None:
    """10 to 25 % infeasible; of the others most have several assignments."""
    answers = [brute_force(random_instance(seed)) for seed in range(60)]
    sizes = [len(answer.options) for answer in answers if answer.status == "optimal"]
    assert 0.6 <= len(sizes) / len(answers) <= 0.9
    assert sum(size >= 2 for size in sizes) > len(sizes) / 2
