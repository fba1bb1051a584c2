"""Faces: the command line. The only package that prints.

A command's module declares its options with click alone and imports what it needs inside its function, so
that help and shell completion never load pydantic, numpy, rich or a solver.
"""

from __future__ import annotations
