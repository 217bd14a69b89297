"""Monitor targets: pairs channels, accounts and addresses as the sentence does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile, pairwise, takewhile
from typing import Final

from app.planner.language.clauses.clause import TARGETS, Clause, Item, any_of
from app.planner.language.clauses.intents import is_conditional, pings_person
from app.planner.language.times.expressions import Interval

_SLOTS: Final = {"channel": "channels", "foreign": "channels", "name": "names", "url": "urls"}


@dataclass(slots=True)
class TargetGroup:
    """Targets that belong together, and their times."""

    channels: list[Item] = field(default_factory=list[Item])
    names: list[Item] = field(default_factory=list[Item])
    urls: list[Item] = field(default_factory=list[Item])
    times: list[Item] = field(default_factory=list[Item])
    lent: bool = False


def groups_of(items: Sequence[Item]) -> list[TargetGroup]:
    """Return the groups of the main part of a clause, each with its own times if it has any."""
    parts = _stretches(items)
    groups = _joined([replace(each, times=times) for targets, times in parts for each in _paired(targets)])
    _share(groups)
    return groups


def _stretches(items: Sequence[Item]) -> list[tuple[list[Item], list[Item]]]:
    """Return the targets before and after times, and these.

    Times precede their targets if the clause starts with a time, else they follow them.
    """
    runs = _runs(items)
    targets = [pos for pos, (is_time, _) in enumerate(runs) if not is_time]
    if not targets:
        return [([], [item for _, run in runs for item in run])]
    leading = runs[0][0] and not runs[-1][0] and len(targets) > 1
    stretches: list[tuple[list[Item], list[Item]]] = []
    for pos in targets:
        before = runs[pos - 1][1] if leading or pos == 1 else []
        after = runs[pos + 1][1] if not leading and pos + 1 < len(runs) else []
        stretches.append((runs[pos][1], [*before, *after]))
    for (names, times), (others, _) in pairwise([] if leading else stretches):
        # "bot_a tiap menit di telegram dan bot_b tiap jam di slack"
        kinds, parted = [item.kind for item in others], any_of(times, "sep")
        held = {item.kind for item in names} - {"sep"}
        if times and not parted and kinds[:2] == ["channel", "sep"] and "name" in kinds and held == {"name"}:
            names.append(others[0])
            del others[:2]
    return stretches


def _runs(items: Sequence[Item]) -> list[tuple[bool, list[Item]]]:
    """Return the items as runs of times and runs of targets; a separator stays with the item before it."""
    runs: list[tuple[bool, list[Item]]] = []
    for item in items:
        is_time = item.kind == "time"
        if runs and (item.kind == "sep" or runs[-1][0] == is_time):
            runs[-1][1].append(item)
        elif item.kind != "sep":
            runs.append((is_time, [item]))
    return runs


def _paired(targets: Sequence[Item]) -> list[TargetGroup]:
    """Pair channels and accounts: `C C A`, `C A A`, `A A C`, `C A C A`, `A C A C`."""
    groups: list[TargetGroup] = []
    slots = [(item, _SLOTS[item.kind]) for item in targets if item.kind in _SLOTS]
    leads = next((slot for _item, slot in slots if slot != "urls"), "")
    for item, slot in slots:
        last = groups[-1] if groups else TargetGroup(urls=[item])
        full = slot == leads and (last.names if slot == "channels" else last.channels)
        if last.urls or slot == "urls" or full:
            groups.append(TargetGroup())
        getattr(groups[-1], slot).append(item)
    return groups


def _joined(groups: Sequence[TargetGroup]) -> list[TargetGroup]:
    """Join "akun telegram tiap menit: bot_a dan bot_b", and "bot_a tiap menit di telegram"."""
    joined: list[TargetGroup] = []
    for group in groups:
        before = joined[-1] if joined else TargetGroup()
        alone = not (group.urls or group.times)
        parted = any(item.kind == "sep" for item in before.times)
        ends = before.names and not (before.channels or before.urls or parted)
        if alone and group.names and not group.channels and before.channels and not before.names:
            before.names = group.names
        elif alone and group.channels and not group.names and ends:
            before.channels = group.channels
        else:
            joined.append(group)
    return joined


def _share(groups: Sequence[TargetGroup]) -> None:
    """Copy the times of a clause to its targets that have none, and a channel to later names."""
    for after, group in pairwise(reversed(groups)):
        group.times = group.times or after.times
    for before, group in pairwise(groups):
        if group.names and not (group.channels or group.urls or before.urls):
            group.channels = list(before.channels)
        if not group.times and before.times:
            group.times, group.lent = before.times, True


# Scopes: which items of a monitor's clause describe the monitor, and which its notification.

_LIMITS: Final = frozenset({"lasts", "fails", "slow"})
"""Items that are a condition without its "kalau": "gagal 3 kali kabari …"."""
_STATES: Final = frozenset({"down", "up"})
_ADDRESSES: Final = frozenset({"phone", "number", "hash", "handle", "email"})
_NEAR: Final = 3
"""A place must follow its preposition within this many items."""


@dataclass(slots=True)
class Scopes:
    """The items of a clause by scope; only a clause that asks for a notification has some of that."""

    main: list[Item] = field(default_factory=list[Item])
    notify: list[Item] = field(default_factory=list[Item])
    alarms: list[Item] = field(default_factory=list[Item])
    """Intervals of the notification: "kalau mati kabari tiap 5 menit". An alarm is sent once."""


def scopes_of(clause: Clause) -> Scopes:
    """Return the items of a clause by scope; times and addresses of pages are always the monitor's."""
    items, conditional = clause.items, is_conditional(clause.items)
    scopes, scope, known = Scopes(), "main", False
    for pos, item in enumerate(items):
        named = known if scope == "condition" else any_of(scopes.main, *TARGETS)
        limits = item.kind in _LIMITS and scope != "notify"
        if item.kind == "sep":
            scope = "main" if _returns(items[pos + 1 :]) else scope
        elif limits or item.kind in {"cond", "otherwise"} or (item.kind in _STATES and scope == "condition"):
            # Once the target is named, another place in the condition is the notification's.
            scope, known = "condition", any_of(scopes.main, *TARGETS)
        elif _notifies(items, pos, scope, conditional=conditional, named=named):
            scope = "notify"
        again = any(isinstance(each.value, Interval) for each in scopes.main)
        if scope == "notify" and isinstance(item.value, Interval) and again:
            scopes.alarms.append(item)
        elif item.kind in {"url", "time"} or scope == "main":
            scopes.main.append(item)
        elif scope == "notify":
            scopes.notify.append(item)
        elif item.kind in TARGETS and not known:
            scopes.main.append(item)
    return scopes


