"""Requests that no honest client sends, as bytes for a socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

HOST = "127.0.0.1"
_JSON = "Content-Type: application/json"
LONG = 20_000


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request of a kind. `harmless`: a success is honest too; `cut`: our side ends after it.

    `unfinished`: it has announced more than it sends, so nothing can follow it.
    """

    name: str
    raw: bytes
    harmless: bool = False
    cut: bool = False
    unfinished: bool = False
    kind: str = ""


def request(
    method: str, target: str | bytes, *lines: str | bytes, body: bytes = b"", host: bool = True
) -> bytes:
    """Return a request as specified, valid or not."""
    head = [method.encode("latin-1"), b" ", _bytes(target), b" HTTP/1.1\r\n"]
    head += [b"Host: 127.0.0.1\r\n"] if host else []
    head += [_bytes(line) + b"\r\n" for line in lines]
    return b"".join(head) + b"\r\n" + body


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def post(body: bytes, target: str = "/jobs", *lines: str | bytes) -> bytes:
    """Return a POST of JSON whose length is said."""
    return request("POST", target, _JSON, f"Content-Length: {len(body)}", *lines, body=body)


_ODD_IDS = (
    *(
        "%00",
        "%0a",
        "%0d%0a",
        "%20",
        "%7f",
        "%ff",
        "%c0%80",
        "%ed%a0%80",
        "%f5%80%80%80",
        "%e2%80%ae",
        "%u0041",
    ),
    *(
        "..",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        "%5c..%5c",
        "a%2fb",
        "a;b",
        "a:b",
        "a b%00c",
    ),
    *("*", "?", "[a]", "{job_id}", "a" * 65, "a" * 5_000, "%25", "%", "%zz", "%2", "-", "_a", ".", "%2e"),
    *("new", "NaN", "-1", "1e309", "9" * 400, "\xe9", "a@1", "a@-1", "a@99999999999999999999", "a@0@0"),
)
_OF_IDS = ("/jobs/{}", "/runs/{}", "/secrets/{}", "/reports/{}")
_ODD_PATHS = (
    *(
        "/",
        "//",
        "//jobs",
        "/jobs/",
        "/jobs//",
        "/JOBS",
        "/jobs.",
        "/jobs/a/",
        "/./jobs",
        "/../jobs",
        "/jobs/..",
    ),
    *(
        "/%6a%6f%62%73/",
        "/jobs%2fa%2f",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/docs",
        "/redoc",
        "/.env",
        "/.git/config",
    ),
    *("/" + "a" * LONG, "/" + "a/" * 5_000, "/jobs\x80", "*", "jobs", "http://evil.example/jobs/a b"),
)
_ODD_QUERIES = (
    *("limit=0", "limit=-1", "limit=501", "limit=1e3", "limit=NaN", "limit=%00", "limit=" + "9" * 400),
    *(
        "limit=",
        "limit=1&limit=x",
        "limit=0x10",
        "limit=%D9%A1",
        "cursor=-1",
        "cursor=" + "9" * 30,
        "cursor=a",
    ),
    *("enabled=maybe", "enabled=2", "q=", "q=" + "a" * 201, "type=" + "a" * 65, "tag=" + "a" * 65),
)
_ODD_RUN_QUERIES = (
    *("since=0", "since=1e18", "since=yesterday", "since=2026-13-01T00:00:00Z", "since=2026-01-01T00:00:00"),
    *("since=0000-01-01T00:00:00Z", "status=RUNNING", "status=%00", "status="),
)
_HARMLESS_QUERIES = (
    "q=%00",
    "q=%ff",
    "q=%ed%a0%80",
    "q=%25",
    "&&&=&=",
    "cursor=0",
    "q=a;b",
    "%00=1",
    "=",
    "q=[*]",
    "q=\\",
)
_METHODS = ("TRACE", "PATCH", "PROPFIND", "MKCOL", "LOCK", "SEARCH", "PURGE", "M-SEARCH", "REPORT", "LINK")
_NO_METHODS = ("FOO", "get", "", "G\x00ET", "GET\t", "A" * 5_000, "CONNECT")


def _short(text: str) -> str:
    return repr(text) if len(text) <= 40 else f"{text[:10]!r} ({len(text)})"


def of_paths() -> Iterator[Hostile]:
    """Yield impossible ids, and paths similar to existing ones."""
    for template in _OF_IDS:
        for each in _ODD_IDS:
            yield Hostile(f"{template} {_short(each)}", request("GET", template.format(each)))
    for each in _ODD_PATHS:
        yield Hostile(f"path {_short(each)}", request("GET", each))


