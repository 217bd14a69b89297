"""Server-sent event frames (text/event-stream), and the topics of clients.

A topic is the part of a type before its dot (`run`), `job:<id>` or `run:<id>`; no topic means everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from fastapi import Query

from app.core.activity.events import event_id, events_of, parse_event
from app.core.errors import FieldProblem
from app.core.i18n import Language, _, render
from app.core.ids import is_run_id
from app.core.models import JOB_ID_PATTERN
from app.core.observability import get_logger
from app.services.api.events.view import HIDDEN_FAMILY
from app.services.api.http.problems import HttpProblem
from app.services.api.http.responses import dump
from app.services.api.schemas.platform import WITH_TEXT, EventBody

if TYPE_CHECKING:
    from app.core.activity.events import Entry, EventId

Topics: TypeAlias = "frozenset[str]"
TopicsQuery = Annotated[
    str | None,
    Query(
        max_length=4_096,
        description="Parts before the dot of types, `job:<id>`, `run:<id>`, comma-separated; none: all.",
        examples=["run,job:demo"],
    ),
]
MAX_TOPICS: Final = 50
NOTHING: Final = "0-0"
"""The id before every event."""
UNKNOWN: Final = "-"
"""In an id of several streams: of this one, what comes from now on."""
BEFORE_ALL: Final = (0, 0, 0)
RETRY_MS: Final = 2_000
COMMENT: Final = b": keep-alive\n\n"
_FAMILY: Final = re.compile(r"[a-z][a-z_]{0,31}")
_JOB_ID: Final = re.compile(JOB_ID_PATTERN)
_RESETS: Final = {
    "malformed": _("This id is not of this stream: load again."),
    "before_first": _("Events after this id are no longer kept: load again."),
    "after_last": _("The stream ends before this id: load again."),
    "too_slow": _("Events were left out, because they were not read in time: load again."),
}
_OUTAGE: Final = _("Redis is out of reach; events follow once it is back.")
_BACK: Final = _("Redis is back; nothing was left out.")

log = get_logger(__name__)


def parse_topics(text: str | None) -> Topics:
    """Return the topics of a query; 422 if one does not have the form of a topic."""
    topics = frozenset(part.strip() for part in (text or "").split(",") if part.strip())
    for topic in sorted(topics):
        if not _is_topic(topic):
            raise _refused(
                _("{topic!r} is no topic: a part before the dot, job:<id> or run:<id>", topic=topic[:64])
            )
    if len(topics) > MAX_TOPICS:
        raise _refused(_("at most {most} topics", most=MAX_TOPICS))
    return topics


def _is_topic(topic: str) -> bool:
    kind, colon, name = topic.partition(":")
    if not colon:
        return _FAMILY.fullmatch(topic) is not None
    return (kind == "job" and _JOB_ID.fullmatch(name) is not None) or (kind == "run" and is_run_id(name))


def _refused(message: str) -> HttpProblem:
    return HttpProblem("invalid_request", message, [FieldProblem("/query/topics", message, "invalid_topic")])


@dataclass(frozen=True, slots=True)
class Frame:
    """One event, ready to be sent."""

    id: EventId
    topics: tuple[str, ...]
    data: bytes
    indonesian: bytes
    job_id: str = ""
    """Empty if a key with a scope does not get it."""

    def block(self, language: Language) -> bytes:
        """Return the event for a reader of a language."""
        return self.indonesian if language == "id" else self.data


def frames_of(entries: Sequence[Entry], place_of: Callable[[str], str] = str) -> list[Frame]:
    """Return the events of entries as frames; one that cannot be read must not keep the rest from anybody.

    `place_of` returns the id from which a client resumes behind an event.
    """
    frames: list[Frame] = []
    for text_id, text in events_of(entries):
        try:
            frames.append(_frame(text_id, text, place_of(text_id)))
        except ValueError:
            log.warning("event cannot be read", id=text_id)
    return frames


def _frame(text_id: str, text: str, place: str) -> Frame:
    event = parse_event(text_id, text)
    head = f"id: {place}\nevent: {event.type}\ndata: ".encode()
    topics = (event.type.partition(".")[0], f"job:{event.job_id}", f"run:{event.run_id}")
    # JSON on one line: a line feed inside it would end the field.
    data = indonesian = b"%b%b\n\n" % (head, EventBody.of(event).model_dump_json().encode())
    if event.type in WITH_TEXT:
        indonesian = b"%b%b\n\n" % (head, EventBody.of(event, "id").model_dump_json().encode())
    job_id = "" if topics[0] == HIDDEN_FAMILY else event.job_id
    return Frame(event_id(text_id) or BEFORE_ALL, topics, data, indonesian, job_id)


def jobs_of(entries: Sequence[Entry]) -> set[str]:
    """Return the jobs that events of these entries are of."""
    parts = (text.split("|", 2) for _, text in events_of(entries))
    return {part[1] for part in parts if len(part) > 1 and part[1]}


class FrameBatch:
    """Events that were read together; what several clients want alike is joined once. Never empty."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = frames
        self._chunks: dict[tuple[Topics, Language], bytes] = {}
        self._places: dict[str, list[int]] | None = None

    def chunk(self, topics: Topics, after: EventId = BEFORE_ALL, language: Language = "en") -> bytes:
        """Return what these topics want of it, behind an id."""
        if self._frames[0].id <= after:
            return b"".join(frame.block(language) for frame in self._wanted(topics) if frame.id > after)
        kept = topics, language
        if kept not in self._chunks:
            self._chunks[kept] = b"".join(frame.block(language) for frame in self._wanted(topics))
        return self._chunks[kept]

    def chunk_of(
        self, jobs: frozenset[str], topics: Topics, after: EventId = BEFORE_ALL, language: Language = "en"
    ) -> bytes:
        """Return what these topics want of the events of some jobs, behind an id."""
        frames = (frame for frame in self._wanted(topics) if frame.id > after and frame.job_id in jobs)
        return b"".join(frame.block(language) for frame in frames)

    def _wanted(self, topics: Topics) -> Iterator[Frame]:
        if not topics:
            return iter(self._frames)
        by_topic = self._index()
        places = {place for topic in topics for place in by_topic.get(topic, ())}
        return (self._frames[place] for place in sorted(places))

    def _index(self) -> dict[str, list[int]]:
        # Many clients that each follow one run must not make each of them look at every event.
        if self._places is None:
            self._places = {}
            for place, frame in enumerate(self._frames):
                for topic in frame.topics:
                    self._places.setdefault(topic, []).append(place)
        return self._places


