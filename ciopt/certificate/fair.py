"""What fairness adds to the worth of movement, under a price for every member.

    floor      o_m >= a_m f             + q_m (o_m - a_m f)
    share      o_m >= a_m s O / A       + q_m o_m - (s Σ q a / A) O,  O = Σ o, A = Σ a
    least      the k smallest o_m / a_m together <= Σ w_m o_m / a_m,  0 <= w <= 1,  Σ w = k
    dial       d A min_m o_m / a_m <= d A Σ w_m o_m / a_m,  0 <= w,  Σ w = 1
    held       Σ v_m o_m / a_m >= what sums of the least that are held make of it (see `held_worth`)

Any prices q >= 0 do, and any weights: where a goal is a sum of the least outcomes, a mean of outcomes with
whatever weights is no less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ciopt.certificate.record import Certificate
from ciopt.certificate.worth import Potential, price12, summing
from ciopt.instance.base import MICRO, micro
from ciopt.instance.fairness import absolute_floor, factor, members, saturates
from ciopt.instance.goals import FAIRNESS, is_fairness, least_count, least_sums
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
    size
        Of a certificate about the least outcomes: the bound is one on so many times what they are per unit,
        in 10^-6.
    """

    def __init__(
        self,
        lookup: Lookup,
        certificate: Certificate,
        held: Mapping[str, int],
        potential: Callable[[], Potential],
    ) -> None:
        self.lookup, self.over = lookup, ""
        self.constant, self.size = 0, MICRO
        self.prices: dict[str, int] = {}
        fairness = lookup.instance.agenda.fairness
        if fairness is None:
            return
        self.over = fairness.over
        attributes = {member.id: member.attribute for member in members(lookup)}
        if not attributes:
            return

        def given(kind: str) -> dict[str, int]:
            return {name: price12(certificate.prices, f"{kind} {name}") for name in attributes}

        total = sum(attributes.values())
        if fairness.how == "floor":
            self._floor(given("floor"), attributes, absolute_floor(lookup))
            if fairness.share is not None:
                self._share(given("share"), attributes, micro(fairness.share), potential)
        elif fairness.how == "dial":
            if certificate.goal == "value":
                assert fairness.dial is not None
                self._least(given(FAIRNESS), attributes, 1, micro(fairness.dial) * total, potential)
        else:
            if is_fairness(certificate.goal):
                self.size = total
                count = min(least_count(certificate.goal), len(attributes))
                self._least(given(FAIRNESS), attributes, count, MICRO * total, potential)
            self._held(given(f"held {FAIRNESS}"), attributes, held)

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
            self.constant += max(0, -self._reach(potential())[0]) * 10**6
        self._add({name: price - mean for name, price in prices.items()})

    def _least(
        self,
        weights: dict[str, int],
        attributes: dict[str, int],
        count: int,
        size: int,
        potential: Callable[[], Potential],
    ) -> None:
        """``size`` (in 10^-12) times the ``count`` smallest: prices are size x w / a, rounded down.

        What they are rounded down by counts at the most that a member can get.
        """
        mixed = summing([weights[name] for name in attributes], count * 10**12)
        rests = 0
        for (name, attribute), weight in zip(attributes.items(), mixed, strict=True):
            price, rest = divmod(weight * size, attribute * MICRO)
            self._add({name: price})
            rests += rest > 0
        if rests:
            self.constant += rests * max(0, self._reach(potential())[1]) * 10**6

    def _held(self, prices: dict[str, int], attributes: dict[str, int], held: Mapping[str, int]) -> None:
        """Sums of the least are no less than before."""
        sums = least_sums(held)
        if sums:
            each = [price * attributes[name] for name, price in prices.items()]
            self.constant -= held_worth(each, sums)
            self._add(prices)

    def _add(self, prices: Mapping[str, int]) -> None:
        for name, price in prices.items():
            self.prices[name] = self.prices.get(name, 0) + price

    def _reach(self, potential: Potential) -> tuple[int, int]:
        """No plan gives all together less, nor anybody more, in 10^-12."""
        least = most = 0
        for indicator in self.lookup.indicators.values():
            weight, (low, high) = factor(self.lookup, indicator), potential.of(indicator.id)
            least += weight * (low if weight > 0 else high)
            most += weight * (high if weight > 0 else low)
        return least, most

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


def held_worth(prices: Sequence[int], sums: Sequence[int]) -> int:
    """Return what Σ v_m r_m is at least if the j smallest r are at least ``sums[j - 1]`` together.

    By rearrangement and Abel's summation, v sorted from the largest and S_j the sum of the j smallest r,

        Σ v_m r_m >= Σ_j (v_j - v_(j+1)) S_j

    and of more than the k that are held S_j >= j S_k / k, since the mean of the j smallest rises with j.

    Examples
    --------
    >>> held_worth([1, 3, 0], [5, 12])
    22
    """
    ordered, last = [*sorted(prices, reverse=True), 0], len(sums)
    total = 0
    for number in range(1, len(ordered)):
        least = sums[number - 1] if number <= last else number * sums[-1] // last
        total += (ordered[number - 1] - ordered[number]) * least
    return total
