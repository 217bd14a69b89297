"""A spec that names a secret which nobody has set is refused at its save, not at its first run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, InvalidSpec
from app.core.secret_refs import named_secrets

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.services.api.deps import Platform


async def require_secrets(at: Platform, spec: JobSpec) -> None:
    """Raise InvalidSpec with one problem for each place that names an unknown secret."""
    places = named_secrets(at.registry.get(spec.type), spec.inputs)
    if not places:
        return
    missing = await at.secrets.missing(name for name, _ in places)
    problems = tuple(_problem(name, pointer) for name, pointer in places if name in missing)
    if problems:
        raise InvalidSpec(f"{problems[0].pointer}: {problems[0].message}", problems)


def _problem(name: str, pointer: str) -> FieldProblem:
    message = (
        f"there is no secret {name!r}: `multi-job secrets set {name}` sets it / rahasia {name!r} tidak ada"
    )
    return FieldProblem(pointer, message, "unknown_secret")
