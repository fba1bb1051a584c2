"""Scenarios: named changes of an instance by id paths such as ``partners.mars.budget``.

All paths are read against the original instance; two changes of one thing are an error. Removing a partner
or a fund removes what is its own too (its funds, capabilities, payments rights), and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ciopt.errors import InvalidInput, Path, Problem, UsageError, did_you_mean, format_path
from ciopt.instance.base import MAX_FRACTION_DIGITS, OWN_BUDGET, Words
from ciopt.instance.facts import TABLES
from ciopt.instance.learning import learned
from ciopt.instance.model import Instance
from ciopt.instance.money import minor_digits
from ciopt.instance.parse import parse
from ciopt.instance.rules import Scenario

_MONEY_FIELDS = frozenset(
    ("budget", "amount", "max_cost", "min_spend", "participation_cost", "cost_per_synergy")
)

_FEW = 12
"""Names that a message lists."""


@dataclass(frozen=True)
class Applied:
    """An instance with a scenario's changes, and what had to go along with what was removed."""

    instance: Instance
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Change:
    """One change: what is done to which path, and where the scenario says so."""

    how: str
    path: str
    value: Any
    said_at: Path


def apply(instance: Instance, name: str | None) -> Applied:
    """Return the instance as a scenario changes it, with its measurements worked into its estimates.

    Raises
    ------
    UsageError
        If there is no such scenario.
    InvalidInput
        If a path leads nowhere, two changes meet, or the changed instance breaks a rule of the format.

    Examples
    --------
    >>> apply(instance, "mars-doubles").instance.partners[0].budget  # doctest: +SKIP
    Decimal('5000000')
    """
    if name is None:
        return _with_lessons(Applied(instance))
    _check_name(instance, name)
    return _apply_changes(instance, list(_named(instance, name, ())))


def apply_scenario(instance: Instance, scenario: Scenario, said_at: Path = ()) -> Applied:
    """Return the instance as a scenario that is not written in it changes it.

    Parameters
    ----------
    instance, scenario
        The scenario may combine others of the instance.
    said_at
        Where it is said, for messages.

    Raises
    ------
    UsageError, InvalidInput
        As for `apply`.

    Examples
    --------
    >>> richer = Scenario(set={"partners.mars.budget": 5000000})
    >>> apply_scenario(instance, richer).instance.partners[0].budget  # doctest: +SKIP
    Decimal('5000000')
    """
    for other in scenario.of:
        _check_name(instance, other)
    return _apply_changes(instance, list(_changes(instance, scenario, said_at, ())))


def _with_lessons(applied: Applied) -> Applied:
    """Work the measurements into the estimates: what is solved and verified are the corrected ones."""
    if not applied.instance.measurements:
        return applied
    count = len(applied.instance.measurements)
    note = f"estimates are corrected by {count} measurement{'s' if count != 1 else ''}"
    return Applied(learned(applied.instance), (*applied.notes, note))


def _check_name(instance: Instance, name: str) -> None:
    if name in instance.scenarios:
        return
    hint = did_you_mean(name, instance.scenarios) or (
        "known: " + ", ".join(instance.scenarios) if instance.scenarios else "the instance has none"
    )
    raise UsageError(f"no scenario is called {name!r}; {hint}")


def _apply_changes(instance: Instance, changes: list[_Change]) -> Applied:
    """Apply resolved changes: set and scale, then add, then remove."""
    original = _written(instance, changes)
    problems: list[Problem] = []
    resolved: list[tuple[_Change, Path]] = []
    for change in changes:
        target = resolve(original, change.path, may_be_new=change.how == "set")
        if isinstance(target, str):
            problems.append(Problem("E301", target, change.said_at))
        else:
            problems += _collisions(change, target, resolved)
            resolved.append((change, target))
    if problems:
        raise InvalidInput(problems)
    data = _lists(original)
    notes: list[str] = []
    removed: list[Path] = []
    for how in ("set", "scale", "add", "remove"):
        for change, path in resolved:
            if change.how == how == "remove":
                removed.append(path)
            elif change.how == how:
                problems += _edit(data, change, path, instance.currency)
    if problems:
        raise InvalidInput(problems)
    if removed:
        _remove(data, removed, notes)
    try:
        return _with_lessons(Applied(parse(data), tuple(notes)))
    except InvalidInput as error:
        said_at = changes[0].said_at[:2] if changes else ()
        raise InvalidInput(
            Problem(
                each.code,
                f"with the scenario applied, {format_path(each.path)}: {each.message}",
                said_at,
                each.help,
            )
            for each in error.problems
        ) from None


