"""Runs a script in the shard that has its job or run, or in each shard, and merges the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from app.core.storage.connection import pairs
from app.core.storage.index_scan import answers_of
from app.core.storage.merging.answers import has_value
from app.core.storage.merging.records import OWNERS, first_value, split_items
from app.core.storage.scripts import HasScripts, Link, Scripts, head_of

if TYPE_CHECKING:
    from app.core.storage.connection import Arg
    from app.core.storage.keys import Keys
    from app.core.storage.shards import Shard, ShardSet

Named: TypeAlias = "dict[str, Arg]"
Rows: TypeAlias = "tuple[Arg, ...]"
Rule: TypeAlias = "Callable[[MergedScripts, str, Rows, Named], Awaitable[Any]]"
_MOST_MATCHES: Final = 20
# As in `dead_letters/groups`.
_SAMPLED_LETTERS, _NAMED = 20, 5
_REFUSALS: Final = ("FULL", "CHANGED", "BUSY")


class LinkOfAll(Link, Protocol):
    """The part of the link to all shards that scripts use."""

    shards: ShardSet

    def part_of(self, job_id: str) -> Shard: ...

    async def find(self, family: str, names: Iterable[str]) -> dict[str, Shard]: ...


class MergedScripts(Scripts):
    """The scripts of all shards as one. A script without a rule here raises TypeError."""

    def __init__(self, link: LinkOfAll, keys: Keys) -> None:
        super().__init__(link, keys)
        self.link = link

    @property
    def parts(self) -> Sequence[HasScripts]:
        """Return the shards that these scripts run in."""
        return self.link.shards.shards

    async def run(self, name: str, /, *rows: Arg, **arguments: Arg) -> Any:
        """Run a script in its place, with the arguments and rows that it takes."""
        if (rule := RULES.get(name)) is None:
            raise TypeError(f"{name} has no rule for several shards")
        return await rule(self, name, rows, arguments)

    async def read(self, name: str, rows: Rows, arguments: Named) -> list[Any]:
        """Run a script that only reads in every shard; leave out those that are out of reach."""
        return await answers_of(shard.scripts.run(name, *rows, **arguments) for shard in self.link.shards)

    async def each(self, name: str, rows: Rows, arguments: Named) -> list[Any]:
        """Run a script in every shard; return the answers in their order."""
        return await asyncio.gather(
            *(shard.scripts.run(name, *rows, **arguments) for shard in self.link.shards.shards)
        )


# Where a script runs.


async def _home(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    return await scripts.link.shards.home.scripts.run(name, *rows, **arguments)


def _of_argument(argument: str, family: str) -> Rule:
    """Run it in the shard of a job, a run, an incident or a message; without a name in the first one."""

    async def rule(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
        shard = await _shard_of(scripts, family, str(arguments[argument]))
        return await shard.scripts.run(name, *rows, **arguments)

    return rule


async def _shard_of(scripts: MergedScripts, family: str, name: str) -> Shard:
    link = scripts.link
    if not name:
        return link.shards.home
    if family == "job":
        return link.part_of(name)
    found = await link.find(family, [name])
    return found.get(name, link.shards.shards[0])


def _of_rows(column: str, family: str, *, is_count: bool = False) -> Rule:
    """Give each shard its rows; return the answers to the rows in their order, or the sum of counts."""

    async def rule(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
        names = head_of(name).lists["ROW"]
        width, at = len(names), names.index(column)
        listed = [rows[start : start + width] for start in range(0, len(rows), width)]
        places = await _places(scripts, family, [str(row[at]) for row in listed])
        groups: dict[int, list[int]] = {}
        for number, shard in enumerate(places):
            groups.setdefault(shard.index, []).append(number)
        asked = [
            places[numbers[0]].scripts.run(
                name, *(value for number in numbers for value in listed[number]), **arguments
            )
            for numbers in groups.values()
        ]
        answers = await asyncio.gather(*asked)
        if is_count:
            return sum(int(answer) for answer in answers)
        found: list[Any] = [None] * len(listed)
        for numbers, part in zip(groups.values(), answers, strict=True):
            for number, answer in zip(numbers, part, strict=True):
                found[number] = answer
        return found

    return rule


async def _places(scripts: MergedScripts, family: str, names: list[str]) -> list[Shard]:
    link = scripts.link
    if family == "job":
        return [link.part_of(name) for name in names]
    found = await link.find(family, names)
    return [found.get(name, link.shards.shards[0]) for name in names]


async def _report(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Give it to every shard: one has the message, or will have it once its sending is settled."""
    answers = await scripts.each(name, rows, arguments)
    return next((word for word in ("OK", "STALE") if word in answers), "EARLY")