def _notifies(items: Sequence[Item], pos: int, scope: str, *, conditional: bool, named: bool) -> bool:
    item = items[pos]
    match item.kind:
        case "notify" | "send":
            return True
        case "report" | "message":
            return item.has("notify") or (item.kind == "message" and conditional)
        case "watch":
            aside = scope == "condition" or (conditional and named)
            # "and ping me on slack if it dies", "ping me on slack when …"
            place = (conditional or named) and pings_person(items, pos)
            return item.has("ping") and (aside or place)
        case "toward":
            follows = any_of(items[pos + 1 : pos + 1 + _NEAR], "channel", "name", "foreign")
            return scope == "main" and named and follows
        case "channel" | "name":
            # The address of "kalau mati, wa 6281…", not the account of "kalau akun a mati".
            near = items[pos : pos + _NEAR]
            marked = any_of(near, "account") or any(each.is_account for each in near)
            alarm = scope == "condition" or (scope == "main" and _is_alarm(items, pos))
            return alarm and named and not marked
        case _:
            return False


def _is_alarm(items: Sequence[Item], pos: int) -> bool:
    """True for the "wa 0812…" of "cek https://…, wa 0812… kalau mati", which has no verb."""
    said = [item for item in items[pos + 1 : pos + 2 + _NEAR] if item.kind != "filler"]
    name = said[0].name if said else None
    address = name is not None and not name.mark and name.shape in _ADDRESSES
    led = items[pos].kind == "channel" and any_of(said[1:2], "cond", *_LIMITS)
    return address and led and not any_of(items, "notify", "send", "message")


def _returns(following: Sequence[Item]) -> bool:
    """True if the chunk after a notification is about a monitor again."""
    behind = dropwhile(lambda item: item.kind == "sep", following)
    chunk = [*takewhile(lambda item: item.kind != "sep", behind)]
    again = any_of(chunk, "url", "time", "watch") and not any_of(chunk, "notify", "send")
    return again or any(item.is_account for item in chunk)
