"""Monitor targets: pairs channels, accounts and addresses as the sentence does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from typing import Final

from app.planner.language.clauses.clause import TARGETS, Clause, Item, any_of
from app.planner.language.clauses.intents import is_conditional, pings_person
from app.planner.language.times.expressions import Interval


@dataclass(slots=True)
class TargetGroup:
    """Targets that belong together, and their times."""

    channels: list[Item] = field(default_factory=list[Item])
    names: list[Item] = field(default_factory=list[Item])
    urls: list[Item] = field(default_factory=list[Item])
    times: list[Item] = field(default_factory=list[Item])
    lent: bool = False

    def has_target(self) -> bool:
        """True if it has a target."""
        return bool(self.channels or self.names or self.urls)


@dataclass(slots=True)
class _Stretch:
    """Consecutive targets, and their times."""

    targets: list[Item]
    times: list[Item]


def groups_of(items: Sequence[Item]) -> list[TargetGroup]:
    """Return the groups of the main part of a clause, each with its own times if it has any."""
    stretches = _stretches(items)
    if items and (items[0].kind != "time" or items[-1].kind == "time"):
        for before, stretch in pairwise(stretches):
            _take_channel(before, stretch)
    groups: list[TargetGroup] = []
    for stretch in stretches:
        groups += [replace(group, times=stretch.times) for group in _paired(stretch.targets)]
    groups = _joined(groups)
    _share_channels(groups)
    _share_times(groups)
    return groups


def _take_channel(before: _Stretch, stretch: _Stretch) -> None:
    """Move the telegram of "bot_a tiap menit di telegram dan bot_b tiap jam di slack" to its name."""
    kinds = [item.kind for item in stretch.targets]
    parted = any(item.kind == "sep" for item in before.times)
    if parted or not before.times or kinds[:2] != ["channel", "sep"] or "name" not in kinds[2:]:
        return
    held = {item.kind for item in before.targets}
    if "name" in held and held <= {"name", "sep"}:
        before.targets.append(stretch.targets[0])
        stretch.targets = stretch.targets[2:]


def _stretches(items: Sequence[Item]) -> list[_Stretch]:
    """Split at times. Times precede their targets if the clause starts with a time, else they follow them."""
    runs = _runs(items)
    targets = [pos for pos, (is_time, _) in enumerate(runs) if not is_time]
    if not targets:
        return [_Stretch([], [item for _, run in runs for item in run])]
    leading = runs[0][0] and not runs[-1][0] and len(targets) > 1
    stretches: list[_Stretch] = []
    for pos in targets:
        led = leading or (pos == 1 and runs[0][0] and len(targets) == 1)
        before = runs[pos - 1][1] if led else []
        after = runs[pos + 1][1] if not leading and pos + 1 < len(runs) else []
        stretches.append(_Stretch(runs[pos][1], [*before, *after]))
    if not leading and runs[0][0] and len(targets) > 1:
        stretches[0].times[:0] = runs[0][1]
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
    order = [item.kind for item in targets if item.kind in {"channel", "foreign", "name"}]
    channel_first = not order or order[0] != "name"
    for item in targets:
        if item.kind == "url":
            groups.append(TargetGroup(urls=[item]))
        elif item.kind in {"channel", "foreign"}:
            _into(groups, begins=channel_first).channels.append(item)
        elif item.kind == "name":
            _into(groups, begins=not channel_first, name=True).names.append(item)
    return groups


def _into(groups: list[TargetGroup], *, begins: bool, name: bool = False) -> TargetGroup:
    """Return the group for the next item: a new one if the item may start a pair and the last is full."""
    last = groups[-1] if groups else None
    full = last is not None and bool(last.channels if name else last.names)
    if last is None or last.urls or (begins and full):
        groups.append(TargetGroup())
    return groups[-1]


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


def _share_channels(groups: Sequence[TargetGroup]) -> None:
    """Copy the channel to later names: the "b" of "telegram akun a tiap menit dan b"."""
    for before, group in pairwise(groups):
        if group.names and not group.channels and not group.urls and not before.urls:
            group.channels = list(before.channels)


def _share_times(groups: Sequence[TargetGroup]) -> None:
    """Copy the times of a clause to those of its targets that have none."""
    for after, group in pairwise(reversed(groups)):
        if not group.times and after.times:
            group.times = after.times
    for before, group in pairwise(groups):
        if not group.times and before.times:
            group.times, group.lent = before.times, True


# Scopes: which items of a monitor's clause describe the monitor, and which its notification.

_LIMITS: Final = frozenset({"lasts", "fails", "slow"})
"""Items that are a condition without its "kalau": "gagal 3 kali kabari …"."""
_NEAR: Final = 3
"""A place must follow its preposition within this many items."""


@dataclass(slots=True)
class Scopes:
    """The items of a clause by scope; `asked` if a notification is asked for."""

    main: list[Item] = field(default_factory=list[Item])
    notify: list[Item] = field(default_factory=list[Item])
    asked: bool = False
    alarms: list[Item] = field(default_factory=list[Item])
    """Intervals of the notification: "kalau mati kabari tiap 5 menit". An alarm is sent once."""


@dataclass(slots=True)
class _Walk:
    """The state of the reader in a clause: `scope` is `main`, `condition` or `notify`.

    `known` is true in a condition once the monitor's target is named: another place is the notification's.
    """

    items: Sequence[Item]
    conditional: bool
    scopes: Scopes = field(default_factory=Scopes)
    scope: str = "main"
    known: bool = False


def scopes_of(clause: Clause) -> Scopes:
    """Return the items of a clause by scope; times and addresses of pages are always the monitor's."""
    walk = _Walk(clause.items, is_conditional(clause.items))
    for pos, item in enumerate(clause.items):
        _step(walk, pos)
        again = any(isinstance(each.value, Interval) for each in walk.scopes.main)
        if walk.scope == "notify" and isinstance(item.value, Interval) and again:
            walk.scopes.alarms.append(item)
        elif item.kind in {"url", "time"} or walk.scope == "main":
            walk.scopes.main.append(item)
        elif walk.scope == "notify":
            walk.scopes.notify.append(item)
            walk.scopes.asked = True
        elif item.kind in TARGETS and not walk.known:
            walk.scopes.main.append(item)
    return walk.scopes


