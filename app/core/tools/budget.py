"""How many bytes one attempt may still move with a tool: the policy's `bytes`, over all its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import LimitExceeded

if TYPE_CHECKING:
    from app.core.policies import Allowance


class ByteBudget:
    """Counts down as bytes move, so that calls at the same time cannot spend the same bytes twice."""

    def __init__(self, allowance: Allowance, error: type[LimitExceeded] = LimitExceeded) -> None:
        self._allowance = allowance
        self._limit = allowance.bytes
        self._error = error
        self._spent = 0

    @property
    def left(self) -> int | None:
        """Return how many bytes may still move; None where unlimited."""
        return None if self._limit is None else self._limit - self._spent

    def take(self, count: int) -> None:
        """Spend bytes; raise, and spend none, where fewer are left."""
        if self._limit is not None and self._spent + count > self._limit:
            job_type, tool = self._allowance.job_type, self._allowance.tool
            raise self._error(
                f"{job_type!r} may move {self._limit:,} bytes with {tool} an attempt. / "
                f"{job_type!r} hanya boleh memindahkan {self._limit:,} byte dengan {tool} tiap percobaan."
            )
        self._spent += count
