"""What a channel calls our webhook with: how it proves who calls, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from app.core.outbox_records import ProviderReport
    from app.core.updates import Update


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What one call brought; what is neither text, button nor report is left out."""

    updates: tuple[Update, ...] = ()
    reports: tuple[ProviderReport, ...] = ()


class Incoming(Protocol):
    """The webhook of a channel. Bodies are untrusted: of odd shape they bring nothing."""

    needs: str
    """The secret of an account without which nobody can prove anything."""

    def proves(self, secrets: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> bool:
        """Tell, in constant time, whether the call is the channel's own; header names in lower case."""
        ...

    def answers(self, secrets: Mapping[str, str], query: Mapping[str, str]) -> str | None:
        """Return what a GET that verifies the address is answered with; None where it proves nothing."""
        ...

    def read(self, settings: Mapping[str, Any], body: Mapping[str, Any]) -> Arrivals:
        """Return what a body brings."""
        ...
