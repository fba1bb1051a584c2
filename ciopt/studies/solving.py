"""Many solves under one limit: each gets its share of the time that is left, and all stop at an interrupt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Event

from ciopt.instance import Instance
from ciopt.plan import Plan
from ciopt.planner import solve
from ciopt.settings import Progress, Settings
from ciopt.studies.pool import Pool
from ciopt.studies.task import Task

LEAST_SECONDS = 0.2
"""Less is no time to solve anything in."""


@dataclass
class Solver:
    """Solves instance after instance.

    Parameters
    ----------
    settings
        Of each solve; ``time_limit`` is that of all together.
    progress, interrupt
        News of the solve that runs; set the event to stop. A pool has its own.
    pool
        Solves at the same time what does not depend on each other; a loop if None.
    """

    settings: Settings
    progress: Callable[[Progress], None] | None = None
    interrupt: Event | None = None
    pool: Pool | None = None
    solves: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.started

    @property
    def stopped_by(self) -> str | None:
        """Whether there is no time for another solve."""
        interrupt = self.pool.interrupt if self.pool is not None else self.interrupt
        if interrupt is not None and interrupt.is_set():
            return "interrupt"
        limit = self.settings.time_limit
        return "time_limit" if limit is not None and limit - self.seconds < LEAST_SECONDS else None

    def solve(self, what: str, instance: Instance, start: Plan | None = None, to_come: int = 1) -> Plan:
        """Solve one instance.

        Parameters
        ----------
        what
            For the progress: what is being solved.
        to_come
            Solves that share the time left, this one among them.
        """
        if self.pool is not None:
            plans = self._solve_apart(self.pool, [(instance, start)], self._settings(to_come))
            return plans[0] if plans else Plan(status="no_plan", stopped_by="interrupt")
        self.solves += 1
        return solve(
            instance,
            self._settings(to_come),
            progress=self._tell(what),
            interrupt=self.interrupt,
            start=start,
        )

    def solve_all(
        self, what: str, tasks: Sequence[tuple[Instance, Plan | None]], to_come: int | None = None
    ) -> list[Plan]:
        """Solve instances that do not depend on each other; the first few if there is no time for all."""
        to_come = to_come or len(tasks)
        if self.pool is not None:
            return self._solve_apart(self.pool, tasks, self._settings(max(1, to_come)))
        plans: list[Plan] = []
        for number, (instance, start) in enumerate(tasks):
            if plans and self.stopped_by:
                break
            plans.append(self.solve(what, instance, start, max(1, to_come - number)))
        return plans

    def _solve_apart(
        self, pool: Pool, tasks: Sequence[tuple[Instance, Plan | None]], settings: Settings
    ) -> list[Plan]:
        """Let the pool solve; what it did not finish, and all after it, is left out."""
        self.solves += len(tasks)
        keys = [str(number) for number in range(len(tasks))]
        wanted = [
            Task(key, instance, settings, start=start)
            for key, (instance, start) in zip(keys, tasks, strict=True)
        ]
        answers = pool.solve(wanted)
        plans: list[Plan] = []
        for key in keys:
            answer = answers.get(key)
            if answer is not None and answer.error is not None:
                raise answer.error
            if answer is None or answer.plan is None:
                break
            plans.append(answer.plan)
        return plans

    def _settings(self, to_come: int) -> Settings:
        limit = self.settings.time_limit
        if limit is None:
            return self.settings
        return replace(self.settings, time_limit=max(LEAST_SECONDS, (limit - self.seconds) / to_come))

    def _tell(self, what: str) -> Callable[[Progress], None] | None:
        tell = self.progress
        if tell is None:
            return None
        return lambda news: tell(replace(news, message=f"{what}: {news.message}" if news.message else what))
