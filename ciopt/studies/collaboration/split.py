"""What each partner could do by itself: shared money split, and the coalition's obligations set aside.

Without an agreement a fund that several partners could be paid by gives each a part:

    part_p = reserved_p + (amount - Σ reserved) x can_p / Σ can

where can_p is the cheapest cost, summed over activities, of what p could do with it, and reserved_p pays for
what p has committed to. A part is a fund of its own, ``FUND.PARTNER``; periods are split one by one, by
largest remainders. What binds the coalition as a whole binds nobody alone: hard targets, ``at_least`` and
``must`` rules, ``min_spend`` and ``max_cost`` are set aside, and so are backbones, since nobody is asked to
coordinate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.base import OWN_BUDGET, Amount
from ciopt.instance.choices import Paid
from ciopt.instance.goals import counts_otherwise
from ciopt.instance.money import from_minor, largest_remainders, to_minor
from ciopt.instance.options import cost, may_pay
from ciopt.instance.records import BaselineActivity, Fund
from ciopt.instance.rules import AtLeastRule, MustRule

Share = dict[str, dict[str, int]]
"""Minor units by partner and period (``""`` for the whole horizon)."""


@dataclass(frozen=True)
class Split:
    """An instance whose shared funds are split.

    Parameters
    ----------
    instance
        With a fund for each part, without what binds the coalition as a whole.
    parts
        Which fund and partner a part belongs to: id of the part to (fund, partner).
    """

    instance: Instance
    parts: Mapping[str, tuple[str, str]]

    def whole(self, payments: Iterable[Paid]) -> tuple[Paid, ...]:
        """Say of payments from parts which fund they come from."""
        return tuple(
            paid._replace(fund=self.parts[paid.fund][0]) if paid.fund in self.parts else paid
            for paid in payments
        )


def split(instance: Instance, reserved: Iterable[tuple[str, str, str, int]] = ()) -> Split:
    """Split every fund between the partners that it could pay.

    Parameters
    ----------
    reserved
        (fund, partner, period, minor units) that pay for what partners have committed to.
    """
    lookup = Lookup(instance)
    kept: dict[tuple[str, str], dict[str, int]] = {}
    for name, partner, period, amount in reserved:
        mine = kept.setdefault((name, partner), {})
        mine[period] = mine.get(period, 0) + amount
    able = _able(lookup)
    taken = {fund.id for fund in instance.funds}
    parts: dict[str, tuple[str, str]] = {}
    names: dict[str, list[str]] = {}
    for whole, partners in able.items():
        for partner in partners:
            name = f"{whole}.{partner}"
            while name in taken:
                name += "_"
            taken.add(name)
            parts[name] = whole, partner
            names.setdefault(whole, []).append(name)
    funds: list[Fund] = []
    for fund in instance.funds:
        shares = _shares(fund, able[fund.id], kept, lookup)
        for name in names.get(fund.id, ()):
            funds.append(_part(fund, name, parts[name][1], shares[parts[name][1]], names, instance.currency))
    return Split(unbound(instance).model_copy(update={"funds": tuple(funds)}), parts)


def _able(lookup: Lookup) -> dict[str, dict[str, int]]:
    """For each fund the partners it could pay, with the cheapest cost of all they could do with it."""
    least: dict[tuple[str, str, tuple[str, str]], int] = {}
    for option in lookup.options():
        price = cost(lookup, option)
        for each in lookup.instance.funds:
            if may_pay(each, option):
                key = each.id, option.partner, option.activity
                least[key] = min(price, least.get(key, price))
    able: dict[str, dict[str, int]] = {fund: {} for fund in lookup.funds}
    for (fund, partner, _), price in least.items():
        able[fund][partner] = able[fund].get(partner, 0) + price
    order = list(lookup.partners)
    return {
        fund: dict(sorted(found.items(), key=lambda each: order.index(each[0])))
        for fund, found in able.items()
    }


def _shares(
    fund: Fund,
    able: Mapping[str, int],
    kept: Mapping[tuple[str, str], Mapping[str, int]],
    lookup: Lookup,
) -> dict[str, Amount]:
    """What each partner's part holds: over the horizon, or period by period."""
    currency = lookup.instance.currency
    weights = list(able.values()) if any(able.values()) else [1] * len(able)

    def divided(amount: int, reserved: list[int]) -> list[int]:
        left = amount - sum(reserved)
        if left < 0:  # carried over from earlier periods: what is reserved comes first there
            return largest_remainders(amount, reserved)
        rest = largest_remainders(left, weights)
        return [mine + more for mine, more in zip(reserved, rest, strict=True)]

    if not able:
        return {}
    if not isinstance(fund.amount, dict):
        reserved = [sum(kept.get((fund.id, partner), {}).values()) for partner in able]
        parts = divided(to_minor(fund.amount, currency), reserved)
        return {partner: from_minor(part, currency) for partner, part in zip(able, parts, strict=True)}
    shares: dict[str, dict[str, Decimal]] = {partner: {} for partner in able}
    owed = dict.fromkeys(able, 0)  # reserved later than there is money of that period
    for period in reversed(lookup.instance.periods):
        amount = to_minor(fund.amount.get(period, Decimal(0)), currency)
        wanted = [owed[partner] + kept.get((fund.id, partner), {}).get(period, 0) for partner in able]
        parts = divided(amount, wanted)
        for partner, part, want in zip(able, parts, wanted, strict=True):
            shares[partner][period] = from_minor(part, currency)
            owed[partner] = max(0, want - part) if fund.carry_over else 0
    return {partner: dict(found) for partner, found in shares.items()}


