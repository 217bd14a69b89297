"""WhatsApp client for Meta's Cloud API: phone number check and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import httpx
import orjson

from app.core.connectors.base import (
    ChannelError,
    ChannelLogin,
    ConnectorHealth,
    ProbeResult,
    probe,
    refuse_too_long,
)
from app.core.connectors.http import (
    MAX_CONNECTIONS,
    failed_exchange,
    no_answer,
    refused_answer,
    timeouts,
    tls_context,
    within,
)
from app.core.connectors.whatsapp.content import (
    TEMPLATE_NEEDED,
    TemplateNeeded,
    free_content,
    template_content,
    template_needed_words,
)
from app.core.connectors.whatsapp.models import MAX_CHARS, WhatsAppSecrets, WhatsAppSettings
from app.core.i18n import _
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.connectors.messages import OutgoingMessage

_CHECKED_FIELDS = "display_phone_number,verified_name,quality_rating"
# Meta reports these limits with 400 as well as 429: application, account, throughput, spam, pair.
_LIMIT_CODES = frozenset({4, 80007, 130429, 131048, 131056})
_TOO_MANY_REQUESTS = 429


class WhatsAppConnector:
    """One sending number."""

    def __init__(self, login: ChannelLogin) -> None:
        self._settings = settings = WhatsAppSettings.model_validate(dict(login.settings))
        secrets = WhatsAppSecrets.model_validate(dict(login.secrets))
        for secret in (secrets.access_token, secrets.app_secret, secrets.verify_token):
            redactor.register(secret or "")
        self._account_id = login.account_id
        self._total_sec = login.defaults.total_sec
        self._number = f"{login.defaults.whatsapp_api_base}/{settings.phone_number_id}"
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {secrets.access_token}"},
            timeout=timeouts(login.defaults),
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS),
            verify=tls_context(),
            trust_env=False,
        )

    async def check(self) -> ConnectorHealth:
        return await probe(self._identify)

    async def send(self, message: OutgoingMessage) -> str:
        refuse_too_long(message.text, MAX_CHARS)
        template = template_content(self._settings, message)
        if template is None:
            return await self._post(message.to, free_content(message))
        if message.needs_template:
            return await self._post(message.to, template)
        try:
            return await self._post(message.to, free_content(message))
        except TemplateNeeded:
            # Refused, so nothing was sent yet.
            return await self._post(message.to, template)

    async def answer_press(self, press_id: str, text: str) -> None:  # noqa: ARG002  WhatsApp shows no note
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": press_id}
        await self._call("POST", f"{self._number}/messages", json=read)

    async def name(self) -> str:
        return ""

    async def close(self) -> None:
        await self._client.aclose()

    async def _identify(self) -> ProbeResult:
        answer = await self._call("GET", self._number, params={"fields": _CHECKED_FIELDS})
        number = answer.get("display_phone_number")
        bad = answer.get("quality_rating") == "RED"
        concern = _("Meta rates this number's quality as low.") if bad else ""
        return ProbeResult(str(number) if number else None, concern)

    async def _post(self, to: str, content: Mapping[str, Any]) -> str:
        addressed = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, **content}
        answer = await self._call("POST", f"{self._number}/messages", json=addressed)
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError):
            raise no_answer("the answer names no message") from None

    async def _call(self, method: str, url: str, **request: Any) -> dict[str, Any]:
        try:
            response = await within(self._total_sec, self._client.request(method, url, **request))
        except httpx.HTTPError as error:
            raise failed_exchange(error) from None
        body = _json_of(response)
        if not response.is_success:
            raise _refusal(response, body, self._account_id)
        if body is None:
            raise no_answer("the answer is no JSON object")
        return body


def _json_of(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body: object = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return None
    return cast("dict[str, Any]", body) if isinstance(body, dict) else None


def _refusal(response: httpx.Response, body: dict[str, Any] | None, account_id: str) -> ChannelError:
    found: object = (body or {}).get("error")
    error = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    code: object = error.get("code")
    reason = " ".join(str(part) for part in (error.get("message"), code and f"(code {code})") if part)
    if code == TEMPLATE_NEEDED:
        return TemplateNeeded(template_needed_words(account_id))
    limited = response.is_client_error and code in _LIMIT_CODES
    status = _TOO_MANY_REQUESTS if limited else response.status_code
    return refused_answer(status, reason, response.headers.get("retry-after"))
