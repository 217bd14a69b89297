"""What `multi-job apply` does with each spec: asks the server what a save would change, then saves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import httpx

from app.cli.output import CliError
from app.cli.spec_files import FileSpec
from app.cli.spec_order import targets_first

if TYPE_CHECKING:
    from app.cli.client import Client

REFUSED = "refused"
MOST_ASSUMED = 1_000
MOST_VALUES = 8_000
"""The API reads 1,000 members in an object and 10,000 values in a body; the spec itself needs some."""
# What is wrong with one spec; any other refusal would meet the next one as well.
_OF_THE_SPEC = frozenset(
    {
        httpx.codes.BAD_REQUEST.value,
        httpx.codes.NOT_FOUND.value,
        httpx.codes.CONFLICT.value,
        httpx.codes.PRECONDITION_FAILED.value,
        httpx.codes.REQUEST_ENTITY_TOO_LARGE.value,
        httpx.codes.UNPROCESSABLE_ENTITY.value,
    }
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a spec, or would: created, updated, unchanged, refused."""

    job_id: str
    file: str
    change: str
    changes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """`{path, from, to}` each."""
    errors: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """`{pointer, message, code}` each."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Applier:
    """Applies specs one after the other; a dry run takes those before for saved, as they would be."""

    def __init__(self, client: Client, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self._assumed: dict[str, list[str]] = {}

    def apply(self, found: Sequence[FileSpec]) -> Iterator[Applied]:
        """Yield what becomes of each; CliError where the API or the key is what fails."""
        yield from (_unreadable(each) for each in found if each.trouble)
        sound = [each for each in found if not each.trouble]
        places = {id(each.spec): each for each in sound}
        for spec in targets_first([each.spec for each in sound]):
            yield self._one(places[id(spec)])

    def _one(self, found: FileSpec) -> Applied:
        try:
            stored = self._client.find(_path(found)) if found.job_id else None
            # What a file leaves open stays as it is stored: a job that was switched off stays off.
            whole: dict[str, Any] = {**(stored or {}), **found.spec}
            checked = self._client.post("/jobs/check", {"spec": whole, "assume": self._assumed_for(whole)})
            self._save(found, whole, checked)
        except CliError as error:
            if error.status not in _OF_THE_SPEC:
                raise
            return Applied(found.job_id, found.file, REFUSED, errors=error.problems)
        return Applied(found.job_id, found.file, checked["change"], checked["changes"])

    def _assumed_for(self, spec: dict[str, Any]) -> dict[str, list[str]]:
        """Return the specs before that the check needs: those that the chains reach first."""
        # Nothing but its chains depends on other jobs, and there may be thousands of them.
        ahead = [*_names(spec.get("on_success")), *_names(spec.get("on_failure"))]
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
            # Saved by somebody else since the look: what was compared is no longer what is replaced.
            self._client.put(_path(found), whole, if_match=f'"v{checked["version"]}"')


def _names(value: object) -> list[str]:
    # The API refuses a value that is no list of names, with a message.
    listed = cast("list[object]", value) if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, str)]


def _path(found: FileSpec) -> str:
    return f"/jobs/{quote(found.job_id, safe='')}"


def _unreadable(found: FileSpec) -> Applied:
    problem = {"pointer": "", "message": found.trouble, "code": "unreadable"}
    return Applied(found.job_id, found.file, REFUSED, errors=[problem])
