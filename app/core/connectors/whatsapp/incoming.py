"""Parses webhook calls of Meta's Cloud API: incoming texts and delivery reports."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from app.core.connectors.messages import ProviderReport, ProviderState
from app.core.connectors.updates import MAX_TEXT_CHARS, IncomingBatch, SentAt, Update, title_of
from app.core.connectors.whatsapp.content import TEMPLATE_NEEDED
from app.core.i18n import _

_CHALLENGE = re.compile(r"[!-~]{1,200}")
_STATES = {state.value: state for state in ProviderState}
_MAX_ID_CHARS = 200
_INDONESIA = "62"
_Text = Annotated[str, Field(max_length=_MAX_ID_CHARS)]


class _Body(BaseModel):
    body: str = ""


class _Choice(BaseModel):
    id: _Text
    title: str = ""


class _Interactive(BaseModel):
    button_reply: _Choice | None = None
    list_reply: _Choice | None = None


class _Message(BaseModel):
    id: _Text
    from_: Annotated[_Text, Field(alias="from")]
    group_id: _Text | None = None
    """The group that it was written in; None for a private chat."""
    timestamp: SentAt = 0
    context: dict[str, Any] | None = None
    text: _Body | None = None
    interactive: _Interactive | None = None


class _Status(BaseModel):
    id: _Text
    status: str
    timestamp: int = 0
    errors: list[dict[str, Any]] = []


class _Metadata(BaseModel):
    phone_number_id: str


class _Profile(BaseModel):
    name: str = ""


class _Contact(BaseModel):
    wa_id: str
    profile: _Profile = _Profile()


class _Value(BaseModel):
    metadata: _Metadata
    contacts: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = []
    statuses: list[dict[str, Any]] = []


class _Change(BaseModel):
    field: str = ""
    value: dict[str, Any] = {}


class _Entry(BaseModel):
    changes: list[_Change] = []


class _Call(BaseModel):
    entry: list[_Entry] = []


class WhatsAppIncoming:
    """The webhook of a number; Meta signs each body with the app's secret."""

    needs = "app_secret"

    def is_authentic(self, secrets: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> bool:
        wanted = hmac.new(secrets[self.needs].encode(), body, hashlib.sha256).hexdigest()
        sent = headers.get("x-hub-signature-256", "")
        return hmac.compare_digest(sent.encode(), f"sha256={wanted}".encode())

    def challenge_answer(self, secrets: Mapping[str, str], query: Mapping[str, str]) -> str | None:
        word, sent = secrets.get("verify_token", ""), query.get("hub.verify_token", "")
        challenge = query.get("hub.challenge", "")
        known = hmac.compare_digest(sent.encode(), word.encode()) and bool(word)
        asked = query.get("hub.mode") == "subscribe" and _CHALLENGE.fullmatch(challenge) is not None
        return challenge if known and asked else None

    def read(self, settings: Mapping[str, Any], body: Mapping[str, Any]) -> IncomingBatch:
        # The webhook of an app receives the calls for all of its numbers.
        number = settings["phone_number_id"]
        values = [value for value in _values(body) if value.metadata.phone_number_id == number]
        updates = [_update(raw, _names(value)) for value in values for raw in value.messages]
        reports = [_report(raw) for value in values for raw in value.statuses]
        return IncomingBatch(
            tuple(each for each in updates if each is not None),
            tuple(each for each in reports if each is not None),
        )


def _values(body: Mapping[str, Any]) -> Iterable[_Value]:
    try:
        call = _Call.model_validate(body)
    except ValidationError:
        return
    for entry in call.entry:
        for change in entry.changes:
            try:
                yield _Value.model_validate(change.value)
            except ValidationError:
                continue


def _names(value: _Value) -> Mapping[str, str]:
    """Return the names that people gave themselves, by number."""
    names: dict[str, str] = {}
    for raw in value.contacts:
        try:
            contact = _Contact.model_validate(raw)
        except ValidationError:
            continue
        names[contact.wa_id] = title_of(contact.profile.name)
    return names


def _update(raw: Mapping[str, Any], names: Mapping[str, str]) -> Update | None:
    try:
        message = _Message.model_validate(raw)
    except ValidationError:
        return None
    reply = message.interactive
    pressed = None if reply is None else reply.button_reply or reply.list_reply
    # A press is a message with the button's own text.
    text = pressed.title if pressed is not None else message.text.body if message.text is not None else ""
    if not text:
        return None
    group, name, context = message.group_id, names.get(message.from_, ""), message.context or {}
    return Update(
        id=message.id,
        chat=group or message.from_,
        chat_title="" if group else name,
        chat_kind="group" if group else "private",
        private=not group,
        person=message.from_,
        person_name=name,
        is_forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
        # WhatsApp does not say which language an app has.
        language="id" if message.from_.startswith(_INDONESIA) else "",
        sent_at=message.timestamp * 1000,
        text=text[:MAX_TEXT_CHARS],
        press_id=message.id if pressed is not None else "",
        pressed=pressed.id if pressed is not None else "",
    )


def _report(raw: Mapping[str, Any]) -> ProviderReport | None:
    try:
        status = _Status.model_validate(raw)
    except ValidationError:
        return None
    state = _STATES.get(status.status)
    if state is None:
        return None
    why = "; ".join(_reason(each) for each in status.errors[:3])
    error = _("WhatsApp did not deliver it: {why}.", why=why)
    needs_template = any(each.get("code") == TEMPLATE_NEEDED for each in status.errors)
    is_failed = state is ProviderState.FAILED
    return ProviderReport(
        status.id,
        state,
        status.timestamp * 1000,
        error if is_failed else "",
        needs_template=is_failed and needs_template,
    )


def _reason(error: Mapping[str, Any]) -> str:
    parts = (error.get("title") or error.get("message"), error.get("code") and f"(code {error['code']})")
    return " ".join(str(part)[:200] for part in parts if part) or "no reason given"
