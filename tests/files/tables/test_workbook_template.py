"""The template says all that the format can hold, from the one definition of its fields."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ciopt.errors import InvalidInput, UsageError
from ciopt.files import read_instance, write_instance
from ciopt.files.tables import blank, encode, read_workbook, workbook, write_workbook
from ciopt.files.tables.guide import drop_down, message
from ciopt.files.tables.shape import Table, tables
from ciopt.files.tables.units import UNITS
from ciopt.instance import Instance, parse
from tests.files.tables import books
from tests.files.tables.test_tables_round_trip import SHIPPED

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
INTO = ("attributes", "impact", "adds", "uses", "capacity", "reach", "budget", "amount")
"""Objects by key, of which a schema says nothing more."""


def schema_fields(schema: dict[str, Any], part: dict[str, Any]) -> Iterator[str]:
    """Names of the fields of a record of the JSON Schema, of all its branches."""
    for each in part.get("anyOf", part.get("oneOf", [part])):
        target = each.get("$ref")
        record = schema["$defs"][target.rsplit("/", 1)[1]] if target else each
        yield from record.get("properties", ())


def test_every_field_of_the_schema_has_a_column() -> None:
    """The schema is the other view of the same records: what it knows, the workbook can hold."""
    schema = Instance.model_json_schema(by_alias=True)
    for name, part in schema["properties"].items():
        items = part.get("items")
        if not isinstance(items, dict) or name in ("periods", "refs"):
            continue
        table = tables()[name]
        headers = {column.path[0] for column in (*table.lead, *table.columns)}
        children = {each.path[0] for each in tables().values() if each.parent == name}
        assert set(schema_fields(schema, items)) <= headers | children, name
    agenda = {column.path[0] for column in tables()["agenda"].columns} | {"targets"}
    assert set(schema["$defs"]["Agenda"]["properties"]) <= agenda
    coalition = {column.path[0] for column in tables()["coalition"].columns}
    assert set(schema["properties"]) - set(tables()) == coalition


def test_units_belong_to_columns() -> None:
    columns = {f"{table.name}.{column.header}" for table in tables().values() for column in table.columns}
    assert set(UNITS) <= columns


def test_every_column_is_explained_in_so_many_words() -> None:
    for table in tables().values():
        for column in (*table.lead, *table.columns):
            text = message(table, column, "USD")
            assert len(text) <= 255
            assert "`" not in text
    named = tables()["funds"].column("max_share")
    assert named is not None
    assert message(tables()["funds"], named[0], "") == (
        "Largest part of one assignment's cost, between 0 and 1. Unit: a share from 0 to 1."
    )


def parts(raw: bytes) -> dict[str, ElementTree.Element]:
    """The sheets of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        names = [each.get("name") or "" for each in book.iter(f"{MAIN}sheet")]
        return {
            name: ElementTree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml"))
            for number, name in enumerate(names, start=1)
        }


def validations(page: ElementTree.Element) -> dict[str, tuple[str, str, str]]:
    """Kind, source and input message of the drop-downs, by the column's letters."""
    found = {}
    for each in page.iter(f"{MAIN}dataValidation"):
        source = each.find(f"{MAIN}formula1")
        letters = re.match(r"[A-Z]+", each.get("sqref") or "")
        assert letters is not None
        kind = each.get("type") or "any"
        found[letters[0]] = (kind, source.text or "" if source is not None else "", each.get("prompt") or "")
    return found


def test_a_sheet_a_table_and_a_read_me() -> None:
    assert list(parts(write_workbook(blank()))) == ["read-me", *tables()]


def test_drop_downs_come_from_the_other_sheets() -> None:
    pages = parts(write_workbook(blank()))
    funds = validations(pages["funds"])
    assert funds["C"][:2] == ("list", "'partners'!$A$2:$A$5000")
    assert funds["E"][:2] == ("list", '"TRUE,FALSE"')
    assert "Or by period" in funds["D"][2]
    uses = validations(pages["levels"])
    assert uses["A"][:2] == ("list", "'interventions'!$A$2:$A$5000")
    assert validations(pages["options"])["G"][1] == "'levels'!$B$2:$B$5000"
    assert validations(pages["impacts"])["F"][1] == '"strong,moderate,weak,assumed"'


def test_every_drop_down_points_at_ids() -> None:
    for table in tables().values():
        for column in (*table.lead, *table.columns):
            source = drop_down(column)
            if isinstance(source, str):
                name, letters = re.fullmatch(r"='(\w+)'!\$([A-Z])\$2:.*", source).groups()  # type: ignore[union-attr]
                target: Table = tables()[name]
                headers = [each.header for each in (*target.lead, *target.columns)]
                assert headers[ord(letters) - ord("A")] == "id"


def test_an_empty_template_lacks_only_what_must_be_said() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(read_workbook(write_workbook(blank()), "x").data)
    assert [each.path for each in caught.value.problems] == [("currency",)]


def test_a_filled_template_can_be_emptied_cell_by_cell() -> None:
    """What a person deletes in a filled workbook is gone, and nothing else."""
    instance = books.instance(name="old")
    sheets = {each.name: [list(row) for row in each.rows] for each in encode(instance.to_data())}
    row = next(row for row in sheets["coalition"] if row[0] == "name")
    row[1] = None
    raw = write_workbook(books.as_sheets(sheets))
    assert parse(read_workbook(raw, "x").data) == books.instance()


def test_text_is_never_a_formula() -> None:
    data = books.instance(name="=1+1", notes="+1", description="@a").to_data()
    raw = write_workbook(encode(data))
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        pages = [package.read(name) for name in package.namelist() if "worksheets/" in name]
        assert not any(b"<f>" in page or b"<f " in page for page in pages)
        assert b"<hyperlink" not in b"".join(pages)


def test_a_text_that_no_cell_holds_is_refused() -> None:
    data = books.instance(notes="x" * 40_000).to_data()
    with pytest.raises(UsageError, match="a cell holds 32,767; write JSON or CSV"):
        write_workbook(encode(data))


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'ciopt\[excel\]'"):
        read_workbook(b"", "x")
    with pytest.raises(UsageError, match=r"pip install 'ciopt\[excel\]'"):
        write_workbook(blank())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saves_reads_the_same(tmp_path: Path) -> None:
    names = ("cocoa", "matched-fund", "timing")
    chosen = [path for path in SHIPPED if path.stem in names]
    for path in chosen:
        write_instance(tmp_path / f"{path.stem}.xlsx", read_instance(path).to_data())
    rich = Instance.model_validate({**books.SMALL, **books.EXTRAS}).to_data()
    (tmp_path / "rich.xlsx").write_bytes(write_workbook(encode(rich)))
    saved = tmp_path / "saved"
    own = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", own, "--headless", "--convert-to", "xlsx", "--outdir", str(saved)]
    subprocess.run([*command, *tmp_path.glob("*.xlsx")], check=True, capture_output=True, timeout=200)
    for path in chosen:
        assert read_instance(saved / f"{path.stem}.xlsx") == read_instance(path)
    back = read_workbook((saved / "rich.xlsx").read_bytes(), "rich.xlsx").data
    assert Instance.model_validate(back).to_data() == rich
