"""Reads the recipient of a result or alarm from a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.core.i18n import _
from app.core.recipient import SANDBOX_CHANNEL
from app.planner.language.clauses.clause import Item, Name
from app.planner.language.jobs.context import BuildContext
from app.planner.messages import Notes

_OF_SHAPE: Final = {"email": "email", "handle": "telegram"}
_PHONE_STARTS: Final = ("62", "08", "+")
_PLACES: Final = frozenset({"channel", "foreign", "name"})
_BETWEEN: Final = _PLACES | {"chat", "toward", "via", "filler"}


@dataclass(slots=True)
class NotifyPlaces(Notes):
    """The places that a stretch of a clause names, in order, and the state of their reader."""

    context: BuildContext
    items: Sequence[Item]
    found: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    is_open: bool = False
    """True if somebody is named whose address is not known: no default may take the message."""
    channel: str | None = None
    bare: bool = False
    """True while no name was given for the channel."""
    pending: Item | None = None
    """A name before its channel: "ke @budi via wa"."""
    known: Item | None = None
    """A contact or person before a channel: "ke Bu Siti lewat wa"."""

    def see_channel(self, channel: str) -> None:
        contact, self.known = self.known, None
        if contact is not None and contact.name is not None and channel != SANDBOX_CHANNEL:
            if (own := dict(contact.name.place).get("channel", channel)) != channel:
                self.found.pop()
                self._conflict(contact, own, channel)
            return
        self.settle()
        self.channel, self.bare = channel, self.pending is None
        item, self.pending = self.pending, None
        if item is not None and item.name is not None:
            self.see_name(item, item.name)

    def see_person(self, item: Item, name: Name) -> None:
        """Ask for the address of a person; the channel before the name is not a place of its own."""
        self.settle_name()
        self.bare, self.is_open, self.known = False, True, item
        which = _("What is the address of {name} on {channel}?", name=name.text, channel=self.channel)
        if name.choices:
            which = _("Who is {name}: {names}?", name=name.text, names=", ".join(name.choices))
        elif self.channel in {None, "whatsapp"}:
            which = _("What is the number of {name}?", name=name.text)
        self.ask(which, self.context.span([item]), choices=name.choices)

    def see_contact(self, item: Item, name: Name) -> None:
        """Add the place of a contact; its channel has to be the one that is named."""
        self.settle_name()
        place = dict(name.place)
        if self.channel not in {None, place["channel"], SANDBOX_CHANNEL}:
            self._conflict(item, place["channel"], self.channel)
            return
        if name.meant:
            said = self.context.words([item])
            read_as = _('"{words}" is read as the contact {name}.', words=said, name=name.meant)
            self.assume(read_as, self.context.span([item]), field="to")
        self.found.append(place)
        self.bare, self.known = False, item if self.channel is None else None

    def _conflict(self, item: Item, own: str, other: str | None) -> None:
        self.is_open, self.bare = True, False
        said = [each for each in self.items if each.kind == "channel" and each.text == other]
        instead = _("{name} is on {channel}, not on {other}. Send it by {channel} instead?")
        instead = instead.fill(name=self.context.words([item]), channel=own, other=other)
        self.ask(instead, self.context.span(said), choices=(own,))

    def see_name(self, item: Item, name: Name) -> None:
        if self.channel == "email" and "@" not in name.text:
            self.see_person(item, name)
            return
        if self.channel is not None:
            self.found.append({"channel": self.channel, "to": name.text})
            self.bare = False
            return
        self.settle_name()
        self.pending = item

    def settle(self) -> None:
        """Add the channel that has no name as a place."""
        if self.bare and self.channel is not None:
            self.found.append({"channel": self.channel})
        self.bare = False

    def settle_name(self) -> None:
        """Add a name that no channel followed as a place, if its shape decides the channel."""
        item, self.pending = self.pending, None
        if item is None or item.name is None:
            return
        if item.name.shape == "word" and item.name.mark == "chat":
            self.see_person(item, item.name)  # "ke grup keluarga", and no channel that has such a group
            return
        digits = item.name.text.lstrip("+").replace(" ", "").replace("-", "")
        is_phone = digits.isdigit() and item.name.text.startswith(_PHONE_STARTS)
        channel = _OF_SHAPE.get(item.name.shape, "whatsapp" if is_phone else None)
        if channel is not None:
            self.found.append({"channel": channel, "to": item.name.text})
            read_as = _("{name} is read as a recipient on {channel}.", name=item.name.text, channel=channel)
            self.assume(read_as, field="channel")


def places_of(items: Sequence[Item], context: BuildContext) -> NotifyPlaces:
    """Return every place among items: a channel with its address, or an address that implies its channel."""
    walk = NotifyPlaces(context, items)
    placed = any(item.name and not (item.is_account or item.name.is_person) for item in items)
    for pos, item in enumerate(items):
        if is_denied(items, pos):
            continue
        if item.kind in {"sep", "toward"}:
            walk.known = None
        elif item.kind == "channel":
            walk.see_channel(item.text)
        elif item.kind == "foreign":
            no_channel = _("The channel {channel} is not supported: no notification goes there.")
            walk.refuse(no_channel.fill(channel=context.words([item])), context.span([item]))
        elif item.name is not None and item.name.is_person:
            if not (item.name.mark == "weak person" and placed):
                walk.see_person(item, item.name)
        elif item.name is not None and item.name.shape == "contact":
            walk.see_contact(item, item.name)
        elif item.name is not None and not item.is_account:
            walk.see_name(item, item.name)
    walk.settle()
    walk.settle_name()
    # "wa ke 0811 lewat sandbox": the sandbox takes what is for others.
    own = {"channel": SANDBOX_CHANNEL}
    others = [own | {"to": place["to"]} for place in walk.found if place != own and "to" in place]
    walk.found = others if own in walk.found and others else walk.found
    return walk


def is_denied(items: Sequence[Item], pos: int) -> bool:
    """True for the place of "jangan ke wa 6281…"."""
    if items[pos].kind not in _PLACES:
        return False
    while pos and items[pos].kind in _BETWEEN:
        pos -= 1
    if pos and items[pos].kind in {"notify", "send"}:
        pos -= 1
    return items[pos].kind == "neg"


def notify_of(items: Sequence[Item], context: BuildContext) -> tuple[dict[str, str] | None, NotifyPlaces]:
    """Return the one place that a job may notify, and the others as warnings."""
    places = places_of(items, context)
    if any(item.kind == "change" for item in items):
        places.found = places.found[-1:]  # "change the report from telegram to slack"
    for other in places.found[1:]:
        places.refuse(_("There is one place to notify: {place} is left out.", place=" ".join(other.values())))
    return (places.found[0] if places.found else None), places
