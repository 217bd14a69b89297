"""Telegram client on python-telegram-bot: `getMe` to check, `sendMessage`, `getUpdates`.

The token is in the path of every request. So no text of the library reaches an error unredacted, and no error
keeps the library's own as its cause.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import httpx
import orjson
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import HTTPXRequest

from app.core.connectors.base import (
    PEEKED,
    ChannelConflict,
    ChannelError,
    ChannelLogin,
    ChannelRejected,
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
from app.core.connectors.telegram.models import MAX_CHARS, TelegramSecrets
from app.core.i18n import _
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.connectors.base import ConnectorDefaults
    from app.core.connectors.messages import OutgoingMessage

T = TypeVar("T")
Meaning = Callable[[TelegramError], ChannelError]

_WANTED = ("message", "callback_query")
MAX_PRESS_CHARS = 200

# The statuses for which the library has error classes; it reports every other one as a network error.
_TOLD_APART = frozenset({400, 401, 403, 404, 409})
_TOO_MANY_REQUESTS, _SERVER_FAILED = 429, 500
_REFUSALS = (BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken)


class _AnswerError(NetworkError):
    """A response that the library would report as a lost connection."""

    __slots__ = ("meaning",)

    def __init__(self, meaning: ChannelError) -> None:
        super().__init__(meaning.message)
        self.meaning = meaning


class _Request(HTTPXRequest):
    """The library's own exchange, but with error responses distinguished from lost connections."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, payload = await super().do_request(*args, **kwargs)
        if httpx.codes.is_success(status):
            return status, payload
        description, retry_after = _error_text(payload)
        if retry_after is not None and status < _SERVER_FAILED:
            status = _TOO_MANY_REQUESTS
        elif status in _TOLD_APART:
            return status, payload
        raise _AnswerError(refused_answer(status, description, retry_after))


class TelegramConnector:
    """One bot.

    Updates are fetched only if the account accepts commands; otherwise they stay for the bot's owner.
    """

    def __init__(self, login: ChannelLogin) -> None:
        secrets = TelegramSecrets.model_validate(dict(login.secrets))
        redactor.register(secrets.token)
        self._total_sec = login.defaults.total_sec
        self._requests = (_request(login.defaults, 1), _request(login.defaults, MAX_CONNECTIONS))
        polling, calling = self._requests
        base = f"{login.defaults.telegram_api_base}/bot"
        self._bot = Bot(secrets.token, base_url=base, request=calling, get_updates_request=polling)

    async def check(self) -> ConnectorHealth:
        return await probe(self._identify)

    async def send(self, message: OutgoingMessage) -> str:
        refuse_too_long(message.text, MAX_CHARS)
        rows = [[InlineKeyboardButton(each.text, callback_data=each.data)] for each in message.buttons]
        keyboard = InlineKeyboardMarkup(rows) if rows else None
        exchange = self._bot.send_message(chat_id=message.to, text=message.text, reply_markup=keyboard)
        return str((await self._call(exchange)).message_id)

    async def webhook_host(self, own_path: str) -> str | None:
        url = (await self._call(self._bot.get_webhook_info())).url
        if not url:
            return None
        # The rest of a foreign address may hold its owner's secret.
        parts = urlsplit(url)
        return "" if parts.path.endswith(own_path) else parts.hostname or "?"

    async def fetch(self, offset: int | None) -> Sequence[Mapping[str, Any]]:
        wait_sec = max(1, int(self._total_sec))
        updates = self._bot.get_updates(offset, timeout=wait_sec, allowed_updates=_WANTED)
        found = [
            each.to_dict() for each in await self._call(updates, wait_sec + self._total_sec, meaning_of_poll)
        ]
        if not all(isinstance(each.get("update_id"), int) for each in found):
            raise no_answer("an update has no id")
        return found

    async def peek(self) -> Sequence[Mapping[str, Any]]:
        # No offset: a negative one drops updates, any other confirms them. No list of kinds: Telegram would
        # store it for every program that polls this bot.
        found = await self._call(self._bot.get_updates(limit=PEEKED, timeout=0), meaning=meaning_of_poll)
        return [each.to_dict() for each in found]

    async def answer_press(self, press_id: str, text: str) -> None:
        await self._call(self._bot.answer_callback_query(press_id, text[:MAX_PRESS_CHARS] or None))

    async def name(self) -> str:
        return (await self._call(self._bot.get_me())).username or ""

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    async def _identify(self) -> ProbeResult:
        user = await self._call(self._bot.get_me())
        return ProbeResult(f"@{user.username}" if user.username else str(user.id))

    async def _call(
        self, exchange: Awaitable[T], total_sec: float | None = None, meaning: Meaning | None = None
    ) -> T:
        try:
            return await within(total_sec or self._total_sec, exchange)
        except TelegramError as error:
            raise (meaning or meaning_of)(error) from None
        except ChannelError:
            raise
        except Exception as error:  # noqa: BLE001  the library raises whatever an answer of strange shape leads to
            raise no_answer(f"the answer cannot be read ({type(error).__name__})") from None


def meaning_of_poll(error: TelegramError) -> ChannelError:
    """Return the channel error for a library error of an update request."""
    if isinstance(error, Conflict):
        return ChannelConflict(
            _("Another program fetches what people write to this bot: {message}.", message=error.message)
        )
    return meaning_of(error)


def meaning_of(error: TelegramError) -> ChannelError:
    """Return the channel error for a library error of a request."""
    if isinstance(error, _AnswerError):
        return error.meaning
    if isinstance(error, _REFUSALS):
        return ChannelRejected(_("Telegram refuses: {message}.", message=error.message))
    return failed_exchange(error.__cause__ or error)


def _error_text(payload: bytes) -> tuple[str, object]:
    """Return the description of an error response, and the wait that it asks for."""
    try:
        answer = cast("dict[str, Any]", orjson.loads(payload))
        parameters: dict[str, Any] = answer.get("parameters") or {}
        return str(answer.get("description", "")), parameters.get("retry_after")
    except (orjson.JSONDecodeError, AttributeError):
        return "", None


def _request(defaults: ConnectorDefaults, connections: int) -> _Request:
    limits = timeouts(defaults)
    return _Request(
        connection_pool_size=connections,
        connect_timeout=limits.connect,
        pool_timeout=limits.pool,
        read_timeout=limits.read,
        write_timeout=limits.write,
        httpx_kwargs={"trust_env": False, "verify": tls_context()},
    )
