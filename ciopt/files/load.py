"""Reading: from a path or a stream to checked records, with located problems."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar

from ciopt.errors import InvalidInput, Problem, UsageError
from ciopt.files.encoding import decode
from ciopt.files.json_text import JsonDocument
from ciopt.files.json_tokens import quoted
from ciopt.files.names import content, shown
from ciopt.files.packed import SUFFIX as PACKED
from ciopt.files.packed import unpacked
from ciopt.files.tables import is_folder_of_tables, read_folder, read_workbook
from ciopt.instance import Instance, parse, warnings
from ciopt.plan import Plan, parse_plan

T = TypeVar("T")
_ZIP = b"PK\x03\x04"
_OFFICE = frozenset((".xls", ".xlsb", ".xlsm", ".ods", ".numbers"))
Source = str | os.PathLike[str] | IO[bytes]


class Document(Protocol):
    """What a file says, as plain data, and where it says it."""

    @property
    def data(self) -> Any:
        """Dicts, lists, text, ints, Decimals, booleans, None."""

    def locate(self, problems: Iterable[Problem]) -> list[Problem]:
        """Give problems with paths into the data their places in the file."""


def _read_json(path: Path) -> Document:
    return _json(path, path.read_bytes)


def _json(path: Path, read: Callable[[], bytes]) -> Document:
    name = shown(path)
    return JsonDocument(decode(unpacked(content(path, read), name), name), name)


def _read_workbook(path: Path) -> Document:
    name = shown(path)
    return read_workbook(unpacked(content(path, path.read_bytes), name), name)


READERS: dict[str, Callable[[Path], Document]] = {
    ".json": _read_json,
    ".xlsx": _read_workbook,
    "": _read_json,  # pipes and process substitutions have no suffix
}
"""How to read a file, by its suffix (before `.gz`); a new kind of file is a new line here."""


def read_document(source: Source, parse: Callable[[Any], T], *, name: str = "") -> T:
    """Read a file and make a record of it.

    Parameters
    ----------
    source
        Path of a JSON file, a workbook or a folder of CSV files; or a stream of bytes, not of CSV.
    parse
        Makes the record from plain data; raises `InvalidInput` with paths into the data.
    name
        What messages call a stream; its own name if empty.

    Raises
    ------
    UsageError
        If there is no such file, or it is of an unknown kind.
    InvalidInput
        With all problems of the content, each with its place in the file.

    Examples
    --------
    >>> import io
    >>> read_document(io.BytesIO(b'{"gap": 0.5}'), lambda data: data["gap"], name="<stdin>")
    Decimal('0.5')
    """
    return _made(_open(source, name), parse)


def read_instance(source: Source, *, name: str = "") -> Instance:
    """Read and check an instance; see `read_document` for the parameters and errors.

    Examples
    --------
    >>> read_instance("instances/cocoa.json").currency  # doctest: +SKIP
    'USD'
    """
    return read_document(source, parse, name=name)


def read_plan(source: Source, *, name: str = "") -> Plan:
    """Read a plan; see `read_document` for the parameters and errors.

    Examples
    --------
    >>> read_plan("plan.json").status  # doctest: +SKIP
    'optimal'
    """
    return read_document(source, parse_plan, name=name)


def read_with_warnings(source: Source, *, name: str = "") -> tuple[Instance, list[Problem]]:
    """Read and check an instance; return it with its located warnings.

    Examples
    --------
    >>> instance, doubts = read_with_warnings("instances/cocoa.json")  # doctest: +SKIP
    """
    document = _open(source, name)
    instance = _made(document, parse)
    doubts = warnings(instance)
    return instance, document.locate(doubts) if doubts else []


def _made(document: Document, parse: Callable[[Any], T]) -> T:
    try:
        return parse(document.data)
    except InvalidInput as error:
        problems = error.problems
    raise InvalidInput(document.locate(problems))


def _open(source: Source, name: str) -> Document:
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        return _reader(path)(path)
    path = Path(name or str(getattr(source, "name", "<stream>")))
    raw = content(path, source.read)
    return read_workbook(raw, shown(path)) if raw.startswith(_ZIP) else _json(path, lambda: raw)


def _reader(path: Path) -> Callable[[Path], Document]:
    if os.path.isdir(path):  # unlike path.is_dir(), it has no complaints about names
        if is_folder_of_tables(path):
            return read_folder
        raise UsageError(f"{shown(path)} is a folder without CSV files; give the file in it")
    packed = path.suffix.lower() == PACKED
    suffix = Path(path.stem if packed else path).suffix.lower()
    if suffix not in READERS:
        kinds = ", ".join(f"{known}, {known}{PACKED}" for known in READERS if known)
        if suffix in _OFFICE:
            raise UsageError(f"{shown(path)}: save it as .xlsx; {suffix} files cannot be read")
        message = f"{shown(path)}: cannot read files of the kind {quoted(suffix)}; supported: {kinds}"
        raise UsageError(message)
    return READERS[suffix]
