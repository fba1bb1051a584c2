"""Tables: an instance as an Excel workbook or a folder of CSV files, without loss."""

from __future__ import annotations

from ciopt.files.tables.cells import cell_text
from ciopt.files.tables.encode import encode
from ciopt.files.tables.folder import is_folder_of_tables, read_folder, write_folder
from ciopt.files.tables.workbook import need, read_workbook
from ciopt.files.tables.workbook_out import blank, write_value, write_workbook

__all__ = [
    "blank",
    "cell_text",
    "encode",
    "is_folder_of_tables",
    "need",
    "read_folder",
    "read_workbook",
    "write_folder",
    "write_value",
    "write_workbook",
]
