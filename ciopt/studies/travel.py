"""How a plan travels back from a worker: its tables column by column, which is small and soon read.

Text that a person or another version could read is for files. Between two processes of the same version it
costs more than many a what-if itself.
"""

from __future__ import annotations

import pickle
from functools import cache
from typing import Any, get_args, get_type_hints

from ciopt.instance.base import Words
from ciopt.plan import Plan

_LONG = 50
"""Tables with more records than this travel as columns."""
_ALIKE = ("assignments", "payments", "synergies")
"""Tables of which plans have much in common; the first three fields of a record find its like."""


def boxed(plan: Plan) -> bytes:
    """Return a plan as bytes that `unboxed` reads in a process of the same version."""
    values = {name: getattr(plan, name) for name in type(plan).model_fields}
    tables = {
        name: _columns(value)
        for name, value in values.items()
        if isinstance(value, tuple) and len(value) > _LONG and name in _records()
    }
    rest = {name: value for name, value in values.items() if name not in tables}
    return pickle.dumps((rest, tables), protocol=pickle.HIGHEST_PROTOCOL)


Known = dict[tuple[Any, ...], Words]
"""Records of plans that came before."""


def unboxed(content: bytes, known: Known | None = None) -> Plan:
    """Return a plan that `boxed` wrote: from our own workers only, it is not checked again.

    Parameters
    ----------
    known
        Records that the plan may share, and to which its own are added: what-ifs have most in common.

    Examples
    --------
    >>> unboxed(boxed(plan)) == plan  # doctest: +SKIP
    True
    """
    rest, tables = pickle.loads(content)
    for name, columns in tables.items():
        kind = _records()[name]
        shares = known if name in _ALIKE else None
        fields, given = tuple(columns), set(columns)  # one set for all records: it is most of a small one
        records = []
        for values in zip(*columns.values(), strict=True):
            key = (name, *values[:3])
            same = None if shares is None else shares.get(key)
            if same is None or tuple(same.__dict__.values()) != values:
                same = kind.model_construct(given, **dict(zip(fields, values, strict=True)))
                if shares is not None:
                    shares[key] = same
            records.append(same)
        rest[name] = tuple(records)
    return Plan.model_construct(**rest)


def _columns(records: tuple[Words, ...]) -> dict[str, list[Any]]:
    return {name: [getattr(each, name) for each in records] for name in type(records[0]).model_fields}


@cache
def _records() -> dict[str, type[Words]]:
    """The tables of a plan, and what their records are."""
    hints = get_type_hints(Plan)
    kinds = {name: get_args(hint)[0] for name, hint in hints.items() if get_args(hint)[1:] == (...,)}
    return {name: kind for name, kind in kinds.items() if isinstance(kind, type) and issubclass(kind, Words)}
