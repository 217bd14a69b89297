"""Requests without a key, with many heads. Standard library only: it also runs inside the images.

    python strangers.py http://api:8000 http://ui:3000#/api

Behind `#` is what the paths begin with. It prints, as JSON, each request that was not refused, and how many
were sent.
"""

from __future__ import annotations

import http.client
import json
import sys
from urllib.parse import urlsplit

# Names that both servers are known by; other names get 421 before anything else is looked at.
KNOWN = ("127.0.0.1", "localhost", "[::1]", "LOCALHOST", "127.0.0.1:1", "localhost:3000", "[::1]:8000")
FOREIGN = ("evil.example", "127.0.0.1.evil.example", "", "api", "redis", "127.0.0.1@evil.example")
HEADS: tuple[dict[str, str], ...] = (
    {},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-For": "::1", "X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "http"},
    {"Forwarded": "for=127.0.0.1;host=localhost"},
    {"X-Real-IP": "127.0.0.1"},
    {"Via": "1.1 localhost"},
    {"Authorization": ""},
    {"Authorization": "Bearer "},
    {"Authorization": "Bearer mj_localkey_"},
    {"X-API-Key": ""},
    {"X-API-Key": " "},
    {"Cookie": "mj_session=x; multi-job=x"},
    {"Sec-Fetch-Site": "same-origin"},
    {"X-Multi-Job-Origin": "127.0.0.1"},
    {"X-Multi-Job-Origin": "v1 0 127.0.0.1 x", "X-Multi-Job": "1"},
)
KEY_REQUEST = json.dumps({"name": "stranger", "role": "admin"})
# The API's paths, and the dashboard's below /api.
REQUESTS = (("GET", "/jobs"), ("GET", "/audit"), ("GET", "/secrets"), ("POST", "/keys"))


def status_of(base: str, method: str, path: str, host: str, head: dict[str, str]) -> int:
    """Return the status of one request on a connection of its own."""
    place = urlsplit(base)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    line.putheader("Host", host)
    for name, value in head.items():
        line.putheader(name, value)
    body = KEY_REQUEST.encode() if method == "POST" else b""
    if body:
        line.putheader("Content-Type", "application/json")
        line.putheader("Content-Length", str(len(body)))
        if "X-Multi-Job" not in head:
            line.putheader("X-Multi-Job", "1")
    line.endheaders(body or None)
    try:
        return line.getresponse().status
    finally:
        line.close()


def main(bases: list[str]) -> None:
    """Ask each server with each host and each head; print what was not refused."""
    served: list[object] = []
    asked = 0
    for server in bases:
        base, _, prefix = server.partition("#")
        hosts = [(host, {401}) for host in KNOWN] + [(host, {400, 401, 421}) for host in FOREIGN]
        for host, expected in hosts:
            for head in HEADS if host == KNOWN[0] or host in FOREIGN[:1] else HEADS[:2]:
                for method, path in REQUESTS:
                    status = status_of(base, method, prefix + path, host, head)
                    asked += 1
                    # Wrong keys are slowed down after some of them.
                    refused = expected | (
                        {429} if {"Authorization", "X-API-Key"} & head.keys() else set[int]()
                    )
                    if status not in refused:
                        served.append([base, method, path, host, head, status])
    print(json.dumps({"served": served, "asked": asked}))


if __name__ == "__main__":
    main(sys.argv[1:])
