"""`multi-job reshard`: divides the data of a deployment into another number of shards."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, TypeVar

import typer
from rich.progress import Progress, TaskID

from app.cli.options import Json, as_json
from app.cli.output import (
    CliError,
    UnreachableError,
    UsageError,
    confirm,
    err,
    printed_json,
    say,
    table,
    warn,
)
from app.core.config import MOST_SHARDS, Settings, split_urls
from app.core.errors import MultiJobError, Unavailable
from app.core.i18n import _
from app.core.process import load_trusted_settings
from app.core.storage.resharding.destinations import LEFT_BEHIND
from app.core.storage.resharding.steps import OnProgress, Phase, Resharding, ReshardReport
from app.local.services import included_redis
from app.local.settings import load_settings as load_local

T = TypeVar("T")
_PHASES: dict[Phase, str] = {"copy": _("copying"), "compare": _("comparing")}

_MOST_NAMED = 20
_REPEATS = {
    "waiting": _(
        "{count} runs wait in the division before, and have started or been cancelled since. They run again: "
        "{names}"
    ),
    "fired": _(
        "{count} runs of schedules were made since. Their slots fire again, unless the misfire policy skips "
        "them: {names}"
    ),
    "submitted": _(
        "{count} runs were submitted since and will be unknown. A submission sent again makes another run, "
        "also with the same Idempotency-Key: {names}"
    ),
    "messages": _(
        "{count} messages wait in the division before, and were sent or closed since. They are sent again: "
        "{names}"
    ),
}

To = Annotated[
    int | None, typer.Option("--to", min=1, max=MOST_SHARDS, help="The number of shards to divide into.")
]
Urls = Annotated[
    str,
    typer.Option(
        "--urls",
        help="The Redis of each new shard, with commas. Unset: all in REDIS_URL. With --back and "
        "--remove-old the servers of the former shards, if they are others.",
    ),
]
Back = Annotated[bool, typer.Option("--back", help="Return to the division before, as it was then.")]
RemoveOld = Annotated[bool, typer.Option("--remove-old", help="Remove the data of the division before.")]
Cancel = Annotated[bool, typer.Option("--cancel", help="Forget a division that was interrupted.")]
ReplaceLost = Annotated[
    int | None,
    typer.Option("--replace-lost", min=1, help="Let an empty server be this shard: its jobs are lost."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def reshard(
    *,
    to: To = None,
    urls: Urls = "",
    back: Back = False,
    remove_old: RemoveOld = False,
    cancel: Cancel = False,
    replace_lost: ReplaceLost = None,
    yes: Yes = False,
    _json: Json = False,
) -> None:
    """Divide jobs and runs into another number of shards, while no service runs.

    Everything is copied and compared before the new shards count. The former ones keep their data, so that
    you can go back. If it is interrupted, run it again.
    """
    acts = [to is not None, back, remove_old, cancel, replace_lost is not None]
    if sum(acts) != 1:
        raise UsageError(_("Give one of --to, --back, --remove-old, --cancel and --replace-lost."))
    settings = load_trusted_settings()
    if to is not None:
        _divide(settings, split_urls(urls), to)
    elif back:
        _return(settings, split_urls(urls), yes=yes)
    elif cancel:
        _run(lambda: _of(settings).cancel())
        say(_("The former division counts: {shards} shards.", shards=settings.shards))
    elif remove_old:
        _ask(_("Remove the data of the division before? You can't return to it then."), yes=yes)
        removed = _run(lambda: _with(settings, split_urls(urls)).remove_old(lambda _count: None))
        if not printed_json({"removed": removed}):
            say(_("{count:,} keys were removed.", count=removed))
    else:
        _ask(_("Let an empty server be shard {shard}? Its jobs are lost.", shard=replace_lost), yes=yes)
        _run(lambda: _of(settings).replace_lost(replace_lost or 0))
        say(_("Shard {shard} is empty now; start the services.", shard=replace_lost))


def _return(settings: Settings, urls: list[str], *, yes: bool) -> None:
    steps = _with(settings, urls)
    repeats = _run(steps.repeats)
    for name, ids in asdict(repeats).items():
        if ids:
            warn(_REPEATS[name].fill(count=len(ids), names=_some(ids)))
    _ask(_("Return to the division before? What has changed since then is lost."), yes=yes)
    number = _run(lambda: steps.back(repeats))
    if not printed_json({"shards": number, **asdict(repeats)}):
        _show_settings(number, urls)


def _some(ids: Sequence[str]) -> str:
    more = len(ids) - _MOST_NAMED
    named = ", ".join(ids[:_MOST_NAMED])
    return named if more <= 0 else _("{names} and {count} more (--json has all)", names=named, count=more)


def _of(settings: Settings) -> Resharding:
    return Resharding(settings, settings, _quiet)


def _with(settings: Settings, urls: list[str]) -> Resharding:
    """Return the steps for the division before, which may be on other servers."""
    elsewhere = settings.model_copy(update={"shard_urls": [], "shards": 1})
    return Resharding(settings, _target(settings, len(urls), urls) if urls else elsewhere, _quiet)


def _quiet(_phase: Phase, _done: int) -> None:
    return


def _target(settings: Settings, shards: int, urls: list[str]) -> Settings:
    """Return the settings of the new shards; raises UsageError if the servers do not fit."""
    if urls and len(urls) != shards:
        raise UsageError(
            _("--urls names {given} servers for {shards} shards.", given=len(urls), shards=shards)
        )
    if settings.shard_urls and not urls and shards > 1:
        raise UsageError(_("Name the server of each shard: --urls URL,URL,…"))
    return settings.model_copy(
        update={
            "shards": shards,
            "shard_urls": urls if shards > 1 else [],
            "redis_url": urls[0] if urls else settings.effective_redis_url,
        }
    )


def _divide(settings: Settings, urls: list[str], shards: int) -> None:
    target = _target(settings, shards, urls)
    with _watching() as watch:
        report = _run(lambda: Resharding(settings, target, watch).run())
    if printed_json(asdict(report)):
        return
    _show_report(report)
    _show_settings(report.after, urls)


def _show_report(report: ReshardReport) -> None:
    say(
        _(
            "The data is divided into {after} shards ({before} before): {keys:,} keys were copied and "
            "compared.",
            after=report.after,
            before=report.before,
            keys=report.keys,
        )
    )
    table(("kind", "records"), report.counts.items())
    if misplaced := report.left_behind.keys() - LEFT_BEHIND.keys():
        warn(
            _("Not copied, because these keys belong to the first shard: {names}", names=", ".join(misplaced))
        )


def _show_settings(shards: int, urls: list[str]) -> None:
    say(_("Set this on every machine, then start the services:"))
    say(f"  SHARDS={shards}")
    if urls and shards > 1:
        say("  SHARD_URLS=" + ",".join(map(_without_login, urls)))
        say(_("  REDIS_URL: the first of them"))
    elif urls:
        say("  REDIS_URL=" + _without_login(urls[0]))
    say(
        _(
            "The former division is still there. To return to it: multi-job reshard --back (with the new "
            "settings, services stopped). To remove it: multi-job reshard --remove-old. If its servers are "
            "others, name them with --urls."
        )
    )


def _without_login(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def _ask(question: str, *, yes: bool) -> None:
    if not yes and not confirm(question):
        raise typer.Exit(1)


def _run(work: Callable[[], Awaitable[T]]) -> T:
    async def done() -> T:
        return await work()

    try:
        # The included server stops with the services.
        with included_redis(load_local(os.environ), os.environ):
            return asyncio.run(done())
    except Unavailable as error:
        raise UnreachableError(error.message) from error
    except MultiJobError as error:
        raise CliError(error.message) from error


@contextmanager
def _watching() -> Generator[OnProgress]:
    if as_json.get() or not sys.stderr.isatty():
        yield _quiet
        return
    with Progress(console=err, transient=True) as bars:
        tasks: dict[Phase, TaskID] = {}

        def watch(phase: Phase, done: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(_PHASES[phase], total=None)
            bars.update(tasks[phase], completed=done)

        yield watch
