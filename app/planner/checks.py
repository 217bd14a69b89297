"""Whether a planned job holds together: the checks of every spec, and a fire that is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
from pydantic import ValidationError

from app.core.errors import FieldProblem, InvalidSpec
from app.core.field_problems import field_problems
from app.core.job_schedule import first_fire
from app.core.models import Schedule
from app.core.spec_check import check_spec, schedule_problems
from app.core.url_guard import url_problem

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.core.policies import Policies
    from app.core.registry import Registry

MONITOR_HTTP: Final = "monitor.http"


@dataclass(frozen=True, slots=True)
class Checks:
    """What this deployment knows and allows."""

    registry: Registry
    policies: Policies
    default_timezone: str
    opened: frozenset[str] = frozenset()
    """Private addresses that the operator has opened (HTTP_ALLOW_PRIVATE)."""

    def spec(self, raw: Mapping[str, Any]) -> JobSpec:
        """Return the spec that `raw` describes; InvalidSpec or UnknownJobType, as for anybody."""
        return check_spec(raw, self.registry, self.policies, self.default_timezone)

    def new_spec(self, raw: Mapping[str, Any], now_ms: int) -> JobSpec:
        """Return the spec of a job that is to be made: its schedule, where it has one, has to fire again."""
        spec = self.spec(raw)
        first_fire(spec, self.default_timezone, now_ms, must_fire=True)
        return spec

    def proposed_spec(self, raw: Mapping[str, Any], now_ms: int) -> JobSpec:
        """Return the spec of a job that a model proposes: what it calls has to be within reach as well."""
        spec = self.new_spec(raw, now_ms)
        problem = self.url_problem(spec)
        if problem is not None:
            raise InvalidSpec(problem, (FieldProblem("/inputs/url", problem, "url_refused"),))
        return spec

    def url_problem(self, spec: JobSpec) -> str | None:
        """Return why the URL that a job calls is out of its reach, and what would open it."""
        return url_problem(str(spec.inputs["url"]), self.opened) if spec.type == MONITOR_HTTP else None

    def schedule(self, raw: Any) -> Schedule:
        """Return the schedule that `raw` describes; InvalidSpec."""
        try:
            schedule = Schedule.model_validate_json(orjson.dumps(raw), strict=True)
        except ValidationError as error:
            problems = field_problems(error, raw, Schedule, "/schedule")
        else:
            problems = schedule_problems(schedule, self.default_timezone)
            if not problems:
                return schedule
        raise InvalidSpec("This schedule does not hold together.", problems)
