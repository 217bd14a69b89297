"""`multi-job up`, `down`, `join`, `status`, `stats`: this machine's installation and the platform."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.commands.incidents import MOST_SHOWN, print_actions
from app.cli.commands.monitors import state_words
from app.cli.options import Json, as_json, in_zone
from app.cli.output import CliError, Heads, UnreachableError, ask, instant, printed_json, say, table
from app.core.errors import MultiJobError, RedisUnavailable
from app.core.home.places import own_env_file
from app.core.home.running import another_platform, own_home
from app.core.home.unknown_settings import unknown_settings
from app.core.i18n import Message, _
from app.core.secret_keys import available_keys
from app.core.statistics.ranges import StatsRange
from app.local import __main__ as local
from app.local.settings import load_settings, parse_env_file
from app.local.status import is_running_at

NoUi = Annotated[bool, typer.Option("--no-ui", help="Without the dashboard.")]
Services = Annotated[
    list[str] | None,
    typer.Argument(
        help="api, scheduler, worker, connector, dashboard or redis; else all.", show_default=False
    ),
]
ANSWER_SEC = 2.0
_PROBES = ("healthz", "readyz")
_WITH_REDIS = ("workers", "queue", "monitors", "platform")
Demo = Annotated[bool, typer.Option("--demo", help="Then plan the README's sentence and show its runs.")]


def up(*, no_ui: NoUi = False, demo: Demo = False, _json: Json = False) -> None:
    """Start the services of this machine that are not running, and wait until they are ready."""
    options = [option for option, wanted in (("--no-ui", no_ui), ("--demo", demo)) if wanted]
    _launch(["start", *options], "ready")


def down(*, _json: Json = False) -> None:
    """Stop the services of this machine in order, after they have drained."""
    _launch(["stop"], "stopped")


def restart(services: Services = None, *, no_ui: NoUi = False, _json: Json = False) -> None:
    """Stop the services of this machine and start them again, with changed settings and job types.

    With names, only these restart, also one that hangs; the others go on. If nothing runs, all is started.
    """
    _launch(["restart", *(services or []), *(["--no-ui"] if no_ui else [])], "ready")


def dev(*, no_ui: NoUi = False, _json: Json = False) -> None:
    """Run the platform with the job types of this folder; a change of a file takes effect at once."""
    _launch(["dev", *(["--no-ui"] if no_ui else [])], "stopped")


def _launch(words: list[str], goal: str) -> None:
    """Call a function of the launcher; with --json its own lines go to stderr."""
    with redirect_stdout(sys.stderr) if as_json.get() else nullcontext():
        code = local.main(words)
    printed_json({"status": "failed" if code else goal, "url": load_settings(os.environ).api_url})
    raise typer.Exit(code)


def status(*, _json: Json = False) -> None:
    """Show the platform's state: services, workers, waiting and running runs; within 3 s whatever hangs."""
    client = Client(timeout_sec=ANSWER_SEC)
    try:
        found = ask_at_once(client)
    except UnreachableError as error:
        if as_json.get() or not is_running_at(load_settings(os.environ), client.url):
            raise
        # The launcher knows more: the API hangs, or is being started.
        say(error.message)
        raise typer.Exit(local.main(["status"])) from error
    if printed_json(found):
        return
    for incident in found.get("incidents", ()):
        say(
            (f"! {incident['severity']}", "red"),
            f"  {incident['id']}  {incident['title']}: {incident['cause']}",
        )
        print_actions(incident)
    schema = found["readyz"].get("schema_version")
    known = "" if schema is None else f"  schema {schema}"
    say(f"{client.url}  {found['healthz']['version']}{known}  {found['readyz']['status']}")
    services = found["readyz"]["checks"].items()
    table(
        ("service", "status", "instances"),
        [(name, check["status"], check["instances"]) for name, check in services],
    )
    for line in _troubles(found):
        say(line)
    for line in notes_about_here():
        say(line)
    if skew := _skew(found.get("platform", {}).get("processes", ())):
        say(skew)
    say("")
    if "queue" in found:
        _print_queue(found["queue"])
        _print_monitors(found["monitors"])


def ask_at_once(client: Client) -> dict[str, Any]:
    """Return the answers by name; those that a hung Redis delays are left out."""
    asked: dict[str, Callable[[], Any]] = {name: partial(client.get, f"/{name}") for name in _WITH_REDIS}
    asked["incidents"] = partial(client.get, "/incidents", state="open", limit=MOST_SHOWN)
    asked |= {name: partial(client.probe, f"/{name}") for name in _PROBES}
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = {name: pool.submit(ask) for name, ask in asked.items()}
    found = {name: answers[name].result() for name in _PROBES}
    if found["readyz"]["checks"]["redis"]["status"] == "missing":
        return found
    return found | {name: answer.result() for name, answer in answers.items()}


