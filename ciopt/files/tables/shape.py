"""Which tables and columns the format has: read off its records, so that it is written down only once.

A record is a row. A nested record is columns with a dot (``match.ratio``), an object of numbers is a column a
key (``attributes.farmers``, ``budget.2027``), a quantity is one cell (``120000 + 45000 * km``). What belongs
to a record many times (impacts, uses, capacities, levels, changes of a scenario) is a table of its own, whose
rows name the record they belong to.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ciopt.instance import Instance
from ciopt.instance.base import EstimateRecord, Id, Quantity, Record, Reference
from ciopt.instance.rules import RULE_KEYS, Scenario

Kind = Literal[
    "id", "text", "number", "amount", "flag", "ids", "numbers", "quantity", "estimate", "refs", "json", "none"
]
"""What a cell holds; ``none``: nothing but ``{}``, for an object of which nothing is said."""

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Column:
    """One column: where its cells go in the record, and what they hold.

    Parameters
    ----------
    path
        Keys inside the record, the header joins them with dots; an open column stands for every header that
        goes on after its own.
    key
        Keys where the header is not the path: ``low`` is ``range``, 0.
    """

    path: tuple[str, ...]
    kind: Kind
    required: bool = False
    doc: str = ""
    choices: tuple[str, ...] = ()
    is_open: bool = False
    key: Key = ()

    @property
    def header(self) -> str:
        """The name in the first row; of an open column what comes before the key."""
        return ".".join(self.path)

    @property
    def place(self) -> Key:
        """Where the value goes in the record."""
        return self.key or self.path


@dataclass(frozen=True)
class Table:
    """A sheet, or a CSV file: a kind of record.

    Parameters
    ----------
    path
        Where the records are in the data; for a child table, where they are in a record of its parent.
    parent
        The table that the rows belong to; the column with its ids is called `owner`.
    key
        The column with the key, where the records are the values of an object.
    """

    name: str
    path: Key
    columns: tuple[Column, ...]
    doc: str = ""
    parent: str = ""
    owner: str = ""
    key: str = ""
    shape: Literal["rows", "fields", "changes", "ids"] = "rows"
    is_required: bool = False

    def column(self, header: str) -> tuple[Column, str] | None:
        """Return the column a header means, and the key that an open column has in it."""
        for column in self.columns:
            if column.header == header and not column.is_open:
                return column, ""
        for column in self.columns:
            start = column.header + "."
            if column.is_open and header.startswith(start) and header != start:
                return column, header.removeprefix(start)
        return None

    @property
    def has_ids(self) -> bool:
        """Whether every record must have an id."""
        return any(column.header == "id" and column.required for column in self.columns)

    @property
    def lead(self) -> tuple[Column, ...]:
        """The columns that say which record a row is, or belongs to, and which are not part of it."""
        names = [name for name in (self.owner, self.key) if name]
        return tuple(Column((name,), "id", required=True) for name in names)


HOWS = ("set", "scale", "add", "remove")


@cache
def tables() -> dict[str, Table]:
    """Return all tables by name, parents before their children.

    Examples
    --------
    >>> list(tables())[:4]
    ['coalition', 'periods', 'places', 'indicators']
    >>> tables()["impacts"].owner
    'intervention'
    """
    found: list[Table] = []
    fields = tuple(_columns(Instance, (), leave=("periods",)))
    found.append(Table("coalition", (), fields, _doc(Instance), shape="fields"))
    for name, field in Instance.model_fields.items():
        found += _tables_of(name, field)
    return {table.name: table for table in found}


def _tables_of(name: str, field: FieldInfo) -> Iterator[Table]:
    inner, doc, required = _item(field.annotation), field.description or "", field.is_required()
    if name == "periods":
        yield Table(name, (name,), (Column(("id",), "id", True, doc),), doc, shape="ids")
    elif typing.get_origin(_bare(field.annotation)) is dict:
        rest = tuple(_columns(Scenario, (), leave=HOWS))
        yield Table(name, (name,), rest, _doc(Scenario), key="id")
        yield Table("changes", HOWS, _changes(), "What scenarios change.", name, "scenario", shape="changes")
    elif inner is not None and name not in Record.model_fields:
        models = [each for each in _branches(inner) if _is_model(each)]
        yield Table(
            name, (name,), _merged(models), _doc(models[0], len(models)), shape="rows", is_required=required
        )
        for model in models:
            yield from _children(name, model)
    elif _is_model(field.annotation):
        model = _model(field.annotation)
        yield Table(name, (name,), tuple(_columns(model, ())), _doc(model), shape="fields")
        for key, part in model.model_fields.items():  # such as the targets of the agenda
            items = [each for each in _branches(_item(part.annotation)) if _is_model(each)]
            if items and items[0] is not Reference:
                yield Table(key, (name, key), _merged(items), _doc(items[0]))


def singular(table: str) -> str:
    """Return what one record of a table is called.

    Examples
    --------
    >>> singular("synergies"), singular("places")
    ('synergy', 'place')
    """
    return table.removesuffix("ies") + "y" if table.endswith("ies") else table.removesuffix("s")


def _children(parent: str, model: type[BaseModel]) -> Iterator[Table]:
    """What a record with an id has many of."""
    owner = singular(parent)
    if not _has_id(model):
        return
    for name, field in model.model_fields.items():
        bare, doc = _bare(field.annotation), field.description or ""
        item = _item(bare)
        if typing.get_origin(bare) is dict:
            values = _bare(typing.get_args(bare)[1])
            if values is Decimal:
                continue
            columns = tuple(_value_columns(values))
            yield Table(_CHILD.get(name, name), (name,), columns, doc, parent, owner, _KEY[name])
        elif item is not None and _is_model(item) and _model(item) is not Reference:
            yield Table(name, (name,), tuple(_columns(_model(item), ())), doc, parent, owner)


_CHILD = {"impact": "impacts", "capacity": "capacities"}
_KEY = {"impact": "indicator", "adds": "indicator", "uses": "resource", "capacity": "resource"}
"""What the keys of an object are: the header of their column."""


def _value_columns(annotation: Any) -> Iterator[Column]:
    """Columns of a table whose records are a quantity, an estimate or an amount."""
    model = next((_model(each) for each in _branches(annotation) if _is_model(each)), None)
    if model is None:
        yield Column(
            ("amount",), "amount", doc="One number for all periods; or a column a period.", key=("",)
        )
        yield Column(("amount",), "number", doc="In this period.", is_open=True, key=("",))
        return
    amount = Column(("amount",), "quantity", True, _doc(model), key=("",))
    if not issubclass(model, EstimateRecord):
        yield amount
        return
    interval, evidence = model.model_fields["range"], model.model_fields["evidence"]
    yield Column(("low",), "number", doc=interval.description or "", key=("range", 0))
    yield amount
    yield Column(("high",), "number", doc=interval.description or "", key=("range", 1))
    yield Column(("evidence",), "id", False, evidence.description or "", _choices(evidence.annotation))


def _changes() -> tuple[Column, ...]:
    return (
        Column(("how",), "id", True, "What is done.", HOWS),
        Column(("path",), "text", True, "The id path of what is changed: partners.mars.budget"),
        Column(("value",), "json", False, "A number, text, or JSON; nothing for remove."),
    )


def _merged(models: list[type[BaseModel]]) -> tuple[Column, ...]:
    """All columns of records of several kinds: a column that not all have is not required."""
    each = [tuple(_columns(model, ())) for model in models]
    found: dict[tuple[tuple[str, ...], bool], Column] = {}
    for column in (column for columns in each for column in columns):
        known = found.setdefault((column.path, column.is_open), column)
        if len(models) > 1 and known.required:
            found[column.path, column.is_open] = replace(known, required=False)
    return tuple(sorted(found.values(), key=lambda column: column.header in _TAIL))


_TAIL = ("notes", "refs")


def _columns(
    model: type[BaseModel], before: tuple[str, ...], leave: tuple[str, ...] = ()
) -> Iterator[Column]:
    for name, field in _id_first(model):
        if name in leave:
            continue
        key = field.alias or name
        yield from _column(model, field, (*before, key))


def _column(model: type[BaseModel], field: FieldInfo, path: tuple[str, ...]) -> Iterator[Column]:
    """Columns of one field; none if it is a table of its own."""
    required, doc = field.is_required() and len(path) == 1, field.description or ""
    bare = _bare(field.annotation)
    branches = [_bare(each) for each in _branches(bare)]
    item = _item(bare)
    objects = [each for each in branches if typing.get_origin(each) is dict]
    records = [_model(each) for each in branches if _is_model(each)]
    if item is not None and any(_is_model(each) for each in _branches(item)):
        if _model(item) is Reference:
            yield Column(path, "refs", required, doc)
    elif item is not None:
        is_numbers = _bare(item) is Decimal
        yield Column(path, "numbers" if is_numbers else "ids", required, doc, _choices(item))
    elif objects and model is not Instance:
        values = _bare(typing.get_args(objects[0])[1])
        if Decimal in branches:
            yield Column(path, "amount", required, doc)
        if values is Decimal:
            yield Column(path, "number", False, doc, is_open=True)
        elif not _has_id(model):
            yield Column(path, "estimate", False, doc, is_open=True)
    elif records and issubclass(records[0], Quantity):
        yield Column(path, "quantity", required, doc)
    elif records and model is not Instance:
        yield from _nested(records[0], field, path, Decimal in branches)
    elif not records and not objects:
        yield Column(path, _scalar(field), required, doc, _choices(bare))


def _nested(
    model: type[BaseModel], field: FieldInfo, path: tuple[str, ...], or_number: bool
) -> Iterator[Column]:
    if or_number:
        yield Column(path, "number", False, field.description or "")
    elif not any(each.is_required() for each in model.model_fields.values()):
        yield Column(path, "none", False, "Write {} for one of which nothing is said.")
    yield from _columns(model, path)


def _scalar(field: FieldInfo) -> Kind:
    branches = _branches(field.annotation)
    if bool in branches:
        return "flag"
    if Decimal in branches or int in branches or Literal[1] in branches:
        return "number"
    marks = [*field.metadata, *(mark for each in _annotated(field.annotation) for mark in each)]
    return "text" if str in branches and _ID_MARK not in marks else "id"


_ID_MARK = typing.get_args(Id)[1]
"""What tells an id from other text."""


def _annotated(annotation: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the annotations of the branches of a union."""
    if typing.get_origin(annotation) is typing.Annotated:
        yield annotation.__metadata__
    for branch in typing.get_args(annotation):
        yield from _annotated(branch)


