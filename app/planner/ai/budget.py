"""The deployment's budget of model tokens a day, shared by all processes through Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from app.core.i18n import _
from app.core.ids import new_id
from app.planner.ai.models import AiFailure

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.storage.scripts import Scripts


class Reservation(NamedTuple):
    """Tokens that are set aside for one call of a model."""

    day: str
    call_id: str
    tokens: int


class TokenBudget:
    """Reserves tokens before a call and counts those that it used. A day is one of TIMEZONE."""

    def __init__(self, settings: Settings, scripts: Scripts, clock: Clock) -> None:
        self._per_day = settings.planner_ai_tokens_per_day
        self._zone = ZoneInfo(settings.timezone)
        self._scripts = scripts
        self._clock = clock

    async def reserve(self, tokens: int) -> Reservation:
        """Set tokens aside; AiFailure if the day has too few left.

        A reservation that is never settled, as after a time-out, counts as used.
        """
        day = f"{self._clock.now().astimezone(self._zone):%Y-%m-%d}"
        reservation = Reservation(day, new_id(self._clock), tokens)
        word, used = await self._spend(reservation, tokens, "")
        if word == "USED_UP":
            spent = _("today's budget of tokens is used up, {used} of {limit} (PLANNER_AI_TOKENS_PER_DAY)")
            raise AiFailure("budget", spent.fill(used=used, limit=self._per_day))
        return reservation

    async def settle(self, reservation: Reservation, tokens: int) -> None:
        """Replace a reservation by the tokens that the call used."""
        await self._spend(reservation, tokens, "1")

    async def _spend(self, reservation: Reservation, tokens: int, used: str) -> tuple[str, int]:
        word, total = await self._scripts.run(
            "planner/spend_tokens",
            day=reservation.day,
            call=reservation.call_id,
            tokens=tokens,
            limit=self._per_day,
            used=used,
        )
        return word, int(total)
