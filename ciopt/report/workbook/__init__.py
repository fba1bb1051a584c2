"""A plan as a workbook: the tables that ministries, donors and clusters ask for."""

from __future__ import annotations

from ciopt.report.workbook.sheets import plan_sheets
from ciopt.report.workbook.write import plan_workbook

__all__ = ["plan_sheets", "plan_workbook"]
