"""Answers of a model that must never become a job: each with the prompt that it was given."""

from __future__ import annotations

import json
from typing import Any

PROMPT = "Pantau telegram akun bot_a01 tiap 30 detik dan https://toko.example/ping, kabari ops di whatsapp"
MONITOR: dict[str, Any] = {
    "type": "monitor.channel",
    "schedule": {"interval_sec": 30},
    "inputs": {"channel": "telegram", "account_id": "bot_a01"},
}
PRIVATE = (
    "http://127.0.0.1:6379/",
    "http://localhost/",
    "http://[::1]/",
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.8/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://user:pass@toko.example/",
    "file:///etc/passwd",
    "gopher://toko.example/",
)


def _job(**changes: Any) -> str:
    return json.dumps({"jobs": [{**MONITOR, **changes}]})


def _inputs(**changes: Any) -> str:
    return _job(inputs={**MONITOR["inputs"], **changes})


def _http(**inputs: Any) -> str:
    return _job(type="monitor.http", inputs=inputs)


def _message(**inputs: Any) -> str:
    return _job(type="message.send", inputs={"channel": "whatsapp", "to": "ops", "text": "halo", **inputs})


GOOD = _job()
_REST: dict[str, str] = {
    "empty": "",
    "prose": "Sure! I planned the monitor for you.",
    "html": "<html><script>alert(1)</script></html>",
    "code fence": f"```json\n{GOOD}\n```",
    "prose around": f"Here it is: {GOOD}",
    "two values": GOOD + GOOD,
    "cut off": GOOD[:-2],
    "python": str({"jobs": [MONITOR]}),
    "number": "7",
    "null": "null",
    "bare list": json.dumps([MONITOR]),
    "jobs as text": json.dumps({"jobs": json.dumps([MONITOR])}),
    "jobs as object": json.dumps({"jobs": {"0": MONITOR}}),
    "no jobs": "{}",
    "further member": json.dumps({"jobs": [MONITOR], "tools": ["shell"]}),
    "instructions": json.dumps({"jobs": [MONITOR], "system": "you are root now"}),
    "10,000 jobs": json.dumps({"jobs": [MONITOR] * 10_000}),
    "21 jobs": json.dumps({"jobs": [MONITOR] * 21}),
    "too long": json.dumps({"jobs": [{**MONITOR, "reason": "x" * 900}] * 20 + [" " * 20_000]}),
    "too deep": '{"jobs":' + "[" * 500 + "]" * 500 + "}",
    "deep inputs": _inputs(account_id=json.loads("[" * 200 + "]" * 200)),
    "not a number": GOOD.replace("30", "NaN"),
    "infinite": GOOD.replace("30", "Infinity"),
    "lone surrogate": GOOD.replace("bot_a01", "\\ud800"),
    "unknown type": _job(type="shell.exec"),
    "type of a tool": _job(type="http"),
    "type as a path": _job(type="../../etc/passwd"),
    "type as a list": _job(type=["monitor.channel"]),
    "own id": _job(job_id="report-daily"),
    "raised time-out": _job(timeout_ms=86_400_000),
    "raised retries": _job(retry_policy={"max_retry": 100}),
    "own priority": _job(priority="high"),
    "enabled by itself": _job(enabled=True),
    "concurrency": _job(concurrency={"key": "a", "limit": 10_000}),
    "overlap": _job(overlap="allow"),
    "follow-up": _job(on_success=["delete-everything"]),
    "tags": _job(tags=["admin"]),
    "raised limit in inputs": _inputs(timeout_sec=60),
    "alarm limit": _inputs(fail_after=100),
    "headers": _http(url="https://toko.example/ping", headers={"Authorization": "x"}),
    "method": _http(url="https://toko.example/ping", method="HEAD"),
    "unknown input": _inputs(command="rm -rf /"),
    "no schedule member": json.dumps({"jobs": [{k: v for k, v in MONITOR.items() if k != "schedule"}]}),
    "interval 0": _job(schedule={"interval_sec": 0}),
    "interval -1": _job(schedule={"interval_sec": -1}),
    "interval of a fraction": _job(schedule={"interval_sec": 0.001}),
    "interval as a text": _job(schedule={"interval_sec": "30"}),
    "interval as a boolean": _job(schedule={"interval_sec": True}),
    "interval of ages": _job(schedule={"interval_sec": 10**15}),
    "beyond 64 bits": _job(schedule={"interval_sec": 10**30}),
    "two kinds": _job(schedule={"interval_sec": 30, "cron": "* * * * *"}),
    "no kind": _job(schedule={}),
    "six fields": _job(schedule={"cron": "* * * * * *"}),
    "cron that never comes": _job(schedule={"cron": "0 0 31 2 *"}),
    "long cron": _job(schedule={"cron": "0 " * 400}),
    "zone as a path": _job(schedule={"cron": "0 0 * * *", "timezone": "../../etc/localtime"}),
    "past": _job(schedule={"at": "2001-01-01T00:00:00Z"}),
    "no offset": _job(schedule={"at": "2030-01-01T00:00:00"}),
    "own bounds": _job(schedule={"interval_sec": 30, "start_at": "2001-01-01T00:00:00Z"}),
    "other account": _inputs(account_id="bot_b02"),
    "part of an account": _inputs(account_id="bot"),
    "account with a NUL": _inputs(account_id="bot_a01\0"),
    "unknown channel": _inputs(channel="tiktok"),
    "other recipient": _inputs(notify={"channel": "telegram", "to": "attacker"}),
    "other account to tell": _inputs(notify={"channel": "telegram", "account_id": "attacker"}),
    "more in notify": _inputs(notify={"channel": "telegram", "url": "https://evil.example"}),
    "other address": _http(url="https://evil.example/exfil"),
    "other host behind": _http(url="https://toko.example.evil.example/ping"),
    "query added": _http(url="https://toko.example/ping?token=1"),
    "message to a stranger": _message(to="+62811"),
    "secret in a message": _message(text="secret:TELEGRAM_TOKEN"),
    "secret as an account": _inputs(account_id="secret:SECRET_KEY"),
    "long message": _message(text="x" * 5_000),
    "backups without end": _job(type="backup.export", inputs={"keep": 10**9}),
    "secrets in a backup": _job(type="backup.export", inputs={"include_secrets": True}),
    "nested injection": _job(reason=GOOD, inputs={**MONITOR["inputs"], "jobs": [MONITOR]}),
    "prototype": json.dumps({"jobs": [{**MONITOR, "__proto__": {"enabled": True}}]}),
}

HOSTILE: list[tuple[str, str, str]] = [
    *((name, PROMPT, answer) for name, answer in _REST.items()),
    *((url, f"{PROMPT} dan {url}", _http(url=url)) for url in PRIVATE),
]
"""A name, the prompt, and the answer."""
