"""The address book: people and groups by name, each with a channel and an address there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from app.core.errors import ContactNotFound, FieldProblem, InvalidInput, LimitExceeded
from app.core.i18n import _
from app.core.messaging.contact_models import Contact, name_key
from app.core.recipient import (
    ACCOUNT_ID_PATTERN,
    MAX_TO_CHARS,
    MessageChannel,
    is_account_id,
    is_recipient,
)
from app.core.text import line_problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.i18n import Language
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

MAX_CONTACTS = 1_000
MAX_NAME_CHARS = 80
_NOT_IN_NAMES = frozenset('/\\"“”')
"""A path holds a name as one part, and quoted words of a sentence are text."""
CHANNELS: tuple[str, ...] = get_args(MessageChannel)
"""As in the inputs of a message: an address may be kept before its channel has a connector."""


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A contact to be saved."""

    name: str
    channel: str
    to: str
    account_id: str | None = None
    language: Language | None = None

    def checked(self) -> ContactDraft:
        """Return the draft with single blanks in its name; InvalidInput names each field that is refused."""
        problems = self.problems()
        if problems:
            listed = "; ".join(f"{each.pointer}: {each.message}" for each in problems)
            raise InvalidInput(_("The contact does not fit. {listed}", listed=listed), tuple(problems))
        return replace(self, name=" ".join(self.name.split()))

    def problems(self) -> list[FieldProblem]:
        """Return the fields that are refused."""
        problems = _name_problems(self.name)
        if self.channel not in CHANNELS:
            known = ", ".join(CHANNELS)
            problems.append(_problem("/channel", _("no channel; these are: {channels}", channels=known)))
        if not is_recipient(self.to) or self.to != self.to.strip():
            text = _("1 to {max_to_chars} printable characters, no spaces around", max_to_chars=MAX_TO_CHARS)
            problems.append(_problem("/to", text))
        if self.account_id is not None and not is_account_id(self.account_id):
            text = _("an id looks like {account_id_pattern}", account_id_pattern=ACCOUNT_ID_PATTERN)
            problems.append(_problem("/account_id", text))
        return problems


def _name_problems(name: str) -> list[FieldProblem]:
    control = line_problem(name)
    if control is not None:
        return [_problem("/name", control)]
    has_letter, plain = any(map(str.isalpha, name)), _NOT_IN_NAMES.isdisjoint(name)
    if len(name) <= MAX_NAME_CHARS and has_letter and plain:
        return []
    text = _(
        "a name has 1 to {most} characters, a letter among them, and no / or quotes", most=MAX_NAME_CHARS
    )
    return [_problem("/name", text)]


def _problem(pointer: str, message: str) -> FieldProblem:
    return FieldProblem(pointer, message, "invalid")


class ContactStore:
    """The address book of a deployment."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock) -> None:
        self._link = link
        self._scripts = scripts
        self._key = scripts.keys.contacts
        self._clock = clock
        self.version: int = 0
        """Counts the changes by this process."""

    async def put(self, draft: ContactDraft, actor: str) -> tuple[Contact, Contact | None]:
        """Save a contact; return it and the one before it. Raises InvalidInput, LimitExceeded."""
        draft = draft.checked()
        now_ms = self._clock.now_ms()
        contact = Contact(
            draft.name, draft.channel, draft.to, draft.account_id, now_ms, actor, draft.language
        )
        word, before = await self._scripts.run(
            "accounts/save_contact",
            key=name_key(contact.name),
            record=contact.text(),
            max_contacts=str(MAX_CONTACTS),
        )
        self.version += 1
        if word == "FULL":
            raise LimitExceeded(_("there are {max_contacts:,} contacts.", max_contacts=MAX_CONTACTS))
        return contact, Contact.of(before) if before else None

    async def get(self, name: str) -> Contact:
        """Return a contact; raises ContactNotFound."""
        text = await self._link.call("HGET", self._key, name_key(name))
        if text is None:
            raise ContactNotFound(name[:MAX_NAME_CHARS])
        return Contact.of(text)

    async def list(self) -> list[Contact]:
        """Return all contacts by name."""
        found = await self.stored()
        return [Contact.of(found[key]) for key in sorted(found)]

    async def stored(self) -> Mapping[str, str]:
        """Return the stored texts by `name_key`; `Contact.of` reads one."""
        return await self._link.hash(self._key)

    async def delete(self, name: str) -> Contact:
        """Remove a contact and return it; raises ContactNotFound. Jobs that were planned with it stay."""
        # Asked first: a deletion that is sent again after a lost answer finds nothing, and is done.
        contact = await self.get(name)
        await self._link.call("HDEL", self._key, name_key(name))
        self.version += 1
        return contact
