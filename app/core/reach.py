"""Where a job will reach, as its inputs say: checked before a spec is stored, not only at its first run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.errors import FieldProblem, PolicyDenied, UrlRefused
from app.core.url_guard import Url, check_url

if TYPE_CHECKING:
    from app.core.policies import Allowance, Places, Policies


@dataclass(frozen=True, slots=True)
class Reach:
    """A place that a tool will be used with: a URL for `hosts`, else the channel or path itself.

    `pointer` leads to the input that says so (`/url`).
    """

    tool: str
    places: Places
    value: str
    pointer: str


Reaches = Callable[[Any], Iterable[Reach]]
"""What a job type reaches, from its validated inputs."""


def require_url(allowance: Allowance, url: Url, opened: Collection[str]) -> None:
    """Raise PolicyDenied; a port that the operator opened for this host needs no second mention."""
    if url.place in opened and not allowance.denies("hosts", url.place):
        allowance.require("hosts", url.bracketed)
    else:
        allowance.require("hosts", url.place)


def reach_problems(job_type: str, reaches: Iterable[Reach], policies: Policies) -> list[FieldProblem]:
    """Return what is out of reach; a tool that the type may not use at all is told elsewhere."""
    problems: list[FieldProblem] = []
    for reach in reaches:
        allowance = policies.allowance(job_type, reach.tool)
        if allowance is None:
            continue
        try:
            _require(allowance, reach, policies.opened)
        except (PolicyDenied, UrlRefused) as refused:
            problems.append(FieldProblem(f"/inputs{reach.pointer}", refused.message, refused.code))
    return problems


def _require(allowance: Allowance, reach: Reach, opened: Collection[str]) -> None:
    if reach.places == "hosts":
        require_url(allowance, check_url(reach.value, opened), opened)
    else:
        allowance.require(reach.places, reach.value)