def parts_of(clause: Clause) -> list[Clause]:
    """Return the parts of a clause that each name a target and a recipient: "a kabari @x, b kabari @y"."""
    items, starts, told = clause.items, [0], False
    for pos, item in enumerate(items):
        if item.kind == "sep" and told and any_of(items[pos:], "notify"):
            head = [*takewhile(lambda each: each.kind not in {"notify", "toward"}, _chunk(items, pos))]
            if any_of(head, *TARGETS) and any_of(head, "time"):
                starts.append(pos + 1)
                told = False
        told = told or item.kind == "notify"
    parts = [items[start:end] for start, end in pairwise([*starts, len(items)])]
    channels = [item for item in scopes_of(replace(clause, items=parts[0])).main if item.kind == "channel"]
    for part in parts[1:]:
        if not any_of(scopes_of(replace(clause, items=part)).main, "channel", "url"):
            part[:0] = channels
    return [replace(clause, items=part) for part in parts]


def _chunk(items: Sequence[Item], pos: int) -> Sequence[Item]:
    """Return the items from the separators at an index to the next one."""
    start = next((at for at in range(pos, len(items)) if items[at].kind != "sep"), len(items))
    end = next((at for at in range(start, len(items)) if items[at].kind == "sep"), len(items))
    return items[start:end]


def _step(walk: _Walk, pos: int) -> None:
    item = walk.items[pos]
    if item.kind == "sep":
        walk.scope = "main" if _returns(walk.items[pos + 1 :]) else walk.scope
    elif item.kind in {"cond", "otherwise"} or (item.kind in _LIMITS and walk.scope == "main"):
        walk.scope = "condition"
        walk.known = any_of(walk.scopes.main, *TARGETS)
    elif item.kind in {"down", "up", *_LIMITS} and walk.scope == "condition":
        walk.known = any_of(walk.scopes.main, *TARGETS)
    elif _notifies(walk, pos) or (walk.scope == "condition" and walk.known and _is_place(walk.items, pos)):
        walk.scope = "notify"


def _notifies(walk: _Walk, pos: int) -> bool:
    item = walk.items[pos]
    match item.kind:
        case "notify" | "send":
            return True
        case "report" | "message":
            return item.has("notify") or (item.kind == "message" and walk.conditional)
        case "watch":
            named = any_of(walk.scopes.main, *TARGETS)
            aside = walk.scope == "condition" or (walk.conditional and named)
            # "and ping me on slack if it dies", "ping me on slack when …"
            place = (walk.conditional or named) and pings_person(walk.items, pos)
            return item.has("ping") and (aside or place)
        case "toward":
            named = any_of(walk.scopes.main, *TARGETS)
            follows = any_of(walk.items[pos + 1 : pos + 1 + _NEAR], "channel", "name", "foreign")
            return walk.scope == "main" and named and follows
        case "channel":
            return walk.scope == "main" and _is_chat_of_condition(walk, pos)
        case _:
            return False


def _is_chat_of_condition(walk: _Walk, pos: int) -> bool:
    """True for the chat of "ntfy slack channel ops if it fails", whose verb is not known."""
    names = [item.name for item in walk.items[pos + 1 : pos + _NEAR] if item.name is not None]
    spoken = any_of(walk.items, "notify", "send", "message")
    chat = bool(names) and names[0].mark == "chat"
    return walk.conditional and chat and not spoken and any_of(walk.scopes.main, *TARGETS)


def _is_place(items: Sequence[Item], pos: int) -> bool:
    """True for the address of "kalau mati, wa 6281…", not for the account of "kalau akun a mati"."""
    near = items[pos : pos + _NEAR]
    marked = any_of(near, "account") or any(item.is_account for item in near)
    return items[pos].kind in {"channel", "name"} and not marked


def _returns(following: Sequence[Item]) -> bool:
    """True if the chunk after a notification is about a monitor again."""
    chunk = _chunk(following, 0)
    if any(item.is_account for item in chunk):
        return True
    return any_of(chunk, "url", "time", "watch") and not any_of(chunk, "notify", "send")
