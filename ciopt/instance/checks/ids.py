"""Ids: unique in their table, and not to be mistaken for one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ciopt.errors import Problem
from ciopt.instance.model import Instance

TABLES = (
    "places", "indicators", "partners", "funds", "interventions", "capabilities", "options",
    "synergies", "overlaps", "rules", "backbones", "baseline", "measurements",
)  # fmt: skip
_LOOK_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "_": "-", ".": "-"})


def check(instance: Instance) -> Iterator[Problem]:
    """Yield duplicate ids (E201) and confusable ones (W201)."""
    for table in TABLES:
        records = getattr(instance, table)
        yield from _check_table((table,), [record.id for record in records])
    yield from _check_table(("periods",), instance.periods)
    for number, intervention in enumerate(instance.interventions):
        yield from _check_table(
            ("interventions", number, "levels"), [level.id for level in intervention.levels]
        )
    yield from _check_table(("agenda", "targets"), [target.id for target in instance.agenda.targets])


def _check_table(table: tuple[str | int, ...], ids: Iterable[str | None]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    alike: dict[str, str] = {}
    for number, name in enumerate(ids):
        if name is None:
            continue
        path = (*table, number) if table == ("periods",) else (*table, number, "id")
        if name in seen:
            first = f"{table[-1]}[{seen[name]}]"
            yield Problem(
                "E201", f"the id {name!r} is used twice in {table[-1]}", path, f"first used at {first}"
            )
            continue
        seen[name] = number
        shape = name.lower().translate(_LOOK_ALIKE)
        if shape in alike:
            yield Problem("W201", f"the id {name!r} is easily mistaken for {alike[shape]!r}", path)
        else:
            alike[shape] = name
