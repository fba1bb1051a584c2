"""What solvers there are on this machine, and how they do on the known answers."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace

from ciopt.engines.backends import ANY_PULP, BACKENDS, PULP, Backend
from ciopt.engines.selftest import SelfTest
from ciopt.engines.worker import SolverWorker

_LIST_PULP = "import json; from ciopt.engines.pulp_any import installed; print(json.dumps(installed()))"


@dataclass(frozen=True)
class Examined:
    """A back-end and its answers; ``self_test`` is None where its library is not installed."""

    backend: Backend
    self_test: SelfTest | None

    @property
    def is_usable(self) -> bool:
        """Whether ciopt uses it."""
        return self.self_test is not None and self.self_test.is_usable


def pulp_solvers() -> list[str]:
    """Names of the solvers that PuLP finds, asked in a process of its own: PuLP may load what clashes."""
    command = [sys.executable, "-c", _LIST_PULP]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    lines = done.stdout.strip().splitlines()
    return list(json.loads(lines[-1])) if done.returncode == 0 and lines else []


def examine() -> list[Examined]:
    """Ask every back-end that there is, each in its own worker."""
    backends = [*BACKENDS, *(replace(ANY_PULP, name=PULP + name, argument=name) for name in pulp_solvers())]
    found = []
    for backend in backends:
        if not backend.is_installed:
            found.append(Examined(backend, None))
            continue
        with SolverWorker(backend) as worker:
            found.append(Examined(backend, worker.examined()))
    return found
