"""Discord client for webhooks of a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.core.connectors.base import ChannelError, ChannelLogin, ProbeResult, refuse_too_long
from app.core.connectors.discord.models import MAX_CHARS, MAX_CONTENT_CHARS, DiscordSecrets
from app.core.connectors.guarded import GuardedConnector, secret_url
from app.core.connectors.http import no_answer

if TYPE_CHECKING:
    from app.core.connectors.guarded import HttpReply
    from app.core.connectors.messages import OutgoingMessage

_JSON = {"Content-Type": "application/json"}
# No preview of links below the message.
_SUPPRESS_EMBEDS = 4


class DiscordConnector(GuardedConnector):
    """One webhook: one channel of one server."""

    def __init__(self, login: ChannelLogin) -> None:
        super().__init__(login)
        self._url = secret_url(DiscordSecrets.model_validate(dict(login.secrets)).webhook_url)

    async def send(self, message: OutgoingMessage) -> str:
        refuse_too_long(message.text, MAX_CHARS)
        # A text calls no people: `@everyone` stays a word.
        payload: dict[str, object] = {"allowed_mentions": {"parse": []}}
        if len(message.text) <= MAX_CONTENT_CHARS:
            payload |= {"content": message.text, "flags": _SUPPRESS_EMBEDS}
        else:
            payload |= {"embeds": [{"description": message.text}]}
        # With `wait` the answer is the stored message.
        url = f"{self._url}{'&' if '?' in self._url else '?'}wait=true"
        reply = await self._http.call("POST", url, headers=_JSON, body=orjson.dumps(payload))
        if not reply.is_success:
            raise _refusal(reply)
        sent = reply.fields
        if not isinstance(sent.get("id"), str):
            raise no_answer("the answer names no message")
        return sent["id"]

    async def _identify(self) -> ProbeResult:
        reply = await self._http.call("GET", self._url)
        if not reply.is_success:
            raise _refusal(reply)
        name = reply.fields.get("name")
        return ProbeResult(name if isinstance(name, str) else None)


def _refusal(reply: HttpReply) -> ChannelError:
    body = reply.fields
    parts = (body.get("message"), body.get("code") and f"(code {body['code']})")
    reason = " ".join(str(part) for part in parts if part)
    # The body has fractions of a second, the header is rounded up.
    return reply.refusal(reason, body.get("retry_after"))
