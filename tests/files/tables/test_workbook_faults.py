"""What people and spreadsheets do to workbooks: each fault has its cell and its remedy, none is guessed."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ciopt.errors import InvalidInput, UsageError
from ciopt.files import read_instance
from ciopt.files.tables import read_folder, read_workbook, write_folder
from ciopt.files.tables.package import LARGEST
from ciopt.instance import parse
from tests.files.tables import books


def column(tables: dict[str, list[list[Any]]], table: str, header: str) -> int:
    return tables[table][0].index(header)


def with_cell(table: str, header: str, row: int, cell: Any) -> dict[str, list[list[Any]]]:
    """The small instance's tables with one cell changed; rows count from 1, the header is 0."""
    tables = books.sheets()
    tables[table][row][column(tables, table, header)] = cell
    return tables


def test_the_plain_workbook_has_no_problem() -> None:
    tables = books.sheets()
    assert books.problems(books.book(tables)) == ()
    text = books.sheets()
    text["interventions"][1][column(text, "interventions", "cost")] = "999999999999999.99 + -3 * farmers"
    assert parse(read_workbook(books.book(text), "x").data) == books.instance()


@pytest.mark.parametrize(
    ("table", "header", "row", "cell", "code", "place", "help_"),
    [
        (
            "backbones",
            "cost",
            1,
            "1,5",
            "E103",
            "backbones!D2",
            "write 1.5 with a point, 1500 without a comma",
        ),
        ("backbones", "cost", 1, "80%", "E103", "backbones!D2", "0.8 for 80 %"),
        ("backbones", "cost", 1, "1 500", "E103", "backbones!D2", "write digits and a point"),
        ("backbones", "cost", 1, True, "E103", "backbones!D2", ""),
        ("backbones", "cost", 1, 1 / 3, "E104", "backbones!D2", "round it"),
        ("backbones", "cost", 1, -1, "E205", "backbones!D2", ""),
        ("backbones", "partner", 1, "go", "E202", "backbones!C2", "did you mean 'gov'?"),
        ("backbones", "partner", 1, True, "E106", "backbones!C2", "text"),
        ("backbones", "partner", 1, "g\u200bov", "E106", "backbones!C2", ""),
        ("interventions", "cost", 1, "5 + 3 km", "E103", "interventions!C2", "120000 + 45000 * km"),
        ("interventions", "cost", 1, "5 + 3 * a + 4 * a", "E100", "interventions!C2", ""),
        ("interventions", "cost", 1, "5 + 3 * hectares", "E202", "interventions!C2", ""),
        ("interventions", "cost_profile", 1, "0,7; 0,3", "E103", "interventions!D2", "with a point"),
        ("interventions", "cost_profile", 1, "0.7; 0.2", "E208", "interventions!D2", ""),
        ("interventions", "lag", 1, 1.5, "E105", "interventions!E2", ""),
        ("interventions", "id", 1, None, "E102", "interventions!A2", ""),
        ("uses", "amount", 1, "a", "E103", "uses!C2", "120000 + 45000 * km"),
        ("uses", "amount", 1, "1,5", "E103", "uses!C2", "write 1.5 with a point"),
        ("uses", "intervention", 1, "raod", "E202", "uses!A2", "did you mean 'road'?"),
        ("uses", "resource", 2, "days", "E005", "uses!A3", "keep one"),
        ("uses", "amount", 1, None, "E102", "uses!C2", ""),
        ("impacts", "high", 1, None, "E102", "impacts!E2", ""),
        ("impacts", "low", 1, 3, "E207", "impacts!C2", "low first"),
        ("impacts", "indicator", 1, "incme", "E202", "impacts!B2", "did you mean 'income'?"),
        ("impacts", "evidence", 1, "stong", "E107", "impacts!F2", "did you mean 'strong'?"),
        ("partners", "budget", 1, 5, "E005", "partners!F2", "keep one"),
        ("partners", "budget.2027", 1, "x", "E103", "partners!F2", ""),
        ("partners", "roles", 1, "funding, , x", "E106", "partners!C2", ""),
        ("partners", "roles", 1, "funder", "E107", "partners!C2", "did you mean 'funding'?"),
        ("capabilities", "places", 1, "007, 08", "E202", "capabilities!E2", ""),
        ("capabilities", "periods", 1, 2026, "E202", "capabilities!H2", ""),
        ("coalition", "value", 4, "usd", "E100", "coalition!B5", ""),
        ("coalition", "field", 4, "curency", "E101", "coalition!A5", "did you mean 'currency'?"),
        ("coalition", "value", 2, 2, "E109", "coalition!B3", ""),
        ("agenda", "value", 2, "vlue", "E107", "agenda!B3", "did you mean 'value'?"),
    ],
)
def test_a_fault_has_its_cell(
    table: str, header: str, row: int, cell: Any, code: str, place: str, help_: str
) -> None:
    tables = books.sheets(backbones=[{"partner": "gov"}])
    if (table, header) == ("partners", "budget"):
        assert column(tables, table, "budget") == 4
    tables[table][row][column(tables, table, header)] = cell
    found = books.problems(books.book(tables))
    assert (code, f"plan.xlsx:{place}") in books.said(found), books.said(found)
    assert any(help_ in each.help for each in found if each.code == code)


