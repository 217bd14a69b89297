"""Calls of the API as values, and how an answer becomes a result. Nothing here sends anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast
from urllib.parse import quote

import httpx

T = TypeVar("T")
IDEMPOTENCY_KEY = "Idempotency-Key"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    body: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    key: str | None = None
    """The idempotency key that the caller has chosen."""
    is_keyed: bool = False
    """The API recognises a repeat of this call by an idempotency key."""
    accept: str = "application/json"


@dataclass(frozen=True, slots=True)
class Operation(_Options, Generic[T]):
    """One call whose answer is a T."""

    method: str
    path: str

    @property
    def is_repeatable(self) -> bool:
        """Whether it may be sent again if its answer was lost."""
        return self.is_keyed or self.method in {"GET", "PUT", "DELETE"}

    def request(self, http: httpx.Client | httpx.AsyncClient, key: str | None) -> httpx.Request:
        """Return the request; each try sends the same one, with the same idempotency key."""
        headers = {"Accept": self.accept, **_given(self.headers)}
        if key is not None:
            headers[IDEMPOTENCY_KEY] = key
        # A POST without a body sends none, and no media type.
        return http.build_request(
            self.method, self.path, params=_given(self.query) or None, json=self.body, headers=headers
        )

    def result(self, response: httpx.Response) -> T:
        """Return the answer: JSON as values, text as str, anything else as bytes."""
        media_type = response.headers.get("content-type", "").partition(";")[0]
        if media_type == "application/json":
            return response.json()
        is_text = media_type.startswith("text/") or media_type.endswith("+xml")
        return cast("T", response.text if is_text else response.content)


@dataclass(frozen=True, slots=True)
class Listing(Operation[list[T]], Generic[T]):
    """A call whose answer is one page of a list; `Link` leads to the next one."""


def path_of(template: str, **parts: str | int) -> str:
    """Return a path with its parts quoted."""
    return template.format_map({name: quote(str(part), safe="") for name, part in parts.items()})


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
