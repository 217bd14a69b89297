"""Remedies: typed actions that end a cause, for buttons and for the command line."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

from app.core.i18n import Message, _, concat
from app.core.ids import DEFAULT_QUEUE, is_run_id

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
    command: Callable[[str], str]
    """Makes the command from the target."""


def _command(text: str) -> Callable[[str], str]:
    return lambda target: text.format(target=shlex.quote(target) if target else "").strip()


def _resume(target: str) -> str:
    kind, _colon, name = target.partition(":")
    return f"multi-job resume --{kind} {shlex.quote(name)}" if name else "multi-job resume"


def _start(target: str) -> str:
    """Return a command that helps whether the service is gone, hangs, or nothing runs."""
    service, _colon, needed = target.partition(":")
    kind, _colon, name = needed.partition(":")
    if kind == "queue":
        queues = name if name == DEFAULT_QUEUE else f"{DEFAULT_QUEUE},{name}"
        return f"WORKER_QUEUES={shlex.quote(queues)} multi-job restart"
    if kind == "type":
        return "HANDLER_MODULES=MODULE multi-job restart"
    return f"multi-job restart {service}".strip()


def _redrive(target: str) -> str:
    choice = target if is_run_id(target) else f"--group {shlex.quote(target)}"
    return f"multi-job dead-letters redrive {choice}"


def _connect(target: str) -> str:
    channel, _colon, account = target.partition(":")
    return f"multi-job connect {channel} {shlex.quote(account) if account else 'NAME'}"


_KINDS: Final[Mapping[RemedyAction, _RemedyKind]] = {
    RemedyAction.ENABLE: _RemedyKind(_("Enable"), "operator", _command("multi-job enable {target}")),
    RemedyAction.RESUME: _RemedyKind(_("Resume"), "operator", _resume),
    RemedyAction.REDRIVE: _RemedyKind(_("Run the failed runs again"), "operator", _redrive),
    RemedyAction.SET_UP_ACCOUNT: _RemedyKind(_("Set up the account"), "admin", _connect),
    RemedyAction.LET_QUEUE: _RemedyKind(
        _("Let slots wait for each other"), "operator", _command("multi-job edit {target} --overlap queue")
    ),
    RemedyAction.RAISE_TIMEOUT: _RemedyKind(
        _("Allow more time"), "operator", _command("multi-job edit {target} --timeout SECONDS")
    ),
    RemedyAction.RUN_NOW: _RemedyKind(_("Run now"), "operator", _command("multi-job run {target}")),
    RemedyAction.FREE_SPACE: _RemedyKind(_("Make room in Redis"), "admin", _command("multi-job doctor")),
    RemedyAction.SET_RECIPIENT: _RemedyKind(
        _("Say who gets alarms"), "admin", _command("multi-job notify set CHANNEL ACCOUNT TO")
    ),
    RemedyAction.START_SERVICE: _RemedyKind(_("Start it"), "admin", _start),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """An action, what it acts on, and how.

    The target is a job, an account (`channel:account`, or a channel), a scope of a pause (`all`, `queue:Q`,
    `type:T`, `job:J`), a service (`worker:queue:Q` and `worker:type:T` are workers that serve or have it), or
    for dead letters the fingerprint of an error or a run.
    """

    action: RemedyAction
    target: str
    label: str
    role: RemedyRole
    """The role that it needs."""
    command: str
    """The same on the command line."""


def remedy(action: RemedyAction, target: str = "") -> Remedy:
    """Return the remedy for a target."""
    kind = _KINDS[action]
    return Remedy(action, target, kind.label, kind.role, kind.command(target))


def remedied_text(action: RemedyAction, target: str) -> Message:
    """Return the words of a timeline for a remedy that a person has used: `Run now: nightly`."""
    label = _KINDS[action].label
    return concat(label, ": ", target) if target else label


PRESS: Final = "fix:"
"""Starts the data of a chat's button: `fix:<action>:<target>`."""
INCIDENT_PRESS: Final = "inc:"
"""Starts the data of an incident's button: `inc:<act>:<incident>`, `inc:<action>:<incident>:<target>`."""
_PRESSABLE: Final = frozenset(
    {RemedyAction.ENABLE, RemedyAction.RESUME, RemedyAction.REDRIVE, RemedyAction.RUN_NOW}
)
_MAX_PRESS_BYTES: Final = 64
"""The limit of Telegram."""


def press_data(remedy: Remedy) -> str | None:
    """Return the data of a chat's button; None if a press cannot perform it, or if its target is too long."""
    return _pressable(remedy, f"{PRESS}{remedy.action}:{remedy.target}")


def incident_press_data(remedy: Remedy, incident_id: str) -> str | None:
    """Return the same of an incident's button, whose press is noted in the incident.

    A target that leaves no room for the incident has the button of `press_data`.
    """
    data = f"{INCIDENT_PRESS}{remedy.action}:{incident_id}:{remedy.target}"
    return _pressable(remedy, data) or press_data(remedy)


def _pressable(remedy: Remedy, data: str) -> str | None:
    fits = remedy.action in _PRESSABLE and len(data.encode()) <= _MAX_PRESS_BYTES
    return data if fits else None


# Codes of errors that an action ends, and what it acts on.
_TIMED_OUT: Final = "timed_out"
_NO_ACCOUNT: Final = frozenset({"account_missing", "account_disabled"})
_NO_RECIPIENT: Final = frozenset({"no_recipient", "account_unclear"})
_FULL: Final = "redis_full"


def remedies_of_error(code: str, message: str, jobs: Sequence[str] = ()) -> list[Remedy]:
    """Return what ends an error of runs of these jobs; `message` is its text."""
    if code == _TIMED_OUT:
        return [remedy(RemedyAction.RAISE_TIMEOUT, job) for job in jobs]
    if code in _NO_ACCOUNT:
        return account_remedies(message)
    if code in _NO_RECIPIENT:
        return [remedy(RemedyAction.SET_RECIPIENT)]
    return [remedy(RemedyAction.FREE_SPACE)] if code == _FULL else []


def account_remedies(text: str) -> list[Remedy]:
    """Return the set-up of the account, or of the channel, that a message is about."""
    fields: Mapping[str, Any] = text.fields if isinstance(text, Message) else {}
    target = str(fields.get("name") or fields.get("account_id") or fields.get("channel") or "")
    if "account_id" in fields and "name" not in fields:
        target = f"{fields['channel']}:{fields['account_id']}"
    return [remedy(RemedyAction.SET_UP_ACCOUNT, target)] if target else []
