"""Builds monitors: one for each channel, account and address of a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.core.i18n import _
from app.planner.language.clauses.clause import (
    BY_PLACE,
    CONDITIONS,
    TARGETS,
    Clause,
    Item,
    any_of,
    kinds,
)
from app.planner.language.clauses.intents import is_conditional
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked, refused
from app.planner.language.jobs.notify import is_denied, notify_of
from app.planner.language.jobs.offers import offer, price_of_page, unread_topic
from app.planner.language.jobs.schedules import schedules
from app.planner.language.jobs.targets import Scopes, TargetGroup, groups_of, parts_of, scopes_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times.expressions import Now
from app.planner.language.times.schedule_builder import TypeDefaults
from app.planner.messages import FOREIGN, LENT_SCHEDULE, UNSUPPORTED, UNUSED, Notes

CHANNEL_DEFAULTS: Final = TypeDefaults(30, 7 * 60)
URL_DEFAULTS: Final = TypeDefaults(60, 7 * 60)
_GROUPED: Final = TARGETS | {"time", "sep"}
_SHARED: Final = senses("watch account site up notify cond down expect contains send toward")
"""Items that every monitor of a clause rests on."""
_PLACES: Final = kinds("channel name foreign chat quote")
_OPENS: Final = senses("cond otherwise sep notify send watch")
_LOOKS: Final = words_of(Sense.LOOKS)
"""Verbs of a single check; they ask for a monitor only with a target."""
DEFAULT_CHANNEL: Final = "telegram"
DEFAULT_ACCOUNT: Final = "default"


def watch_jobs(clause: Clause, context: BuildContext) -> BuildResult:
    """Return the monitors of a clause."""
    built = BuildResult()
    for part in parts_of(clause):
        built.take(_monitors(part, context))
    return built


def _monitors(clause: Clause, context: BuildContext) -> BuildResult:
    started = _started(clause)
    if started:
        starts_none = _('A monitor starts no other job: "{words}" is not planned.')
        return refused(starts_none.fill(words=context.words(started)), context.span(started))
    scopes = scopes_of(clause)
    groups = groups_of([item for item in scopes.main if item.kind in _GROUPED])
    named = any(group.names or group.urls for group in groups)
    # "cek rating gojek" has no target but a channel that is not supported.
    foreign = not named and all(item.kind == "foreign" for group in groups for item in group.channels)
    instead = price_of_page(clause, context) or (unread_topic(clause.items, context) if foreign else None)
    if instead is None and not any(group.has_target() for group in groups):
        instead = _unsupported(clause, context)
        groups = [TargetGroup(times=[item for item in scopes.main if item.kind in {"time", "sep"}])]
    if instead is not None:
        return instead
    built, extras = BuildResult(), _extras(clause, scopes, context)
    if extras.is_open:
        return BuildResult(notes=extras.notes)
    for group in groups:
        _build_group(group, clause, extras, context, built)
    return built


def _started(clause: Clause) -> list[Item]:
    """Return the "laporan" of "kalau https://… mati buat laporan", which no monitor starts."""
    condition = next((pos for pos, item in enumerate(clause.items) if item.kind == "cond"), None)
    if condition is None or not is_conditional(clause.items):
        return []
    wishes = [item for item in clause.items[condition:] if item.kind in {"report", "backup"}]
    return [item for item in wishes if not item.has("notify")]


def _unsupported(clause: Clause, context: BuildContext) -> BuildResult | None:
    """Return a refusal or a question if the target is neither a channel nor an address."""
    objects = [item for item in clause.items if item.kind in {"word", "beyond", "order"} or item.has("site")]
    verbs = [item for item in clause.items if item.kind == "watch"]
    if objects and objects[-1].has("site"):
        return asked(_("Which site? Give its address (https://…)."), context.span(objects))
    if objects:
        said = [item for item in clause.items if item.kind not in {"sep", "filler"}]
        unsupported = UNSUPPORTED.fill(words=context.words(said))
        return offer(clause.items, context) or refused(unsupported, context.span(clause.items))
    if clause.has("result") and not clause.has_time():
        return BuildResult()  # "mau lihat hasilnya"
    # "cek" alone asks for no monitor.
    if clause.has("account") or any(_LOOKS.isdisjoint(word.split()) for word in _texts(verbs, context)):
        return None
    return asked(_("Check what? Name a channel, an account or an address."), context.after(verbs))


def _texts(items: Sequence[Item], context: BuildContext) -> set[str]:
    return {context.lex[item.first].text for item in items}


@dataclass(slots=True)
class _Extras(Notes):
    """Settings shared by every monitor of a clause; those of `page` only by monitors of addresses."""

    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    items: list[Item] = field(default_factory=list[Item])
    page: dict[str, Any] = field(default_factory=dict[str, Any])
    is_open: bool = False
    """True if no monitor can be planned: its recipient has no address, or nothing raises its alarm."""


def _extras(clause: Clause, scopes: Scopes, context: BuildContext) -> _Extras:
    extras = _Extras()
    denied = {item for pos, item in enumerate(clause.items) if is_denied(clause.items, pos)}
    place, places = notify_of([item for item in scopes.notify if item not in denied], context)
    extras.items = [item for item in scopes.notify if item.kind in _PLACES]
    extras.is_open = places.is_open and not clause.quiet
    if place is not None and not clause.quiet:
        extras.inputs["notify"] = place
    elif scopes.asked and not clause.quiet and not places.warnings:
        extras.assume(_("No channel was said for alarms: DEFAULT_NOTIFY is used."), field="to")
    extras.take_notes(places.notes)
    for item in scopes.alarms:
        once = _('An alarm is sent once: "{words}" is left out.', words=context.words([item]))
        extras.unread(once, context.span([item]))
        extras.items.append(item)
    for item in clause.items:
        if item.kind == "quote" and item in scopes.notify:
            no_text = _('An alarm\'s text cannot be set: "{text}" is left out.', text=item.text)
            extras.unread(no_text, context.span([item]))
        else:
            _add_item(extras, item, clause, context)
    if clause.implied:
        field = "" if is_conditional(clause.items) else "job"
        extras.assume(_("No verb was said: it is read as a monitor."), field=field)
    return extras


_FIRST_ERROR: Final = 400
_MOST_BETWEEN: Final = 6
_SLOW_MS: Final = 2_000
_CONDITIONS: Final = CONDITIONS | {"within"}
_OF_PAGE: Final = {"expect": "expect_status", "contains": "contains"}
_OF_ALARM: Final = {"lasts": "after_sec", "fails": "fail_after"}


def _add_item(extras: _Extras, item: Item, clause: Clause, context: BuildContext) -> None:
    """Add what an item says of the page, or of when and how the alarm is raised."""
    if item.kind in _OF_PAGE and _raises(item, clause, context):
        _add_alarm_sign(extras, item, context)
    elif item.kind in _OF_PAGE:
        extras.page.setdefault(_OF_PAGE[item.kind], item.text or item.number)
    elif item.kind in _OF_ALARM and item.number is not None:
        extras.inputs.setdefault(_OF_ALARM[item.kind], item.number)
    elif item.kind == "slow":
        if item.number is None:
            extras.assume(_("Slow is read as over {seconds} seconds.", seconds=_SLOW_MS // 1000))
        extras.page |= {"latency_ms": item.number or _SLOW_MS, "alarm_on": "degraded"}
    elif item.kind == "cert" and item.number is not None:
        extras.page |= {"cert_days": item.number, "alarm_on": "degraded"}
    elif item.kind in _CONDITIONS:
        extras.unread(UNUSED.fill(words=context.words([item])), context.span([item]))
    if item.kind in _CONDITIONS:
        extras.items.append(item)


def _add_alarm_sign(extras: _Extras, item: Item, context: BuildContext) -> None:
    """Leave out an error's status, since any from 400 raises the alarm; no other status or text can."""
    if item.kind == "expect" and (item.number or 0) >= _FIRST_ERROR:
        extras.assume(_("Any status from 400 raises the alarm, {status} too.", status=item.number))
        return
    extras.is_open = True
    has_it = _('An alarm is for what a page lacks, not for what it has: "{words}" is not planned.')
    extras.refuse(has_it.fill(words=context.words([item])), context.span([item]))


