"""What all tests share: properties are not timed, since a busy machine is no fault of the program."""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

settings.register_profile("ciopt", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ciopt")

# a background job starts with SIGINT ignored, nohup ignores SIGHUP: what we start would inherit it
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
