"""A run's log on the command line: lines and errors of attempts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from app.cli.client import Client
from app.cli.output import instant, warn
from app.core.i18n import _

_INDENT = "    "


class RunLogReader:
    """Reads a run's log a part at a time; filters are those of `GET /runs/{run_id}/logs`."""

    def __init__(self, client: Client, run_id: str, *, level: str | None, search: str | None) -> None:
        self._client = client
        self._path = f"/runs/{run_id}"
        self._level = level
        self._search = search
        self._cursor: str | None = None
        self._errors_to = 0
        self.is_complete = False
        """The run has ended and all of its lines were returned."""

    def part(self) -> Iterator[dict[str, Any]]:
        """Yield the new lines, up to the last one that is stored.

        The error of a failed attempt is a line of level `error` after the lines of the attempt; its text
        has the traceback.
        """
        more = True
        while more and not self.is_complete:
            lines, headers = self._client.part(
                f"{self._path}/logs", after=self._cursor, level=self._level, q=self._search
            )
            if headers["X-Log-Truncated"] == "true":
                warn(_("Lines are missing here: the log was too long."))
            self._cursor, more = headers["X-Next-Cursor"], "Link" in headers
            self.is_complete = headers["X-Log-Complete"] == "true"
            errors = self._errors()
            for line in cast("list[dict[str, Any]]", lines):
                yield from (errors.pop(number) for number in sorted(errors) if number < line["attempt"])
                yield line
            if not more:
                yield from (errors[number] for number in sorted(errors))
            elif errors:
                self._errors_to = min(errors) - 1

    def succeeded(self) -> bool:
        """Return whether the run has succeeded."""
        return bool(self._client.get(self._path)["status"] == "success")

    def _errors(self) -> dict[int, dict[str, Any]]:
        """Return the errors of attempts that were not returned yet, by attempt, as far as the filters go."""
        attempts = [
            each
            for each in self._client.get(self._path)["attempts"]
            if each["attempt"] > self._errors_to and each["error"]
        ]
        self._errors_to = max([self._errors_to, *(each["attempt"] for each in attempts)])
        lines = {each["attempt"]: _error_line(each) for each in attempts}
        return {number: line for number, line in lines.items() if self._accepts(line)}

    def _accepts(self, line: dict[str, Any]) -> bool:
        text = " ".join([line["message"], line["fields"].get("traceback", "")]).lower()
        return self._level != "critical" and (not self._search or self._search.lower() in text)


def line_text(line: dict[str, Any]) -> str:
    """Return a line for people; a traceback follows on lines of its own."""
    fields = dict(line["fields"])
    trace = str(fields.pop("traceback", "")) if line["level"] in {"error", "critical"} else ""
    shown = " ".join(f"{name}={value}" for name, value in fields.items())
    head = f"{instant(line['at'])} {line['level']:<7} {line['message']} {shown}".rstrip()
    return "\n".join([head, *(_INDENT + each for each in trace.splitlines())])


def _error_line(attempt: dict[str, Any]) -> dict[str, Any]:
    error = cast("dict[str, Any]", attempt["error"])
    kind = error.get("type") or error.get("code", "")
    fields = {"traceback": error["traceback"]} if error.get("traceback") else {}
    return {
        "at": attempt["ended_at"],
        "level": "error",
        "message": f"attempt {attempt['attempt']} failed: {kind}: {error.get('message', '')}",
        "fields": fields,
        "attempt": attempt["attempt"],
    }
