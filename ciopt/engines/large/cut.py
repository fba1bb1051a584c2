"""One minimum cut chooses activities under given prices (Rhys 1970; Picard 1976).

Maximise Σ g_i y_i + Σ w_ij y_i y_j with y in {0, 1}. A gain w is an arc between i and j:

    w y_i y_j = w/2 (y_i + y_j) - w/2 |y_i - y_j|

and a loss an arc between i and the complement of j, in a network that holds every node twice (roof duality:
Hammer, Hansen & Simeone 1984, doi:10.1007/BF02612354). The value is that of the linear relaxation of the
products, exactly; the flow splits every product between its members, which is the proof.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

_CAPACITY = 2.0**58
"""All capacities together stay below this."""


@dataclass(frozen=True)
class Chosen:
    """What the cut says.

    Parameters
    ----------
    value
        Of the relaxation.
    share
        Each node's 0, 1/2 or 1.
    gain
        For each pair what i gets of it; j gets w - gain. For a loss: what both are charged.
    implied, excluded
        What i is charged (and j gets) for y_i <= y_j; what both are charged for y_i + y_j <= 1.
    """

    value: float
    share: Floats
    gain: Floats
    implied: Floats
    excluded: Floats


class Cut:
    """The network of one structure; weights change from call to call.

    Parameters
    ----------
    num_nodes
        Activities, then products of three or more.
    pair, implied, excluded
        (i, j) of each, as two rows.
    """

    def __init__(self, num_nodes: int, pair: Array, implied: Array, excluded: Array) -> None:
        self.num_nodes = num_nodes
        self.pair, self.implied, self.excluded = pair, implied, excluded

    def solve(self, gain: Floats, weight: Floats, forced: Array) -> Chosen:
        """Choose nodes of gain g with products of weight w; forced nodes are chosen."""
        half = np.abs(weight) / 2
        unary = gain.copy()
        for end in self.pair:
            unary += np.bincount(end, weight / 2, len(unary))
        constant = float(half[weight < 0].sum())
        large = float(np.abs(unary).sum() + 2 * half.sum()) + 1.0
        unary[forced] += large
        scale = 2.0 ** np.floor(np.log2(_CAPACITY / (4 * large * (1 + len(forced)))))
        is_double = bool((weight < 0).any()) or self.excluded.shape[1] > 0
        network = _Network(self.num_nodes, is_double, unary, scale)
        pairs = network.pairs(self.pair, half, weight < 0)
        implied = network.arcs(self.implied, large)
        excluded = network.arcs(self.excluded, large, complement=True)
        value, share = network.solve()
        flow = pairs.flow()
        taken = np.where(weight < 0, half + flow, half - flow)
        return Chosen(value + constant - large * len(forced), share, taken, implied.flow(), excluded.flow())


class _Arcs:
    """Arcs of one kind; their flow, averaged over both copies."""

    def __init__(self, network: _Network, there: list[Array], back: list[Array]) -> None:
        self.network, self.there, self.back = network, there, back

    def flow(self) -> Floats:
        """Net flow from i."""
        flows = self.network.max_flow.flows
        total = sum(flows(arcs).astype(float) for arcs in self.there)
        total = total - sum(flows(arcs).astype(float) for arcs in self.back)
        return np.asarray(total / (len(self.there) * self.network.scale))


class _Network:
    """Nodes 0 .. n-1, their complements n .. 2n-1 if doubled, source and sink."""

    def __init__(self, num_nodes: int, is_double: bool, unary: Floats, scale: float) -> None:
        from ortools.graph.python.max_flow import SimpleMaxFlow

        self.count, self.is_double, self.scale = num_nodes, is_double, scale
        self.max_flow = SimpleMaxFlow()
        self.source = num_nodes * (2 if is_double else 1)
        self.sink = self.source + 1
        amount = np.rint(unary * scale).astype(np.int64)
        self.total = int(amount[amount > 0].sum())
        # without an arc at each of them, the solver says that nothing is on the source's side
        self.max_flow.add_arc_with_capacity(self.source, self.sink, 0)
        nodes = np.arange(num_nodes)
        self._terminals(nodes, amount)
        if is_double:
            self._terminals(nodes + num_nodes, -amount)
            # y' stands for 1 - y: each complement's weight is counted from Σ g
            self.total += int(amount[amount < 0].sum()) * -1 + int(amount.sum())

    def _terminals(self, nodes: Array, amount: Array) -> None:
        rises = amount > 0
        tail, head = np.where(rises, self.source, nodes), np.where(rises, nodes, self.sink)
        self.max_flow.add_arcs_with_capacity(tail, head, np.abs(amount))

    def _add(self, tail: Array, head: Array, capacity: Floats) -> Array:
        amount = np.rint(capacity * self.scale).astype(np.int64)
        arcs: Array = self.max_flow.add_arcs_with_capacity(tail, head, amount)
        return arcs

    def pairs(self, ends: Array, half: Floats, is_loss: NDArray[np.bool_]) -> _Arcs:
        """Undirected arcs i - j, or i - j' for losses, and their mirror images."""
        i, j = ends
        other = np.where(is_loss, j + self.count, j) if self.is_double else j
        there, back = [self._add(i, other, half)], [self._add(other, i, half)]
        if self.is_double:
            # mirror of i - j is j' - i'; of i - j' it is j - i'
            mirror = np.where(is_loss, j, j + self.count)
            there.append(self._add(mirror, i + self.count, half))
            back.append(self._add(i + self.count, mirror, half))
        return _Arcs(self, there, back)

    def arcs(self, ends: Array, capacity: float, complement: bool = False) -> _Arcs:
        """Arcs i -> j (or i -> j') that cannot be cut, and their mirror images."""
        i, j = ends
        large = np.full(len(i), capacity)
        there = [self._add(i, j + self.count if complement else j, large)]
        if self.is_double:
            there.append(self._add(j if complement else j + self.count, i + self.count, large))
        return _Arcs(self, there, [])

    def solve(self) -> tuple[float, Floats]:
        """Return (value, share of each node)."""
        status = self.max_flow.solve(self.source, self.sink)
        if status != self.max_flow.OPTIMAL:
            raise ArithmeticError(f"the minimum cut ended with {status}")
        chosen = np.zeros(self.sink + 1)
        chosen[self.max_flow.get_source_side_min_cut()] = 1.0
        value = (self.total - self.max_flow.optimal_flow()) / self.scale
        if not self.is_double:
            return value, chosen[: self.count]
        return value / 2, (chosen[: self.count] + 1 - chosen[self.count : 2 * self.count]) / 2
