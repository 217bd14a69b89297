"""Replaces SECRET_KEY and seals all values again: `multi-job secrets rotate-key`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from app.cli.direct import Deployment, audited, run_direct
from app.cli.download import progress
from app.cli.output import CliError, confirm, instant, printed_json, say, table, warn
from app.core.access.sessions import Sessions
from app.core.activity.heartbeat import DEAD_AFTER_BEATS
from app.core.clock import from_ms
from app.core.i18n import _, concat, number
from app.core.secret_key.check import key_state
from app.core.secret_key.rotation import ResealReport, SecretKeyRotation, sealed_values
from app.core.secret_keys import (
    ENVIRONMENT,
    available_keys,
    deployment_keys,
    retire_previous_key,
    stage_new_key,
    weakness,
)
from app.core.secrets.sealing import open_box, sealing_key_of
from app.core.secrets.store import SealingKey, read_sealing_key

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.config import Settings


def rotate_key() -> None:
    """Rotate, or go on with a rotation that was cut off, and print the outcome."""
    with progress(_("re-sealing"), None) as bar:

        async def work(deployment: Deployment) -> RotationReport:
            done = await rotate(
                deployment, lambda what, count: bar(0, None, concat(what, ": ", number(count)))
            )
            diff: Any = [{"path": "/key", "from": done.old, "to": done.new}]
            await audited(deployment, "rotate_secret_key", f"secret-key:{done.new}", diff)
            return done

        done = run_direct(work)
    counts = {"secrets": done.resealed.secrets, "account_secrets": done.resealed.account_secrets}
    counts |= {"api_keys": done.api_keys, "sessions": done.sessions}
    rest = {"unreadable": done.resealed.unreadable, "previous_key": done.retired and str(done.retired)}
    if printed_json({"old": done.old, "new": done.new, **counts, **rest}):
        return
    parts = [concat(number(count), " ", name.replace("_", " ")) for name, count in counts.items()]
    counted = concat(*parts, separator=", ")
    say(_("{old} -> {new}: {counted} re-sealed", new=done.new, old=done.old, counted=counted))
    for context in done.resealed.unreadable:
        warn(_("{context}: no known key opens it; enter it again", context=context))
    say(_next_steps(done))


def _next_steps(done: RotationReport) -> str:
    old = _("Earlier exports with secrets need key {key_id}", key_id=done.old)
    if done.retired is None:
        return _(
            "Remove SECRET_KEY_PREVIOUS and restart the services. {old}: keep it in a safe place.",
            old=old,
        )
    return _(
        "The previous key is in {retired}. {old}; delete the file if you need none of them.",
        retired=done.retired,
        old=old,
    )


def show_status() -> None:
    """Print the number of values that each key seals."""
    found = run_direct(read_status, any_key=True)
    stored = found.stored
    if printed_json({**asdict(stored), "here": found.here, "values": found.values}):
        return
    ids = dict.fromkeys([stored.key_id, stored.previous_id, *found.here, *found.values])
    rows = [(key or "-", *_row(key, found)) for key in ids if key or found.values.get(key)]
    table(("key", "seals", "here", "values"), rows, _("no key is registered yet"))
    if stored.rotated_at:
        say(_("last rotation: {instant}", instant=instant(from_ms(stored.rotated_at).isoformat())))
    if stored.previous_id:
        warn(_("A rotation has not ended: `multi-job secrets rotate-key` goes on."))


def _row(key: str, found: KeyStatus) -> tuple[str, str, str]:
    seals = {found.stored.key_id: _("yes"), found.stored.previous_id: _("until the rotation ends")}
    seals_now = seals.get(key, _("no")) if key else "?"
    return seals_now, found.here.get(key, _("no")), number(found.values.get(key, 0))


def give_up_lost_key(*, yes: bool) -> None:
    """Ask, seal with this machine's key from now on, and print what must be entered again."""
    question = _("Accounts and secrets must be entered again, and API keys made again. Go on?")
    if not yes and not confirm(question):
        raise CliError(_("Nothing was changed."))

    async def work(deployment: Deployment) -> list[str]:
        gone = await replace_lost_key(deployment)
        await audited(deployment, "replace_secret_key", "secret-key")
        return gone

    gone = run_direct(work, any_key=True)
    if printed_json({"enter_again": gone}):
        return
    for context in gone:
        say(_("enter again: {context}", context=context))
    say(
        _(
            "This machine's key seals from now on. Restart the services; make API keys again: "
            "`multi-job keys create NAME --role admin`."
        )
    )


# The steps.

_LOOK_SEC = 0.25
# A process reports the new key with its next heartbeat; a killed process is listed for six heartbeats.
_MORE_SEC = 5.0

OnProgress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class RotationReport:
    """The outcome of a rotation."""

    old: str
    new: str
    resealed: ResealReport
    api_keys: int
    sessions: int
    retired: Path | None
    """Path of the previous key; None if it is in the environment."""


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """The number of values that each key seals."""

    stored: SealingKey
    here: dict[str, str]
    """Fingerprint and source of this machine's keys."""
    values: dict[str, int] = field(default_factory=dict[str, int])
    """Number of sealed values by fingerprint; `` for values of earlier versions, which name no key."""


