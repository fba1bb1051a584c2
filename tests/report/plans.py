"""A plan made by hand, with what is awkward in real ones."""

from __future__ import annotations

from decimal import Decimal

from ciopt.plan.records import (
    Assignment,
    ChosenBackbone,
    FundResult,
    GoalResult,
    IndicatorResult,
    InstanceStamp,
    PaidSynergy,
    PartnerResult,
    Payment,
    Plan,
    Run,
    TargetResult,
)

ROAD = Assignment(
    partner="government",
    intervention="road",
    place="soubre",
    period="2027",
    level="paved",
    cost=Decimal("1310000.50"),
    impact={"income": Decimal(15200)},
)
TRAINING = [
    Assignment(partner="mars", intervention="training", place=place, period="2028", cost=Decimal(20000))
    for place in ("soubre", "meagui", "okrouyo")
]

SYNERGY = PaidSynergy(
    id="roads-help-training",
    at="soubre",
    members=(ROAD.option.id, TRAINING[0].option.id),
    partners=("government", "mars"),
    backbone="csa",
    effect={"income": Decimal(27000)},
    value=Decimal(270),
)


def small_plan() -> Plan:
    """Four assignments of two partners, a fund, a synergy and a backbone."""
    return _decided().model_copy(update=_totals())


def _payments() -> tuple[Payment, ...]:
    return (
        Payment(fund="wb-roads", assignment=ROAD.option.id, period="2027", amount=Decimal(1000000)),
        Payment(
            fund="budget:government", assignment=ROAD.option.id, period="2027", amount=Decimal("310000.50")
        ),
        *(
            Payment(fund="budget:mars", assignment=each.option.id, period="2028", amount=Decimal(20000))
            for each in TRAINING
        ),
        Payment(fund="budget:mars", assignment="participation:mars", period="2027", amount=Decimal(5000)),
        Payment(fund="budget:csa", assignment="backbone:csa", period="2027", amount=Decimal(60000)),
    )


def _decided() -> Plan:
    return Plan(
        instance=InstanceStamp(name="Cocoa", sha256="0" * 64),
        status="optimal",
        objective=Decimal("1234.5"),
        bound=Decimal("1234.5"),
        gap=Decimal(0),
        proof="solver HiGHS 1.12.0",
        goals=(GoalResult(goal="value", objective=Decimal("1234.5"), bound=Decimal("1234.5"), proven=True),),
        value=Decimal("1234.5"),
        cost=Decimal("1435000.50"),
        assignments=(ROAD, *TRAINING),
        payments=_payments(),
        synergies=(SYNERGY,),
        backbones=(
            ChosenBackbone(partner="csa", cost=Decimal(60000), synergies=("roads-help-training@soubre",)),
        ),
        run=Run(solver="HiGHS 1.12.0", seconds=Decimal("9.31")),
    )


def _totals() -> dict[str, tuple[object, ...]]:
    """Indicators, targets, partners and funds."""
    return {
        "indicators": (
            IndicatorResult(
                id="income",
                total=Decimal(123450),
                attained=Decimal(223450),
                target=Decimal(500000),
                met=False,
            ),
            IndicatorResult(id="stunting", total=Decimal("-3.25"), attained=Decimal("21.75")),
        ),
        "targets": (
            TargetResult(number=0, indicator="income", total=Decimal(123450), missing=Decimal(0), met=True),
            TargetResult(number=1, indicator="income", total=Decimal(10), missing=Decimal(90), met=False),
        ),
        "partners": (
            PartnerResult(
                id="government",
                assignments=1,
                spent=Decimal("310000.50"),
                budget=Decimal(400000),
                capacity={"staff_days": Decimal(15)},
            ),
            PartnerResult(id="mars", assignments=3, spent=Decimal(65000), budget=Decimal(2500000)),
            PartnerResult(id="csa", assignments=0, spent=Decimal(60000), budget=Decimal(60000)),
        ),
        "funds": (FundResult(id="wb-roads", spent=Decimal(1000000), amount=Decimal(6000000)),),
    }
