"""`multi-job secrets rotate-key`: replaces SECRET_KEY and seals all values again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.direct import Deployment, audited, run_direct
from app.cli.download import progress
from app.cli.options import Json
from app.cli.output import CliError, confirm, instant, print_json, say, table, warn
from app.core.clock import from_ms
from app.core.i18n import _

if TYPE_CHECKING:
    from app.cli.download import Bar
    from app.cli.rotate_key_steps import KeyStatus, RotationReport

Status = Annotated[bool, typer.Option("--status", help="Show how many values each key seals.")]
Lost = Annotated[
    bool, typer.Option("--lost", help="The old key is lost: use this machine's, enter the secrets again.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def rotate_key(
    *, status: Status = False, lost: Lost = False, yes: Yes = False, as_json: Json = False
) -> None:
    """Replace SECRET_KEY during operation; seal accounts, secrets, API keys and sessions with it.

    After an interruption, run it again. A key from the environment needs SECRET_KEY_PREVIOUS first.
    """
    if status:
        _show_status(as_json=as_json)
    elif lost:
        _replace_lost(yes=yes, as_json=as_json)
    else:
        _rotate(as_json=as_json)


def _rotate(*, as_json: bool) -> None:
    # Imported here, as in all of these: the ciphers are megabytes and most commands do not need them.
    from app.cli.rotate_key_steps import rotate  # noqa: PLC0415

    with progress(_("re-sealing"), None, as_json=as_json) as bar:

        async def work(deployment: Deployment) -> RotationReport:
            done = await rotate(deployment, _watched(bar))
            diff: Any = [{"path": "/key", "from": done.old, "to": done.new}]
            await audited(deployment, "rotate_secret_key", f"secret-key:{done.new}", diff)
            return done

        done = run_direct(work)
    counts = {"secrets": done.resealed.secrets, "account_secrets": done.resealed.account_secrets}
    counts |= {"api_keys": done.api_keys, "sessions": done.sessions}
    if as_json:
        retired = str(done.retired) if done.retired else None
        unreadable = done.resealed.unreadable
        print_json(
            {"old": done.old, "new": done.new, **counts, "unreadable": unreadable, "previous_key": retired}
        )
        return
    counted = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())
    say(_("{old} -> {new}: {counted} re-sealed", new=done.new, old=done.old, counted=counted))
    for context in done.resealed.unreadable:
        warn(_("{context}: no known key opens it; enter it again", context=context))
    say(_next_steps(done))


def _watched(bar: Bar) -> Any:
    def watch(what: str, count: int) -> None:
        bar(0, None, f"{what}: {count:,}")

    return watch


def _next_steps(done: RotationReport) -> str:
    old = f"Earlier exports with secrets need key {done.old}"
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


def _show_status(*, as_json: bool) -> None:
    from app.cli.rotate_key_steps import read_status  # noqa: PLC0415

    found: KeyStatus = run_direct(read_status, any_key=True)
    stored = found.stored
    if as_json:
        print_json({**asdict(stored), "here": found.here, "values": found.values})
        return
    ids = dict.fromkeys([stored.key_id, stored.previous_id, *found.here, *found.values])
    rows = [(key or "-", *_row(key, found)) for key in ids if key or found.values.get(key)]
    table(("key", "seals", "here", "values"), rows, _("no key is registered yet"))
    if stored.rotated_at:
        say(_("last rotation: {instant}", instant=instant(from_ms(stored.rotated_at).isoformat())))
    if stored.previous_id:
        warn(_("A rotation has not ended: `multi-job secrets rotate-key` goes on."))


def _row(key: str, found: KeyStatus) -> tuple[str, str, str]:
    seals = {found.stored.key_id: "yes", found.stored.previous_id: "until the rotation ends"}.get(key, "no")
    return seals if key else "?", found.here.get(key, "no"), f"{found.values.get(key, 0):,}"


def _replace_lost(*, yes: bool, as_json: bool) -> None:
    from app.cli.rotate_key_steps import replace_lost_key  # noqa: PLC0415

    question = _("Accounts and secrets must be entered again, and API keys made again. Go on?")
    if not yes and not confirm(question):
        raise CliError(_("Nothing was changed."))

    async def work(deployment: Deployment) -> list[str]:
        gone = await replace_lost_key(deployment)
        await audited(deployment, "replace_secret_key", "secret-key")
        return gone

    gone = run_direct(work, any_key=True)
    if as_json:
        print_json({"enter_again": gone})
        return
    for context in gone:
        say(_("enter again: {context}", context=context))
    say(
        _(
            "This machine's key seals from now on. Restart the services; make API keys again: "
            "`multi-job keys create NAME --role admin`."
        )
    )
