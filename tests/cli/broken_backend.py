"""A back-end that is always wrong, for ``ciopt doctor``."""

from __future__ import annotations

import numpy as np

from ciopt.engines.matrix import Listener, Matrix, Outcome, Parameters, Status


def solve(matrix: Matrix, parameters: Parameters, listener: Listener) -> Outcome:
    """Claim that nothing is best."""
    return Outcome(Status.OPTIMAL, np.zeros(matrix.num_columns, dtype=np.int64), 0.0, None, "Broken 1.0")
