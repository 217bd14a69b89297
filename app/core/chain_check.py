"""Whether the chains of a spec hold together before it is saved: every target exists, and none leads back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from app.core.errors import FieldProblem, InvalidSpec
from app.core.models import JobSpec

FindSpecs = Callable[[Sequence[str]], Awaitable[Mapping[str, JobSpec]]]
"""Returns the stored specs of some jobs; those that do not exist are left out."""

MAX_WALKED = 2_000
"""Jobs that are looked at. More than that, and a circle is left to the cap on the depth of a chain."""


async def check_chains(spec: JobSpec, find: FindSpecs) -> None:
    """Raise InvalidSpec where a target does not exist or leads back to this job."""
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
    """Return the targets of each job that the spec leads to, itself left out; one look for each level."""
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
        message = f"job {target!r} does not exist: create it first / job {target!r} belum ada"
        return FieldProblem(pointer, message, "unknown_job")
    path = _way_back(target, job_id, known)
    if path:
        way = " → ".join([job_id, *path])
        message = f"a chain must not lead back to its own job: {way} / rantai job tidak boleh berputar"
        return FieldProblem(pointer, message, "chain_cycle")
    return None


def _way_back(start: str, goal: str, known: Mapping[str, list[str]]) -> list[str]:
    """Return the shortest way from a target to the job itself; empty where there is none."""
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
