"""Dead letters by error: the index, and decisions about many of them."""

from __future__ import annotations

import pytest

from app.core.errors import Unavailable
from app.core.log_lines import pack_log
from app.core.models import AttemptOutcome
from app.core.queue.base import MAX_BATCH
from app.core.records import LogLine
from app.core.runs.dead_letters import DeadLetter, DeadLetterFilter, DeadLetters, Rejected
from app.core.runs.logs import with_earlier_lines
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from tests.support.queue.queue_driver import QueueDriver, ending

ERROR = '{"code":"broken","message":"it broke"}'


@pytest.fixture
def dead(driver: QueueDriver) -> DeadLetters:
    return DeadLetters(driver.queue)


async def _fail(driver: QueueDriver, group: str, job_id: str = "job-a", source: str = "api") -> str:
    run = await driver.start(job_id, source=source)
    await driver.finish(run, AttemptOutcome.FAILED, error=ERROR, fingerprint=group)
    return run.run_id


async def _fail_some(driver: QueueDriver, count: int, group: str = "aaa") -> list[str]:
    run_ids = await driver.enqueue_some(count)
    while claimed := (await driver.claim(MAX_BATCH, quotas={"normal": MAX_BATCH})).runs:
        for run in claimed:
            await driver.finish(run, AttemptOutcome.FAILED, error=ERROR, fingerprint=group)
    return run_ids


async def _counts(dead: DeadLetters) -> dict[str, int]:
    return {group.fingerprint: group.count for group in (await dead.groups(None, None, 100)).items}


async def _letters(dead: DeadLetters, choice: DeadLetterFilter) -> list[DeadLetter]:
    return (await dead.letters(choice))[0]


async def test_dead_letters_are_grouped_by_error(driver: QueueDriver, dead: DeadLetters) -> None:
    """A group has its newest error, how many, of which jobs, from when to when, and some of its runs."""
    first = await _fail(driver, "aaa", "job-a")
    other = await _fail(driver, "bbb", "job-b")
    newest = await _fail(driver, "aaa", "job-b")
    page = await dead.groups(None, None, 10)
    assert (page.total, page.next_cursor) == (3, None)
    a, b = page.items
    assert (a.fingerprint, a.count, a.jobs, a.run_ids) == ("aaa", 2, ["job-b", "job-a"], [newest, first])
    assert a.error == {"code": "broken", "message": "it broke"}
    assert (b.fingerprint, b.count, b.run_ids) == ("bbb", 1, [other])
    ends = [int((await driver.hash(run_id))["ended"]) for run_id in (first, newest)]
    assert [a.first_at, a.last_at] == ends


async def test_a_group_has_the_position_of_its_newest_letter(driver: QueueDriver, dead: DeadLetters) -> None:
    """An older run that fails later does not move its group back, and pages follow that order."""
    slow = await driver.start()
    await _fail(driver, "aaa")
    await _fail(driver, "bbb")
    await _fail(driver, "aaa")
    await driver.finish(slow, AttemptOutcome.FAILED, error=ERROR, fingerprint="aaa")
    first = await dead.groups(None, None, 1)
    assert [group.fingerprint for group in first.items] == ["aaa"]
    await _fail(driver, "ccc")
    second = await dead.groups(None, first.next_cursor, 1)
    assert ([group.fingerprint for group in second.items], second.next_cursor) == (["bbb"], None)


async def test_a_group_ends_with_its_last_letter(driver: QueueDriver, dead: DeadLetters) -> None:
    """Redrive and discard take letters out; the newest that is left leads, and an empty group is gone."""
    old, new = await _fail(driver, "aaa"), await _fail(driver, "aaa")
    await _fail(driver, "bbb")
    await driver.queue.redrive(new, 1)
    page = await dead.groups(None, None, 10)
    assert [(group.fingerprint, group.count) for group in page.items] == [("bbb", 1), ("aaa", 1)]
    await driver.queue.discard([old])
    assert await _counts(dead) == {"bbb": 1}
    assert await driver.link.call("EXISTS", driver.keys.dead_group("aaa")) == 0
    assert await driver.link.call("ZRANGE", driver.keys.dead_groups, 0, -1) == ["bbb"]


