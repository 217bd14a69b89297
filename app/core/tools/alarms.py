"""The alarm of a job, raised and cleared by events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.activity.events import Alarms
from app.core.errors import InvalidInput
from app.core.tools.base import ToolFacade

if TYPE_CHECKING:
    from app.core.tools.base import ToolDependencies, ToolFactory

MAX_TEXT_CHARS = 1_000


class AlarmsTool(ToolFacade):
    """The one alarm of this job. It sends no message; it is an event in the dashboard."""

    __slots__ = ()

    async def set(self, *, raised: bool, text: str) -> bool:
        """Raise or clear the alarm; True if this call changed it. `text` is for people."""
        return await self._caller.call("alarms", "set", raised, text)


class AlarmsPerformer:
    """Performs the calls, under the id of the attempt's own job."""

    def __init__(self, alarms: Alarms, job_id: str) -> None:
        self._alarms = alarms
        self._job_id = job_id

    async def perform(self, op: str, args: tuple[Any, ...]) -> bool:
        match op, tuple(args):
            case "set", (bool(raised), str(text)):
                return await self._alarms.set(
                    f"job:{self._job_id}", raised=raised, text=text[:MAX_TEXT_CHARS], about_job=self._job_id
                )
            case _:
                raise InvalidInput(f"alarms.{op} does not take these {len(args)} arguments")


def alarms_factory(dependencies: ToolDependencies) -> ToolFactory:
    """Return the factory of the tool's performers."""
    alarms = Alarms(dependencies.scripts)
    return lambda attempt, _scripts, _allowance: AlarmsPerformer(alarms, attempt.run.job_id)
