"""Where a result or an alarm goes: the channel and the address that a clause names for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.planner.language.clauses.clause import Item, Name
from app.planner.language.jobs.context import Context
from app.planner.messages import Say

_PHONE_STARTS = ("62", "08", "+")


@dataclass(slots=True)
class Places:
    """The places that a stretch of a clause names, in order."""

    found: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    assumptions: list[Say] = field(default_factory=list[Say])
    warnings: list[Say] = field(default_factory=list[Say])


@dataclass(slots=True)
class _Walk:
    """The way through a stretch: the channel it speaks of, `bare` while nothing was named on it yet."""

    places: Places = field(default_factory=Places)
    channel: str | None = None
    bare: bool = False
    pending: Name | None = None
    """A name that stands before its channel: "ke @budi via wa"."""

    def see_channel(self, channel: str) -> None:
        self.settle()
        self.channel, self.bare = channel, self.pending is None
        if self.pending is not None:
            self.places.found.append({"channel": channel, "to": self.pending.text})
            self.pending = None

    def see_name(self, name: Name) -> None:
        if self.channel is not None:
            self.places.found.append({"channel": self.channel, "to": name.text})
            self.bare = False
            return
        self.settle_name()
        self.pending = name

    def settle(self) -> None:
        """Place the channel that nothing was named on."""
        if self.bare and self.channel is not None:
            self.places.found.append({"channel": self.channel})
        self.bare = False

    def settle_name(self) -> None:
        """Place a name that no channel followed by its shape, if that tells."""
        if self.pending is not None:
            _unled(self.pending, self.places)
        self.pending = None


def places_of(items: Sequence[Item], context: Context) -> Places:
    """Return every place among items: a channel with its address, or an address that tells its channel."""
    walk = _Walk()
    for at, item in enumerate(items):
        if is_denied(items, at):
            continue
        if item.kind == "channel":
            walk.see_channel(item.text)
        elif item.kind == "foreign":
            walk.places.warnings.append(Say("foreign_notify", context.words([item])))
        elif item.name is not None and not item.is_account:
            walk.see_name(item.name)
    walk.settle()
    walk.settle_name()
    return walk.places


def is_denied(items: Sequence[Item], at: int) -> bool:
    """True for the place of "jangan ke wa 6281…"."""
    if items[at].kind not in {"channel", "foreign", "name"}:
        return False
    while at and items[at].kind in {"channel", "foreign", "name", "chat", "toward", "via", "filler"}:
        at -= 1
    if at and items[at].kind in {"notify", "send"}:
        at -= 1
    return items[at].kind == "neg"


def _unled(name: Name, places: Places) -> None:
    """Place an address that stands without a channel by its shape."""
    digits = name.text.lstrip("+").replace(" ", "").replace("-", "")
    if name.shape == "email":
        places.found.append({"channel": "email", "to": name.text})
        places.assumptions.append(Say("mail", name.text))
    elif digits.isdigit() and name.text.startswith(_PHONE_STARTS):
        places.found.append({"channel": "whatsapp", "to": name.text})
        places.assumptions.append(Say("phone", name.text))


def notify_of(items: Sequence[Item], context: Context) -> tuple[dict[str, str] | None, Places]:
    """Return the one place that a job may notify, the others as warnings."""
    places = places_of(items, context)
    if any(item.kind == "change" for item in items):
        places.found = places.found[-1:]  # "change the report from telegram to slack"
    for other in places.found[1:]:
        places.warnings.append(Say("notify_more", " ".join(other.values())))
    return (places.found[0] if places.found else None), places
