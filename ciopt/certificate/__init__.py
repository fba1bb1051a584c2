"""Certificates: prices that prove how good any plan can be, checked in exact integers from the words alone.

Give every limit a price. Then the limits need not hold any more: what they allow is paid for, every
activity takes its best option, and what that is worth is a bound, *whatever the prices are*. Only how good
the bound is depends on them. A price is also a ceiling on what one more unit of its limit can be worth.

    U = Σ price x limit + Σ_blocks max_y (f(y) - Σ split x y) + Σ_activities max(0, max_options reduced)

No numpy, no program, no solver.
"""

from ciopt.certificate.bound import certified_bound, not_covered
from ciopt.certificate.prover import Prover
from ciopt.certificate.record import Certificate

__all__ = ["Certificate", "Prover", "certified_bound", "not_covered"]
