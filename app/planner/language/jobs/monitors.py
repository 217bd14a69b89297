"""Builds monitors: one for each channel, account and address of a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.core.i18n import _
from app.planner.language.clauses.clause import BY_PLACE, CONDITIONS, TARGETS, Clause, Item, any_of, kinds
from app.planner.language.clauses.intents import is_conditional
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked, refused
from app.planner.language.jobs.notify import is_denied, notify_of
from app.planner.language.jobs.offers import offer, unread_topic
from app.planner.language.jobs.schedules import schedules
from app.planner.language.jobs.targets import Scopes, TargetGroup, groups_of, scopes_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times.expressions import Now
from app.planner.messages import FOREIGN, LENT_SCHEDULE, UNSUPPORTED, UNUSED, Notes

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
    scopes = scopes_of(clause)
    groups = groups_of([item for item in scopes.main if item.kind in _GROUPED])
    # "cek rating gojek" has no target but a channel that is not supported; a page's price is not read.
    watched = any(group.names or any_of(group.channels, "channel") for group in groups)
    instead = None if watched else unread_topic(clause.items, context)
    if instead is None and not any(group.channels or group.names or group.urls for group in groups):
        instead = _unsupported(clause, context)
        groups = [TargetGroup(times=[item for item in scopes.main if item.kind in {"time", "sep"}])]
    if instead is not None:
        return instead
    extras = _extras(clause, scopes, context)
    if extras.is_open:
        return BuildResult(notes=extras.notes)
    built = BuildResult()
    for group in groups:
        _build_group(group, clause, extras, context, built)
    return built


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
    if clause.has("result") and not clause.has("time"):
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
    elif scopes.notify and not clause.quiet and not places.warnings:
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
        elif item not in extras.items:
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
        # A status from 400 on raises the alarm anyway; no other status or text can.
        no_alarm = item.kind == "contains" or (item.number or 0) < _FIRST_ERROR
        extras.is_open = extras.is_open or no_alarm
        has_it = _('An alarm is for what a page lacks, not for what it has: "{words}" is not planned.')
        if no_alarm:
            extras.refuse(has_it.fill(words=context.words([item])), context.span([item]))
        else:
            extras.assume(_("Any status from 400 raises the alarm, {status} too.", status=item.number))
    elif item.kind in _OF_PAGE:
        extras.page.setdefault(_OF_PAGE[item.kind], item.text or item.number)
    elif item.kind in _OF_ALARM and item.number is not None:
        extras.inputs.setdefault(_OF_ALARM[item.kind], item.number)
    elif item.kind == "slow":
        extras.page |= {"latency_ms": item.number or _SLOW_MS, "alarm_on": "degraded"}
        if not item.number:
            extras.assume(_("Slow is read as over {seconds} seconds.", seconds=_SLOW_MS // 1000))
    elif item.kind == "cert" and item.number is not None:
        extras.page |= {"cert_days": item.number, "alarm_on": "degraded"}
    elif item.kind in _CONDITIONS:
        extras.unread(UNUSED.fill(words=context.words([item])), context.span([item]))
    if item.kind in _CONDITIONS:
        extras.items.append(item)


def _raises(item: Item, clause: Clause, context: BuildContext) -> bool:
    """True for the status of "kalau balas 500 kabari …", which raises the alarm, not "kalau bukan 200"."""
    pos = clause.items.index(item)
    near = clause.items[max(0, pos - _MOST_BETWEEN) : pos]
    led = max((place for place, each in enumerate(near) if each.kind in _OPENS), default=-1)
    if led < 0 or near[led].kind != "cond":
        return False
    said = context.lex[near[led].first : item.last + 2]
    return not any(each.has("no", Sense.DENIES) for each in said) and not any_of(near[led:], "neg")


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
    # The words of a change say which of the times is the new one.
    marks = [item for item in clause.items if item.kind in {"change", "into", "toward"}]
    times = sorted([*group.times, *marks], key=BY_PLACE) if clause.has("change") else group.times
    said_times = [item for item in group.times if item.kind == "time"]
    now = bool(said_times) and all(isinstance(item.value, Now) for item in said_times)
    # "cek … sekarang" is one check, not a permanent monitor.
    once = now and bool(_texts([item for item in clause.items if item.kind == "watch"], context) & _LOOKS)
    shared = [item for item in clause.items if item.kind in _SHARED]
    for target in _targets(group, context):
        inputs = {**target.inputs, **extras.inputs, **(extras.page if group.urls else {})}
        own = [*shared, *said_times, *extras.items, *target.items]
        draft = replace(target, inputs=inputs, items=own, notes=[*target.notes, *extras.notes])
        if group.lent:
            draft.assume(LENT_SCHEDULE.fill(words=context.words(target.items)), field="schedule")
        built.take(schedules(draft, times, context, once=once))


def _targets(group: TargetGroup, context: BuildContext) -> list[JobDraft]:
    """Return a monitor of each address of a group, or of each account on each channel."""
    if group.urls:
        return [_page(item) for item in group.urls]
    channels = [item for item in group.channels if item.kind == "channel"] if group.channels else [None]
    return [_account(channel, name, context) for channel in channels for name in group.names or [None]]


def _page(item: Item) -> JobDraft:
    draft = JobDraft("monitor.http", {"url": item.text}, [item])
    if "://" not in item.text:
        draft.inputs["url"] = f"https://{item.text}"
        draft.assume(_("The address {address} is read as https://{address}.", address=item.text))
    return draft


def _account(channel: Item | None, account: Item | None, context: BuildContext) -> JobDraft:
    draft = JobDraft("monitor.channel", {}, [item for item in (channel, account) if item is not None])
    name = None if account is None else account.name
    known = None if name is None else dict(name.place).get("channel")
    used = known if channel is None else channel.text
    if used is None:
        used = context.request.default_channel or DEFAULT_CHANNEL
        draft.assume(_("No channel was said: {channel} is used.", channel=used), field="channel")
    draft.inputs["channel"] = used
    if name is None:
        used = context.request.default_account_id or DEFAULT_ACCOUNT
        draft.assume(_("No account was said: {account} is used.", account=used), field="account_id")
    draft.inputs["account_id"] = used if name is None else name.text.lstrip("@") or name.text
    return draft
