"""What all tests share: properties are not timed, since a busy machine is no fault of the program."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from ciopt.engines.warm import keeping

settings.register_profile("ciopt", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ciopt")

# a background job starts with SIGINT ignored, nohup ignores SIGHUP: what we start would inherit it
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def kept_workers() -> Iterator[None]:
    """Let solver workers go from test to test: thousands of small solves need no process each."""
    with keeping():
        yield
