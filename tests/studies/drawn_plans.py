"""Plans drawn at random: little in them but who does what, and who pays."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from ciopt.plan import Assignment, Payment, Plan
from ciopt.plan.records import ChosenBackbone, InstanceStamp, PaidSynergy

PARTNERS, FUNDS = ("a", "b"), ("f", "budget:a")
WAYS = st.tuples(
    st.sampled_from(PARTNERS), st.sampled_from(("2027", "2028")), st.sampled_from((None, "paved"))
)
ACTIVITIES = st.tuples(st.sampled_from(("road", "clinic")), st.sampled_from(("north", "south", "west")))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of up to six activities; not one that any instance would give."""
    done = draw(st.dictionaries(ACTIVITIES, st.tuples(WAYS, st.integers(0, 3)), max_size=6))
    assignments = tuple(
        Assignment(
            partner=partner, intervention=what, place=where, period=period, level=level, cost=Decimal(cost)
        )
        for (what, where), ((partner, period, level), cost) in done.items()
    )
    payments = tuple(
        Payment(
            fund=draw(st.sampled_from(FUNDS)), assignment=each.option.id, period=each.period, amount=each.cost
        )
        for each in assignments
    )
    extra = draw(
        st.sets(
            st.tuples(
                st.sampled_from(FUNDS), st.sampled_from(("participation:a", "backbone:b")), st.integers(1, 3)
            )
        )
    )
    return Plan(
        status="feasible",
        instance=InstanceStamp(currency="USD"),
        assignments=assignments,
        payments=(
            *payments,
            *(
                Payment(fund=fund, assignment=what, period="2027", amount=Decimal(much))
                for fund, what, much in sorted(extra)
            ),
        ),
        synergies=tuple(
            PaidSynergy(id="s", at=at, members=(), partners=(), value=Decimal(1))
            for at in draw(st.sets(st.sampled_from(("north", "south"))))
        ),
        backbones=tuple(
            ChosenBackbone(partner=partner, cost=Decimal(1), synergies=())
            for partner in draw(st.sets(st.sampled_from(PARTNERS)))
        ),
    )
