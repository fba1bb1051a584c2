"""The large engine: prices, one minimum cut, and a proof; see the modules' docstrings in this order.

structure, charges (what a program looks like to prices), cut, relaxation, prices (the bound), flat, exchange,
chain, repair, neighbourhood (the plan), proof (the certificate), engine. Where fairness or risk decide: mix,
outcomes, agenda (what stands for them), pursuit, least_pursuit (the plan), goals.
"""
