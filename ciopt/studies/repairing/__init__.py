"""Why an instance has no plan, and the cheapest ways to repair it."""

from __future__ import annotations

from ciopt.studies.repairing.infeasible import why_infeasible
from ciopt.studies.repairing.records import Clash, Infeasibility

__all__ = ["Clash", "Infeasibility", "why_infeasible"]
