"""`multi-job apply`: creates and changes jobs from spec files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from httpx import codes

from app.cli.client import Client
from app.cli.download import progress
from app.cli.options import Json
from app.cli.output import STYLES, CliError, Part, printed_json, say
from app.cli.spec_files import FileSpec, chain_targets, read_files, targets_first
from app.core.i18n import _

# What `multi-job apply` does with each spec: asks the server what a save would change, then saves it.

REFUSED = "refused"
MOST_ASSUMED = 1_000
MOST_VALUES = 8_000
"""The API accepts 1,000 members in an object and 10,000 values in a body; the spec itself needs some."""
# Codes that concern one spec; any other refusal would repeat for the next one.
_OF_THE_SPEC = frozenset(
    {
        *(codes.BAD_REQUEST, codes.NOT_FOUND, codes.CONFLICT, codes.PRECONDITION_FAILED),
        *(codes.REQUEST_ENTITY_TOO_LARGE, codes.UNPROCESSABLE_ENTITY),
    }
)


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """The outcome of one spec, real or simulated: created, updated, unchanged, refused."""

    job_id: str
    file: str
    change: str
    changes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """`{path, from, to}` each."""
    errors: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """`{pointer, message, code}` each."""


class Applier:
    """Applies specs in order; a dry run treats the earlier ones as saved."""

    def __init__(self, client: Client, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self._assumed: dict[str, list[str]] = {}

    def apply(self, found: Sequence[FileSpec]) -> Iterator[ApplyResult]:
        """Yield the outcome of each spec; raises CliError if the API fails or refuses the key."""
        yield from (_unreadable(each) for each in found if each.trouble)
        for each in targets_first([each for each in found if not each.trouble]):
            yield self._one(each)

    def _one(self, found: FileSpec) -> ApplyResult:
        try:
            stored = self._client.find(_path(found)) if found.job_id else None
            # A field that the file leaves out keeps its stored value: a disabled job stays disabled.
            whole: dict[str, Any] = {**(stored or {}), **found.spec}
            checked = self._client.post("/jobs/check", {"spec": whole, "assume": self._assumed_for(whole)})
            self._save(found, whole, checked)
        except CliError as error:
            if error.status not in _OF_THE_SPEC:
                raise
            return ApplyResult(found.job_id, found.file, REFUSED, errors=error.problems)
        return ApplyResult(found.job_id, found.file, checked["change"], checked["changes"])

    def _assumed_for(self, spec: dict[str, Any]) -> dict[str, list[str]]:
        """Return the earlier specs that the check needs: those that the chains reach first."""
        # Only the chains depend on other jobs, and there may be thousands of specs.
        ahead = chain_targets(spec)
        if not ahead:
            return {}
        reached: dict[str, list[str]] = {}
        while ahead:
            name = ahead.pop()
            if name in self._assumed and name not in reached:
                reached[name] = self._assumed[name]
                ahead += reached[name]
        room = MOST_VALUES
        chosen: dict[str, list[str]] = {}
        for name, targets in (reached | self._assumed).items():
            room -= 1 + len(targets)
            if room < 0 or len(chosen) == MOST_ASSUMED:
                break
            chosen[name] = targets
        return chosen

    def _save(self, found: FileSpec, whole: dict[str, Any], checked: dict[str, Any]) -> None:
        spec = checked["spec"]
        if self._dry_run:
            self._assumed[spec["job_id"]] = [*spec["on_success"], *spec["on_failure"]]
        elif checked["change"] == "created":
            self._client.post("/jobs", found.spec)
        elif checked["change"] == "updated":
            # Another client saved it after the comparison, so the shown difference is outdated.
            self._client.put(_path(found), whole, if_match=f'"v{checked["version"]}"')


def _path(found: FileSpec) -> str:
    return f"/jobs/{quote(found.job_id, safe='')}"


def _unreadable(found: FileSpec) -> ApplyResult:
    problem = {"pointer": "", "message": found.trouble, "code": "unreadable"}
    return ApplyResult(found.job_id, found.file, REFUSED, errors=[problem])


Paths = Annotated[
    list[Path], typer.Argument(help="Files, or folders of files: .json, .yaml, .yml.", exists=True)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the changes without making them.")]
_MOST_CHARS = 200
_WORDS = {
    "created": _("created"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    REFUSED: _("refused"),
}


def apply(paths: Paths, *, dry_run: DryRun = False, _json: Json = False) -> None:
    """Create and change jobs from spec files; applying the same files again changes nothing.

    Fields that a file leaves out keep their stored values. Exits with 1 if a spec was refused.
    """
    found = read_files(paths)
    applied: list[ApplyResult] = []
    try:
        with progress("apply", len(found)) as bar:
            for each in Applier(Client(), dry_run=dry_run).apply(found):
                applied.append(each)
                bar(len(applied))
    finally:
        # Also if the API failed in the middle: earlier saves remain.
        _show(applied, dry_run=dry_run)
    if any(each.change == REFUSED for each in applied):
        raise typer.Exit(1)


def _show(applied: list[ApplyResult], *, dry_run: bool) -> None:
    if printed_json([asdict(each) for each in applied]):
        return
    # Refusals come last, because people see the end of a long list.
    for each in sorted(applied, key=lambda each: each.change == REFUSED):
        for line in _lines(each):
            say(*line)
    counts = Counter(each.change for each in applied)
    summary = ", ".join(f"{counts[word]} {text}" for word, text in _WORDS.items() if counts[word])
    say((summary or _("No specs there.")) + (" (dry run)" if dry_run and summary else ""))


def _lines(applied: ApplyResult) -> list[list[Part]]:
    style = STYLES.get(applied.change, "")
    head: list[Part] = [(f"{applied.change:<9}", style), f" {applied.job_id or '–'}  {applied.file}"]
    # A new job equals its file.
    shown = applied.changes if applied.change == "updated" else []
    return [head, *map(difference, shown), *map(_problem, applied.errors)]


def difference(change: dict[str, Any]) -> list[Part]:
    """Return a changed field as a line: the old value and the new one."""
    old, new = (_short(change[side]) for side in ("from", "to"))
    return [f"  {change['path']}: ", (old, "red"), " → ", (new, "green")]


def _short(value: Any) -> str:
    text = "–" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]}…"


def _problem(problem: dict[str, Any]) -> list[Part]:
    return [(f"  {problem['pointer'] or '/'}: {problem['message']}", "red")]
