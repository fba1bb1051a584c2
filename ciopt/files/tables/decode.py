"""From sheets to an instance's data, with the cell of every value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ciopt.errors import InvalidInput, Path, Problem, did_you_mean
from ciopt.files.tables.cells import Cell, Unclear, combined, is_blank, read_cell, trimmed
from ciopt.files.tables.encode import FIELDS_HEADER
from ciopt.files.tables.places import Places, Row
from ciopt.files.tables.shape import HOWS, Column, Key, Table, tables
from ciopt.files.tables.sheet import Sheet

MOST_FAULTS = 100
_IGNORED = "x-"
READ_ME = "read-me"


class TablesDocument:
    """Sheets, and the plain data they stand for.

    Parameters
    ----------
    sheets
        In any order; ``read-me`` and those whose names begin with ``x-`` are not read.
    file
        The name of the workbook or folder, for messages.

    Raises
    ------
    InvalidInput
        With every cell that does not hold what its column is for, at most about 100.

    Examples
    --------
    >>> from ciopt.files.tables.encode import encode
    >>> TablesDocument(encode({"ciopt": 1, "periods": ["2027"]}), "plan.xlsx").data["periods"]
    ['2027']
    """

    def __init__(self, sheets: Iterable[Sheet], file: str) -> None:
        self._reading = _Reading(file)
        self.data: Any = self._reading.read(sheets)

    def locate(self, problems: Iterable[Problem]) -> list[Problem]:
        """Give each problem that has none its cell, and what stands there."""
        return [problem if problem.location else self._reading.places.mark(problem) for problem in problems]


def is_read(name: str) -> bool:
    """Whether a sheet of this name belongs to the instance."""
    return name != READ_ME and not name.startswith(_IGNORED)


class _Reading:
    """Goes through the tables in the order of the format, parents before their children."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.data: dict[str, Any] = {}
        self.places = Places(file)
        self.problems: list[Problem] = []
        self._parents: dict[str, dict[str, tuple[Path, Any]]] = {}

    def read(self, sheets: Iterable[Sheet]) -> dict[str, Any]:
        known = self._known(sheets)
        for table in tables().values():
            if table.name in known:
                self._table(table, known[table.name])
            if len(self.problems) > MOST_FAULTS:
                break
        if self.problems:
            raise InvalidInput(self.problems[:MOST_FAULTS])
        return self.data

    def _known(self, sheets: Iterable[Sheet]) -> dict[str, Sheet]:
        known: dict[str, Sheet] = {}
        for sheet in sheets:
            name = trimmed(sheet.name)
            if not is_read(name):
                continue
            if name not in tables():
                hint = did_you_mean(name, tables()) or "sheets whose names begin with x- are not read"
                self.problems.append(
                    Problem("E101", f"unknown table {name[:60]!a}", (), hint, sheet.locate(0, 0))
                )
            elif name in known:
                self.problems.append(
                    Problem("E005", f"the table {name} is there twice", (), "", sheet.locate(0, 0))
                )
            else:
                known[name] = sheet
        return known

    def _table(self, table: Table, sheet: Sheet) -> None:
        if table.is_required:
            self.data.setdefault(table.name, [])
        if table.shape == "fields":
            self._fields(table, sheet)
            return
        header = self._header(table, sheet)
        for number, cells in enumerate(sheet.rows[1:], start=1):
            if all(is_blank(cell) for cell in cells):
                continue
            row = Row(sheet, number, header)
            lead: dict[str, Any] = {}
            record: dict[Any, Any] = {}
            for index, cell in enumerate(cells):
                found = header.get(index)
                if found is None:
                    if not is_blank(cell):
                        self._say(
                            "E101", "a cell under no heading", row, index, "name its column, or clear it"
                        )
                elif not is_blank(cell):
                    self._cell(found, cell, record, lead, row, index)
            self._keep(table, lead, record, row)

    def _header(self, table: Table, sheet: Sheet) -> dict[int, tuple[Column, str, bool]]:
        """Return the meaning of each column: the column, the key it is for, whether it leads."""
        lead = {column.header: column for column in table.lead}
        header: dict[int, tuple[Column, str, bool]] = {}
        seen: dict[str, int] = {}
        row = Row(sheet, 0, header)
        for index, cell in enumerate(sheet.rows[0] if sheet.rows else ()):
            if is_blank(cell):
                continue
            name = trimmed(cell) if isinstance(cell, str) else str(getattr(cell, "message", cell))
            if name in seen:
                self._say("E005", f"the column {name!a} is there twice", row, index, "keep one of them")
                continue
            seen[name] = index
            found = (lead[name], "") if name in lead else table.column(name)
            if found is None:
                names = [*lead, *(column.header for column in table.columns)]
                self._say("E101", f"unknown column {name[:60]!a}", row, index, _meant(name, names))
            else:
                header[index] = (*found, name in lead)
        return header

    def _cell(
        self,
        found: tuple[Column, str, bool],
        cell: Cell,
        record: dict[Any, Any],
        lead: dict[str, Any],
        row: Row,
        index: int,
    ) -> None:
        column, key, is_lead = found
        try:
            value = read_cell(column.kind, cell, column.choices)
        except Unclear as fault:
            self._say(fault.code, fault.message, row, index, fault.help)
            return
        if is_lead:
            lead[column.header] = value
        elif not _put(record, (*column.place, key) if column.is_open else column.place, value):
            name = column.place[0] or column.header
            self._say("E005", f"{name} is said twice: as one number, and in parts", row, index, "keep one")

    def _keep(self, table: Table, lead: dict[str, Any], record: dict[Any, Any], row: Row) -> None:
        """Put a record where it belongs."""
        missing = [column.header for column in table.lead if column.header not in lead]
        for name in missing:
            self._miss(name, row)
        if missing:
            return
        if table.has_ids and "id" not in record:
            self._miss("id", row)
        if table.parent:
            self._keep_child(table, lead, record, row)
        elif table.key:
            self._put_once(self.data.setdefault(table.name, {}), (table.name,), lead[table.key], record, row)
            self._know(table, lead[table.key], (table.name, lead[table.key]), record)
        else:
            value = record.get("id") if table.shape == "ids" else record
            into = _list_at(self.data, table.path)
            path = (*table.path, len(into))
            into.append(value)
            self.places.add(path, row)
            if table.shape != "ids":
                self._know(table, record.get("id"), path, record)

    def _know(self, table: Table, name: Any, path: Path, record: dict[Any, Any]) -> None:
        self._parents.setdefault(table.name, {}).setdefault(name, (path, record))

    def _keep_child(self, table: Table, lead: dict[str, Any], record: dict[Any, Any], row: Row) -> None:
        owners = self._parents.get(table.parent, {})
        owner = lead[table.owner]
        if owner not in owners:
            help_ = did_you_mean(owner, [name for name in owners if isinstance(name, str)])
            message = f"no {table.owner} has the id {owner!r}"
            self._say("E202", message, row, row.index(table.owner), help_)
            return
        path, parent = owners[owner]
        if table.shape == "changes":
            self._change(path, parent, record, row)
        elif table.key:
            value = self._value(record, row)
            self._put_once(
                parent.setdefault(table.path[0], {}), (*path, *table.path), lead[table.key], value, row
            )
        else:
            items = parent.setdefault(table.path[0], [])
            items.append(record)
            self.places.add((*path, *table.path, len(items) - 1), row)

    def _put_once(self, into: dict[str, Any], path: Path, key: str, value: Any, row: Row) -> None:
        if key in into:
            self._say("E005", f"{key!r} is there twice", row, 0, "keep one of the rows")
            return
        into[key] = value
        self.places.add((*path, key), row)

    def _value(self, record: dict[Any, Any], row: Row) -> Any:
        """Return the quantity, estimate or amount that a row is."""
        said = {key: value for key, value in record.items() if key != ""}
        if "range" in said:
            missing = [name for place, name in enumerate(("low", "high")) if place not in said["range"]]
            for name in missing:
                self._miss(name, row)
            said["range"] = [said["range"].get(0), said["range"].get(1)]
        if "" not in record:
            self._miss("amount", row)
        return combined(record.get(""), said)

    def _change(self, path: Path, scenario: dict[str, Any], record: dict[Any, Any], row: Row) -> None:
        """Put one change into its scenario."""
        missing = [name for name in ("how", "path") if name not in record]
        if record.get("how") in HOWS[:3] and "value" not in record:
            missing.append("value")
        if missing:
            for name in missing:
                self._miss(name, row)
            return
        how, what = record["how"], record["path"]
        if how == "remove":
            items = scenario.setdefault(how, [])
            items.append(what)
            self.places.add((*path, how, len(items) - 1), row)
        else:
            self._put_once(scenario.setdefault(how, {}), (*path, how), what, record.get("value"), row)

    def _fields(self, table: Table, sheet: Sheet) -> None:
        """Read a record with a field a row."""
        names = (
            [trimmed(cell) if isinstance(cell, str) else "" for cell in sheet.rows[0]] if sheet.rows else []
        )
        if names[:2] != list(FIELDS_HEADER[:2]):
            message = f"the first row of {table.name} is field, value"
            self.problems.append(Problem("E101", message, (), "", sheet.locate(0, 0)))
            return
        into = self.data if not table.path else self.data.setdefault(str(table.path[0]), {})
        self.places.add(table.path, Row(sheet, 0, {}))
        for number, cells in enumerate(sheet.rows[1:], start=1):
            name, cell = _first_two(cells)
            found = table.column(trimmed(name)) if isinstance(name, str) else None
            if found is not None:
                self._field(table, found[0], cell, into, Row(sheet, number, {1: (found[0], "", False)}))
            elif not is_blank(cell):
                known = [column.header for column in table.columns]
                row = Row(sheet, number, {})
                self._say("E101", f"unknown field {str(name)[:60]!a}", row, 0, _meant(str(name), known))

    def _field(self, table: Table, column: Column, cell: Cell, into: dict[str, Any], row: Row) -> None:
        path = (*table.path, *column.place)
        if is_blank(cell):
            if not self.places.knows(path):
                self.places.add(path, row.at(1))
            return
        if column.kind != "none" and _get(into, column.place) is not None:
            self._say("E005", f"{column.header} is there twice", row, 0, "keep one of them")
            return
        self._cell((column, "", False), cell, into, {}, row, 1)
        self.places.add(path, row.at(1))

    def _miss(self, name: str, row: Row) -> None:
        """Say that a cell is empty, if nothing was said about it yet."""
        if not any(problem.location == row.locate(name) for problem in self.problems):
            self._say("E102", f"{name!r} is missing", row, row.index(name))

    def _say(self, code: str, message: str, row: Row, index: int, help: str = "") -> None:
        problem = Problem(code, message, (), help)
        self.problems.append(problem.at(row.sheet.locate(row.number, index), row.text(index)))


def _meant(name: str, known: Sequence[str]) -> str:
    return did_you_mean(name, known) or "known here: " + ", ".join(dict.fromkeys(known))


def _first_two(cells: Sequence[Cell]) -> tuple[Cell, Cell]:
    name, cell, *_ = (*cells, None, None)
    return name, cell


def _list_at(data: dict[str, Any], path: Key) -> list[Any]:
    for part in path[:-1]:
        data = data.setdefault(str(part), {})
    found: list[Any] = data.setdefault(str(path[-1]), [])
    return found


def _get(data: dict[Any, Any], place: Key) -> Any:
    for part in place:
        if not isinstance(data, dict) or part not in data:
            return None
        data = data[part]
    return data


def _put(record: dict[Any, Any], place: Key, value: Any) -> bool:
    """Set what is at a place; whether there was room for it."""
    for part in place[:-1]:
        record = record.setdefault(part, {})
        if not isinstance(record, dict):
            return False
    if place[-1] in record:
        return value == {} and isinstance(record[place[-1]], dict)
    record[place[-1]] = value
    return True
