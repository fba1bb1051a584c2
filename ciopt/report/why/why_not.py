"""Why something is not in the plan: what forbids it, or what having it would cost."""

from __future__ import annotations

from ciopt.report.grid import Grid
from ciopt.report.nearby import who
from ciopt.report.why.lost import best_found, changes_tables, loss_words, payers_table
from ciopt.report.words import money, plural
from ciopt.studies import WhyNot


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
    price = loss_words(found.with_it, found.loss, found.goal, currency)
    words = [f"{wanted} can be; with it, the rest planned anew: {price}"]
    if found.loss is not None and found.loss[1] == 0:
        words.append("a plan with it is as good: ties go to the cheaper plan, then to the first option ids")
    words += best_found(found.with_it, "with it", found)
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
    pay = payers_table("Who would pay for it", found.payers, currency)
    return [*([pay] if pay.rows else []), *changes_tables(found.with_it, "with it", currency)]
