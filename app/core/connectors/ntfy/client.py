"""ntfy client: publishes to one topic of ntfy.sh or of another server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.core.connectors.base import ChannelError, ChannelLogin, ChannelRejected, ProbeResult
from app.core.connectors.guarded import GuardedConnector
from app.core.connectors.http import no_answer
from app.core.connectors.ntfy.models import MAX_BYTES, NtfySecrets, NtfySettings
from app.core.i18n import _
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.connectors.guarded import HttpReply
    from app.core.connectors.messages import OutgoingMessage

MAX_TITLE_CHARS = 120


class NtfyConnector(GuardedConnector):
    """One topic."""

    def __init__(self, login: ChannelLogin) -> None:
        super().__init__(login)
        self._settings = NtfySettings.model_validate(dict(login.settings))
        token = NtfySecrets.model_validate(dict(login.secrets)).token
        redactor.register(token or "")
        self._base = self._settings.base_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def send(self, message: OutgoingMessage) -> str:
        first, _newline, rest = message.text.strip().partition("\n")
        # A text of one line has no title of its own: the app shows the topic's.
        has_title = bool(rest.strip()) and len(first) <= MAX_TITLE_CHARS
        payload = {"message": rest.strip(), "title": first} if has_title else {"message": message.text}
        length = len(payload["message"].encode())
        if length > MAX_BYTES:
            raise ChannelRejected(
                _(
                    "the text has {count} bytes, the channel takes {max_bytes}.",
                    count=length,
                    max_bytes=MAX_BYTES,
                )
            )
        publish = {**payload, "topic": self._settings.topic, "priority": self._settings.priority}
        headers = {"Content-Type": "application/json", **self._headers}
        reply = await self._http.call("POST", f"{self._base}/", headers=headers, body=orjson.dumps(publish))
        if not reply.is_success:
            raise _refusal(reply)
        sent = reply.fields
        if not isinstance(sent.get("id"), str):
            raise no_answer("the answer names no message")
        return sent["id"]

    async def _identify(self) -> ProbeResult:
        # The server checks the token of every call, also of this one.
        reply = await self._http.call("GET", f"{self._base}/v1/health", headers=self._headers)
        if not reply.is_success:
            raise _refusal(reply)
        concern = "" if reply.fields.get("healthy") is True else _("The server says that it is not healthy.")
        return ProbeResult(self._settings.topic, concern)


def _refusal(reply: HttpReply) -> ChannelError:
    body = reply.fields
    parts = (body.get("error"), body.get("code") and f"(code {body['code']})")
    return reply.refusal(" ".join(str(part) for part in parts if part))
