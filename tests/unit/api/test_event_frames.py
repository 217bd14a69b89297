"""Frames of the event stream, and their topics."""

from __future__ import annotations

import orjson
import pytest

from app.core.activity.events import event_id
from app.services.api.events.frames import (
    MAX_TOPICS,
    NOTHING,
    FrameBatch,
    alive,
    frames_of,
    missing,
    opening,
    outage,
    parse_topics,
    reset,
)
from app.services.api.http.problems import HttpProblem

RUN = "01J00000000000000000000000"
TEXTS = [
    f"run.queued|a|{RUN}|1|1|",
    "run.queued|b|b@5|2|1|",
    "job.updated|a||1|2|",
    'incident.opened||||0|{"name":"x"}',
]


def batch() -> FrameBatch:
    return FrameBatch(frames_of([(f"{n}-0", ["e", text]) for n, text in enumerate(TEXTS, 1)]))


def ids(chunk: bytes) -> list[int]:
    lines = chunk.decode().splitlines()
    return [int(line.removeprefix("id: ").removesuffix("-0")) for line in lines if line.startswith("id: ")]


@pytest.mark.parametrize(
    "text", ["run", "run,job", "dead_letter", "job:a.b-c", f"run:{RUN}", "run:a@5", " run , job ", "run,"]
)
def test_topics_of_known_forms_are_taken(text: str) -> None:
    """A family, a job, a run; spaces and a comma too many do no harm."""
    assert parse_topics(text) == {part.strip() for part in text.split(",") if part.strip()}


@pytest.mark.parametrize("text", [None, "", ",", " "])
def test_no_topic_means_everything(text: str | None) -> None:
    """Nothing said is nothing left out."""
    assert parse_topics(text) == frozenset()


@pytest.mark.parametrize(
    "text", ["run.queued", "Run", "job:", "job:a/b", "run:a", "queue:x", ":", "a b", "run,ein§", "1run"]
)
def test_topics_of_unknown_forms_are_refused(text: str) -> None:
    """Each is a problem that points at the query."""
    with pytest.raises(HttpProblem) as refused:
        parse_topics(text)
    assert refused.value.problems[0].pointer == "/query/topics"


def test_topics_are_bounded() -> None:
    """A query with hundreds of topics is refused."""
    parse_topics(",".join(f"job:j{n}" for n in range(MAX_TOPICS)))
    with pytest.raises(HttpProblem):
        parse_topics(",".join(f"job:j{n}" for n in range(MAX_TOPICS + 1)))


@pytest.mark.parametrize(
    ("topics", "wanted"),
    [
        ("", [1, 2, 3, 4]),
        ("run", [1, 2]),
        ("incident", [4]),
        ("job:a", [1, 3]),
        ("run:b@5", [2]),
        (f"run,job:a,run:{RUN}", [1, 2, 3]),
        ("job:nobody", []),
    ],
)
def test_batch_gives_each_topic_its_events_once_and_in_order(topics: str, wanted: list[int]) -> None:
    """An event that fits several topics comes once."""
    assert ids(batch().chunk(parse_topics(topics))) == wanted


def test_batch_leaves_out_what_a_client_has() -> None:
    """If a client is ahead of the reader, it gets no event twice."""
    assert ids(batch().chunk(frozenset(), (2, 0, 1000))) == [3, 4]
    assert ids(batch().chunk(parse_topics("run"), (1, 5, 1000))) == [2]
    assert batch().chunk(frozenset(), (9, 0, 1000)) == b""


def test_batch_joins_what_many_want_once() -> None:
    """Clients of the same topics share the very bytes."""
    made = batch()
    assert made.chunk(parse_topics("run")) is made.chunk(parse_topics("run"))


def test_event_is_one_message() -> None:
    """id, type and the JSON of GET /events, on one line each."""
    (frame,) = frames_of([("7-3", ["e", f'run.success|a|{RUN}|12|3|{{"text":"one\\ntwo"}}'])])
    head, event, data, *rest = frame.data.decode().split("\n")
    assert (frame.id, head, event, rest) == (event_id("7-3"), "id: 7-3", "event: run.success", ["", ""])
    body = orjson.loads(data.removeprefix("data: "))
    assert (body["id"], body["status"], body["seq"], body["data"]) == (
        "7-3",
        "success",
        12,
        {"text": "one\ntwo"},
    )


@pytest.mark.parametrize("flat", [[], ["e"], ["e", "run.queued"], ["e", "a|b|c|x|1|"], ["e", "a|b|c|1|1|{"]])
def test_entry_that_cannot_be_read_is_left_out(flat: list[str]) -> None:
    """One malformed entry does not block the others."""
    good = ("2-0", ["e", TEXTS[0]])
    assert [frame.id for frame in frames_of([("1-0", flat), good])] == [event_id("2-0")]


def test_control_messages_are_complete() -> None:
    """Every block ends with an empty line and has the stream's position, if there is one."""
    blocks = [opening(None), opening("5-0"), alive("5-0"), reset("too_slow", "5-0"), outage(over=True)]
    assert all(block.endswith(b"\n\n") and b"\n\n" not in block[:-2] for block in blocks)
    assert [b"id: 5-0" in block for block in blocks] == [False, True, True, True, False]
    assert b"id" not in alive(NOTHING)
    # An empty id makes a browser forget the one that cannot be gone on from.
    assert reset("after_last", NOTHING).startswith(b"id:\nevent: reset\n")


@pytest.mark.parametrize(
    ("last_id", "first", "last", "reason"),
    [
        ("5-0", "5-0", "9-0", None),
        ("9-0", "5-0", "9-0", None),
        ("7", "5-0", "9-0", None),
        ("4-9", "5-0", "9-0", "before_first"),
        ("9-1", "5-0", "9-0", "after_last"),
        ("10-0", "5-0", "9-0", "after_last"),
        ("5-0", "", "", "after_last"),
        ("x", "5-0", "9-0", "malformed"),
        ("5-", "5-0", "9-0", "malformed"),
        ("５-0", "5-0", "9-0", "malformed"),
        ("9" * 40, "5-0", "9-0", "malformed"),
    ],
)
def test_ids_that_cannot_be_gone_on_from_have_a_reason(
    last_id: str, first: str, last: str, reason: str | None
) -> None:
    """Compared as numbers: 10 is behind 9."""
    assert missing(last_id, first, last) == reason
