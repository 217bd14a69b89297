"""The alarm of a job: an incident that its handler opens and closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.tools.base import ToolFacade

if TYPE_CHECKING:
    from app.core.incidents.store import IncidentStore
    from app.core.tools.base import ToolDependencies, ToolFactory

MAX_TEXT_CHARS = 1_000


class AlarmsTool(ToolFacade):
    """The one alarm of this job, as an incident: who hears of it is decided by the notification rules."""

    __slots__ = ()

    async def set(self, *, raised: bool, text: str) -> bool:
        """Raise or clear the alarm; True if this call changed it.

        `text` is the cause for people; its first 1,000 characters are kept. Raises InvalidInput if an
        argument has another type.
        """
        return await self._caller.call("alarms", "set", raised, text)


class AlarmsPerformer:
    """Performs the calls, under the id of the attempt's own job."""

    def __init__(self, incidents: IncidentStore, job_id: str) -> None:
        self._incidents = incidents
        self._job_id = job_id

    async def perform(self, op: str, args: tuple[Any, ...]) -> bool:
        from app.core.incidents.models import IncidentKind  # noqa: PLC0415 - as below

        match op, tuple(args):
            case "set", (bool(raised), str(text)):
                key = f"job:{self._job_id}"
                if not raised:
                    return await self._incidents.close(key, words=text[:MAX_TEXT_CHARS])
                return await self._incidents.open(
                    key,
                    IncidentKind.JOB_ALARM,
                    severity="warning",
                    subject=self._job_id,
                    cause=text[:MAX_TEXT_CHARS],
                    member=f"job:{self._job_id}",
                    job_id=self._job_id,
                )
            case _:
                raise InvalidInput(f"alarms.{op} does not take these {len(args)} arguments")


def alarms_factory(dependencies: ToolDependencies) -> ToolFactory:
    """Return the factory of the tool's performers."""
    # A child process has the facade only.
    from app.core.incidents.store import IncidentStore  # noqa: PLC0415

    scripts = dependencies.scripts
    incidents = IncidentStore(dependencies.link, scripts, scripts.keys, dependencies.clock)
    return lambda attempt, _scripts, _allowance: AlarmsPerformer(incidents, attempt.run.job_id)