def notes_about_here() -> list[Message]:
    """Return settings without effect, and another platform that runs on this machine."""
    file = own_env_file()
    stored = parse_env_file(file.read_text("utf-8")) if file is not None else {}
    notes = [each.described for each in unknown_settings(file, stored)]
    if (other := another_platform()) is not None:
        notes.append(
            _(
                "Two platforms run on this machine: this is about {home}; the other one is in {other} "
                "({url}).",
                home=own_home(),
                other=other.home,
                url=other.api_url,
            )
        )
    return notes


def _print_monitors(monitors: list[dict[str, Any]]) -> None:
    """Print how many monitors are in each state, and those that are not well."""
    counts = Counter(state_words(each) for each in monitors)
    if counts:
        say("")
        states = ", ".join(f"{count} {state}" for state, count in counts.most_common())
        say(_("monitors: {states}", states=states))
    for each in monitors:
        if each["state"] in {"down", "degraded"}:
            reason = f": {each['last_error']}" if each["last_error"] else ""
            say(f"{each['job_id']}: {state_words(each)}, {instant(each['since'])}{reason}")


def _troubles(found: dict[str, Any]) -> list[str]:
    """Return the problems as lines, each with the command that helps."""
    unwell = found["healthz"].get("reason")
    lines = [f"api: {unwell}"] if unwell else []
    for name, check in found["readyz"]["checks"].items():
        if check["status"] != "ok":
            lines.append(f"{name}: {check.get('reason') or check['status']}")
            lines += [f"  → {check['next_step']}"] if check.get("next_step") else []
    return lines


def _skew(processes: Sequence[dict[str, Any]]) -> Message | None:
    """Return the processes by version if there are several versions."""
    versions: dict[str, list[str]] = {}
    for each in processes:
        versions.setdefault(each["version"], []).append(f"{each['service']} {each['host']}")
    if len(versions) < 2:  # noqa: PLR2004 - a skew takes two
        return None
    parts = [f"{version} ({', '.join(names)})" for version, names in sorted(versions.items())]
    return _(
        "Processes of several versions run: {versions}. Upgrade the older ones.", versions="; ".join(parts)
    )


def _print_queue(queue: dict[str, Any]) -> None:
    lanes = [(name, lane["waiting"], lane["running"]) for name, lane in queue["lanes"].items()]
    table(("lane", "waiting", "running"), lanes)
    say(
        _(
            "delayed {delayed} (next {next_due}), dead letters {dead_letters}",
            delayed=queue["delayed"],
            next_due=instant(queue["next_due_at"]),
            dead_letters=queue["dead_letters"],
        )
    )
    for paused in queue["paused"]:
        say(_paused(paused))


def _paused(paused: dict[str, Any]) -> Message:
    name = f" {paused['name']}" if paused["name"] else ""
    why = f": {paused['reason']}" if paused["reason"] else ""
    until = _(" until {until}", until=instant(paused["until"])) if paused["until"] else ""
    return _(
        "paused {scope}{until} since {since} by {actor}, {held} held{why}",
        scope=f"{paused['scope']}{name}",
        until=until,
        since=instant(paused["since"]),
        actor=paused["actor"],
        held=paused["held"],
        why=why,
    )


# `multi-job stats`: figures of the last minutes, or of a longer range.

Minutes = Annotated[int, typer.Option("--minutes", "-m", min=1, max=1440, help="Number of minutes.")]
Range = Annotated[
    StatsRange | None,
    typer.Option("--range", "-r", help="Instead of minutes: 60 minutes, 96 quarter hours or 168 hours."),
]
_FIELDS = (
    *("started", "success", "failed", "cancelled"),
    *("wait_p50_ms", "wait_p95_ms", "duration_p50_ms", "duration_p95_ms"),
)
_HEADS: Heads = (
    *("started", "success", "failed", "cancelled"),
    *("wait p50 ms", "p95", "took p50 ms", "p95"),
)


