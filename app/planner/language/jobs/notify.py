"""Reads the recipient of a result or alarm from a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.i18n import _
from app.core.recipient import SANDBOX_CHANNEL
from app.planner.language.clauses.clause import Item, Name
from app.planner.language.jobs.context import BuildContext
from app.planner.messages import Notes
from app.planner.models import NoteKind

_PHONE_STARTS = ("62", "08", "+")


@dataclass(slots=True)
class NotifyPlaces(Notes):
    """The places that a stretch of a clause names, in order."""

    found: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    is_open: bool = False
    """True if somebody is named whose address is not known: no default may take the message."""


@dataclass(slots=True)
class _Walk:
    """The state of the reader in a stretch: its channel, `bare` while no name was given for it."""

    context: BuildContext
    items: Sequence[Item]
    places: NotifyPlaces = field(default_factory=NotifyPlaces)
    channel: str | None = None
    bare: bool = False
    pending: Item | None = None
    """A name before its channel: "ke @budi via wa"."""
    known: Item | None = None
    """A contact or person before a channel: "ke Bu Siti lewat wa"."""

    def see_channel(self, channel: str) -> None:
        if self.known is not None and channel != SANDBOX_CHANNEL:
            self._check_way(self.known, channel)
            return
        self.settle()
        self.channel, self.bare = channel, self.pending is None
        if self.pending is not None and self.pending.name is not None:
            self.places.found.append({"channel": channel, "to": self.pending.name.text})
            self.pending = None

    def _check_way(self, item: Item, channel: str) -> None:
        """Compare the channel after a contact with the contact's own."""
        own = dict(item.name.place).get("channel") if item.name is not None else None
        if own is not None and channel != own:
            self.places.found.pop()
            self._conflict(item, own, channel)
        self.known = None

    def see_person(self, item: Item, name: Name) -> None:
        """Ask for the address of a person; the channel before the name is not a place of its own."""
        self.settle_name()
        self.bare, self.places.is_open, self.known = False, True, item
        span = self.context.span([item])
        if name.choices:
            names = ", ".join(name.choices)
            which = _("Who is {name}: {names}?", name=name.text, names=names)
            self.places.ask(which, span, choices=name.choices)
        elif self.channel in {None, "whatsapp"}:
            self.places.ask(_("What is the number of {name}?", name=name.text), span)
        else:
            which = _("What is the address of {name} on {channel}?", name=name.text, channel=self.channel)
            self.places.ask(which, span)

    def see_contact(self, item: Item, name: Name) -> None:
        """Add the place of a contact; its channel has to be the one that is named."""
        self.settle_name()
        place = dict(name.place)
        span = self.context.span([item])
        if self.channel not in {None, place["channel"], SANDBOX_CHANNEL}:
            self._conflict(item, place["channel"], self.channel)
            return
        if name.meant:
            said = self.context.words([item])
            self.places.assume(
                _('"{words}" is read as the contact {name}.', words=said, name=name.meant), span, field="to"
            )
        self.places.found.append(place)
        self.bare, self.known = False, item if self.channel is None else None

    def _conflict(self, item: Item, channel: str, other: str | None) -> None:
        self.places.is_open, self.bare = True, False
        words = self.context.words([item])
        apart = _("{name} is on {channel}, not on {other}: that part is not planned.")
        self.places.note(
            NoteKind.CONFLICT, apart.fill(name=words, channel=channel, other=other), self.context.span([item])
        )
        said = [each for each in self.items if each.kind == "channel" and each.text == other]
        instead = _("Send it by {channel} instead?", channel=channel)
        self.places.ask(instead, self.context.span(said), choices=(channel,))

    def see_name(self, item: Item, name: Name) -> None:
        if self.channel is not None:
            self.places.found.append({"channel": self.channel, "to": name.text})
            self.bare = False
            return
        self.settle_name()
        self.pending = item

    def settle(self) -> None:
        """Add the channel that has no name as a place."""
        if self.bare and self.channel is not None:
            self.places.found.append({"channel": self.channel})
        self.bare = False

    def settle_name(self) -> None:
        """Add a name that no channel followed as a place, if its shape decides the channel."""
        item, self.pending = self.pending, None
        if item is None or item.name is None:
            return
        if item.name.shape == "word" and item.name.mark == "chat":
            self.see_person(item, item.name)  # "ke grup keluarga", and no channel that has such a group
        else:
            _unled(item.name, self.places)


def places_of(items: Sequence[Item], context: BuildContext) -> NotifyPlaces:
    """Return every place among items: a channel with its address, or an address that implies its channel."""
    walk = _Walk(context, items)
    placed = any(_is_place(item) for item in items)
    for pos, item in enumerate(items):
        if is_denied(items, pos):
            continue
        if item.kind in {"sep", "toward"}:
            walk.known = None
        elif item.kind == "channel":
            walk.see_channel(item.text)
        elif item.kind == "foreign":
            no_channel = _("The channel {channel} is not supported: no notification goes there.")
            walk.places.refuse(no_channel.fill(channel=context.words([item])), context.span([item]))
        elif item.name is not None and item.name.is_person:
            if not (item.name.mark == "weak person" and placed):
                walk.see_person(item, item.name)
        elif item.name is not None and item.name.shape == "contact":
            walk.see_contact(item, item.name)
        elif item.name is not None and not item.is_account:
            walk.see_name(item, item.name)
    walk.settle()
    walk.settle_name()
    walk.places.found = _by_sandbox(walk.places.found)
    return walk.places


def _by_sandbox(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the places of "wa ke 0811 lewat sandbox": the sandbox takes what is for others."""
    own = {"channel": SANDBOX_CHANNEL}
    others = [place for place in found if place != own and "to" in place]
    return [own | {"to": place["to"]} for place in others] if own in found and others else found


def _is_place(item: Item) -> bool:
    return item.name is not None and not (item.is_account or item.name.is_person)


def is_denied(items: Sequence[Item], pos: int) -> bool:
    """True for the place of "jangan ke wa 6281…"."""
    if items[pos].kind not in {"channel", "foreign", "name"}:
        return False
    while pos and items[pos].kind in {"channel", "foreign", "name", "chat", "toward", "via", "filler"}:
        pos -= 1
    if pos and items[pos].kind in {"notify", "send"}:
        pos -= 1
    return items[pos].kind == "neg"


def _unled(name: Name, places: NotifyPlaces) -> None:
    """Add an address without a channel as a place, by its shape."""
    digits = name.text.lstrip("+").replace(" ", "").replace("-", "")
    if name.shape == "email":
        places.found.append({"channel": "email", "to": name.text})
        places.assume(_("{address} is read as an email address.", address=name.text), field="channel")
    elif name.shape == "handle":
        places.found.append({"channel": "telegram", "to": name.text})
        places.assume(_("{name} is read as a name on Telegram.", name=name.text), field="channel")
    elif digits.isdigit() and name.text.startswith(_PHONE_STARTS):
        places.found.append({"channel": "whatsapp", "to": name.text})
        places.assume(
            _("The number {number} is read as a WhatsApp number.", number=name.text), field="channel"
        )


def notify_of(items: Sequence[Item], context: BuildContext) -> tuple[dict[str, str] | None, NotifyPlaces]:
    """Return the one place that a job may notify, and the others as warnings."""
    places = places_of(items, context)
    if any(item.kind == "change" for item in items):
        places.found = places.found[-1:]  # "change the report from telegram to slack"
    for other in places.found[1:]:
        places.refuse(_("There is one place to notify: {place} is left out.", place=" ".join(other.values())))
    return (places.found[0] if places.found else None), places
