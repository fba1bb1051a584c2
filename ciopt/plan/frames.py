"""A plan as pandas tables, for notebooks and further analysis."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from ciopt.instance.base import Words

TABLES = (
    "assignments",
    "payments",
    "synergies",
    "backbones",
    "indicators",
    "targets",
    "fairness",
    "partners",
    "funds",
)


def frames(plan: Words) -> dict[str, pd.DataFrame]:
    """Return one data frame a table of the plan; nested effects become columns such as ``impact.income``."""
    return {table: _frame(getattr(plan, table)) for table in TABLES}


def _frame(records: tuple[Any, ...]) -> pd.DataFrame:
    if not records:
        return pd.DataFrame()
    return pd.DataFrame(
        [_flat({name: getattr(record, name) for name in type(record).model_fields}) for record in records]
    )


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{key}": float(part) for key, part in value.items()})
        else:
            flat[name] = float(value) if isinstance(value, Decimal) else value
    return flat
