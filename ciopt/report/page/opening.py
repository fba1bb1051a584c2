"""What the page begins with: the plan in two sentences, and the numbers to remember.

A page and its Markdown say the same, because both say this.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR

from ciopt.instance.money import minor_digits
from ciopt.plan.records import Plan
from ciopt.report import summary
from ciopt.report.page.blocks import Fact
from ciopt.report.page.flows import total
from ciopt.report.page.story import Story, short
from ciopt.report.words import amount, money, number, percent, plural

_CENTS = 2


def headline(story: Story) -> str:
    """Say in one sentence what the plan does and achieves."""
    plan = story.plan
    if not plan.has_plan or plan.cost is None:
        return f"There is no plan: {summary.headline(plan, story.currency)}."
    doing = len({each.partner for each in plan.assignments})
    where = len({each.place for each in plan.assignments})
    who = plural(doing, "partner carries out", "partners carry out")
    what = plural(len(plan.assignments), "activity", "activities")
    said = f"{who} {what} at {plural(where, 'place')} for {money(plan.cost, story.currency)}"
    more = [text for text in (_targets(plan), _together(plan)) if text]
    return f"{said}; {' and '.join(more)}." if more else f"{said}."


def _targets(plan: Plan) -> str:
    if not plan.targets:
        return ""
    met, many = sum(each.met for each in plan.targets), len(plan.targets)
    if met == many:
        said = "the agreed target is met" if many == 1 else f"all {many} agreed targets are met"
    else:
        said = f"{met} of {plural(many, 'agreed target')} {'is' if met == 1 else 'are'} met"
    hopes = [each.met for each in plan.indicators if each.met is not None]
    return f"{said} ({sum(hopes)} of {plural(len(hopes), 'indicator')} end where hoped)" if hopes else said


def _together(plan: Plan) -> str:
    share = together_share(plan)
    return "" if share is None else f"{share} of its value comes from activities that help each other"


def together_share(plan: Plan) -> str | None:
    """Return the part of the value that synergies add, in percent rounded down; None if it means nothing."""
    added = total(each.value for each in plan.synergies)
    if not plan.value or plan.value < added or added <= 0:
        return None
    share = int((added * 100 / plan.value).to_integral_value(ROUND_FLOOR))
    return f"{share} %" if share else None


def proof(story: Story) -> str:
    """Say how good the plan is known to be, and who says so."""
    plan, currency = story.plan, story.currency
    if not plan.has_plan:
        return " ".join(short(reason) for reason in plan.reasons) or "Nothing is known about why."
    exactly = "to the cent" if minor_digits(currency) == _CENTS else "exactly"
    checked = f"Every number was re-checked {exactly} from the instance alone."
    who = who_proves(plan.proof)
    scenario = f" It is the plan for the scenario “{scenario_name(story)}”." if plan.instance.scenario else ""
    return f"{_how_good(plan, currency, who)} {checked}{scenario}"


def _how_good(plan: Plan, currency: str, who: str) -> str:
    says = f", {who}" if who else ""
    if plan.status == "optimal":
        return f"No better plan exists for these estimates{says}."
    if plan.bound is None or plan.gap is None:
        return "How much better a plan could be is not known."
    if summary.minimises(plan):
        least = money(plan.bound, currency)
        return f"No plan can cost less than {least}: at most {percent(plan.gap)} could be saved{says}."
    most = number(plan.bound)
    return f"No plan can be worth more than {most}: at most {percent(plan.gap)} is missing{says}."


def who_proves(proof: str | None) -> str:
    """Say on whose word a bound rests."""
    if proof is None:
        return ""
    known = {
        "certificate": "proven by a certificate that anybody can work out again",
        "enumeration": "found by looking at every plan",
    }
    return known.get(proof, f"says the solver {short(proof.removeprefix('solver '))}")


def scenario_name(story: Story) -> str:
    """Return the name of the plan's scenario, or its id."""
    scenario = story.instance.scenarios.get(story.plan.instance.scenario or "")
    name = getattr(scenario, "name", "")
    return short(name or story.plan.instance.scenario or "")


def facts(story: Story) -> tuple[Fact, ...]:
    """Return the numbers to remember."""
    plan = story.plan
    if not plan.has_plan or plan.cost is None or plan.value is None:
        return ()
    found = [
        Fact(number(plan.value), "value, in the agenda's points"),
        Fact(amount(plan.cost, story.currency), f"{story.currency} spent"),
        Fact(f"{len(plan.assignments):,}", "activities"),
    ]
    if plan.targets:
        met = sum(each.met for each in plan.targets)
        found.append(Fact(f"{met} of {len(plan.targets)}", "agreed targets met"))
    if plan.synergies:
        added = total(each.value for each in plan.synergies)
        found.append(
            Fact(
                number(added), f"of the value added by {plural(len(plan.synergies), 'synergy', 'synergies')}"
            )
        )
    if plan.status == "optimal":
        found.append(Fact("0 %", "gap: no better plan exists"))
    elif plan.gap is not None:
        found.append(Fact(percent(plan.gap), "is the most that is missing to the best plan"))
    return tuple(found)
