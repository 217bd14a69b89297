"""Client of an OpenAI-compatible server: one POST to /chat/completions, with limits on time and size.

It runs in the API's process: a request costs a connection and no library, and it ends with its caller.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Final, cast
from urllib.parse import urlsplit

import httpx
import orjson
from pydantic import BaseModel, Field, ValidationError

from app.core.i18n import _, concat
from app.planner.ai.models import AiFailure

if TYPE_CHECKING:
    from app.planner.ai.models import ModelChoice

MAX_REPLY_BYTES: Final = 262_144
MAX_ANSWER_TOKENS: Final = 2_048
"""More than the plan of a clause needs; with its request it fits a context of 4,096 tokens."""
CONNECT_SEC: Final = 10.0
_MAX_DETAIL_CHARS: Final = 200
_MAX_REPORTED_TOKENS: Final = 10_000_000
_REFUSES_PARAMETER: Final = frozenset({400, 422})
_REASONS: Final = {
    401: ("key_refused", _("the provider refuses the key")),
    403: ("key_refused", _("the provider refuses the key")),
    404: ("model_unknown", _("the provider does not know the model")),
    429: ("busy", _("the provider is busy")),
    503: ("busy", _("the provider is busy or still loads the model")),
}
_UNREACHABLE: Final = _("the provider cannot be reached")
_NO_ANSWER: Final = _("the provider's answer is no chat completion")
_TOO_LONG: Final = _("the request is longer than the context that the server gives the model")
_ONLY_THOUGHTS: Final = _("the model used all its tokens for thinking")
_CONTEXT: Final = re.compile(
    r"exceed_context_size|context_length_exceeded|context (?:size|length|window)", re.IGNORECASE
)
_THOUGHTLESS: Final = {"reasoning_effort": "none", "chat_template_kwargs": {"enable_thinking": False}}
"""Turns thinking off: the first field at Ollama and llama.cpp, the second at older llama.cpp and vLLM."""

Messages = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Completion:
    """The text that a model answered, and the tokens that it used; None if the server does not say."""

    text: str
    tokens: int | None


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: Any = None


class _Body(BaseModel):
    """The parts of a chat completion that are read."""

    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: Any = None


class ChatClient:
    """Asks the server of PLANNER_AI_BASE."""

    def __init__(self) -> None:
        self._variants: dict[tuple[str | None, str], int] = {}
        """The first form of a request that each model accepts."""

    async def complete(
        self, choice: ModelChoice, messages: Messages, schema: Mapping[str, Any], timeout_sec: float
    ) -> Completion:
        """Return the model's answer; AiFailure has the reason if there is none.

        The caller bounds the whole exchange; `timeout_sec` bounds each wait in it.
        """
        known = self._variants.get((choice.api_base, choice.model_id), 0)
        forms = list(enumerate(_forms(choice.model_id, messages, schema)))[known:]
        async with _client(choice, timeout_sec) as client:
            for number, form in forms:
                status, raw = await _post(client, form)
                is_too_long = not httpx.codes.is_success(status) and _CONTEXT.search(
                    raw.decode(errors="replace")
                )
                if status in _REFUSES_PARAMETER and number < forms[-1][0] and not is_too_long:
                    continue
                if not httpx.codes.is_success(status):
                    raise _refused(status, raw, choice.api_key)
                self._variants[choice.api_base, choice.model_id] = number
                return _completion(raw, choice.api_key)
        raise AssertionError("the last form returns or raises")


def _forms(model: str, messages: Messages, schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the request from its best form to its barest: many servers refuse a parameter with 400."""
    bare = {"model": model, "messages": messages, "stream": False}
    usual = {**bare, "temperature": 0, "max_tokens": MAX_ANSWER_TOKENS}
    described = {"type": "json_schema", "json_schema": {"name": "plan", "schema": schema}}
    return [
        {**usual, "response_format": described, **_THOUGHTLESS},
        {**usual, "response_format": described},
        usual,
        {**bare, "max_completion_tokens": MAX_ANSWER_TOKENS},
    ]


def _client(choice: ModelChoice, timeout_sec: float) -> httpx.AsyncClient:
    # No compression: a small body must not become a large one. No redirect: the key stays with this address.
    headers = {"accept-encoding": "identity"}
    if choice.api_key:
        headers["authorization"] = f"Bearer {choice.api_key}"
    return httpx.AsyncClient(
        base_url=f"{choice.api_base}/",
        headers=headers,
        timeout=httpx.Timeout(timeout_sec, connect=min(CONNECT_SEC, timeout_sec)),
        verify=_tls_context(),
        trust_env=not _is_this_machine(choice.api_base or ""),
        follow_redirects=False,
    )


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _is_this_machine(base: str) -> bool:
    """True for a loopback address, which no proxy of the environment can reach."""
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _post(client: httpx.AsyncClient, form: Mapping[str, Any]) -> tuple[int, bytes]:
    try:
        async with client.stream("POST", "chat/completions", json=form) as response:
            return response.status_code, await _limited(response)
    except httpx.TimeoutException as error:
        raise AiFailure("model_timeout", _("the model did not answer in time")) from error
    except httpx.HTTPError as error:
        raise AiFailure("unreachable", concat(_UNREACHABLE, f" ({type(error).__name__})")) from error


async def _limited(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise AiFailure("unreachable", concat(_NO_ANSWER, " (content-encoding)"))
    raw = bytearray()
    async for chunk in response.aiter_raw():
        raw += chunk
        if len(raw) > MAX_REPLY_BYTES:
            raise AiFailure(
                "bad_answer", _("the model's answer cannot be used: {why}", why=_("it is too long"))
            )
    return bytes(raw)


def _refused(status: int, raw: bytes, key: str | None) -> AiFailure:
    code, reason = _REASONS.get(status, ("unreachable", _UNREACHABLE))
    if _CONTEXT.search(raw.decode(errors="replace")):
        code, reason = "too_long", _TOO_LONG
    return AiFailure(code, concat(reason, f" ({_detail(status, raw, key)})"))


def _detail(status: int, raw: bytes, key: str | None) -> str:
    """Return the status and the server's own message, one line without the key."""
    text = ""
    with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        text = str(orjson.loads(raw)["error"]["message"])
    plain = "".join(char if char.isprintable() else " " for char in text)
    if key:
        plain = plain.replace(key, "***")
    return f"HTTP {status} {' '.join(plain.split())[:_MAX_DETAIL_CHARS]}".strip()


def _completion(raw: bytes, key: str | None) -> Completion:
    try:
        body = _Body.model_validate(orjson.loads(raw))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise AiFailure("unreachable", _NO_ANSWER) from error
    text = body.choices[0].message.content
    if not text and body.choices[0].finish_reason == "length":
        raise AiFailure("bad_answer", _ONLY_THOUGHTS)
    if text is None:
        raise AiFailure("unreachable", _NO_ANSWER)
    return Completion(text.replace(key, "***") if key else text, _tokens(body.usage))


def _tokens(usage: Any) -> int | None:
    total = cast("dict[str, Any]", usage).get("total_tokens") if isinstance(usage, dict) else None
    return total if isinstance(total, int) and 0 < total <= _MAX_REPORTED_TOKENS else None
