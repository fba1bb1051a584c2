"""Seeded coalitions of any size, in the real format: for benchmarks, for trying out, for teaching.

Same wish, same instance. Interventions, places and capabilities are templates, so the file of a million
activities is small.
"""

from ciopt.generate.coalition import generate
from ciopt.generate.wish import FAMILIES, Wish, family

__all__ = ["FAMILIES", "Wish", "family", "generate"]
