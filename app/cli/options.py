"""Options shared by several commands."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import is_dataclass
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from app.core.i18n import Language, _, reader_language

as_json: ContextVar[bool] = ContextVar("as_json", default=False)
"""Whether this command prints JSON."""


def _choose_json(wanted: bool) -> bool:
    as_json.set(wanted)
    return wanted


Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.", callback=_choose_json)]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="Maximum number.")]
JobId = Annotated[str, typer.Argument(help="The job's id.")]
RunId = Annotated[str, typer.Argument(help="The run's id.")]


# Durations as people type them: `90d`, `12h`, `30m`.

_LENGTH = re.compile(r"^(\d{1,6})([dhm])$")
_UNIT_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000}


def length_ms(text: str, option: str, *, most_days: int, least_ms: int = 60_000) -> int:
    """Return the length in milliseconds; typer.BadParameter if it is none or out of bounds."""
    found = _LENGTH.match(text.strip().lower())
    wanted_ms = int(found[1]) * _UNIT_MS[found[2]] if found else -1
    if not least_ms <= wanted_ms <= most_days * _UNIT_MS["d"]:
        raise typer.BadParameter(
            _(
                "{option} {text!r}: write a length such as 90d, 12h or 30m, at most {most_days}d.",
                option=option,
                text=text,
                most_days=most_days,
            )
        )
    return wanted_ms


# The time zone in which the command line prints instants: the deployment's.

_FORMAT = "%Y-%m-%d %H:%M:%S %Z"
_sources: list[Callable[[], str]] = []
_known: list[tzinfo] = []


def read_zone_from(source: Callable[[], str]) -> None:
    """Set the function that returns the name of the deployment's zone; it is called once, at first use."""
    _sources[:] = [source]
    _known.clear()


def zone() -> tzinfo:
    """Return the deployment's zone; UTC if this command has no deployment, or it does not name one."""
    if not _known:
        try:
            _known.append(ZoneInfo(_sources[0]()) if _sources else UTC)
        except Exception:  # noqa: BLE001  a time in UTC is better than none
            _known.append(UTC)
    return _known[0]


def in_zone(text: str, form: str = _FORMAT) -> str:
    """Return an instant (RFC 3339) in the deployment's zone, with the zone's name."""
    return datetime.fromisoformat(text).astimezone(zone()).strftime(form)


def _speak(language: Language | None) -> Language | None:
    if language is not None:
        reader_language.set(language)
    return language


Lang = Annotated[
    Language | None,
    typer.Option(
        "--lang", help="Indonesian or English; by default from LANG.", callback=_speak, is_eager=True
    ),
]


# Groups of options that several commands share.


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take dataclasses: each field of one becomes an option, in its place."""
    signature = inspect.signature(command, eval_str=True)
    types: dict[str, type[Any]] = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if isinstance(parameter.annotation, type) and is_dataclass(parameter.annotation)
    }
    groups = {name: inspect.signature(group, eval_str=True).parameters for name, group in types.items()}

    @functools.wraps(command)
    def run(**given: Any) -> None:
        for name, group in types.items():
            given[name] = group(**{option: given.pop(option) for option in groups[name]})
        command(**given)

    parameters = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in signature.parameters.items()
        for each in groups.get(name, {name: parameter}).values()
    ]
    # Typer reads both.
    vars(run)["__signature__"] = signature.replace(parameters=parameters)
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run