async def test_letters_that_a_success_forgives_leave_their_group(
    driver: QueueDriver, dead: DeadLetters
) -> None:
    """A letter that the schedule's own success removed is in no group."""
    await _fail(driver, "aaa", source="schedule")
    kept = await _fail(driver, "aaa", "job-b", source="schedule")
    await driver.finish(await driver.start(source="schedule"))
    (group,) = (await dead.groups(None, None, 10)).items
    assert (group.count, group.run_ids) == (1, [kept])


async def test_a_letter_without_a_fingerprint_has_a_group(driver: QueueDriver, dead: DeadLetters) -> None:
    """A failure without an error name is counted too."""
    run = await driver.start()
    await driver.finish(run, AttemptOutcome.FAILED, error=ERROR)
    assert await _counts(dead) == {"none": 1}
    await driver.queue.discard([run.run_id])
    assert await _counts(dead) == {}


async def test_a_letter_that_is_let_go_leaves_its_group(driver: QueueDriver, dead: DeadLetters) -> None:
    """At 10,000 the oldest leaves list and group alike."""
    oldest = await _fail(driver, "aaa")
    seq = int((await driver.hash(oldest))["seq"])
    fill = [part for i in range(9_999) for part in (seq + 1 + i, f"filler@{i}")]
    for start in range(0, len(fill), 4_000):
        await driver.link.call("ZADD", driver.keys.dead, *fill[start : start + 4_000])
    await driver.link.call("SET", driver.keys.seq, seq + 20_000)
    await _fail(driver, "bbb")
    assert await _counts(dead) == {"bbb": 1}


async def test_letters_of_an_older_version_are_grouped(driver: QueueDriver, dead: DeadLetters) -> None:
    """Letters that were buried before there were groups stand in theirs at the first look."""
    runs = [await _fail(driver, "aaa"), await _fail(driver, "bbb")]
    index = [driver.keys.dead_groups, driver.keys.dead_group("aaa"), driver.keys.dead_group("bbb")]
    await driver.link.calls([("DEL", *index), ("HDEL", driver.keys.meta, "dead_grouped")])
    assert await _counts(dead) == {"bbb": 1, "aaa": 1}
    await driver.link.call("DEL", *index)
    assert await dead.regroup() == len(runs)
    assert await _counts(dead) == {"bbb": 1, "aaa": 1}


async def test_groups_of_one_job(driver: QueueDriver, dead: DeadLetters) -> None:
    """A job's letters alone, counted exactly, by the newest of each error; one error can be picked."""
    await _fail(driver, "aaa", "job-b")
    mine = [await _fail(driver, "aaa"), await _fail(driver, "bbb"), await _fail(driver, "aaa")]
    groups = await dead.groups_of_job("job-a", None)
    assert [(group.fingerprint, group.count, group.jobs) for group in groups] == [
        ("aaa", 2, ["job-a"]),
        ("bbb", 1, ["job-a"]),
    ]
    assert groups[0].run_ids == [mine[2], mine[0]]
    assert [group.fingerprint for group in await dead.groups_of_job("job-a", "bbb")] == ["bbb"]
    assert await dead.groups_of_job("nobody", None) == []
    (picked,) = (await dead.groups("aaa", None, 10)).items
    assert picked.count == 3
    assert (await dead.groups("nothing", None, 10)).items == []


async def test_many_groups_are_read_in_parts(driver: QueueDriver, dead: DeadLetters) -> None:
    """More groups than one script describes, each once."""
    for number in range(53):
        await _fail(driver, f"g{number:02}")
    page = await dead.groups(None, None, 52)
    rest = await dead.groups(None, page.next_cursor, 52)
    names = [group.fingerprint for group in (*page.items, *rest.items)]
    assert names == [f"g{number:02}" for number in reversed(range(53))]


