"""What a workbook is before its cells are read: an honest zip of bounded size, and what its cells hide.

The library that reads the cells gives an empty text for a formula that was never calculated and for an error
such as #REF!, and one stray cell in the last row makes it fill the sheet with empty ones. This looks first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from xml.etree import ElementTree

from ciopt.errors import InvalidInput, Location, Problem
from ciopt.files.tables.cells import Fault

LARGEST = 2**29
"""Most bytes of all parts of a workbook, unpacked."""
MOST_CELLS = 20_000_000
"""Most cells of a sheet, from the first to the last that is used."""
MOST_COLUMNS = 4_000
MOST_ROWS = 1_048_576

_SAVE_AGAIN = "open it in Excel or LibreOffice and save it as .xlsx without a password"
_CELL_REF = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r=["\']([A-Z]{1,3})([0-9]{1,7})["\']')
_ROW = re.compile(rb'<(?:\w+:)?row\s(?:[^<>]*?\s)?r=["\']([0-9]{1,7})["\']')
_CELL = re.compile(rb"<(?:\w+:)?c(?=\s)")
_REF = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r=["\']([A-Z]{1,3})([0-9]{1,7})["\']')
_ROW = re.compile(rb'<(?:\w+:)?row\s(?:[^<>]*?\s)?r=["\']([0-9]{1,7})["\']')
_HIDING = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*?[^/]|)>((?:(?!</(?:\w+:)?c>).)*?)</(?:\w+:)?c>",
    re.DOTALL,
)
_REF = re.compile(rb'(?:^|\s)r=["\']([A-Z]{1,3})([0-9]{1,7})["\']')
_IS_ERROR = re.compile(rb'(?:^|\s)t=["\']e["\']')
_IS_TEXT = re.compile(rb'(?:^|\s)t=["\']str["\']')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_MEND = "mend its formula, or write the value"
_CALCULATE = "open the workbook in Excel or LibreOffice, save it, and read it again; or write the value"
_NAMESPACE = re.compile(r"^\{[^}]*\}")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class Part:
    """One sheet of a workbook: its name and its XML."""

    name: str
    xml: bytes


def parts(raw: bytes, file: str) -> list[Part]:
    """Return the sheets of a workbook, after looking at every part of it.

    Raises
    ------
    InvalidInput
        If it is no workbook, protected by a password, damaged, or larger than anybody writes by hand.
    """
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        message = "this workbook is protected by a password, or an old .xls file"
        raise _faulty(file, message, _SAVE_AGAIN)
    if not raw:
        raise _faulty(file, "the file is empty", "`ciopt template` writes one to start from", "E002")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            contents = dict(_contents(package, file))
        return list(_sheets(contents, file))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise _faulty(file, f"this is not a workbook, or a damaged one ({str(error)[:80]})") from None
    except RuntimeError:  # an encrypted part of the zip
        raise _faulty(file, "this file is protected by a password") from None
    except (ElementTree.ParseError, KeyError) as error:
        raise _faulty(file, f"this is not a workbook, or a damaged one ({str(error)[:80]})") from None


def _contents(package: zipfile.ZipFile, file: str) -> Iterator[tuple[str, bytes]]:
    """Unpack every part, so that none is larger than it says."""
    if sum(part.file_size for part in package.infolist()) > LARGEST:
        message = f"the workbook unpacks to more than {LARGEST:,} bytes"
        raise _faulty(file, message, "clear the cells that are not needed, or write CSV or JSON")
    for part in package.infolist():
        content = package.read(part)  # checks size and checksum
        if part.filename.lower().endswith((".xml", ".rels")):
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise _faulty(file, "the workbook defines entities, which no workbook needs")
            yield normpath(part.filename).lstrip("/"), content


def _sheets(contents: dict[str, bytes], file: str) -> Iterator[Part]:
    """Find the sheets from the workbook's list of them."""
    if "xl/workbook.xml" not in contents:
        other = next((name for name in ("content.xml",) if name in contents), "")
        what = "this is an OpenDocument file" if other else "this zip file is not an Excel workbook"
        raise _faulty(file, what)
    relations = {
        each.get("Id"): each.get("Target") or ""
        for each in ElementTree.fromstring(contents["xl/_rels/workbook.xml.rels"])
    }
    for each in ElementTree.fromstring(contents["xl/workbook.xml"]).iter():
        if _NAMESPACE.sub("", each.tag) != "sheet":
            continue
        target = relations.get(each.get(_RELATION) or each.get(_STRICT_RELATION)) or ""
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if "chartsheet" not in path:
            yield Part(each.get("name") or "", contents[path])


def check_size(part: Part, file: str) -> None:
    """Refuse a sheet whose used part is too large to be filled in by people.

    Raises
    ------
    InvalidInput
        With the name of the sheet and the cell that is too far out.
    """
    used = set(_CELL_REF.findall(part.xml))
    rows = {int(number) for number in (*_ROW.findall(part.xml), *(number for _, number in used))}
    deep = max(rows, default=0)
    wide = max((column_number(letters) for letters in {letters for letters, _ in used}), default=-1) + 1
    if deep * wide > MOST_CELLS or wide > MOST_COLUMNS or deep > MOST_ROWS:
        message = (
            f"the sheet {part.name[:40]!a} is used down to row {deep:,} and column {column_name(wide - 1)}"
        )
        raise _faulty(file, message, "delete the empty rows and columns at its end, and save it again")


def faults(part: Part) -> dict[tuple[int, int], Fault]:
    """Return the cells with an error, or a formula that was never calculated, by row and column from 0."""
    found: dict[tuple[int, int], Fault] = {}
    if not (_FORMULA.search(part.xml) or _IS_ERROR.search(part.xml)):
        return found
    for text in _CELL.split(part.xml)[1:]:
        said, _, inner = text.partition(b">")
        is_error = _IS_ERROR.search(said)
        if not is_error and not _FORMULA.search(inner):
            continue
        value, ref = _VALUE.search(inner), _REF.search(said)
        if ref is None:
            raise ValueError("a cell without its address")
        cell = int(ref[2]) - 1, column_number(ref[1])
        if is_error:
            shown = value[1].decode("utf-8", "replace") if value else "an error"
            found[cell] = Fault(f"the cell holds the error {shown[:20]}", _MEND)
        elif (value is None or not value[1]) and not _IS_TEXT.search(said):
            found[cell] = Fault("the formula of this cell has no stored result", _CALCULATE)
    return found


def column_number(letters: bytes | str) -> int:
    """Return the number from 0 of a column.

    Examples
    --------
    >>> column_number("C"), column_number("AA")
    (2, 26)
    """
    number = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + letter - 64
    return number - 1


def column_name(number: int) -> str:
    """Return the letters of a column by its number from 0.

    Examples
    --------
    >>> column_name(2), column_name(26)
    ('C', 'AA')
    """
    letters = ""
    while number >= 0:
        number, rest = divmod(number, 26)
        letters = chr(65 + rest) + letters
        number -= 1
    return letters


def _faulty(file: str, message: str, help_: str = _SAVE_AGAIN, code: str = "E001") -> InvalidInput:
    return InvalidInput([Problem(code, message, (), help_, Location(file))])
