"""JSON -> workbook -> JSON -> CSV -> JSON is the same instance, digit by digit and letter by letter."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ciopt.files import canonical, read_document, read_instance, write_instance
from ciopt.files.tables import encode, read_folder, read_workbook, write_folder, write_workbook
from ciopt.files.tables.cells import read_cell, write_cell
from ciopt.files.tables.decode import TablesDocument
from ciopt.files.tables.shape import Kind
from ciopt.instance import Instance, parse
from tests.files.tables import books
from tests.oracle.random_instances import random_instance

ROOT = Path(__file__).parents[3]
SHIPPED = sorted(path for path in ROOT.glob("instances/**/*.json") if ".plan." not in path.name)


def around(instance: Instance, folder: Path) -> None:
    """Go through every form, and compare what comes out each time."""
    data = instance.to_data()
    for number, name in enumerate(("a.xlsx", "b.json", "c", "d.json.gz", "e.xlsx", "f")):
        write_instance(folder / name, data)
        back = read_instance(folder / name)
        assert back == instance, name
        assert canonical(back.to_data()) == canonical(instance.to_data()), (number, name)
        data = back.to_data()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_instances_go_around(path: Path, tmp_path: Path) -> None:
    around(read_instance(path), tmp_path)


@pytest.mark.parametrize("seed", range(25))
def test_random_instances_go_around(seed: int, tmp_path: Path) -> None:
    around(random_instance(seed, "small" if seed % 5 == 0 else "tiny"), tmp_path)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(25, 225))
def test_two_hundred_random_instances_go_around(seed: int, tmp_path: Path) -> None:
    around(random_instance(seed), tmp_path)


def test_everything_the_format_can_say_goes_around(tmp_path: Path) -> None:
    data = Instance.model_validate({**books.SMALL, **books.EXTRAS}).to_data()  # shape only: sense may be odd
    write_folder(tmp_path / "csv", encode(data))
    from_csv = read_folder(tmp_path / "csv").data
    from_book = read_workbook(write_workbook(encode(data)), "a.xlsx").data
    assert canonical(Instance.model_validate(from_csv).to_data()) == canonical(data)
    assert canonical(Instance.model_validate(from_book).to_data()) == canonical(data)
    assert list(from_book["scenarios"]) == list(data["scenarios"])


def test_same_instance_same_bytes() -> None:
    data = books.instance().to_data()
    assert write_workbook(encode(data)) == write_workbook(encode(data))


AWKWARD = (
    *(
        "=1+1",
        "+1",
        "-1",
        "@x",
        "'=1",
        "''-",
        '"',
        '"a"',
        "\t=",
        "\r",
        "\r\n",
        "_x0041_",
        "007",
        "TRUE",
        "1,5",
    ),
    *(
        " ",
        "\u00a0",
        "#REF!",
        "[]",
        "{}",
        "2027-01-01",
        "\ufeffa",
        "a\x00b",
        "\U0001f600",
        "null",
        "1e5",
        "\uffff",
    ),
)
TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(AWKWARD))


@given(st.lists(TEXTS, min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_text_goes_around(texts: list[str]) -> None:
    name, notes, code = texts
    refs = [{"vocabulary": notes, "code": code}, {"vocabulary": code, "code": name}]
    scenario = {"set": {f"k{notes}": name, "v": [code, {notes: 1}]}, "notes": code, "remove": [f"p{name}"]}
    changes: dict[str, Any] = {"name": name, "notes": notes, "description": code, "refs": refs}
    changes["scenarios"] = {"s": scenario}
    data = Instance.model_validate({**books.SMALL, **changes}).to_data()
    back = read_workbook(write_workbook(encode(data)), "a.xlsx").data
    assert canonical(Instance.model_validate(back).to_data()) == canonical(data)


@given(st.lists(TEXTS, min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_text_goes_around_in_csv(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    name, notes, code = texts
    data = Instance.model_validate(
        {**books.SMALL, "name": name, "notes": notes, "scenarios": {"s": {"set": {f"k{code}": notes}}}}
    ).to_data()
    folder = tmp_path_factory.mktemp("text") / "csv"
    write_folder(folder, encode(data))
    assert canonical(Instance.model_validate(read_folder(folder).data).to_data()) == canonical(data)


NUMBERS = st.one_of(
    st.decimals(-(10**15) + 1, 10**15 - 1, places=6, allow_nan=False, allow_infinity=False),
    st.integers(-(10**15) + 1, 10**15 - 1),
)


@given(NUMBERS, NUMBERS)
@settings(max_examples=40, deadline=None)
def test_any_number_goes_around(one: Decimal, two: Decimal) -> None:
    places = [{"id": "a", "attributes": {"x": one, "y": two}}]
    data = {"ciopt": 1, "places": places}
    back = read_workbook(write_workbook(encode(data)), "a.xlsx").data
    assert back["places"] == places


IDS = st.text("abz019_.-", min_size=1, max_size=4)
PER = st.dictionaries(IDS, NUMBERS, min_size=1, max_size=3)
QUANTITIES = st.one_of(NUMBERS, st.fixed_dictionaries({"per": PER}, optional={"fixed": NUMBERS}))
EVIDENCE = st.sampled_from(["weak", "assumed", None])
INTERVALS = st.one_of(st.none(), st.tuples(NUMBERS, NUMBERS))


@given(QUANTITIES)
def test_a_quantity_is_one_cell(value: Any) -> None:
    assert read_cell("quantity", write_cell("quantity", value)) == value


@given(QUANTITIES, EVIDENCE, INTERVALS)
def test_an_estimate_is_one_cell(value: Any, evidence: str | None, interval: tuple[Any, Any] | None) -> None:
    estimate = dict(value) if isinstance(value, dict) else {"fixed": value}
    if evidence is not None:
        estimate["evidence"] = evidence
    if interval is not None:
        estimate["range"] = list(interval)
    back = read_cell("estimate", write_cell("estimate", estimate))
    whole = back if isinstance(back, dict) else {"fixed": back}
    assert {key: list(item) if key == "range" else item for key, item in whole.items()} == estimate


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("quantity", "120000 - 3 * km", {"fixed": 120000, "per": {"km": -3}}),
        ("quantity", " 45000×km ", {"per": {"km": 45000}}),
        ("ids", "a;b\nc", ["a", "b", "c"]),
        ("ids", 2027, ["2027"]),
        ("ids", " * ", "*"),
        ("id", 7, "7"),
        ("flag", "Yes", True),
        ("number", "\u00a01.50", Decimal("1.5")),
        ("refs", "SDG: 1; SDG:2", [{"vocabulary": "SDG", "code": "1"}, {"vocabulary": "SDG", "code": "2"}]),
    ],
)
def test_what_people_write_is_understood(kind: Kind, cell: Any, value: Any) -> None:
    assert read_cell(kind, cell) == value


def test_rows_and_columns_may_stand_in_any_order() -> None:
    tables = books.sheets()
    reordered = {
        name: [row[::-1] for row in rows] if name not in ("coalition", "agenda") else rows
        for name, rows in tables.items()
    }
    for name in ("uses", "levels", "capacities"):
        reordered[name] = [reordered[name][0], *reordered[name][:0:-1]]
    document = TablesDocument(books.as_sheets(dict(reversed(reordered.items()))), "x")
    there = parse(document.data)
    assert {each.id: dict(each.uses) for each in there.interventions} == {
        each.id: dict(each.uses) for each in books.instance().interventions
    }


def test_a_semicolon_separates_where_the_header_says_so(tmp_path: Path) -> None:
    write_instance(tmp_path / "csv", books.instance().to_data())
    for path in (tmp_path / "csv").iterdir():
        if "places" in path.name:
            path.write_text(
                "id;group;attributes.farmers;attributes.a.b;neighbours\n007;;900;0.5;\n-x;w;0;1;007\n"
            )
    assert read_instance(tmp_path / "csv") == books.instance()


def test_tables_are_read_by_every_reader(tmp_path: Path) -> None:
    write_instance(tmp_path / "a.xlsx", books.instance().to_data())
    assert read_document(tmp_path / "a.xlsx", parse) == books.instance()
