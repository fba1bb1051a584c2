"""A back-end that does what its argument says: sleeps, crashes, chatters, eats memory, ignores requests."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time

import numpy as np

from ciopt.engines import cpsat
from ciopt.engines.matrix import Incumbent, Listener, Matrix, Outcome, Parameters, Status, StoppedBy

STARTS_PROCESSES = True
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
    if argument == "crash":
        ctypes.string_at(0)
    if argument == "raise":
        raise ValueError("no licence")
    if argument == "flood":
        while True:
            listener.report(Incumbent(values, 100.0, 0.0))
            time.sleep(0.001)
    if argument.startswith("offspring"):
        _with_offspring(listener, argument)
    if argument == "chatter":
        os.write(1, b"noise on stdout\n" * 1000)
        print("more noise")
    if argument == "patient":
        for _ in range(1000):
            if listener.should_stop():
                break
            time.sleep(0.01)
        return Outcome(Status.FEASIBLE, values, 100.0, StoppedBy.INTERRUPT, "patient")
    return Outcome(Status.OPTIMAL, values, 7.0, None, argument)


def _with_offspring(listener: Listener, argument: str) -> None:
    """Start a process as PuLP starts CBC, tell its id, and hang, or be killed before it ends."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    listener.report(Incumbent(np.full(NUM_COLUMNS, child.pid), 100.0, 0.0))
    if argument == "offspring-killed":
        os.kill(os.getpid(), signal.SIGKILL)
    child.wait()
