"""Following the log of a run: cursors that stand, filters, gaps, the end."""

from __future__ import annotations

import pytest

from app.core.errors import RunNotFound
from app.core.log_lines import (
    LinePosition,
    NumberedLine,
    pack_log,
    pack_numbered,
    parse_position,
    unpack_numbered,
)
from app.core.models import ClaimedRun
from app.core.records import LogLine
from app.core.runs.logs import LogPage, LogQuery, with_earlier_lines
from app.core.runs.store import RunStore
from tests.support.queue.queue_driver import QueueDriver, ending


def _line(number: int, attempt: int = 1, level: str = "info") -> LogLine:
    return LogLine(number, level, f"line {number}", {"n": number}, attempt)


async def _end(driver: QueueDriver, run: ClaimedRun, lines: list[LogLine]) -> None:
    end = await with_earlier_lines(driver.link, driver.keys, ending(run, log=pack_log(lines)))
    assert await driver.queue.finish_many([end]) == ["OK"]


def _messages(page: LogPage) -> list[str]:
    return [placed.line.message for placed in page.lines]


async def test_a_log_is_followed_over_attempts_to_its_end(driver: QueueDriver, runs: RunStore) -> None:
    """Each cursor resumes after the last read, even when the stream became the packed log meanwhile."""
    run = await driver.start()
    await driver.queue.append_log(run, 1, [_line(1), _line(2)])
    first = await runs.read_log(run.run_id, LogQuery())
    assert (_messages(first), str(first.next), first.complete) == (["line 1", "line 2"], "1-2", False)
    await driver.queue.append_log(run, 3, [_line(3)])
    await driver.queue.release([(run.run_id, run.lease_id)])
    second = (await driver.claim()).runs[0]
    await driver.queue.append_log(second, 1, [_line(1, 2)])
    between = await runs.read_log(run.run_id, LogQuery(first.next))
    assert (_messages(between), str(between.next)) == (["line 3", "line 1"], "2-1")
    await _end(driver, second, [_line(1, 2), _line(2, 2)])
    last = await runs.read_log(run.run_id, LogQuery(between.next))
    assert (_messages(last), str(last.next), last.complete) == (["line 2"], "2-2", True)
    whole = await runs.read_log(run.run_id, LogQuery())
    places = [str(placed.position) for placed in whole.lines]
    assert (places, whole.truncated) == (["1-1", "1-2", "1-3", "2-1", "2-2"], False)


async def test_a_log_is_read_in_parts(driver: QueueDriver, runs: RunStore) -> None:
    """A part says whether more lines are there; only the last one of an ended run is complete."""
    run = await driver.start()
    await _end(driver, run, [_line(number) for number in range(1, 6)])
    first = await runs.read_log(run.run_id, LogQuery(limit=3))
    rest = await runs.read_log(run.run_id, LogQuery(first.next, limit=3))
    assert (len(first.lines), first.more, first.complete) == (3, True, False)
    assert (len(rest.lines), rest.more, rest.complete) == (2, False, True)
    nothing = await runs.read_log(run.run_id, LogQuery(rest.next))
    assert (nothing.lines, nothing.next, nothing.complete) == ([], rest.next, True)


async def test_a_log_is_filtered_by_level_and_text(driver: QueueDriver, runs: RunStore) -> None:
    """The cursor passes over what does not fit; a level of no known name counts as info."""
    run = await driver.start()
    levels = ["debug", "info", "warning", "error", "shout"]
    lines = [_line(number, level=level) for number, level in enumerate(levels, 1)]
    await driver.queue.append_log(run, 1, lines)
    grave = await runs.read_log(run.run_id, LogQuery(level="warning"))
    assert (_messages(grave), str(grave.next)) == (["line 3", "line 4"], "1-5")
    assert len((await runs.read_log(run.run_id, LogQuery(level="info"))).lines) == 4
    assert _messages(await runs.read_log(run.run_id, LogQuery(q="LINE 2"))) == ["line 2"]
    assert _messages(await runs.read_log(run.run_id, LogQuery(q='"n":4'))) == ["line 4"]


async def test_a_log_that_was_too_long_says_so(driver: QueueDriver, runs: RunStore) -> None:
    """If lines were dropped, the part after them is marked truncated, before and after the end."""
    run = await driver.start()
    await driver.queue.append_log(run, 1, [_line(number) for number in range(1, 5)])
    await driver.link.call("XTRIM", driver.keys.log(run.run_id), "MAXLEN", 2)
    begun = await runs.read_log(run.run_id, LogQuery())
    assert ([str(placed.position) for placed in begun.lines], begun.truncated) == (["1-3", "1-4"], True)
    assert not (await runs.read_log(run.run_id, LogQuery(LinePosition(1, 3)))).truncated
    await driver.queue.release([(run.run_id, run.lease_id)])
    second = (await driver.claim()).runs[0]
    await _end(driver, second, [_line(1, 2)])
    ended = await runs.read_log(run.run_id, LogQuery())
    assert [str(placed.position) for placed in ended.lines] == ["1-3", "1-4", "2-1"]
    assert (ended.truncated, ended.complete) == (True, True)


async def test_lines_are_added_to_a_log_of_an_older_version(driver: QueueDriver, runs: RunStore) -> None:
    """Its entries have the time for an id; they are numbered in their order, and so are those behind them."""
    run = await driver.start()
    key = driver.keys.log(run.run_id)
    for number in (1, 2):
        text = f'{{"at":{number},"level":"info","message":"old {number}","attempt":1}}'
        await driver.link.call("XADD", key, "*", "l", text)
    await driver.link.call("HSET", driver.keys.run(run.run_id), "logged", "1:2")
    await driver.queue.append_log(run, 3, [_line(3)])
    page = await runs.read_log(run.run_id, LogQuery())
    assert [str(placed.position) for placed in page.lines] == ["1-1", "1-2", "1-3"]
    assert _messages(await runs.read_log(run.run_id, LogQuery(LinePosition(1, 2)))) == ["line 3"]
    assert await driver.link.call("TTL", key) > 0


async def test_a_run_without_a_log_is_complete_once_it_has_ended(driver: QueueDriver, runs: RunStore) -> None:
    """No lines, and a cursor to ask with again; unknown runs are not found."""
    run = await driver.start()
    page = await runs.read_log(run.run_id, LogQuery())
    assert (page.lines, str(page.next), page.complete) == ([], "0-0", False)
    await driver.finish(run)
    assert (await runs.read_log(run.run_id, LogQuery())).complete
    for unknown in ("job@1", "nonsense"):
        with pytest.raises(RunNotFound):
            await runs.read_log(unknown, LogQuery())


def test_packed_places_come_back() -> None:
    """Lines in a row need no number; a gap and a later start keep theirs."""
    places = [
        LinePosition(1, 4),
        LinePosition(1, 5),
        LinePosition(1, 9),
        LinePosition(2, 1),
        LinePosition(3, 2),
    ]
    lines = [NumberedLine(place, _line(place.number, place.attempt)) for place in places]
    assert list(unpack_numbered(pack_numbered(lines))) == lines
    assert pack_numbered([]) == ""
    assert parse_position("1-2") == LinePosition(1, 2)
    assert parse_position("1764022702000-0") is None
