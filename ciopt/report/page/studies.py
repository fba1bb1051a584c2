"""The section of a page that each kind of result becomes."""

from __future__ import annotations

from ciopt.report import collaboration, frontier, nearby, why
from ciopt.report.core import core_words
from ciopt.report.information import information_words
from ciopt.report.names import Names
from ciopt.report.page.blocks import Points, Section
from ciopt.report.page.collaborating import collaboration_section
from ciopt.report.page.compared import (
    comparison_headline,
    comparison_section,
    sentence,
    sweep_headline,
    sweep_section,
)
from ciopt.report.page.money_curve import curve_lines, frontier_section, trade_off_section
from ciopt.report.page.nearby import alternatives_section, replanning_section
from ciopt.report.page.price import price_section
from ciopt.report.page.risk import (
    core_section,
    information_section,
    risk_comparison_section,
    risk_section,
)
from ciopt.report.page.why import explanation_section, importance_section, why_not_section
from ciopt.report.price import price_words
from ciopt.report.repairing import infeasible_words
from ciopt.report.uncertainty import comparison_words, risk_words
from ciopt.studies import (
    Alternatives,
    Comparison,
    Explanation,
    Importance,
    Infeasibility,
    Replanning,
    Sweep,
    WhyNot,
)
from ciopt.studies.frontier_records import Frontier, TradeOff
from ciopt.studies.price import Price
from ciopt.studies.read import Result
from ciopt.studies.uncertainty import Core, Information, Risk, RiskComparison


def study_sections(results: tuple[Result, ...], names: Names | None = None) -> tuple[Section, ...]:
    """Return a section for each result, in order, every anchor once.

    Parameters
    ----------
    names
        Of the coalition that the results are about; ids where nobody knows them.
    """
    return tuple(
        _section(each, names or Names(), "" if number == 1 else f"-{number}")
        for number, each in enumerate(results, 1)
    )


def study_headline(result: Result) -> str:
    """Return what a result comes to, in a sentence or two."""
    if isinstance(result, Comparison):
        return comparison_headline(result)
    if isinstance(result, Sweep):
        return sweep_headline(result)
    if isinstance(result, Frontier):
        return " ".join(curve_lines(result)[:2])
    if isinstance(result, TradeOff):
        return sentence(frontier.trade_story(result)[0])
    if isinstance(result, Replanning):
        return sentence(nearby.replanning_words(result)[0])
    if isinstance(result, Alternatives):
        return sentence(nearby.alternatives_words(result)[0])
    if isinstance(result, Risk):
        return sentence(risk_words(result)[0])
    if isinstance(result, RiskComparison):
        return sentence(comparison_words(result)[0])
    if isinstance(result, Price):
        return sentence(price_words(result)[0])
    if isinstance(result, Core):
        return sentence(core_words(result)[0])
    if isinstance(result, Information):
        return sentence(information_words(result)[0])
    if isinstance(result, Explanation):
        return " ".join(sentence(line) for line in why.explanation_words(result)[:2])
    if isinstance(result, WhyNot):
        return sentence(why.why_not_words(result)[0])
    if isinstance(result, Importance):
        return sentence(why.importance_words(result)[0])
    if isinstance(result, Infeasibility):
        return " ".join(sentence(line) for line in infeasible_words(result)[:2])
    return sentence(collaboration.story(result)[0])


def _section(result: Result, names: Names, suffix: str) -> Section:
    if isinstance(result, Comparison):
        return comparison_section(result, names, f"scenarios{suffix}")
    if isinstance(result, Sweep):
        return sweep_section(result, f"sweep{suffix}")
    if isinstance(result, Frontier):
        return frontier_section(result, f"frontier{suffix}")
    if isinstance(result, TradeOff):
        return trade_off_section(result, f"trade-off{suffix}")
    if isinstance(result, Replanning):
        return replanning_section(result, names, f"replanning{suffix}")
    if isinstance(result, Alternatives):
        return alternatives_section(result, names, f"alternatives{suffix}")
    if isinstance(result, Risk):
        return risk_section(result, f"risk{suffix}")
    if isinstance(result, RiskComparison):
        return risk_comparison_section(result, f"risks{suffix}")
    if isinstance(result, Price):
        return price_section(result, f"price{suffix}")
    if isinstance(result, Core):
        return core_section(result, f"core{suffix}")
    if isinstance(result, Information):
        return information_section(result, f"information{suffix}")
    if isinstance(result, Explanation):
        return explanation_section(result, f"why{suffix}")
    if isinstance(result, WhyNot):
        return why_not_section(result, f"why{suffix}")
    if isinstance(result, Importance):
        return importance_section(result, f"why{suffix}")
    if isinstance(result, Infeasibility):
        points = Points(tuple(sentence(line) for line in infeasible_words(result)))
        return Section(f"infeasible{suffix}", "Why there is no plan", (points,), tab="No plan")
    return collaboration_section(result, f"collaboration{suffix}")
