"""Reads a page strictly: what is opened is closed, ids are unique, and what the tables and texts say."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}


@dataclass
class Element:
    """An element with its attributes, children and texts in order."""

    tag: str
    attributes: dict[str, str]
    parts: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, without what is only for the ear."""
        return "".join(each if isinstance(each, str) else each.text for each in self.parts)

    def all(self, *tags: str) -> list[Element]:
        """Return the elements in it with one of the tags, in order; all without any tags."""
        found = []
        for each in self.parts:
            if isinstance(each, Element):
                if not tags or each.tag in tags:
                    found.append(each)
                found += each.all(*tags)
        return found

    def has(self, name: str) -> bool:
        """Whether it is of a class."""
        return name in self.attributes.get("class", "").split()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> says {names} twice"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read(page: str) -> Element:
    """Return the page as a tree; fails if anything is not closed, or an id is there twice."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], f"not closed: {[each.tag for each in reader.open[1:]]}"
    ids = [each.attributes["id"] for each in reader.root.all() if "id" in each.attributes]
    assert len(set(ids)) == len(ids), f"ids twice: {sorted(each for each in ids if ids.count(each) > 1)}"
    return reader.root


def by_id(root: Element, id_: str) -> Element:
    """Return the element with an id."""
    return next(each for each in root.all() if each.attributes.get("id") == id_)


def table(root: Element, caption: str) -> list[list[str]]:
    """Return the rows of the first table with a caption: heading, rows, totals."""
    for each in root.all("table"):
        captions = each.all("caption")
        if captions and captions[0].text == caption:
            return [[cell.text for cell in row.all("th", "td")] for row in each.all("tr")]
    raise AssertionError(f"no table is called {caption!r}")
