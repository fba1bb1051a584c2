"""``python -m tests.cli.fake_solver BEHAVIOUR ciopt-arguments…``: the command line with a planner that obeys.

Exit codes, signals and broken runs are hard to get from a real solver on demand.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
import types
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from ciopt.cli.main import main
from ciopt.errors import Problem, SolverFailed, VerificationFailed
from ciopt.instance import Instance
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.settings import Progress, Settings
from tests.report.plans import small_plan


def stopped(by: str) -> Plan:
    """The plan, as far as a run got that something stopped."""
    return Plan.model_validate(
        {
            **small_plan().to_data(),
            "status": "feasible",
            "stopped_by": by,
            "bound": 1300,
            "gap": Decimal("0.0531"),
        }
    )


def waits(interrupt: threading.Event) -> Plan:
    print("waiting", file=sys.stderr, flush=True)
    interrupt.wait(30)
    return stopped("interrupt")


def stubborn(interrupt: threading.Event) -> Plan:
    """Never look at the interrupt; clean up when thrown out."""
    print("waiting", file=sys.stderr, flush=True)
    try:
        while True:
            time.sleep(0.01)
    finally:
        print("cleaned up", file=sys.stderr, flush=True)


def hangs(interrupt: threading.Event) -> Plan:
    """Not even be thrown out."""
    print("waiting", file=sys.stderr, flush=True)
    while True:
        try:
            time.sleep(60)
        except KeyboardInterrupt:
            print("ignored", file=sys.stderr, flush=True)


def fails(error: BaseException) -> Callable[[threading.Event], Plan]:
    def raise_it(interrupt: threading.Event) -> Plan:
        raise error

    return raise_it


def gives(plan: Plan) -> Callable[[threading.Event], Plan]:
    return lambda interrupt: plan


BEHAVIOURS: dict[str, Callable[[threading.Event], Plan]] = {
    "optimal": gives(small_plan()),
    "gap": gives(stopped("gap")),
    "time": gives(stopped("time_limit")),
    "memory": gives(stopped("memory_limit")),
    "died-with-plan": gives(stopped("solver_failure")),
    "nothing": gives(Plan(status="no_plan", stopped_by="time_limit")),
    "interrupted-early": gives(Plan(status="no_plan", stopped_by="interrupt")),
    "infeasible": gives(Plan(status="infeasible", reasons=("road needs 1.2 M, there are 0.9 M",))),
    "missing": fails(SolverFailed("GUROBI is not installed")),
    "wrong": fails(VerificationFailed([Problem("E501", "a cent is missing", ("payments", 0))])),
    "crash": fails(KeyError("x\x1b[2J")),
    "memory-error": fails(MemoryError()),
    "waits": waits,
    "stubborn": stubborn,
    "hangs": hangs,
}


def install(behaviour: str) -> None:
    """Put the fake in the planner's place."""
    planner = types.ModuleType("ciopt.planner")

    def solve(
        instance: Instance,
        settings: Settings,
        *,
        scenario: str | None = None,
        progress: Callable[[Progress], None],
        interrupt: threading.Event,
        start: Plan | None = None,
    ) -> Plan:
        apply(instance, scenario)
        progress(Progress(1.2, "value", Decimal(1000), Decimal(1300), Decimal("0.3"), "found\x1b[2J one"))
        return BEHAVIOURS[behaviour](interrupt)

    def real(name: str) -> object:
        """What studies need of the planner besides."""
        path = Path(__file__).parents[2] / "ciopt" / "planner.py"
        spec = importlib.util.spec_from_file_location("real_planner", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return getattr(module, name)

    planner.__dict__["solve"] = solve
    planner.__dict__["__getattr__"] = real
    sys.modules["ciopt.planner"] = planner


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    install(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
