"""From a certificate back to prices, the reverse of `proof`: a solve begins where another ended."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate import Certificate
from ciopt.certificate.money import MIN_SPEND
from ciopt.certificate.record import SPLIT_DIGITS
from ciopt.engines.large.charges import FundPrices
from ciopt.engines.large.relaxation import Multipliers, Relaxation
from ciopt.instance.money import minor_digits
from ciopt.program.purse import Timing

Floats = NDArray[np.float64]

_LEAST = 1e-3
"""Part of the guessed price at which a limit that had none begins: prices change by factors."""


def resumed(relaxation: Relaxation, guess: Multipliers, certificate: Certificate) -> Multipliers:
    """Return the prices of a certificate; what it says nothing of keeps its guess.

    Parameters
    ----------
    relaxation
        Of the program to solve, which may differ from the one that the certificate was made for.
    guess
        Prices to begin with otherwise.
    """
    return Multipliers(
        _rows(relaxation, guess.rows, certificate),
        relaxation.charges.feasible(_funds(relaxation, guess.funds, certificate)),
        _splits(relaxation, guess.splits, certificate),
        _switches(relaxation, guess.switches, certificate),
        relaxation.structure.mix.given(certificate.prices, guess.mix),
    )


def _rows(relaxation: Relaxation, guess: Floats, certificate: Certificate) -> Floats:
    rows, priced = relaxation.program.rows, relaxation.structure.priced
    given = np.array(
        [
            float(certificate.prices.get(rows.labels[number], 0)) * float(rows.unit[number])
            for number in priced.number.tolist()
        ],
        dtype=float,
    )
    found = np.where(priced.packing, np.maximum(given, _LEAST * guess), given)
    found = np.where(np.isfinite(priced.upper), found, np.minimum(found, 0.0))
    return np.asarray(np.where(np.isfinite(priced.lower), found, np.maximum(found, 0.0)))


def _funds(relaxation: Relaxation, guess: FundPrices, certificate: Certificate) -> FundPrices:
    instance = relaxation.program.instance
    minor = 10 ** minor_digits(instance.currency)
    unit, spend = guess.unit.copy(), guess.spend.copy()
    for number, purse in enumerate(relaxation.charges.purses):
        known = certificate.money.get(purse.name)
        if known is None:
            continue
        periods = instance.periods[:1] if purse.timing is Timing.TOTAL else instance.periods
        given = np.array([float(known.get(period, 0)) / minor for period in periods])
        unit[number, : len(given)] = given
        unit[number, len(given) :] = given[-1]
        spend[number] = float(known.get(MIN_SPEND, 0)) / minor
    return FundPrices(np.maximum(unit, _LEAST * guess.unit), spend)


def _splits(relaxation: Relaxation, guess: Floats, certificate: Certificate) -> Floats:
    """Splits of blocks, instance by instance as the certificate lists them."""
    program, blocks = relaxation.program, relaxation.structure.blocks
    if not len(blocks.threshold):
        return guess
    members = program.thresholds.members
    threshold_of = np.full(program.num_columns, -1, dtype=np.int64)
    threshold_of[program.thresholds.column] = np.arange(len(program.thresholds.column))
    block_of = np.full(len(members), -1, dtype=np.int64)
    block_of[blocks.threshold] = np.arange(len(blocks.threshold))
    start = np.concatenate([[0], np.cumsum(blocks.size)])
    given = {name: np.array(splits) / 10.0**SPLIT_DIGITS for name, splits in certificate.synergies.items()}
    listed = dict.fromkeys(given, 0)
    found = guess.copy()
    for (name, _), column in zip(program.synergy_labels, program.carried_columns.tolist(), strict=True):
        if name not in given:
            continue
        number = threshold_of[column]
        size = int(members.lengths[number])
        part = given[name][listed[name] : listed[name] + size]
        listed[name] += size
        block = block_of[number]
        if block >= 0 and len(part) == size:
            found[start[block] : start[block + 1]] = part
    return found


def _switches(relaxation: Relaxation, guess: Floats, certificate: Certificate) -> Floats:
    """What each activity bears of its partner's participation cost."""
    program, blocks = relaxation.program, relaxation.switch_blocks
    instance, options = program.instance, program.options
    found = guess.copy()
    partners = [number for number, partner in enumerate(instance.partners) if partner.participation_cost]
    for switch, number in enumerate(partners):
        given = certificate.participation.get(instance.partners[number].id, ())
        mine = np.flatnonzero(blocks.switch == switch)
        if len(given) != len(mine):
            continue
        first = program.literals.index[program.literals.start[:-1][blocks.literal[mine]]]
        names = [
            (instance.interventions[intervention].id, instance.places[place].id)
            for intervention, place in zip(
                options.intervention[first].tolist(), options.place[first].tolist(), strict=True
            )
        ]
        order = sorted(range(len(mine)), key=names.__getitem__)
        found[mine[order]] = np.maximum(0.0, np.array(given) / 10.0**SPLIT_DIGITS)
    return found
