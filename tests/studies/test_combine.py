"""Plans made apart meet: who starts first stands, rules hold, and money in vain is counted."""

from __future__ import annotations

from typing import Any

from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.choices import Paid
from ciopt.studies.collaboration.combine import combine
from tests.models.small import can, does, instance, partner


def coalition(**tables: Any) -> Instance:
    return instance(
        **{
            "periods": ["1", "2"],
            "partners": [partner("q"), partner("p"), partner("r")],
            "interventions": [does("x", 10, 4), does("y", 10, 5), does("z", 10, 1)],
            "capabilities": [can(who, what) for who in "pqr" for what in "xyz"],
            **tables,
        }
    )


def option(who: str, what: str, when: str = "1") -> Option:
    return Option(who, what, "a", when)


def fallen(made: Instance, *options: Option) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What stands, and what falls because of what."""
    combined = combine(Lookup(made), options, ())
    return [each.id for each in combined.choices.options], [
        (each.option.id, each.because, each.stands) for each in combined.fallen
    ]


def test_an_activity_counts_once_and_the_earlier_start_stands() -> None:
    stands, falls = fallen(coalition(), option("q", "x", "2"), option("p", "x", "1"))
    assert stands == ["p/x/a/1"]
    assert falls == [("q/x/a/2", "done twice", "p/x/a/1")]


def test_at_the_same_time_the_table_of_partners_decides() -> None:
    stands, _ = fallen(coalition(), option("p", "x"), option("q", "x"))
    assert stands == ["q/x/a/1"]


def test_a_commitment_stands_in_any_case() -> None:
    committed = [{"partner": "p", "intervention": "x", "place": "a", "period": "2", "status": "committed"}]
    stands, _ = fallen(coalition(baseline=committed), option("q", "x"), option("p", "x", "2"))
    assert stands == ["p/x/a/2"]


def test_what_excludes_or_exceeds_falls() -> None:
    rules = [{"id": "either", "excludes": ["x", "y"]}, {"id": "one", "at_most": 1, "of": ["y", "z"]}]
    stands, falls = fallen(coalition(rules=rules), option("q", "x"), option("p", "y"), option("r", "z"))
    assert stands == ["q/x/a/1", "r/z/a/1"]
    assert falls == [("p/y/a/1", "rule either", "")]


def test_what_lacks_what_it_needs_falls_too_and_takes_others_with_it() -> None:
    rules = [
        {"id": "either", "excludes": ["x", "y"]},
        {"id": "needs", "requires": {"intervention": "z", "needs": ["y"]}},
    ]
    stands, falls = fallen(coalition(rules=rules), option("q", "x"), option("p", "y"), option("p", "z"))
    assert stands == ["q/x/a/1"]
    assert [because for _, because, _ in falls] == ["rule either", "rule needs"]
    together = [{"id": "either", "excludes": ["x", "y"]}, {"id": "both", "together": ["y", "z"]}]
    stands, falls = fallen(coalition(rules=together), option("q", "x"), option("p", "y"), option("p", "z"))
    assert stands == ["q/x/a/1"]
    assert falls[-1] == ("p/z/a/1", "rule both", "")


def test_money_for_what_falls_is_in_vain_and_not_paid() -> None:
    paid = [
        Paid("budget:p", "p/x/a/1", "1", 7),
        Paid("budget:p", "p/x/a/1", "2", 3),
        Paid("budget:p", "participation:p", "1", 2),
        Paid("budget:q", "q/x/a/1", "1", 10),
    ]
    combined = combine(Lookup(coalition()), [option("p", "x"), option("q", "x")], paid)
    assert combined.choices.payments == (Paid("budget:q", "q/x/a/1", "1", 10),)
    assert [each.paid for each in combined.fallen] == [10]
