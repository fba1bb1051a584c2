"""Why a plan is as it is, in words and tables: an assignment, what is not in it, what everything is worth."""

from __future__ import annotations

from ciopt.report.why.explanation import explanation_tables, explanation_words
from ciopt.report.why.importance import importance_table, importance_words, thing_name
from ciopt.report.why.why_not import why_not_tables, why_not_words

__all__ = [
    "explanation_tables",
    "explanation_words",
    "importance_table",
    "importance_words",
    "thing_name",
    "why_not_tables",
    "why_not_words",
]