def test_all_faults_come_at_once() -> None:
    tables = with_cell("interventions", "lag", 1, "x")
    tables["partners"][1][0] = "no spaces allowed"
    tables["uses"][1][2] = "1,5"
    assert [place for _, place in books.said(books.problems(books.book(tables)))] == [
        "plan.xlsx:interventions!E2",
        "plan.xlsx:uses!C2",
    ]  # the id is a matter of shape: it is told when every cell can be read


def test_a_formula_is_its_stored_result() -> None:
    tables = with_cell("interventions", "lag", 1, None)

    def formula(workbook: Any) -> None:
        workbook.get_worksheet_by_name("interventions").write_formula("E2", "=1+1", None, 2)

    assert parse(read_workbook(books.book(tables, formula), "x").data).interventions[0].lag == 2


@pytest.mark.parametrize(
    ("result", "words"),
    [("", "no stored result"), ("#REF!", "holds the error #REF!"), ("#DIV/0!", "holds the error #DIV/0!")],
)
def test_a_formula_without_a_result_is_named(result: str, words: str) -> None:
    tables = with_cell("interventions", "lag", 1, None)

    def formula(workbook: Any) -> None:
        workbook.get_worksheet_by_name("interventions").write_formula("E2", "=A1", None, result)

    raw = books.book(tables, formula)
    if not result:
        raw = replaced(raw, "interventions", b"<v></v>", b"")  # as programs that cannot calculate write it
    (problem,) = books.problems(raw)
    assert problem.code == "E009"
    assert words in problem.message
    assert str(problem.location) == "plan.xlsx:interventions!E2"
    assert "open" in problem.help or "mend" in problem.help


def test_a_date_is_never_taken_for_a_period() -> None:
    def date(workbook: Any) -> None:
        style = workbook.add_format({"num_format": "yyyy-mm-dd"})
        workbook.get_worksheet_by_name("periods").write_datetime("A2", datetime.datetime(2027, 1, 1), style)

    (problem,) = books.problems(books.book(books.sheets(), date))
    assert (problem.code, str(problem.location)) == ("E009", "plan.xlsx:periods!A2")
    assert "format the cell as text" in problem.help


def test_a_period_written_as_a_number_is_its_digits() -> None:
    tables = books.sheets()
    tables["periods"] = [["id"], [2027], [2028.0]]
    tables["capabilities"][1][column(tables, "capabilities", "periods")] = 2027
    assert parse(read_workbook(books.book(tables), "x").data) == books.instance()


def test_leading_zeros_of_ids_are_kept() -> None:
    data = read_workbook(books.book(books.sheets()), "x").data
    assert data["places"][0]["id"] == "007"
    assert data["capabilities"][0]["places"] == ["007"]


