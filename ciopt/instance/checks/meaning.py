"""Records that contradict one another: read with all references known to lead somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ciopt.errors import Path, Problem
from ciopt.instance.base import Quantity
from ciopt.instance.effects import instances_of
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.model import Instance
from ciopt.instance.records import PerPlace
from ciopt.instance.rules import (
    AtLeastRule,
    AtMostRule,
    ExcludesRule,
    Filter,
    MustNotRule,
    MustRule,
    RequiresRule,
    TogetherRule,
)


def check(instance: Instance) -> Iterator[Problem]:
    """Yield E212 to E219: what each rule of the format asks of several records at once."""
    lookup = Lookup(instance)
    yield from _check_capabilities(lookup)
    yield from _check_options(lookup)
    yield from _check_synergies(instance)
    yield from _check_overlaps(instance)
    yield from _check_rules(instance)
    yield from _check_baseline(lookup)
    yield from _check_quantities(lookup)
    backbones = [backbone.partner for backbone in instance.backbones]
    for n, partner in enumerate(backbones):
        if partner in backbones[:n]:
            yield Problem("E212", f"{partner!r} has two backbone records", ("backbones", n), "join them")


def _check_capabilities(lookup: Lookup) -> Iterator[Problem]:
    """No option is described twice."""
    taken: dict[tuple[str, str], list[tuple[int, set[str], set[str]]]] = {}
    for n, capability in enumerate(lookup.instance.capabilities):
        places, periods = set(lookup.places_of(capability)), set(lookup.periods_of(capability))
        others = taken.setdefault((capability.partner, capability.intervention), [])
        for m, other_places, other_periods in others:
            both = sorted(places & other_places)
            if both and periods & other_periods:
                text = f"{capability.partner} is given {capability.intervention} at {both[0]} twice"
                help_ = f"capabilities[{m}] covers it already: make their places or periods differ"
                yield Problem("E213", text, ("capabilities", n), help_)
                break
        others.append((n, places, periods))


def _check_options(lookup: Lookup) -> Iterator[Problem]:
    """An override changes options that exist, and each at most once."""
    seen: dict[Option, int] = {}
    for n, override in enumerate(lookup.instance.options):
        periods = lookup.instance.periods if override.period is None else (override.period,)
        levels = lookup.levels_of(override.intervention)
        path: Path = ("options", n)
        if override.level is None and levels != (None,):
            text = f"{override.intervention} has levels: say which one the numbers are for"
            yield Problem("E214", text, path, "add level: " + " or ".join(str(level) for level in levels))
            continue
        options = [
            Option(override.partner, override.intervention, override.place, period, override.level)
            for period in periods
        ]
        existing = [option for option in options if lookup.capability_of(option) is not None]
        if not existing:
            text = f"no capability gives the option {options[0].id}"
            yield Problem("E214", text, path, "add a capability, or mend the ids")
        for option in existing:
            if option in seen:
                yield Problem("E214", f"{option.id} is overridden twice (options[{seen[option]}])", path)
                break
            seen[option] = n


def _check_synergies(instance: Instance) -> Iterator[Problem]:
    for n, synergy in enumerate(instance.synergies):
        path, size = ("synergies", n), len(synergy.between)
        if size < 2:
            yield Problem("E215", "a synergy is between two or more interventions", (*path, "between"))
        if synergy.within == "neighbours" and size != 2:
            text = f"a synergy of neighbours is between two interventions (here, there), not {size}"
            yield Problem("E215", text, (*path, "between"))
        elif synergy.within != "neighbours" and len(set(synergy.between)) < size:
            yield Problem("E215", "an intervention is listed twice", (*path, "between"))
        if synergy.at_least is not None and not 1 <= synergy.at_least <= size:
            yield Problem(
                "E215", f"at_least is {synergy.at_least}; it lies in 1 to {size}", (*path, "at_least")
            )
        if bool(synergy.adds) == (synergy.boost is not None):
            yield Problem("E215", "a synergy says adds or boost, one of them", path)
        if synergy.on and synergy.boost is None:
            yield Problem("E215", "on belongs to boost", (*path, "on"))
        moved = {
            indicator
            for intervention in instance.interventions
            if intervention.id in synergy.between
            for indicator in intervention.impact
        }
        for k, indicator in enumerate(synergy.on):
            if indicator not in moved:
                yield Problem(
                    "E215", f"no member moves {indicator!r}: the boost would be 0", (*path, "on", k)
                )


def _check_overlaps(instance: Instance) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for n, overlap in enumerate(instance.overlaps):
        path: Path = ("overlaps", n)
        for k, member in enumerate(overlap.interventions):
            if overlap.how == "random" and member not in overlap.reach:
                yield Problem("E216", f"random overlap needs the reach of {member!r}", (*path, "reach"))
            other = seen.setdefault((overlap.indicator, member), n)
            if other != n:
                text = f"{member!r} is in two overlaps of {overlap.indicator!r} (overlaps[{other}])"
                yield Problem("E216", text, (*path, "interventions", k), "join them into one")
        for member in overlap.reach:
            if overlap.how != "random" or member not in overlap.interventions:
                yield Problem(
                    "E216", "reach is for the members of a random overlap", (*path, "reach", member)
                )


def _check_rules(instance: Instance) -> Iterator[Problem]:
    needs: dict[str, dict[str, int]] = {}
    for n, rule in enumerate(instance.rules):
        path: Path = ("rules", n)
        if isinstance(rule, RequiresRule):
            if not rule.requires.needs:
                yield Problem("E217", "needs is empty", (*path, "requires", "needs"))
            if rule.requires.before and len(instance.periods) < 2:
                text = "before asks for an earlier period, and there is only one"
                yield Problem("E217", text, (*path, "requires", "before"))
            for needed in rule.requires.needs:
                needs.setdefault(rule.requires.intervention, {}).setdefault(needed, n)
        elif isinstance(rule, (MustRule, MustNotRule)):
            said = rule.must if isinstance(rule, MustRule) else rule.must_not
            if said == Filter():
                yield Problem(
                    "E217", "say which assignments: partner, intervention, place, period or level", path
                )
        elif isinstance(rule, (ExcludesRule, TogetherRule)):
            members = rule.excludes if isinstance(rule, ExcludesRule) else rule.together
            if len(members) < 2:
                yield Problem("E217", "the rule needs two interventions or more", path)
        elif isinstance(rule, (AtMostRule, AtLeastRule)) and not rule.of:
            yield Problem("E217", "of is empty", (*path, "of"))
    yield from _check_cycles(needs)


def _check_cycles(needs: dict[str, dict[str, int]]) -> Iterator[Problem]:
    """Prerequisites form no cycle (depth-first search with an explicit stack)."""
    done: set[str] = set()
    for root in needs:
        trail: list[str] = []
        stack = [(root, iter(needs.get(root, {})))]
        if root in done:
            continue
        trail.append(root)
        while stack:
            _, following = stack[-1]
            step = next((name for name in following if name not in done), None)
            if step is None:
                done.add(trail.pop())
                stack.pop()
            elif step in trail:
                cycle = [*trail[trail.index(step) :], step]
                rule = needs[trail[-1]][step]
                text = "prerequisites run in a circle: " + " needs ".join(cycle)
                yield Problem("E218", text, ("rules", rule), "use `together` for what must come as one")
                done.add(step)
            else:
                trail.append(step)
                stack.append((step, iter(needs.get(step, {}))))


def _check_baseline(lookup: Lookup) -> Iterator[Problem]:
    """What is done anyway can be done, and each activity once."""
    taken: dict[tuple[str, str], int] = {}
    for n, entry in enumerate(lookup.instance.baseline):
        said = Filter(
            **{key: getattr(entry, key) for key in ("partner", "intervention", "place", "period", "level")}
        )
        if not any(True for _ in baseline_options(lookup, said)):
            text = f"no capability lets {entry.partner} do {entry.intervention} at {entry.place} like that"
            yield Problem("E219", text, ("baseline", n), "add a capability, or mend the ids")
        key = entry.intervention, entry.place
        if key in taken:
            text = f"{entry.intervention} at {entry.place} is in the baseline twice (baseline[{taken[key]}])"
            yield Problem("E219", text, ("baseline", n))
        taken[key] = n


def baseline_options(lookup: Lookup, said: Filter) -> Iterator[Option]:
    """Options that a baseline entry may mean: partner, intervention and place are said."""
    assert said.partner is not None
    assert said.intervention is not None
    assert said.place is not None
    for period in lookup.instance.periods if said.period is None else (said.period,):
        for level in lookup.levels_of(said.intervention) if said.level is None else (said.level,):
            option = Option(said.partner, said.intervention, said.place, period, level)
            if lookup.capability_of(option) is not None:
                yield option


def _check_quantities(lookup: Lookup) -> Iterator[Problem]:
    """Attributes exist where a quantity needs them; costs and uses are not negative there."""
    for quantity, places, path, positive in _quantities(lookup):
        yield from _check_quantity(lookup, quantity, places, path, positive)


def _quantities(lookup: Lookup) -> Iterator[tuple[Quantity, Sequence[str], Path, bool]]:
    """All quantities, the places where they are evaluated, their path, and whether they must be >= 0."""
    covered: dict[str, list[str]] = {name: [] for name in lookup.interventions}
    for place in lookup.places:
        for name in lookup.interventions:
            if (name, place) in lookup.activities:
                covered[name].append(place)
    for n, intervention in enumerate(lookup.instance.interventions):
        here = covered[intervention.id]
        yield intervention.cost, here, ("interventions", n, "cost"), True
        for key, quantity in intervention.uses.items():
            yield quantity, here, ("interventions", n, "uses", key), True
        for key, estimate in intervention.impact.items():
            yield estimate, here, ("interventions", n, "impact", key), False
    for n, override in enumerate(lookup.instance.options):
        if override.cost is not None:
            yield override.cost, [override.place], ("options", n, "cost"), True
        for key, estimate in override.impact.items():
            yield estimate, [override.place], ("options", n, "impact", key), False
    for n, synergy in enumerate(lookup.instance.synergies):
        effects = {("synergies", n, "adds", key): estimate for key, estimate in synergy.adds.items()}
        if synergy.boost is not None:
            for member in synergy.between:
                for key, estimate in lookup.interventions[member].impact.items():
                    if not synergy.on or key in synergy.on:
                        effects["synergies", n, "boost", f"{member}.{key}"] = estimate
        if any(estimate.per.keys() - lookup.universal_attributes for estimate in effects.values()):
            used = {place for instance in instances_of(lookup, synergy) for place in instance.places}
            here = [place for place in lookup.places if place in used]
            for path, estimate in effects.items():
                yield estimate, here, path[:4] if "adds" in path else path[:3], False
    for n, indicator in enumerate(lookup.instance.indicators):
        if isinstance(indicator.saturates_at, PerPlace):
            where = ("indicators", n, "saturates_at", "per_place")
            yield indicator.saturates_at.per_place, list(lookup.places), where, False


def _check_quantity(
    lookup: Lookup, quantity: Quantity, places: Sequence[str], path: Path, positive: bool
) -> Iterator[Problem]:
    for attribute in quantity.per.keys() - lookup.universal_attributes:
        lacking = [place for place in places if attribute not in lookup.places[place].attributes]
        if lacking:
            shown = ", ".join(lacking[:3]) + (f" and {len(lacking) - 3} more" if len(lacking) > 3 else "")
            text = f"the attribute {attribute!r} is missing at {shown}"
            yield Problem(
                "E212", text, (*path, "per", attribute), "give the places this attribute (0 is a number too)"
            )
            return
    if positive and (quantity.fixed < 0 or any(amount < 0 for amount in quantity.per.values())):
        for place in places:
            amount = lookup.amounts.at(quantity, place)
            if amount < 0:
                yield Problem("E205", f"it is negative at {place}", path, "costs and uses are at least 0")
                return
