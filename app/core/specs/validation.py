"""Validates job specs before they are stored, including their chains."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import ValidationError

from app.core.errors import FieldProblem, InvalidSpec, PolicyDenied
from app.core.fields import MAX_PROBLEMS, validation_problems, with_number_of_others
from app.core.i18n import _, concat
from app.core.models import JobSpec, Schedule
from app.core.policies import Destination, destination_problems
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.schedule import check_schedule
from app.core.specs.groups import group_problems
from app.core.specs.literal_credentials import literal_problems
from app.core.specs.secret_refs import secret_problems
from app.core.text import CODE, line_problem, may_have_controls, paragraphs_problem, text_problem, texts_in

if TYPE_CHECKING:
    from app.core.policies import Policies
    from app.core.registry import HandlerSpec, Registry

FindSpecs = Callable[[Sequence[str]], Awaitable[Mapping[str, JobSpec]]]
"""Returns the stored specs of some jobs; those that do not exist are left out."""

MAX_WALKED = 2_000
"""The most jobs that are checked. Beyond that, the limit on chain depth catches a circle."""


async def check_chains(spec: JobSpec, find: FindSpecs) -> None:
    """Raise InvalidSpec if a target does not exist or leads back to this job."""
    targets = _targets(spec)
    if not targets:
        return
    known = await _reachable(spec, find)
    problems = [
        problem
        for field, names in (("on_success", spec.on_success), ("on_failure", spec.on_failure))
        for index, name in enumerate(names)
        if (problem := _problem(f"/{field}/{index}", name, spec.job_id, known))
    ]
    if problems:
        raise InvalidSpec(f"{problems[0].pointer}: {problems[0].message}", tuple(problems))


async def _reachable(spec: JobSpec, find: FindSpecs) -> dict[str, list[str]]:
    """Return the targets of each job that the spec leads to, itself excluded; one read per level."""
    known: dict[str, list[str]] = {}
    ahead = _distinct(_targets(spec), {spec.job_id})
    while ahead and len(known) < MAX_WALKED:
        found = await find(ahead)
        known |= {name: _targets(each) for name, each in found.items()}
        behind = (name for each in found.values() for name in _targets(each))
        ahead = _distinct(behind, {spec.job_id, *known})
    return known


def _problem(pointer: str, target: str, job_id: str, known: Mapping[str, list[str]]) -> FieldProblem | None:
    if target != job_id and target not in known:
        message = _("job {target!r} does not exist: create it first", target=target)
        return FieldProblem(pointer, message, "unknown_job")
    path = _way_back(target, job_id, known)
    if path:
        way = " → ".join([job_id, *path])
        message = _("a chain must not lead back to its own job: {way}", way=way)
        return FieldProblem(pointer, message, "chain_cycle")
    return None


def _way_back(start: str, goal: str, known: Mapping[str, list[str]]) -> list[str]:
    """Return the shortest way from a target to the job itself; empty if there is none."""
    came_from, ahead = {start: ""}, [start]
    while ahead and goal not in came_from:
        following = [(name, after) for name in ahead for after in known.get(name, ())]
        ahead = list[str]()
        for name, after in following:
            if after not in came_from:
                came_from[after] = name
                ahead.append(after)
    path, at = list[str](), goal if goal in came_from else ""
    while at:
        path.insert(0, at)
        at = came_from[at]
    return path


def _targets(spec: JobSpec) -> list[str]:
    return [*spec.on_success, *spec.on_failure]


def _distinct(names: Iterable[str], without: set[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name not in without]


# Checks of a job spec.
#
# Every refusal is an InvalidSpec whose problems point into the request (`/schedule/cron`,
# `/inputs/duration_ms`); only an unknown type is UnknownJobType, which names the nearest one.

READ_ONLY_FIELDS = frozenset(
    {
        "version",
        "schedule_words",
        "next_run_at",
        "cooling_down_until",
        "monitor",
        "last_run",
        "recent",
        "stats",
        "status",
        "created_at",
        "updated_at",
    }
)
"""Fields that a response adds to a spec; accepted and ignored in requests, so that GET, edit, PUT works."""


def check_spec(
    raw: Mapping[str, Any], registry: Registry, policies: Policies, default_timezone: str
) -> JobSpec:
    """Return the spec of `raw`, with its type's defaults for absent fields."""
    given = {name: value for name, value in raw.items() if name not in READ_ONLY_FIELDS}
    refuse_literals(given)
    spec = _shaped(given)
    handler = registry.get(spec.type)
    problems = [
        *_text_problems(spec),
        *schedule_problems(spec.schedule, default_timezone),
        *_places_or_problems(handler, spec.inputs, policies),
        *group_problems(handler, spec),
        *_policy_problems(handler, policies),
        *secret_problems(handler, spec.inputs, policies),
    ]
    if problems:
        raise _refused(problems)
    return _with_defaults(spec, given, handler)


