"""Requests that are expensive to parse or to check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from tests.support.api.hostile_requests import Hostile, post, request

MOST_BYTES = 262_144
_PLANNED = "/planner/plan"
_JOB: dict[str, Any] = {"job_id": "a", "type": "simulation.load"}


def _fit(pieces: Iterator[bytes] | list[bytes], head: bytes, tail: bytes, between: bytes = b",") -> bytes:
    """Return as many pieces as fit into the largest body."""
    room, kept = MOST_BYTES - len(head) - len(tail), list[bytes]()
    for piece in pieces:
        room -= len(piece) + len(between)
        if room < 0:
            break
        kept.append(piece)
    return head + between.join(kept) + tail


def _bodies() -> dict[str, bytes]:
    """Return JSON of up to 256 KB that costs its reader more than its length says."""
    names = [b'"%d":1' % number for number in range(30_000)]
    long_names = [b'"%s%d":1' % (b"interval_sec" * 20, number) for number in range(1_000)]
    return {
        "names and one twice": _fit(names[:22_000], b"{", b',"7":1}'),
        "unknown names": _fit(names, b"{", b"}"),
        "a thousand unknown names": b"{" + b",".join(names[:1_000]) + b"}",
        "a thousand long names": _fit(long_names, b"{", b"}"),
        "a thousand near names": _fit([b'"enable%d":1' % number for number in range(999)], b"{", b"}"),
        "one long name": b'{"' + b"a" * 250_000 + b'":1}',
        "a name twice, deep": b'{"a":' * 60 + _fit(names[:900], b"{", b',"7":1}') + b"}" * 60,
        "lists": b"[" + b"[]," * 87_000 + b"[]]",
        "objects": b"[" + b"{}," * 87_000 + b"{}]",
        "a list of ten thousand": b"[" + b"1," * 9_998 + b"1]",
        "wide and deep": b'{"a":[' + b"[" * 50 + b"1" + b"]" * 50 + b",[1]" * 4_900 + b"]}",
        "numbers": b'{"a":[' + b"1.5e3," * 43_000 + b"1]}",
        "digits": b'{"a":' + b"9" * 250_000 + b"}",
        "a long float": b'{"a":0.' + b"9" * 250_000 + b"}",
        "escapes": b'{"a":"' + b"\\u00e9" * 43_000 + b'"}',
        "surrogates": b'{"a":"' + b"\\ud83d\\ude00" * 21_000 + b'"}',
        "combining marks": b'{"a":"a' + "\u0301".encode() * 125_000 + b'"}',
        "brackets": b"[" * 131_000 + b"]" * 131_000,
        "an end that fails": b"[" + b"[]," * 87_000 + b"x",
        "spaces": b" " * 262_000 + b"{}",
        "backslashes": b'{"a":"' + b"\\\\" * 130_000 + b'"}',
    }


_WRITES = (
    *("/jobs", "/jobs/check", "/jobs/a/run", _PLANNED, "/planner/execute", "/runs/batch"),
    *("/schedules/preview", "/pause", "/dead-letters/redrive", "/keys"),
)


def of_bodies() -> Iterator[Hostile]:
    """Yield each body on routes that read it in different ways."""
    for target in _WRITES:
        for name, body in _bodies().items():
            # An empty object is a valid order to run the job, if an earlier request has made it.
            may_run = (target, name) == ("/jobs/a/run", "spaces")
            yield Hostile(f"{target}: {name}", post(body, target), harmless=may_run)


_HOURS = ",".join(str(hour) for hour in range(24)) + ";BYMINUTE=0,30;BYDAY=MO,TU,WE,TH,FR,SA,SU"
_STARTED = {"start_at": "1999-01-01T00:01:00Z"}


def _specs() -> dict[str, Any]:
    text = "a" * 240_000
    secrets = "{{secret:a}}"
    return {
        "a long cron": {"schedule": {"cron": "* " * 5_000}},
        "a cron of lists": {"schedule": {"cron": ",".join(str(n % 60) for n in range(60)) + " * * * *"}},
        "a cron of 200": {"schedule": {"cron": ("1-59/1," * 27)[:188] + "1 * * * *"}},
        "a cron that never fires": {"schedule": {"cron": "0 0 31 2 *"}},
        "a leap day on a Monday": {"schedule": {"cron": "0 0 29 2 1", "timezone": "Asia/Jakarta"}},
        "a rule of each half hour": {"schedule": {"rrule": f"FREQ=YEARLY;BYMONTHDAY=-1;BYHOUR={_HOURS}"}},
        "a rule that never fires": {"schedule": {"rrule": "FREQ=MONTHLY;BYDAY=2MO;BYMONTHDAY=1;BYHOUR=1"}},
        "a rule of many fires": {"schedule": {"rrule": "FREQ=DAILY;COUNT=1000", **_STARTED}},
        "a rule of long steps": {"schedule": {"rrule": "FREQ=WEEKLY;INTERVAL=520;BYMONTH=2", **_STARTED}},
        "an unknown zone": {"schedule": {"cron": "* * * * *", "timezone": "Asia/" + "Jakarrta" * 7}},
        "a long zone": {"schedule": {"cron": "* * * * *", "timezone": text}},
        "a long description": {"description": text},
        "a long type": {"type": "a." * 100_000},
        "a long id": {"job_id": text},
        "many tags": {"tags": [f"tag{n}" for n in range(9_000)]},
        "many targets": {"on_success": [f"job{n}" for n in range(9_000)]},
        "many delays": {"retry_policy": {"backoff_sec": ["x"] * 9_000}},
        "a long input": {"inputs": {"duration_ms": text}},
        "many inputs": {"inputs": {f"input{n}": 1 for n in range(1_000)}},
        "many values": {"inputs": {"a": [[n] for n in range(4_800)]}},
        "many secrets": {"inputs": {"a": [secrets * 20 for _ in range(900)]}},
        "secrets that do not end": {"inputs": {"a": "{{secret:" * 25_000}},
        "looks like credentials": {"inputs": {"a": "Bearer eyJ" + "a." * 100_000}},
        "looks like a token": {"inputs": {"token": "ghp_" * 60_000}},
        "an address of dots": {"type": "monitor.http", "inputs": {"url": "http://" + "a." * 100_000}},
        "an address of ats": {"type": "monitor.http", "inputs": {"url": "http://" + "a@" * 100_000}},
        "an address of slashes": {"type": "monitor.http", "inputs": {"url": "http:" + "/" * 200_000}},
        "many headers": {
            "type": "monitor.http",
            "inputs": {"url": "http://example.org", "headers": {f"X-{n}": "a" * 100 for n in range(900)}},
        },
        "a long text": {
            "type": "message.send",
            "inputs": {"channel": "sandbox", "account_id": "a", "to": "a", "text": "*_~`[" * 40_000},
        },
        "many recipients": {"type": "message.send", "inputs": {"to": ["a"] * 9_000}},
    }


def of_specs() -> Iterator[Hostile]:
    """Yield specs whose fields are too long or too many, saved, checked and previewed."""
    for name, changes in _specs().items():
        spec = {**_JOB, **changes}
        yield Hostile(f"a spec with {name}", post(orjson.dumps(spec)), harmless=True)
        body = orjson.dumps({"spec": spec})
        yield Hostile(f"a check of {name}", post(body, "/jobs/check"), harmless=True)
        if "schedule" in changes:
            body = orjson.dumps({"schedule": changes["schedule"]})
            yield Hostile(f"a preview of {name}", post(body, "/schedules/preview"), harmless=True)
    assumed = {f"job{n}": [f"job{(n * 7 + m) % 900}" for m in range(9)] for n in range(900)}
    chained = {**_JOB, "on_success": ["job1", "job2"], "on_failure": ["job3"]}
    body = orjson.dumps({"spec": chained, "assume": assumed})
    yield Hostile("a check of many chains", post(body, "/jobs/check"), harmless=True)


def of_batches() -> Iterator[Hostile]:
    """Yield batches of as many runs as may be."""
    batches: dict[str, list[Any]] = {
        "of unknown jobs": [{"job_id": f"job{n}"} for n in range(1_000)],
        "of one unknown job": [{"job_id": "a", "inputs": {"a": 1}} for _ in range(1_000)],
        "of impossible ids": [{"job_id": "a" * 200} for _ in range(1_000)],
        "of unknown fields": [{"job_id": "a", "job": 1, "ids": 2, "x": 3} for _ in range(1_000)],
        "of texts": ["a"] * 9_000,
        "of too many": [{"job_id": "a"}] * 3_000,
    }
    for name, items in batches.items():
        yield Hostile(f"a batch {name}", post(orjson.dumps(items), "/runs/batch"), harmless=True)
    ids = [f"a@{n}" for n in range(9_000)]
    for path in ("/dead-letters/redrive", "/dead-letters/discard"):
        yield Hostile(f"{path} of many", post(orjson.dumps({"run_ids": ids}), path), harmless=True)
        yield Hostile(f"{path} of 1,000", post(orjson.dumps({"run_ids": ids[:1_000]}), path), harmless=True)


def prompts(length: int = 2_000) -> dict[str, str]:
    """Return texts of this length that take a reader of sentences long."""
    pieces = {
        "one letter": "a",
        "spaces": "  ",
        "digits": "12",
        "words": "laporan ",
        "typos": "pantua ",
        "intervals": "tiap 30 detik ",
        "clock times": "jam 07:00 dan ",
        "jobs": "pantau telegram akun bot_a01 tiap 30 detik dan ",
        "addresses": "pantau https://example.org/a?b=c tiap 5 menit, ",
        "dots of a host": "a.b.",
        "names": "bot_a01, bot_a02, ",
        "quotes": "kirim \"a\" ke 'b' ",
        "open quotes": '"',
        "brackets": "([{",
        "commas": "a,b;",
        "negations": "jangan tidak bukan ",
        "dates": "tanggal 31 februari 2026 ",
        "ranges": "senin-jumat 08:00-17:00 ",
        "numbers in words": "dua puluh lima ",
        "signs": "/-+*:",
        "marks": "a\u0301\u0302",
        "emoji": "\U0001f600 ",
        "right to left": "\u05d0\u05d1 ",
        "lines": "cek situs example.org\n",
        "stops": "hentikan pantau bot_a01 lalu ",
        "conditions": "kalau gagal kirim ke telegram, kalau sukses ",
        "english": "check https://example.com every 5 minutes and report daily at 7 am, ",
    }
    return {name: (piece * (length // len(piece) + 1))[:length] for name, piece in pieces.items()}


def of_prompts() -> Iterator[Hostile]:
    """Yield prompts of the greatest length, and longer ones."""
    for name, text in prompts().items():
        yield Hostile(f"a prompt of {name}", post(orjson.dumps({"prompt": text}), _PLANNED), harmless=True)
    for size in (2_001, 200_000):
        yield Hostile(
            f"a prompt of {size}", post(orjson.dumps({"prompt": "a " * (size // 2) + "a"}), _PLANNED)
        )


def of_queries() -> Iterator[Hostile]:
    """Yield queries of many or long parameters."""
    room = 60_000
    queries = {
        "many unknown": "&".join(f"x{n}=1" for n in range(6_000))[:room],
        "many limits": "limit=1&" * (room // 8) + "limit=1",
        "many wrong limits": "limit=x&" * (room // 8) + "limit=x",
        "many topics": "topics=" + "a," * (room // 2),
        "a long q": "q=" + "a" * room,
        "escapes": "q=" + "%41" * (room // 3),
        "broken escapes": "q=" + "%" * room,
        "pluses": "q=" + "+" * room,
        "ampersands": "&" * room,
        "a long tag": "tag=" + "%C3%A9" * (room // 6),
        "a q of 200": "q=" + "%2A" * 199,
    }
    for path in ("/jobs", "/runs", "/events", "/audit", "/runs/a@1/logs", "/healthz", "/nowhere"):
        for name, query in queries.items():
            yield Hostile(f"{path}?{name}", request("GET", f"{path}?{query}"), harmless=True)


def of_heads() -> Iterator[Hostile]:
    """Yield heads of many or long lines."""
    room = 60_000
    heads: dict[str, list[str]] = {
        "many short": [f"a{n}:" for n in range(8_000)][: room // 8],
        "many of one name": ["x:"] * (room // 4),
        "many keys": ["X-API-Key: a"] * (room // 14),
        "many different keys": [f"X-API-Key: a{n}" for n in range(room // 20)],
        "a long key": ["Authorization: Bearer " + "a" * room],
        "a long scheme": ["Authorization: " + "a " * (room // 2)],
        "many hosts": ["Host: a"] * (room // 9),
        "many origins": ["Origin: http://127.0.0.1"] * (room // 26),
        "a long cookie": ["Cookie: " + "a=b; " * (room // 5)],
        "a long language": ["Accept-Language: " + "id;q=0.1," * (room // 9)],
        "a long accept": ["Accept: " + "a/b;q=0.1," * (room // 10)],
        "many traces": ["traceparent: 00-" + "a" * 32 + "-" + "b" * 16 + "-01"] * (room // 70),
        "many proxies": ["X-Forwarded-For: 127.0.0.1"] * (room // 28),
        "a long chain of proxies": ["X-Forwarded-For: " + "127.0.0.1, " * (room // 11)],
        "a long Forwarded": ["Forwarded: " + 'for="[::1]", ' * (room // 13)],
        "a long If-None-Match": ["If-None-Match: " + '"a", ' * (room // 5)],
        "a long idempotency key": ["Idempotency-Key: " + "a" * room],
    }
    for path in ("/jobs", "/me", "/reports/a", "/jobs/a/why"):
        for name, lines in heads.items():
            yield Hostile(f"{path} with {name}", request("GET", path, *lines), harmless=True)


def of_framing() -> Iterator[Hostile]:
    """Yield bodies in tiny pieces, requests ahead of their answers, and long paths."""
    chunked = ("Content-Type: application/json", "Transfer-Encoding: chunked")
    tiny = b"1\r\n \r\n" * 40_000 + b"2\r\n{}\r\n0\r\n\r\n"
    yield Hostile("chunks of one byte", request("POST", "/jobs", *chunked, body=tiny))
    extended = b"1;" + b"a" * 1_000 + b"\r\n \r\n"
    yield Hostile("chunks with extensions", request("POST", "/jobs", *chunked, body=extended * 200), cut=True)
    ahead = request("GET", "/healthz")
    yield Hostile("requests ahead", ahead * 6_000, harmless=True, unfinished=True)
    yield Hostile("writes ahead", post(b"{}", "/jobs") * 2_000, unfinished=True)
    for name, path in {
        "a long path": "/jobs/" + "a" * 60_000,
        "many parts": "/a" * 30_000,
        "many escapes": "/jobs/" + "%41" * 20_000,
        "many dots": "/.." * 20_000,
    }.items():
        yield Hostile(name, request("GET", path))
        yield Hostile(f"a write to {name}", request("PUT", path, chunked[0], "Content-Length: 2", body=b"{}"))


def of_webhooks() -> Iterator[Hostile]:
    """Yield calls of strangers to the paths that need no key."""
    for channel in ("telegram", "whatsapp"):
        for name, body in _bodies().items():
            signed = ("X-Hub-Signature-256: sha256=" + "a" * 64, "X-Telegram-Bot-Api-Secret-Token: a")
            yield Hostile(f"{channel}: {name}", post(body, f"/webhooks/{channel}/a", *signed), harmless=True)


def all_costly() -> list[Hostile]:
    """Return all of them."""
    kinds = {
        "bodies": of_bodies,
        "specs": of_specs,
        "batches": of_batches,
        "prompts": of_prompts,
        "queries": of_queries,
        "heads": of_heads,
        "framing": of_framing,
        "webhooks": of_webhooks,
    }
    return [replace(each, kind=kind) for kind, make in kinds.items() for each in make()]