async def test_members_of_a_group_are_listed(driver: QueueDriver, runs: RunStore) -> None:
    """Newest first, in pages, with their number."""
    members = [await _fail(driver, "aaa") for _ in range(3)]
    await _fail(driver, "bbb")
    page = await runs.list(RunFilter(dead_group="aaa"), None, 2)
    rest = await runs.list(RunFilter(dead_group="aaa"), page.next_cursor, 2)
    assert [run.run_id for run in (*page.items, *rest.items)] == members[::-1]
    assert (page.total, rest.next_cursor) == (3, None)


async def test_letters_are_chosen_by_id_group_or_filter(driver: QueueDriver, dead: DeadLetters) -> None:
    """Oldest first; a named run that is no dead letter has a reason; a filter ignores it."""
    a, b = await _fail(driver, "aaa"), await _fail(driver, "bbb", "job-b")
    alive = await driver.enqueue()
    letters, refused = await dead.letters(DeadLetterFilter(run_ids=[b, a, alive, "job@1", "?", a]))
    assert [letter.run_id for letter in letters] == [a, b]
    assert {each.run_id: each.code for each in refused} == {
        alive: "no_dead_letter",
        "job@1": "run_not_found",
        "?": "run_not_found",
    }
    assert [letter.run_id for letter in await _letters(dead, DeadLetterFilter(fingerprint="bbb"))] == [b]
    assert [letter.run_id for letter in await _letters(dead, DeadLetterFilter())] == [a, b]
    assert [letter.run_id for letter in await _letters(dead, DeadLetterFilter(job_id="job-b"))] == [b]
    assert await _letters(dead, DeadLetterFilter(type="test.other")) == []
    await driver.link.call("HSET", driver.keys.run(a), "ended", 1_000)
    assert [letter.run_id for letter in await _letters(dead, DeadLetterFilter(until_ms=1_001))] == [a]
    assert [letter.run_id for letter in await _letters(dead, DeadLetterFilter(since_ms=1_001))] == [b]
    assert (await dead.letters(DeadLetterFilter(run_ids=[b]), until_ms=1_000))[1] == [Rejected(b, "changed")]


async def test_redrive_of_many_takes_several_scripts(driver: QueueDriver, dead: DeadLetters) -> None:
    """More letters than a script takes; a repeat of the same decision does nothing twice."""
    run_ids = await _fail_some(driver, MAX_BATCH + 5)
    letters = await _letters(dead, DeadLetterFilter(fingerprint="aaa"))
    assert [letter.run_id for letter in letters] == run_ids
    done = await dead.redrive(letters, None)
    assert (done.done, done.failed, done.last_due_at) == (len(run_ids), [], None)
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == len(run_ids)
    await dead.redrive(letters, None)
    assert await driver.link.call("XLEN", driver.keys.ready("normal")) == len(run_ids)
    assert await _counts(dead) == {}


async def test_redrive_with_a_rate_spreads_what_falls_due(driver: QueueDriver, dead: DeadLetters) -> None:
    """The first is queued, the others wait until they are due; the answer says when the last one is."""
    runs = await _fail_some(driver, 4)
    done = await dead.redrive(await _letters(dead, DeadLetterFilter(fingerprint="aaa")), rate_per_sec=0.1)
    assert [await driver.status(run_id) for run_id in runs] == ["queued", *["scheduled"] * 3]
    due = [int((await driver.hash(run_id))["due"]) for run_id in runs[1:]]
    assert [due[1] - due[0], due[2] - due[1]] == [10_000, 10_000]
    assert done.last_due_at is not None
    assert abs(done.last_due_at - due[-1]) < 60_000
    await driver.make_due()
    await driver.queue.promote()
    assert {await driver.status(run_id) for run_id in runs} == {"queued"}
    again = (await driver.claim()).runs
    assert {(run.attempt, run.failures) for run in again} == {(2, 0)}


async def test_a_redrive_that_waits_can_be_cancelled(driver: QueueDriver, dead: DeadLetters) -> None:
    """Until it is due it is a scheduled run like any other."""
    runs = await _fail_some(driver, 2)
    await dead.redrive(await _letters(dead, DeadLetterFilter()), rate_per_sec=0.1)
    assert await driver.queue.cancel(runs[1]) == "CANCELLED"
    assert await driver.link.call("ZCARD", driver.keys.delayed) == 0
    assert await driver.event_types(runs[1]) == [
        *("run.queued", "run.running", "run.failed", "run.scheduled", "run.cancelled")
    ]