def _part(
    fund: Fund, name: str, partner: str, amount: Amount, names: Mapping[str, list[str]], currency: str
) -> Fund:
    """A partner's part of a fund: its conditions, for this partner's assignments alone."""
    match = fund.match
    if (
        match is not None
    ):  # a part of a matched fund pays for its partner's own assignments: naming all is right
        budgets = (each for each in match.with_ if each.startswith(OWN_BUDGET))
        matched = [*budgets, *(part for each in match.with_ for part in names.get(each, ()))]
        match = match.model_copy(update={"with_": tuple(matched)})
    return fund.model_copy(
        update={
            "id": name,
            "amount": amount,
            "min_spend": Decimal(0),
            "match": match,
            "pays_for": fund.pays_for.model_copy(update={"partners": (partner,)}),
        }
    )


def rematched(fund: Fund, lookup: Lookup, names: Mapping[str, list[str]], parts: Mapping[str, str]) -> Fund:
    """Name in a fund's match what it matches: parts of funds that are split, other funds as they are."""
    said = lookup.funds[parts.get(fund.id, fund.id)].match
    if said is None or fund.match is None:
        return fund
    matched = [part for each in said.with_ for part in names.get(each, [each])]
    return fund.model_copy(update={"match": said.model_copy(update={"with_": tuple(matched)})})


def unbound(instance: Instance) -> Instance:
    """Set aside what binds the coalition as a whole; plan for value."""
    agenda = instance.agenda
    soft = tuple(target for target in agenda.targets if target.soft)
    return instance.model_copy(
        update={
            "rules": tuple(rule for rule in instance.rules if not isinstance(rule, (MustRule, AtLeastRule))),
            "backbones": (),
            "agenda": for_value(instance).agenda.model_copy(update={"targets": soft, "max_cost": None}),
            "scenarios": {},
        }
    )


def for_value(instance: Instance) -> Instance:
    """Return the instance with central value as its only goal: what collaboration is measured in."""
    agenda = instance.agenda
    if agenda.goals == ("value",) and agenda.fairness is None and not counts_otherwise(agenda):
        return instance
    # penalties that another goal bears are not in units of value
    targets = tuple(each for each in agenda.targets if not each.soft or agenda.bearer == "value")
    changed = agenda.model_copy(
        update={
            "maximize": "value",
            "minimize": None,
            "priorities": (),
            "targets": targets,
            "fairness": None,
            "risk": None,
        }
    )
    return instance.model_copy(update={"agenda": changed})


def seen_by(
    instance: Instance, partner: str, others: Iterable[Option], own: Iterable[BaselineActivity]
) -> Instance:
    """Return the instance in which one partner plans, and the others do what they do and nothing else.

    Parameters
    ----------
    others
        What the others do; empty if they do not count.
    own
        What the partner has committed to.
    """
    fixed = list(others)
    counts: dict[str, int] = {}
    for option in fixed:
        counts[option.partner] = counts.get(option.partner, 0) + 1
    partners = tuple(
        each if each.id == partner else each.model_copy(update={"max_activities": counts.get(each.id, 0)})
        for each in instance.partners
    )
    baseline = (*own, *(BaselineActivity(**option._asdict(), status="committed") for option in fixed))
    return instance.model_copy(update={"partners": partners, "baseline": baseline})
