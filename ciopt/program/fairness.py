"""Fairness: what every member gets, its floor, and the sums of the k smallest outcomes.

    r_m <= o_m / a_m, whole                                    outcome per unit (see `ciopt.program.ordered`)
    o_m >= a_m f  (o_m + a_m l_m >= a_m f, l_m >= 0 lacking)       floor (as a goal)
    f >= share (Σ o_m / Σ a_m), whole;  f >= at_least

o_m is in 10^-12, a_m and f in 10^-6 (see `ciopt.instance.fairness`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import MICRO, micro
from ciopt.instance.fairness import absolute_floor, factor, members, saturates
from ciopt.instance.money import to_minor
from ciopt.program.build import EMPTY, Workshop, grouped, ragged
from ciopt.program.exact import int64
from ciopt.program.form import Form
from ciopt.program.model import Carried, Effects, Floor, Ordered, RowKind
from ciopt.program.ordered import add_forms, add_ordered
from ciopt.program.saturation import Utilities

Array = NDArray[np.int64]


def wants_exact_outcomes(shop: Workshop) -> bool:
    """Whether a lower outcome may ever help: it lowers the mean that a floor compares with."""
    fairness = shop.instance.agenda.fairness
    return fairness is not None and fairness.how == "floor" and fairness.share is not None


class Fairness:
    """The fair part of a program.

    Parameters
    ----------
    shop, effects, utilities
        What moves the indicators.
    bills
        What every partner has to pay for in 10^-12, by its number.
    """

    def __init__(
        self, shop: Workshop, effects: Effects, utilities: Utilities, bills: Mapping[int, Form]
    ) -> None:
        self.shop, self.effects, self.utilities, self.bills = shop, effects, utilities, bills
        self.members = members(shop.lookup)
        self.ordered: list[Ordered] = []
        self.floor: Floor | None = None
        self.goals: dict[str, Form] = {}
        self.worst = Form()
        """(Σ attribute) x outcome per unit of the worst-off, in 10^-12, for a dial."""
        fairness = shop.instance.agenda.fairness
        if fairness is None:
            return
        outcomes = self._outcomes()
        if fairness.how == "floor":
            self._add_floor(outcomes)
        else:
            self._add_ordered(outcomes)

    def _outcomes(self) -> list[Form]:
        """o_m of every member, in 10^-12."""
        found: dict[str, Form] = {member.id: Form() for member in self.members}
        for name, form in self._parts():
            if name in found:
                found[name].extend(form)
        return list(found.values())

    def _parts(self) -> Iterator[tuple[str, Form]]:
        """(member, what it gets), in any number of parts."""
        shop, fairness = self.shop, self.shop.instance.agenda.fairness
        assert fairness is not None
        if fairness.over == "partners":
            yield from self._of_partners(fairness.counts == "burden")
            return
        for number, indicator in enumerate(shop.instance.indicators):
            weight = factor(shop.lookup, indicator)
            if not weight:
                continue
            rows = self.utilities.of_indicator[number]
            if saturates(shop.lookup, indicator):
                at_places = self.utilities.at_places(number)
                yield from ((self._name(place), form) for place, form in at_places.items() if place >= 0)
            else:
                for place, here in grouped(self.effects.place, rows):
                    if place >= 0:
                        yield self._name(place), self._moved(here, weight)
            if fairness.over == "groups":
                for group, here in grouped(self.effects.group, rows):
                    if group >= 0:
                        yield list(shop.lookup.groups)[group], self._moved(here, weight)

    def _name(self, place: int) -> str:
        """The member that a place belongs to; empty if to none."""
        record = self.shop.instance.places[place]
        fairness = self.shop.instance.agenda.fairness
        assert fairness is not None
        return record.id if fairness.over == "places" else record.group or ""

    def _moved(self, rows: Array, weight: int) -> Form:
        form = Form()
        form.add(self.effects.column[rows], self.effects.amount[rows], weight)
        return form

    def _of_partners(self, is_burden: bool) -> Iterator[tuple[str, Form]]:
        """What partners' own assignments move, or minus what they have to pay for."""
        shop, options = self.shop, self.shop.options
        if is_burden:
            yield from ((shop.instance.partners[number].id, form) for number, form in self.bills.items())
            return
        for number, indicator in enumerate(shop.instance.indicators):
            weight = factor(shop.lookup, indicator)
            rows = self.utilities.of_indicator[number]
            rows = rows[self.effects.column[rows] < len(options)]
            if weight:
                partner = np.zeros(len(self.effects.column), dtype=np.int64)
                partner[rows] = options.partner[self.effects.column[rows]]
                for owner, own in grouped(partner, rows):
                    yield shop.instance.partners[owner].id, self._moved(own, weight)

    def _add_ordered(self, outcomes: list[Form]) -> None:
        """Add sums of the smallest outcomes per unit: the smallest, or of every number of them."""
        fairness = self.shop.instance.agenda.fairness
        assert fairness is not None
        count = len(self.members)
        stages = {"fairness": 1}
        if fairness.how == "leximin":
            stages = {f"fairness {number}": number for number in range(1, count + 1)}
        self.goals = {} if fairness.how == "dial" else {name: Form() for name in stages}
        if not count:
            return
        pieces = [
            [(outcome, member.attribute)] for outcome, member in zip(outcomes, self.members, strict=True)
        ]
        forms = add_forms(self.shop, "outcome", [member.id for member in self.members], pieces)
        if fairness.how == "dial":
            found = add_ordered(self.shop, "dial", forms, 1)
            self.ordered.append(found)
            # attributes are in 10^-6
            self.worst = smallest(found, sum(member.attribute for member in self.members), MICRO)
            return
        for name, least in stages.items():
            self.ordered.append(add_ordered(self.shop, name, forms, least))
            self.goals[name] = smallest(self.ordered[-1])

    def _add_floor(self, outcomes: list[Form]) -> None:
        """Add o_m >= a_m f, with f a column where it depends on the others."""
        agenda = self.shop.instance.agenda
        assert agenda.fairness is not None
        absolute = absolute_floor(self.shop.lookup)
        share = None if agenda.fairness.share is None else micro(agenda.fairness.share)
        is_goal = "fairness" in agenda.goals
        summed = [form.summed() for form in outcomes]
        reach = [self._reach(form) for form in outcomes]
        column, base, most = -1, 0, absolute
        if share is not None and self.members:
            column, base, most = self._add_share(outcomes, reach, absolute, share)
        lacking: list[int] = []
        for member, form, (columns, factors), (low, _) in zip(
            self.members, outcomes, summed, reach, strict=True
        ):
            name = f"floor of {member.id}"
            assert most is not None
            terms, values = columns, factors
            if column >= 0:
                terms, values = np.append(terms, column), np.append(values, -member.attribute)
            if is_goal:
                # what lacks per unit is at most what lacks where everything goes against the member
                room = int64(np.array([max(0, most - low // member.attribute)], dtype=object), name)
                lacks = self.shop.add_columns([f"lacking of {member.id}"], room, is_measure=True)
                lacking += lacks.tolist()
                terms, values = np.append(terms, lacks), np.append(values, member.attribute)
            due = member.attribute * (base if column >= 0 else most) - form.constant
            self._row(name, terms, values, due, column >= 0 or is_goal)
        self.floor = Floor(
            labels=tuple(member.id for member in self.members),
            attribute=tuple(member.attribute for member in self.members),
            terms=ragged([columns for columns, _ in summed]),
            value=np.concatenate([EMPTY, *(factors for _, factors in summed)]),
            constant=tuple(form.constant for form in outcomes),
            absolute=absolute,
            share=share,
            column=column,
            base=base,
            lacking=np.array(lacking, dtype=np.int64),
        )
        if is_goal:
            self.goals["fairness"] = Form()
            self.goals["fairness"].add(self.floor.lacking, np.full(len(lacking), MICRO, dtype=object), -1)

    def _add_share(
        self, outcomes: list[Form], reach: list[tuple[int, int]], absolute: int | None, share: int
    ) -> tuple[int, int, int]:
        """Add f; return its column, its base, and the most that it can be."""
        attribute = sum(member.attribute for member in self.members)
        low, high = (-(-share * sum(each[end] for each in reach) // (MICRO * attribute)) for end in (0, 1))
        if absolute is not None:
            low, high = max(low, absolute), max(high, absolute)
        room = int64(np.array([high - low], dtype=object), "fairness")
        column = self.shop.add_columns(["floor"], room, is_measure=True)
        total = Form()
        for form in outcomes:
            total.extend(form, -share)
        columns, factors = total.summed()
        terms, values = np.append(columns, column), np.append(factors, MICRO * attribute)
        self._row("share of the mean", terms, values, -total.constant - MICRO * attribute * low, True)
        return int(column[0]), low, high

    def _reach(self, form: Form) -> tuple[int, int]:
        """Between what a form lies."""
        columns, factors = form.summed()
        reach = factors * self.shop.upper()[columns].astype(object)
        low, high = (sum(each for each in reach if (each > 0) == is_most) for is_most in (False, True))
        return form.constant + low, form.constant + high

    def _row(
        self, label: str, columns: Array, values: NDArray[np.object_], lower: int, measures: bool
    ) -> None:
        """Σ value x column >= lower, in Python integers until the common divisor is out."""
        divisor = int(np.gcd.reduce(values)) if len(values) else 1
        divisor = abs(divisor) or 1
        numbers = int64(values // divisor, label)
        kind = RowKind.MEASURE if measures else RowKind.LIMIT
        bound = -(-lower // divisor)
        self.shop.add_row(f"fairness: {label}", columns, numbers, lower=bound, kind=kind)


def smallest(found: Ordered, times: int = 1, shared_by: int = 1) -> Form:
    """``times`` x the sum of the smallest forms / ``shared_by``, in 10^-12."""
    form, unit = Form(shared_by), found.forms.unit * MICRO
    form.add(np.array([found.column], dtype=np.int64), np.array([unit], dtype=object), times)
    form.constant = found.base * unit * times
    return form


def bills_of(
    shop: Workshop, participation: Mapping[int, int], backbones: Mapping[int, int], carried: Carried
) -> dict[int, Form]:
    """Minus what every partner's assignments, participation and coordination cost, in 10^-12.

    Parameters
    ----------
    participation, backbones
        Switches, by number of the partner and of the backbone.
    carried
        Which columns say what a backbone carries.
    """
    unit = MICRO * MICRO // shop.lookup.minor
    bills = {number: Form() for number in range(len(shop.instance.partners))}
    for owner, own in grouped(shop.options.partner, np.arange(len(shop.options), dtype=np.int64)):
        bills[owner].add(own, shop.options.cost[own], -unit)
    for number, switch in participation.items():
        fee = to_minor(shop.instance.partners[number].participation_cost, shop.instance.currency)
        bills[number].add(np.array([switch]), np.array([fee]), -unit)
    number_of = {name: number for number, name in enumerate(shop.lookup.partners)}
    for number, switch in backbones.items():
        record = shop.instance.backbones[number]
        own = carried.column[carried.backbone == number]
        once, each = (
            to_minor(part, shop.instance.currency) for part in (record.cost, record.cost_per_synergy)
        )
        bills[number_of[record.partner]].add(np.array([switch]), np.array([once]), -unit)
        bills[number_of[record.partner]].add(own, np.full(len(own), each), -unit)
    return bills
