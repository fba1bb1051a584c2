"""What a workbook tells those who fill it in: input messages, drop-downs, the read-me sheet."""

from __future__ import annotations

from collections.abc import Iterator

from ciopt.files.tables.package import column_name
from ciopt.files.tables.shape import Column, Kind, Table, singular, tables
from ciopt.files.tables.units import unit

_FORMS: dict[Kind, str] = {
    "flag": "TRUE or FALSE.",
    "ids": "One or several, with commas between them.",
    "numbers": "With semicolons between them: 0.7; 0.3",
    "quantity": "A number, or 120000 + 45000 * km, where km is an attribute of the place.",
    "estimate": "A quantity, and [low; high] and (evidence) if known: 15200 [0.6; 1.4] (moderate)",
    "refs": "Codes such as SDG:1; IATI:XM-DAC-928",
}
_LAST_ROW = 5_000
_LONGEST = 255
_EVERYTHING = frozenset(("places", "periods", "interventions", "partners"))


def message(table: Table, column: Column, currency: str) -> str:
    """Return the input message of a column: what it is, its form and unit, at most 255 characters."""
    choices = f"One of: {', '.join(column.choices)}." if column.choices else ""
    counted = unit(table.name, column.header, currency)
    said = [column.doc or _what(column), _FORMS.get(column.kind, ""), choices]
    said.append(f"Unit: {counted}." if counted else "")
    if column.kind == "amount":
        said.append(f"Or by period, in columns such as {column.header}.2027.")
    plural = column.path[-1]
    if column.kind == "ids" and plural in tables():
        said.append(f"Ids of the sheet {plural}" + (", or * for all." if plural in _EVERYTHING else "."))
    text = " ".join(part.replace("``", "").replace("`", "") for part in said if part)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def drop_down(column: Column) -> list[str] | str | None:
    """Return what a cell can be chosen from: words, or a range of another sheet; None if it is free."""
    if column.kind == "flag":
        return ["TRUE", "FALSE"]
    if column.choices and column.kind == "id":
        return list(column.choices)
    target = _by_singular().get(column.path[-1]) if column.kind == "id" else None
    if target is None:
        return None
    headers = [each.header for each in (*target.lead, *target.columns)]
    letters = column_name(headers.index("id"))
    return f"='{target.name}'!${letters}$2:${letters}${_LAST_ROW}"


def _what(column: Column) -> str:
    """Say what an id is the id of."""
    if column.header == "id":
        return "Its id: letters, digits, _ . -; every one different."
    target = _by_singular().get(column.path[-1]) if column.kind == "id" else None
    if column.header == "resource":
        return "A name of your choice, the same in uses and in capacities."
    return f"An id of the sheet {target.name}." if target else ""


def _by_singular() -> dict[str, Table]:
    """Tables with ids, by what one of their records is called: ``place``."""
    found = {}
    for table in tables().values():
        if table.has_ids or table.key == "id":
            found[singular(table.name)] = table
    return found


def read_me(currency: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the lines of the read-me sheet: sheet, column, whether it is required, what it is."""
    yield "How to fill in this workbook", "", "", ""
    for line in _INTRODUCTION:
        yield line, "", "", ""
    yield "", "", "", ""
    yield "sheet", "column", "", "what it is"
    for table in tables().values():
        owner = f" Each row belongs to one of {table.parent}." if table.parent else ""
        yield table.name, "", "required" if table.is_required else "", table.doc.replace("``", "") + owner
        for column in (*table.lead, *table.columns):
            if column.kind != "none":
                header = f"{column.header}.…" if column.is_open else column.header
                required = "required" if column.required else ""
                yield "", header, required, message(table, column, currency)


_INTRODUCTION = (
    "One sheet is one table, one row is one record. Dark headings are required, light ones optional.",
    "Leave empty what does not apply. Columns may stand in any order; columns not used may be deleted.",
    "Ids are letters, digits, _ . - ; names and notes are free text.",
    "Numbers are written with a point, shares as 0.8 (a cell formatted as 80 % is 0.8 too).",
    "Add columns as needed: attributes.farmers (places), budget.2027 (partners), amount.2027 (funds).",
    "Estimates have low, amount and high: low and high are multiples of the amount, an 80 % interval.",
    "Sheets whose names begin with x- are yours: they are not read.",
    "Then: ciopt check, ciopt solve and every other command read this file as it is.",
)
