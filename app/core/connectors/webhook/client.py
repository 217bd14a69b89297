"""Webhook client: JSON that is signed as Standard Webhooks defines it.

The signature covers id, timestamp and body. A receiver refuses an old timestamp and drops an id that it
knows, so that neither a replay nor a repeated call counts twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from app.core.clock import SystemClock
from app.core.connectors.base import ChannelLogin, OutcomeUnknown, ProbeResult, refuse_too_long
from app.core.connectors.guarded import GuardedConnector
from app.core.connectors.webhook.models import MAX_CHARS, WebhookSecrets, WebhookSettings
from app.core.net.urls import parse_url
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.connectors.messages import OutgoingMessage

_ENCODED = "whsec_"


class WebhookConnector(GuardedConnector):
    """One receiver."""

    def __init__(self, login: ChannelLogin, clock: Clock | None = None) -> None:
        super().__init__(login)
        self._settings = WebhookSettings.model_validate(dict(login.settings))
        secrets = WebhookSecrets.model_validate(dict(login.secrets))
        redactor.register(secrets.signing_secret)
        self._key = signing_key(secrets.signing_secret)
        self._account = f"webhook:{login.account_id}"
        self._clock = clock or SystemClock()

    async def send(self, message: OutgoingMessage) -> str:
        refuse_too_long(message.text, MAX_CHARS)
        message_id = f"msg_{message.stable_id(self._account)}"
        body = orjson.dumps(
            {
                "type": "message",
                "timestamp": _instant(message.created_at),
                "data": {
                    "message_id": message.id,
                    "account": self._account,
                    "to": message.to,
                    "text": message.text,
                },
            }
        )
        sent_at = self._clock.now_ms() // 1000
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "multi-job",
            "webhook-id": message_id,
            "webhook-timestamp": str(sent_at),
            "webhook-signature": signature(self._key, message_id, sent_at, body),
        }
        try:
            reply = await self._http.call("POST", self._settings.url, headers=headers, body=body)
            if reply.is_success:
                return message_id
            raise reply.refusal()
        except OutcomeUnknown as error:
            raise OutcomeUnknown(error.message, repeatable=self._settings.drops_doubles) from None

    async def _identify(self) -> ProbeResult:
        # No request: only the receiver's owner knows one that changes nothing.
        await self._http.reach(self._settings.url)
        return ProbeResult(parse_url(self._settings.url).origin)


def signing_key(secret: str) -> bytes:
    """Return the key of a secret: the bytes that `whsec_` encodes, else those of the text."""
    if secret.startswith(_ENCODED):
        try:
            return base64.b64decode(secret.removeprefix(_ENCODED), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def signature(key: bytes, message_id: str, sent_at_sec: int, body: bytes) -> str:
    """Return the value of the header `webhook-signature`."""
    signed = f"{message_id}.{sent_at_sec}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def _instant(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat().replace("+00:00", "Z")
