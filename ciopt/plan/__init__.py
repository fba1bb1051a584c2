"""Answers: the plan, how it is composed from choices, and its tables."""

from __future__ import annotations

from ciopt.plan.records import Assignment, Payment, Plan, parse_plan

__all__ = ["Assignment", "Payment", "Plan", "parse_plan"]
