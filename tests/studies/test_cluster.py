"""A Dask cluster: the same answers as on this machine, also if one of its workers is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import ciopt
from ciopt.errors import UsageError
from ciopt.studies import Pool, Step, set_each, sweep, why_infeasible
from tests.cli.run import ROOT, environment

pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # of Dask's own dependencies


def started(stack: ExitStack, *words: str, cwd: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *words],
        cwd=cwd,
        env=environment(PYTHONWARNINGS=""),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two workers."""
    with ExitStack() as stack:
        file = tmp_path / "scheduler.json"
        said = ("--scheduler-file", str(file))
        started(
            stack,
            "distributed.cli.dask_scheduler",
            *said,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            cwd=tmp_path,
        )
        for _ in range(300):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.1)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        worker = (address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        workers = [started(stack, "distributed.cli.dask_worker", *worker, cwd=tmp_path) for _ in range(2)]
        yield address, workers


def test_a_cluster_that_loses_a_worker_gives_the_same_table(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, workers = cluster
    instance = ciopt.load(ROOT / "instances/small/backbone.json")
    axes = [set_each("funds.grant.amount=" + ",".join(map(str, range(100, 1000, 90))))]
    here = sweep(instance, axes)
    broken = ciopt.load(ROOT / "instances/small/infeasible-baseline.json")
    alone = ciopt.Settings(engine="cpsat", threads=1)
    killed = threading.Event()

    def kill(step: Step) -> None:
        if step.done >= 3 and not killed.is_set():
            killed.set()
            os.killpg(workers[0].pid, signal.SIGKILL)

    with Pool(cluster=address, progress=kill) as pool:
        there = sweep(instance, axes, pool=pool)
        repaired = why_infeasible(broken, alone, pool=pool)  # questions that are no plain solves
    assert killed.is_set()
    assert there.to_data() == here.to_data()
    assert repaired == why_infeasible(broken, alone)


def test_a_cluster_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ciopt.studies.cluster.CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        Pool(cluster="tcp://127.0.0.1:1")