def test_merged_cells_are_refused() -> None:
    def merge(workbook: Any) -> None:
        workbook.get_worksheet_by_name("partners").merge_range("A2:A3", "mars")

    (problem,) = books.problems(books.book(books.sheets(), merge))
    assert (problem.code, str(problem.location)) == ("E009", "plan.xlsx:partners!A2")
    assert "A2:A3" in problem.message


def test_a_percent_cell_is_a_share() -> None:
    tables = books.sheets(funds=[{"id": "f", "partner": "gov", "amount": 1}])
    index = column(tables, "funds", "max_share")

    def percent(workbook: Any) -> None:
        style = workbook.add_format({"num_format": "0%"})
        workbook.get_worksheet_by_name("funds").write_number(1, index, 0.8, style)

    share = parse(read_workbook(books.book(tables, percent), "x").data).funds[0].max_share
    assert str(share) == "0.8"


def test_sums_that_floats_cannot_hold_are_what_is_shown() -> None:
    tables = with_cell("interventions", "cost", 2, 0.1 + 0.2)
    assert str(parse(read_workbook(books.book(tables), "x").data).interventions[1].cost.fixed) == "0.3"


def test_blank_rows_and_columns_and_hidden_space_do_not_matter() -> None:
    tables = books.sheets()
    for name, rows in tables.items():
        blank = [None, " ", "\u00a0"] if name not in ("coalition", "agenda") else [None]
        tables[name] = [[*row, *[None] * (len(blank))] for row in rows] + [blank, [None], ["\u200b"]]
    tables["partners"][1][0] = "\u00a0mars \u200b"
    tables["partners"][0][0] = " id\u00a0"
    tables["places"].insert(2, [])
    assert parse(read_workbook(books.book(tables), "x").data) == books.instance()


def test_headings_are_checked() -> None:
    tables = books.sheets()
    tables["partners"][0][1] = "nmae"
    tables["places"][0].append("id")
    tables["indicators"][1].append("stray")
    tables["fund"] = [["id"]]
    tables["x-my notes"] = [["anything", 1.5]]
    tables["read-me"] = [["anything"]]
    found = {str(each.location): each for each in books.problems(books.book(tables))}
    assert "did you mean 'name'" in found["plan.xlsx:partners!B1"].help
    assert "twice" in next(each for place, each in found.items() if "places" in place).message
    assert "no heading" in next(each for place, each in found.items() if "indicators" in place).message
    assert "did you mean 'funds'" in found["plan.xlsx:fund!A1"].help
    assert len(found) == 4


def replaced(raw: bytes, sheet: str, old: bytes, new: bytes) -> bytes:
    """A workbook with other XML in one sheet."""
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        names = list(books.sheets())
        target = f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"
        contents = {name: package.read(name) for name in package.namelist()}
    assert old in contents[target]
    contents[target] = contents[target].replace(old, new)
    return zipped(contents)


