"""An export is read back whole or refused: cut, changed, of another format, or made to burst."""

from __future__ import annotations

import base64
import gzip
import io
import random
import zlib
from typing import Any

import orjson
import pytest

from app.backup import format as export_lines
from app.backup import reader as restore_file
from app.backup.reader import ExportFile
from app.core.errors import ExportDamaged
from tests.support.backup import export_samples as samples


def read(export: bytes, **limits: int) -> ExportFile:
    return ExportFile(io.BytesIO(export), **limits)


def refusal(export: bytes, **limits: int) -> str:
    with pytest.raises(ExportDamaged) as raised:
        read(export, **limits).verify()
    return raised.value.message


def test_a_whole_export_is_read() -> None:
    """Header, counts and every record, in their order, as often as one asks."""
    file = read(samples.whole())
    contents = file.verify()
    assert (contents.header.deployment, contents.records) == ("mj", 13)
    assert {kind: contents.counts[kind] for kind in contents.header.kinds} == dict.fromkeys(
        contents.header.kinds, 1
    )
    for _ in range(2):
        found = [line.model_dump() for line in file.records()]
        assert found == samples.records()


def test_an_empty_export_is_whole() -> None:
    """A deployment without anything has a header and a trailer."""
    assert read(samples.with_sum(orjson.dumps(samples.HEADER))).verify().records == 0


@pytest.mark.parametrize("length", [0, 1, 10, 17, 100, -1, -4, -8, -20])
def test_a_truncated_file_is_refused(length: int) -> None:
    """Wherever it was cut off: in the head, in a line, in the checksum of gzip's own."""
    assert "Nothing was changed" in refusal(samples.whole()[:length])


def test_a_flipped_bit_is_refused_wherever_it_is() -> None:
    """In any byte but gzip's remarks about itself, which say nothing about the content."""
    export, dice = samples.whole(), random.Random(7)
    # The last byte before the eight of the checksum and the size may have bits that hold nothing.
    last = len(export) - 9
    for place in range(10, len(export)):
        damaged = bytearray(export)
        damaged[place] ^= 1 if place == last else 1 << dice.randrange(8)
        assert refusal(bytes(damaged))


def test_a_changed_line_is_refused() -> None:
    """What packs well and reads well has another sum."""
    text = gzip.decompress(samples.whole())
    changed = gzip.compress(text.replace(b'"value":"1"', b'"value":"2"'))
    assert "checksum" in refusal(changed)


def test_a_missing_line_is_refused() -> None:
    """Counts and sum both know."""
    lines = gzip.decompress(samples.whole()).splitlines(keepends=True)
    assert "checksum" in refusal(gzip.compress(b"".join(lines[:2] + lines[3:])))
    assert "counts" in refusal(samples.with_sum(orjson.dumps(samples.HEADER), counts={"job": 1}))


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        (b"x", "after its end"),
        (gzip.compress(b"{}\n", mtime=0), "after its end"),
        (b"\0" * 100_000, "after its end"),
    ],
)
def test_content_after_the_end_is_refused(behind: bytes, said: str) -> None:
    """It is unchecked, and no checksum covers it."""
    assert said in refusal(samples.whole() + behind)


def test_lines_behind_the_trailer_are_refused() -> None:
    """The trailer is the last line."""
    text = gzip.decompress(samples.whole())
    assert "after the trailer" in refusal(gzip.compress(text + b'{"kind":"job"}\n'))
    assert "cut off" in refusal(gzip.compress(text + b"{"))


def test_a_file_without_a_trailer_is_refused() -> None:
    """It may be an export that was being written when the machine stopped."""
    text = gzip.decompress(samples.whole())
    assert "ends before its trailer" in refusal(gzip.compress(text[: text.index(b'{"kind":"trailer"')]))


@pytest.mark.parametrize(
    "export",
    [
        b"hello",
        b"PK\3\4" + b"\0" * 100,
        gzip.compress(b"hello\n", mtime=0),
        gzip.compress(b"", mtime=0),
        gzip.compress(b"[]\n", mtime=0),
    ],
)
def test_what_is_no_export_is_refused(export: bytes) -> None:
    """Text, another archive, a gzip file of something else."""
    assert "Nothing was changed" in refusal(export)


@pytest.mark.parametrize("version", [0, 2, 99])
def test_another_format_is_refused_by_its_number(version: int) -> None:
    """Before anything of it is read: what a later release writes is its own."""
    header = orjson.dumps({**samples.HEADER, "format": version, "later": True})
    said = refusal(samples.with_sum(header))
    assert f"format {version}" in said
    assert "reads format 1" in said


