"""Names come from anybody: whatever they hold, they stay text, and the page stays whole."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

import ciopt
from ciopt import Instance, Plan
from ciopt.report.page.html import write_html
from ciopt.report.page.markdown import write_markdown
from ciopt.report.page.pages import partner_page, plan_page
from ciopt.report.page.story import Story, short
from tests.report.page.html_reader import Element, by_id, read
from tests.report.page.pages import INSTANCES, html

NASTY = (
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>'",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "<!--",
    "]]>",
    "&lt;b&gt;&#60;",
    "\u2028\u2029\u202eevil\u0000\x1b[2J",
    "| a | b |\n# heading `code` [x](http://evil.example) ![](http://evil.example)",
    "''; datum.value + 1 \\",
    "é" * 500,
)
PARTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
TABLES = ("places", "indicators", "partners", "funds", "interventions", "synergies")
_TAGS = """html head meta title style script body a header nav main footer section p h1 h2 h3 h4 h5
dl dt dd div ul li span details summary figure figcaption table caption thead tbody tfoot tr th td abbr sub
svg g path text rect circle line"""
ALLOWED = set(_TAGS.split())


@cache
def plain() -> tuple[dict[str, Any], Plan]:
    """A small coalition with synergies, backbones, matching funds, and its plan."""
    instance = ciopt.load(INSTANCES / "small" / "backbone.json")
    return instance.to_data(), ciopt.solve(instance)


def renamed(texts: list[str]) -> Instance:
    """The small coalition with other words in every place that takes any."""
    data = {**plain()[0], "name": texts[0], "description": texts[1], "notes": texts[2]}
    number = 0
    for table in TABLES:
        data[table] = [dict(each) for each in data.get(table, ())]
        for each in data[table]:
            each["name"] = texts[number % len(texts)]
            each["notes"] = texts[(number + 1) % len(texts)]
            number += 1
    for each in data["indicators"]:
        each["unit"] = texts[number % len(texts)]
    return ciopt.parse(data)


def page_of(texts: list[str]) -> tuple[Story, str]:
    story = Story(renamed(texts), plain()[1])
    return story, write_html(plan_page(story))


@settings(max_examples=25, deadline=None)
@given(st.lists(PARTS, min_size=3, max_size=8))
@example(list(NASTY))
@example(["<", ">", "&"])
def test_names_stay_text(texts: list[str]) -> None:
    story, page = page_of(texts)
    root = read(page)
    assert {each.tag for each in root.all()} <= ALLOWED
    assert len(root.all("script")) == len(root.all("style")) == 1
    assert root.all("h1")[0].text == (short(texts[0]) or "A coalition")
    for partner in story.busy:
        (head, *_) = by_id(root, f"partner-{partner}").all("h3")
        assert head.text == story.partner(partner)
    for each in root.all():
        assert not [name for name in each.attributes if name.startswith("on") or name in ("style", "src")]


@settings(max_examples=25, deadline=None)
@given(st.lists(PARTS, min_size=3, max_size=8))
@example(list(NASTY))
def test_names_change_nothing_but_words(texts: list[str]) -> None:
    """The same elements stand in the same order, whatever the names are."""
    kept = shape(read(page_of(["name", "said", "noted"])[1]))
    assert shape(read(page_of(filled(texts))[1])) == kept


def filled(texts: list[str]) -> list[str]:
    """The same texts, but for blank ones: where nothing is said, nothing is shown."""
    return [text if text.strip() else "name" for text in texts]


def shape(root: Element) -> list[str]:
    return [each.tag for each in root.all() if each.tag not in ("text", "path", "g", "line")]


@settings(max_examples=25, deadline=None)
@given(st.lists(PARTS, min_size=3, max_size=8))
@example(list(NASTY))
def test_markdown_keeps_names_as_text(texts: list[str]) -> None:
    story = Story(renamed(filled(texts)), plain()[1])
    text = write_markdown(plan_page(story))
    headings = [line for line in text.split("\n") if re.match(r"#+ ", line)]
    plainly = write_markdown(plan_page(Story(renamed(["name", "said", "noted"]), plain()[1])))
    assert len(headings) == len(re.findall(r"^#+ ", plainly, re.M))
    bare = re.sub(r"\\[\\`*_\[\]#|~$]", "", text)
    assert "<" not in bare.replace("&lt;", "")
    assert "](" not in bare
    assert "`" not in bare


def test_a_page_without_names_shows_ids() -> None:
    data, plan = plain()
    bare = {**data}
    for table in TABLES:
        bare[table] = [
            {key: value for key, value in each.items() if key != "name"} for each in data.get(table, ())
        ]
    story = Story(ciopt.parse(bare), plan)
    assert all(story.partner(each) == each for each in story.lookup.partners)
    read(write_html(plan_page(story)))
    for partner in story.lookup.partners:
        read(write_html(partner_page(story, partner)))


def test_a_name_is_never_an_address() -> None:
    """Nothing in a page of an example leads out of it."""
    assert not re.search(r"""(?:href|src|action)=["'](?!#)""", html("cocoa"))
    assert "http://" not in html("cocoa").replace("http://www.w3.org/", "")
