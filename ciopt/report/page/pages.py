"""What stands on a page, in reading order."""

from __future__ import annotations

from ciopt.errors import UsageError, did_you_mean
from ciopt.report.page.attainment import attainment
from ciopt.report.page.blocks import Page, Section
from ciopt.report.page.brief import brief, briefs
from ciopt.report.page.evidence import evidence
from ciopt.report.page.matrix import matrix
from ciopt.report.page.money_flow import money_flow
from ciopt.report.page.network import network
from ciopt.report.page.opening import facts, headline
from ciopt.report.page.opening import proof as proof_in_words
from ciopt.report.page.places import places
from ciopt.report.page.proof import proof
from ciopt.report.page.story import Story, short


def plan_page(story: Story, studies: tuple[Section, ...] = ()) -> Page:
    """Make the page of a plan.

    Parameters
    ----------
    story
        The plan and its instance.
    studies
        Sections on what else was asked: other plans, the frontier, the value of collaboration.
    """
    if not story.plan.has_plan:
        parts: tuple[Section, ...] = (proof(story),)
    else:
        parts = (
            attainment(story),
            money_flow(story),
            matrix(story),
            places(story),
            network(story),
            *studies,
            briefs(story),
            evidence(story),
            proof(story),
        )
    return Page(story.title, headline(story), proof_in_words(story), facts(story), parts)


def study_page(title: str, headline: str, studies: tuple[Section, ...]) -> Page:
    """Make the page of results alone.

    Parameters
    ----------
    title
        The name of the coalition.
    headline
        What they come to.
    studies
        Their sections.
    """
    return Page(short(title) or "A coalition", headline, _AS_RECORDED, (), studies, "What if")


_AS_RECORDED = "Shown as the results say; their plans were re-checked when they were made."


def partner_page(story: Story, partner: str) -> Page:
    """Make the page of one partner.

    Raises
    ------
    UsageError
        If the coalition has no such partner, or there is no plan.
    """
    if partner not in story.lookup.partners:
        hint = did_you_mean(partner, story.lookup.partners) or f"known: {', '.join(story.lookup.partners)}"
        raise UsageError(f"no partner is called {partner!r}; {hint}")
    if not story.plan.has_plan:
        raise UsageError("there is no plan, so there is no brief")
    return Page(
        story.title,
        headline(story),
        proof_in_words(story),
        facts(story),
        (brief(story, partner), proof(story)),
    )