def stats(*, minutes: Minutes = 15, span: Range = None, _json: Json = False) -> None:
    """Show for each of the last minutes the starts, ends, waiting times and durations."""
    asked: dict[str, Any] = {"range": span.value} if span else {"minutes": minutes}
    found = Client().get("/stats", **asked)
    if printed_json(found):
        return
    form = "%d %b %H:%M" if span is StatsRange.WEEK else "%H:%M"
    rows = [_row(in_zone(each["at"], form), each) for each in found["minutes"]]
    zone = in_zone(found["minutes"][-1]["at"], "%Z")
    begin: Message = _("from ({zone})", zone=zone) if span else _("minute ({zone})", zone=zone)
    table((begin, *_HEADS), [*rows, _row("Σ", found["totals"])])


def _row(head: str, figures: dict[str, Any]) -> tuple[Any, ...]:
    return (head, *(figures[name] for name in _FIELDS))


# `multi-job join`: makes this machine one of a deployment.

Url = Annotated[str, typer.Argument(help="Redis of the deployment, such as redis://10.0.0.5:6379/0.")]
Namespace = Annotated[str | None, typer.Option("--namespace", help="NAMESPACE of the deployment; else mj.")]
KeyFile = Annotated[
    Path | None,
    typer.Option("--secret-key-file", help="File with the deployment's SECRET_KEY; else it is asked for."),
]
PasswordFile = Annotated[
    Path | None, typer.Option("--redis-password-file", help="File with the password of Redis.")
]


def join(
    url: Url,
    *,
    namespace: Namespace = None,
    secret_key_file: KeyFile = None,
    redis_password_file: PasswordFile = None,
    _json: Json = False,
) -> None:
    """Make this machine one of the deployment behind a Redis: check it, write .env, say what to start.

    The key and the password come from a file, from SECRET_KEY and REDIS_PASSWORD, or are asked for: as
    arguments `ps` would show them. Joining again changes nothing.
    """
    from app.cli import join as steps  # noqa: PLC0415  it loads the client of Redis

    here = load_settings({"MULTI_JOB_HOME": os.environ.get("MULTI_JOB_HOME", "")})
    file = here.root / ".env"
    before = parse_env_file(file.read_text("utf-8")) if file.is_file() else {}
    chosen = namespace or before.get("NAMESPACE", "mj")
    password = _content(redis_password_file) or os.environ.get("REDIS_PASSWORD", "")
    key = _content(secret_key_file) or os.environ.get("SECRET_KEY", "") or before.get("SECRET_KEY", "")
    request = steps.request_of(url, chosen, password or before.get("REDIS_PASSWORD", ""), key)
    try:
        try:
            found = asyncio.run(steps.look(steps.settings_for(here, request)))
        except RedisUnavailable:
            if request.password or not sys.stdin.isatty():
                raise
            request = steps.with_password(request, ask(_("Password of Redis"), hidden=True))
            found = asyncio.run(steps.look(steps.settings_for(here, request)))
        settings = steps.settings_for(here, request)
        if not available_keys(settings):
            request = steps.request_of(url, chosen, request.password, _asked_key())
            settings = steps.settings_for(here, request)
        steps.check_key(settings, found)
        changed = steps.store(here, request, settings, found)
    except RedisUnavailable as error:
        raise UnreachableError(error.message) from error
    except MultiJobError as error:
        raise CliError(error.message) from error
    hosts = sorted({each.host for each in found.processes})
    if printed_json(
        {"changed": changed, "schema": found.schema, "fingerprint": found.key_id, "hosts": hosts}
    ):
        return
    say(_("Redis, login, clock and secret key {fingerprint} fit.", fingerprint=found.key_id))
    say(
        _("Live machines: {hosts}", hosts=", ".join(hosts))
        if hosts
        else _("No process is alive at the moment.")
    )
    say(
        _("Written to {file}: {names}", file=file, names=", ".join(changed))
        if changed
        else _("This machine had joined already: nothing was changed.")
    )
    say(_("Everything on this machine (API, worker, scheduler, connector, dashboard): multi-job up"))
    # pipx and uv keep the Python of the package off the path.
    worker = f"{shlex.quote(sys.executable)} -m app.local run worker"
    say(_("Only a worker: {command}", command=worker))
    say(_("Then look at it from any machine: multi-job status, multi-job doctor"))


def _content(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(_("{file} cannot be read: {error}", file=file, error=error)) from error
    if not text:
        raise CliError(_("{file} is empty.", file=file))
    return text


def _asked_key() -> str:
    if not sys.stdin.isatty():
        raise CliError(
            _("The secret key is needed: --secret-key-file FILE, or SECRET_KEY in the environment.")
        )
    return ask(_("SECRET_KEY of the deployment (runtime-data/secret.key of its first machine)"), hidden=True)