async def rotate(deployment: Deployment, on_progress: OnProgress) -> RotationReport:
    """Rotate, or go on with a rotation that was cut off; raises CliError and Conflict."""
    old, new = _choose_keys(await read_sealing_key(deployment.link, deployment.keys), deployment.settings)
    await _wait_for_processes(deployment, new, on_progress)
    rotation = SecretKeyRotation(deployment.link, deployment.scripts, open_box(deployment.settings), old, new)
    await rotation.begin()
    resealed = await rotation.reseal(lambda done: on_progress("secrets", done))
    store = deployment.api_keys().store
    api_keys = await store.renew_seals()
    on_progress("API keys", api_keys)
    sessions = await Sessions(
        deployment.link, deployment.scripts, deployment.clock, deployment.settings, store
    ).renew_seals()
    on_progress("sessions", sessions)
    await deployment.audit().renew_seals()
    await rotation.end()
    return RotationReport(old, new, resealed, api_keys, sessions, retire_previous_key(deployment.settings))


async def read_status(deployment: Deployment) -> KeyStatus:
    """Return the number of values that each key seals; changes nothing."""
    counts: Counter[str] = Counter()
    async for batch in sealed_values(deployment.link, deployment.scripts):
        counts.update(sealing_key_of(value.sealed) for value in batch)
    here = {key.fingerprint: key.source for key in available_keys(deployment.settings)}
    return KeyStatus(await read_sealing_key(deployment.link, deployment.keys), here, dict(counts))


async def replace_lost_key(deployment: Deployment) -> list[str]:
    """Seal with this machine's key from now on; return the values that must be entered again.

    Raises CliError if the deployment's key is known here, or if this machine's key is weak.
    """
    stored = await read_sealing_key(deployment.link, deployment.keys)
    if stored.key_id in {key.fingerprint for key in available_keys(deployment.settings)}:
        raise CliError(
            _("This machine has the key {key_id}: run the command without --lost.", key_id=stored.key_id)
        )
    key = deployment_keys(deployment.settings)[0]
    _require_strong(key.secret, key.source)
    if (
        await deployment.scripts.run("secrets/replace_key", lost_key=stored.key_id, new_key=key.fingerprint)
        != "OK"
    ):
        raise CliError(_("The key was replaced meanwhile: `--status`."))
    return [
        value.context
        async for batch in sealed_values(deployment.link, deployment.scripts)
        for value in batch
        if sealing_key_of(value.sealed) != key.fingerprint
    ]


def _choose_keys(stored: SealingKey, settings: Settings) -> tuple[str, str]:
    """Return the fingerprints of the old and the new key; makes the new key if it belongs into a file."""
    if stored.previous_id:
        return stored.previous_id, stored.key_id
    state, keys = key_state(stored, settings), available_keys(settings)
    if keys[0].fingerprint == stored.key_id and len(keys) > 1 and stored.rotated_at:
        raise _already_rotated(stored, retire_previous_key(settings))
    if keys[0].fingerprint == stored.key_id:
        if state.source == ENVIRONMENT:
            raise CliError(_STEPS)
        stage_new_key(settings)
        keys = available_keys(settings)
    _require_strong(keys[0].secret, keys[0].source)
    return stored.key_id, keys[0].fingerprint


def _require_strong(secret: bytes, source: str) -> None:
    why = weakness(secret.decode(errors="replace"))
    if why is not None:
        raise CliError(
            _(
                "The new key ({source}) is too weak: {why}. `multi-job secrets new-key` makes one.",
                source=source,
                why=why,
            )
        )


def _already_rotated(stored: SealingKey, retired: Path | None) -> CliError:
    rest = (
        _("the previous key is now in {retired}", retired=retired)
        if retired
        else _("remove SECRET_KEY_PREVIOUS and restart the services")
    )
    return CliError(
        _(
            "The rotation to key {key_id} has ended; {rest}. Run the command again for a further rotation.",
            key_id=stored.key_id,
            rest=rest,
        )
    )


_STEPS = _(
    "SECRET_KEY comes from the environment. 1. Set SECRET_KEY_PREVIOUS to its value and "
    "SECRET_KEY to a new one (`multi-job secrets new-key`). 2. Restart all services. 3. Run "
    "this command again. 4. Remove SECRET_KEY_PREVIOUS."
)


async def _wait_for_processes(deployment: Deployment, new: str, on_progress: OnProgress) -> None:
    """Wait until every living process has the new key; raises CliError if one does not get it."""
    seats = deployment.heartbeats()
    until = deployment.clock.monotonic() + deployment.settings.heartbeat_sec * DEAD_AFTER_BEATS + _MORE_SEC
    while lacking := [each for each in await seats.instances() if new not in each.secret_keys]:
        on_progress("processes", len(lacking))
        if deployment.clock.monotonic() > until:
            named = ", ".join(f"{each.service} on {each.host} (pid {each.pid})" for each in lacking[:5])
            raise CliError(
                _(
                    "{count} processes do not have the new key {new}: {named}. Nothing was "
                    "re-sealed. On another machine, copy runtime-data/secret.key and "
                    "secret.key.previous from here, or set SECRET_KEY and SECRET_KEY_PREVIOUS. "
                    "Restart a process that has its keys from the environment, or is of an earlier "
                    "version. Then run this command again.",
                    count=len(lacking),
                    new=new,
                    named=named,
                )
            )
        await asyncio.sleep(_LOOK_SEC)
