"""Refuses requests that pages of other sites send.

A write without a body and without `Content-Type` is served, so that `curl -X POST …/run` works. It is safe
against other sites, because no browser can send one from there that passes these checks:

- A form, and `fetch` or `sendBeacon` with `mode: no-cors`, send `Origin` with every POST: the page's own, or
  `null` if the page hides it. Both are foreign. Browsers have done so since 2020, and also send
  `Sec-Fetch-Site`, which no script can set.
- A form sends a `Content-Type` also if it has no field, in older browsers too. No form can send JSON.
- PUT, DELETE and JSON from another site begin with a preflight, `OPTIONS` with that page's `Origin`.
- A page that reached this machine by DNS rebinding sends its own name as `Host`; the guard checks that first.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.services.api.problems import HttpProblem

MEDIA_TYPE = "application/json"
_OWN_SITE = frozenset({b"same-origin", b"none"})

Headers = Mapping[bytes, list[bytes]]


def check_origin(headers: Headers, host: str, allowed: frozenset[str], *, is_write: bool) -> None:
    """Raise 403 unless the page that sends a request is ours or one of ALLOWED_ORIGINS.

    `host`: the Host header in lower case.
    """
    origins = [raw.decode("latin-1").lower() for raw in headers.get(b"origin", [])]
    for origin in origins:
        if origin not in allowed and not (_is_web(origin) and origin.partition("://")[2] == host):
            raise HttpProblem(
                "foreign_origin",
                f"Pages of {origin[:100]!r} may not use this API; ALLOWED_ORIGINS names those that may. / "
                "Origin ini tidak diizinkan.",
            )
    if not is_write or (origins and allowed.issuperset(origins)):
        return
    if foreign := [site for site in headers.get(b"sec-fetch-site", []) if site not in _OWN_SITE]:
        raise HttpProblem(
            "foreign_origin",
            f"A page of another site sent this (Sec-Fetch-Site: {foreign[0][:100].decode('latin-1')!r}); "
            "ALLOWED_ORIGINS names those that may. / Halaman situs lain tidak boleh menulis ke sini.",
        )


def _is_web(origin: str) -> bool:
    return urlsplit(origin).scheme in {"http", "https"}


def check_media_type(headers: Headers) -> None:
    """Raise 415 unless a write is JSON, or says neither a type nor a body."""
    values = headers.get(b"content-type", [])
    if not values and not _has_body(headers):
        return
    media_type, _, parameters = (
        values[0].decode("latin-1").lower().partition(";") if len(values) == 1 else ("", "", "")
    )
    charset = parameters.replace('"', "").replace(" ", "")
    if media_type.strip() != MEDIA_TYPE or charset not in {"", "charset=utf-8", "charset=utf8"}:
        raise unsupported(is_empty=not _has_body(headers))


def unsupported(*, is_empty: bool) -> HttpProblem:
    """Return the 415; `is_empty`: the request has a type and no body."""
    hint = (
        "Leave the type out, or send JSON; curl adds a form's type with `-d`. / "
        "Hapus Content-Type, atau kirim JSON; `-d` pada curl menambah tipe formulir."
        if is_empty
        else "Use `Content-Type: application/json`. / Pakai `Content-Type: application/json`."
    )
    return HttpProblem("unsupported_media_type", f"A write with a body or a type must be JSON. {hint}")


def _has_body(headers: Headers) -> bool:
    lengths = headers.get(b"content-length", [])
    return b"transfer-encoding" in headers or any(length.strip(b"0") for length in lengths)
