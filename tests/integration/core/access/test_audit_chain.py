"""The chain of the audit: what others do to it in Redis is found, and what keeps it from growing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from structlog.testing import capture_logs

from app.core.access.audit import Audit, AuditedAction, AuditFilter, AuditLog, AuditOutcome, log
from app.core.access.audit.log import limit_bytes, read_stored_head
from app.core.access.audit.verification import AuditReport, AuditVerifier
from app.core.clock import SystemClock
from app.core.errors import Conflict
from app.core.redis_client import open_link, whole_of
from app.core.secret_keys import stage_new_key
from app.core.storage.scripts import Scripts
from tests.support.fake_clock import FakeClock
from tests.support.shards import opened_shards, sharded_settings

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink

DAY_SEC = 86_400
SMALL_MB = 0.1
UNSIGNED = "head not signed by this deployment"


def act(number: int, action: str = "disable_job", **more: Any) -> AuditedAction:
    fields: dict[str, Any] = {
        "role": "operator",
        "target": f"job:{number}",
        "origin": "127.0.0.1",
        "status": 200,
    }
    fields |= {"outcome": AuditOutcome.OK, **more}
    return AuditedAction(actor="ana", action=action, **fields)


def key_act(number: int) -> AuditedAction:
    return act(number, "create_key", target=f"key:{number}", role="admin")


def refused(number: int) -> AuditedAction:
    return act(number, outcome=AuditOutcome.REFUSED, status=401)


class Home:
    """The audit of a test: writers, the verifier, and Redis as somebody else writes to it."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self.link, self.scripts, self.clock, self.settings = link, scripts, clock, settings
        self.keys = scripts.keys
        self.audit = self.writer()
        self.stream = self.keys.audit_log("acts")

    def writer(self, clock: Clock | None = None) -> Audit:
        return Audit(self.link, self.scripts, self.keys, clock or self.clock, self.settings)

    def small_writer(self) -> Audit:
        self.settings = self.settings.model_copy(update={"audit_max_mb": SMALL_MB})
        return self.writer()

    async def verify(self) -> AuditReport:
        return await AuditVerifier(self.link, self.scripts, self.settings).verify()

    async def found(self) -> list[tuple[int, str]]:
        """Return number and reason of each problem of the ordinary acts."""
        [log] = [each for each in (await self.verify()).logs if each.log == "acts"]
        return [(each.number, each.reason) for each in log.problems]

    async def entries(self) -> list[Any]:
        return await self.link.call("XRANGE", self.stream, "-", "+")

    async def head(self) -> str:
        return await self.link.call("HGET", self.keys.audit_heads, "acts")

    async def put_back(self, entries: list[Any], head: str | None = None) -> None:
        """Make the log of these entries, as somebody with access to Redis can."""
        await self.link.call("DEL", self.stream)
        for entry_id, fields in entries:
            await self.link.call("XADD", self.stream, entry_id, *fields)
        if head is not None:
            await self.link.call("HSET", self.keys.audit_heads, "acts", head)


@pytest.fixture
def home(link: RedisLink, scripts: Scripts, clock: SystemClock, settings: Settings) -> Home:
    return Home(link, scripts, clock, settings)


async def test_an_untouched_audit_verifies(home: Home) -> None:
    """All three logs, their sizes, and the head of each."""
    for number in range(5):
        await home.audit.write(act(number))
    await home.audit.write(key_act(1))
    report = await home.verify()
    assert report.is_whole
    assert [each.entries for each in report.logs] == [1, 5, 0]
    assert [each.log for each in report.logs] == [AuditLog.PROTECTED, AuditLog.ACTS, AuditLog.REFUSED]
    assert report.logs[1].oldest_at <= report.logs[1].newest_at
    assert 0 < report.logs[1].bytes < report.logs[1].limit_bytes


