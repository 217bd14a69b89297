"""Exports made by hand, whole and in every way damaged."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

import orjson

from app.backup.writer import ArchiveWriter
from app.core.files.artifacts import packed
from app.core.files.exports import ExportHeader
from app.core.log_lines import pack_log
from app.core.models import JobSpec
from app.core.records import LogLine

HEADER: dict[str, Any] = {
    "kind": "header",
    "format": 1,
    "made_by": "0.1",
    "deployment": "mj",
    "created_at": 1_700_000_000_000,
    "seq": 9,
    "purged_until": None,
    "logs": True,
    "secrets": True,
    "planned": {"job": 1, "run": 1},
}
SPEC = JobSpec(job_id="a", type="simulation.load", tags=["x"]).model_dump_json(exclude_none=True)


def job(**fields: str) -> dict[str, Any]:
    stored = {
        "spec": SPEC,
        "version": "1",
        "seq": "1",
        "type": "simulation.load",
        "tags": "x",
        "enabled": "1",
        "save": "s1",
        "key": "",
        "created": "1",
        "updated": "1",
        "target": "ab" * 16,
        **fields,
    }
    return {"kind": "job", "id": "a", "fields": stored, "fired": "1000-5000", "ledger": ["1|2|2|missed|3"]}


def version() -> dict[str, Any]:
    text = orjson.dumps({"at": 1, "actor": "ana", "origin": "api", "spec": SPEC}).decode()
    return {"kind": "version", "job": "a", "number": 1, "text": text}


def account(**fields: str) -> dict[str, Any]:
    stored = {
        "settings": "{}",
        "default_to": "42",
        "allow_chats": "[]",
        "actor": "ana",
        "commands": "0",
        "enabled": "1",
        "revision": "3",
        "save": "s",
        "created": "1",
        "updated": "1",
        **fields,
    }
    return {"kind": "account", "id": "telegram:bot_a01", "fields": stored, "without": ["token"]}


def contact(**fields: Any) -> dict[str, Any]:
    stored = {
        "name": "Bu Siti",
        "channel": "whatsapp",
        "to": "0811",
        "account_id": None,
        "at": 1,
        "by": "ana",
    }
    return {"kind": "contact", "id": "bu siti", "text": orjson.dumps({**stored, **fields}).decode()}


def calendar(**fields: Any) -> dict[str, Any]:
    stored = {"calendar": {"dates": ["2026-12-24"]}, "at": 1, "by": "ana", **fields}
    return {"kind": "calendar", "id": "leave", "text": orjson.dumps(stored).decode()}


def setting(family: str = "settings", name: str = "default_notify", **fields: Any) -> dict[str, Any]:
    stored: dict[str, dict[str, Any]] = {
        "settings": {"channel": "telegram", "account_id": "bot_a01", "to": "42", "language": None},
        "maintenance": {
            "window": {"scope": "all", "rrule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=0", "duration_min": 5}
        },
        "status_pages": {"page": {"title": "Shop", "monitors": []}},
    }
    text = orjson.dumps({**stored[family], "at": 1, "by": "ana", **fields}).decode()
    return {"kind": "setting", "family": family, "name": name, "text": text}


def value() -> dict[str, Any]:
    return {"kind": "value", "job": "a", "key": "state", "value": "1", "lapses_at": None}


def figures(**fields: str) -> dict[str, Any]:
    found = {"success": "1", **fields}
    return {"kind": "figures", "family": "day", "name": "20000", "fields": found, "lapses_at": 5}


def run(**fields: str) -> dict[str, Any]:
    stored = {
        "job": "a",
        "type": "simulation.load",
        "version": "1",
        "inputs": "{}",
        "source": "api",
        "trace": "ab" * 16,
        "pri": "normal",
        "timeout": "1000",
        "seq": "2",
        "rev": "3",
        "created": "10",
        "queued": "10",
        "started": "11",
        "ended": "12",
        "status": "success",
        "attempt": "2",
        **fields,
    }
    attempt = '{"attempt":1,"worker":"w","started":10,"ended":11,"outcome":"retrying","error":"","calls":""}'
    log = pack_log([LogLine(1, "info", "hello", {}, 2)])
    return {
        "kind": "run",
        "id": "01J0000000000000000000000A",
        "fields": stored,
        "attempts": [attempt],
        "log": log,
    }


def message(**fields: str) -> dict[str, Any]:
    stored = {
        "account": "telegram:bot_a01",
        "to": "42",
        "text": "hello",
        "state": "delivered",
        "digest": "x",
        "created": "1",
        "updated": "1",
        "job": "a",
        "run": "r",
        "seq": "3",
        **fields,
    }
    return {"kind": "message", "id": "01J0000000000000000000000A:1", "fields": stored}


def incident(**fields: str) -> dict[str, Any]:
    stored = {
        "key": "monitor:shop.example",
        "kind": "monitor_down",
        "severity": "critical",
        "subject": "https://shop.example",
        "cause": "status 503",
        "data": "",
        "seq": "4",
        "since": "1",
        "opened": "1",
        "last": "1",
        "count": "1",
        **fields,
    }
    entry = orjson.dumps({"at": 1, "what": "opened", "by": "", "text": "status 503"}).decode()
    return {
        "kind": "incident",
        "id": "inc4",
        "fields": stored,
        "jobs": {"a": "1"},
        "members": ["job:a"],
        "deliveries": {},
        "timeline": [entry],
    }


def monitor(**more: Any) -> dict[str, Any]:
    return {
        "kind": "monitor",
        "id": "a",
        "seq": 1,
        "fields": {"state": "up", "since": "1", "seen": "5", "reason": ""},
        "days": {"20000": "1,0,0"},
        "quarters": {"20000:5": "1,0,0"},
        "ping": {},
        "token": "",
        "ranges": ["down|0|1|status"],
        **more,
    }


def report(**more: Any) -> dict[str, Any]:
    files = [{"path": "reports/a/1.md", "bytes": 1, "sha256": "0"}]
    fields = {"job": "a", "run": "r", "seq": "1", "created": "5", "host": "h", "place": "redis"}
    fields |= {"files": orjson.dumps(files).decode(), "objects": "", "content": "c"}
    return {"kind": "report", "id": "a@1", "fields": fields, "pieces": {"0:0": packed(b"x")}, **more}


def records() -> list[dict[str, Any]]:
    """Return one record of each kind."""
    settled = [account(), contact(), calendar(), setting(), value(), figures()]
    return [job(), version(), *settled, run(), message(), incident(), monitor(), report()]


def whole(*found: dict[str, Any], header: dict[str, Any] | None = None) -> bytes:
    """Return an export as it is made, of these records or of one of each kind."""
    packer = ArchiveWriter()
    first = ExportHeader.model_validate(header or HEADER).model_dump_json()
    parts = [packer.add([first], {})]
    parts += [
        packer.add([orjson.dumps(record).decode()], {record["kind"]: 1}) for record in found or records()
    ]
    return b"".join([*parts, packer.finish()])


def with_sum(*lines: bytes, counts: dict[str, int] | None = None) -> bytes:
    """Return lines packed with a checksum that holds, whatever they are."""
    text = b"".join(line + b"\n" for line in lines)
    trailer = {"kind": "trailer", "counts": counts or {}, "sha256": hashlib.sha256(text).hexdigest()}
    return gzip.compress(text + orjson.dumps(trailer) + b"\n")


def with_record(record: dict[str, Any]) -> bytes:
    """Return an export of one unvalidated record, with a correct checksum."""
    return with_sum(orjson.dumps(HEADER), orjson.dumps(record), counts={record["kind"]: 1})
