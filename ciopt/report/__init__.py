"""Faces: plans, instances and problems as strings. Nothing here prints."""

from __future__ import annotations
