"""The tools of the planning agent: job types, times, validation and next fires.

They run in the parent process, on untrusted arguments. Each returns a short text, also for an error. None of
them changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from app.core.clock import from_ms
from app.core.errors import MultiJobError
from app.planner.ai.answer import parse_job
from app.planner.ai.fields import listed
from app.planner.ai.grounding import UngroundedError
from app.planner.ai.models import AiFailure
from app.planner.ai.times import UnreadableTimeError
from app.planner.diff import fires
from app.planner.review import why

if TYPE_CHECKING:
    from app.planner.ai.grounding import Grounding
    from app.planner.diff import DiffContext

MAX_ARGUMENT_CHARS: Final = 4_000
MAX_ANSWER_CHARS: Final = 12_000


def _tool(name: str, description: str, **inputs: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "description": description, "inputs": inputs, "output_type": "string"}


_EXPRESSION: Final = {"type": "string", "description": "the words of the time, as in the request"}
_TYPE: Final = {"type": "string", "description": "the job type that the time is for", "nullable": True}
_JOB: Final = {"type": "object", "description": "one job in the form of the answer"}
_SCHEDULE: Final = {
    "type": "object",
    "description": '{"interval_sec": n}, {"cron": "m h dom mon dow", "timezone": …} or {"at": …}',
}
DESCRIPTIONS: Final = (
    _tool("list_job_types", "The job types that exist, each with what it does and its inputs."),
    _tool(
        "resolve_time",
        "The schedule that a time expression means, in Indonesian or English, "
        'such as "tiap 30 detik", "jam setengah delapan malam", "every weekday at 9".',
        expression=_EXPRESSION,
        job_type=_TYPE,
    ),
    _tool("validate_job", "Whether a job holds together: `ok`, or what is wrong with it.", job=_JOB),
    _tool("preview_schedule", "The next three fires of a schedule.", schedule=_SCHEDULE),
)


@dataclass(frozen=True, slots=True)
class PlannerTools:
    """The tools of one plan."""

    grounding: Grounding
    context: DiffContext

    def call(self, tool: str, arguments: Any) -> str:
        """Return the result of a tool; a refusal is a result too."""
        given = cast("Mapping[str, Any]", arguments if isinstance(arguments, dict) else {})
        try:
            if len(orjson.dumps(given)) > MAX_ARGUMENT_CHARS:
                return "error: too much"
            match tool:
                case "list_job_types":
                    text = orjson.dumps(listed(self.grounding.checks.registry.specs())).decode()
                case "resolve_time":
                    text = self._time(str(given.get("expression", "")), str(given.get("job_type", "")))
                case "validate_job":
                    text = self._validate(given.get("job"))
                case "preview_schedule":
                    text = self._preview(given.get("schedule"))
                case _:
                    text = "error: there is no such tool"
        except MultiJobError as error:
            text = f"error: {why(error)}"
        except (AiFailure, UngroundedError, UnreadableTimeError) as error:
            text = f"error: {error}"
        except TypeError:
            text = "error: these arguments are no JSON"
        return text[:MAX_ANSWER_CHARS]

    def _time(self, expression: str, job_type: str) -> str:
        found = self.grounding.times.resolve(expression or "?", job_type)
        assumptions = [str(note.text) for note in found.notes]
        return orjson.dumps({"schedule": found.schedule, "assumptions": assumptions}).decode()

    def _validate(self, job: Any) -> str:
        self.grounding.grounded(parse_job(job, self.grounding.checks.registry.types()))
        return "ok"

    def _preview(self, schedule: Any) -> str:
        found = fires(self.grounding.checks.schedule(schedule), self.context)
        shown = [{"utc": from_ms(fire.at_ms).isoformat(), "timezone": fire.timezone} for fire in found]
        return orjson.dumps(shown).decode()
