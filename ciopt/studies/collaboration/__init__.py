"""The value of collaboration: alone, informed, together."""

from __future__ import annotations

from ciopt.studies.collaboration.collaborate import collaborate
from ciopt.studies.collaboration.records import Collaboration

__all__ = ["Collaboration", "collaborate"]
