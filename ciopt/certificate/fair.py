"""What fairness adds to the worth of movement, under a price for every member.

    floor      o_m >= a_m f             + q_m (o_m - a_m f)
    share      o_m >= a_m s O / A       + q_m o_m - (s Σ q a / A) O,  O = Σ o, A = Σ a
    maximin    min_m o_m / a_m <= Σ q_m o_m / Σ q_m a_m

Any prices q >= 0 do: where a goal is the least outcome, a mean of outcomes with whatever weights is no less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ciopt.certificate.record import Certificate
from ciopt.certificate.worth import Potential, price12
from ciopt.instance.base import MICRO, micro
from ciopt.instance.fairness import absolute_floor, factor, members, saturates
from ciopt.instance.goals import FAIRNESS
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.records import Indicator


class Fair:
    """Outcomes of members under the prices of a certificate.

    Parameters
    ----------
    lookup, certificate
        The instance, and its prices.
    held
        Worth of the goals that come before the certificate's, in 10^-12: see `certified_bound`.
    potential
        How far indicators can move.

    Attributes
    ----------
    constant
        What floors are worth in themselves, in 10^-30.
    divisor
        Σ q a of a certificate about the least outcome, in 10^-18; None of any other.
    """

    def __init__(
        self,
        lookup: Lookup,
        certificate: Certificate,
        held: Mapping[str, int],
        potential: Callable[[], Potential],
    ) -> None:
        self.lookup, self.over = lookup, ""
        self.constant, self.divisor = 0, None
        self.prices: dict[str, int] = {}
        fairness = lookup.instance.agenda.fairness
        if fairness is None:
            return
        self.over = fairness.over
        everybody = members(lookup)
        attributes = {member.id: member.attribute for member in everybody}

        def given(kind: str) -> dict[str, int]:
            return {name: price12(certificate.prices, f"{kind} {name}") for name in attributes}

        if fairness.how == "floor":
            self._floor(given("floor"), attributes, absolute_floor(lookup))
            if fairness.share is not None and everybody:
                self._share(given("share"), attributes, micro(fairness.share), potential)
        elif certificate.goal == FAIRNESS:
            weights = given(FAIRNESS)
            self.prices = weights if any(weights.values()) else dict.fromkeys(attributes, 10**12)
            self.divisor = sum(price * attributes[name] for name, price in self.prices.items()) or 10**18
        elif FAIRNESS in held:
            self._floor(given(FAIRNESS), attributes, held[FAIRNESS] // MICRO)

    def _floor(self, prices: dict[str, int], attributes: dict[str, int], floor: int | None) -> None:
        if floor is not None:
            self.prices = prices
            due = sum(price * attributes[name] for name, price in prices.items())
            self.constant -= due * floor * 10**6

    def _share(
        self,
        prices: dict[str, int],
        attributes: dict[str, int],
        share: int,
        potential: Callable[[], Potential],
    ) -> None:
        """The mean has one price; what it is rounded down by counts at the least that all can get."""
        bill = share * sum(price * attributes[name] for name, price in prices.items())
        mean, rest = divmod(bill, MICRO * sum(attributes.values()))
        if rest:
            self.constant += max(0, -self._least_total(potential())) * 10**6
        for name, price in prices.items():
            self.prices[name] = self.prices.get(name, 0) + price - mean

    def _least_total(self, potential: Potential) -> int:
        """No plan gives all together less, in 10^-12."""
        total = 0
        for indicator in self.lookup.indicators.values():
            weight, (low, high) = factor(self.lookup, indicator), potential.of(indicator.id)
            total += weight * (low if weight > 0 else high)
        return total

    def of_movement(self, indicator: Indicator) -> dict[str, int]:
        """What a unit of an indicator is worth to the member that it is moved at, in 10^-18."""
        if not self.prices or self.over == "partners":
            return {}
        weight = factor(self.lookup, indicator)
        return {name: price * weight for name, price in self.prices.items() if price} if weight else {}

    def saturates(self, indicator: Indicator) -> bool:
        """Whether outcomes count the indicator only up to a level at each place."""
        return bool(self.over) and saturates(self.lookup, indicator)

    def of_option(self, option: Option, impact: Mapping[str, int]) -> int:
        """What an assignment's own impact is worth to its partner, in 10^-24."""
        price = self.prices.get(option.partner, 0) if self.over == "partners" else 0
        if not price:
            return 0
        return price * sum(
            factor(self.lookup, self.lookup.indicators[name]) * amount for name, amount in impact.items()
        )
