"""Divides free slots among lanes by weight, 8 : 3 : 1, with credit carried over."""

from __future__ import annotations

from app.core.storage.keys import LANES

WEIGHTS = {"high": 8, "normal": 3, "low": 1}
_SUM = sum(WEIGHTS.values())


class WeightedRoundRobin:
    """Shares slots by weight over time: with one free slot at a time `low` still gets one in twelve."""

    def __init__(self) -> None:
        self._credit = dict.fromkeys(LANES, 0.0)

    def quotas(self, free: int) -> dict[str, int]:
        """Return a number for each lane, `free` in all."""
        for lane in LANES:
            self._credit[lane] += free * WEIGHTS[lane] / _SUM
        quotas = {lane: max(0, int(self._credit[lane])) for lane in LANES}
        while sum(quotas.values()) > free:
            quotas[max(quotas, key=lambda lane: quotas[lane])] -= 1
        while sum(quotas.values()) < free:
            quotas[max(LANES, key=lambda lane: self._credit[lane] - quotas[lane])] += 1
        return quotas

    def spent(self, quotas: dict[str, int], taken: dict[str, int]) -> None:
        """Settle after a claim: an empty lane saves no credit, and no lane falls behind permanently."""
        for lane in LANES:
            left = self._credit[lane] - taken[lane]
            self._credit[lane] = 0.0 if taken[lane] < quotas[lane] else max(-float(_SUM), left)
