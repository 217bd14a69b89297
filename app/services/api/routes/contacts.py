"""The address book: names that a sentence may use for a recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.errors import ContactNotFound, InvalidInput, LimitExceeded
from app.core.fields import json_diff
from app.core.messaging.contacts import ContactDraft
from app.services.api.http.body import StrictBody
from app.services.api.http.router import ContextDep, Router, ServicesDep
from app.services.api.schemas.contacts import ContactBody, ContactDeleted, ContactRequest

if TYPE_CHECKING:
    from app.core.messaging.contact_models import Contact

router = Router("connectors")
CONTACT = "/contacts/{contact_name}"


@router.get("/contacts")
async def list_contacts(services: ServicesDep) -> list[ContactBody]:
    """Return all contacts by name; there are 1,000 at most."""
    return [ContactBody.model_validate(each) for each in await services.contacts.list()]


@router.get(CONTACT, raises=(ContactNotFound,))
async def get_contact(services: ServicesDep, contact_name: str) -> ContactBody:
    """Return a contact by its name, without regard to case and further blanks."""
    return ContactBody.model_validate(await services.contacts.get(contact_name))


@router.put(CONTACT, raises=(InvalidInput, LimitExceeded))
async def put_contact(
    services: ServicesDep, context: ContextDep, body: StrictBody[ContactRequest], contact_name: str
) -> ContactBody:
    """Create or replace a contact; plans that are made from now on use it."""
    draft = ContactDraft(contact_name, body.channel, body.to, body.account_id, body.language)
    saved, before = await services.contacts.put(draft, context.actor.name)
    context.note(target=f"contact:{saved.name}", diff=json_diff(_audited(before), _audited(saved)))
    return ContactBody.model_validate(saved)


@router.delete(CONTACT, raises=(ContactNotFound,))
async def delete_contact(services: ServicesDep, context: ContextDep, contact_name: str) -> ContactDeleted:
    """Remove a contact; jobs that were planned with it keep their recipient."""
    gone = await services.contacts.delete(contact_name)
    context.note(target=f"contact:{gone.name}", diff=json_diff(_audited(gone), {}))
    return ContactDeleted(name=gone.name, status="deleted")


def _audited(contact: Contact | None) -> dict[str, Any]:
    return {} if contact is None else {"name": contact.name, **contact.place}
