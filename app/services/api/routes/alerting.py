"""Who gets alarms, and when nothing is sent: notification rules and maintenance windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.alerting.maintenance import MaintenanceDraft
from app.core.alerting.rules import NotificationRules
from app.core.errors import IdempotencyMismatch, InvalidInput, LimitExceeded, MaintenanceNotFound
from app.core.fields import json_diff
from app.core.i18n import _
from app.services.api.http.body import StrictBody
from app.services.api.http.conditions import IdempotencyKey, scope_of
from app.services.api.http.router import ContextDep, Router, ServicesDep
from app.services.api.schemas.alerting import MaintenanceBody, MaintenanceDeleted, NotificationRulesBody

if TYPE_CHECKING:
    from app.core.alerting.maintenance import MaintenanceWindow
    from app.services.api.services import Services

router = Router("incidents")
RULES, MAINTENANCE = "/notification-rules", "/maintenance"


@router.get(RULES)
async def get_notification_rules(services: ServicesDep) -> NotificationRulesBody:
    """Return the rules that decide who gets the alarms of incidents."""
    return NotificationRulesBody.of(await services.notification_rules.get())


@router.put(RULES, raises=(InvalidInput,))
async def put_notification_rules(
    services: ServicesDep, context: ContextDep, body: StrictBody[NotificationRules]
) -> NotificationRulesBody:
    """Replace all rules; an empty list lets each incident go to its job's recipient, then to the default."""
    before = (await services.notification_rules.get()).rules
    stored = await services.notification_rules.put(body, context.actor.name)
    diff = json_diff(before.model_dump(mode="json"), body.model_dump(mode="json"))
    context.note(target="setting:notification-rules", diff=diff)
    return NotificationRulesBody.of(stored)


@router.get(MAINTENANCE)
async def list_maintenance(services: ServicesDep) -> list[MaintenanceBody]:
    """Return the maintenance windows, oldest first; those that ended a day ago are left out."""
    return [_body(services, each) for each in await services.maintenance.list()]


@router.post(MAINTENANCE, status_code=201, raises=(InvalidInput, LimitExceeded, IdempotencyMismatch))
async def create_maintenance(
    services: ServicesDep, context: ContextDep, body: StrictBody[MaintenanceDraft], key: IdempotencyKey
) -> MaintenanceBody:
    """Create a window: incidents that open in it, and whose jobs it covers, send nothing until its end."""
    window_id = ""
    if key is not None:
        window_id = f"key-{scope_of(context.actor, MAINTENANCE, key)}"
        known = next((each for each in await services.maintenance.list() if each.id == window_id), None)
        if known is not None and known.draft != body:
            raise IdempotencyMismatch(_("This Idempotency-Key was used for another window."))
        if known is not None:
            return _body(services, known)
    window = await services.maintenance.create(body, context.actor.name, window_id)
    context.note(target=f"maintenance:{window.id}", diff=json_diff({}, body.model_dump(mode="json")))
    return _body(services, window)


@router.delete(f"{MAINTENANCE}/{{maintenance_id}}", raises=(MaintenanceNotFound,))
async def delete_maintenance(
    services: ServicesDep, context: ContextDep, maintenance_id: str
) -> MaintenanceDeleted:
    """Remove a window; incidents that it holds back are alarmed within a minute, if they are still open."""
    gone = await services.maintenance.delete(maintenance_id)
    context.note(target=f"maintenance:{gone.id}", diff=json_diff(gone.draft.model_dump(mode="json"), {}))
    return MaintenanceDeleted(id=gone.id, status="deleted")


def _body(services: Services, window: MaintenanceWindow) -> MaintenanceBody:
    return MaintenanceBody.of(window, services.clock.now_ms(), services.settings.timezone)
