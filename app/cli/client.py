"""HTTP client of the command line."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import httpx

from app.cli.options import read_zone_from
from app.cli.output import CliError, UnreachableError
from app.core.errors import ConfigurationError
from app.core.i18n import _, reader_language
from app.core.net.api_address import ApiAccess, api_access

_TIMEOUT_SEC = 40.0
"""Longer than the longest wait that a call may ask the API for."""
_TRIES = 5


class Client:
    """Calls the API with the key of the environment or of the login; raises CliError for a refusal."""

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        *,
        url: str | None = None,
        key: str | None = None,
        timeout_sec: float = _TIMEOUT_SEC,
    ) -> None:
        self.access = known_access(url, key)
        self.url = self.access.url
        with self._reached():
            self._http = httpx.Client(
                base_url=self.url,
                auth=self.access.auth,
                headers={"Accept-Language": reader_language.get()},
                timeout=timeout_sec,
                trust_env=False,
                transport=transport,
            )
        read_zone_from(lambda: self.get("/platform")["timezone"])

    def get(self, path: str, **query: Any) -> Any:
        """Return the answer's JSON; query values that are None are left out."""
        return self._ask("GET", path, query=query).json()

    def probe(self, path: str) -> Any:
        """Return the JSON of /healthz or /readyz. Their 503 has the same body, with the reasons."""
        with self._reached():
            answer = self._http.request("GET", path)
        is_told = answer.status_code == httpx.codes.SERVICE_UNAVAILABLE.value and (
            answer.headers.get("content-type", "").startswith("application/json")
        )
        if answer.is_error and not is_told:
            raise refusal(answer)
        return answer.json()

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """Return the answer's JSON."""
        return self._ask("POST", path, {} if body is None else body, query).json()

    def put(self, path: str, body: Any = None, *, if_match: str | None = None) -> Any:
        """Return the answer's JSON; refused with 412 if `if_match` does not match the stored version."""
        headers = {} if if_match is None else {"If-Match": if_match}
        return self._ask("PUT", path, {} if body is None else body, headers=headers).json()

    def delete(self, path: str) -> Any:
        """Return the answer's JSON."""
        return self._ask("DELETE", path, {}).json()

    def find(self, path: str) -> Any | None:
        """Return the answer's JSON, None if the resource does not exist."""
        try:
            return self.get(path)
        except CliError as error:
            if error.status == httpx.codes.NOT_FOUND.value:
                return None
            raise

    def pages(
        self,
        path: str,
        limit: int,
        *,
        on_page: Callable[[Mapping[str, str]], None] | None = None,
        **query: Any,
    ) -> Iterator[Any]:
        """Yield up to `limit` items of a list, page by page; `on_page` is called with the headers of each."""
        left, target, asked = limit, path, {**query, "limit": min(limit, 500)}
        while left > 0:
            answer = self._ask("GET", target, query=asked)
            items = cast("list[Any]", answer.json())
            if on_page is not None:
                on_page(answer.headers)
            yield from items[:left]
            left -= len(items)
            following = answer.links.get("next", {}).get("url")
            # A page of a search may be empty; its link goes on.
            if not following:
                return
            target, asked = following, {}

    def part(self, path: str, **query: Any) -> tuple[list[Any], Mapping[str, str]]:
        """Return a part of a list, and the headers of the answer."""
        answer = self._ask("GET", path, query=query)
        return cast("list[Any]", answer.json()), answer.headers

    @contextmanager
    def stream(
        self, path: str, headers: Mapping[str, str] | None = None, *, endless: bool = False, **query: Any
    ) -> Generator[httpx.Response]:
        """Open a streamed answer; `endless` removes the time-out between its pieces."""
        timeout = httpx.Timeout(_TIMEOUT_SEC, read=None if endless else _TIMEOUT_SEC)
        with (
            self._reached(),
            self._http.stream(
                "GET", path, params=_without_none(query), headers=headers, timeout=timeout
            ) as answer,
        ):
            if answer.is_error:
                answer.read()
                raise refusal(answer)
            yield answer

    @contextmanager
    def _reached(self) -> Generator[None]:
        try:
            yield
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise UnreachableError(
                _(
                    "{value} does not answer ({error}): start it with `multi-job up`, or set MULTI_JOB_URL.",
                    value=self.url,
                    error=error,
                )
            ) from error

    def _ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        tries = 1
        while True:
            with self._reached():
                answer = self._http.request(
                    method, path, json=body, params=_without_none(query or {}), headers=headers
                )
            if not answer.is_error:
                if _is_page(answer):
                    raise CliError(
                        _(
                            "another program answers at {url}: MULTI_JOB_URL, or API_PORT in `.env`, "
                            "says where the API is",
                            url=self.url,
                        )
                    )
                return answer
            refused = refusal(answer)
            # 429 comes before any effect, so a long operation waits and goes on.
            if refused.code != "rate_limited" or tries == _TRIES:
                raise refused
            tries += 1
            time.sleep(float(answer.headers.get("Retry-After", 1)))


def known_access(url: str | None = None, key: str | None = None) -> ApiAccess:
    """Return the address of the API and the key for it; CliError if the key must not go there."""
    try:
        return api_access(url, key)
    except ConfigurationError as error:
        raise CliError(error.message) from error


def _without_none(query: Mapping[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in query.items() if value is not None} or None


def _is_page(answer: httpx.Response) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def refusal(answer: httpx.Response) -> CliError:
    """Return an answer of the API that is an error, in words."""
    try:
        problem = cast("dict[str, Any]", answer.json())
    except ValueError:
        text = answer.reason_phrase if _is_page(answer) else answer.text[:200]
        return CliError(f"{answer.request.url}: {answer.status_code} {text}", answer.status_code)
    lines = [f"{problem.get('title', 'Error')}: {problem.get('detail', '')}"]
    lines += [f"  {each['pointer'] or '/'}: {each['message']}" for each in problem.get("errors", ())]
    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        lines.append(f"  trace id {problem.get('trace_id', '')}")
    return CliError("\n".join(lines), answer.status_code, problem.get("errors", ()), problem.get("code", ""))
