"""Measurements correct estimates, exactly, and the same on every machine."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import ciopt
from ciopt.errors import InvalidInput
from ciopt.instance import Instance, Lookup, Option, parse
from ciopt.instance.learning import learned, lessons
from ciopt.instance.options import impact
from ciopt.instance.scenarios import apply
from ciopt.instance.uncertainty import spread

ROOT = Path(__file__).parents[2]
EAST = {"intervention": "school-food", "indicator": "greens", "place": "east"}


def somerville(*measured: dict[str, Any]) -> Instance:
    data = ciopt.load(ROOT / "instances/somerville.json").to_data()
    return parse({**data, "measurements": [*measured]})


def central(place: str) -> Fraction:
    lookup = Lookup(somerville())
    estimate = lookup.interventions["school-food"].impact["greens"]
    return Fraction(lookup.amounts.at(estimate, place), 10**12)


def test_the_posterior_is_the_one_of_the_joint_normal() -> None:
    """Two unknowns (common, place) and one measurement, by conditioning the joint normal directly."""
    instance = somerville({**EAST, "value": 200, "sd": 40})
    wide = spread(instance.interventions[0].impact["greens"])
    variance, m = wide.sd**2, central("east")
    noise = (40 / m) ** 2
    gain = (200 / m - 1) / (variance + noise)
    (lesson,) = lessons(instance)
    assert lesson.after.mean == 1 + Fraction(3, 4) * variance * gain
    assert lesson.places["east"].mean == 1 + variance * gain
    assert lesson.places["east"].variance == variance - variance**2 / (variance + noise)
    assert lesson.after.variance == variance - (Fraction(3, 4) * variance) ** 2 / (variance + noise)


def test_measured_places_get_their_own_numbers_and_others_the_common_ones() -> None:
    instance = somerville({**EAST, "value": 200, "sd": 40})
    before, after = Lookup(somerville()), Lookup(learned(instance))
    (lesson,) = lessons(instance)
    seen = set()
    for option in before.options():
        if option.intervention == "school-food":
            was, now = impact(before, option)["greens"], impact(after, option)["greens"]
            belief = lesson.places.get(option.place, lesson.after)
            assert now == pytest.approx(float(was * belief.mean), rel=1e-5)
            assert impact(before, option)["bmi"] == impact(after, option)["bmi"]
            seen.add(option.place == "east")
    assert seen == {True, False}
    assert "1 measurement" in after.interventions["school-food"].notes


def test_precise_measurements_win_and_vague_ones_change_little() -> None:
    exact = lessons(somerville({**EAST, "value": 200, "sd": Decimal("0.001")}))[0]
    assert float(exact.places["east"].mean) == pytest.approx(float(200 / central("east")), rel=1e-6)
    vague = lessons(somerville({**EAST, "value": 200, "sd": 10**9}))[0]
    assert float(vague.after.mean) == pytest.approx(1, abs=1e-6)


def test_order_does_not_matter_and_learning_twice_is_learning_once() -> None:
    one, two = {**EAST, "value": 200, "sd": 40}, {**EAST, "value": 120, "sd": 60}
    assert learned(somerville(one, two)).interventions == learned(somerville(two, one)).interventions
    after = learned(somerville(one))
    assert learned(after) is after
    assert parse(after.to_data()) == after


def test_what_the_file_measures_is_solved_and_verified() -> None:
    instance = somerville({**EAST, "value": 100, "sd": 10})
    plan = ciopt.solve(instance, ciopt.Settings(gap=0.05, time_limit=20))
    assert ciopt.verify(instance, plan).is_valid
    assert any("corrected by 1 measurement" in note for note in plan.run.notes) if plan.run else False
    assert not ciopt.verify(somerville(), plan).is_valid
    assert apply(instance, None).instance.measurements == ()


def test_an_override_that_somebody_stated_stays() -> None:
    data = somerville({**EAST, "value": 100, "sd": 10}).to_data()
    option = next(o for o in Lookup(somerville()).options() if o.activity == ("school-food", "east"))
    said = {key: part for key, part in option._asdict().items() if part is not None}
    instance = parse({**data, "options": [{**said, "impact": {"greens": 7}}]})
    after = Lookup(learned(instance))
    assert impact(after, option)["greens"] == 7 * 10**6
    assert isinstance(option, Option)


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        ({**EAST, "value": 1, "sd": -1}, "must be above 0"),
        ({**EAST, "value": 1, "sd": 1, "indicator": "walkers"}, "has no estimate for"),
    ],
)
def test_a_measurement_that_corrects_nothing_is_an_error(measured: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        somerville(measured)
    assert said in str(error.value)
    assert error.value.problems[0].code == "E221"
