"""Every number on the page is the plan's: worked out anew here, from the plan's own records."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from ciopt.plan import Plan
from ciopt.report.page.dependencies import dependencies
from tests.report.page.html_reader import Element, by_id, read, table
from tests.report.page.pages import LARGE, html, sources, story

SOLVED = (*LARGE, "two-villages", "matched-fund")
EVERY = pytest.mark.parametrize("name", SOLVED)


def names(name: str, kind: str) -> dict[str, str]:
    return {each.id: each.name or each.id for each in getattr(sources(name)[0], kind)}


def exact(cell: str) -> Decimal:
    """The number that a cell shows."""
    return Decimal(cell.replace(",", "") or 0)


def shows(cell: str, right: Decimal) -> bool:
    """Whether a cell shows a number: rounded to the digits after its point, or to five significant ones."""
    _, point, fraction = cell.partition(".")
    last = Decimal(5).scaleb(-len(fraction) - 1) if point else Decimal(0)
    return abs(exact(cell) - right) <= max(last, abs(right) * Decimal("0.000005"))


def payee(plan: Plan, assignment: str) -> str:
    for prefix in ("participation:", "backbone:"):
        if assignment.startswith(prefix):
            return assignment.removeprefix(prefix)
    return assignment.split("/")[0]


@EVERY
def test_who_gives_to_whom(name: str) -> None:
    plan = sources(name)[1]
    partners, funds = names(name, "partners"), names(name, "funds")
    paid: Counter[tuple[str, str]] = Counter()
    for each in plan.payments:
        own = each.fund.removeprefix("budget:")
        fund = f"{partners[own]}, own budget" if each.fund != own else funds[own]
        paid[fund, partners[payee(plan, each.assignment)]] += each.amount  # type: ignore[assignment]
    _, *rows, totals = table(read(html(name)), "Who gives to whom")
    assert {(row[0], row[2]): exact(row[3]) for row in rows} == dict(paid)
    assert exact(totals[3]) == sum(each.amount for each in plan.payments) == plan.cost


@EVERY
def test_who_spends_on_what(name: str) -> None:
    plan = sources(name)[1]
    partners, interventions = names(name, "partners"), names(name, "interventions")
    spent: Counter[tuple[str, str]] = Counter()
    for each in plan.assignments:
        spent[partners[each.partner], interventions[each.intervention]] += each.cost  # type: ignore[assignment]
    _, *rows, totals = table(read(html(name)), "Who spends on what")
    shown = {(row[0], row[1]): exact(row[2]) for row in rows if row[1] != "Working together"}
    together = sum(exact(row[2]) for row in rows if row[1] == "Working together")
    assert shown == dict(spent)
    assert together + sum(spent.values()) == plan.cost == exact(totals[2])


@EVERY
def test_what_moves_which_indicator_adds_up_to_the_plan(name: str) -> None:
    plan, indicators = sources(name)[1], names(name, "indicators")
    heads, *rows, totals = table(read(html(name)), "What moves which indicator (each in its own unit)")
    right = {indicators[each.id]: each.total for each in plan.indicators}
    for column, head in enumerate(heads[1:], 1):
        assert shows(totals[column], right[head]), head
        assert abs(sum(exact(row[column]) for row in rows) - right[head]) <= abs(right[head]) / 1000, head
    synergies = next((row for row in rows if row[0] == "Working together"), [])
    assert bool(synergies) == bool(plan.synergies)
    for column, head in enumerate(heads[1:], 1) if synergies else ():
        added = sum(
            (
                each.effect.get(k, Decimal(0))
                for each in plan.synergies
                for k in indicators
                if indicators[k] == head
            ),
            Decimal(0),
        )
        assert shows(synergies[column], added), head


@EVERY
def test_all_activities(name: str) -> None:
    plan = sources(name)[1]
    places, partners, what = (names(name, each) for each in ("places", "partners", "interventions"))
    _, *rows, totals = table(read(html(name)), "All activities")
    right = Counter(
        (places[e.place], what[e.intervention], partners[e.partner], e.period, e.cost)
        for e in plan.assignments
    )
    assert Counter((row[0], row[1].split(" (")[0], row[2], row[3], exact(row[4])) for row in rows) == right
    assert exact(totals[4]) == sum(each.cost for each in plan.assignments)


@EVERY
def test_the_matrix_has_a_mark_for_each_activity_in_its_cell(name: str) -> None:
    plan = sources(name)[1]
    places, interventions = names(name, "places"), names(name, "interventions")
    matrix = next(each for each in read(html(name)).all("table") if each.has("matrix"))
    heads = [each.text for each in matrix.all("thead")[0].all("th")][1:]
    marks = set()
    for row in matrix.all("tr"):
        title = row.all("th")[0].text
        for column, cell in enumerate(row.all("td")):
            for mark in cell.all("abbr"):
                partner, _, rest = mark.attributes["title"].partition(": ")
                assert heads[column] in rest
                marks.add((title, heads[column], partner))
    partners = names(name, "partners")
    assert marks == {
        (places[e.place], interventions[e.intervention], partners[e.partner]) for e in plan.assignments
    }


@EVERY
def test_indicators_and_targets(name: str) -> None:
    plan, indicators = sources(name)[1], names(name, "indicators")
    _, *rows = table(read(html(name)), "Indicators against their targets")
    for row, each in zip(rows, plan.indicators, strict=True):
        assert row[0] == indicators[each.id]
        assert shows(row[3], each.total)
        assert shows(row[4], each.attained)
        assert row[5] == "" if each.target is None else exact(row[5]) == each.target
        assert row[7] == ("" if each.met is None else "yes" if each.met else "no")
        if each.met:
            assert int(row[6].removesuffix(" %").replace(",", "")) >= 100
        elif each.met is False:
            assert int(row[6].removesuffix(" %").replace(",", "")) < 100
    if plan.targets:
        _, *rows = table(read(html(name)), "Targets of the agenda")
        for row, target in zip(rows, plan.targets, strict=True):
            assert shows(row[3], target.total)
            assert shows(row[4], target.missing)
            assert row[5] == ("yes" if target.met else "no")


@pytest.mark.parametrize("name", LARGE)
def test_synergies(name: str) -> None:
    instance, plan = sources(name)
    known = {each.id: each.name or each.id for each in instance.synergies}
    partners = names(name, "partners")
    _, *rows, totals = table(read(html(name)), "Synergies, those worth most first")
    for row in rows:
        paid = [each for each in plan.synergies if known[each.id] == row[0]]
        assert int(row[2]) == len(paid)
        assert shows(row[4], sum((each.value for each in paid), Decimal(0)))
        carriers = sorted({partners[each.backbone] for each in paid if each.backbone})
        assert row[3] == ", ".join(carriers)
    assert int(totals[2]) == sum(int(row[2]) for row in rows) == len(plan.synergies)
    assert shows(totals[4], sum((each.value for each in plan.synergies), Decimal(0)))
    _, *rows, totals = table(read(html(name)), "Synergies by those who take part")
    for row in rows:
        who = set(row[0].split(" + "))
        paid = [each for each in plan.synergies if {partners[p] for p in each.partners} == who]
        assert int(row[1]) == len(paid)
        assert shows(row[2], sum((each.value for each in paid), Decimal(0)))
    assert sum(int(row[1]) for row in rows) == len(plan.synergies)
    _, *rows = table(read(html(name)), "The lines of the figure (a synergy of three is on three lines)")
    for one, other, times, value in rows:
        paid = [each for each in plan.synergies if {one, other} <= {partners[p] for p in each.partners}]
        assert int(times) == len(paid)
        assert shows(value, sum((each.value for each in paid), Decimal(0)))


@EVERY
def test_places(name: str) -> None:
    plan, places = sources(name)[1], names(name, "places")
    _, *rows, totals = table(read(html(name)), "Places")
    for row in rows:
        here = [each for each in plan.assignments if places[each.place] == row[1]]
        gain = sum(
            (each.value for each in plan.synergies if places.get(each.at.split(">")[0]) == row[1]), Decimal(0)
        )
        assert int(row[2]) == len(here)
        assert exact(row[3]) == sum(each.cost for each in here)
        assert shows(row[4], gain)
    assert int(totals[2].replace(",", "")) == len(plan.assignments)
    assert exact(totals[3]) == sum(each.cost for each in plan.assignments)


@EVERY
def test_briefs(name: str) -> None:
    """What a partner does, gets and gives adds up to the plan."""
    instance, plan = sources(name)
    root = read(html(name))
    owners = {each.id: each.partner for each in instance.funds}
    owner = {each.fund: owners.get(each.fund, each.fund.removeprefix("budget:")) for each in plan.payments}
    seen = set()
    for partner in (each.id for each in instance.partners):
        does = [each for each in plan.assignments if each.partner == partner]
        got = sum(
            (each.amount for each in plan.payments if payee(plan, each.assignment) == partner), Decimal(0)
        )
        gave = sum((each.amount for each in plan.payments if owner[each.fund] == partner), Decimal(0))
        if not (does or got or gave):
            continue
        seen.add(f"partner-{partner}")
        brief = by_id(root, f"partner-{partner}")
        if does:
            totals = table(brief, "What you do")[-1]
            assert totals[1].split()[0] == f"{len(does):,}"
            assert exact(totals[3]) == sum(each.cost for each in does)
        for amount, caption, column in ((got, "Who pays for you", 3), (gave, "What your money does", 2)):
            if amount:
                _, *rows, totals = table(brief, caption)
                assert exact(totals[column]) == amount == sum(exact(row[column]) for row in rows)
    briefs = {
        e.attributes["id"] for e in root.all("details") if e.attributes.get("id", "").startswith("partner-")
    }
    assert briefs == seen


@pytest.mark.parametrize("name", LARGE)
def test_who_depends_on_whom(name: str) -> None:
    """Recounted from the plan: coordination and synergies from its records, needs from the rules."""
    plan = sources(name)[1]
    found = {(each.partner, each.on, each.why): each for each in dependencies(story(name))}
    both = [each for each in found.values() if each.why == "your activities help each other"]
    assert both
    for each in both:
        paid = [s for s in plan.synergies if {each.partner, each.on} <= set(s.partners)]
        assert (each.times, each.value) == (len(paid), sum(s.value for s in paid))
        assert each.is_mutual
    led = [each for each in found.values() if each.why.startswith("coordination")]
    right = Counter(
        (p, s.backbone) for s in plan.synergies if s.backbone for p in s.partners if p != s.backbone
    )
    assert {(each.partner, each.on): each.times for each in led} == dict(right)
    assert not any(each.is_mutual for each in led) or {(e.on, e.partner) for e in led} & {
        (e.partner, e.on) for e in led
    }


def test_a_need_is_met_by_the_first_to_do_it() -> None:
    """Cocoa plants only where somebody trained the farmers in an earlier year."""
    plan = sources("cocoa")[1]
    right: Counter[tuple[str, str]] = Counter()
    for each in plan.assignments:
        if each.intervention == "planting":
            (trainer,) = [
                o for o in plan.assignments if o.place == each.place and o.intervention == "training"
            ]
            assert trainer.period < each.period
            if trainer.partner != each.partner:
                right[each.partner, trainer.partner] += 1
    needs = [each for each in dependencies(story("cocoa")) if each.why.startswith("Planting stock needs")]
    assert {(each.partner, each.on): each.times for each in needs} == dict(right)


@pytest.mark.parametrize("name", LARGE)
def test_evidence_is_weighed_by_what_rests_on_it(name: str) -> None:
    plan, indicators = sources(name)[1], names(name, "indicators")
    weights = {each.id: each.weight for each in sources(name)[0].indicators}
    _, *rows = table(read(html(name)), "Estimates that the plan uses")
    uses = [each.impact for each in plan.assignments] + [each.effect for each in plan.synergies]
    for id_, title in indicators.items():
        moved = sum((amounts.get(id_, Decimal(0)) for amounts in uses), Decimal(0)) * weights[id_]
        shown = sum((exact(row[6]) for row in rows if row[1] == title), Decimal(0))
        assert abs(shown - moved) < Decimal("0.5"), title
    assert sum(int(row[5].replace(",", "")) for row in rows) == sum(len(each) for each in uses)


@EVERY
def test_the_proof_is_the_plans(name: str) -> None:
    plan = sources(name)[1]
    said = dict(row for row in table(read(html(name)), "The run")[1:] if row[0] != "note")
    assert said["SHA-256 of the instance"] == plan.instance.sha256
    assert said["who says so"] == plan.proof
    assert said["seed"] == str(plan.run.seed)
    assert said["status"] == plan.status
    assert plan.objective is not None
    assert shows(said["objective"].split()[0], plan.objective)


def test_facts_of_cocoa() -> None:
    """The numbers that the page begins with, as they are known from the plan."""
    root = read(html("cocoa"))
    facts = next(each for each in root.all("dl") if each.has("facts"))
    shown = [
        (pair.all("dd")[0].text, pair.all("dt")[0].text) for pair in facts.parts if isinstance(pair, Element)
    ]
    assert shown[:3] == [
        ("17,395", "value, in the agenda's points"),
        ("11,905,860", "USD spent"),
        ("122", "activities"),
    ]