async def test_redrive_of_a_damaged_record_leaves_its_neighbours_alone(
    driver: QueueDriver, dead: DeadLetters
) -> None:
    """Each letter of a batch is decided separately, and has its own reason."""
    runs = await _fail_some(driver, 3)
    letters = await _letters(dead, DeadLetterFilter(fingerprint="aaa"))
    await driver.damage(driver.keys.run(runs[1]))
    await driver.queue.discard([runs[2]])
    done = await dead.redrive(letters, None)
    assert (done.done, done.failed) == (
        1,
        [Rejected(runs[1], "damaged_record"), Rejected(runs[2], "no_dead_letter")],
    )
    assert await driver.status(runs[0]) == "queued"
    await driver.link.call("DEL", driver.keys.run(runs[1]))


async def test_discard_of_many_leaves_the_runs_in_history(driver: QueueDriver, dead: DeadLetters) -> None:
    """Letters leave the list; ids that are no longer letters are reported."""
    runs = await _fail_some(driver, MAX_BATCH + 2)
    letters = await _letters(dead, DeadLetterFilter())
    await driver.queue.discard([runs[0]])
    done = await dead.discard(letters)
    assert (done.done, done.failed) == (len(runs) - 1, [Rejected(runs[0], "no_dead_letter")])
    assert await driver.status(runs[1]) == "failed"
    assert await driver.link.call("ZCARD", driver.keys.dead) == 0


async def test_a_decision_that_is_cut_off_says_what_is_left(
    driver: QueueDriver, dead: DeadLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis fails after the first script: its letters are decided, the others reported; a repeat ends it."""
    runs = await _fail_some(driver, MAX_BATCH + 1)
    letters, real = await _letters(dead, DeadLetterFilter()), driver.queue.redrive_many

    async def once(batch: list[tuple[str, int, int]]) -> list[str]:
        if batch[0][0] != runs[0]:
            raise Unavailable("away")
        return await real(batch)

    monkeypatch.setattr(driver.queue, "redrive_many", once)
    done = await dead.redrive(letters, None)
    assert (done.done, done.failed) == (MAX_BATCH, [Rejected(runs[-1], "unavailable")])
    monkeypatch.undo()
    assert (await dead.redrive(await _letters(dead, DeadLetterFilter()), None)).done == 1


async def test_a_redriven_run_keeps_its_log(driver: QueueDriver, runs: RunStore) -> None:
    """The next end packs what the attempts before the redrive have logged as well."""
    first = await driver.start()
    lines = [LogLine(1, "info", "first", {}, 1), LogLine(2, "info", "second", {}, 2)]
    await driver.finish(first, AttemptOutcome.FAILED, error=ERROR, log=pack_log(lines[:1]))
    await driver.queue.redrive(first.run_id, 1)
    second = (await driver.claim()).runs[0]
    assert second.logged
    end = ending(second, log=pack_log(lines[1:]))
    await driver.queue.finish_many([await with_earlier_lines(driver.link, driver.keys, end)])
    assert await runs.logs(first.run_id) == lines


async def test_a_restored_letter_is_in_its_group(driver: QueueDriver, dead: DeadLetters) -> None:
    """What a restore puts back is grouped at once, and what it replaces leaves its group."""
    scripts, run_id = driver.queue.scripts, "01J0000000000000000000000A"
    await scripts.run("restore/lock", "owner", 60_000, "take")
    stored = {"job": "a", "status": "failed", "seq": "1", "rev": "3", "created": "1", "dead": "1"}
    for group in ("aaa", "bbb"):
        flat = [part for pair in {**stored, "fingerprint": group}.items() for part in pair]
        values = [run_id, "", "", "", len(flat), *flat]
        await scripts.run("restore/run", "replace", "owner", len(values), *values)
        assert await _counts(dead) == {group: 1}
