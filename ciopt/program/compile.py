"""Compile an instance into a `Program`: one call a rule family, in the order they build on."""

from __future__ import annotations

import numpy as np

from ciopt.errors import InvalidInput, Problem
from ciopt.instance import Instance, Lookup
from ciopt.instance.checks.doubts import unsupported
from ciopt.instance.learning import learned
from ciopt.program.agenda import compile_agenda
from ciopt.program.build import Workshop, concatenated
from ciopt.program.estimates import Estimates
from ciopt.program.fairness import bills_of
from ciopt.program.model import Options, Program
from ciopt.program.money import compile_money
from ciopt.program.options import Quantities, compile_options
from ciopt.program.overlaps import compile_overlaps
from ciopt.program.resources import compile_backbones, compile_participation, compile_resources
from ciopt.program.rules import compile_rules
from ciopt.program.synergies import compile_synergies


def compile_program(instance: Instance) -> Program:
    """Turn an instance into integers. Pure: the same instance gives the same program.

    Raises
    ------
    InvalidInput
        If the instance uses what this version does not solve (W401 becomes an error), or its numbers
        are too large.

    Examples
    --------
    >>> compile_program(instance).num_activities  # doctest: +SKIP
    231
    """
    refused = [Problem("E401", each.message, each.path, each.help) for each in unsupported(instance)]
    if refused:
        raise InvalidInput(refused)
    instance = learned(instance)
    lookup = Lookup(instance)
    options, impacts = compile_options(lookup)
    shop = Workshop(lookup, options, _activity_at(lookup, options))
    quantities = Quantities(lookup)
    estimates = Estimates(lookup, options)
    sources = [estimates.of_options(columns, indicator) for columns, indicator, _ in impacts]
    for (columns, indicator, amounts), source in zip(impacts, sources, strict=True):
        shop.add_effects(columns, indicator, amounts, options.place[columns], estimate=source)
    synergies = compile_synergies(shop, quantities, estimates)
    compile_overlaps(shop, impacts, sources)
    compile_rules(shop)
    compile_resources(shop, quantities)
    participation = compile_participation(shop)
    backbones, carried = compile_backbones(shop, synergies)
    payers, cost_column, cost_amount = compile_money(
        shop, participation, backbones, carried.column, carried.backbone
    )
    effects = shop.effects()
    bills = bills_of(shop, participation, backbones, carried)
    agreed = compile_agenda(shop, effects, estimates.all(), (cost_column, cost_amount), bills)
    return Program(
        instance=instance,
        lookup=lookup,
        upper=shop.upper(),
        implied=np.concatenate(shop.implied),
        measures=np.concatenate(shop.measures),
        options=options,
        literals=shop.literals(),
        effects=effects,
        thresholds=shop.thresholds(),
        switches=shop.switches(),
        rows=shop.rows(),
        goals=agreed.goals,
        carried=carried,
        carried_columns=concatenated(synergies.columns),
        payers=payers,
        column_labels=tuple(shop.labels),
        synergy_labels=tuple(synergies.labels),
        ordered=agreed.ordered,
        floor=agreed.floor,
        estimates=estimates.all(),
    )


def _activity_at(lookup: Lookup, options: Options) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Number of the activity of (intervention, place), -1 where there is none."""
    table = np.full((len(lookup.interventions), len(lookup.places)), -1, dtype=np.int64)
    table[options.intervention, options.place] = options.activity
    return table
