"""Requests to stop a job: a plan stops nothing, but names the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.core.i18n import _
from app.core.specs.search import TARGET_FIELDS, target_of

if TYPE_CHECKING:
    from app.core.specs.store import JobsByTarget
    from app.planner.models import StopRequest

CHANNELS: Final = ("telegram", "whatsapp", "slack", "discord", "email", "sandbox")
_WHOLE_TYPES: Final = ("report.daily", "backup.export")


def stop_targets(stop: StopRequest) -> tuple[str, ...]:
    """Return the targets that a request to stop may mean; none if it is too vague."""
    inputs = stop.inputs
    found: list[tuple[str, dict[str, Any]]] = []
    if stop.type in _WHOLE_TYPES:
        found.append((stop.type, {}))
    if stop.type in {None, "monitor.channel"} and inputs.get("account_id"):
        channels = (inputs["channel"],) if inputs.get("channel") else CHANNELS
        found += [("monitor.channel", {**inputs, "channel": channel}) for channel in channels]
    if stop.type in {None, "monitor.http"} and inputs.get("url"):
        found.append(("monitor.http", inputs))
    if stop.type == "message.send" and inputs.get("text"):
        found.append(("message.send", inputs))
    return tuple(target_of(job_type, inputs) for job_type, inputs in found)


def stop_warning(stop: StopRequest, existing: JobsByTarget) -> str:
    """Return the warning that names the stored job and the way to stop it."""
    records = [record for target in stop_targets(stop) for record in existing.by_target.get(target, ())]
    if not records:
        kind = f"?type={stop.type}" if stop.type in TARGET_FIELDS else ""
        return _(
            "A plan stops nothing, and no stored job is meant by {words!r}: GET /jobs{kind} lists "
            "them, `multi-job disable ID` stops one.",
            words=stop.words,
            kind=kind,
        )
    ids = [record.spec.job_id for record in records]
    how = ", ".join(f"`multi-job disable {job_id}`" for job_id in ids)
    means = _("A plan stops nothing. {words!r} means {names}; to stop it: {how}.")
    return means.fill(words=stop.words, names=", ".join(ids), how=how)