def test_a_header_that_does_not_hold_is_refused() -> None:
    """Of the right format and another form."""
    assert "header" in refusal(samples.with_sum(orjson.dumps({**samples.HEADER, "seq": -1})))


def test_a_line_that_bursts_is_refused() -> None:
    """A line has a largest size, found out before it is in memory: the file may be a thousandth of it."""
    bomb = samples.with_sum(orjson.dumps(samples.HEADER), b'{"kind":"value","value":"' + b"x" * 9_000_000)
    assert len(bomb) < 20_000
    assert "line 2: it has more than 1,000,000 bytes" in refusal(bomb, max_line_bytes=1_000_000)


def test_a_file_that_bursts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """However short its lines are."""
    monkeypatch.setattr(restore_file, "MAX_TOTAL_BYTES", 10_000)
    many = [orjson.dumps({**samples.value(), "key": str(n)}) for n in range(1_000)]
    assert "unpacks to more" in refusal(samples.with_sum(orjson.dumps(samples.HEADER), *many))


def test_a_log_that_bursts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed text within a line is a second way to the same end."""
    monkeypatch.setattr(export_lines, "MAX_LOG_BYTES", 10_000)
    log = base64.b64encode(zlib.compress(b"x" * 1_000_000)).decode()
    assert "line 2" in refusal(samples.with_record({**samples.run(), "log": log}))


def test_the_same_record_twice_is_refused() -> None:
    """One of them would win, without a way to decide which was meant."""
    assert "line 3: the same record is in it twice" in refusal(
        samples.whole(samples.value(), samples.value())
    )


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    """What was verified is what is restored."""
    file = io.BytesIO(samples.whole())
    export = ExportFile(file)
    export.verify()
    file.seek(0)
    file.write(samples.whole(samples.job(), samples.version()))
    file.truncate()
    with pytest.raises(ExportDamaged, match="changed while it was read"):
        list(export.records())


def _changed(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**record, **changes}


BAD_RECORDS: dict[str, dict[str, Any]] = {
    "unknown kind": {"kind": "key", "id": "x"},
    "no kind": {"id": "x"},
    "job: id": _changed(samples.job(), id="../a"),
    "job: another id": _changed(samples.job(), id="b"),
    "job: another type": samples.job(type="test.noop"),
    "job: other tags": samples.job(tags="x,y"),
    "job: key without concurrency": samples.job(key="user:k"),
    "job: spec": samples.job(spec='{"job_id":"a"}'),
    "job: spec with a later field": samples.job(spec=samples.SPEC.replace("{", '{"later":1,', 1)),
    "job: version": samples.job(version="zero"),
    "job: version 0": samples.job(version="0"),
    "job: enabled": samples.job(enabled="yes"),
    "job: target": samples.job(target="*"),
    "job: field name": samples.job(**{"a b": "1"}),
    "job: fired": _changed(samples.job(), fired="1000"),
    "job: ledger": _changed(samples.job(), ledger=["1|2"]),
    "job: field that is no text": _changed(samples.job(), fields={"version": 1}),
    "job: further part": _changed(samples.job(), slot=1),
    "version: number": _changed(samples.version(), number=0),
    "version: another job": _changed(samples.version(), job="b"),
    "version: text": _changed(samples.version(), text="{}"),
    "version: no JSON": _changed(samples.version(), text="{"),
    "version: spec": _changed(samples.version(), text='{"at":1,"actor":"a","origin":"b","spec":"{}"}'),
    "account: id": _changed(samples.account(), id="telegram"),
    "account: channel": _changed(samples.account(), id="Telegram:a"),
    "account: settings": samples.account(settings="[]"),
    "account: flag": samples.account(commands="yes"),
    "account: chat user": _changed(samples.account(chat_users='[{"id":"-5","name":""}]'), id="telegram:a"),
    "account: chat users": samples.account(chat_users="{}"),
    "account: chat user without an id": samples.account(chat_users='[{"name":"Ana"}]'),
    "account: chat user that is no text": samples.account(chat_users='[{"id":5,"name":"Ana"}]'),
    "contact: key": _changed(samples.contact(), id="Bu Siti"),
    "contact: name": samples.contact(name="Bu\tSiti"),
    "contact: channel": samples.contact(channel="fax"),
    "contact: recipient": samples.contact(to=""),
    "contact: recipient that is no text": samples.contact(to=4711),
    "contact: no JSON": _changed(samples.contact(), text="{"),
    "contact: field": _changed(samples.contact(), text="{}"),
    "calendar: name": _changed(samples.calendar(), id="Leave"),
    "calendar: date": samples.calendar(calendar={"dates": ["2026-02-30"]}),
    "calendar: field": samples.calendar(calendar={"color": "red"}),
    "calendar: author": samples.calendar(by="a\nb"),
    "calendar: no JSON": _changed(samples.calendar(), text="{"),
    "setting: family": _changed(samples.setting(), family="apikeys"),
    "setting: name": samples.setting(name="api_keys"),
    "setting: recipient": samples.setting(to="a\nb"),
    "setting: recipient that is missing": _changed(samples.setting(), text="{}"),
    "setting: language": samples.setting(language="fr"),
    "setting: author": samples.setting(by="a\nb"),
    "setting: no JSON": _changed(samples.setting(), text="{"),
    "setting: rule": samples.setting(name="notification_rules", rules=[{"name": "shop"}]),
    "setting: empty rules": _changed(samples.setting(name="notification_rules"), text=""),
    "maintenance: scope": samples.setting("maintenance", "w1", window={"scope": "some"}),
    "maintenance: rule": samples.setting(
        "maintenance", "w1", window={"scope": "all", "rrule": "FREQ=NOW", "duration_min": 5}
    ),
    "maintenance: author": samples.setting("maintenance", "w1", by="a\nb"),
    "status page: slug": samples.setting("status_pages", "Shop"),
    "status page: field": samples.setting("status_pages", "shop", page={"title": "a", "color": "red"}),
    "status page: instant": samples.setting("status_pages", "shop", at=-1),
    "job: calendars": samples.job(calendars="leave"),
    "job: ledger's reason": _changed(samples.job(), ledger=["1|2|2|skipped:date|3"]),
    "value: lapses": _changed(samples.value(), lapses_at="soon"),
    "figures: family": _changed(samples.figures(), family="week"),
    "figures: no number": samples.figures(success="-1"),
    "figures: none": _changed(samples.figures(), fields={}),
    "run: id": _changed(samples.run(), id="x"),
    "run: job": samples.run(job="a b"),
    "run: status": samples.run(status="done"),
    "run: seq": samples.run(seq="0"),
    "run: seq beyond exact numbers": samples.run(seq=str(2**53)),
    "run: inputs": samples.run(inputs="{"),
    "run: dead success": samples.run(dead="1"),
    "run: attempts": _changed(samples.run(), attempts=["{}"]),
    "run: attempt that is no JSON": _changed(samples.run(), attempts=["{"]),
    "run: log": _changed(samples.run(), log="hello"),
    "run: log of something else": _changed(samples.run(), log=base64.b64encode(zlib.compress(b"x")).decode()),
    "run: no fields": _changed(samples.run(), fields={}),
    "message: state": samples.message(state="lost"),
    "message: id": _changed(samples.message(), id="a b"),
    "message: no seq": samples.message(seq="x"),
    "monitor: no state": samples.monitor(fields={"since": "1", "seen": "1"}),
    "monitor: instant": samples.monitor(fields={"state": "up", "since": "1", "seen": "x"}),
    "monitor: time": samples.monitor(days={"20000": "1"}),
    "monitor: quarter hour": samples.monitor(quarters={"5": "1,0,0"}),
    "monitor: range": samples.monitor(ranges=["down"]),
    "monitor: seq": samples.monitor(seq=0),
    "incident: id": _changed(samples.incident(), id="1"),
    "incident: kind": samples.incident(kind="flood"),
    "incident: no cause": samples.incident(key=""),
    "incident: members of a closed one": samples.incident(closed="2"),
    "incident: job's instant": _changed(samples.incident(), jobs={"a": "soon"}),
    "incident: timeline": _changed(samples.incident(), timeline=["{}"]),
}


@pytest.mark.parametrize("record", BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_a_record_that_does_not_hold_is_refused(record: dict[str, Any]) -> None:
    """With a checksum in order it is still not restored, and the line is named, its values are not."""
    said = refusal(samples.with_sum(orjson.dumps(samples.HEADER), orjson.dumps(record)))
    assert "line 2" in said
    assert "hello" not in said


def test_a_line_that_is_no_json_is_refused() -> None:
    """Nor is one that is no text at all."""
    for line in (b"{", b"\xff\xfe", b"", b"null", b"1"):
        assert "line 2" in refusal(samples.with_sum(orjson.dumps(samples.HEADER), line))
