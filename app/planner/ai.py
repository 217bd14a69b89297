"""The planner that asks a language model: its answer is a proposal, and the rules stand behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.planner.ai_answer import read_answer
from app.planner.ai_models import AiFailure, ModelChoice, choose_model
from app.planner.ai_process import Tools, ask_agent

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.planner.ai_tools import PlannerTools
    from app.planner.draft import PlannedJob

DEFAULT_MAX_STEPS: Final = 8
AT_ONCE: Final = 2
"""Each child takes 200 MB: a third one waits for nobody, the rules answer at once."""

AskAgent = Callable[["dict[str, Any]", ModelChoice, Tools, float, Mapping[str, str]], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class AiAsk:
    """How a model is asked. `model_id` None is the deployment's own."""

    model_id: str | None = None
    max_steps: int = DEFAULT_MAX_STEPS


class AiPlanner:
    """Asks models, a few at a time."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        at_once: int = AT_ONCE,
        ask: AskAgent = ask_agent,
    ) -> None:
        self._settings = settings
        self._ask = ask
        self._environment = environment
        self._free = at_once

    async def propose(self, ask: AiAsk, tools: PlannerTools) -> tuple[PlannedJob, ...]:
        """Return the jobs that the model proposes; AiFailure says why there are none to look at."""
        choice = choose_model(self._settings, self._environment, ask.model_id)
        if self._free <= 0:
            raise AiFailure(
                "busy", "other plans are with the model just now / model sedang dipakai rencana lain"
            )
        self._free -= 1
        try:
            text = await self._ask(
                tools.task(ask.max_steps),
                choice,
                tools.call,
                self._settings.planner_ai_timeout_sec,
                self._environment,
            )
        finally:
            self._free += 1
        return read_answer(text, tools.request.prompt, tools.request.default_account_id)
