"""Why an instance has no plan and what would repair it, as a planner says it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ciopt.plan.repair import Change, Repair
from ciopt.report.words import amount, plural

if TYPE_CHECKING:  # a plan's repairs are read without the machinery that finds them
    from ciopt.studies.repairing import Clash, Infeasibility


def change_words(change: Change, currency: str) -> str:
    """Say what to do about one requirement.

    Examples
    --------
    >>> said = {"path": "funds.roads.amount", "requirement": "the fund roads", "unit": "USD"}
    >>> change_words(Change(**said, how="raise", before=140000, after=150000), "USD")
    'raise the fund roads by 10,000 USD, from 140,000 to 150,000'
    >>> change_words(Change(path="rules.r1", requirement="rule r1 (must: place alpha)", how="remove"), "USD")
    'drop rule r1 (must: place alpha)'
    """
    if change.how == "remove":
        return f"drop {change.requirement}"
    if change.how == "plan":
        return f"take back {change.requirement} (make it planned)"
    after = change.after
    assert after is not None
    say = (lambda value: amount(value, currency)) if change.unit == currency else _exact

    unit = f" {change.unit}" if change.unit else ""
    if change.before is None:
        return f"give {change.requirement.removeprefix('the budget of ')} a budget of {say(after)}{unit}"
    by = abs(after - change.before)
    return f"{change.how} {change.requirement} by {say(by)}{unit}, from {say(change.before)} to {say(after)}"


def _exact(value: Decimal) -> str:
    """Write a number with all its digits: a rounded one might not suffice."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def repair_words(repair: Repair, currency: str) -> str:
    """Say a repair in one sentence."""
    said = " and ".join(change_words(each, currency) for each in repair.changes)
    return said if repair.least else f"{said} (less may suffice: not proven)"


def repair_lines(repairs: Sequence[Repair], currency: str) -> list[str]:
    """Say repairs, a line each."""
    return [
        f"{'repair' if not place else 'or'}: {repair_words(each, currency)}"
        for place, each in enumerate(repairs)
    ]


def infeasible_words(found: Infeasibility) -> list[str]:
    """Say why, and what would help.

    Examples
    --------
    >>> from ciopt.studies import Infeasibility
    >>> infeasible_words(Infeasibility(status="feasible"))
    ['there is nothing to repair: the instance has a plan']
    """
    if found.status == "feasible":
        return ["there is nothing to repair: the instance has a plan"]
    if found.status == "no_plan":
        return ["whether there is a plan was not settled in the time"]
    lines = ["no plan keeps every hard target and rule"]
    lines += [f"because: {reason}" for reason in found.reasons]
    lines += repair_lines(found.repairs, found.instance.currency)
    lines += _state(found)
    return lines + ([] if found.conflict is None else conflict_lines(found.conflict))


def _state(found: Infeasibility) -> list[str]:
    if not found.repairable:
        return [f"no repair leaves {', '.join(found.kept)} as it is: change something of the conflict"]
    if not found.repairs:
        return ["no repair was found in the time"]
    each = "each was made, and a plan was found and re-checked"
    if not found.complete:
        return [f"{each}; there may be others, and cheaper ones: the time did not suffice to know"]
    few = plural(len(found.repairs[0].changes), "change")
    return [f"{each}; {few} at least, proven by {found.solver}"]


def conflict_lines(clash: Clash) -> list[str]:
    """Name the requirements that contradict one another."""
    if len(clash.requirements) == 1:
        return ["this cannot be kept, whatever becomes of the rest:", f"  {clash.requirements[0]}"]
    how = "a smallest conflict" if clash.smallest else "a conflict, perhaps not the smallest"
    rest = "any one less, and they can be kept" if clash.smallest else "whatever becomes of the rest"
    return [f"these cannot all be kept ({how}; {rest}):", *(f"  {each}" for each in clash.requirements)]
