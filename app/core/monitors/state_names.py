"""The names of a monitor's states for people."""

from __future__ import annotations

from typing import Final

from app.core.i18n import Message, pgettext

STATE_NAMES: Final[dict[str, Message]] = {
    "up": pgettext("monitor", "up"),
    "degraded": pgettext("monitor", "degraded"),
    "down": pgettext("monitor", "down"),
    "unknown": pgettext("monitor", "unknown"),
    "paused": pgettext("monitor", "paused"),
    "not_configured": pgettext("monitor", "not set up"),
}