def joined_position(positions: Sequence[str]) -> str:
    """Return one id for the positions in all streams; of one stream it is the position itself."""
    return "_".join(positions) if any(each != NOTHING for each in positions) else NOTHING


def split_position(text: str, streams: int) -> list[str] | None:
    """Return the position in each stream that an id stands for; None if it is no id.

    An event's own id is a position in all streams, because their ids are comparable.
    """
    if text == NOTHING:
        return [NOTHING] * streams
    parts = text.split("_")
    if any(event_id(part) is None and not (streams > 1 and part == UNKNOWN) for part in parts):
        return None
    if len(parts) == 1:
        return parts * streams
    return parts if len(parts) == streams else None


def missing(last_id: str, first: str, last: str) -> str | None:
    """Return why a stream that keeps `first` to `last` cannot be resumed from an id; None if it can.

    Entries are kept or removed whole, so the place of an event in its entry does not count.
    """
    at, oldest, newest = event_id(last_id), event_id(first), event_id(last)
    if at is None:
        return "malformed"
    if oldest is None or newest is None or at[:2] > newest[:2]:
        return "after_last"
    return "before_first" if at[:2] < oldest[:2] else None


def opening(position: str | None) -> bytes:
    """Return what a stream begins with; given a position, a client that is cut off at once can go on."""
    place = "" if position is None else _place(position)
    return f"retry: {RETRY_MS}\n: events\n{place}\n".encode()


def alive(position: str) -> bytes:
    """Return a sign of life; by its id a client of rare topics resumes from now, not from its last event."""
    return f": keep-alive\n{_place(position)}\n".encode()


def reset(reason: str, position: str, language: Language = "en") -> bytes:
    """Return the event that tells a client to reload; the stream continues from `position`."""
    data = dump({"reason": reason, "text": render(_RESETS[reason], language)}).decode()
    # An empty id makes a client forget the one that it has.
    place = _place(position) or "id:\n"
    return f"{place}event: reset\ndata: {data}\n\n".encode()


def outage(*, over: bool, language: Language = "en") -> bytes:
    """Return the event about an outage of Redis, or about its end."""
    data = dump({"text": render(_BACK if over else _OUTAGE, language)}).decode()
    return f"event: {'recovered' if over else 'degraded'}\ndata: {data}\n\n".encode()


def _place(position: str) -> str:
    return "" if position == NOTHING else f"id: {position}\n"