def _named(instance: Instance, name: str, trail: tuple[str, ...]) -> Iterator[_Change]:
    """List the changes of one of the instance's own scenarios."""
    if name in trail:
        text = "scenarios combine one another in a circle: " + " of ".join((*trail, name))
        raise InvalidInput([Problem("E302", text, ("scenarios", name, "of"))])
    return _changes(instance, instance.scenarios[name], ("scenarios", name), (*trail, name))


def _changes(
    instance: Instance, scenario: Scenario, said_at: Path, trail: tuple[str, ...]
) -> Iterator[_Change]:
    """List a scenario's own changes and those of the scenarios it combines."""
    for other in scenario.of:
        yield from _named(instance, other, trail)
    for how in ("set", "scale", "add"):
        for path, value in getattr(scenario, how).items():
            yield _Change(how, path, value, (*said_at, how, path))
    for number, path in enumerate(scenario.remove):
        yield _Change("remove", path, None, (*said_at, "remove", number))


def resolve(data: Any, path: str, may_be_new: bool = False) -> Path | str:
    """Follow an id path through plain data; return the path in keys and list positions, or what is wrong.

    Records in a list are found by their id, which may itself contain dots: the longest id that fits wins.
    """
    here, rest = data, path
    found: list[str | int] = []
    while rest:
        names = _names(here)
        fitting = [name for name in names if rest == name or rest.startswith(name + ".")]
        if not fitting:
            is_last = "." not in rest
            if may_be_new and is_last and isinstance(here, dict):
                return (*found, rest)
            step, above = rest.split(".")[0], format_path(tuple(found))
            hint = did_you_mean(step, names) or _known(names)
            return f"{path!r} leads nowhere: {above} has no {step!r}" + (f"; {hint}" if hint else "")
        name = max(fitting, key=len)
        found.append(names[name])
        here, rest = here[names[name]], rest[len(name) + 1 :]
    return tuple(found) if found else "an empty path"


def _known(names: dict[str, str | int]) -> str:
    """List what there is, if it is not too much to read."""
    said = [name for name, at in names.items() if name != str(at) or isinstance(at, str)]  # no positions
    return "known: " + ", ".join(said) if 0 < len(said) <= _FEW else ""


def _names(here: Any) -> dict[str, str | int]:
    """What a step of a path may be called here."""
    if isinstance(here, dict):
        return {str(key): key for key in here}
    if isinstance(here, (list, tuple)):
        named = {each["id"]: n for n, each in enumerate(here) if isinstance(each, dict) and "id" in each}
        entries = {each: n for n, each in enumerate(here) if isinstance(each, str)}
        return {**{str(n): n for n in range(len(here))}, **entries, **named}
    return {}


def _collisions(change: _Change, target: Path, resolved: list[tuple[_Change, Path]]) -> Iterator[Problem]:
    for other, path in resolved:
        if _collide(change.how, target, other.how, path):
            text = f"{change.how} {change.path!r} and {other.how} {other.path!r} change the same thing"
            yield Problem("E303", text, change.said_at, f"also said at {format_path(other.said_at)}")


def _collide(how: str, target: Path, other: str, path: Path) -> bool:
    """Whether two changes meet: one changes what the other does, or what holds it.

    Adding to a list leaves what is in it alone, and removing twice is removing once.
    """
    if how == other and how in ("add", "remove"):
        return False
    if how == "add":
        return path == target[: len(path)]
    if other == "add":
        return target == path[: len(target)]
    shorter = min(len(path), len(target))
    return path[:shorter] == target[:shorter]


