"""Plans that no other beats on two indicators: all of them, or an honest word that there may be more."""

from __future__ import annotations

from threading import Event

import pytest

from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.studies.trade_off import trade_off
from tests.models.small import instance, partner
from tests.studies.money_oracle import check_trade_off
from tests.studies.plain import plain

SEEDS = (1, 4, 7, 8, 9)
NIGHTLY_SEEDS = range(200)


def coalition() -> Instance:
    """One purse of 10 for two of four things: 9 and -1 (fewer cases), 6 and -5, 3 and -6, 1 and -1."""
    things = {"a": (9, -1), "b": (6, -5), "c": (3, -6), "d": (1, -1)}
    return instance(
        indicators=[{"id": "k", "unit": "t"}, {"id": "cases", "weight": -1}],
        partners=[partner("p", 10)],
        interventions=[
            {"id": name, "cost": 5, "impact": {"k": gain, "cases": cases}}
            for name, (gain, cases) in things.items()
        ],
    )


def test_all_plans_that_no_other_beats_are_found_and_said_to_be_all() -> None:
    """a+b: 15, -6; a+c: 12, -7; b+c: 9, -11."""
    found = trade_off(coalition(), ("k", "cases"))
    assert plain([(point.first, point.second) for point in found.points]) == [(15, -6), (12, -7), (9, -11)]
    assert all(point.proven for point in found.points)
    assert found.complete
    assert found.open == ()
    assert found.falls == (False, True)
    assert [point.value for point in found.points] == [21, 19, 20]


def test_too_few_points_are_not_called_all() -> None:
    found = trade_off(coalition(), ("k", "cases"), points=2)
    assert plain([(point.first, point.second) for point in found.points]) == [(15, -6), (9, -11)]
    assert not found.complete
    assert found.stopped_by == "points"
    assert plain([(box.first, box.second) for box in found.open]) == [((9, 15), (-6, -11))]


def test_one_plan_that_beats_all_is_complete() -> None:
    found = trade_off(coalition(), ("cases", "k"), points=40)
    assert [point.first for point in found.points] == [-11, -7, -6]
    alike = trade_off(instance(indicators=[{"id": "k"}, {"id": "l"}]), ("k", "l"))
    assert plain([(point.first, point.second) for point in alike.points]) == [(0, 0)]
    assert alike.complete


def test_an_interrupt_is_said() -> None:
    stop = Event()
    stop.set()
    found = trade_off(coalition(), ("k", "cases"), interrupt=stop)
    assert not found.complete
    assert found.stopped_by == "interrupt"


def test_no_plan_at_all() -> None:
    made = coalition()
    agenda = made.agenda.model_validate({"targets": [{"indicator": "k", "at_least": 99}]})
    found = trade_off(made.model_copy(update={"agenda": agenda}), ("k", "cases"))
    assert found.points == ()
    assert found.complete


@pytest.mark.parametrize(
    ("names", "said"), [(("k", "kk"), "no indicator is called 'kk'"), (("k", "k"), "name two indicators")]
)
def test_indicators_that_make_no_sense_are_refused(names: tuple[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        trade_off(coalition(), names)


@pytest.mark.parametrize("seed", SEEDS)
def test_brute_force_finds_the_same_plans(seed: int) -> None:
    assert check_trade_off(seed) == []


@pytest.mark.sweep
@pytest.mark.parametrize("seed", NIGHTLY_SEEDS)
def test_brute_force_finds_the_same_plans_on_many(seed: int) -> None:
    assert check_trade_off(seed) == []
