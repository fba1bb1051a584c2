"""Words: the instance of a coalition, checked, with what its numbers mean.

>>> from ciopt.instance import parse  # doctest: +SKIP
"""

from __future__ import annotations

from ciopt.instance.checks import warnings
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.model import Instance
from ciopt.instance.parse import parse

__all__ = ["Instance", "Lookup", "Option", "parse", "warnings"]
