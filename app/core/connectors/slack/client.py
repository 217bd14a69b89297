"""Slack client for incoming webhooks; Mattermost and Rocket.Chat take the same calls.

Slack gives no id of a message and no later report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.core.connectors.base import ChannelLogin, ProbeResult, refuse_too_long
from app.core.connectors.guarded import GuardedConnector, secret_url
from app.core.connectors.slack.models import MAX_CHARS, SlackSecrets

if TYPE_CHECKING:
    from app.core.connectors.guarded import HttpReply
    from app.core.connectors.messages import OutgoingMessage

_BAD_REQUEST = 400
# The answers of a webhook that is in order to a message without a text.
_ASKS_FOR_TEXT = ("no_text", "invalid_payload", "missing_text_or_fallback_or_attachments", "no text")
_JSON = {"Content-Type": "application/json"}
# `<!channel>` and `<@U1>` in a text would call people.
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class SlackConnector(GuardedConnector):
    """One incoming webhook: one channel of one workspace."""

    def __init__(self, login: ChannelLogin) -> None:
        super().__init__(login)
        self._url = secret_url(SlackSecrets.model_validate(dict(login.secrets)).webhook_url)

    async def send(self, message: OutgoingMessage) -> str:
        refuse_too_long(message.text, MAX_CHARS)
        text = message.text.translate(_ESCAPED)
        reply = await self._post({"text": text, "mrkdwn": False, "unfurl_links": False})
        if not reply.is_success:
            raise reply.refusal()
        return ""

    async def _identify(self) -> ProbeResult:
        # A message without a text is refused, after Slack has found the webhook.
        reply = await self._post({})
        said = reply.body.decode(errors="replace").lower()
        if reply.status == _BAD_REQUEST and any(word in said for word in _ASKS_FOR_TEXT):
            return ProbeResult()
        raise reply.refusal()

    async def _post(self, payload: dict[str, object]) -> HttpReply:
        return await self._http.call("POST", self._url, headers=_JSON, body=orjson.dumps(payload))
