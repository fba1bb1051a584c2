"""`compiled`: functions of integers and arrays as machine code, made by numba and kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile at the first call."""
    return cast(Function, njit(cache=True, nogil=True)(function))


def inlined(function: Function) -> Function:
    """Compile into its callers: the arrays of a plan are many, and handing them over takes time."""
    return cast(Function, njit(cache=True, nogil=True, forceinline=True)(function))
