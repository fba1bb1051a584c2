"""Sets in which one chooser picks items: quadratic, forfeits, several budgets, teams, citizens' votes."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from itertools import islice

from ciopt.files.published.records import WORTH, Record, chooser, instance, integers, numbers

_PLACES_OF_TEAMS = Decimal("0.000001")


def _item(number: int, cost: object, worth: object) -> Record:
    return {"id": f"i{number}", "cost": cost, "impact": {WORTH: worth} if worth else {}}


def _pair(number: int, first: int, second: int, worth: object) -> Record:
    return {"id": f"s{number}", "between": [f"i{first}", f"i{second}"], "adds": {WORTH: worth}}


def _ids(count: int) -> list[str]:
    return [f"i{number}" for number in range(count)]


def qkp(text: str) -> dict[str, Record]:
    """Quadratic knapsack (Billionnet & Soutif 2004): one budget, products of pairs."""
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.strip().isdigit())
    found = integers("\n".join(lines[first:]))
    count = next(found)
    profit = list(islice(found, count))
    pairs = [(i, j, next(found)) for i in range(count - 1) for j in range(i + 1, count)]
    rest = list(found)
    weights, capacity = rest[-count:], rest[-count - 1]
    kinds = [_item(k, weight, worth) for k, (weight, worth) in enumerate(zip(weights, profit, strict=True))]
    gains = [_pair(k, i, j, worth) for k, (i, j, worth) in enumerate(pairs) if worth]
    tables = chooser(capacity, _ids(count))
    return {"": instance("Quadratic knapsack", **tables, interventions=kinds, synergies=gains)}


def teams(text: str) -> dict[str, Record]:
    """Team formation in a network (Hochbaum et al. 2025): pairs only; one problem a budget."""
    lines = text.splitlines()
    count, num_pairs = (int(word) for word in lines[0].split()[:2])
    pairs = []
    for number, line in enumerate(lines[1 : num_pairs + 1]):
        first, second, worth = line.split()
        pairs.append(_pair(number, int(first), int(second), Decimal(worth).quantize(_PLACES_OF_TEAMS)))
    rest = list(integers("\n".join(lines[num_pairs + 1 :])))
    kinds = [_item(number, weight, 0) for number, weight in enumerate(rest[:count])]
    return {
        str(budget): instance(
            "Team formation", interventions=kinds, synergies=pairs, **chooser(budget, _ids(count))
        )
        for budget in rest[count:]
    }


def kpf(text: str) -> dict[str, Record]:
    """Knapsack with forfeits (Cerulli et al. 2020): pairs cost something, each time they are listed."""
    found = integers(text)
    count, num_pairs, capacity = next(found), next(found), next(found)
    profit, weight = list(islice(found, count)), list(islice(found, count))
    pairs = []
    for number in range(num_pairs):
        _, cost, _ = next(found), next(found), next(found)
        pairs.append(_pair(number, next(found), next(found), -cost))
    kinds = [_item(number, weight[number], profit[number]) for number in range(count)]
    tables = chooser(capacity, _ids(count))
    return {"": instance("Knapsack with forfeits", interventions=kinds, synergies=pairs, **tables)}


def mkp(text: str) -> dict[str, Record]:
    """Multidimensional knapsack (Chu & Beasley 1998): several capacities; problems by number."""
    found = integers(text)
    problems = {}
    for number in range(next(found)):
        count, num_limits, _ = next(found), next(found), next(found)
        profit = list(islice(found, count))
        weights = [list(islice(found, count)) for _ in range(num_limits)]
        capacity = {f"r{row}": next(found) for row in range(num_limits)}
        kinds = [
            {**_item(k, 0, profit[k]), "uses": {f"r{row}": weights[row][k] for row in range(num_limits)}}
            for k in range(count)
        ]
        tables = chooser(0, _ids(count), capacity=capacity)
        problems[str(number)] = instance("Multidimensional knapsack", interventions=kinds, **tables)
    return problems


def pabulib(text: str) -> dict[str, Record]:
    """Participatory budgeting (pabulib.org): projects, their costs and votes, one budget."""
    parts = {}
    rows = list(csv.reader(io.StringIO(text.encode("latin-1").decode("utf-8")), delimiter=";"))
    starts = [
        n for n, row in enumerate(rows) if row and row[0].strip().upper() in ("META", "PROJECTS", "VOTES")
    ]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        parts[rows[start][0].strip().upper()] = rows[start + 1 : end]
    budget = next(row[1] for row in parts["META"] if row[0].strip() == "budget")
    head, *projects = [row for row in parts["PROJECTS"] if row]
    where = {name.strip(): number for number, name in enumerate(head)}
    votes = where["votes"] if "votes" in where else where["score"]
    kinds = [
        {
            **_item(number, next(numbers(row[where["cost"]])), next(numbers(row[votes]))),
            "name": row[where["name"]] if "name" in where else row[0],
        }
        for number, row in enumerate(projects)
    ]
    tables = chooser(next(numbers(budget)), _ids(len(kinds)))
    return {"": instance("Participatory budget", interventions=kinds, **tables)}
