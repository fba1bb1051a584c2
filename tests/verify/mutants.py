"""Mutants of a solved plan, drawn by what each field means: units for numbers, other valid ids for ids."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ciopt.instance import Instance, Lookup
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.effects import synergy_instances
from ciopt.instance.money import minor_digits
from ciopt.instance.scenarios import apply

Data = dict[str, Any]
Path = tuple[str | int, ...]
Mutant = tuple[str, Path, Data]
"""What was done, where, and the document after it."""

TABLES = (
    "assignments",
    "payments",
    "synergies",
    "backbones",
    "indicators",
    "targets",
    "fairness",
    "partners",
    "funds",
)
STATUS = ("optimal", "feasible", "infeasible", "no_plan", "error")
STOPPED_BY = ("gap", "time_limit", "memory_limit", "interrupt", "solver_failure")
PROOFS = ("certificate", "enumeration", "solver liar 1.0", "")


def plain(data: Any) -> Any:
    """Return a document with lists for tuples."""
    if isinstance(data, dict):
        return {key: plain(part) for key, part in data.items()}
    return [plain(part) for part in data] if isinstance(data, list | tuple) else data


def leaves(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Walk through all that is not a container."""
    if isinstance(data, dict | list):
        for key, part in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(part, (*path, key))
    else:
        yield path, data


def with_leaf(data: Any, path: Path, value: Any) -> Any:
    """Copy a document along a path, and put a value at its end."""
    if not path:
        return value
    copied: Any = dict(data) if isinstance(data, dict) else list(data)
    copied[path[0]] = with_leaf(data[path[0]], path[1:], value)
    return copied


def kinds(instance: Instance, data: Data) -> list[set[str]]:
    """Ids that may stand for one another."""
    lookup = Lookup(apply(instance, data["instance"].get("scenario")).instance)
    options = {option.id for option in lookup.options()}
    partners = set(lookup.partners)
    labels = {(each.synergy.id, each.at) for each in synergy_instances(lookup)}
    goals = {"targets", "fairness", "fairness 1", "fairness 2", "value", "cost", "option_ids"}
    return [
        partners,
        set(lookup.interventions),
        set(lookup.places),
        set(lookup.periods),
        {level for each in lookup.interventions for level in lookup.levels_of(each) if level is not None},
        set(lookup.indicators),
        set(lookup.funds) | {OWN_BUDGET + each for each in partners},
        options | {f"{what}:{each}" for what in ("participation", "backbone") for each in partners},
        {synergy for synergy, _ in labels},
        {at for _, at in labels},
        {f"{synergy}@{at}" for synergy, at in labels},
        goals,
        set(STATUS),
        set(STOPPED_BY),
        {"USD", "EUR", "JPY", "KWD"},
    ]


def mutants(instance: Instance, data: Data) -> Iterator[Mutant]:
    """All mutants of a plan's document."""
    yield from _numbers(instance, data)
    yield from _words(instance, data)
    yield from _entries(data)
    yield from _exchanges(data)


def _numbers(instance: Instance, data: Data) -> Iterator[Mutant]:
    units = (Decimal(1).scaleb(-minor_digits(instance.currency)), Decimal("1e-6"), Decimal("1e-12"), 1)
    for path, value in leaves(data):
        if isinstance(value, bool):
            yield f"{value} flipped", path, with_leaf(data, path, not value)
        elif isinstance(value, int | Decimal):
            for unit in units:
                yield f"{value} + {unit}", path, with_leaf(data, path, value + unit)
                yield f"{value} - {unit}", path, with_leaf(data, path, value - unit)
            yield f"{value} negated", path, with_leaf(data, path, -value if value else Decimal(7))


def _words(instance: Instance, data: Data) -> Iterator[Mutant]:
    groups = kinds(instance, data)
    for path, value in leaves(data):
        if not isinstance(value, str) or path[0] == "run":
            continue
        others: set[str] = set().union(*(group for group in groups if value in group)) - {value}
        if path[-1] == "proof":
            others = set(PROOFS)
        if path[-1] == "sha256":
            others = {value[::-1], value[:-1], ""}
        for other in sorted(others) or [value + "x"]:
            yield f"{value!r} -> {other!r}", path, with_leaf(data, path, other)


def _entries(data: Data) -> Iterator[Mutant]:
    """Drop, double, and move entries to other tables; drop whole tables; forget fields."""

    for name in (*TABLES, "goals"):
        entries = list(data.get(name, ()))
        if entries:
            yield "emptied", (name,), {**data, name: []}
        for number, entry in enumerate(entries):
            rest = entries[:number] + entries[number + 1 :]
            yield "dropped", (name, number), {**data, name: rest}
            yield "doubled", (name, number), {**data, name: [*entries, entry]}
            for field in entry:
                forgotten = {key: part for key, part in entry.items() if key != field}
                yield (
                    "forgotten",
                    (name, number, field),
                    {
                        **data,
                        name: [*entries[:number], forgotten, *entries[number + 1 :]],
                    },
                )
            for other in TABLES:
                if other != name:
                    moved = {**data, name: rest, other: [*data.get(other, ()), entry]}
                    yield f"moved to {other}", (name, number), moved
    for field in ("value", "counted", "cost", "objective", "bound", "gap", "proof"):
        if data.get(field) is not None:
            yield "forgotten", (field,), {key: part for key, part in data.items() if key != field}


def _exchanges(data: Data) -> Iterator[Mutant]:
    """Two entries of one table exchange one field."""
    for name in TABLES:
        entries = list(data.get(name, ()))
        for one, two in itertools.combinations(range(len(entries)), 2):
            for field in entries[one]:
                if field in entries[two] and entries[one][field] != entries[two][field]:
                    new = [dict(entry) for entry in entries]
                    new[one][field], new[two][field] = new[two][field], new[one][field]
                    yield f"{field} exchanged with {two}", (name, one, field), {**data, name: new}