def of_queries() -> Iterator[Hostile]:
    """Yield queries that do not fit, and such that only look so."""
    for each in _ODD_QUERIES:
        yield Hostile(f"/jobs?{_short(each)}", request("GET", f"/jobs?{each}"))
    for each in _ODD_RUN_QUERIES:
        yield Hostile(f"/runs?{each}", request("GET", f"/runs?{each}"))
    for each in _HARMLESS_QUERIES:
        yield Hostile(f"/jobs?{each}", request("GET", f"/jobs?{each}"), harmless=True)
    inbox = "/connectors/sandbox/messages?cursor="
    for each in ("0-0", "00-000", "999999999999999-999999999999999"):
        yield Hostile(f"{inbox}{each}", request("GET", f"{inbox}{each}"), harmless=True)
    yield Hostile("a long query", request("GET", "/jobs?x=" + "a" * LONG), harmless=True)


def of_methods() -> Iterator[Hostile]:
    """Yield methods that no route has."""
    for method in (*_METHODS, *_NO_METHODS):
        for target in ("/jobs", "/healthz", "/nowhere"):
            yield Hostile(f"{method[:20]!r} {target}", request(method, target, _JSON, "Content-Length: 0"))
    for target in ("127.0.0.1:80", "evil.example:443", "/", "*"):
        yield Hostile(f"CONNECT {target}", request("CONNECT", target))
    yield Hostile("TRACE *", request("TRACE", "*"))
    for method in ("HEAD", "OPTIONS"):
        for target in ("/jobs", "/healthz", "/jobs/a", "*", "/nowhere"):
            yield Hostile(f"{method} {target}", request(method, target))


def of_headers() -> Iterator[Hostile]:
    """Yield headers that are wrong, twice there or too many."""
    get = "/jobs"
    wrong: dict[str, bytes] = {
        "no host": request("GET", get, host=False),
        "two hosts": request("GET", get, "Host: evil.example"),
        "an empty host": request("GET", get, "Host:", host=False),
        "a host with a path": request("GET", get, "Host: 127.0.0.1/evil", host=False),
        "a foreign origin": request("GET", get, "Origin: http://evil.example"),
        "origin null": request("GET", get, "Origin: null"),
        "no colon": request("GET", get, "Nonsense"),
        "an empty name": request("GET", get, ": value"),
        "a name with a space": request("GET", get, "X Y: z"),
        "a folded line": request("GET", get, "X-A: b\r\n c"),
        "a NUL": request("GET", get, b"X-A: b\x00c"),
        "a bare CR": request("GET", get, b"X-A: b\rc"),
        "basic auth": request("GET", get, "Authorization: Basic YTpi"),
        "an empty bearer": request("GET", get, "Authorization: Bearer "),
        "a bearer of bytes": request("GET", get, b"Authorization: Bearer \xff\xfe\x80"),
        "a long bearer": request("GET", get, "Authorization: Bearer " + "a" * LONG),
        "two keys": request("GET", get, "X-API-Key: a", "X-API-Key: b"),
        "a proxy": request("GET", get, "X-Forwarded-For: 127.0.0.1"),
        "an upgrade to h2c": request(
            "POST", get, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"
        ),
        "an empty idempotency key": post(b"{}", get, "Idempotency-Key:"),
        "a long idempotency key": post(b"{}", get, "Idempotency-Key: " + "a" * 201),
        "an idempotency key of bytes": post(b"{}", get, b"Idempotency-Key: \xff"),
    }
    yield from (Hostile(name, raw) for name, raw in wrong.items())
    odd: dict[str, bytes] = {
        "a websocket": request(
            "GET", get, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: a"
        ),
        "a trace of nonsense": request("GET", get, "traceparent: 00-zz-zz-zz"),
        "two traces": request("GET", get, *["traceparent: 00-" + "a" * 32 + "-" + "b" * 16 + "-01"] * 2),
        "a long trace": request("GET", get, "traceparent: " + "0" * LONG),
        "an odd language": request("GET", get, "Accept-Language: ;;q=,,\xff"),
        "an odd accept": request("GET", get, "Accept: ///;q=x"),
        "a thousand headers": request("GET", get, *(f"X-{number}: a" for number in range(1_000))),
        "a range": request("GET", get, "Range: bytes=0-,-1"),
        "an expectation": request("GET", get, "Expect: 200-ok"),
    }
    yield from (Hostile(name, raw, harmless=True) for name, raw in odd.items())