def zipped(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return buffer.getvalue()


WORKBOOK = books.book(books.sheets())


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        (b"PK\x03\x04 and nothing", "damaged"),
        (b"id,name\n1,2\n", "not a workbook"),
        (WORKBOOK[:-40], "damaged"),
        (WORKBOOK[:3000], "damaged"),
        (zipped({"a.txt": b"hello"}), "not an Excel workbook"),
        (zipped({"content.xml": b"<a/>", "mimetype": b"x"}), "OpenDocument"),
        (zipped({"xl/workbook.xml": b"<workbook", "xl/_rels/workbook.xml.rels": b"<R/>"}), "damaged"),
        (zipped({"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"}), "entities"),
        (
            replaced(
                WORKBOOK, "places", b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>'
            ),
            "XFD",
        ),
        (replaced(WORKBOOK, "places", b"</sheetData>", b"<row"), ""),
    ],
)
def test_what_is_no_workbook_is_one_clear_error(raw: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(read_workbook(raw, "plan.xlsx").data)
    (problem,) = caught.value.problems
    assert problem.code in ("E001", "E002")
    assert words in problem.message
    assert str(problem.location) == "plan.xlsx"
    assert problem.help


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/workbook.xml", "w", force_zip64=True) as part,
    ):
        block = b"\0" * 2**24
        for _ in range(LARGEST // len(block) + 1):
            part.write(block)
    with pytest.raises(InvalidInput, match="unpacks to more"):
        read_workbook(bomb.getvalue(), "plan.xlsx")


def test_a_size_that_lies_is_found_out() -> None:
    raw = bytearray(zipped({"xl/workbook.xml": b"\0" * 100_000}))
    start = raw.index(b"PK\x01\x02")
    raw[start + 24 : start + 28] = (10).to_bytes(4, "little")
    with pytest.raises(InvalidInput, match="damaged"):
        read_workbook(bytes(raw), "plan.xlsx")


@pytest.mark.parametrize("junk", [b"<c ", b"<c><f>", b'<c r="A1" t="e">', b"<row <c ", b'<c r="A1"><f>'])
def test_sheets_that_never_end_are_refused_soon(junk: bytes) -> None:
    """No pattern may look at the rest of the sheet again for every cell."""
    raw = replaced(WORKBOOK, "places", b"</sheetData>", junk * 200_000)
    assert books.problems(raw)


@pytest.mark.parametrize("position", range(0, len(WORKBOOK), len(WORKBOOK) // 60))
def test_a_changed_byte_is_never_a_traceback(position: int) -> None:
    raw = bytearray(WORKBOOK)
    raw[position] ^= 0xFF
    books.problems(bytes(raw))


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".xlsb", ".xlsm"])
def test_other_office_files_say_what_to_do(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_bytes(b"x")
    with pytest.raises(UsageError, match=r"save it as \.xlsx"):
        read_instance(tmp_path / f"a{suffix}")


def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "csv", [each for each in books.as_sheets(books.sheets())])
    return tmp_path / "csv"


def test_csv_names_file_line_and_field(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "levels.csv").write_text('intervention,id,cost_factor,notes\nroad,a,1,"x\ny"\n\nroad,b,"1,5",\n')
    (path / "pratners.csv").write_text("id\n")
    (path / "README.md").write_text("left alone")
    with pytest.raises(InvalidInput) as caught:
        read_folder(path)
    found = [(each.code, str(each.location)) for each in caught.value.problems]
    assert found == [("E101", f"{path}/pratners.csv:1:1"), ("E103", f"{path}/levels.csv:5:3")]


@pytest.mark.parametrize("text", ['id,name\na,"b', 'id\n"a" b\n', "id\n\xe9\n"])
def test_broken_csv_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = folder(tmp_path)
    (path / "periods.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(InvalidInput) as caught:
        read_folder(path)
    (problem,) = caught.value.problems
    assert "periods.csv:" in str(problem.location)


def test_csv_never_holds_a_formula(tmp_path: Path) -> None:
    tables = books.sheets(
        name='=HYPERLINK("x")', notes="+1", description="@a", scenarios={"-1": {"notes": "'=1"}}
    )
    write_folder(tmp_path / "csv", books.as_sheets(tables))
    for path in (tmp_path / "csv").iterdir():
        for line in path.read_text("utf-8-sig").splitlines():
            for cell in line.replace('"', "").split(","):
                assert not cell.startswith(("=", "+", "@")), (path.name, line)
    back = read_instance(tmp_path / "csv")
    assert (back.name, back.notes, back.scenarios["-1"].notes) == ('=HYPERLINK("x")', "+1", "'=1")


def test_a_folder_is_never_overwritten(tmp_path: Path) -> None:
    path = folder(tmp_path)
    with pytest.raises(UsageError, match="not overwritten"):
        write_folder(path, books.as_sheets(books.sheets()))
    assert read_instance(path) == books.instance()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["csv"]
