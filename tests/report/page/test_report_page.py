"""The page as a document: well formed, accessible, closed to the world, the same whenever it is made."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise
from pathlib import Path

import pytest

from ciopt.report.page.html import write_html
from ciopt.report.page.markdown import write_markdown
from ciopt.report.page.pages import partner_page, plan_page
from tests.report.page.html_reader import Element, by_id, read, table
from tests.report.page.pages import LARGE, SMALL, html, markdown, story

STYLE = Path(__file__).parents[3] / "ciopt/report/page/templates/style.css"
SECTIONS = ["achieves", "money", "who", "where", "together", "partners", "evidence", "proof"]
EVERY = pytest.mark.parametrize("name", [*LARGE, *SMALL])


@EVERY
def test_it_is_well_formed_and_its_links_lead_somewhere(name: str) -> None:
    root = read(html(name))
    ids = {each.attributes.get("id") for each in root.all()}
    links = [each.attributes["href"] for each in root.all("a")]
    assert links
    for link in links:
        assert link.startswith("#"), link
        assert link[1:] in ids, link


@pytest.mark.parametrize("name", LARGE)
def test_it_has_every_part_in_order(name: str) -> None:
    root = read(html(name))
    parts = [each.attributes["id"] for each in root.all("main")[0].parts if isinstance(each, Element)]
    assert parts == SECTIONS


@EVERY
def test_headings_go_down_step_by_step(name: str) -> None:
    levels = [int(each.tag[1]) for each in read(html(name)).all("h1", "h2", "h3", "h4", "h5")]
    assert levels.count(1) == 1
    for above, below in pairwise(levels):
        assert below <= above + 1


@EVERY
def test_it_says_its_language_and_begins_with_a_way_to_skip(name: str) -> None:
    root = read(html(name))
    assert root.all("html")[0].attributes["lang"] == "en"
    first = root.all("body")[0].all("a")[0]
    assert first.has("skip")
    assert by_id(root, first.attributes["href"][1:]).tag == "main"
    assert [each.tag for each in root.all("header", "nav", "main", "footer")] == [
        "header",
        "nav",
        "main",
        "footer",
    ]


@EVERY
def test_every_chart_has_a_table_behind_it_and_words_for_who_cannot_see_it(name: str) -> None:
    figures = read(html(name)).all("figure")
    assert figures or name == "infeasible-baseline"
    for figure in figures:
        assert [each for each in figure.all("details") if each.has("numbers") and each.all("table")]
        assert figure.all("figcaption")[0].text
        for drawing in figure.all("svg"):
            assert drawing.attributes["role"] == "img"
            assert drawing.attributes["aria-label"]
        assert figure.all("svg", "table")


@EVERY
def test_tables_have_captions_and_headings(name: str) -> None:
    for each in read(html(name)).all("table"):
        assert each.all("caption")[0].text
        heads = each.all("thead")
        if heads:
            width = len(heads[0].all("th"))
            assert all(head.attributes["scope"] == "col" for head in heads[0].all("th"))
            for row in each.all("tr"):
                spans = (int(cell.attributes.get("colspan", 1)) for cell in row.all("th", "td"))
                assert sum(spans) == width


@EVERY
def test_its_policy_lets_nothing_in_but_its_own_style_and_script(name: str) -> None:
    root = read(html(name))
    (policy,) = [each for each in root.all("meta") if "http-equiv" in each.attributes]
    said = policy.attributes["content"]
    (style,), (script,) = root.all("style"), root.all("script")
    assert said.startswith("default-src 'none'; ")
    assert "unsafe" not in said
    for each in (style, script):
        digest = base64.b64encode(hashlib.sha256(each.text.encode()).digest()).decode()
        assert f"{each.tag}-src 'sha256-{digest}'" in said


@EVERY
def test_nothing_in_it_could_load_run_or_style_anything(name: str) -> None:
    for each in read(html(name)).all():
        for attribute, value in each.attributes.items():
            assert not attribute.startswith("on"), attribute
            assert attribute not in ("style", "src", "srcset", "xlink:href", "action", "data"), attribute
            assert "url(" not in value
        assert each.tag not in (
            "iframe",
            "object",
            "embed",
            "img",
            "image",
            "link",
            "use",
            "foreignobject",
            "form",
        )
    assert "@import" not in STYLE.read_text(encoding="utf-8")
    assert "url(" not in STYLE.read_text(encoding="utf-8")


@EVERY
def test_the_page_and_its_markdown_say_the_same(name: str) -> None:
    root, page = read(html(name)), plan_page(story(name))
    heads = [each.text for each in root.all("p") if each.has("headline")]
    assert heads == [page.headline]
    text = markdown(name).replace("\\", "")
    assert f"**{page.headline}**" in text
    assert page.proof in text
    for each in page.facts:
        assert f"- {each.number} {each.what}" in text
    for section in page.sections:
        assert f"## {section.title}\n" in text


@pytest.mark.parametrize("name", LARGE)
def test_tables_of_the_markdown_are_those_of_the_page(name: str) -> None:
    captions = [
        each.all("caption")[0].text for each in read(html(name)).all("table") if not each.has("matrix")
    ]
    titles = re.findall(r"^\*\*(.+?)\*\*$", markdown(name).replace("\\", ""), re.M)
    assert captions == titles[1:]


@pytest.mark.parametrize("name", LARGE)
def test_it_is_small_and_the_same_whenever_it_is_made(name: str) -> None:
    again = write_html(plan_page(story(name)))
    assert again == html(name)
    assert len(again.encode()) < 500_000


def test_a_page_for_one_partner_has_its_brief_alone() -> None:
    page = partner_page(story("cocoa"), "mars")
    root = read(write_html(page))
    assert [each.text for each in root.all("h2")] == ["Mars", "How good it is, and how that is known"]
    assert not root.all("figure")
    assert table(root, "What you do")[-1] == ["", "10 activities", "", "1,572,400"]
    assert "Government of" in write_markdown(page)


def test_without_a_plan_it_says_why() -> None:
    root = read(html("infeasible-baseline"))
    (headline,) = [each.text for each in root.all("p") if each.has("headline")]
    assert headline == "There is no plan: infeasible: no plan keeps every hard target and rule."
    assert [each.text for each in root.all("h2")] == ["How good it is, and how that is known"]


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_words_stand_out_from_paper_by_day_by_night_and_in_print() -> None:
    """WCAG 2.2 AA: 4.5 to 1 for words, 3 to 1 for what is drawn."""
    themes = re.findall(r":root \{(.*?)\}", STYLE.read_text(encoding="utf-8"), re.S)
    assert len(themes) == 3
    for theme in themes:
        colours = dict(re.findall(r"--([\w]+): (#\w{6})", theme))
        for ground in ("paper", "card", "soft"):
            for words in ("ink", "faint", "accent", "bad"):
                assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground, theme)
            for number in range(9):
                assert contrast(colours[f"c{number}"], colours[ground]) >= 3
