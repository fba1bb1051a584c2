"""The integer programs as a textbook would write them: specification, oracle and baseline.

One module a rule family, its equations in the docstring, straight from the `Instance` and the scalar
functions of `ciopt.instance`; nothing of ciopt's compiler or engines is used.

>>> from models import solve
>>> solve(instance).goals  # doctest: +SKIP
{'value': 1300000000000000}
"""

from __future__ import annotations

from models.build import build
from models.model import Model
from models.solve import ReferenceResult, solve

__all__ = ["Model", "ReferenceResult", "build", "solve"]