async def _delete_account(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Delete an account, after its messages in the other shards: the script looks for the account there."""
    home, *others = scripts.link.shards.shards
    account = str(arguments["account"])
    if await home.link.call("EXISTS", home.keys.account(account)):
        for shard in others:
            await shard.link.call("HSET", shard.keys.account(account), "deleted", 1)
            while await shard.scripts.run(name, *rows, **arguments) == "MORE":
                pass
    return await home.scripts.run(name, *rows, **arguments)


async def _first(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Run it everywhere; return the first answer that is not empty."""
    answers = await scripts.each(name, rows, arguments)
    return next((each for each in answers if has_value(each)), answers[0])


async def _copies(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Run it everywhere, in the first shard last; return its answer, or the first refusal."""
    answer: Any = None
    for shard in reversed(scripts.link.shards.shards):
        answer = await shard.scripts.run(name, *rows, **arguments)
        if answer in _REFUSALS:
            return answer
    return answer


async def _reseal(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Replace sealed values: tokens of pings are in the shards of their jobs."""
    if arguments["family"] == "ping":
        return await _of_rows("field", "job", is_count=True)(scripts, name, rows, arguments)
    return await _home(scripts, name, rows, arguments)


async def _lock(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Take a lock in the first shard, then in the others, which fire nothing meanwhile either."""
    answer = await _home(scripts, name, rows, arguments)
    if answer != "NO":
        await asyncio.gather(
            *(shard.scripts.run(name, *rows, **arguments) for shard in scripts.link.shards.shards[1:])
        )
    return answer


async def _marks(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    answers = await scripts.each(name, rows, arguments)
    return "LOST" if "LOST" in answers else answers[0]


async def _restore(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Give each shard its records; one without any renews its lock."""
    shards, kind = scripts.link.shards, name.partition("/")[2]
    items = split_items(rows)
    places = [_places_of(shards, OWNERS.get(kind, first_value)(item)) for item in items]
    words: list[Any] = [None] * len(items)
    for shard in shards:
        mine = [number for number, place in enumerate(places) if shard in place]
        values = [value for number in mine for value in (len(items[number]), *items[number])]
        answer = await shard.scripts.run(name, *values, **arguments)
        if answer == "LOST":
            return answer
        for number, word in zip(mine, answer, strict=True):
            words[number] = words[number] or word
    return words


def _places_of(shards: ShardSet, owner: str | None) -> Sequence[Shard]:
    """Return the shards of a record: that of its job, the first one, or all for what each has."""
    if owner is None:
        return shards.shards
    return (shards.of_job(owner) if owner else shards.home,)


async def _pause(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Pause a scope in every shard, once one of them knows it."""
    kind, _, job_id = str(arguments["scope"]).partition(":")
    if kind == "job":
        return await scripts.link.part_of(job_id).scripts.run(name, *rows, **arguments)
    answers = await scripts.each(name, rows, arguments)
    stored = next((each for each in sorted(answers, reverse=True) if each[0] in {"PAUSED", "KEPT"}), None)
    if stored is None:
        return answers[0]
    unknown = [
        shard for shard, each in zip(scripts.link.shards.shards, answers, strict=True) if each[0] == "MISSING"
    ]
    known = {**arguments, "is_known": "1"}
    await asyncio.gather(*(shard.scripts.run(name, *rows, **known) for shard in unknown))
    return stored


async def _resume(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    kind, _, job_id = str(arguments["scope"]).partition(":")
    if kind == "job":
        return await scripts.link.part_of(job_id).scripts.run(name, *rows, **arguments)
    answers = await scripts.each(name, rows, arguments)
    words = [each[0] for each in answers]
    word = "MORE" if "MORE" in words else "DONE" if "DONE" in words else words[0]
    return [word, sum(int(each[1]) for each in answers)]


async def _delete_calendar(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Delete a calendar in every shard, or in none if a job of any names it."""
    link, calendar = scripts.link, str(arguments["calendar"])
    home = link.shards.home
    record = await home.link.call("HGET", home.keys.calendars, calendar)
    done: list[Shard] = []
    answer: Any = ["MISSING", [], []]
    for shard in reversed(link.shards.shards):
        answer = await shard.scripts.run(name, *rows, **arguments)
        if answer[0] == "IN_USE" and record is not None:
            for each in done:
                await each.link.call("HSET", each.keys.calendars, calendar, record)
            return answer
        done.append(shard)
    return answer


async def _ping(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Run it in the shard that knows the token."""
    parts, digest = scripts.link.shards.shards, str(arguments["digest"])
    jobs = await asyncio.gather(
        *(shard.link.call("HGET", shard.keys.ping_jobs, digest) for shard in parts), return_exceptions=True
    )
    for shard, job in zip(parts, jobs, strict=True):
        if isinstance(job, str):
            return await shard.scripts.run(name, *rows, **arguments)
    for job in jobs:
        if isinstance(job, BaseException):
            raise job
    return ""


async def _match(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    answers = await scripts.read(name, rows, arguments)
    matches: list[Any] = []
    for parts in zip(*(answer[0] for answer in answers), strict=True):
        jobs = [flat for part in parts for flat in part]
        jobs.sort(key=lambda flat: int(pairs(flat).get("seq", 0)))
        matches.append(jobs[:_MOST_MATCHES])
    found = [max(each) for each in zip(*(answer[1] for answer in answers), strict=True)]
    return [matches, found]


async def _monitor_facts(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    answers = await scripts.read(name, rows, arguments)
    return [text for answer in answers for text in answer][: 3 * int(arguments["most"])]


_OLDEST: Final = {"due_since": "due_job", "mail_since": "mail_account"}


async def _work_facts(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Return the oldest work of all shards, and the sums of their lanes.

    Messages of an account are in all shards; whether it may send is in the first one.
    """
    home, *others = scripts.link.shards.shards
    named = {"lease_ms": 0, **arguments}
    first = await home.scripts.run(name, *rows, **named, accounts="")
    named["accounts"] = pairs(first)["accounts_open"]
    reads = (shard.scripts.run(name, *rows, **named) for shard in others)
    answers = [pairs(flat) for flat in await answers_of((asyncio.sleep(0, first), *reads))]
    facts = dict(answers[0])
    del facts["accounts_open"]
    facts["running"] = str(sum(int(each["running"] or 0) for each in answers))
    for field in ("last_start", "mail_moved"):
        facts[field] = max((each[field] for each in answers), key=lambda text: int(text or 0))
    for field, whose in _OLDEST.items():
        oldest = min(answers, key=lambda each: int(each[field]) if each[field] else 2**60)
        facts[field], facts[whose] = oldest[field], oldest[whose]
    for field in ("accounts_up", "accounts_down"):
        facts[field] = "\n".join(
            dict.fromkeys(line for each in answers for line in each[field].splitlines() if line)
        )
    facts["lanes"] = _lanes([each["lanes"] for each in answers])
    return [text for item in facts.items() for text in item]


def _lanes(texts: Sequence[str]) -> str:
    waits: dict[str, tuple[int, str]] = {}
    for line in (line for text in texts for line in text.splitlines()):
        lane, waiting, since = line.split(" ")
        count, oldest = waits.get(lane, (0, "-"))
        instants = [int(each) for each in (since, oldest) if each != "-"]
        waits[lane] = (count + int(waiting), str(min(instants)) if instants else "-")
    return "\n".join(f"{lane} {count} {since}" for lane, (count, since) in waits.items())


async def _dead_groups(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Return the errors with the newest letters, each with the letters of all shards."""
    only = str(arguments["only_group"])
    if only:
        answers = await scripts.read(name, rows, arguments)
        whole = await _whole_group(scripts, name, only)
        return [*_totals(answers), [] if whole is None else [whole]]
    most, before = int(arguments["max_groups"]), str(arguments["before_score"])
    found: list[Any] = []
    total, is_grouped, until = 0, "1", before
    while len(found) < most:
        answers = await scripts.read(name, rows, {**arguments, "before_score": until})
        total, is_grouped = _totals(answers)
        # An error that is below `until` in one shard may be above it in another, and was returned then.
        named = dict.fromkeys(row[0] for answer in answers for row in answer[2])
        whole = await asyncio.gather(*(_whole_group(scripts, name, group) for group in named))
        ends = [float(answer[2][-1][1]) for answer in answers if len(answer[2]) >= most]
        horizon = max(ends, default=float("-inf"))
        fresh = [row for row in whole if row is not None and _is_below(row[1], until)]
        found += [row for row in fresh if float(row[1]) >= horizon]
        if not ends:
            break
        until = f"({horizon:.0f}"
    found.sort(key=lambda row: -float(row[1]))
    return [total, is_grouped, found[:most]]


def _totals(answers: Sequence[Any]) -> tuple[int, str]:
    return sum(int(each[0]) for each in answers), "1" if all(each[1] for each in answers) else ""


def _is_below(score: str, bound: str) -> bool:
    return bound == "+inf" or float(score) < float(bound.removeprefix("("))


async def _whole_group(scripts: MergedScripts, name: str, group: str) -> Any:
    """Return an error with its letters in all shards; None if there are none."""
    one: Named = {"before_score": "+inf", "max_groups": 1, "only_group": group}
    rows = [row for answer in await scripts.read(name, (), one) for row in answer[2]]
    return await _joined(scripts, rows) if rows else None


async def _joined(scripts: MergedScripts, rows: list[Any]) -> list[Any]:
    """Return one row of an error: group, score, letters, error, last and first instant, runs, jobs."""
    rows.sort(key=lambda row: -float(row[1]))
    group, score, _count, error, last, *_first_runs_jobs = rows[0]
    if len(rows) == 1:
        return rows[0]
    link, keys = scripts.link, scripts.keys
    newest = await link.call("ZREVRANGE", keys.dead_group(group), 0, _SAMPLED_LETTERS - 1)
    jobs = await asyncio.gather(*(link.call("HGET", keys.run(run_id), "job") for run_id in newest))
    first = min((row[5] for row in rows if row[5]), key=int, default="")
    named = list(dict.fromkeys(job for job in jobs if job))[:_NAMED]
    return [group, score, sum(int(row[2]) for row in rows), error, last, first, newest[:_NAMED], named]


async def _regroup(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Walk through each shard to its end: their cursors differ. One that is out of reach is done later."""

    async def walk(shard: Shard) -> int:
        looked, start = 0, arguments["after_seq"]
        while start:
            count, start = await shard.scripts.run(name, *rows, **{**arguments, "after_seq": start})
            looked += int(count)
        return looked

    return [sum(await answers_of(map(walk, scripts.link.shards.shards))), ""]


async def _find_events(scripts: MergedScripts, name: str, rows: Rows, arguments: Named) -> Any:
    """Return events in the order of their ids, as far as all shards have been read."""
    is_falling = arguments["command"] == "XREVRANGE"
    answers = await scripts.read(name, rows, arguments)
    reached = [answer[0] for answer in answers if answer[0]]
    pick = max if is_falling else min
    last = pick(reached, key=_entry_order, default="")
    found = [pair for _, flat in answers for pair in zip(flat[::2], flat[1::2], strict=True)]
    found.sort(key=lambda pair: _event_order(pair[0]), reverse=is_falling)
    if last:
        end = _entry_order(last)
        found = [
            pair
            for pair in found
            if (_entry_order(pair[0]) >= end if is_falling else _entry_order(pair[0]) <= end)
        ]
    return [last, [text for pair in found for text in pair]]


def _entry_order(event_id: str) -> tuple[int, int]:
    instant, _, number = event_id.partition("-")
    return int(instant), int(number.partition(".")[0])


def _event_order(event_id: str) -> tuple[int, int, int]:
    # Of an entry the event without a place is the newest.
    return (*_entry_order(event_id), int(event_id.partition(".")[2] or 1000))


_HOME: Final = (
    *("access/audit", "access/note_audit_sink", "access/read_audit", "access/restore_audit"),
    *("access/stage_audit", "access/count_refused", "access/create_key", "access/create_session"),
    *("access/end_session", "access/replace_keys", "access/revoke_key", "access/rotate_key"),
    *("access/touch_sessions", "accounts/answer_checks", "accounts/lease", "accounts/pending_checks"),
    *("accounts/request_check", "accounts/save", "accounts/save_contact", "accounts/set_state"),
    *("accounts/set_chat_users", "accounts/store_updates", "deployment/claim_task"),
    *("deployment/heartbeat", "deployment/id"),
    *("deployment/probe_write", "deployment/store_cursor", "idempotency/add_counts"),
    *("idempotency/bind_plan", "idempotency/call_once", "incidents/save_maintenance"),
    *("planner/spend_tokens", "secrets/save"),
)
RULES: Final[dict[str, Rule]] = {
    **dict.fromkeys(_HOME, _home),
    **dict.fromkeys(("specs/save", "specs/delete", "specs/set_enabled"), _of_argument("job", "job")),
    **dict.fromkeys(("monitors/issue_token", "outbox/put", "incidents/open"), _of_argument("job", "job")),
    **dict.fromkeys(("outbox/resend", "outbox/close"), _of_argument("message", "outbox")),
    "outbox/provider_report": _report,
    "incidents/act": _of_argument("incident", "incident"),
    **dict.fromkeys(("runs/recent", "calendars/refire", "monitors/read"), _of_rows("job", "job")),
    "monitors/mark": _of_rows("job", "job", is_count=True),
    "queue/cancel": _of_rows("run", "run"),
    "dead_letters/redrive": _of_rows("run", "run"),
    "dead_letters/discard": _of_rows("run", "run"),
    "incidents/schedule": _of_rows("incident", "incident", is_count=True),
    "incidents/settle": _of_rows("incident", "incident", is_count=True),
    "incidents/close": _first,
    "accounts/delete": _delete_account,
    "calendars/save": _copies,
    "calendars/delete": _delete_calendar,
    "queue/pause": _pause,
    "queue/resume": _resume,
    "monitors/ping": _ping,
    "specs/match": _match,
    "statistics/work_facts": _work_facts,
    "statistics/monitor_facts": _monitor_facts,
    "dead_letters/groups": _dead_groups,
    "dead_letters/regroup": _regroup,
    "deployment/find_events": _find_events,
    "secrets/register_key": _copies,
    "secrets/begin_rotation": _copies,
    "secrets/end_rotation": _copies,
    "secrets/replace_key": _copies,
    "secrets/reseal": _reseal,
    "runs/export": _of_rows("run", "run"),
    "restore/lock": _lock,
    "restore/marks": _marks,
    **dict.fromkeys(map("restore/{}".format, (*OWNERS, "set_next_fire")), _restore),
}