@pytest.mark.parametrize("place", [0, 2, 4])
async def test_a_changed_byte_is_found(home: Home, place: int) -> None:
    """In each field of an entry, at the head, in the middle and at the tail."""
    for number in range(5):
        await home.audit.write(act(number))
    whole = await home.entries()
    for field in range(10):
        fields = list(whole[place][1])
        text = fields[field]
        fields[field] = text[:-1] + ("1" if text[-1] != "1" else "2")
        await home.put_back([*whole[:place], [whole[place][0], fields], *whole[place + 1 :]])
        assert (await home.found())[0][0] == place + 1, field
    await home.put_back(whole)
    assert await home.found() == []


def at(entry: list[Any], later: int) -> str:
    """Return an id so much later than an entry's."""
    return f"{int(entry[0].partition('-')[0]) + later}-0"


CHANGES: dict[str, tuple[Callable[[list[Any]], list[Any]], int]] = {
    "first": (lambda rows: rows[1:], 1),
    "middle": (lambda rows: [*rows[:2], *rows[3:]], 3),
    "last": (lambda rows: rows[:4], 5),
    "all": (lambda _rows: [], 1),
    "one more": (lambda rows: [*rows, [at(rows[4], 9), rows[4][1]]], 6),
    "copied": (lambda rows: [*rows[:2], [at(rows[1], 1), rows[1][1]], *rows[2:]], 3),
    "exchanged": (lambda rows: [rows[0], [rows[1][0], rows[2][1]], [rows[2][0], rows[1][1]], *rows[3:]], 2),
}


@pytest.mark.parametrize(("change", "number"), CHANGES.values(), ids=CHANGES)
async def test_a_removed_or_inserted_entry_is_found(
    home: Home, change: Callable[[list[Any]], list[Any]], number: int
) -> None:
    """The first, one in the middle, the last, all; one more at the end, one copied, two exchanged."""
    for each in range(5):
        await home.audit.write(act(each))
    await home.put_back(change(await home.entries()))
    assert (await home.found())[0][0] == number


async def test_a_byte_that_is_no_text_is_found(home: Home) -> None:
    """Also in place of a character that stands for such a byte."""
    await home.audit.write(act(1, target="job:\ufffdx"))
    [[entry_id, fields]] = await home.entries()
    changed = fields[-1].encode().replace(b"job:?x", b"job:\xffx")
    assert changed != fields[-1].encode()
    await home.put_back([[entry_id, [*fields[:-1], changed]]])
    assert (await home.found())[0] == (1, "changed")


@pytest.mark.parametrize("field", ["number", "removed", "bytes", "accepted", "breaks", "mac_of_head"])
async def test_a_changed_head_is_found_and_noted(home: Home, field: str) -> None:
    """Verification finds it; the next entry goes on, and the head remembers that it was broken."""
    for number in range(3):
        await home.audit.write(act(number))
    head = orjson.loads(await home.head())
    # As somebody would who wants that nothing is found.
    head[field] = {"breaks": [[1, 1, "x", ""]], "mac_of_head": "0" * 64}.get(field, 99)
    await home.link.call("HSET", home.keys.audit_heads, "acts", orjson.dumps(head).decode())
    assert UNSIGNED in [reason for _number, reason in await home.found()]
    await home.writer().write(act(4))
    assert (4, UNSIGNED) in await home.found()
    [newest, *_others] = (await home.audit.list(AuditFilter(), None, 9)).items
    assert newest.act.target == "job:4"


async def test_a_head_that_is_no_head_stops_no_entry(home: Home) -> None:
    """Whatever stands in its place, the next act is stored and the break is known."""
    for text in ("", "{}", "[1]", "\xff", '{"number": "1"}', orjson.dumps({"number": 2**60}).decode()):
        await home.audit.write(act(1))
        await home.link.call("HSET", home.keys.audit_heads, "acts", text)
        before = len(await home.entries())
        await home.writer().write(act(2))
        assert len(await home.entries()) == before + 1
    assert await home.found()


async def test_a_log_that_lost_its_head_is_broken(home: Home) -> None:
    """Entries without a head; and nothing at all, which the process that wrote them notices."""
    await home.audit.write(act(1))
    await home.link.call("DEL", home.keys.audit_heads)
    assert (1, "no head") in await home.found()
    await home.link.call("DEL", home.stream)
    assert await home.found() == []
    await home.audit.write(act(2))
    assert await home.found() == [(2, "no head")]


