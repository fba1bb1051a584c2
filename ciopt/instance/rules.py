"""Rules of the coalition: what needs, excludes, limits or fixes what.

A rule is told from its key; ``within`` says which places belong together: one place, a pair of
neighbours (a place without neighbours stands alone), a group, or all. An intervention is *present*
in such a scope if it is assigned at any of its places.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from ciopt.instance.base import Count, Flag, Id, Record, Words
from ciopt.instance.records import Within

RULE_KEYS = ("requires", "excludes", "at_most", "at_least", "together", "must", "must_not")


class Requirement(Words):
    """An intervention and what it needs."""

    intervention: Id
    needs: tuple[Id, ...]
    """All of these must be assigned somewhere in the scope of the place (for neighbours: next to it)."""
    within: Within = "place"
    before: Flag = False
    """The needed ones start in a strictly earlier period."""


class RequiresRule(Record):
    """``y_i <= y_n`` for every needed n (or the sum over the places of the scope)."""

    id: Id | None = None
    requires: Requirement


class ExcludesRule(Record):
    """At most one of the interventions is present in each scope."""

    id: Id | None = None
    excludes: tuple[Id, ...]
    within: Within = "place"


class AtMostRule(Record):
    """At most so many assignments of the interventions in each scope."""

    id: Id | None = None
    at_most: Count
    of: tuple[Id, ...]
    within: Within = "place"


class AtLeastRule(Record):
    """At least so many assignments of the interventions in each scope."""

    id: Id | None = None
    at_least: Count
    of: tuple[Id, ...]
    within: Within = "place"


class TogetherRule(Record):
    """In each scope all of the interventions are present, or none."""

    id: Id | None = None
    together: tuple[Id, ...]
    within: Within = "place"


class Filter(Words):
    """Assignments that match everything said here; at least one thing is said."""

    partner: Id | None = None
    intervention: Id | None = None
    place: Id | None = None
    period: Id | None = None
    level: Id | None = None


class MustRule(Record):
    """At least one assignment matches."""

    id: Id | None = None
    must: Filter


class MustNotRule(Record):
    """No assignment matches."""

    id: Id | None = None
    must_not: Filter


def _kind(value: object) -> str | None:
    """Tell a rule from the key it has."""
    if isinstance(value, Record):
        return next((key for key in RULE_KEYS if key in type(value).model_fields), None)
    if isinstance(value, dict):
        kinds = [key for key in RULE_KEYS if key in value]
        return kinds[0] if len(kinds) == 1 else None
    return None


Rule = Annotated[
    Annotated[RequiresRule, Tag("requires")]
    | Annotated[ExcludesRule, Tag("excludes")]
    | Annotated[AtMostRule, Tag("at_most")]
    | Annotated[AtLeastRule, Tag("at_least")]
    | Annotated[TogetherRule, Tag("together")]
    | Annotated[MustRule, Tag("must")]
    | Annotated[MustNotRule, Tag("must_not")],
    Discriminator(
        _kind,
        custom_error_type="rule",
        custom_error_message="a rule has exactly one of the keys " + ", ".join(RULE_KEYS),
    ),
]

Json = Any


class Scenario(Record):
    """A named set of changes, by id paths such as ``partners.mars.budget``."""

    set: dict[str, Json] = Field(default_factory=dict)
    """New values."""
    scale: dict[str, Json] = Field(default_factory=dict)
    """Factors for numbers, or for every number of an object of numbers."""
    add: dict[str, Json] = Field(default_factory=dict)
    """Records or entries to append to a list, keys to add to an object."""
    remove: tuple[str, ...] = ()
    """Records, entries or fields to take away; what belongs to a removed partner or fund goes too."""
    of: tuple[Id, ...] = ()
    """Other scenarios that are applied as well; two changes of one thing are an error."""
