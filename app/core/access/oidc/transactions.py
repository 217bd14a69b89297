"""Sign-ins at a provider that are under way, each sealed into the browser that began it.

Nothing is stored until the browser comes back: strangers who begin sign-ins write nothing into Redis. The
sealed text is the proof that code and state came back to the same browser. Each one is used once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.core.access.errors import SignInRefused
from app.core.errors import SecretUnreadable
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.redis_client import RedisLink
    from app.core.secrets.sealing import SecretBox
    from app.core.storage.keys import Keys

LIFE_MS: Final = 600_000
MAX_SEALED_CHARS: Final = 4_096
_CONTEXT = "oidc:transaction"
_MAX_AHEAD_MS: Final = 60_000
"""The clocks of two API processes may differ by this much."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One sign-in under way: what the provider's answer must fit."""

    state: str
    nonce: str
    verifier: str
    """Of PKCE: only its hash goes through the browser's address bar."""
    issuer: str
    client_id: str
    redirect_uri: str
    ends_at: int
    """Epoch milliseconds."""


class Transactions:
    """Begins sign-ins, and takes back each of them once."""

    def __init__(self, link: RedisLink, keys: Keys, clock: Clock, box: SecretBox) -> None:
        self._link = link
        self._keys = keys
        self._clock = clock
        self._box = box

    def begin(self, issuer: str, client_id: str, redirect_uri: str) -> tuple[Transaction, str]:
        """Return a new sign-in and its sealed text, which only the browser keeps."""
        made = Transaction(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            issuer=issuer,
            client_id=client_id,
            redirect_uri=redirect_uri,
            ends_at=self._clock.now_ms() + LIFE_MS,
        )
        return made, self._box.seal(orjson.dumps(asdict(made)).decode(), _CONTEXT)

    async def take(self, sealed: str, state: str, issuer: str, client_id: str) -> Transaction:
        """Return the sign-in that a browser brings back; SignInRefused unless it may go on."""
        found = self._opened(sealed)
        if found is None or not hmac.compare_digest(found.state.encode(), state.encode()):
            raise SignInRefused(
                _("This sign-in was not begun in this browser: begin it again on the sign-in page.")
            )
        now_ms = self._clock.now_ms()
        if not now_ms < found.ends_at <= now_ms + LIFE_MS + _MAX_AHEAD_MS:
            raise SignInRefused(
                _("This sign-in took longer than 10 minutes: begin it again on the sign-in page.")
            )
        if (found.issuer, found.client_id) != (issuer, client_id):
            raise SignInRefused(
                _("The provider of this deployment has changed: begin again on the sign-in page.")
            )
        digest = hashlib.sha256(found.state.encode()).hexdigest()
        # It outlives the transaction, so that a used one is expired before it is forgotten. If the answer is
        # lost and the command repeated, the sign-in is refused: that is the safe side.
        life_ms = LIFE_MS + 2 * _MAX_AHEAD_MS
        first = await self._link.call("SET", self._keys.oidc_used(digest), 1, "NX", "PX", life_ms)
        if first is None:
            raise SignInRefused(_("This sign-in was used already: begin again on the sign-in page."))
        return found

    def _opened(self, sealed: str) -> Transaction | None:
        if len(sealed) > MAX_SEALED_CHARS:
            return None
        try:
            values: dict[str, Any] = orjson.loads(self._box.open(sealed, _CONTEXT))
            return Transaction(**{field.name: values[field.name] for field in fields(Transaction)})
        except (SecretUnreadable, ValueError, KeyError, TypeError):
            return None
