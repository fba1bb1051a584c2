"""From prices to a certificate: multipliers of columns and rows in the words of the instance.

What the words have no place for (splits by partner or level, overlaps, backbones) is left out: the
certificate proves what it says, and that may be less than the relaxation promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Context, Decimal

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate import Certificate
from ciopt.certificate.money import MIN_SPEND
from ciopt.certificate.record import PRICE_DIGITS, SPLIT_DIGITS
from ciopt.engines.large.relaxation import Multipliers, Relaxation, Relaxed
from ciopt.instance.money import minor_digits
from ciopt.program.exact import ranges
from ciopt.program.purse import Timing

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

_FINEST = Decimal(1).scaleb(-PRICE_DIGITS)
_WIDE = Context(prec=60)


def certificate_of(relaxation: Relaxation, at: Multipliers, relaxed: Relaxed) -> Certificate:
    """Write the multipliers of a relaxation down."""
    instance = relaxation.program.instance
    goal = instance.agenda.stages[0]
    return Certificate(
        goal=goal if goal in ("targets", "value", "cost") else "value",
        prices=dict(_prices(relaxation, at, relaxed)),
        money=_money(relaxation, at),
        synergies=_synergies(relaxation, at, relaxed),
        participation=_participation(relaxation, at),
    )


def _decimal(price: float) -> Decimal:
    return Decimal(price).quantize(_FINEST, context=_WIDE)


def _prices(relaxation: Relaxation, at: Multipliers, relaxed: Relaxed) -> Iterator[tuple[str, Decimal]]:
    """Prices of rows by their labels, a natural unit each."""
    rows, structure = relaxation.program.rows, relaxation.structure
    for number, price in zip(structure.priced.number.tolist(), at.rows.tolist(), strict=True):
        if price:
            yield rows.labels[number], _decimal(price / float(rows.unit[number]))
    links, chosen = structure.links, relaxed.chosen
    implied = chosen.implied[: links.implied.shape[1]]
    for numbers, amounts in ((links.implied[0], implied), (links.excluded[0], chosen.excluded)):
        for number, price in zip(numbers.tolist(), amounts.tolist(), strict=True):
            if price:
                yield rows.labels[number], _decimal(price / float(rows.unit[number]))
    for label, weight in structure.mix.written(at.mix).items():
        yield label, _decimal(weight)


def _money(relaxation: Relaxation, at: Multipliers) -> dict[str, dict[str, Decimal]]:
    instance, found = relaxation.program.instance, {}
    minor = 10 ** minor_digits(instance.currency)
    for number, purse in enumerate(relaxation.charges.purses):
        periods = instance.periods[:1] if purse.timing is Timing.TOTAL else instance.periods
        prices = {
            period: _decimal(float(price) * minor)
            for period, price in zip(periods, at.funds.unit[number], strict=False)
        }
        if relaxation.charges.least[number]:
            prices[MIN_SPEND] = _decimal(float(at.funds.spend[number]) * minor)
        found[purse.name] = prices
    return found


def _synergies(relaxation: Relaxation, at: Multipliers, relaxed: Relaxed) -> dict[str, tuple[int, ...]]:
    """Splits of every synergy whose members are activities, instance by instance.

    A synergy of groups or with conditions on partners has more leaves than members: it is left to be
    divided evenly.
    """
    program, thresholds = relaxation.program, relaxation.program.thresholds
    split = np.zeros(len(thresholds.members.index))
    start = thresholds.members.start
    links = relaxation.structure.links
    _split_pairs(relaxation, relaxed, split, start)
    flows = relaxed.chosen.implied[links.implied.shape[1] :]
    sizes = thresholds.members.lengths[links.group]
    split[ranges(start[links.group], sizes)] = flows
    blocks = relaxation.structure.blocks
    split[ranges(start[blocks.threshold], blocks.size)] = at.splits
    threshold_of = np.full(program.num_columns, -1, dtype=np.int64)
    threshold_of[thresholds.column] = np.arange(len(thresholds.column))
    plain = {
        each.id for each in program.instance.synergies if each.within != "group" and each.partners == "any"
    }
    whole = np.ceil(split * 10**SPLIT_DIGITS - 1e-3)
    found: dict[str, list[int]] = {name: [] for name in plain}
    for (name, _), column in zip(program.synergy_labels, program.carried_columns.tolist(), strict=True):
        if name in plain:
            number = threshold_of[column]
            found[name] += whole[start[number] : start[number + 1]].astype(np.int64).tolist()
    return {name: tuple(splits) for name, splits in found.items()}


def _split_pairs(relaxation: Relaxation, relaxed: Relaxed, split: Floats, start: Array) -> None:
    """Divide products of the same two activities in proportion to what each is worth."""
    links, thresholds = relaxation.structure.links, relaxation.program.thresholds
    number, first, second = links.pair
    worth = relaxed.reduced[thresholds.column[number]]
    worth = np.where(thresholds.free[number], np.maximum(worth, 0.0), worth)
    total = np.bincount(relaxation.pair_of, worth, relaxation.pairs.shape[1])[relaxation.pair_of]
    part = np.divide(worth, total, out=np.zeros(len(worth)), where=np.abs(total) > 1e-12)
    gain = relaxed.chosen.gain[relaxation.pair_of] * part
    low = np.where(worth >= 0, gain, -np.abs(gain))
    high = np.where(worth >= 0, worth - gain, -np.abs(gain))
    split[start[number]] = np.where(first < second, low, high)
    split[start[number] + 1] = np.where(first < second, high, low)


def _participation(relaxation: Relaxation, at: Multipliers) -> dict[str, tuple[int, ...]]:
    """What each activity bears of its partner's participation cost, in the order of sorted activities."""
    program, blocks = relaxation.program, relaxation.switch_blocks
    instance, options = program.instance, program.options
    partners = [number for number, partner in enumerate(instance.partners) if partner.participation_cost]
    found = {}
    for switch, number in enumerate(partners):
        mine = np.flatnonzero(blocks.switch == switch)
        bears: dict[tuple[str, str], int] = {}
        for entry in mine.tolist():
            option = int(program.literals.row(int(blocks.literal[entry]))[0])
            activity = (
                instance.interventions[options.intervention[option]].id,
                instance.places[options.place[option]].id,
            )
            amount = Decimal(float(at.switches[entry])).scaleb(SPLIT_DIGITS)
            bears[activity] = int(amount.to_integral_value(ROUND_CEILING))
        found[instance.partners[number].id] = tuple(bears[activity] for activity in sorted(bears))
    return found
