"""Check of the secrets that a spec names, at its save.

Unknown secrets, and secrets that the URL of the spec may not get, are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, InvalidSpec, UrlRefused
from app.core.reach import Reach
from app.core.secret_hosts import CODE, denial, fits
from app.core.secret_refs import TOOL, named_secrets
from app.core.spec_check import reaches_of
from app.core.url_guard import Url, parse_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.models import JobSpec
    from app.core.secret_records import SecretInfo
    from app.services.api.deps import Platform


async def require_secrets(at: Platform, spec: JobSpec) -> None:
    """Raise InvalidSpec with one problem for each place that names a secret which the job can't use."""
    handler = at.registry.get(spec.type)
    places = named_secrets(handler, spec.inputs)
    if not places:
        return
    known = await at.secrets.infos(name for name, _ in places)
    urls = _urls(reaches_of(handler, spec.inputs))
    found = (_problem(at, known.get(name), name, pointer, urls) for name, pointer in places)
    problems = tuple(problem for problem in found if problem is not None)
    if problems:
        raise InvalidSpec(f"{problems[0].pointer}: {problems[0].message}", problems)


def _problem(
    at: Platform, info: SecretInfo | None, name: str, pointer: str, urls: Sequence[tuple[str, Url]]
) -> FieldProblem | None:
    host = urls[0][1].authority if urls else "HOST"
    if info is None:
        message = (
            f"there is no secret {name!r}: `multi-job secrets set {name} --host {host}` sets it / "
            f"rahasia {name!r} tidak ada"
        )
        return FieldProblem(pointer, message, "unknown_secret")
    # A secret within a URL goes there; of several URLs it is not known which one gets a header or a body.
    aimed = [url for place, url in urls if place == pointer] or [url for _, url in urls]
    opened = at.policies.opened
    if not aimed or any(fits(info.hosts, url, opened) for url in aimed):
        return None
    return FieldProblem(pointer, denial(name, info.hosts, aimed[0], opened), CODE)


def _urls(reaches: Sequence[Reach]) -> list[tuple[str, Url]]:
    """Return the URLs that a job calls, each with its pointer; malformed ones are refused elsewhere."""
    urls: list[tuple[str, Url]] = []
    for reach in reaches:
        if reach.tool != TOOL or reach.places != "hosts":
            continue
        try:
            urls.append((f"/inputs{reach.pointer}", parse_url(reach.value)))
        except UrlRefused:
            continue
    return urls
