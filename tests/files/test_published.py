"""Published sets become ordinary instances: small files by hand, and the real ones where they are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import ciopt
from ciopt.errors import InvalidInput, UsageError
from ciopt.files.published import KINDS, read_published

DATA = Path(__file__).parents[3] / "shared" / "data"

GQMKP = """sets
 j items /1*3/
 k sacks /1*2/
 r classes /1*2/;
parameter w(j)/
1 2
2 3
3 4
/;
parameter cap(k);
cap(k)= 6;
parameter po(j)/
1 10
2 10
3 5.5
/;
parameter pp(i,j)/
1.2= 7
2.3= 100
/;
parameter t(r,j)/
1.1= 1
1.2= 1
2.3= 1
/;
parameter s(r)/
1 1
2 2
/;
parameter nr(r)/
1 1
2 2
/;
parameter psi(r,k)/
1.1= 1
1.2= 0.5
2.1= 1
2.2= 2
/;
"""
BY_HAND = {
    # 3 items of weight 2, 3, 4 and room for 5: the first two and their pair
    "qkp": ("name\n3\n1 2 3\n10 0\n0\n\n0\n5\n2 3 4\n", {"": 13}),
    # the pair (0, 1) fits into 3, the pair (1, 2) into 5
    "teams": ("3 2 float\n0 1 0.5\n1 2 0.75\n1 2 3\n3 5\n", {"3": Decimal("0.5"), "5": Decimal("0.75")}),
    # both are worth 5 + 4, twice 3 is lost if they are together
    "kpf": ("2 2 10\n5 4\n1 1\n1 3 2\n0 1\n1 3 2\n1 0\n", {"": 5}),
    # the second capacity allows one of two
    "mkp": ("1\n2 2 0\n5 4\n1 1\n1 1\n2 1\n", {"0": 5}),
    # requirement 2 needs 1; customer 1 wants 2, customer 2 wants 3; costs 3, 4, 4
    "nrp": (
        "1\n3\n3 4 4\n1\n1 2\n2\n9 1 2\n5 1 3\n",
        {"0.3": 0, "0.3+": 5, "0.5": 5, "0.5+": 5, "0.7": 9, "0.7+": 9},
    ),
    # two jobs, two agents with room for one each
    "gap": ("2 2\n1 2\n3 5\n1 1\n1 1\n1 1\n", {"": -5}),
    # one site that is large enough costs less to open than two
    "sscflp": ("2 2\n9 10\n5 3\n4 4\n1 1\n2 2\n", {"": 12}),
    "pabulib": (
        "META\nkey;value\nbudget;10\nPROJECTS\nproject_id;cost;votes;name\n1;6;5;A\n2;5;4;B\n3;5;3;C\n"
        "VOTES\nvoter_id;vote\n1;1,2\n",
        {"": 7},
    ),
    # items 1 and 2 in the first knapsack (2 + 3 + set-up 1), item 3 in the second (4 + 2)
    "gqmkp": (GQMKP, {"": 10 + 10 + 7 + 11}),
}


def test_every_set_has_a_case_by_hand() -> None:
    assert set(BY_HAND) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(BY_HAND))
def test_small_files_have_the_answer_found_by_hand(kind: str, tmp_path: Path) -> None:
    text, answers = BY_HAND[kind]
    path = tmp_path / "file"
    path.write_text(text)
    found = {name: ciopt.solve(instance) for name, instance in read_published(kind, path).items()}
    assert {plan.status for plan in found.values()} == {"optimal"}
    assert {name: plan.objective for name, plan in found.items()} == answers


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_other_files_are_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("1 2 3\nnothing of the sort\n")
    with pytest.raises(InvalidInput) as caught:
        read_published(kind, path)
    assert caught.value.problems[0].code == "E001"


def test_unknown_sets_and_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'gqmkp'"):
        read_published("qmkp1", tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        read_published("qkp", tmp_path / "nowhere.txt")


SLOW = pytest.mark.sweep
REAL = [
    pytest.param("gap", "gap/a05100", -1698, id="gap"),
    pytest.param("sscflp", "sscflp/p1", 8848, id="sscflp"),
    pytest.param("qkp", "qkp/jeu_100_25_1.txt", 18558, id="qkp", marks=SLOW),
    pytest.param("gqmkp", "gqmkp/small/15_1.inc", Decimal("91.54"), id="gqmkp", marks=SLOW),
]


@pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not here")
@pytest.mark.parametrize(("kind", "file", "best"), REAL)
def test_real_files_have_the_best_known_value(kind: str, file: str, best: Decimal) -> None:
    """`python -m benchmarks.published` does the same for all of them."""
    (instance,) = read_published(kind, DATA / file).values()
    plan = ciopt.solve(instance, ciopt.Settings(time_limit=200))
    assert plan.objective is not None
    assert abs(plan.objective - best) < Decimal("0.01")
