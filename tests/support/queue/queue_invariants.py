"""Invariants of a queue, at any time and after any operation."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from app.core.models import TERMINAL, TRANSITIONS, RunStatus
from app.core.queue.worker import OWN_LANES
from app.core.storage.connection import scores

if TYPE_CHECKING:
    from tests.support.queue.queue_driver import QueueDriver

ACTIVE = frozenset(RunStatus) - TERMINAL
STATUS_NAMES = frozenset(status.value for status in RunStatus)


async def broken_invariants(driver: QueueDriver, limits: dict[str, int]) -> list[str]:
    """Return every invariant that does not hold; `limits` of keys, groups and rates by name (`user:k`)."""
    run_ids = await driver.link.call("ZRANGE", driver.keys.runs, 0, -1)
    records = {run_id: await driver.hash(run_id) for run_id in run_ids}
    return [
        *await _index_problems(driver, records),
        *await _active_problems(driver, records),
        *await _entry_problems(driver, records),
        *await _key_problems(driver, records, limits),
        *await _pause_problems(driver, records),
        *await _dead_letter_problems(driver, records),
        *await _transition_problems(driver),
    ]


async def transitions(driver: QueueDriver) -> set[tuple[RunStatus, RunStatus]]:
    """Return every change of status that the events tell of."""
    latest: dict[str, RunStatus] = {}
    found: set[tuple[RunStatus, RunStatus]] = set()
    for event in await driver.events():
        name = event.type.removeprefix("run.")
        if not event.run_id or name not in STATUS_NAMES:
            continue
        status = RunStatus(name)
        if event.run_id in latest:
            found.add((latest[event.run_id], status))
        latest[event.run_id] = status
    return found


async def _index_problems(driver: QueueDriver, records: dict[str, dict[str, str]]) -> list[str]:
    problems: list[str] = []
    for status in RunStatus:
        index = set(await driver.link.call("ZRANGE", driver.keys.runs_status(status), 0, -1))
        actual = {run_id for run_id, record in records.items() if record.get("status") == status}
        if index != actual:
            problems.append(f"index of {status}: too many {index - actual}, missing {actual - index}")
    due = set(await driver.link.call("ZRANGE", driver.keys.delayed, 0, -1))
    waits = {run_id for run_id, record in records.items() if record["status"] in {"scheduled", "retrying"}}
    if due != waits:
        problems.append(f"delayed set: too many {due - waits}, missing {waits - due}")
    return problems


async def _active_problems(driver: QueueDriver, records: dict[str, dict[str, str]]) -> list[str]:
    expected: dict[str, set[str]] = defaultdict(set)
    for run_id, record in records.items():
        if RunStatus(record["status"]) in ACTIVE:
            expected[record["job"]].add(run_id)
    problems: list[str] = []
    for job_id in {record["job"] for record in records.values()}:
        active = set(await driver.link.call("SMEMBERS", driver.keys.active(job_id)))
        if active != expected[job_id]:
            problems.append(f"active of {job_id}: {active ^ expected[job_id]}")
    return problems


async def _entry_problems(driver: QueueDriver, records: dict[str, dict[str, str]]) -> list[str]:
    entries: dict[str, list[tuple[str, str]]] = defaultdict(list)
    pending: set[tuple[str, str]] = set()
    for lane in OWN_LANES:
        for entry, fields in await driver.link.call("XRANGE", driver.keys.ready(lane), "-", "+"):
            entries[fields[1]].append((lane, entry))
        pending |= {(lane, found[0]) for found in await driver.pending(lane)}
    return [
        f"{run_id} is {record['status']} with entries {entries[run_id]}"
        for run_id, record in records.items()
        if not _entries_fit(record, entries[run_id], pending)
    ]


def _entries_fit(
    record: dict[str, str], entries: list[tuple[str, str]], pending: set[tuple[str, str]]
) -> bool:
    own = (record.get("lane", ""), record.get("entry", ""))
    match record["status"]:
        case "running":
            return entries == [own] and own in pending
        case "queued" if "waiting" in record:
            return entries == []
        case "queued":
            return entries == [own]
        case _:
            return entries == []


async def _key_problems(
    driver: QueueDriver, records: dict[str, dict[str, str]], limits: dict[str, int]
) -> list[str]:
    problems: list[str] = []
    holders: Counter[str] = Counter()
    full: set[str] = set()
    for name, limit in limits.items():
        held = set(await driver.link.call("SMEMBERS", driver.keys.holders(name)))
        is_rate = name.startswith("rate:")
        began = await driver.link.call("LLEN", driver.keys.starts(name)) if is_rate else 0
        if not is_rate:
            holders.update(held)
        if began + len(held) >= limit:
            full.add(name)
        if began + len(held) > limit:
            problems.append(f"{name}: {began} have started and {len(held)} hold a place of {limit}")
        problems += [
            f"{name}: held by {run_id}, {records[run_id]['status']}"
            for run_id in held
            if records[run_id]["status"] not in ({"queued"} if is_rate else {"running", "queued"})
            or "waiting" in records[run_id]
        ]
    problems += [
        f"{run_id} runs without a place of its keys"
        for run_id, record in records.items()
        if record["status"] == "running"
        and holders[run_id] != len([name for name in _names(record) if not name.startswith("rate:")])
    ]
    lines = _lines(records)
    problems += [
        f"{names}: {len(line)} wait though all of these have a free place"
        for names, line in lines.items()
        if line and not full & set(names)
    ]
    return [*problems, *await _line_problems(driver, records, lines, full, limits)]


def _names(record: dict[str, str]) -> tuple[str, ...]:
    overlap = (f"job:{record['job']}",) if record.get("overlap") == "1" else ()
    slots, _, rate = record.get("key", "").partition("|")
    key, _, group = slots.partition("/")
    return (
        *overlap,
        *((f"user:{slots}",) if slots else ()),
        *((f"user:{key}",) if group else ()),
        *((f"rate:{rate}",) if rate else ()),
    )


def _lines(records: dict[str, dict[str, str]]) -> dict[tuple[str, ...], list[str]]:
    """Return the waiting runs, oldest first, by the keys that they need; empty if there are none."""
    lines: dict[tuple[str, ...], list[str]] = {
        names: [] for record in records.values() if (names := _names(record))
    }
    for run_id, record in records.items():
        if record["status"] == "queued" and "waiting" in record and not _holder(record):
            lines[_names(record)].append(run_id)
    return lines


def _holder(record: dict[str, str]) -> str:
    """Return the scope that holds a run; empty if there is none."""
    waiting = record.get("waiting", "")
    return waiting.removeprefix("paused:") if waiting.startswith("paused:") else ""


async def _pause_problems(driver: QueueDriver, records: dict[str, dict[str, str]]) -> list[str]:
    """A held run is in the set of one paused scope, by its seq, and in no other place."""
    held: dict[str, dict[str, int]] = {"all": {}}
    for record in records.values():
        held |= {scope: {} for scope in (f"job:{record['job']}", f"type:{record['type']}")}
    for run_id, record in records.items():
        if scope := _holder(record):
            held[scope][run_id] = int(record["seq"])
    paused = set(await driver.link.call("HKEYS", driver.keys.pauses))
    problems = [
        f"{scope} is not paused and holds runs" for scope in held if held[scope] and scope not in paused
    ]
    for scope, runs in held.items():
        stored = await _scores(driver, driver.keys.paused(scope))
        if stored != runs:
            problems.append(f"held by {scope}: {stored} and not {runs}")
    return problems


async def _scores(driver: QueueDriver, key: str) -> dict[str, int]:
    return scores(await driver.link.call("ZRANGE", key, 0, -1, "WITHSCORES"))


async def _line_problems(
    driver: QueueDriver,
    records: dict[str, dict[str, str]],
    lines: dict[tuple[str, ...], list[str]],
    full: set[str],
    limits: dict[str, int],
) -> list[str]:
    """Each line is listed once, for a full key; by the seq of its head, unless its groups take turns."""
    problems: list[str] = []
    listed: Counter[str] = Counter()
    for names, line in lines.items():
        stored = await driver.link.call("ZRANGE", driver.keys.waiting(",".join(names)), 0, -1)
        if stored != line:
            problems.append(f"line of {names}: {stored} and not {line}")
        problems += [
            f"{run_id} waits for {records[run_id]['waiting']} and needs {names}"
            for run_id in line
            if records[run_id]["waiting"] not in names
        ]
    for name in limits:
        known = await _scores(driver, driver.keys.waiting_lines(name))
        heads = {
            ",".join(names): int(records[line[0]]["seq"])
            for names, line in lines.items()
            if line and name in names
        }
        listed.update(known.keys())
        has_turns = any("/" in each for each in heads) and "/" not in name and name.startswith("user:")
        if not (known.keys() <= heads.keys() if has_turns else known.items() <= heads.items()):
            problems.append(f"lines of {name}: {known} and not {heads}")
        if known and name not in full:
            problems.append(f"{name} has a free place and lines: {known}")
        if await driver.link.call("SISMEMBER", driver.keys.waiting_keys, name) != bool(known):
            problems.append(f"{name} has {len(known)} lines: the keys that are waited for say another thing")
        is_woken = await driver.link.call("ZSCORE", driver.keys.rate_wakes, name) is not None
        began = await driver.link.call("LLEN", driver.keys.starts(name))
        if known and began and not is_woken:
            problems.append(f"{name}: {known} wait and will not be woken")
    expected = {",".join(names): 1 for names, line in lines.items() if line}
    return problems if listed == expected else [*problems, f"lists: {listed} and not {expected}"]


async def _dead_letter_problems(driver: QueueDriver, records: dict[str, dict[str, str]]) -> list[str]:
    listed = set(await driver.link.call("ZRANGE", driver.keys.dead, 0, -1))
    marked = {run_id for run_id, record in records.items() if "dead" in record}
    wrong = [run_id for run_id in marked if records[run_id]["status"] != "failed"]
    problems = [f"{run_id} is no failure and a dead letter" for run_id in wrong]
    problems += await _group_problems(driver, {run_id: records[run_id] for run_id in marked})
    return [*problems, f"dead letters: {listed ^ marked}"] if listed != marked else problems


async def _group_problems(driver: QueueDriver, letters: dict[str, dict[str, str]]) -> list[str]:
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for run_id, record in letters.items():
        groups[record.get("fingerprint", "none")][run_id] = int(record["seq"])
    newest = await _scores(driver, driver.keys.dead_groups)
    expected = {group: max(members.values()) for group, members in groups.items()}
    problems = [] if newest == expected else [f"groups of dead letters: {newest} and not {expected}"]
    for group, members in groups.items():
        stored = await _scores(driver, driver.keys.dead_group(group))
        problems += [] if stored == members else [f"group {group}: {stored} and not {members}"]
    return problems


async def _transition_problems(driver: QueueDriver) -> list[str]:
    problems = [
        f"{source} -> {target}"
        for source, target in await transitions(driver)
        # Delivered and never started: queued again, under another entry.
        if target not in TRANSITIONS[source] and (source, target) != (RunStatus.QUEUED, RunStatus.QUEUED)
    ]
    latest: dict[str, int] = {}
    for event in await driver.events():
        if not event.run_id or event.type == "run.progress" or event.rev is None:
            continue
        if event.rev != latest.get(event.run_id, 0) + 1:
            problems.append(f"{event.run_id}: {event.type} has revision {event.rev} out of order")
        latest[event.run_id] = event.rev
    return problems
