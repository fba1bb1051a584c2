"""A back-end that does what its argument says: sleeps, crashes, chatters, eats memory, ignores requests."""

from __future__ import annotations

import os
import time

import numpy as np

from ciopt.engines import cpsat
from ciopt.engines.matrix import Incumbent, Listener, Matrix, Outcome, Parameters, Status, StoppedBy

NUM_COLUMNS = 5
"""Matrices of this width get the misbehaviour; the self-test has none."""


def solve(matrix: Matrix, parameters: Parameters, listener: Listener, argument: str) -> Outcome:
    """Answer the self-test rightly, then misbehave."""
    if matrix.num_columns != NUM_COLUMNS:
        return cpsat.solve(matrix, parameters, listener)
    values = np.ones(matrix.num_columns, dtype=np.int64)
    listener.report(Incumbent(values, 100.0, 0.0))
    time.sleep(0.1)
    if argument == "hang":
        time.sleep(600)
    if argument == "die":
        os._exit(3)
    if argument == "eat":
        eaten = np.ones(2**34, dtype=np.int8)
        return Outcome(Status.FAILED, eaten[:1].astype(np.int64), None, None, "glutton")
    if argument == "chatter":
        os.write(1, b"noise on stdout\n" * 1000)
        print("more noise")
    if argument == "patient":
        while not listener.should_stop():
            time.sleep(0.01)
        return Outcome(Status.FEASIBLE, values, 100.0, StoppedBy.INTERRUPT, "patient")
    return Outcome(Status.OPTIMAL, values, 7.0, None, argument)