async def test_a_log_that_went_back_is_broken(home: Home) -> None:
    """An older state of the log is signed; the process that wrote the newer one notices."""
    await home.audit.write(act(1))
    older, head = await home.entries(), await home.head()
    await home.audit.write(act(2))
    await home.put_back(older, head)
    assert await home.found() == []
    await home.audit.write(act(3))
    assert await home.found() == [(2, "the head went back")]


async def test_a_verification_remembers_the_head(home: Home) -> None:
    """So an older state is found without a process that remembers it, and a log that is gone as well."""
    verifier = AuditVerifier(home.link, home.scripts, home.settings)
    await home.audit.write(act(1))
    older, head = await home.entries(), await home.head()
    await home.audit.write(act(2))
    verifier.remember(await home.verify())
    assert await home.found() == []
    await home.put_back(older, head)
    assert await home.found() == [(2, "missing: an earlier verification saw more")]
    await home.writer().write(act(3))
    assert await home.found() == [(2, "another entry than an earlier verification saw")]
    await home.link.call("DEL", home.keys.audit_heads, home.stream)
    assert await home.found() == [(1, "missing: an earlier verification saw more")]
    verifier.forget()
    assert await home.found() == []


async def test_entries_behind_the_head_do_not_stop_the_audit(home: Home) -> None:
    """They stay, as a break that is known from then on."""
    await home.audit.write(act(1))
    [first] = await home.entries()
    await home.link.call("XADD", home.stream, at(first, 3_600_000_000), "number", "2")
    assert await home.found() == [(2, "inserted")]
    await home.audit.write(act(2))
    assert (2, "entries behind the head") in await home.found()
    await home.audit.write(act(3))
    assert len(await home.entries()) == 4


async def test_accepted_damage_is_no_longer_broken(home: Home) -> None:
    """What comes later is found all the same."""
    for number in range(4):
        await home.audit.write(act(number))
    rows = await home.entries()
    await home.put_back([rows[0], *rows[2:]])
    assert await home.found()
    await home.audit.accept_problems([AuditLog.ACTS])
    assert (await home.verify()).is_whole
    await home.audit.write(act(5))
    assert (await home.verify()).is_whole
    await home.put_back((await home.entries())[:-1])
    assert await home.found() == [(5, "missing")]


async def test_a_break_is_accepted(home: Home) -> None:
    """Also if nothing was written since the head was lost."""
    await home.audit.write(act(1))
    await home.link.call("DEL", home.keys.audit_heads)
    await home.writer().accept_problems([AuditLog.ACTS])
    assert await home.found() == []
    await home.writer().write(act(2))
    assert await home.found() == []


async def test_three_processes_make_one_chain(home: Home) -> None:
    """600 acts of three processes with ten requests each at a time: none fails, none is lost."""
    links = [await open_link(home.settings) for _ in range(3)]
    writers = [Audit(link, Scripts(link, home.keys), home.keys, home.clock, home.settings) for link in links]

    async def requests(writer: Audit, first: int) -> None:
        for number in range(first, first + 20):
            await writer.write(act(number))

    try:
        work: list[Awaitable[None]] = [
            requests(writer, 1_000 * place + 20 * turn)
            for place, writer in enumerate(writers)
            for turn in range(10)
        ]
        await asyncio.gather(*work)
    finally:
        for link in links:
            await link.close()
    report = await home.verify()
    assert (report.is_whole, report.logs[1].entries) == (True, 600)
    numbers = [int(fields[1]) for _entry_id, fields in await home.entries()]
    assert numbers == list(range(1, 601))


