"""Where a result or an alarm goes: the channel and the address that a clause names for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.planner.building.context import Context
from app.planner.clauses.item import Item, Name
from app.planner.says import Say

_PHONE_STARTS = ("62", "08", "+")


@dataclass(slots=True)
class Places:
    """The places that a stretch of a clause names, in order."""

    found: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    assumptions: list[Say] = field(default_factory=list[Say])
    warnings: list[Say] = field(default_factory=list[Say])


def places_of(items: Sequence[Item], context: Context) -> Places:
    """Return every place among items: a channel with its address, or an address that tells its channel."""
    places = Places()
    channel: str | None = None
    fresh = False
    pending: Name | None = None
    for item in items:
        name = item.name
        if item.kind == "channel":
            if fresh and channel is not None:
                places.found.append({"channel": channel})
            channel, fresh = item.text, True
            if pending is not None:
                places.found.append({"channel": channel, "to": pending.text})
                pending, fresh = None, False
        elif item.kind == "foreign":
            places.warnings.append(Say("foreign_notify", context.words([item])))
        elif name is not None and name.mark != "account":
            if channel is not None:
                places.found.append({"channel": channel, "to": name.text})
                fresh = False
            elif pending is None:
                pending = name
            else:
                _unled(pending, places)
                pending = name
    if fresh and channel is not None:
        places.found.append({"channel": channel})
    if pending is not None:
        _unled(pending, places)
    return places


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
    for other in places.found[1:]:
        places.warnings.append(Say("notify_more", " ".join(other.values())))
    return (places.found[0] if places.found else None), places
