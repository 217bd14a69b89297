"""Performs the calls of the http tool: checks arguments and policy, counts bytes."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from app import __version__
from app.core.errors import HttpTooLarge, InvalidInput
from app.core.i18n import _
from app.core.net.urls import Url, check_url
from app.core.policies import require_url
from app.core.secrets.store import SecretReader
from app.core.specs.secret_refs import filled_body, filled_headers, filled_target
from app.core.tools.base import ByteBudget
from app.core.tools.http.client import HttpCall, HttpClient
from app.core.tools.http.secrets import AttemptSecrets
from app.core.tracing.spans import current_span

if TYPE_CHECKING:
    from app.core.policies import Allowance
    from app.core.secrets.sealing import SecretBox
    from app.core.tools.base import ToolDependencies, ToolFactory
    from app.core.tools.http import HttpAnswer
    from app.core.tools.http.secrets import CallSecrets

MAX_BYTES = 1_048_576
MAX_TIMEOUT_SEC = 300.0
MAX_HEADERS = 50
MAX_HEADER_CHARS = 16_384
USER_AGENT = f"multi-job/{__version__}"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?|")
# These control where a request goes and ends; the client sets them from the URL and the body.
_NOT_SETTABLE = frozenset(
    {
        *("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive"),
        *("te", "trailer", "transfer-encoding", "upgrade"),
    }
)


def http_factory(dependencies: ToolDependencies) -> ToolFactory:
    """Return the factory of the http tool; all attempts share one client."""
    opened = frozenset(dependencies.settings.http_allow_private)
    client = HttpClient(opened, dependencies.clock)
    home = dependencies.home
    source = SecretReader(home.link, home.keys, cache(lambda: _box(dependencies)))
    return lambda _attempt, _scripts, allowance: HttpPerformer(
        client, opened, allowance, AttemptSecrets(source, allowance, opened)
    )


def _box(dependencies: ToolDependencies) -> SecretBox:
    # Imported at the first secret: ciphers take megabytes, and few jobs use one.
    from app.core.secrets.sealing import open_box  # noqa: PLC0415

    return open_box(dependencies.settings)


class HttpPerformer:
    """Makes the calls of one attempt, which share the policy's bytes."""

    def __init__(
        self, client: HttpClient, opened: Collection[str], allowance: Allowance, secrets: AttemptSecrets
    ) -> None:
        self._client = client
        self._opened = opened
        self._allowance = allowance
        self._secrets = secrets
        self._budget = ByteBudget(allowance, HttpTooLarge)

    async def perform(self, op: str, args: tuple[Any, ...]) -> dict[str, Any]:
        match op, args:
            case "request", ({**asked},):
                call = await self._call(asked)
                return _masked_answer(await self._client.fetch(call), call.secrets)
            case _:
                raise InvalidInput(f"http.{op} does not take these {len(args)} arguments")

    async def _call(self, asked: Mapping[str, Any]) -> HttpCall:
        url, body = check_url(asked["url"], self._opened), base64.b64decode(asked.get("body") or "")
        # The policy is checked before a secret is opened for the URL; the client checks again at each hop.
        self._permit(url)
        secrets = await self._secrets.of_call()
        resolve, headers = secrets.filler(url), checked_headers(asked.get("headers"))
        filled, filled_in = await filled_body(body, resolve), await filled_headers(headers, resolve)
        return HttpCall(
            method=checked_method(asked.get("method")),
            url=replace(url, target=await filled_target(url.target, resolve)),
            headers=_sendable(filled_in),
            body=filled,
            private_body=filled != body,
            private_headers=frozenset(name for name in headers if filled_in[name] != headers[name]),
            secrets=secrets,
            timeout_sec=checked_timeout(asked.get("timeout_sec")),
            max_bytes=checked_max_bytes(asked.get("max_bytes")),
            cut=bool(asked.get("cut")),
            follow=bool(asked.get("follow")),
            permit=self._permit,
            budget=self._budget,
        )

    def _permit(self, url: Url) -> None:
        require_url(self._allowance, url, self._opened)


def _masked_answer(answer: HttpAnswer, secrets: CallSecrets) -> dict[str, Any]:
    """Return a response for the handler: secrets in the body, headers and URL are masked."""
    shown = asdict(answer)
    shown["text"] = secrets.mask(answer.text, cut=answer.truncated)
    shown["url"] = secrets.mask(answer.url)
    shown["headers"] = {secrets.mask(name): secrets.mask(value) for name, value in answer.headers.items()}
    return shown


def checked_method(method: Any) -> str:
    """Return a method in capitals; raises InvalidInput."""
    name = method.upper() if isinstance(method, str) else ""
    if name not in METHODS:
        raise InvalidInput(f"a method is one of {', '.join(sorted(METHODS))}")
    return name


def checked_headers(headers: Any) -> dict[str, str]:
    """Return the headers of a call with those of the tool; raises InvalidInput."""
    given = cast("dict[Any, Any]", headers or {})
    if (
        len(given) > MAX_HEADERS
        or sum(len(str(k)) + len(str(v)) for k, v in given.items()) > MAX_HEADER_CHARS
    ):
        raise InvalidInput(f"at most {MAX_HEADERS} headers of {MAX_HEADER_CHARS:,} characters in all")
    for name, value in given.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InvalidInput("a header's name looks like `X-Request-Id`")
        if not isinstance(value, str) or not _VALUE.fullmatch(value):
            raise InvalidInput(f"the value of header {name!r} is no line of ASCII text")
        if name.lower() in _NOT_SETTABLE or name.lower().startswith("proxy-"):
            raise InvalidInput(_("header {name!r} is set by the tool itself.", name=name))
    return {**_own_headers({name.lower() for name in given}), **given}


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers with their secrets filled in; InvalidInput if a value is not valid in a header."""
    for name, value in headers.items():
        if not _VALUE.fullmatch(value):
            raise InvalidInput(f"the secret in header {name!r} is no line of ASCII text")
    return headers


def _own_headers(named: Collection[str]) -> dict[str, str]:
    own = {} if "user-agent" in named else {"User-Agent": USER_AGENT}
    place = current_span.get()
    if place is not None and "traceparent" not in named:
        own["traceparent"] = place.traceparent
    return own


def checked_timeout(seconds: Any) -> float:
    """Return the seconds of a whole call; raises InvalidInput."""
    if (
        not isinstance(seconds, (int, float))
        or not math.isfinite(seconds)
        or not 0 < seconds <= MAX_TIMEOUT_SEC
    ):
        raise InvalidInput(f"timeout_sec must be above 0 and at most {MAX_TIMEOUT_SEC:g}")
    return float(seconds)


def checked_max_bytes(count: Any) -> int:
    """Return the most bytes of a response's body; raises InvalidInput."""
    if count is None:
        return MAX_BYTES
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise InvalidInput("max_bytes is a whole number above 0")
    return min(count, MAX_BYTES)
