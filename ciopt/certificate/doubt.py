"""What risk adds to the worth of movement, under a weight for every error.

    robust    V - Σ_e (p_e c_e (1 - low_e) + q_e c_e (1 - high_e)),    p + q <= 1,  Σ (p + q) <= Γ
    cvar      Σ_s p_s V_s / K,    0 <= p <= 1,  Σ p = K

The worst that may happen is no better than any such mix of errors, and under a mix every estimate has one
multiplier: value is a sum again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ciopt.certificate.record import Certificate
from ciopt.certificate.worth import WHOLE, price12, summing
from ciopt.instance.base import MICRO, micro
from ciopt.instance.effects import SynergyInstance
from ciopt.instance.estimates import Estimated, Key, estimate_keys, estimated, synergy_shares
from ciopt.instance.goals import value_part
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.risk import tail
from ciopt.instance.sampling import MILLI, multipliers

ENDS = ("low", "high")


class Doubt:
    """What errors take from the value under the weights of a certificate; nothing for other goals."""

    def __init__(self, lookup: Lookup, certificate: Certificate) -> None:
        self.lookup = lookup
        risk = lookup.instance.agenda.risk
        self.how = "expected" if risk is None or certificate.goal != "value" else risk.how
        self.ends: dict[Key, tuple[int, int]] = {}
        self.samples: list[int] = []
        self.count = 1
        self.part = value_part(lookup.instance.agenda)
        if risk is not None and self.how == "robust":
            # only costs may be in doubt
            self._robust(certificate.prices, int(risk.gamma or 0))
        elif risk is not None and self.how == "cvar":
            self.count, number = tail(risk)
            self._cvar(certificate.prices, number)
        self._tilts: dict[Estimated, int] = {}

    @property
    def is_active(self) -> bool:
        """Whether anything is taken off."""
        return bool(self.ends or self.samples)

    def _robust(self, prices: Mapping[str, Decimal], most: int) -> None:
        left = most * WHOLE
        for key in estimate_keys(self.lookup):
            name = "/".join(key)
            low = min(price12(prices, f"error {name} {ENDS[0]}"), WHOLE, left)
            high = min(price12(prices, f"error {name} {ENDS[1]}"), WHOLE - low, left - low)
            if low or high:
                self.ends[key] = low, high
                left -= low + high

    def _cvar(self, prices: Mapping[str, Decimal], number: int) -> None:
        weights = [price12(prices, f"sample {sample + 1}") for sample in range(number)]
        self.samples = summing(weights, self.count * WHOLE)

    def _tilt(self, source: Estimated) -> int:
        """By how much a multiplier is changed: in 10^-18, or for cvar ``count`` times that, in 10^-15."""
        if source not in self._tilts:
            if self.how == "robust":
                low, high = self.ends.get(source.key, (0, 0))
                found = sum(
                    weight * (micro(end) - MICRO)
                    for weight, end in zip((low, high), source.spread, strict=True)
                )
            else:
                factors = multipliers(source, len(self.samples))
                mixed = sum(weight * each for weight, each in zip(self.samples, factors, strict=True))
                found = mixed - self.count * WHOLE * MILLI
            self._tilts[source] = found
        return self._tilts[source]

    def of(self, indicator: str, amount: int, source: Estimated) -> int:
        """What errors change about some movement, in 10^-30, rounded up."""
        worth = micro(self.lookup.indicators[indicator].weight) * amount * self._tilt(source) * self.part
        return -(-worth * (1 if self.how == "robust" else 1000) // (MICRO * self.count))

    def of_impact(self, option: Option, indicator: str, amount: int) -> int:
        """What errors change about (a part of) an option's impact, in 10^-30."""
        if not self.is_active or not amount:
            return 0
        return self.of(indicator, amount, estimated(self.lookup, option, indicator))

    def of_synergy(self, instance: SynergyInstance, indicator: str) -> int:
        """What errors change about what a synergy adds, in 10^-30."""
        if not self.is_active:
            return 0
        shares = synergy_shares(self.lookup, instance, indicator)
        return sum(self.of(indicator, amount, source) for source, amount in shares)
