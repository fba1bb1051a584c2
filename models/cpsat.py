"""CP-SAT as a solver for PuLP 3, which has none of its own; PuLP 4's does the same.

The bundled CBC is no judge of money: it writes its solutions with eight digits (200000001 cents come back as
200000000), and calls small feasible models infeasible. CP-SAT computes in integers.
"""

from __future__ import annotations

from typing import Any

import pulp


class CpSat:
    """What `pulp.LpProblem.solve` of PuLP 3 asks of a solver; all variables whole, all numbers too."""

    name = "CPSAT"

    def actualSolve(self, problem: Any, **_: object) -> int:  # noqa: N802, RUF100
        """Solve, and leave values and status in the problem."""
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        columns = {v.name: model.new_int_var(v.lowBound, v.upBound, v.name) for v in problem.variables()}

        def total(expression: Any) -> Any:
            terms = [(columns[v.name], round(amount)) for v, amount in expression.items()]
            return cp_model.LinearExpr.weighted_sum([c for c, _ in terms], [amount for _, amount in terms])

        for row in problem.constraints():
            limit, left = -round(row.constant), total(row)
            if row.sense == pulp.LpConstraintEQ:
                model.add(left == limit)
            else:
                model.add(left <= limit if row.sense == pulp.LpConstraintLE else left >= limit)
        model.maximize(total(problem.objective))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        # google/or-tools#5293: wrong optima without it when a row's coefficients total more than 2^31
        solver.parameters.presolve_inclusion_work_limit = 0
        ending = solver.solve(model)
        if ending == cp_model.INFEASIBLE:
            problem.assignStatus(pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible)
        elif ending == cp_model.OPTIMAL:
            problem.assignVarsVals({name: solver.value(column) for name, column in columns.items()})
            problem.assignStatus(pulp.LpStatusOptimal, pulp.LpSolutionOptimal)
        else:
            problem.assignStatus(pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound)
        return int(problem.status)


def is_available() -> bool:
    """Whether ortools can be imported: not beside another library that ships HiGHS, for one."""
    try:
        from ortools.sat.python import cp_model  # noqa: F401
    except ImportError:
        return False
    return True