def _id_first(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """Name the fields of a record in reading order: its id, its name, what it says, notes and codes."""
    fields = dict(model.model_fields)
    head = [name for name in ("id", "name") if name in fields]
    tail = [name for name in Record.model_fields if name in fields and name not in head]
    middle = [name for name in fields if name not in head and name not in tail]
    return [(name, fields[name]) for name in (*head, *middle, *tail)]


def _has_id(model: type[BaseModel]) -> bool:
    return "id" in model.model_fields and model.model_fields["id"].is_required()


def _doc(model: type[BaseModel], num_kinds: int = 1) -> str:
    if num_kinds > 1:
        return f"One kind of rule a row: {', '.join(RULE_KEYS)}."
    return (model.__doc__ or "").strip().split("\n")[0]


def _bare(annotation: Any) -> Any:
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return annotation


def _branches(annotation: Any) -> list[Any]:
    """Open unions, annotations and the absence of a value."""
    bare = _bare(annotation)
    if typing.get_origin(bare) in (typing.Union, types.UnionType):
        return [inner for branch in typing.get_args(bare) for inner in _branches(branch)]
    return [] if bare in (None, types.NoneType) else [bare]


def _item(annotation: Any) -> Any:
    """What a list is of; None if it is not a list. A selection is a list, or everything."""
    for branch in _branches(annotation):
        if typing.get_origin(branch) is tuple:
            return typing.get_args(branch)[0]
    return None


def _choices(annotation: Any) -> tuple[str, ...]:
    literals = [each for each in _branches(annotation) if typing.get_origin(each) is Literal]
    words = [str(word) for each in literals for word in typing.get_args(each)]
    return tuple(words) if words not in (["*"], ["1"]) else ()


def _is_model(annotation: Any) -> bool:
    return any(isinstance(each, type) and issubclass(each, BaseModel) for each in _branches(annotation))


def _model(annotation: Any) -> type[BaseModel]:
    found: type[BaseModel] = next(
        each for each in _branches(annotation) if isinstance(each, type) and issubclass(each, BaseModel)
    )
    return found
