"""What uncertain estimates mean for a plan: draws, distributions, measurement."""

from __future__ import annotations

from ciopt.studies.uncertainty.risk import Risk, risk

__all__ = ["Risk", "risk"]
