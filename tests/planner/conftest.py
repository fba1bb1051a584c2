"""The long sweeps run only when asked for: ``pytest -m sweep``."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked ``sweep`` unless ``-m`` says what to run."""
    if config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("sweep")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if not item.get_closest_marker("sweep")]
