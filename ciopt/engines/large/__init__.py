"""The large engine: prices, one minimum cut, and a proof; see the modules' docstrings in this order.

structure, charges (what a program looks like to prices), cut, relaxation, prices (the bound), evaluator,
exchange, repair, neighbourhood (the plan), certificate (the proof), engine.
"""