async def test_a_log_that_another_process_begins_meanwhile_is_whole(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process finds no head; before it looks again, another one stores the first entries."""
    first, second = home.writer(), home.writer()
    turns = 0

    async def read(scripts: Scripts, name: AuditLog) -> log.StoredHead:
        nonlocal turns
        turns += 1
        if turns == 2:
            await first.write(act(1))
        return await read_stored_head(scripts, name)

    await home.writer().write(key_act(0))
    monkeypatch.setattr(log, "read_stored_head", read)
    await second.write(act(2))
    assert turns > 2
    assert (await home.found(), len(await home.entries())) == ([], 2)


async def test_audit_of_several_shards_is_in_the_first(redis_url: str, tmp_path: Path) -> None:
    """One chain for the deployment, whichever shards its jobs are in."""
    settings = sharded_settings(redis_url, tmp_path, 2)
    async with opened_shards(settings) as shards:
        whole = whole_of(shards)
        home = Home(whole.link, whole.scripts, SystemClock(), settings)
        for number in range(3):
            await home.audit.write(act(number))
        assert await home.audit.renew_seals() == 1
        assert await home.audit.remove_old() == 0
        report = await home.verify()
        assert (report.is_whole, report.logs[1].entries) == (True, 3)
        assert len((await home.audit.list(AuditFilter(), None, 9)).items) == 3
        lengths = [await each.link.call("XLEN", each.keys.audit_log("acts")) for each in shards]
        assert lengths == [3, 0]


async def test_acts_that_wait_together_keep_their_order(home: Home) -> None:
    """They share round trips, and are stored in the order in which they came."""
    trips = home.link.round_trips
    await asyncio.gather(*(home.audit.write(act(number)) for number in range(250)))
    assert home.link.round_trips - trips < 10
    shown = [each.act.target for each in (await home.audit.list(AuditFilter(), None, 500)).items]
    assert shown == [f"job:{number}" for number in reversed(range(250))]


async def test_a_cancelled_request_does_not_stop_the_entries_of_others(home: Home) -> None:
    """Its entry is written too: the change has happened."""
    first = asyncio.create_task(home.audit.write(act(1)))
    second = asyncio.create_task(home.audit.write(act(2)))
    await asyncio.sleep(0)
    first.cancel()
    await second
    report = await home.verify()
    assert (report.is_whole, report.logs[1].entries) == (True, 2)


async def test_ordinary_acts_never_push_out_protected_ones(home: Home) -> None:
    """Far more acts than fit: the oldest go, it is counted, the chain verifies, and acts on keys stay."""
    small = home.small_writer()
    for number in range(3):
        await small.write(key_act(number))
    for start in range(0, 1_000, 50):
        await asyncio.gather(*(small.write(act(number)) for number in range(start, start + 50)))
    report = await home.verify()
    protected, acts, _refused = report.logs
    assert (report.is_whole, protected.entries, protected.head.dropped) == (True, 3, 0)
    assert acts.bytes <= limit_bytes(AuditLog.ACTS, home.settings)
    assert acts.entries + acts.head.dropped == 1_000
    assert 0 < acts.head.dropped_to < acts.head.position
    dropped = await home.link.call("HGET", home.keys.metrics, "audit_dropped|acts")
    assert int(dropped) == acts.head.dropped


async def test_protected_acts_stay_beyond_their_limit(home: Home) -> None:
    """They are kept; the log, the report and a counter say that they are too many."""
    small = home.small_writer()
    with capture_logs() as logged:
        for number in range(200):
            await small.write(key_act(number))
    report = await home.verify()
    assert (report.is_whole, report.logs[0].entries, report.logs[0].is_over) == (True, 200, True)
    assert int(await home.link.call("HGET", home.keys.metrics, "audit_over_limit")) > 0
    assert ["beyond their share of AUDIT_MAX_MB" in each["event"] for each in logged] == [True]


async def test_refusals_never_push_out_what_was_done(home: Home) -> None:
    """A stranger who is refused for hours removes refusals alone."""
    small = home.small_writer()
    await small.write(act(1))
    for number in range(200):
        await small.write(refused(number))
    report = await home.verify()
    assert [each.entries for each in report.logs[:2]] == [0, 1]
    assert report.logs[2].head.dropped > 0
    assert report.is_whole


async def test_old_entries_go_and_the_chain_stays_whole(home: Home) -> None:
    """After AUDIT_DAYS also protected ones; the head says how many and the rest verifies."""
    clock = FakeClock()
    writer = home.writer(clock)
    for number in range(3):
        await writer.write(act(number))
        await writer.write(key_act(number))
    clock.advance(200 * DAY_SEC)
    await writer.write(act(3))
    clock.advance(166 * DAY_SEC)
    assert await home.writer(clock).remove_old() == 6
    report = await home.verify()
    assert (report.is_whole, [each.entries for each in report.logs]) == (True, [0, 1, 0])
    assert [each.head.expired for each in report.logs] == [3, 3, 0]
    await writer.write(key_act(4))
    assert (await home.verify()).is_whole


async def test_damage_is_remembered_when_its_entries_go(home: Home) -> None:
    """Removing old entries does not remove the trace of what was done to them."""
    clock = FakeClock()
    writer = home.writer(clock)
    for number in range(3):
        await writer.write(act(number))
    clock.advance(200 * DAY_SEC)
    await writer.write(act(3))
    rows = await home.entries()
    await home.put_back([rows[0], *rows[2:]])
    clock.advance(166 * DAY_SEC)
    assert await home.writer(clock).remove_old() == 2
    assert await home.found() == [(2, "removed: missing")]


async def test_audit_goes_on_when_the_clock_goes_back(home: Home) -> None:
    """The order is that of the chain."""
    clock = FakeClock()
    writer = home.writer(clock)
    await writer.write(act(1))
    clock.jump(-3_600)
    await writer.write(act(2))
    shown = [each.act.target for each in (await writer.list(AuditFilter(), None, 9)).items]
    assert shown == ["job:2", "job:1"]
    assert (await home.verify()).is_whole


async def test_audit_survives_a_rotation_of_the_secret_key(home: Home) -> None:
    """Entries under the earlier key verify; a head that only the earlier key has signed does not."""
    await home.audit.write(act(1))
    older = await home.head()
    stage_new_key(home.settings)
    assert await home.writer().renew_seals() == 1
    (home.settings.data_dir / "secret.key.previous").unlink()
    report = await home.verify()
    assert (report.is_whole, report.unreadable_keys) == (True, [])
    # A process that runs on meanwhile finds the new key.
    await home.audit.write(act(2))
    assert (await home.verify()).is_whole
    rows = await home.entries()
    assert len({fields[3] for _entry_id, fields in rows}) == 2
    await home.put_back(rows[:1], older)
    assert UNSIGNED in [reason for _number, reason in await home.found()]


async def test_audit_under_a_lost_secret_key_is_broken(home: Home) -> None:
    """Nothing can prove the entries of a key that is gone; new ones go on behind them."""
    await home.audit.write(act(1))
    (home.settings.data_dir / "secret.key").unlink()
    await home.writer().write(act(2))
    assert await home.found() == [(1, "unknown key"), (2, UNSIGNED)]


async def test_a_writer_that_never_comes_first_gives_up_with_a_reason(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that is written all the time is an error, not an endless loop."""
    monkeypatch.setattr("app.core.access.audit.log.MAX_TRIES", 3)
    run = home.scripts.run

    async def always_late(name: str, *rows: Any, **arguments: Any) -> Any:
        return ["WAIT", "", ""] if name == "access/audit" else await run(name, *rows, **arguments)

    monkeypatch.setattr(home.scripts, "run", always_late)
    with pytest.raises(Conflict, match="being written all the time"):
        await home.audit.write(act(1))


@pytest.mark.full
async def test_a_hundred_thousand_acts_leave_the_acts_on_keys(home: Home) -> None:
    """The acts of an admin before them are there, the chain verifies, one lost entry is found."""
    for number in range(20):
        await home.audit.write(key_act(number))
    for start in range(0, 100_000, 200):
        await asyncio.gather(*(home.audit.write(act(number)) for number in range(start, start + 200)))
    report = await home.verify()
    protected, acts, _refused = report.logs
    assert (report.is_whole, protected.entries) == (True, 20)
    assert acts.entries + acts.head.dropped == 100_000
    rows = await home.link.call("XRANGE", home.stream, "-", "+", "COUNT", 3)
    await home.link.call("XDEL", home.stream, rows[1][0])
    assert len(await home.found()) == 1
