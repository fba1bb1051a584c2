"""What a unit of movement is worth under prices: weights, slopes of what saturates, targets, fairness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from ciopt.certificate.fair import Fair
from ciopt.certificate.record import Certificate
from ciopt.certificate.worth import PER_MICRO, WHOLE, Potential, Slopes, price12, price18
from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, micro
from ciopt.instance.goals import value_part
from ciopt.instance.lookup import Lookup
from ciopt.instance.records import Indicator, PerPlace
from ciopt.instance.value import place_level


def goal_weights(
    lookup: Lookup, certificate: Certificate, held: Mapping[str, int]
) -> tuple[dict[str, int], int]:
    """Weights of goals in 10^-12: 1 of the certificate's own, prices of those held at what they are worth.

    A goal g that is held at b gives w (g - b) >= 0 for any w >= 0. Returns the weights, and -Σ w b in 10^-30.
    """
    weights, constant = {certificate.goal: WHOLE}, 0
    risk, is_mixed = lookup.instance.agenda.risk, value_part(lookup.instance.agenda) < MICRO
    for goal in ("targets", "value", "cost"):
        # a mean of samples, or a mix with the worst-off, may lie above the central value that weights look at
        if goal in held and (goal != "value" or not (is_mixed or (risk is not None and risk.how == "cvar"))):
            weights[str(goal)] = price12(certificate.prices, f"held {goal}")
            constant -= weights[str(goal)] * held[goal] * 10**6
    return dict(weights), constant


def slopes(
    lookup: Lookup,
    certificate: Certificate,
    weights: Mapping[str, int],
    fair: Fair,
    potential: Callable[[], Potential],
) -> Slopes:
    """Put weights, saturation, targets and fairness together.

    Parameters
    ----------
    weights
        Of goals, see `goal_weights`.
    fair
        What movement is worth to members.
    potential
        How far indicators can move.
    """
    found = _Found(lookup, certificate, fair, potential)
    each = weights.get("value", 0) * value_part(lookup.instance.agenda) // MICRO
    for indicator in lookup.indicators.values():
        found.add(indicator, micro(indicator.weight) * each)
    bearer = weights.get(lookup.instance.agenda.bearer, 0)
    for number, target in enumerate(lookup.instance.agenda.targets):
        _add_target(certificate, target, f"target {target.id or number}", bearer, found.slopes)
    return found.slopes


class _Found:
    def __init__(
        self, lookup: Lookup, certificate: Certificate, fair: Fair, potential: Callable[[], Potential]
    ) -> None:
        self.lookup, self.certificate, self.fair, self.potential = lookup, certificate, fair, potential
        self.slopes = Slopes()

    def add(self, indicator: Indicator, weight: int) -> None:
        """Add what an indicator is worth, by itself and to members."""
        found, to_members = self.slopes, self.fair.of_movement(indicator)
        found.everywhere[indicator.id] = weight
        if isinstance(indicator.saturates_at, PerPlace) and (weight or to_members):
            together = to_members if self.fair.saturates(indicator) else {}
            self._saturate_places(indicator, weight, together)
            if together and self.fair.over == "groups":
                found.together = {(indicator.id, group): worth for group, worth in together.items()}
            to_members = {} if together else to_members
        elif weight and indicator.saturates_at is not None:
            assert not isinstance(indicator.saturates_at, PerPlace)
            level = micro(indicator.saturates_at)
            slope = self._slope(f"{indicator.id} in all", weight)
            found.everywhere[indicator.id] = slope
            found.constant += _intercept(weight, level, slope, self.potential().of(indicator.id))
        ledger = found.places if self.fair.over == "places" else found.groups
        for name, worth in to_members.items():
            ledger[indicator.id, name] = ledger.get((indicator.id, name), 0) + worth

    def _saturate_places(self, indicator: Indicator, weight: int, to_members: Mapping[str, int]) -> None:
        """W u(t) <= σ t + c at every place, with what u is worth to the place or to its group."""
        for place, record in self.lookup.places.items():
            member = place if self.fair.over == "places" else record.group or ""
            worth = weight + to_members.get(member, 0)
            level = place_level(self.lookup, indicator, place)
            slope = self._slope(f"{indicator.id} at {place}", worth)
            possible = self.potential().at(indicator.id, place)
            self.slopes.places[indicator.id, place] = slope - weight
            self.slopes.constant += _intercept(worth, level, slope, possible)

    def _slope(self, name: str, weight: int) -> int:
        price = self.certificate.prices.get(f"saturation of {name}")
        return weight if price is None else price18(price)


def _intercept(weight: int, level: int, slope: int, possible: tuple[int, int]) -> int:
    """max_t (w u(t) - σ t): at the ends of what is possible, or where u bends; then W u(t) <= σ t + c."""
    low, high = possible
    bends = [low, high] + ([level] if low < level < high else [])

    def utility(total: int) -> int:
        return min(total, level) if level >= 0 else max(total, level)

    return max(weight * utility(total) - slope * total for total in bends) * PER_MICRO


def _add_target(certificate: Certificate, target: Target, name: str, bearer: int, found: Slopes) -> None:
    """Add t >= b, at a price; a target from above is one from below with all signs changed."""
    sign, said = (1, target.at_least) if target.at_least is not None else (-1, target.at_most)
    assert said is not None
    price = max(0, -price18(certificate.prices.get(name, Decimal(0))))
    if target.soft:
        price = min(price, micro(target.penalty) * bearer)
    if not price:
        return
    found.constant -= price * sign * micro(said) * PER_MICRO
    if target.place is not None:
        key = target.indicator, target.place
        found.places[key] = found.places.get(key, 0) + sign * price
    elif target.group is not None:
        key = target.indicator, target.group
        found.groups[key] = found.groups.get(key, 0) + sign * price
    else:
        found.everywhere[target.indicator] += sign * price
