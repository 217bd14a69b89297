"""Options that choose runs, and the search itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.download import progress
from app.cli.output import UsageError
from app.core.clock import SystemClock
from app.core.i18n import _
from app.core.models import RunStatus

if TYPE_CHECKING:
    from app.cli.client import Client

Job = Annotated[
    str | None, typer.Option("--job", "-j", help="Only runs of this job, or of a pattern: 'monitor-*'.")
]
Status = Annotated[
    str | None, typer.Option("--status", "-s", help="Only runs in this status, or several: failed,cancelled.")
]
JobType = Annotated[str | None, typer.Option("--type", help="Only runs of this job type.")]
Tag = Annotated[str | None, typer.Option("--tag", help="Only runs of jobs that have this tag now.")]
Trace = Annotated[str | None, typer.Option("--trace", help="Only runs of this trace id.")]
Search = Annotated[
    str | None, typer.Option("--search", "-q", help="Text in an id, error, input or output, ignoring case.")
]
Since = Annotated[str | None, typer.Option("--since", help="Created since: 90m, 24h, 7d, or RFC 3339.")]
Until = Annotated[str | None, typer.Option("--until", help="Created before: 90m, 24h, 7d, or RFC 3339.")]

_AGO = re.compile(r"(\d{1,9})([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class RunChoice:
    """The runs that a command acts on, as its options select them."""

    job: str | None = None
    status: str | None = None
    job_type: str | None = None
    tag: str | None = None
    trace: str | None = None
    search: str | None = None
    since: str | None = None
    until: str | None = None

    def query(self) -> dict[str, Any]:
        """Return the parts of the API's filter that are given."""
        parts = {
            "job_id": self.job,
            "status": None if self.status is None else _states(self.status),
            "type": self.job_type,
            "tag": self.tag,
            "trace_id": self.trace,
            "q": self.search,
            "since": _moment("--since", self.since),
            "until": _moment("--until", self.until),
        }
        return {name: value for name, value in parts.items() if value is not None}

    def require(self, *, everything: bool, others: bool = False) -> None:
        """Raise UsageError unless runs are chosen: by a filter, or all of them."""
        if others:
            raise UsageError(_("--inputs, --delay and --wait are for one run: name it."))
        if bool(self.query()) == everything:
            raise UsageError(_("Name a run, or choose runs by --job, --search and so on, or all by --all."))

    def refuse(self, run_id: str, *, others: bool) -> None:
        """Raise UsageError if filters are given together with a run id."""
        if self.query() or others:
            raise UsageError(
                _(
                    "Run {run_id!r} is named: filters, --all and --dry-run are for all that match.",
                    run_id=run_id,
                )
            )


def search_runs(client: Client, choice: RunChoice, limit: int, *, as_json: bool) -> Iterator[dict[str, Any]]:
    """Yield up to `limit` runs, newest first; a search prints its progress on stderr."""
    searched = 0
    with progress("…", None, as_json=as_json) as bar:

        def show(headers: Any) -> None:
            nonlocal searched
            total = searched + int(headers.get("X-Search-Total", 0))
            searched += int(headers.get("X-Searched-Count", 0))
            if searched:
                bar(
                    searched,
                    total,
                    _("searched {searched:,} of {total:,} runs", total=total, searched=searched),
                )

        yield from client.pages("/runs", limit, on_page=show, **choice.query())


def _states(text: str) -> list[str]:
    names, known = [name.strip() for name in text.split(",")], [status.value for status in RunStatus]
    for name in names:
        if name not in known:
            raise UsageError(_("{name!r} is no status: {known}.", name=name, known=", ".join(known)))
    return names


def _moment(option: str, text: str | None) -> str | None:
    if text is None:
        return None
    ago = _AGO.fullmatch(text)
    try:
        if ago is not None:
            moment = SystemClock().now() - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        pass
    raise UsageError(
        _(
            "{option} {text!r}: give a length of time such as 24h or 7d, or RFC 3339 with a zone "
            "such as 2026-01-31T07:00:00+07:00.",
            option=option,
            text=text,
        )
    )
