"""Measurements that correct nothing: read with all references known to lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator

from ciopt.errors import Problem
from ciopt.instance.lookup import Lookup
from ciopt.instance.model import Instance


def check(instance: Instance) -> Iterator[Problem]:
    """Yield E221: a measurement needs an sd above 0, and an estimate at that place that it can correct."""
    if not instance.measurements:
        return
    lookup = Lookup(instance)
    for n, each in enumerate(instance.measurements):
        if each.sd <= 0:
            help_ = "give the standard error of the measured value"
            yield Problem("E221", f"sd is {each.sd}; it must be above 0", ("measurements", n, "sd"), help_)
        estimate = lookup.interventions[each.intervention].impact.get(each.indicator)
        if estimate is None:
            moved = ", ".join(lookup.interventions[each.intervention].impact) or "nothing"
            text = f"{each.intervention} has no estimate for {each.indicator!r}; it moves {moved}"
            yield Problem("E221", text, ("measurements", n, "indicator"))
        elif (each.intervention, each.place) not in lookup.activities:
            text = f"nobody can do {each.intervention} at {each.place}: there is nothing to measure"
            yield Problem("E221", text, ("measurements", n, "place"), "add a capability, or mend the id")
        elif not lookup.amounts.at(estimate, each.place):
            text = f"the estimate of {each.intervention} for {each.indicator!r} is 0 at {each.place}"
            help_ = "a measurement multiplies an estimate: give one that is not 0"
            yield Problem("E221", text, ("measurements", n, "value"), help_)
