"""Results of studies read back from files: every one says of which kind it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from ciopt.errors import InvalidInput, Problem, did_you_mean
from ciopt.instance.base import Words, describe
from ciopt.plan import Plan
from ciopt.studies.alternatives import Alternatives
from ciopt.studies.collaboration.records import Collaboration
from ciopt.studies.comparison import Comparison
from ciopt.studies.frontier_records import Frontier, TradeOff
from ciopt.studies.price import Price
from ciopt.studies.repairing import Infeasibility
from ciopt.studies.replanning import Replanning
from ciopt.studies.sweep import Sweep
from ciopt.studies.uncertainty.core import Core
from ciopt.studies.uncertainty.information_records import Information
from ciopt.studies.uncertainty.risk import Risk
from ciopt.studies.uncertainty.side_by_side import RiskComparison
from ciopt.studies.why.records import Explanation, Importance, WhyNot

Result = (
    Comparison
    | Sweep
    | Frontier
    | TradeOff
    | Collaboration
    | Replanning
    | Alternatives
    | Risk
    | RiskComparison
    | Core
    | Information
    | Explanation
    | WhyNot
    | Importance
    | Price
    | Infeasibility
)


def _frontier(data: Mapping[str, Any]) -> type[Words]:
    return TradeOff if data.get("of") == "indicators" else Frontier


KINDS: dict[str, Callable[[Mapping[str, Any]], type[Words]]] = {
    "comparison": lambda _: Comparison,
    "sweep": lambda _: Sweep,
    "frontier": _frontier,
    "collaboration": lambda _: Collaboration,
    "replanning": lambda _: Replanning,
    "alternatives": lambda _: Alternatives,
    "risk": lambda _: Risk,
    "risk-comparison": lambda _: RiskComparison,
    "core": lambda _: Core,
    "price": lambda _: Price,
    "information": lambda _: Information,
    "explanation": lambda _: Explanation,
    "why-not": lambda _: WhyNot,
    "importance": lambda _: Importance,
    "infeasibility": lambda _: Infeasibility,
}
"""The record of each kind of result."""


def is_result(data: object) -> bool:
    """Whether plain data say that they are the result of a study.

    Examples
    --------
    >>> is_result({"ciopt": 1, "kind": "frontier"}), is_result({"ciopt": 1, "currency": "USD"})
    (True, False)
    """
    return isinstance(data, dict) and "kind" in data and "ciopt_plan" not in data


def parse_result(data: Mapping[str, Any]) -> Result:
    """Read a result from plain data.

    Raises
    ------
    InvalidInput
        If its kind is not known, or it breaks that kind's form; every problem is named.

    Examples
    --------
    >>> parse_result({"ciopt": 1, "kind": "comparison"}).cases
    ()
    """
    kind = data["kind"]
    if kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS) or f"known: {', '.join(KINDS)}"
        raise InvalidInput([Problem("E109", f"{describe(kind)} is not a kind of result; {hint}", ("kind",))])
    record = KINDS[kind](data)
    said = {key: value for key, value in data.items() if key in record.model_fields}
    unknown = [key for key in data if key not in record.model_fields and key not in ("ciopt", "kind", "of")]
    problems = [Problem("E110", f"a {kind} has no {key!r}", (key,)) for key in unknown]
    try:
        result = record.model_validate(said)
    except ValidationError as error:
        problems += [
            Problem("E110", f"{found['msg']}", tuple(found["loc"]))
            for found in error.errors(include_url=False)
        ]
    if problems:
        raise InvalidInput(problems)
    assert isinstance(result, Result)
    return result


def main_plan(result: Result) -> Plan | None:
    """Return the plan that a result is about: made together, made again, or the best of several.

    Examples
    --------
    >>> main_plan(parse_result({"ciopt": 1, "kind": "comparison"})) is None
    True
    """
    if isinstance(result, Collaboration):
        together = result.world("together")
        return None if together is None else together.plan
    if isinstance(result, Replanning):
        return result.plan
    if isinstance(result, Alternatives):
        return next(iter(result.plans), None)
    return None
