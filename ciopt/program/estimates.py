"""Which estimate every effect errs with: numbered where the agenda asks for risk, -1 everywhere else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Lookup
from ciopt.instance.estimates import Estimated, Key, estimated
from ciopt.instance.uncertainty import spread
from ciopt.program.model import Options, option_at
from ciopt.program.options import overridden_columns

Array = NDArray[np.int64]


class Estimates:
    """Numbers the estimates of a program as they are met.

    Parameters
    ----------
    lookup, options
        The instance and its options.
    """

    def __init__(self, lookup: Lookup, options: Options) -> None:
        risk = lookup.instance.agenda.risk
        self.matter = risk is not None and (risk.gamma is not None or risk.how == "cvar")
        self.lookup, self.options = lookup, options
        self._number: dict[Estimated, int] = {}
        self._own = overridden_columns(lookup, options) if lookup.instance.options else np.zeros(0, np.int64)

    def all(self) -> tuple[Estimated, ...]:
        """All that were met."""
        return tuple(self._number)

    def number(self, source: Estimated) -> int:
        """Number of one estimate."""
        return self._number.setdefault(source, len(self._number))

    def of_options(self, columns: Array, indicator: int) -> Array:
        """Number of the estimate of each option's impact on an indicator."""
        if not self.matter:
            return np.full(len(columns), -1, dtype=np.int64)
        instance = self.lookup.instance
        name = instance.indicators[indicator].id
        table = np.full(len(instance.interventions), -1, dtype=np.int64)
        interventions = self.options.intervention[columns]
        for number in np.unique(interventions).tolist():
            record = instance.interventions[number]
            if name in record.impact:
                key = Key("impact", record.id, name)
                table[number] = self.number(Estimated(key, spread(record.impact[name])))
        found = table[interventions]
        for position in np.flatnonzero(np.isin(columns, self._own)).tolist():
            option = option_at(instance, self.options, int(columns[position]))
            said = self.lookup.override_of(option)
            if name in self.lookup.interventions[option.intervention].impact or (
                said is not None and name in said.impact
            ):
                found[position] = self.number(estimated(self.lookup, option, name))
        return found