def refuse_literals(raw: Mapping[str, Any], pointer: str = "") -> None:
    """Raise InvalidSpec if a spec or inputs hold a credential; checked first, so that no error quotes it."""
    problems = literal_problems(raw, pointer)
    if problems:
        raise _refused(problems)


def schedule_problems(schedule: Schedule | None, default_timezone: str) -> tuple[FieldProblem, ...]:
    """Return the problems for which a schedule cannot be computed."""
    if schedule is None:
        return ()
    try:
        check_schedule(schedule, default_timezone)
    except ScheduleError as error:
        return (FieldProblem(f"/schedule/{error.field}", error.message, error.code),)
    return ()


def input_problems(handler: HandlerSpec, inputs: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Return the problems that the type's model finds in the inputs, and control characters in texts."""
    return _parsed(handler, inputs)[1]


def _parsed(handler: HandlerSpec, inputs: Mapping[str, Any]) -> tuple[Any, tuple[FieldProblem, ...]]:
    """Return the inputs as the type's model, None if it refuses them, and their problems."""
    encoded = _encoded(dict(inputs))
    try:
        model = handler.parse(encoded.decode())
    except ValidationError as error:
        return None, validation_problems(error, inputs, handler.inputs, "/inputs")
    if not may_have_controls(encoded):
        return model, ()
    found = ((pointer, text_problem(text)) for pointer, text in texts_in(inputs, "/inputs"))
    refused = [FieldProblem(pointer, message, CODE) for pointer, message in found if message is not None]
    return model, with_number_of_others(refused[:MAX_PROBLEMS], len(refused) - MAX_PROBLEMS)


def _text_problems(spec: JobSpec) -> Iterable[FieldProblem]:
    """Yield short texts with control characters. Only a save is refused: stored ones stay readable."""
    if (message := paragraphs_problem(spec.description)) is not None:
        yield FieldProblem("/description", message, CODE)
    for pointer, text in texts_in(spec.retry_policy.non_retryable, "/retry_policy/non_retryable"):
        if (message := line_problem(text)) is not None:
            yield FieldProblem(pointer, message, CODE)


def _places_or_problems(
    handler: HandlerSpec, inputs: Mapping[str, Any], policies: Policies
) -> Iterable[FieldProblem]:
    model, refused = _parsed(handler, inputs)
    if refused or handler.destinations is None:
        return refused
    return destination_problems(handler.type, [*handler.destinations(model)], policies)


def destinations_of(handler: HandlerSpec, inputs: Mapping[str, Any]) -> list[Destination]:
    """Return the places that a job with these inputs will use; the inputs are valid."""
    if handler.destinations is None:
        return []
    return list(handler.destinations(handler.parse(_encoded(dict(inputs)).decode())))


def check_inputs(handler: HandlerSpec, inputs: Mapping[str, Any], *, stored: bool = False) -> None:
    """Raise InvalidSpec if the type's own model refuses the inputs, or if they hold a credential.

    `stored` inputs come from a run that is repeated: these are not searched for credentials.
    """
    if not stored:
        refuse_literals(inputs, "/inputs")
    problems = input_problems(handler, inputs)
    if problems:
        raise _refused(problems)


def _shaped(given: dict[str, Any]) -> JobSpec:
    encoded = _encoded(given)
    try:
        # From JSON text and strict: `"yes"` is not a boolean and 5 is not an instant, while a date is a text.
        return JobSpec.model_validate_json(encoded, strict=True)
    except ValidationError as error:
        raise _refused(validation_problems(error, orjson.loads(encoded), JobSpec)) from error


def _encoded(value: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError as error:
        raise InvalidSpec(
            f"The spec cannot be written as JSON: {error}.", (FieldProblem("", str(error), "not_json"),)
        ) from error


def _policy_problems(handler: HandlerSpec, policies: Policies) -> tuple[FieldProblem, ...]:
    try:
        policies.check_tools(handler.type, handler.tools)
    except PolicyDenied as error:
        return (FieldProblem("/type", error.message, error.code),)
    return ()


def _with_defaults(spec: JobSpec, given: dict[str, Any], handler: HandlerSpec) -> JobSpec:
    filled: dict[str, Any] = {}
    if "timeout_ms" not in given:
        filled["timeout_ms"] = handler.timeout_ms
    if "retry_policy" not in given:
        filled["retry_policy"] = handler.retry_policy
    return spec.model_copy(update=filled) if filled else spec


def _refused(problems: list[FieldProblem] | tuple[FieldProblem, ...]) -> InvalidSpec:
    first = problems[0]
    more = _(" ({count} more)", count=len(problems) - 1) if len(problems) > 1 else ""
    where = first.pointer or _("The spec")
    return InvalidSpec(concat(where, ": ", first.message, more), tuple(problems))
