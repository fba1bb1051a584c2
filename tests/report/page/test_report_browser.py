"""The page in a real browser: nothing is asked for, nothing complains, nothing is wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ciopt.report.page.html import write_html
from ciopt.report.page.pages import study_page
from ciopt.report.page.studies import study_headline, study_sections
from ciopt.studies import compare_plans
from tests.report.page.browser import CHROMIUM, Tab, browser
from tests.report.page.pages import html, sources
from tests.report.page.test_report_hostile import NASTY, page_of

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium here")

WIDTHS = pytest.mark.parametrize("width", [1280, 768, 390, 320])
BEACON = '<!DOCTYPE html><title>x</title><img src="http://localhost:9/x.png"><script>console.error("seen")</script>'


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    instance, plan = sources("somerville")
    compared = compare_plans(instance, [(f"plan {number}", plan) for number in range(8)])
    study = study_page("Compared", study_headline(compared), study_sections((compared,)))
    written = {
        "cocoa": html("cocoa"),
        "somerville": html("somerville"),
        "hostile": page_of(list(NASTY))[1],
        "study": write_html(study),
        "beacon": BEACON,
    }
    for name, text in written.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in written}


def test_the_browser_would_notice(tab: Tab, pages: dict[str, Path]) -> None:
    """What follows proves something only if a request and a complaint are seen."""
    tab.open(pages["beacon"], 1280)
    assert "http://localhost:9/x.png" in tab.requests()
    assert any("seen" in each for each in tab.complaints())


@WIDTHS
@pytest.mark.parametrize("name", ["cocoa", "somerville", "hostile", "study"])
def test_nothing_is_asked_for_nothing_complains_nothing_sticks_out(
    tab: Tab, pages: dict[str, Path], name: str, width: int
) -> None:
    tab.open(pages[name], width)
    assert tab.requests() == [pages[name].absolute().as_uri()]
    assert tab.complaints() == []
    assert tab.value("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["cocoa", "hostile"])
def test_nothing_complains_when_all_is_open(tab: Tab, pages: dict[str, Path], name: str) -> None:
    tab.open(pages[name], 390)
    tab.value("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert tab.value("document.documentElement.scrollWidth") <= 390
    assert tab.complaints() == []
    assert tab.value("window.alert.toString().includes('native')")


def test_a_link_to_a_brief_unfolds_it(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["cocoa"], 1280)
    assert tab.value("document.getElementById('partner-mars').open") is False
    tab.value("location.hash = '#partner-mars'")
    tab.ask("Runtime.evaluate", {"expression": "new Promise(r => setTimeout(r, 200))", "awaitPromise": True})
    assert tab.value("document.getElementById('partner-mars').open") is True


def test_only_one_drawing_of_a_figure_is_seen(tab: Tab, pages: dict[str, Path]) -> None:
    shown = "each => each.getBoundingClientRect().width"
    seen = f"Array.from(document.querySelectorAll('figure svg')).filter({shown}).length"
    figures = "document.querySelectorAll('figure .wide').length"
    for width in (1280, 390):
        tab.open(pages["cocoa"], width)
        assert tab.value(seen) == tab.value(figures) > 3


def test_a_table_is_sorted_by_its_numbers_and_filtered_by_its_words(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["study"], 1280)
    rows = "Array.from(document.querySelector('table[data-filtered]').tBodies[0].rows)"
    names = f"{rows}.filter(each => !each.hidden).map(each => each.cells[0].textContent)"
    before = tab.value(names)
    assert before == [f"plan {number}" for number in range(8)]
    tab.value("document.querySelector('table[data-filtered] thead button').click()")
    assert tab.value(names) == before
    tab.value("document.querySelector('table[data-filtered] thead button').click()")
    assert tab.value(names) == before[::-1]
    assert tab.value("document.querySelector('th[aria-sort]').getAttribute('aria-sort')") == "descending"
    tab.value("document.querySelector('.filter input').value = 'PLAN 3'")
    tab.value("document.querySelector('.filter input').dispatchEvent(new Event('input'))")
    assert tab.value(names) == ["plan 3"]


def test_everything_that_can_be_used_can_be_reached_by_keyboard(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["study"], 1280)
    usable = "Array.from(document.querySelectorAll('a, button, summary, input, .scroll'))"
    assert tab.value(f"{usable}.length") > 20
    assert tab.value(f"{usable}.filter(each => each.tabIndex < 0).length") == 0


def test_on_paper_briefs_are_unfolded_and_begin_a_page(tab: Tab, pages: dict[str, Path]) -> None:
    tab.open(pages["cocoa"], 800)
    tab.ask("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        mars = "document.getElementById('partner-mars')"
        assert tab.value(f"{mars}.querySelector('table').getBoundingClientRect().height") > 0
        assert tab.value(f"getComputedStyle({mars}).breakBefore") == "page"
        assert tab.value("getComputedStyle(document.querySelector('nav')).display") == "none"
        assert tab.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    finally:
        tab.ask("Emulation.setEmulatedMedia", {"media": ""})
