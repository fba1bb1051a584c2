"""Generated coalitions: as asked for, valid, the same again; and the command that writes them."""

from __future__ import annotations

import gzip
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ciopt
from ciopt.errors import UsageError
from ciopt.files import dump
from ciopt.generate import FAMILIES, Wish, family, generate
from ciopt.instance import Instance, parse, warnings
from ciopt.program import compile_program
from tests.cli.run import ciopt as run

WISHES = st.builds(
    Wish,
    family=st.sampled_from(sorted(FAMILIES)),
    activities=st.integers(1, 300),
    partners=st.integers(1, 12),
    interventions=st.integers(1, 25),
    ways=st.integers(1, 6),
    density=st.floats(0, 6),
    tightness=st.floats(0, 1),
    synergy=st.floats(0, 1),
    negative=st.floats(0, 1),
    periods=st.integers(1, 4),
    funds=st.integers(0, 5),
    capacities=st.booleans(),
    rules=st.integers(0, 3),
    lumpiness=st.floats(0, 1),
    quotes=st.booleans(),
    seed=st.integers(0, 1000),
)


def activities(instance: Instance) -> int:
    """Pairs of an intervention and a place that somebody can do."""
    return len({(each.intervention, place) for each in instance.capabilities for place in each.places or ()})


@settings(max_examples=60, deadline=None)
@given(WISHES)
def test_any_wish_gives_a_valid_instance_of_its_size(wish: Wish) -> None:
    data = generate(wish)
    instance = parse(data)
    assert activities(instance) == wish.activities
    assert len([partner for partner in instance.partners if "implementing" in partner.roles]) == wish.partners
    assert len(instance.periods) == wish.periods
    assert len(instance.funds) == wish.funds
    assert dump(generate(wish)) == dump(data)


@pytest.mark.parametrize("name", FAMILIES)
def test_families_are_what_they_say(name: str) -> None:
    instance = parse(generate(family(name)))
    program = compile_program(instance)
    assert program.num_activities == family(name).activities
    assert len(program.options) >= family(name).activities
    codes = {doubt.code for doubt in warnings(instance)}
    assert not codes, codes


def test_density_is_about_what_was_asked_for() -> None:
    for density in (0.5, 1.6, 9.0):
        wish = Wish(activities=2000, density=density)
        program = compile_program(parse(generate(wish)))
        assert 0.7 * density < len(program.synergy_labels) / wish.activities < 1.3 * density


def test_tightness_is_the_part_that_can_be_paid_for() -> None:
    for tightness in (0.1, 0.5):
        program = compile_program(parse(generate(Wish(tightness=tightness, seed=3))))
        instance = program.instance
        money = sum(partner.budget for partner in instance.partners if isinstance(partner.budget, Decimal))
        costs = program.options.cost
        mean = Decimal(int(costs.sum())) / 100 / len(costs) * program.num_activities
        assert 0.7 * tightness < float(money / mean) < 1.3 * tightness


def test_other_seeds_are_other_coalitions() -> None:
    assert generate(Wish()) != generate(replace(Wish(), seed=2))


def test_wishes_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="activities is 0; it is at least 1"):
        Wish(activities=0)
    with pytest.raises(UsageError, match="negative is 2"):
        Wish(negative=2)
    with pytest.raises(UsageError, match="did you mean 'cocoa'"):
        family("coca")


def test_the_command_writes_what_the_library_makes(tmp_path: Path) -> None:
    wish = ("--family", "multi-period", "--activities", "120", "--partners", "4", "--seed", "9")
    shown = run("generate", *wish)
    assert shown.code == 0
    expected = dump(generate(replace(family("multi-period"), activities=120, partners=4, seed=9)))
    assert shown.out == expected
    packed = tmp_path / "made.json.gz"
    said = run("generate", *wish, "-o", packed, "--json").data
    assert (said["activities"], said["funds"]) == (120, 6)
    assert gzip.decompress(packed.read_bytes()).decode() == expected
    assert ciopt.load(packed) == parse(
        generate(replace(family("multi-period"), activities=120, partners=4, seed=9))
    )
    solved = run("solve", packed, "--gap", "0.05", "-o", tmp_path / "plan.json.gz", "-q")
    assert solved.code == 0
    assert run("verify", packed, tmp_path / "plan.json.gz").code == 0


def test_the_command_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    assert run("generate", "--activities", "0").code == 2
    assert run("generate", "--family", "coca").code == 2
    ran = run("generate", "-o", tmp_path)
    assert (ran.code, "is a folder" in ran.err) == (2, True)
