"""Rows of lists of runs: JSON text, written from the stored hashes.

The fields are those of RunBody, in its order; how each is read follows from RunRecord. Records, models and
their JSON between the two would take three times as long. Parts that are stored as JSON stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_type_hints

import orjson

from app.core.clock import rfc3339
from app.core.i18n.stored import BESIDE, read_error
from app.core.models import TERMINAL, RunStatus
from app.core.monitors.models import is_monitor
from app.core.records import RunRecord
from app.core.runs.store import queued_text, waiting_for_type
from app.services.api.schemas.monitors import MonitorBriefBody
from app.services.api.schemas.runs import FoundBody, MovedBody, RunBody, shown_error

if TYPE_CHECKING:
    from app.core.monitors.models import MonitorBrief
    from app.core.records import Stored

_STATUSES: Final = {status.value: f'"{status.value}"' for status in RunStatus}
_TERMINAL: Final = frozenset(status.value for status in TERMINAL)
_SUCCESS, _QUEUED = RunStatus.SUCCESS.value, RunStatus.QUEUED.value
_DERIVED: Final = frozenset(
    {"queued_at", "waiting_for", "started_at", "ended_at", "worker", "attempt", "actor"}
)
"""Not always stored as they are shown, or of most runs."""
_DIGITS: Final = 13
_EMPTY: Final = '""'


class _Column(NamedTuple):
    start: str
    """The name as JSON, behind the comma."""
    stored: str
    write: Callable[[str], str] | None
    """Writes the stored text as JSON; None if it is JSON."""
    absent: str | None
    """The name and the value of a run that has no such field; None if each has it."""


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


# The instants of a run are often within one second.
@lru_cache(maxsize=4_096)
def _second(epoch_sec: str) -> str:
    return rfc3339(int(epoch_sec) * 1000)[:19]


def _instant(text: str) -> str:
    # All instants from 2001 to 2286 have 13 digits.
    return f'"{_second(text[:10])}.{text[10:]}Z"' if len(text) == _DIGITS else f'"{rfc3339(int(text))}"'


def _moved(text: str) -> str:
    found = MovedBody.of(orjson.loads(text))
    return "null" if found is None else _text(found.model_dump(mode="json", by_alias=True))


def _error(text: str | None) -> str:
    # An error with a message of the platform is in the reader's language, any other as it is stored.
    if text is None or BESIDE not in text:
        return text or "null"
    return _text(shown_error(read_error(text)))


def _cached(read: Callable[[str], Any]) -> Callable[[str], str]:
    @lru_cache(maxsize=256)
    def write(text: str) -> str:
        return _text(read(text))

    return write


def _true(_text: str) -> str:
    return "true"


def _column(name: str, kind: Any, mark: Stored) -> _Column:
    start = f',"{name}":'
    absent = None if mark.absent is ... else start + _text(mark.absent)
    read = mark.read
    write: Callable[[str], str] | None = None
    if name == "status":
        write = _STATUSES.__getitem__
    elif name == "moved":
        write = _moved
    elif name == "error":
        write = _error
    elif name.endswith("_at"):
        write = _instant
    elif read is not None:
        # Retry policies, chains and lanes, of which a page has few.
        write = _cached(read)
    elif kind is bool:
        write = _true
    elif kind in (str, str | None):
        write = encode_basestring
    return _Column(start, mark.name, write, absent)


def _columns() -> Iterable[_Column]:
    hints = get_type_hints(RunRecord, include_extras=True)
    for name in RunBody.model_fields:
        hint = hints.get("slot_ms" if name == "slot_at" else name)
        if name not in _DERIVED and (marks := getattr(hint, "__metadata__", None)) is not None:
            yield _column(name, getattr(hint, "__origin__", None), marks[0])


_COLUMNS: Final = tuple(_columns())
# Of every run, and those that most runs lack: with the latter one by one a row took half as long again.
_ALWAYS: Final = tuple((each.stored, each.write) for each in _COLUMNS if each.absent is None)
_ROW: Final = '{"run_id":"%s"' + "".join(f"{each.start}%s" for each in _COLUMNS if each.absent is None)
_RARE: Final = tuple(each for each in _COLUMNS if each.absent is not None)
_RARE_NAMES: Final = frozenset(each.stored for each in _RARE)
_NONE_RARE: Final = "".join(each.absent or "" for each in _RARE)


def run_row(run_id: str, h: Mapping[str, str], briefs: Mapping[str, MonitorBrief]) -> str:
    """Return a RunBody as JSON, in the reader's language; KeyError if the hash lacks a field of every run.

    `briefs`: the states of the monitors among the jobs.
    """
    if "" in h.values():
        h = {name: text for name, text in h.items() if text}
    values = [write(h[stored]) if write is not None else h[stored] for stored, write in _ALWAYS]
    rare = _NONE_RARE if _RARE_NAMES.isdisjoint(h) else "".join([_rare(h, each) for each in _RARE])
    return f"{_ROW % (run_id, *values)}{rare}{_derived(h, briefs.get(h['job']))}"


def _rare(h: Mapping[str, str], column: _Column) -> str:
    if not (text := h.get(column.stored)):
        return column.absent or ""
    return column.start + (text if column.write is None else column.write(text))


def _derived(h: Mapping[str, str], brief: MonitorBrief | None) -> str:
    """Return the fields that are not stored, and the end of the row."""
    status, output, started, ended = h["status"], h.get("output") or "null", h.get("started"), h.get("ended")
    duration = int(ended) - int(started) if started and ended else "null"
    waiting, result, found, monitor = h.get("waiting", ""), "null", "null", "null"
    if status == _QUEUED and not waiting:
        waiting = waiting_for_type(h.get("lane", ""))
    if status in _TERMINAL:
        is_success = status == _SUCCESS
        error = "null" if is_success else _error(h.get("error"))
        success = "true" if is_success else "false"
        result = f'{{"success":{success},"output":{output},"error":{error},"duration_ms":{duration}}}'
        if is_monitor(h["type"]) and (body := FoundBody.of(orjson.loads(output))) is not None:
            found = body.model_dump_json()
    if brief is not None:
        monitor = MonitorBriefBody.of(brief).model_dump_json()
    queued = _instant(text) if (text := queued_text(h)) else "null"
    shown = _text(waiting) if waiting else _EMPTY
    worker, actor = h.get("worker"), h.get("actor")
    return (
        f',"actor":{_text(actor) if actor else _EMPTY},"queued_at":{queued}'
        f',"started_at":{_instant(started) if started else "null"}'
        f',"ended_at":{_instant(ended) if ended else "null"},"worker":{_text(worker) if worker else _EMPTY}'
        f',"attempt":{h.get("attempt") or 0},"duration_ms":{duration},"waiting_for":{shown},"result":{result}'
        f',"found":{found},"monitor":{monitor}}}'
    )
