"""What uncertain estimates mean for a plan: draws, distributions, what is worth knowing."""

from __future__ import annotations

from ciopt.studies.uncertainty.core import Core, core
from ciopt.studies.uncertainty.information import measure_next
from ciopt.studies.uncertainty.information_records import Information
from ciopt.studies.uncertainty.risk import Risk, risk
from ciopt.studies.uncertainty.side_by_side import RiskComparison, compare_risks

__all__ = [
    "Core",
    "Information",
    "Risk",
    "RiskComparison",
    "compare_risks",
    "core",
    "measure_next",
    "risk",
]