def _raises(item: Item, clause: Clause, context: BuildContext) -> bool:
    """True for the status of "kalau balas 500 kabari …", which raises the alarm, not "kalau bukan 200"."""
    pos = clause.items.index(item)
    near = clause.items[max(0, pos - _MOST_BETWEEN) : pos]
    led = next((place for place in range(len(near) - 1, -1, -1) if near[place].kind in _OPENS), None)
    if led is None or near[led].kind != "cond":
        return False
    said = context.lex[near[led].first : item.last + 2]
    denied = any(each.has("no") or each.has(Sense.DENIES) for each in said)
    return not denied and not any_of(near[led:], "neg", "otherwise")


def _build_group(
    group: TargetGroup, clause: Clause, extras: _Extras, context: BuildContext, built: BuildResult
) -> None:
    for item in (item for item in group.channels if item.kind == "foreign"):
        extras.items.append(item)
        said = context.words([item])
        no_page = _("{address} is no http or https address: that part is not planned.", address=said)
        built.refuse(no_page if "://" in said else FOREIGN.fill(channel=said), context.span([item]))
    measured = [item for item in clause.items if item.kind in {"slow", "cert"}]
    if measured and not group.urls:
        no_page = _('Only pages are measured: "{words}" is not planned.', words=context.words(measured))
        built.refuse(no_page, context.span(measured))
        return
    times = group.times
    if clause.has("change"):  # its words say which of the times is the new one
        marks = [item for item in clause.items if item.kind in {"change", "into", "toward"}]
        times = sorted([*times, *marks], key=BY_PLACE)
    said_times = [item for item in group.times if item.kind == "time"]
    now = bool(said_times) and all(isinstance(item.value, Now) for item in said_times)
    # "cek … sekarang" is one check, not a permanent monitor.
    by_hand = now and bool(_texts([item for item in clause.items if item.kind == "watch"], context) & _LOOKS)
    shared = [item for item in clause.items if item.kind in _SHARED]
    for target in [_of_url(item) for item in group.urls] or _of_channels(group, context):
        is_page = target.type == "monitor.http"
        draft = replace(
            target,
            inputs={**target.inputs, **extras.inputs, **(extras.page if is_page else {})},
            items=[*shared, *said_times, *extras.items, *target.items],
            notes=[*target.notes, *extras.notes],
        )
        if group.lent:
            draft.assume(LENT_SCHEDULE.fill(words=context.words(target.items)), field="schedule")
        defaults = URL_DEFAULTS if is_page else CHANNEL_DEFAULTS
        if by_hand:
            defaults = replace(defaults, interval_sec=None, by_hand=True)
        built.take(schedules(draft, times, defaults, context))


