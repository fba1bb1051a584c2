"""Assignments by the words that people have for them: an option id, or ``partner=mars place=soubre``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ciopt.errors import UsageError, did_you_mean
from ciopt.instance import Lookup
from ciopt.instance.lookup import matches
from ciopt.instance.rules import Filter
from ciopt.plan import Assignment, Plan

FIELDS = tuple(Filter.model_fields)
"""In the order of an option id."""
_FEW = 8
_EXAMPLE = "such as partner=mars intervention=clinic place=soubre, or an id such as mars/clinic/soubre"


def wanted(lookup: Lookup, text: str) -> Filter:
    """Read which assignments are meant; every name is one of the instance.

    Parameters
    ----------
    text
        ``KEY=VALUE`` with blanks or commas between; or partner, intervention, place, period and level with
        ``/`` between them, from the left as many as are known.

    Raises
    ------
    UsageError
        If a word is not of this form, is said twice, or names nothing.

    Examples
    --------
    >>> wanted(lookup, "partner=mars place=soubre").place  # doctest: +SKIP
    'soubre'
    """
    words = [word for word in re.split(r"[\s,]+", text) if word]
    if len(words) == 1 and "=" not in words[0]:
        parts = words[0].split("/")
        if len(parts) > len(FIELDS) or not all(parts):
            raise UsageError(f"{text!r} names no assignment; say {_EXAMPLE}")
        said = dict(zip(FIELDS, parts, strict=False))
    else:
        said = _pairs(text, words)
    for field, name in said.items():
        _check(lookup, field, name)
    return Filter(**said)


def in_words(said: Filter) -> str:
    """Write a filter as it can be said again.

    Examples
    --------
    >>> in_words(Filter(partner="mars", place="soubre"))
    'partner=mars place=soubre'
    """
    return " ".join(f"{field}={value}" for field, value in said if value is not None)


def matching(said: Filter, plan: Plan) -> tuple[Assignment, ...]:
    """Return the assignments of a plan that a filter means."""
    return tuple(each for each in plan.assignments if matches(said, each.option))


def the_one(lookup: Lookup, plan: Plan, text: str) -> Assignment:
    """Return the one assignment of a plan that is meant.

    Raises
    ------
    UsageError
        If it is none, or not one alone.
    """
    said = wanted(lookup, text)
    found = matching(said, plan)
    if len(found) == 1:
        return found[0]
    if found:
        ids = _some(each.option.id for each in found)
        raise UsageError(f"{len(found)} assignments are {in_words(said)}; say more of it: {ids}")
    if any(matches(said, option) for option in lookup.options()):
        raise UsageError(f"{in_words(said)} is not in the plan; --why-not {in_words(said)!r} says why")
    near = did_you_mean(text, [each.option.id for each in plan.assignments])
    raise UsageError(
        f"nobody can do {in_words(said)}, so it is not in the plan; "
        f"{near or f'--why-not {in_words(said)!r} says why'}"
    )


def _pairs(text: str, words: list[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for word in words:
        field, sign, name = word.partition("=")
        if not sign or not name:
            raise UsageError(f"{word!r} is not of the form KEY=VALUE; say {_EXAMPLE}")
        if field not in FIELDS:
            hint = did_you_mean(field, FIELDS) or "known: " + ", ".join(FIELDS)
            raise UsageError(f"an assignment has no {field!r}; {hint}")
        if field in said:
            raise UsageError(f"{field} is said twice in {text!r}")
        said[field] = name
    if not said:
        raise UsageError(f"which assignment? Say {_EXAMPLE}")
    return said


def _check(lookup: Lookup, field: str, name: str) -> None:
    levels = {level.id for each in lookup.instance.interventions for level in each.levels}
    known: dict[str, Iterable[str]] = {
        "partner": lookup.partners,
        "intervention": lookup.interventions,
        "place": lookup.places,
        "period": lookup.periods,
        "level": sorted(levels),
    }
    if name not in known[field]:
        other = next((each for each in FIELDS if name in known[each]), None)
        if other is not None:
            raise UsageError(f"{name} is no {field}; say {other}={name}")
        some = f"known: {_some(known[field])}" if known[field] else f"nothing here has a {field}"
        raise UsageError(f"there is no {field} {name!r}; {did_you_mean(name, known[field]) or some}")


def _some(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:_FEW]) + (f" and {len(every) - _FEW:,} more" if len(every) > _FEW else "")
