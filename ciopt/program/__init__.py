"""Integers: an instance compiled into arrays that keep its structure."""

from __future__ import annotations

from ciopt.program.amounts import program_of
from ciopt.program.compile import compile_program
from ciopt.program.model import Program

__all__ = ["Program", "compile_program", "program_of"]
