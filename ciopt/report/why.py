"""Why a plan is as it is, in words and tables: an assignment, what is not in it, what everything is worth."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance.base import OWN_BUDGET
from ciopt.report.grid import Column, Grid
from ciopt.report.nearby import who
from ciopt.report.studies import difference_tables
from ciopt.report.words import amounts, fund_name, goal_amount, money, number, percent, plural, used
from ciopt.studies import Case, Explanation, Importance, WhyNot
from ciopt.studies.why.records import LimitUse, Loss, Payer, Replacement, TargetServed

_UNLIKE = {
    True: "an earlier goal of the agenda gets worse",
    False: "an earlier goal of the agenda is not settled",
}
_SMALLER_GAP = "a smaller --gap may tell"


def explanation_words(found: Explanation) -> list[str]:
    """Say what an assignment is, what is lost without it, and why it cannot simply be crossed out."""
    currency = found.instance.currency
    alone = money(found.assignment.cost, currency)
    words = [f"{who(found.assignment)}, for {alone}"]
    price = _loss_of(found.without, found.loss, found.goal, currency)
    words.append(f"without it, the rest planned anew: {price}")
    words += _best_found(found.without, "without it", found)
    words += _in_its_place(found)
    if found.value_moved:
        how = "less" if found.value_moved > 0 else "more"
        moved = number(abs(found.value_moved))
        words.append(f"crossed out, with nothing in its place, the plan would be worth {moved} {how}")
    words += [f"it cannot simply be crossed out: {each}" for each in found.breaks]
    return words


def explanation_tables(found: Explanation) -> list[Grid]:
    """Return what it moves, who pays, what it is limited by, and what takes its place."""
    currency = found.instance.currency
    shown = [
        _moves(found),
        _synergies(found),
        _payers("Who pays for it", found.payers, currency),
        _limits(found.limits, currency),
        _targets(found.targets),
    ]
    return [*(grid for grid in shown if grid.rows), *_changes(found.without, "without it", currency)]


def why_not_words(found: WhyNot) -> list[str]:
    """Say whether something is possible, what it costs, and what forbids it.

    Examples
    --------
    >>> why_not_words(WhyNot(wanted={"partner": "mars"}, answer="impossible", obstacles=("no capability",)))
    ['partner=mars cannot be', 'no capability']
    """
    currency = found.instance.currency
    wanted = " ".join(f"{field}={name}" for field, name in found.wanted.items())
    if found.answer == "in the plan":
        return [f"{wanted} is in the plan", *map(who, found.present)]
    if found.answer == "impossible":
        return [f"{wanted} cannot be", *found.obstacles]
    if found.answer == "not known" or found.with_it is None:
        whether = "no plan with it was found in time" if found.complete else "stopped before the answer"
        return [f"whether {wanted} can be is not known: {whether}", *found.obstacles]
    price = _loss_of(found.with_it, found.loss, found.goal, currency)
    words = [f"{wanted} can be; with it, the rest planned anew: {price}"]
    if found.loss is not None and found.loss[1] == 0:
        words.append("a plan with it is as good: ties go to the cheaper plan, then to the first option ids")
    words += _best_found(found.with_it, "with it", found)
    words += [f"done so: {who(each)}, for {money(each.cost, currency)}" for each in found.chosen]
    others = f"ways to do it; {plural(len(found.obstacles), 'obstacle')} to some of them"
    if found.obstacles:
        words.append(f"{found.options:,} {others}:")
    return [*words, *found.obstacles]


def why_not_tables(found: WhyNot) -> list[Grid]:
    """Return who would pay for it, and what would have to change."""
    currency = found.instance.currency
    if found.answer != "possible":
        return []
    pay = _payers("Who would pay for it", found.payers, currency)
    return [*([pay] if pay.rows else []), *_changes(found.with_it, "with it", currency)]


def importance_words(found: Importance) -> list[str]:
    """Say what was taken out, and how much of the order is proven.

    Examples
    --------
    >>> importance_words(Importance(complete=False))
    ['nothing was finished; the same command goes on from where it was stopped']
    """
    if not found.things:
        return ["nothing was finished; the same command goes on from where it was stopped"]
    goal, currency = found.goal, found.instance.currency
    thing = "thing" if found.of == "all" else found.of.removesuffix("s")
    words = [f"what is lost without each of {plural(len(found.things), thing)}, the rest planned anew"]
    if found.objective is not None:
        best = "" if found.bound is None else _between(found.objective, found.bound, goal, currency)
        words.append(f"this plan: {goal} {goal_amount(goal, found.objective, currency)}{best}")
    for each in found.things:
        if each.case.status == "infeasible":
            words.append(f"there is no plan at all without {_called(each)}{_why(each.case)}")
        elif each.case.status == "error":
            words.append(f"{_called(each)} cannot be taken out: {each.case.error}")
    nothing = sum(each.loss is not None and each.loss[1] == 0 for each in found.things)
    if nothing:
        words.append(f"nothing is lost without {nothing:,} of them")
    if not found.complete:
        words.append("stopped before all were finished; the same command goes on from there")
    return words


def importance_table(found: Importance) -> Grid:
    """Return replacement values, the greatest first, with the places that the bounds allow."""
    currency = found.instance.currency
    head = "value" if found.goal == "value" else f"cost ({currency})"
    least = [_end(each.loss[0], found, currency) if each.loss else "" for each in found.things]
    most = [_end(each.loss[1], found, currency) if each.loss else "" for each in found.things]
    rows = tuple(
        (
            each.kind,
            thing_name(each),
            low,
            high,
            _places(each),
            "" if each.case.difference is None else f"{each.case.difference.changed:,}",
            _verdict(each),
        )
        for each, low, high in zip(found.things, least, most, strict=True)
    )
    columns = (
        Column("what"),
        Column("which"),
        Column(f"{head} lost, at least" if found.goal == "value" else f"{head} added, at least", True),
        Column("at most", True),
        Column("place", True),
        Column("changes", True),
        Column("verdict"),
    )
    unclear = any(each.rank is not None and each.rank[0] != each.rank[1] for each in found.things)
    note = f"a place such as 2 to 4: not distinguishable there; {_SMALLER_GAP}" if unclear else ""
    return Grid("Replacement values", columns, rows, note=note)


def thing_name(each: Replacement) -> str:
    """Write what was taken out: a fund, a partner, or an assignment by its option id."""
    return fund_name(each.id)


def _called(each: Replacement) -> str:
    if each.kind == "budget":
        return f"the budget of {each.id.removeprefix(OWN_BUDGET)}"
    return f"the {each.kind} {each.id}"


def _best_found(case: Case | None, how: str, found: Explanation | WhyNot) -> list[str]:
    """Say what the best plan found under the change is worth, and what none under it exceeds.

    A rule more only takes plans away: what no plan exceeds, none of these does.
    """
    goal, currency = found.goal, found.instance.currency
    if case is None or not case.has_plan or case.objective is None:
        return []
    best = f"best plan found {how}: {goal} {goal_amount(goal, case.objective, currency)}"
    if case.bound is None:
        return [best]
    bound = case.bound
    if found.bound is not None and case.goals and case.goals[0].goal == goal:
        bound = min(bound, found.bound) if goal == "value" else max(bound, found.bound)
    return [best + _between(case.objective, bound, goal, currency, how)]


def _in_its_place(found: Explanation) -> list[str]:
    """Say who does the same then, if anybody does."""
    if found.without is None or found.without.difference is None:
        return []
    mine = found.assignment.option
    for move in found.without.difference.moved:
        if move.before.option == mine:
            return [f"in its place: {who(move.after)}"]
    return [f"nobody does {mine.intervention} in {mine.place} then"]


def _loss_of(case: Case | None, loss: Loss | None, goal: str, currency: str) -> str:
    """Say what is lost, as far as that is proven."""
    if case is None:
        return "not known: stopped before the answer"
    if case.status == "error":
        return f"not known: {case.error}"
    if case.status == "infeasible":
        return f"there is no plan at all{_why(case)}"
    if not case.has_plan:
        return "not known: no plan was found in the time"
    if loss is None:
        return _UNLIKE[case.standing == "worse"]
    least, most = loss
    change = "value falls" if goal == "value" else "cost rises"
    if least == most == 0:
        return f"{goal} stays the same, proven"
    if least is not None and least == most:
        return f"{change} by {goal_amount(goal, least, currency)}, proven"
    if least is None or most is None:
        known = most if least is None else least
        assert known is not None or least is most
        end = "at most" if least is None else "at least"
        return "not known" if known is None else f"{change} by {end} {goal_amount(goal, known, currency)}"
    both = f"between {goal_amount(goal, least, currency)} and {goal_amount(goal, most, currency)}"
    if least <= 0 <= most:
        return f"{change} by {both}: not distinguishable from nothing; {_SMALLER_GAP}"
    return f"{change} by {both}"


def _why(case: Case) -> str:
    return f": {'; '.join(case.reasons)}" if case.reasons else ""


def _between(objective: Decimal, bound: Decimal, goal: str, currency: str, how: str = "") -> str:
    if objective == bound:
        return ", the best there is"
    which = f"no plan {how}".rstrip()
    return f"; {which} is better than {goal_amount(goal, bound, currency)}"


def _end(amount: Decimal | None, found: Importance, currency: str) -> str:
    if amount is None:
        return ""
    return number(amount) if found.goal == "value" else amounts([amount], currency)[0]


def _places(each: Replacement) -> str:
    if each.rank is None:
        return ""
    first, last = each.rank
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def _verdict(each: Replacement) -> str:
    if each.case.status == "error":
        return "cannot be taken out"
    if each.case.status == "infeasible":
        return "no plan without it"
    if not each.case.has_plan:
        return "no plan found in the time"
    if each.loss is None:
        return _UNLIKE[each.case.standing == "worse"]
    least, most = each.loss
    if most == 0 and (least is None or least >= 0):
        return "nothing is lost"
    if (least is None or least <= 0) and (most is None or most >= 0):
        return "not distinguishable from nothing"
    if most is not None and most < 0:
        return "better without it"
    return ""


def _moves(found: Explanation) -> Grid:
    rows = tuple(
        (each.id, *map(number, (each.alone, each.overlaps, each.synergies, each.total)), each.unit)
        for each in found.moves
    )
    columns = (
        Column("indicator"),
        Column("by itself", True),
        Column("overlaps", True),
        Column("synergies", True),
        Column("in all", True),
        Column("unit"),
    )
    return Grid("What it moves", columns, rows)


def _synergies(found: Explanation) -> Grid:
    mine = found.assignment.option.id
    rows = tuple(
        (
            each.id + (f" (by {each.backbone})" if each.backbone else ""),
            each.at,
            ", ".join(member for member in each.members if member != mine),
            number(each.value),
            "lost" if each.needs_it else "stays",
        )
        for each in found.synergies
    )
    heads = ("synergy", "where", "with", "value", "without it")
    columns = tuple(Column(head, head == "value") for head in heads)
    return Grid("Synergies that it is part of", columns, rows)


def _payers(title: str, payers: tuple[Payer, ...], currency: str) -> Grid:
    total = sum((each.amount for each in payers), Decimal(0))
    paid = amounts([each.amount for each in payers], currency)
    rows = tuple(
        (
            fund_name(each.fund),
            each.owner,
            amount,
            percent(each.amount / total) if total else "",
            ", ".join(each.by_period),
            "" if each.max_share is None else f"may pay {percent(each.max_share)} at most",
        )
        for each, amount in zip(payers, paid, strict=True)
    )
    columns = (
        Column("fund"),
        Column("whose"),
        Column(f"pays ({currency})", True),
        Column("share", True),
        Column("when"),
        Column("condition"),
    )
    return Grid(title, columns, rows)


def _limits(limits: tuple[LimitUse, ...], currency: str) -> Grid:
    def write(each: LimitUse, amount: Decimal) -> str:
        return money(amount, currency) if each.kind in ("money", "cost") else number(amount)

    rows = tuple(
        (
            fund_name(each.id),
            each.period or "",
            *(write(each, amount) for amount in (each.takes, each.used, each.limit, each.left)),
            _tightness(each),
        )
        for each in limits
    )
    columns = (
        Column("limit"),
        Column("when"),
        *(Column(head, True) for head in ("this takes", "all take", "limit", "left")),
        Column("binds"),
    )
    note = "nearly: less is left than this one takes"
    return Grid("Limits that it counts against", columns, rows, note=note)


def _tightness(each: LimitUse) -> str:
    if each.left <= 0:
        return "used up"
    return "nearly" if each.left < each.takes else f"no, {used(each.used, each.limit)} used"


def _targets(targets: tuple[TargetServed, ...]) -> Grid:
    rows = tuple(
        (each.name, _asked(each), number(each.total), number(each.without), _met(each)) for each in targets
    )
    columns = (
        Column("target"),
        Column("asks for"),
        Column("plan", True),
        Column("crossed out", True),
        Column("then"),
    )
    return Grid("Targets that it bears on", columns, rows)


def _asked(each: TargetServed) -> str:
    if each.at_least is not None:
        return f"at least {number(each.at_least)}"
    assert each.at_most is not None
    return f"at most {number(each.at_most)}"


def _met(each: TargetServed) -> str:
    missed = (each.at_least is not None and each.without < each.at_least) or (
        each.at_most is not None and each.without > each.at_most
    )
    return "missed" if missed else "still met"


def _changes(case: Case | None, key: str, currency: str) -> list[Grid]:
    if case is None or case.difference is None:
        return []
    return difference_tables(case.difference, key, currency)
