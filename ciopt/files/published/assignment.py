"""Sets in which several partners share what is to be done: assignment, facilities, several knapsacks."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import islice

from ciopt.files.published.records import HERE, WORTH, Record, instance, integers, numbers

_BLANKS = str.maketrans({"\0": " ", "\x1a": " "})


def gap(text: str) -> dict[str, Record]:
    """Generalised assignment (Chu & Beasley 1997): every job once; what it uses depends on who does it.

    What a job uses of an agent's capacity is its money here, and its cost a loss of worth.
    """
    found = integers(text)
    num_agents, num_jobs = next(found), next(found)
    cost = [list(islice(found, num_jobs)) for _ in range(num_agents)]
    use = [list(islice(found, num_jobs)) for _ in range(num_agents)]
    jobs = [f"j{number}" for number in range(num_jobs)]
    return {
        "": instance(
            "Generalised assignment",
            [{"id": f"a{agent}", "budget": next(found)} for agent in range(num_agents)],
            interventions=[{"id": job, "cost": 0, "impact": {WORTH: 0}} for job in jobs],
            capabilities=_everybody([f"a{agent}" for agent in range(num_agents)], jobs),
            options=[
                {
                    "partner": f"a{agent}",
                    "intervention": job,
                    "place": HERE,
                    "cost": use[agent][number],
                    "impact": {WORTH: -cost[agent][number]},
                }
                for agent in range(num_agents)
                for number, job in enumerate(jobs)
            ],
            rules=_each_once(jobs),
        )
    }


def sscflp(text: str) -> dict[str, Record]:
    """Facility location, single source (Holmberg et al. 1999): opening costs and capacities."""
    found = integers(text.translate(_BLANKS))
    num_sites, num_customers = next(found), next(found)
    sites = [(next(found), next(found)) for _ in range(num_sites)]
    demand = list(islice(found, num_customers))
    cost = [list(islice(found, num_customers)) for _ in range(num_sites)]
    customers = [f"c{number}" for number in range(num_customers)]
    plenty = sum(fixed for _, fixed in sites) + sum(map(sum, cost))
    return {
        "": instance(
            "Facility location",
            [
                {
                    "id": f"f{site}",
                    "budget": plenty,
                    "participation_cost": fixed,
                    "capacity": {"units": capacity},
                }
                for site, (capacity, fixed) in enumerate(sites)
            ],
            interventions=[
                {"id": customer, "cost": 0, "uses": {"units": units}, "impact": {WORTH: 1}}
                for customer, units in zip(customers, demand, strict=True)
            ],
            capabilities=_everybody([f"f{site}" for site in range(num_sites)], customers),
            options=[
                {"partner": f"f{site}", "intervention": customer, "place": HERE, "cost": cost[site][number]}
                for site in range(num_sites)
                for number, customer in enumerate(customers)
            ],
            rules=_each_once(customers),
            agenda={"minimize": "cost", "targets": [{"indicator": WORTH, "at_least": num_customers}]},
        )
    }


def gqmkp(text: str) -> dict[str, Record]:
    """Generalised quadratic multiple knapsack (Sarac & Sipahioglu 2014).

    A knapsack is a place with a partner of its own; setting a class up there is an activity that its items
    need; an item is at one place at most.
    """
    text = "\n".join(line.strip() for line in text.splitlines())  # some lines end in thousands of blanks
    sizes = dict(re.findall(r"^([jkr])\b[^/\n]*/ *1\*(\d+)", text, re.MULTILINE))
    num_items, num_sacks, num_classes = (int(sizes[name]) for name in "jkr")
    weight = {int(key): value for key, value in _table(text, "w(j)")}
    base = {int(key): value for key, value in _table(text, "po(j)")}
    class_of = {key.split(".")[1]: int(key.split(".")[0]) for key, value in _table(text, "t(r,j)") if value}
    setup = {int(key): value for key, value in _table(text, "s(r)")}
    most = {int(key): int(value) for key, value in _table(text, "nr(r)")}
    likes = dict(_table(text, "psi(r,k)"))
    pairs = _table(text, "pp(i,j)")
    capacity = next(numbers(text.split("cap(k)=")[1]))
    sacks = range(1, num_sacks + 1)
    kinds: list[Record] = [
        {"id": f"i{j}", "cost": 0, "uses": {"weight": weight[j]}} for j in range(1, num_items + 1)
    ] + [
        {"id": f"class-{r}", "cost": 0, "uses": {"weight": setup.get(r, 0)}}
        for r in range(1, num_classes + 1)
    ]
    return {
        "": instance(
            "Generalised quadratic multiple knapsack",
            [{"id": f"k{k}", "capacity": {"weight": capacity}} for k in sacks],
            places=[{"id": f"at-{k}"} for k in sacks],
            interventions=kinds,
            capabilities=[
                {"partner": f"k{k}", "intervention": kind["id"], "places": [f"at-{k}"]}
                for k in sacks
                for kind in kinds
            ],
            options=[
                {
                    "partner": f"k{k}",
                    "intervention": f"i{j}",
                    "place": f"at-{k}",
                    "impact": {WORTH: base[j] * likes.get(f"{class_of[str(j)]}.{k}", Decimal(1))},
                }
                for k in sacks
                for j in range(1, num_items + 1)
                if base.get(j)
            ],
            synergies=[
                {
                    "id": f"s{number}",
                    "between": [f"i{end}" for end in key.split(".")],
                    "adds": {WORTH: worth},
                }
                for number, (key, worth) in enumerate(pairs)
                if worth
            ],
            rules=_classes(num_items, class_of, most),
        )
    }


def _classes(num_items: int, class_of: dict[str, int], most: dict[int, int]) -> list[Record]:
    """An item is in one knapsack at most, a class in so many; an item needs the set-up of its class."""
    once = [
        {"id": f"once-{j}", "at_most": 1, "of": [f"i{j}"], "within": "all"} for j in range(1, num_items + 1)
    ]
    few = [
        {"id": f"few-{r}", "at_most": number, "of": [f"class-{r}"], "within": "all"}
        for r, number in most.items()
    ]
    ready = [
        {"id": f"set-up-{j}", "requires": {"intervention": f"i{j}", "needs": [f"class-{r}"]}}
        for j, r in class_of.items()
    ]
    return [*once, *few, *ready]


def _table(text: str, name: str) -> list[tuple[str, Decimal]]:
    """(key, number) of a parameter of a GAMS file."""
    body = text.split(f"parameter {name}/")[1].split("/")[0]
    return [
        (key.replace(" ", ""), Decimal(number))
        for key, number in re.findall(r"(\d+(?:\s*\.\s*\d+)?)\s*[=\s]\s*([-+]?[\d.]+)", body)
    ]


def _everybody(partners: list[str], kinds: list[str]) -> list[Record]:
    return [
        {"partner": partner, "intervention": kind, "places": "*"} for partner in partners for kind in kinds
    ]


def _each_once(kinds: list[str]) -> list[Record]:
    return [{"id": f"must-{kind}", "must": {"intervention": kind, "place": HERE}} for kind in kinds]
