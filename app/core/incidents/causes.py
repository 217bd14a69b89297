"""The messages that scripts make (`texts.message` of `lua/lib/records/texts.lua`), for the catalogue."""

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
    _("no ping came in time"),
    _("Its sender stopped in the middle: it may or may not have been sent."),
    _(
        "Worker {worker} died or lost its lease; this was noticed {seconds} s after the attempt started. "
        "{others}{cause}"
    ),
    _("At least {count} other runs of this worker were lost with it. "),
    _("The cause is not known here."),
    _("For a while no process renewed its leases, so no crash is counted."),
    _("The run was isolated; it starts again after a pause, and no crash is counted."),
    _(
        "The run was isolated, and {count} times its worker was lost while its child process ran. It is not "
        "known if the run caused this. Check why the workers ended, then run it again."
    ),
)