def _written(instance: Instance, changes: list[_Change]) -> dict[str, Any]:
    """Return the content as plain data, but for tables that nothing changes: these stay the very records.

    They need not be written and read again, and what is known of them stays known. Where something is
    removed, other tables may have to do without it.
    """
    if any(change.how == "remove" for change in changes):
        return instance.to_data()
    kept = set(TABLES) - {change.path.split(".")[0] for change in changes}
    written = instance.model_dump(by_alias=True, exclude=kept)
    data: dict[str, Any] = {}
    for name, field in Instance.model_fields.items():
        if name in written:
            data[name] = written[name]
        elif name in kept and (getattr(instance, name) or field.is_required()):
            data[name] = getattr(instance, name)
    return data


def _lists(data: Any) -> Any:
    """Turn tuples into lists, so that they can be edited; tables of records stay as they are."""
    if isinstance(data, dict):
        return {key: _lists(value) for key, value in data.items()}
    if not isinstance(data, (list, tuple)) or (data and isinstance(data[0], Words)):
        return data
    return [_lists(value) for value in data]


def _edit(data: Any, change: _Change, path: Path, currency: str) -> Iterator[Problem]:
    """Set, scale or add in place."""
    parent = data
    for step in path[:-1]:
        parent = parent[step]
    here = parent.get(path[-1]) if isinstance(parent, dict) else parent[path[-1]]
    if change.how == "set":
        parent[path[-1]] = _lists(change.value)
    elif change.how == "scale":
        digits = minor_digits(currency) if _MONEY_FIELDS & set(map(str, path)) else MAX_FRACTION_DIGITS
        scaled = _scaled(here, change.value, digits)
        if scaled is None:
            text = f"scale needs a number as factor, and a number or an object of numbers at {change.path!r}"
            yield Problem("E304", text, change.said_at)
        else:
            parent[path[-1]] = scaled
    elif isinstance(here, list):
        here.extend(
            _lists(change.value) if isinstance(change.value, (list, tuple)) else [_lists(change.value)]
        )
    elif isinstance(here, dict) and isinstance(change.value, dict):
        doubled = [key for key in change.value if key in here]
        if doubled:
            yield Problem("E304", f"{doubled[0]!r} is there already; use set", change.said_at)
        here.update(_lists(change.value))
    else:
        yield Problem("E304", f"{change.path!r} is not a list or an object to add to", change.said_at)


def _scaled(value: Any, factor: Any, digits: int) -> Any:
    """Multiply a number, or all numbers of an object, rounding half up to the digits it may have."""
    if isinstance(factor, bool) or not isinstance(factor, (int, float, Decimal)):
        return None
    if isinstance(value, dict):
        parts = {key: _scaled(part, factor, digits) for key, part in value.items()}
        return None if None in parts.values() else parts
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    product = Decimal(value) * Decimal(str(factor))
    return (product.scaleb(digits) + Decimal("0.5")).to_integral_value(rounding="ROUND_FLOOR").scaleb(-digits)


def _remove(data: dict[str, Any], removed: list[Path], notes: list[str]) -> None:
    """Take records, entries and fields away, then what belonged to removed partners and funds."""
    gone = {"partners": set[str](), "funds": set[str]()}
    for path in sorted(
        removed, key=lambda each: tuple((str(type(step)), step) for step in each), reverse=True
    ):
        parent: Any = data
        for step in path[:-1]:
            parent = parent[step]
        if len(path) == 2 and path[0] in gone:
            gone[str(path[0])].add(parent[path[1]]["id"])
        del parent[path[-1]]
    owned = [fund["id"] for fund in data.get("funds", []) if fund["partner"] in gone["partners"]]
    gone["funds"].update(owned)
    for table in ("funds", "capabilities", "options", "backbones", "baseline"):
        kept = [record for record in data.get(table, []) if record["partner"] not in gone["partners"]]
        lost = len(data.get(table, [])) - len(kept)
        if lost:
            notes.append(f"{lost} of {table} went with {', '.join(sorted(gone['partners']))}")
        if table in data:
            data[table] = kept
    vanished = gone["funds"] | {OWN_BUDGET + partner for partner in gone["partners"]}
    for fund in data.get("funds", []):
        conditions = fund.get("pays_for", {})
        if isinstance(conditions.get("partners"), list):
            conditions["partners"] = [each for each in conditions["partners"] if each not in gone["partners"]]
        if "match" in fund:
            fund["match"]["with"] = [each for each in fund["match"]["with"] if each not in vanished]