def _of_url(item: Item) -> JobDraft:
    url = item.text
    draft = JobDraft("monitor.http", {"url": url}, [item])
    if "://" not in url:
        draft.inputs["url"] = f"https://{url}"
        draft.assume(_("The address {address} is read as https://{address}.", address=url))
    return draft


def _of_channels(group: TargetGroup, context: BuildContext) -> list[JobDraft]:
    channels: list[Item | None] = [item for item in group.channels if item.kind == "channel"]
    if not group.channels:
        channels = [None]
    return [_of_channel(channel, name, context) for channel in channels for name in group.names or [None]]


def _of_channel(channel: Item | None, name: Item | None, context: BuildContext) -> JobDraft:
    draft = JobDraft("monitor.channel", {}, [item for item in (channel, name) if item is not None])
    known = dict(name.name.place).get("channel") if name is not None and name.name is not None else None
    if channel is not None or known is not None:
        draft.inputs["channel"] = known if channel is None else channel.text
    else:
        used = draft.inputs["channel"] = context.request.default_channel or DEFAULT_CHANNEL
        draft.assume(_("No channel was said: {channel} is used.", channel=used), field="channel")
    if name is not None and name.name is not None:
        draft.inputs["account_id"] = name.name.text.lstrip("@") or name.name.text
    else:
        used = draft.inputs["account_id"] = context.request.default_account_id or DEFAULT_ACCOUNT
        draft.assume(_("No account was said: {account} is used.", account=used), field="account_id")
    return draft
