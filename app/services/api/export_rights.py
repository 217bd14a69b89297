"""Checks of the right to make and fetch exports with secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.core.access.api_keys import Role
from app.core.errors import AdminRequired
from app.core.files.exports import EXPORT_TYPE, exports_secrets, require_export_right
from app.core.i18n import _
from app.core.models import ArtifactKind
from app.core.runs.dead_letters import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from app.core.files.exports import ExportHeader
    from app.core.models import JobSpec
    from app.core.runs.dead_letters import DeadLetter
    from app.services.api.dependencies import Services
    from app.services.api.http.context import RequestContext

_AT_ONCE = 500


def is_admin(context: RequestContext) -> bool:
    """Return whether the caller has every right."""
    return context.actor.role.covers(Role.ADMIN)


def require_run_right(context: RequestContext, job_type: str, inputs: Mapping[str, Any]) -> None:
    """Raise AdminRequired if this caller may not make such a run."""
    if job_type == EXPORT_TYPE:
        require_export_right(is_admin(context), job_type, inputs)


async def require_spec_right(services: Services, context: RequestContext, spec: JobSpec) -> None:
    """Raise AdminRequired if this caller may not save a spec, or what its end would start."""
    require_run_right(context, spec.type, spec.inputs)
    chained = [*spec.on_success, *spec.on_failure]
    if chained and not is_admin(context):
        for record in (await services.jobs.find_some(chained)).values():
            require_run_right(context, record.spec.type, record.spec.inputs)


async def split_letters(
    services: Services, context: RequestContext, letters: list[DeadLetter]
) -> tuple[list[DeadLetter], list[Rejected]]:
    """Return the dead letters that this caller may run again, and those that need an admin."""
    if is_admin(context):
        return letters, []
    allowed: list[DeadLetter] = []
    refused: list[Rejected] = []
    for start in range(0, len(letters), _AT_ONCE):
        some = letters[start : start + _AT_ONCE]
        found = await services.link.calls(
            [("HMGET", services.keys.run(letter.run_id), "type", "inputs") for letter in some]
        )
        for letter, (job_type, inputs) in zip(some, found, strict=True):
            if job_type == EXPORT_TYPE and exports_secrets(job_type, orjson.loads(inputs or "{}")):
                refused.append(Rejected(letter.run_id, AdminRequired.code))
            else:
                allowed.append(letter)
    return allowed, refused


def require_file_right(context: RequestContext, kind: ArtifactKind, header: ExportHeader | None) -> None:
    """Raise AdminRequired if this caller may not have a file, by its content and not by its name.

    A file on the list of exports whose header cannot be read may hold secrets.
    """
    if header is None and kind is not ArtifactKind.EXPORT:
        return
    needed = Role.ADMIN if header is None or header.secrets else Role.OPERATOR
    if context.actor.role.covers(needed):
        return
    if needed is Role.ADMIN:
        raise AdminRequired(_("This export has secrets in it: only an admin may have it."))
    raise AdminRequired(_("This file is an export: it needs the role {needed}.", needed=needed))
