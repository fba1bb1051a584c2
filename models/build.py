"""`build`: the whole model of an instance, rule family by rule family."""

from __future__ import annotations

from ciopt.errors import UsageError
from ciopt.instance import Instance, Lookup
from ciopt.instance.learning import learned
from models.agenda import add_agenda, refused
from models.backbones import add_backbones
from models.choices import add_choices
from models.model import Model
from models.money import add_money
from models.movements import add_movements
from models.overlaps import add_overlaps
from models.resources import add_resources
from models.rules import add_rules
from models.synergies import add_synergies


def build(instance: Instance) -> Model:
    """Return the model of an instance; `Model.problem` is its `pulp.LpProblem`, with no objective yet.

    Building twice gives the same columns and rows under the same names.

    Raises
    ------
    UsageError
        If the instance asks for something that ciopt reads and does not solve (fairness, risk).
    """
    if not_solved := refused(instance):
        raise UsageError("; ".join(not_solved))
    model = Model(Lookup(learned(instance)))
    add_choices(model)
    add_resources(model)
    add_synergies(model)
    add_backbones(model)
    add_overlaps(model)
    add_rules(model)
    add_money(model)
    add_movements(model)
    add_agenda(model)
    return model
