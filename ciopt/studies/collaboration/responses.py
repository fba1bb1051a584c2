"""Players who answer each other in turn, until nobody changes anything, or the same state comes back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

State = TypeVar("State")
Player = TypeVar("Player")
Ending = Literal["fixed_point", "cycle", "limit"]


class Settled(NamedTuple, Generic[State]):
    """Where it ended.

    Parameters
    ----------
    state
        The last one; of a cycle the one that came back.
    rounds
        Full rounds, the last one (in which nothing changed) among them.
    ending
        ``fixed_point``: nobody wants to change; ``cycle``: a state came back; ``limit``: neither yet.
    """

    state: State
    rounds: int
    ending: Ending


def settle(
    state: State,
    players: Sequence[Player],
    respond: Callable[[State, Player], State | None],
    key: Callable[[State], Hashable],
    most_rounds: int,
    stopped: Callable[[], bool] = lambda: False,
) -> Settled[State]:
    """Let players respond one after the other, in their order.

    Parameters
    ----------
    respond
        The state after a player's answer; None if the player stays with what it does.
    key
        What makes two states the same.
    stopped
        Asked before every answer.

    Examples
    --------
    >>> settle(0, [1, 2], lambda s, p: s + p if s < 3 else None, lambda s: s, 10)
    Settled(state=3, rounds=2, ending='fixed_point')
    """
    seen = {key(state)}
    for number in range(1, most_rounds + 1):
        changed = False
        for player in players:
            if stopped():
                return Settled(state, number, "limit")
            answer = respond(state, player)
            if answer is not None:
                state, changed = answer, True
        if not changed:
            return Settled(state, number, "fixed_point")
        if key(state) in seen:
            return Settled(state, number, "cycle")
        seen.add(key(state))
    return Settled(state, most_rounds, "limit")