def of_framing() -> Iterator[Hostile]:
    """Yield bodies whose length is unclear, and what is no HTTP at all."""
    chunked = "Transfer-Encoding: chunked"
    wrong: dict[str, bytes] = {
        "two lengths": request("POST", "/jobs", _JSON, "Content-Length: 2", "Content-Length: 3", body=b"{} "),
        "a negative length": request("POST", "/jobs", _JSON, "Content-Length: -1"),
        "a length of letters": request("POST", "/jobs", _JSON, "Content-Length: two", body=b"{}"),
        "a length with a sign": request("POST", "/jobs", _JSON, "Content-Length: +2", body=b"{}"),
        "an endless length": request("POST", "/jobs", _JSON, "Content-Length: " + "9" * 40),
        "length and chunks": request(
            "POST",
            "/jobs",
            _JSON,
            "Content-Length: 2",
            chunked,
            body=b"0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n",
        ),
        "chunks of nonsense": request("POST", "/jobs", _JSON, chunked, body=b"zz\r\n{}\r\n0\r\n\r\n"),
        "a huge chunk": request("POST", "/jobs", _JSON, chunked, body=b"f" * 17 + b"\r\n"),
        "chunks twice": request(
            "POST", "/jobs", _JSON, "Transfer-Encoding: chunked, chunked", body=b"0\r\n\r\n"
        ),
        "another encoding": request("POST", "/jobs", _JSON, "Transfer-Encoding: gzip", body=b"0\r\n\r\n"),
        "compressed": post(b"\x1f\x8b\x08\x00", "/jobs", "Content-Encoding: gzip"),
        "no version": b"GET /jobs\r\n\r\n",
        "version 3": b"GET /jobs HTTP/3.0\r\nHost: 127.0.0.1\r\n\r\n",
        "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
        "bytes": bytes(range(256)),
        "redis": b"*1\r\n$4\r\nPING\r\n",
    }
    yield from (Hostile(name, raw) for name, raw in wrong.items())
    vast = request("POST", "/jobs", _JSON, "Content-Length: 999999999")
    yield Hostile("a length over the limit", vast, unfinished=True)
    yield Hostile("half a head", b"GET /jobs HTT", cut=True)
    yield Hostile("half a body", request("POST", "/jobs", _JSON, "Content-Length: 50", body=b"{"), cut=True)
    yield Hostile("half a chunk", request("POST", "/jobs", _JSON, chunked, body=b"5\r\n{"), cut=True)
    yield Hostile("lines without CR", b"GET /jobs HTTP/1.1\nHost: 127.0.0.1\n\n", harmless=True)
    yield Hostile("empty lines first", b"\r\n\r\n" + request("GET", "/jobs"), harmless=True)


def of_bodies() -> Iterator[Hostile]:
    """Yield JSON that readers disagree about, on routes that read it in different ways."""
    bodies: dict[str, bytes] = {
        "nothing": b"",
        "half": b'{"a":',
        "NaN": b'{"a": NaN}',
        "a name twice": b'{"a": 1, "a": 1}',
        "a big integer": b'{"a": 18446744073709551616}',
        "digits": b'{"a": ' + b"9" * LONG + b"}",
        "a big float": b'{"a": 1e400}',
        "invalid UTF-8": b'{"a": "\xff"}',
        "half of a pair": b'{"a": "\\ud800"}',
        "deep": b"[" * LONG + b"]" * LONG,
        "deep objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        "a byte order mark": b"\xef\xbb\xbf{}",
        "UTF-16": '{"a": 1}'.encode("utf-16"),
        "a number": b"5",
        "a text": b'"a"',
    }
    targets = (
        "/jobs",
        "/jobs/check",
        "/planner/plan",
        "/dead-letters/redrive",
        "/schedules/preview",
        "/pause",
    )
    for target in targets:
        for name, body in bodies.items():
            yield Hostile(f"{target}: {name}", post(body, target))


def all_hostile() -> list[Hostile]:
    """Return all of them."""
    kinds = {
        "paths": of_paths,
        "queries": of_queries,
        "methods": of_methods,
        "headers": of_headers,
        "framing": of_framing,
        "bodies": of_bodies,
    }
    return [replace(each, kind=kind) for kind, make in kinds.items() for each in make()]
