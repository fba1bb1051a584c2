"""Decorators that make machine code of functions of integers and arrays, by numba, and keep it on disk.

A plan is a tuple of some sixty arrays. To count a reference to each of them at every call takes ten times
longer than what most functions here do, so those that make no arrays do not count: their callers hold all
they get. numba, whose name for counting is ``_nrt``, refuses to compile without it what makes arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile at the first call what makes no arrays, and calls nothing that does."""
    return cast(Function, njit(cache=True, nogil=True, _nrt=False)(function))


def inlined(function: Function) -> Function:
    """Compile into its callers what makes no arrays: handing many arrays over takes time."""
    return cast(Function, njit(cache=True, nogil=True, forceinline=True, _nrt=False)(function))


def allocating(function: Function) -> Function:
    """Compile at the first call what makes arrays of its own, or calls what does."""
    return cast(Function, njit(cache=True, nogil=True)(function))
