"""Players who answer each other: until nobody changes anything, or round and round."""

from __future__ import annotations

from ciopt.studies.collaboration.responses import settle

Sides = tuple[str, str]


def test_they_stop_where_nobody_changes_anything() -> None:
    def raise_by_one(state: int, most: int) -> int | None:
        return state + 1 if state < most else None

    assert settle(0, [2, 4], raise_by_one, int, 10) == (4, 4, "fixed_point")


def test_a_circle_is_said() -> None:
    """Matching pennies: the one wants the same side, the other another one."""

    def answer(state: Sides, player: int) -> Sides | None:
        mine, theirs = state[player], state[1 - player]
        wanted = theirs if player == 0 else {"heads": "tails", "tails": "heads"}[theirs]
        if mine == wanted:
            return None
        return (wanted, state[1]) if player == 0 else (state[0], wanted)

    settled = settle(("heads", "heads"), [0, 1], answer, lambda state: state, 10)
    assert settled.ending == "cycle"
    assert (settled.rounds, settled.state) == (3, ("heads", "tails"))


def test_patience_and_time_have_an_end() -> None:
    assert settle(0, [1], lambda state, by: state + by, int, 3) == (3, 3, "limit")
    assert settle(0, [1], lambda state, by: state + by, int, 3, lambda: True) == (0, 1, "limit")
