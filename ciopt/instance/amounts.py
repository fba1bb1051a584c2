"""Quantities as exact integers: numbers as they were written are converted once, not at every use."""

from __future__ import annotations

from ciopt.instance.base import MICRO, Quantity, micro
from ciopt.instance.model import Instance

PICO = MICRO * MICRO
"""Quantities at a place are integers of 10^-12: an amount per attribute times an attribute."""


class Amounts:
    """Quantities of an instance at its places.

    Parameters
    ----------
    instance
        Kept, so that its quantities can be known by identity.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._attributes = {
            place.id: {name: micro(number) for name, number in place.attributes.items()}
            for place in instance.places
        }
        self._known: dict[int, tuple[Quantity, int, tuple[tuple[str, int], ...]]] = {}

    def at(self, quantity: Quantity, place: str) -> int:
        """Fixed + Σ per[attribute] x attribute(place), as an integer of 10^-12."""
        known = self._known.get(id(quantity))
        if known is None:
            per = tuple((name, micro(amount)) for name, amount in quantity.per.items())
            known = self._known[id(quantity)] = quantity, micro(quantity.fixed) * MICRO, per
        _, total, amounts = known
        attributes = self._attributes[place]
        for name, amount in amounts:
            total += amount * attributes[name]
        return total
