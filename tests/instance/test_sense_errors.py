"""E2xx: data of the right shape that make no sense. Every code, with the place and the remedy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.errors import format_path
from ciopt.instance import parse, warnings
from tests.instance.faults import GONE, Where, broken, problems_of

Case = tuple[str, Where, tuple[tuple[Where, Any], ...], str]


def case(code: str, path: Where, *changes: Any, said: str = "") -> Case:
    """One fault: a value at the path that is blamed, or changes as (place, value)."""
    are_elsewhere = all(isinstance(each, tuple) and isinstance(each[0], tuple) for each in changes)
    return code, path, changes if are_elsewhere else ((path, changes[0]),), said


def record(table: str, number: int, **fields: Any) -> tuple[Where, Any]:
    """Put a record in a table."""
    return (table, number), fields


TARGET = {"indicator": "income", "at_least": 1}
ROAD = {"partner": "mars", "intervention": "road"}
SYNERGY: Where = ("synergies", 0)
FAIR: Where = ("agenda", "fairness")
BURDEN = {"over": "partners", "counts": "burden"}
RISK: Where = ("agenda", "risk")
TARGETS: Where = ("agenda", "targets", 0)

MEASURED: Where = ("measurements", 0)
MEASURE = {"intervention": "road", "indicator": "income", "place": "soubre", "value": 5, "sd": 1}

CASES: list[Case] = [
    # the same id
    case("E201", ("places", 2, "id"), record("places", 2, id="meagui"), said="first used at places[1]"),
    case("E201", ("periods", 1), "2027", said="used twice in periods"),
    case("E201", ("interventions", 1, "levels", 1, "id"), "short", said="levels[0]"),
    # ids that lead nowhere
    case("E202", ("places", 0, "neighbours", 0), "meaghi", said="did you mean 'meagui'?"),
    case("E202", ("funds", 0, "partner"), "wb", said="no partner has the id 'wb'"),
    case("E202", ("funds", 0, "amount", "2029"), 5, said="did you mean '2028' or '2027'?"),
    case(
        "E202",
        ("funds", 0, "match", "with", 0),
        (("funds", 0, "match"), {"with": ["budget:marz"], "ratio": 1}),
        said="did you mean 'budget:mars'",
    ),
    case("E202", ("agenda", "targets", 0, "group"), "wset", said="did you mean 'west'?"),
    case("E202", ("rules", 3, "must_not", "period"), "2030", said="no period"),
    case(
        "E202",
        ("scenarios", "rich", "of", 0),
        (("scenarios", "rich", "of"), ["poor"]),
        said="no scenario has the id 'poor'",
    ),
    case("E202", ("synergies", 0, "adds", "incom"), 1, said="did you mean 'income'?"),
    case("E202", ("interventions", 0, "cost", "per", "farmer"), 1, said="did you mean 'farmers'?"),
    # twice, or itself
    case("E203", ("rules", 1, "excludes", 2), "road", said="list it once"),
    case("E203", ("capabilities", 1, "periods", 1), "2027", said="'2027' is listed twice"),
    case("E204", ("places", 0, "neighbours"), ["soubre"], said="is its own neighbour"),
    case(
        "E204",
        ("funds", 0, "match", "with"),
        (("funds", 0, "match"), {"with": ["wb"], "ratio": 1}),
        said="matches itself",
    ),
    # signs and digits
    case("E205", ("partners", 0, "budget"), -1, said="money is at least 0"),
    case("E205", ("partners", 0, "capacity", "days"), -1, said="at least 0"),
    case("E205", ("interventions", 0, "cost"), {"fixed": -50, "per": {"farmers": Decimal("0.1")}}),
    case("E205", ("capabilities", 0, "cost_factor"), -1),
    case("E206", ("partners", 0, "budget"), Decimal("0.125"), said="write 0.12"),
    case(
        "E206", ("backbones", 0, "cost"), Decimal("5.001"), said="more digits than the currency USD has (2)"
    ),
    case("E207", ("funds", 0, "max_share"), Decimal("1.1"), said="a share lies in 0 to 1"),
    case("E207", ("interventions", 0, "lasts"), 0, said="at least 1"),
    case("E207", ("overlaps", 0, "reach", "road"), 0, said="above 0 and at most at 1"),
    case("E207", ("interventions", 0, "impact", "income", "range"), [2, 1], said="low first, then high"),
    case(
        "E208", ("interventions", 0, "cost_profile"), [Decimal("0.5"), Decimal("0.4")], said="add up to 0.9"
    ),
    # the agenda
    case(
        "E209",
        ("periods",),
        (("periods",), []),
        (("capabilities", 1, "periods"), "*"),
        (("partners", 1, "budget"), 50),
        (("funds", 0, "amount"), 500),
        said="or leave the key out",
    ),
    case("E210", ("agenda",), (("agenda", "minimize"), "cost"), said="keep one"),
    case(
        "E210",
        ("agenda", "minimize"),
        (("agenda",), {"minimize": "cost"}),
        said="minimizing cost needs targets",
    ),
    case("E210", ("agenda", "priorities"), ["value", "value"], said="a goal is listed twice"),
    case("E210", ("agenda", "priorities"), ["cost"], said="add 'value'"),
    case("E210", ("agenda", "priorities"), ["value", "fairness"], said="add agenda.fairness"),
    case("E210", ("agenda", "priorities"), ["targets", "value"], said="make a target soft"),
    case("E211", TARGETS, (TARGETS, {"indicator": "income"}), said="at_least or at_most"),
    case("E211", TARGETS, (TARGETS, {**TARGET, "at_most": 5}), said="one of them"),
    case("E211", TARGETS, (TARGETS, {**TARGET, "group": "west", "place": "soubre"}), said="not both"),
    case("E211", TARGETS, (TARGETS, {**TARGET, "soft": True}), said="give a penalty per unit"),
    case("E211", (*TARGETS, "penalty"), 3, said='add "soft": true'),
    # fairness and risk
    *(
        case(code, (*path, *where), (path, words), said=said)
        for code, path, where, words, said in (
            ("E202", FAIR, ("per",), {"per": "farmer", "at_least": 1}, "did you mean 'farmers'?"),
            ("E202", FAIR, ("indicator",), {"indicator": "incom", "at_least": 1}, "did you mean 'income'?"),
            ("E222", FAIR, (), {"how": "floor"}, "a floor needs share or at_least"),
            ("E222", FAIR, (), {**BURDEN, "how": "floor"}, "a floor needs share or at_most"),
            (
                "E222",
                FAIR,
                ("share",),
                {"how": "maximin", "share": Decimal("0.5")},
                "does not belong to maximin",
            ),
            ("E222", FAIR, ("share",), {"share": 2}, "from 0 to 1"),
            ("E222", FAIR, ("share",), {**BURDEN, "share": Decimal("0.5")}, "give 1 or more"),
            ("E222", FAIR, ("at_least",), {**BURDEN, "at_least": 1}, "does not belong to floor of a burden"),
            ("E222", FAIR, ("at_most",), {**BURDEN, "at_most": -1}, "never holds"),
            ("E222", FAIR, ("counts",), {"counts": "burden", "share": 1}, "only partners bear a burden"),
            ("E222", FAIR, ("indicator",), {**BURDEN, "indicator": "income", "at_most": 1}, "is money"),
            ("E222", FAIR, ("per",), {"over": "partners", "per": "farmers", "how": "maximin"}, "budget"),
            ("E222", FAIR, (), {"how": "dial"}, 'give "dial", from 0 to 1'),
            ("E222", FAIR, ("dial",), {"how": "dial", "dial": Decimal("1.5")}, "from 0 to 1"),
            ("E222", FAIR, (), {"how": "dial", "dial": 1, "indicator": "income"}, "or say maximin"),
            ("E223", RISK, (), {"how": "robust"}, "robust needs gamma or cost_gamma"),
            ("E223", RISK, (), {"how": "cvar"}, "cvar needs alpha"),
            ("E223", RISK, ("gamma",), {"how": "robust", "gamma": Decimal("1.5")}, "a whole number"),
            ("E223", RISK, ("gamma",), {"how": "robust", "gamma": -1}, "at least 0"),
            ("E223", RISK, ("cost_gamma",), {"how": "robust", "cost_gamma": -1}, "at least 0"),
            (
                "E223",
                RISK,
                ("cost_gamma",),
                {"how": "cvar", "alpha": 1, "cost_gamma": 1},
                "belongs to robust",
            ),
            ("E223", RISK, ("alpha",), {"how": "cvar", "alpha": 0}, "above 0 and at most 1"),
            ("E223", RISK, ("alpha",), {"how": "robust", "gamma": 1, "alpha": 1}, "belongs to cvar"),
            ("E223", RISK, ("samples",), {"how": "cvar", "alpha": 1, "samples": 1001}, "from 1 to 1000"),
            ("E223", RISK, ("samples",), {"how": "cvar", "alpha": 1, "samples": 0}, "from 1 to 1000"),
        )
    ),
    case(
        "E222",
        ("agenda", "priorities"),
        (FAIR, {"how": "dial", "dial": 1}),
        (("agenda", "priorities"), ["fairness", "value"]),
        said="take fairness out of the priorities",
    ),
    case(
        "E223",
        (*RISK, "how"),
        (("agenda",), {"minimize": "cost", "targets": [TARGET], "risk": {"how": "robust", "gamma": 1}}),
        said="add value to the priorities",
    ),
    # measurements
    case("E221", (*MEASURED, "sd"), (("measurements",), [{**MEASURE, "sd": 0}]), said="must be above 0"),
    case(
        "E202",
        (*MEASURED, "intervention"),
        (("measurements",), [{**MEASURE, "intervention": "raod"}]),
        said="'road'",
    ),
    # several records at once
    case("E212", ("backbones", 1), record("backbones", 1, partner="csa"), said="join them"),
    case(
        "E212",
        ("interventions", 0, "cost", "per", "farmers"),
        (("places", 1, "attributes"), {}),
        said="missing at meagui",
    ),
    case("E213", ("capabilities", 2), record("capabilities", 2, **ROAD, places=["soubre"]), said="twice"),
    case("E214", ("options", 0), (("options", 0, "level"), "long"), said="no capability gives the option"),
    case(
        "E214", ("options", 0), (("options", 0, "intervention"), "training"), said="add level: short or long"
    ),
    case("E214", ("options", 1), record("options", 1, **ROAD, place="soubre", period="2027"), said="twice"),
    case("E215", (*SYNERGY, "between"), ["road"], said="two or more"),
    case("E215", (*SYNERGY, "between"), ["road", "road"], said="listed twice"),
    case(
        "E215",
        (*SYNERGY, "between"),
        (("synergies", 0, "between"), ["road", "training", "road"]),
        (("synergies", 0, "within"), "neighbours"),
        said="between two interventions (here, there), not 3",
    ),
    case("E215", (*SYNERGY, "at_least"), 3, said="it lies in 1 to 2"),
    case("E215", SYNERGY, ((*SYNERGY, "boost"), 1), said="adds or boost, one of them"),
    case("E215", SYNERGY, ((*SYNERGY, "adds"), GONE), said="adds or boost, one of them"),
    case("E215", (*SYNERGY, "on"), ["income"], said="on belongs to boost"),
    case(
        "E215",
        (*SYNERGY, "on", 0),
        (SYNERGY, {"id": "s", "between": ["road", "training"], "boost": 1, "on": ["poverty"]}),
        (("interventions", 1, "impact"), {"income": 2}),
        said="the boost would be 0",
    ),
    case("E216", ("overlaps", 0, "reach"), {"road": 1}, said="needs the reach of 'training'"),
    case("E216", ("overlaps", 0, "reach", "road"), (("overlaps", 0, "how"), "best")),
    case(
        "E216",
        ("overlaps", 1, "interventions", 0),
        record("overlaps", 1, indicator="income", interventions=["road"]),
        said="join them into one",
    ),
    case("E217", ("rules", 0, "requires", "needs"), [], said="needs is empty"),
    case("E217", ("rules", 1), (("rules", 1, "excludes"), ["road"]), said="two interventions or more"),
    case("E217", ("rules", 2, "of"), [], said="of is empty"),
    case("E217", ("rules", 3), (("rules", 3, "must_not"), {}), said="say which assignments"),
    case(
        "E217",
        ("rules", 4, "requires", "before"),
        (("rules", 4), {"requires": {"intervention": "training", "needs": ["road"], "before": True}}),
        (("periods",), ["2027"]),
        said="there is only one",
    ),
    case(
        "E218",
        ("rules", 4),
        (("rules", 4), {"requires": {"intervention": "road", "needs": ["training"]}}),
        said="use `together`",
    ),
    case("E219", ("baseline", 0), (("baseline", 0, "partner"), "csa"), said="no capability lets csa do road"),
    case(
        "E219", ("baseline", 1), record("baseline", 1, **ROAD, place="soubre"), said="in the baseline twice"
    ),
]


@pytest.mark.parametrize(
    ("code", "path", "changes", "said"), CASES, ids=[f"{each[0]} {format_path(each[1])}" for each in CASES]
)
def test_nonsense_is_named_where_it_is(
    code: str, path: Where, changes: tuple[tuple[Where, Any], ...], said: str
) -> None:
    found = problems_of(broken(*changes))
    blamed = [problem for problem in found if (problem.code, problem.path) == (code, path)]
    assert blamed, found
    assert any(said in f"{problem.message}; {problem.help}" for problem in blamed), blamed
    assert {problem.code for problem in found} == {code}


def test_every_code_of_sense_has_its_case() -> None:
    assert {each[0] for each in CASES} == {f"E{number}" for number in (*range(201, 220), 221, 222, 223)}


def test_problems_of_references_and_numbers_come_together() -> None:
    data = broken((("partners", 0, "budget"), -1), (("funds", 0, "partner"), "x"), (("periods", 1), "2027"))
    assert {problem.code for problem in problems_of(data)} == {"E201", "E202", "E205"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (record("places", 2, id="S0ubre"), ("places", 2, "id")),
        ((("partners", 0, "roles"), []), ("capabilities", 0, "partner")),
        ((("backbones", 0, "partner"), "mars"), ("backbones", 0, "partner")),
        ((("measurements",), []), None),
        ((("agenda", "fairness"), {"how": "maximin"}), None),
        ((("agenda", "risk"), {"how": "robust", "gamma": 200}), ("agenda", "risk", "gamma")),
        ((("agenda", "risk"), {"how": "expected"}), None),
    ],
)
def test_doubts_are_told_and_nothing_is_refused(change: tuple[Where, Any], path: Where | None) -> None:
    changes = [change, (("interventions", 0, "cost"), 10), (("baseline",), [])]
    if path == ("capabilities", 0, "partner"):
        changes += [(("options",), [])]
    paths = [doubt.path for doubt in warnings(parse(broken(*changes)))]
    assert path in paths if path is not None else not paths
