"""The texts that scripts write into incidents (`lua/lib/incidents.lua`), for the catalogue."""

from __future__ import annotations

from typing import Final

from app.core.i18n import _

SCRIPT_TEXTS: Final = (
    _("The account was deleted."),
    _("The account was switched off."),
    _("The job was deleted."),
    _("The monitor checks something else now."),
    _("The monitor is paused."),
    _("{slots} slots did not run: the platform was away."),
    _("{slots} slots were not repeated: the clock of Redis went back."),
)
