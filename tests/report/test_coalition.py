"""An instance in numbers."""

from __future__ import annotations

from decimal import Decimal

from ciopt.files import read_instance
from ciopt.instance import Lookup
from ciopt.report.coalition import content, counts, money_by_owner, money_table, num_options
from tests.cli.run import BLANK


def test_options_are_counted_without_listing_them() -> None:
    lookup = Lookup(read_instance(BLANK))
    assert num_options(lookup) == len(list(lookup.options())) == 8


def test_content_counts_tables_and_money() -> None:
    said = content(read_instance(BLANK))
    assert said["money"] == 50000
    assert said["agenda"] == ["value"]
    assert said["counts"]["synergies"] == 1


def test_money_is_shown_by_owner() -> None:
    instance = read_instance(BLANK)
    assert money_by_owner(instance) == {"budget:helpers": Decimal(20000), "grant": Decimal(30000)}
    assert money_table(instance).rows == (("helpers", "own budget", "20,000"), ("donor", "grant", "30,000"))
    assert ("synergies", "1") in counts(instance).rows
