"""A certificate's bound, computed in a process of its own while the search for plans goes on.

The arithmetic is exact and takes seconds where there are hundreds of thousands of options.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from fractions import Fraction

from ciopt.certificate.bound import NOTHING_HELD, certified_bound
from ciopt.certificate.record import Certificate
from ciopt.instance import Instance, Lookup


class Prover:
    """Computes one certificate's bound beside the caller.

    Parameters
    ----------
    instance
        With the scenario applied.
    certificate
        What to check.
    held
        Worth of earlier goals: see `certified_bound`.
    """

    def __init__(
        self, instance: Instance, certificate: Certificate, held: Mapping[str, int] = NOTHING_HELD
    ) -> None:
        self.instance, self.certificate, self.held = instance, certificate, held
        self.answer: bytes | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ciopt.certificate.prover"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        task = pickle.dumps((self.instance, self.certificate, self.held))
        with contextlib.suppress(OSError, ValueError):
            self.answer, _ = self._process.communicate(task)

    @property
    def is_done(self) -> bool:
        """Whether there is an answer, or never will be one from the process."""
        return not self._thread.is_alive()

    def bound(self) -> Fraction | None:
        """Wait for the bound; see `certified_bound`. What the process failed to say is computed here."""
        self._thread.join()
        if self._process.returncode == 0 and self.answer:
            found: Fraction | None = pickle.loads(self.answer)
            return found
        return certified_bound(Lookup(self.instance), self.certificate, self.held)

    def close(self) -> None:
        """End the process; safe to call twice."""
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()


def main() -> None:
    """Read a task from standard input, write its answer to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    instance, certificate, held = pickle.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(pickle.dumps(certified_bound(Lookup(instance), certificate, held)))


if __name__ == "__main__":
    main()
