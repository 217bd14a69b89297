"""HTTP in memory: answers that a test has set."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import HttpTooLarge
from app.core.net.urls import check_url
from app.core.policies import Allowance, require_url
from app.core.tools.base import ByteBudget
from app.core.tools.http import HttpAnswer
from multi_job.testing.fake_tool import FakeTool

if TYPE_CHECKING:
    from app.core.models import ClaimedRun


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """An HTTP request of a handler; `json` is None unless the body is JSON."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    timeout_sec: float
    max_bytes: int | None
    follow_redirects: bool
    cut: bool

    @property
    def json(self) -> Any:
        """Return the body as a JSON value; None if it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None


class FakeHttp(FakeTool):
    """Answers as set by `on`; `calls` has the requests in order. Hosts are checked by the policy."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[RecordedRequest] = []
        self.answer: HttpAnswer | None = None
        """The answer to requests that `on` does not name; None refuses them."""
        self._answers: dict[tuple[str, str], list[HttpAnswer | Exception]] = defaultdict(list)
        self._budget: ByteBudget | None = None

    def begin(self, run: ClaimedRun, allowance: Allowance) -> None:
        """Count the bytes of an attempt."""
        self._budget = ByteBudget(allowance, HttpTooLarge)

    def on(
        self,
        method: str,
        url: str,
        *,
        status: int = 200,
        json: Any = None,
        text: str = "",
        headers: Mapping[str, str] | None = None,
        elapsed_ms: int = 5,
        error: Exception | None = None,
    ) -> None:
        """Set the next answer for a URL; the last one stays. `error` is raised in its place."""
        body = orjson.dumps(json).decode() if json is not None else text
        answer = HttpAnswer(status, dict(headers or {}), body, len(body.encode()), elapsed_ms, url, None)
        self._answers[method.upper(), url].append(error or answer)

    def _request(self, allowance: Allowance, request: dict[str, Any]) -> dict[str, Any]:
        # Imported at the first request, with the HTTP client.
        from app.core.tools.http.performer import (  # noqa: PLC0415
            checked_headers,
            checked_max_bytes,
            checked_method,
            checked_timeout,
        )

        url = str(request["url"])
        require_url(allowance, check_url(url, ()), ())
        checked_headers(request["headers"])
        method = checked_method(request["method"])
        checked_timeout(request["timeout_sec"])
        max_bytes = checked_max_bytes(request["max_bytes"])
        body = base64.b64decode(request["body"])
        self.calls.append(
            RecordedRequest(
                method,
                url,
                dict(request["headers"]),
                body,
                request["timeout_sec"],
                request["max_bytes"],
                request["follow"],
                request["cut"],
            )
        )
        answers = self._answers.get((method, url), [])
        answer = answers.pop(0) if len(answers) > 1 else next(iter(answers), self.answer)
        if answer is None:
            raise LookupError(
                f"no answer for {method} {url}: set it with tools.http.on({method!r}, {url!r}, …)"
            )
        if isinstance(answer, Exception):
            raise answer
        return asdict(self._within(answer, max_bytes, cut=request["cut"]))

    def _within(self, answer: HttpAnswer, max_bytes: int, *, cut: bool) -> HttpAnswer:
        from app.core.tools.http.body import text_of, too_large  # noqa: PLC0415

        content = answer.text.encode()
        left = None if self._budget is None else self._budget.left
        limit = max_bytes if left is None else min(max_bytes, left)
        if len(content) > limit and not cut:
            raise too_large(limit)
        if self._budget is not None:
            self._budget.take(min(len(content), limit))
        if len(content) <= limit:
            return answer
        return replace(answer, text=text_of(content[:limit], ""), bytes_read=limit, truncated=True)
