"""What a plan's workbook says: assignments, payments, who-what-where-when, assumptions and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ciopt.files.tables.cells import Cell
from ciopt.plan.records import Assignment
from ciopt.report.page.evidence import estimates_used, quantity
from ciopt.report.page.story import Story
from ciopt.report.summary import facts, headline
from ciopt.report.workbook.logframe import logframe
from ciopt.report.workbook.page import Page


def plan_sheets(story: Story) -> list[Page]:
    """Return the sheets of a plan's workbook, in reading order.

    Parameters
    ----------
    story
        A plan that was found valid, and its instance.
    """
    return [
        _summary(story),
        _assignments(story),
        _matrix(story),
        _payments(story),
        _four_w(story),
        logframe(story),
        _assumptions(story),
        _notes(story),
    ]


def _summary(story: Story) -> Page:
    plan, currency = story.plan, story.currency
    rows: list[tuple[str, Cell]] = [("coalition", story.title), ("plan", headline(plan, currency))]
    rows += [("", line) for line in facts(plan, currency)]
    rows += [
        ("objective", plan.objective),
        ("no plan is better than", plan.bound),
        ("gap", plan.gap),
        ("how the bound is known", plan.proof),
        ("cost", plan.cost),
        ("currency", currency),
        ("scenario", plan.instance.scenario),
        ("SHA-256 of the instance", plan.instance.sha256),
        ("made by", f"ciopt {plan.run.ciopt}, {plan.run.engine}, {plan.run.solver}, seed {plan.run.seed}"),
    ]
    return Page("summary", "The plan", ("what", "is"), [row for row in rows if row[1] is not None])


def _assignments(story: Story) -> Page:
    moved = [each.id for each in story.instance.indicators if _is_moved(story, each.id)]
    rows: list[list[Cell]] = [
        [
            each.partner,
            each.intervention,
            each.level,
            each.place,
            each.period,
            each.cost,
            *(each.impact.get(indicator) for indicator in moved),
            each.option.id,
        ]
        for each in story.plan.assignments
    ]
    header = ("partner", "intervention", "level", "place", "period", f"cost ({story.currency})")
    impacts = [f"impact: {_measure(story, indicator)}" for indicator in moved]
    costs = _sum(each.cost for each in story.plan.assignments)
    total = ["total", *[None] * 4, costs, *[None] * (len(moved) + 1)]
    title = "Who does what, where and when, what it costs, and what it moves alone"
    return Page("assignments", title, [*header, *impacts, "option"], rows, total)


def _is_moved(story: Story, indicator: str) -> bool:
    return any(indicator in each.impact for each in story.plan.assignments)


def _measure(story: Story, indicator: str) -> str:
    unit = story.lookup.indicators[indicator].unit
    return story.indicator(indicator) + (f" ({unit})" if unit else "")


def _matrix(story: Story) -> Page:
    """Funds down, partners across: what each pays for each."""
    paid: dict[tuple[str, str], Decimal] = {}
    for each in story.plan.payments:
        key = each.fund, story.payee(each)
        paid[key] = paid.get(key, Decimal(0)) + each.amount
    funds = sorted({fund for fund, _ in paid})
    payees = [partner for partner in story.lookup.partners if any(payee == partner for _, payee in paid)]
    rows = [
        [
            fund,
            story.partner(story.owner(fund)),
            *(paid.get((fund, payee)) for payee in payees),
            _row_sum(paid, fund),
        ]
        for fund in funds
    ]
    columns = [_sum(paid.get((fund, payee)) for fund in funds) for payee in payees]
    total = ["total", None, *columns, _sum(paid.values())]
    title = f"Who pays for whom, in {story.currency}: funds down, partners across"
    return Page("payments matrix", title, ["fund", "owner", *payees, "total"], rows, total)


def _row_sum(paid: dict[tuple[str, str], Decimal], fund: str) -> Decimal:
    return _sum(amount for (payer, _), amount in paid.items() if payer == fund)


def _payments(story: Story) -> Page:
    rows: list[list[Cell]] = [
        [each.fund, story.owner(each.fund), story.payee(each), each.assignment, each.period, each.amount]
        for each in story.plan.payments
    ]
    header = ("fund", "owner", "partner paid", "for", "period", f"amount ({story.currency})")
    total = ["total", *[None] * 4, _sum(each.amount for each in story.plan.payments)]
    return Page("payments", "Every payment", header, rows, total)


def _four_w(story: Story) -> Page:
    """Who, what, where, when: the table that coordination meetings share."""
    payers: dict[str, list[str]] = {}
    for payment in story.plan.payments:
        payers.setdefault(payment.assignment, []).append(story.fund(payment.fund))
    baseline: dict[tuple[str, ...], str] = {
        (each.partner, each.intervention, each.place, each.period or "", each.level or ""): each.status
        for each in story.instance.baseline
    }
    rows = [
        _activity(story, each, payers.get(each.option.id, []), baseline) for each in story.plan.assignments
    ]
    header = (
        "who (id)",
        "who",
        "kind of organisation",
        "what (id)",
        "what",
        "where (id)",
        "where",
        "group",
        "place codes",
        "when",
        "status",
        "funded by",
        f"cost ({story.currency})",
    )
    return Page("4W", "Who does what, where and when", header, rows)


def _activity(
    story: Story, each: Assignment, payers: list[str], baseline: Mapping[tuple[str, ...], str]
) -> list[Cell]:
    place, partner = story.lookup.places[each.place], story.lookup.partners[each.partner]
    keys = [
        (each.partner, each.intervention, each.place, period, level)
        for period in (each.period, "")
        for level in (each.level or "", "")
    ]
    status = next((baseline[key] for key in keys if key in baseline), "new")
    return [
        each.partner,
        story.partner(each.partner),
        partner.kind,
        each.intervention,
        story.what(each),
        each.place,
        story.place(each.place),
        place.group,
        "; ".join(f"{ref.vocabulary}:{ref.code}" for ref in place.refs),
        each.period,
        status,
        ", ".join(dict.fromkeys(payers)),
        each.cost,
    ]


def _assumptions(story: Story) -> Page:
    rows: list[list[Cell]] = []
    for each in estimates_used(story):
        estimate = each.estimate
        interval = (None, None) if estimate is None or estimate.range is None else estimate.range
        rows.append(
            [
                each.what,
                _measure(story, each.indicator),
                quantity(estimate) if estimate is not None else "from its members",
                *interval,
                (estimate.evidence if estimate is not None else None) or "not said",
                each.times,
                each.value,
            ]
        )
    header = (
        "estimate",
        "moves",
        "by",
        "low (times)",
        "high (times)",
        "evidence",
        "times used",
        "value that rests on it",
    )
    return Page(
        "assumptions and evidence", "The estimates that the plan uses, most value first", header, rows
    )


def _notes(story: Story) -> Page:
    instance = story.instance
    tables: dict[str, Sequence[Any]] = {
        "coalition": [instance],
        "agenda": [instance.agenda],
        "indicator": instance.indicators,
        "partner": instance.partners,
        "fund": instance.funds,
        "intervention": instance.interventions,
        "synergy": instance.synergies,
        "rule": instance.rules,
        "place": instance.places,
    }
    rows: list[list[Cell]] = [
        [
            kind,
            getattr(each, "id", None),
            each.name,
            each.notes,
            "; ".join(f"{r.vocabulary}:{r.code}" for r in each.refs),
        ]
        for kind, records in tables.items()
        for each in records
        if each.notes or each.refs
    ]
    return Page(
        "notes and sources",
        "What those who wrote it down say",
        ("about", "id", "name", "note", "codes"),
        rows,
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))
