"""Writing an instance: as JSON, as a workbook or as a folder of CSV files, by the name of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ciopt.errors import UsageError
from ciopt.files.dump import dump
from ciopt.files.names import shown
from ciopt.files.packed import SUFFIX as PACKED
from ciopt.files.tables import encode, write_folder, write_workbook
from ciopt.files.write import write_bytes_atomically, write_text_atomically


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    write_text_atomically(path, dump(data))


def _write_workbook(path: Path, data: Mapping[str, Any]) -> None:
    write_bytes_atomically(path, write_workbook(encode(data)))


def _write_folder(path: Path, data: Mapping[str, Any]) -> None:
    write_folder(path, encode(data))


WRITERS: dict[str, Callable[[Path, Mapping[str, Any]], None]] = {
    ".json": _write_json,
    ".json" + PACKED: _write_json,
    ".xlsx": _write_workbook,
    "": _write_folder,
}
"""How to write an instance, by the suffix of the name; a name without a suffix is a folder of CSV files."""


def write_instance(path: Path, data: Mapping[str, Any]) -> None:
    """Write an instance's data so that reading gives the same data again.

    Parameters
    ----------
    path
        ``.json``, ``.json.gz``, ``.xlsx``, or a new folder for CSV files.
    data
        As `Instance.to_data` gives it.

    Raises
    ------
    UsageError
        If the name is of no known kind, or cannot be written.

    Examples
    --------
    >>> write_instance(Path("cocoa.xlsx"), instance.to_data())  # doctest: +SKIP
    """
    WRITERS[kind_to_write(path)](path, data)


def kind_to_write(path: Path) -> str:
    """Return the suffix that says how a file is written.

    Raises
    ------
    UsageError
        If it is of no known kind.

    Examples
    --------
    >>> kind_to_write(Path("cocoa.JSON.gz")), kind_to_write(Path("cocoa"))
    ('.json.gz', '')
    """
    suffix = "".join(path.suffixes[-2:]).lower() if path.suffix.lower() == PACKED else path.suffix.lower()
    if path.is_dir():
        return ""
    if suffix not in WRITERS:
        known = ", ".join(known for known in WRITERS if known)
        raise UsageError(
            f"{shown(path)}: which kind? Name a file that ends with {known}, or a folder for CSV files"
        )
    return suffix
