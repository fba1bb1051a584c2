"""The program of an instance that differs from a compiled one in amounts of money only.

Budgets and amounts of funds are nothing but right-hand sides: everything else of the program is shared, and
a hundred what-ifs about money need not compile a hundred times.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Instance, Lookup
from ciopt.instance.records import Fund, Partner
from ciopt.program.compile import compile_program
from ciopt.program.funds import money_unit, purses
from ciopt.program.model import Payers, Program, Rows
from ciopt.program.money import ceilings, most_paid
from ciopt.program.purse import Purse

Array = NDArray[np.int64]

_NOT_COMPILED = {"name", "notes", "refs", "description", "scenarios", "partners", "funds"}
"""Fields of an instance that its program does not follow from; partners and funds are compared apart."""
_EXACT = 2.0**53
"""Divisors of rows are kept as floats: from here on they might not be exact."""

_LAST = "program"
_MOST = 500_000
"""Options up to which a program is kept for the next what-if."""


def with_amounts(program: Program, instance: Instance) -> Program | None:
    """Return what `compile_program` would make of an instance, from one that is like it but for money.

    Parameters
    ----------
    program
        Compiled from an instance with other budgets and amounts of funds; it shares its arrays.
    instance
        Without measurements that are still to be worked in.

    Returns
    -------
    Program
        None if more than amounts of money differ, or follows from them.
    """
    if not _is_alike(program.instance, instance):
        return None
    payers = program.payers
    wallets = purses(instance)
    if money_unit(instance, wallets, payers.due[:, 2]) != payers.unit:
        return None
    rows = _rows(program, instance, wallets)
    if rows is None:
        return None
    payers = replace(payers, purses=wallets)
    return replace(
        program,
        instance=instance,
        lookup=Lookup(instance),
        upper=_upper(program, payers),
        rows=rows,
        payers=payers,
    )


def is_patched(program: Program, other: Program) -> bool:
    """Whether two programs differ in amounts of money only: one was made of the other, or both of a third."""
    return program.rows.terms is other.rows.terms and program.goals is other.goals


def _is_alike(one: Instance, other: Instance) -> bool:
    """Whether two instances differ in amounts of money only, and nothing else looks at these."""
    risk = one.agenda.risk
    if risk is not None and risk.cost_gamma is not None:
        return False  # what is left for overruns is a row of all money together
    names = set(Instance.model_fields) - _NOT_COMPILED
    return (
        len(one.partners) == len(other.partners)
        and len(one.funds) == len(other.funds)
        and all(map(_same_partner, one.partners, other.partners))
        and all(map(_same_fund, one.funds, other.funds))
        and all(getattr(one, name) == getattr(other, name) for name in names)
    )


def _same_partner(one: Partner, other: Partner) -> bool:
    """Whether two partners differ in their budgets only, and these lie alike in time."""
    return one == other or (
        type(one.budget) is type(other.budget)
        and one.model_copy(update={"budget": None}) == other.model_copy(update={"budget": None})
    )


def _same_fund(one: Fund, other: Fund) -> bool:
    return one == other or (
        type(one.amount) is type(other.amount) and one.model_copy(update={"amount": other.amount}) == other
    )


def _rows(program: Program, instance: Instance, wallets: tuple[Purse, ...]) -> Rows | None:
    """Rows with the new amounts as their upper bounds."""
    rows = program.rows
    upper = rows.upper.copy()
    number_of = {label: number for number, label in enumerate(rows.labels)}
    for purse, before in zip(wallets, program.payers.purses, strict=True):
        if purse.amounts == before.amounts:
            continue
        for label, _, amount in ceilings(purse, instance.periods):
            number = number_of.get(label)
            if number is None:
                continue  # nothing is charged to it
            if not rows.unit[number] < _EXACT:
                return None
            upper[number] = amount // int(rows.unit[number])
    return replace(rows, upper=upper)


def _upper(program: Program, payers: Payers) -> Array:
    """Upper bounds of columns: what a fund pays to a class is at most what it has."""
    upper = program.upper.copy()
    option, when, amount = payers.due.T
    for number, period, fund, column in payers.pooled.tolist():
        if payers.purses[fund].amounts != program.payers.purses[fund].amounts:
            mine = (payers.option_class[option] == number) & ((when == period) | (period < 0))
            upper[column] = most_paid(payers.purses[fund], int(amount[mine].sum()), payers.unit)
    return upper


def program_of(instance: Instance) -> Program:
    """Compile an instance, or take what is known of the last one with the same tables of work.

    Raises
    ------
    InvalidInput
        As `compile_program` does.
    """
    others = Lookup(instance).facts.others
    last: Program | None = others.get(_LAST)
    found = None if last is None or instance.measurements else with_amounts(last, instance)
    if found is None:
        found = compile_program(instance)
        if len(found.options) <= _MOST:
            others[_LAST] = found
    return found
