"""The names that a sentence may use: contacts, and accounts of channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.messaging.contact_models import Contact


@dataclass(frozen=True, slots=True)
class NameDirectory:
    """The names of a deployment; `contacts` are the stored texts by folded name."""

    contacts: Mapping[str, str] = field(default_factory=dict[str, str])
    accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The channels of each account id, by the id in lower case."""

    def contact(self, key: str) -> Contact:
        """Return the contact with a folded name."""
        return Contact.of(self.contacts[key])
