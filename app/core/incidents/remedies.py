"""Remedies: typed actions that end a cause, for buttons and for the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from app.core.i18n import Message, _

RemedyRole = Literal["viewer", "operator", "admin"]


class RemedyAction(StrEnum):
    """What a person can do about a cause."""

    ENABLE = "enable"
    RESUME = "resume"
    REDRIVE = "redrive"
    SET_UP_ACCOUNT = "set_up_account"
    LET_QUEUE = "let_queue"
    RAISE_TIMEOUT = "raise_timeout"
    RUN_NOW = "run_now"
    FREE_SPACE = "free_space"
    SET_RECIPIENT = "set_recipient"
    START_SERVICE = "start_service"


@dataclass(frozen=True, slots=True)
class _RemedyKind:
    label: Message
    role: RemedyRole
    command: str
    """With `{target}`; a target of two parts, `channel:account`, fills `{first}` and `{rest}`."""


_KINDS: Final[Mapping[RemedyAction, _RemedyKind]] = {
    RemedyAction.ENABLE: _RemedyKind(_("Enable"), "operator", "multi-job enable {target}"),
    RemedyAction.RESUME: _RemedyKind(_("Resume"), "operator", "multi-job resume {target}"),
    RemedyAction.REDRIVE: _RemedyKind(
        _("Run the failed runs again"), "operator", "multi-job dead-letters redrive --fingerprint {target}"
    ),
    RemedyAction.SET_UP_ACCOUNT: _RemedyKind(
        _("Set up the account"), "operator", "multi-job connect {first} {rest}"
    ),
    RemedyAction.LET_QUEUE: _RemedyKind(
        _("Let slots wait for each other"), "operator", "multi-job edit {target} --overlap queue"
    ),
    RemedyAction.RAISE_TIMEOUT: _RemedyKind(
        _("Allow more time"), "operator", "multi-job edit {target} --timeout SECONDS"
    ),
    RemedyAction.RUN_NOW: _RemedyKind(_("Run now"), "operator", "multi-job run {target}"),
    RemedyAction.FREE_SPACE: _RemedyKind(_("Make room in Redis"), "admin", "multi-job doctor"),
    RemedyAction.SET_RECIPIENT: _RemedyKind(
        _("Say who gets alarms"), "operator", "multi-job notify set CHANNEL:ACCOUNT:TO"
    ),
    RemedyAction.START_SERVICE: _RemedyKind(_("Start it"), "admin", "multi-job up"),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """An action, what it acts on (a job, an account, a fingerprint, a scope of a pause), and how."""

    action: RemedyAction
    target: str
    label: Message
    role: RemedyRole
    """The role that it needs."""
    command: str
    """The same on the command line."""


def remedy(action: RemedyAction, target: str = "") -> Remedy:
    """Return the remedy for a target."""
    kind = _KINDS[action]
    first, _colon, rest = target.partition(":")
    quoted = {
        "target": shlex.quote(target) if target else "",
        "first": shlex.quote(first) if first else "",
        "rest": shlex.quote(rest) if rest else "",
    }
    return Remedy(action, target, kind.label, kind.role, kind.command.format(**quoted).strip())
