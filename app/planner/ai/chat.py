"""Client of an OpenAI-compatible server: one POST to /chat/completions, with limits on time and size.

It runs in the API's process: a request costs a connection and no library, and it ends with its caller.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

import httpx
import orjson

from app.core.i18n import _, concat
from app.core.net.api_address import is_loopback_host
from app.planner.ai.answer import bad_answer, shown
from app.planner.ai.child import PACKAGE_MISSING
from app.planner.ai.models import AiFailure

if TYPE_CHECKING:
    from app.planner.ai.models import ModelChoice

MAX_REPLY_BYTES: Final = 262_144
MAX_ANSWER_TOKENS: Final = 2_048
"""More than the plan of a clause needs; with its request it fits a context of 4,096 tokens."""
CONNECT_SEC: Final = 10.0
_MAX_REPORTED_TOKENS: Final = 10_000_000
_REFUSES_PARAMETER: Final = frozenset({400, 422})
_LATE: Final = _("the model did not answer in time")
_FAILED: Final = ("failed", _("the model's run failed"))
_REASONS: Final = {
    PACKAGE_MISSING: ("package_missing", _("a package is missing: pip install -e '.[ai]'")),
    401: ("key_refused", _("the provider refuses the key")),
    403: ("key_refused", _("the provider refuses the key")),
    404: ("model_unknown", _("the provider does not know the model")),
    408: ("model_timeout", _LATE),
    413: ("too_long", _("the request is longer than the context that the server gives the model")),
    429: ("busy", _("the provider is busy")),
    503: ("busy", _("the provider is busy or still loads the model")),
}
_UNKNOWN: Final = ("unreachable", _("the provider cannot be reached"))
_NO_ANSWER: Final = _("the provider's answer is no chat completion")
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
                if httpx.codes.is_success(status):
                    self._variants[choice.api_base, choice.model_id] = number
                    return completion_of(_json(raw), choice.api_key)
                if _CONTEXT.search(raw.decode(errors="replace")):
                    raise refusal(413, _detail(status, raw), choice.api_key)
                if status not in _REFUSES_PARAMETER or number == forms[-1][0]:
                    raise refusal(status, _detail(status, raw), choice.api_key)
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
        # No proxy of the environment reaches a loopback address.
        trust_env=not is_loopback_host(urlsplit(choice.api_base or "").hostname or ""),
        follow_redirects=False,
    )


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


async def _post(client: httpx.AsyncClient, form: Mapping[str, Any]) -> tuple[int, bytes]:
    try:
        async with client.stream("POST", "chat/completions", json=form) as response:
            return response.status_code, await _limited(response)
    except httpx.TimeoutException as error:
        raise AiFailure("model_timeout", _LATE) from error
    except httpx.HTTPError as error:
        raise refusal(500, type(error).__name__, None) from error


async def _limited(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise AiFailure("unreachable", concat(_NO_ANSWER, " (content-encoding)"))
    raw = bytearray()
    async for chunk in response.aiter_raw():
        raw += chunk
        if len(raw) > MAX_REPLY_BYTES:
            raise bad_answer(_("it is too long"))
    return bytes(raw)


def _detail(status: int, raw: bytes) -> str:
    """Return the status and the server's own message."""
    text = ""
    with contextlib.suppress(KeyError, TypeError, IndexError):
        text = str(_json(raw)["error"]["message"])
    return f"HTTP {status} {text}"


def _json(raw: bytes) -> Any:
    with contextlib.suppress(orjson.JSONDecodeError):
        return orjson.loads(raw)
    return None


def refusal(status: int, detail: str, key: str | None) -> AiFailure:
    """Return the failure of a call; `detail` is shown as one line without the key."""
    status = 413 if _CONTEXT.search(detail) else status
    code, reason = _REASONS.get(status, _UNKNOWN if status > 0 else _FAILED)
    plain = shown(detail.replace(key, "***") if key else detail)
    return AiFailure(code, concat(reason, f" ({plain})"))


def completion_of(body: Any, key: str | None) -> Completion:
    """Return the text of a chat completion; AiFailure if it has none."""
    try:
        choice = body["choices"][0]
        text, reason = choice["message"].get("content"), choice.get("finish_reason")
    except (LookupError, TypeError, AttributeError) as error:
        raise AiFailure("unreachable", _NO_ANSWER) from error
    if not text and reason == "length":
        raise AiFailure("bad_answer", _ONLY_THOUGHTS)
    if not isinstance(text, str):
        raise AiFailure("unreachable", _NO_ANSWER)
    return Completion(text.replace(key, "***") if key else text, _tokens(body.get("usage")))


def _tokens(usage: Any) -> int | None:
    total = cast("dict[str, Any]", usage).get("total_tokens") if isinstance(usage, dict) else None
    return total if isinstance(total, int) and 0 < total <= _MAX_REPORTED_TOKENS else None
