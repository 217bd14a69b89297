"""Monitors: one for each channel, account and address that a clause names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.planner.building.context import Built, Context, Making
from app.planner.building.notify import notify_of
from app.planner.building.targets import Group, groups_of
from app.planner.building.when import schedules
from app.planner.clauses.clause import Clause
from app.planner.clauses.intents import is_conditional
from app.planner.clauses.item import Item
from app.planner.says import Say
from app.planner.times.pieces import Now
from app.planner.times.schedules import Habits

CHANNEL_HABITS: Final = Habits(30, 7 * 60)
URL_HABITS: Final = Habits(60, 7 * 60)
_LOOKS: Final = frozenset("cek cekin periksa check test tes uji ping verify probe inspect chek".split())
DEFAULT_CHANNEL: Final = "telegram"
DEFAULT_ACCOUNT: Final = "default"


@dataclass(slots=True)
class _Scopes:
    """The items of a clause by what they are said of: the monitor, or its notification."""

    main: list[Item] = field(default_factory=list[Item])
    notify: list[Item] = field(default_factory=list[Item])
    asked: bool = False


def watch_jobs(clause: Clause, context: Context) -> Built:
    """Return the monitors of a clause."""
    scopes = _scopes(clause)
    groups = groups_of([item for item in scopes.main if item.kind in {"channel", "foreign", "name", "url", "time", "sep"}])
    built = Built()
    if not groups or all(not (group.channels or group.names or group.urls) for group in groups):
        beyond = [item for item in clause.items if item.kind in {"word", "beyond", "order"} or item.has("site")]
        if beyond:
            key = "needs_url" if all(item.has("site") for item in beyond) else "unsupported"
            built.warnings.append(Say(key, context.words(_spoken(clause))))
            return built
        groups = [Group(times=[item for item in scopes.main if item.kind in {"time", "sep"}])]
    extras = _extras(clause, scopes, context)
    for group in groups:
        _build_group(group, clause, extras, context, built)
    return built


def _spoken(clause: Clause) -> list[Item]:
    return [item for item in clause.items if item.kind not in {"sep", "filler"}]


def _scopes(clause: Clause) -> _Scopes:
    scopes = _Scopes()
    scope = "main"
    known = False
    conditional = is_conditional(clause.items)
    items = clause.items
    for at, item in enumerate(items):
        scope = _scope_at(items, at, scope, scopes, conditional=conditional)
        if item.kind in {"cond", "otherwise"}:
            known = _has_targets(scopes)
        if scope == "condition" and known and _is_place(items, at):
            scope = "notify"
        if item.kind in {"url", "time"} or scope == "main":
            scopes.main.append(item)
        elif scope == "notify":
            scopes.notify.append(item)
            scopes.asked = True
        elif item.kind in {"channel", "name", "foreign"} and not known:
            scopes.main.append(item)
    return scopes


def _is_place(items: Sequence[Item], at: int) -> bool:
    """True for the address of "kalau mati, wa 6281…", not for the account of "kalau akun a mati"."""
    if items[at].kind not in {"channel", "name"}:
        return False
    near = items[at : at + 3]
    return not any(item.kind == "account" or (item.name is not None and item.name.mark == "account") for item in near)


def _has_targets(scopes: _Scopes) -> bool:
    return any(item.kind in {"channel", "name", "url", "foreign"} for item in scopes.main)


def _scope_at(items: Sequence[Item], at: int, scope: str, scopes: _Scopes, *, conditional: bool) -> str:
    item = items[at]
    if item.kind == "sep":
        return "main" if scope != "main" and _returns(items[at + 1 :]) else scope
    if item.kind in {"cond", "otherwise"}:
        return "condition"
    if item.kind in {"notify", "send"} or (item.kind == "report" and item.has("notify")):
        return "notify"
    if item.kind in {"message", "watch"} and conditional and scope == "condition":
        return "notify" if item.kind == "message" or item.has("ping") else scope
    if item.kind == "message" and conditional:
        return "notify"
    if item.kind == "toward" and scope == "main" and _has_targets(scopes) and _place_follows(items, at):
        return "notify"
    return scope


def _place_follows(items: Sequence[Item], at: int) -> bool:
    return any(item.kind in {"channel", "name", "foreign"} for item in items[at + 1 : at + 4])


def _returns(following: Sequence[Item]) -> bool:
    """True where the chunk after a notification speaks of a monitor again."""
    chunk: list[Item] = []
    for item in following:
        if item.kind == "sep" and chunk:
            break
        if item.kind != "sep":
            chunk.append(item)
    account = any(item.name is not None and item.name.mark == "account" for item in chunk)
    return account or any(item.kind in {"url", "time", "watch"} for item in chunk) and not any(item.kind in {"notify", "send"} for item in chunk)


@dataclass(slots=True)
class _Extras:
    """What holds for every monitor of a clause."""

    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    items: list[Item] = field(default_factory=list[Item])
    page: dict[str, Any] = field(default_factory=dict[str, Any])
    assumptions: list[Say] = field(default_factory=list[Say])
    warnings: list[Say] = field(default_factory=list[Say])


def _extras(clause: Clause, scopes: _Scopes, context: Context) -> _Extras:
    extras = _Extras()
    place, places = notify_of(scopes.notify, context)
    extras.items = [item for item in scopes.notify if item.kind in {"channel", "name", "foreign", "chat", "quote"}]
    if place is not None and not clause.quiet:
        extras.inputs["notify"] = place
    elif scopes.asked and not clause.quiet and not places.warnings:
        extras.warnings.append(Say("notify_nowhere"))
    extras.assumptions.extend(places.assumptions)
    extras.warnings.extend(places.warnings)
    for item in clause.items:
        if item.kind == "expect":
            extras.page.setdefault("expect_status", item.number)
        elif item.kind == "contains":
            extras.page.setdefault("contains", item.text)
        elif item.kind == "quote" and item in scopes.notify:
            extras.warnings.append(Say("alarm_text", item.text))
    if clause.implied:
        extras.assumptions.append(Say("implied_watch"))
    return extras


def _build_group(group: Group, clause: Clause, extras: _Extras, context: Context, built: Built) -> None:
    for item in group.channels:
        if item.kind == "foreign":
            extras.items.append(item)
            built.warnings.append(Say("foreign", context.words([item])))
    targets = [_of_url(item, context) for item in group.urls] or _of_channels(group, context)
    for target in targets:
        making = replace(target, items=[*_shared(clause, group), *extras.items, *target.items])
        making.inputs.update(extras.inputs)
        if making.type == "monitor.http":
            making.inputs.update(extras.page)
        making.assumptions = [*making.assumptions, *extras.assumptions]
        making.warnings = list(extras.warnings)
        making.doubts += clause.implied
        if group.lent:
            making.assumptions.append(Say("lent_schedule", context.words(target.items)))
        habits = URL_HABITS if making.type == "monitor.http" else CHANNEL_HABITS
        if _at_once(group, clause, context):
            habits = replace(habits, interval_sec=None, by_hand=True)
        found = schedules(making, _time_items(group, clause), habits, context)
        built.jobs.extend(found.jobs)
        built.warnings.extend(say for say in found.warnings if say not in built.warnings)


def _at_once(group: Group, clause: Clause, context: Context) -> bool:
    """True for "cek … sekarang": one look, and no monitor that goes on."""
    verbs = {context.lex[item.first].text for item in clause.items if item.kind == "watch"}
    times = [item for item in group.times if item.kind == "time"]
    return bool(times) and all(isinstance(item.value, Now) for item in times) and bool(verbs & _LOOKS)


def _time_items(group: Group, clause: Clause) -> list[Item]:
    """Return the times of a group in place among the words of change around them."""
    marks = [item for item in clause.items if item.kind in {"change", "into", "toward"}]
    return sorted([*group.times, *marks], key=lambda item: item.first) if any(item.kind == "change" for item in marks) else group.times


def _shared(clause: Clause, group: Group) -> list[Item]:
    """Return the items that every monitor of a clause rests on."""
    shared = {"watch", "account", "notify", "cond", "down", "expect", "contains", "send", "toward"}
    return [item for item in clause.items if item.kind in shared] + [item for item in group.times if item.kind == "time"]


def _of_url(item: Item, context: Context) -> Making:
    url = item.text
    making = Making("monitor.http", {"url": url}, [item])
    if "://" not in url:
        making.inputs["url"] = f"https://{url}"
        making.assumptions.append(Say("https", url))
    return making


def _of_channels(group: Group, context: Context) -> list[Making]:
    makings: list[Making] = []
    channels: list[Item | None] = [item for item in group.channels if item.kind == "channel"]
    if not channels and not group.channels:
        channels = [None]
    for channel in channels:
        for name in group.names or [None]:
            makings.append(_of_channel(channel, name, context))
    return makings


def _of_channel(channel: Item | None, name: Item | None, context: Context) -> Making:
    making = Making("monitor.channel", {}, [item for item in (channel, name) if item is not None])
    if channel is not None:
        making.inputs["channel"] = channel.text
    else:
        making.inputs["channel"] = context.request.default_channel or DEFAULT_CHANNEL
        making.assumptions.append(Say("channel", making.inputs["channel"]))
    if name is not None and name.name is not None:
        making.inputs["account_id"] = name.name.text.lstrip("@") or name.name.text
    else:
        making.inputs["account_id"] = context.request.default_account_id or DEFAULT_ACCOUNT
        making.assumptions.append(Say("account", making.inputs["account_id"]))
    return making
