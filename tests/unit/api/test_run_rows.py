"""Rows of runs are written by hand, and are what the models would have made of them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.core.execution.outcome import error_json, timed_out
from app.core.i18n import _, reader_language
from app.core.i18n.stored import with_message
from app.core.monitors.models import MonitorBrief
from app.core.runs.store import run_record_of
from app.services.api.http.router import DEFAULT_LIMIT, plain_paging
from app.services.api.routes.runs import with_monitor
from app.services.api.schemas.run_rows import run_row
from app.services.api.schemas.runs import RunBody

RUN_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
NEW = {
    "job": "a",
    "seq": "7",
    "type": "test.load",
    "version": "2",
    "inputs": '{"x":1}',
    "source": "api",
    "trace": "0" * 32,
    "pri": "normal",
    "timeout": "1000",
    "rev": "3",
    "created": "1795777863416",
    "status": "queued",
}
ENDED = {
    **NEW,
    "status": "success",
    "started": "1795777863500",
    "ended": "1795777864000",
    "output": '{"n":[1]}',
}
ERROR = orjson.dumps(
    {"kind": "timeout", "code": "timed_out", "message": "too long", "retryable": True, "at": 5}
).decode()
TIMED_OUT = error_json(timed_out(1_000, abandoned=False), 5, retryable=True)
DOWN = orjson.dumps(
    {"state": "down", "reason": "silent", **with_message("detail", _("no ping came in time"))}
).decode()
FOUND = '{"state":"degraded","reason":"slow","detail":"900 ms, more than 500 ms"}'
HASHES = {
    "waits": {**NEW, "queued": "1795777863417", "waiting": "user:shop"},
    "waits for a type": {**NEW, "lane": "normal@test.load"},
    "of a queue": {**NEW, "pri": "slow:high", "actor": "rina", "retry": '{"max_retry":9}'},
    "ready at once": {**ENDED, "lane": "normal"},
    "of 1970": {**NEW, "created": "5", "queued": "999999999999"},
    "scheduled": {**NEW, "status": "scheduled", "due": "1795777999999"},
    "of a slot": {
        **NEW,
        "slot": "1795777863000",
        "moved": '{"from":1795777860000,"reason":"skip:weekday:6"}',
    },
    "runs": {
        **NEW,
        "status": "running",
        "started": "1795777863500",
        "worker": "w",
        "attempt": "2",
        "cancel": "1",
    },
    "with progress": {
        **NEW,
        "status": "running",
        "progress": '{"done":0.5}',
        "releases": "1",
        "crashes": "1",
    },
    "succeeded": ENDED,
    "failed": {**ENDED, "status": "failed", "error": ERROR, "failures": "3", "dead": "1", "output": ""},
    "timed out": {**ENDED, "status": "failed", "error": TIMED_OUT, "output": ""},
    "of a monitor that is down": {**ENDED, "type": "monitor.http", "output": DOWN},
    "of a chain": {**ENDED, "chain": '{"p":"b@5","d":2}', "rerun_of": "b@4"},
    "of a monitor": {**ENDED, "type": "monitor.http", "output": FOUND},
    "of a monitor without a finding": {**ENDED, "type": "monitor.http"},
}
OTHERS = (
    *(b"limit=0", b"limit=501", b"limit=1000", b"limit=", b"limit=+5", b"limit=%35", b"LIMIT=5"),
    *(b"limit=5&limit=5", b"limit=5&", b"&limit=5", b"limit=5&status=failed", b"status=failed"),
    b"cursor=9007199254740993",
)
BRIEF = MonitorBrief("down", 1795777863000, "no_ping", "inc1", "no ping came in time", 0.5, 3)


@pytest.mark.parametrize("stored", HASHES.values(), ids=HASHES.keys())
@pytest.mark.parametrize("language", ["en", "id"])
def test_a_row_of_a_list_is_what_its_model_makes_of_it(stored: dict[str, str], language: Any) -> None:
    """All fields in every state, with and without a monitor, in the reader's language."""
    briefs, token = {"a": BRIEF}, reader_language.set(language)
    try:
        for known in ({}, briefs):
            body = with_monitor(RunBody.model_validate(run_record_of(RUN_ID, stored, [])), known)
            row = orjson.loads(run_row(RUN_ID, stored, known))
            assert row == body.model_dump(mode="json", by_alias=True)
    finally:
        reader_language.reset(token)


def test_a_row_has_messages_of_the_platform_in_the_language_of_the_reader() -> None:
    """A handler's text that is equal stays; the id is not shown."""
    reader_language.set("id")
    error = orjson.loads(run_row(RUN_ID, HASHES["timed out"], {}))["error"]
    assert error["message"] == "melewati batas waktu 1.000 ms"
    assert "message_origin" not in error
    found = orjson.loads(run_row(RUN_ID, HASHES["of a monitor that is down"], {}))["found"]
    assert found["detail"] == "ping tidak datang tepat waktu"
    plain = {**orjson.loads(TIMED_OUT), "message_origin": None, "message": "timed out after 1,000 ms"}
    stored = {**HASHES["timed out"], "error": orjson.dumps(plain).decode()}
    assert orjson.loads(run_row(RUN_ID, stored, {}))["error"]["message"] == "timed out after 1,000 ms"


@pytest.mark.parametrize("name", [*NEW])
def test_a_hash_that_lacks_a_field_of_every_run_is_refused(name: str) -> None:
    """Absent and empty alike: nothing is made up for it."""
    for damaged in ({each: text for each, text in NEW.items() if each != name}, {**NEW, name: ""}):
        with pytest.raises(KeyError, match=name):
            run_row(RUN_ID, damaged, {})


def test_an_unknown_status_is_refused() -> None:
    """A record that a later version has written is not shown as another state."""
    with pytest.raises(KeyError, match="held"):
        run_row(RUN_ID, {**NEW, "status": "held"}, {})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (b"", (None, DEFAULT_LIMIT)),
        (b"limit=100", (None, 100)),
        (b"limit=100&cursor=7", (7, 100)),
        (b"cursor=7&limit=500", (7, 500)),
        (b"cursor=7", (7, DEFAULT_LIMIT)),
        *((query, None) for query in (b"limit=0", b"limit=501", b"limit=1000", b"limit=", b"limit=+5")),
        *(
            (query, None)
            for query in (b"limit=5&limit=5", b"limit=5&", b"&limit=5", b"limit=%35", b"LIMIT=5")
        ),
        *(
            (query, None)
            for query in (b"status=failed", b"limit=5&status=failed", b"cursor=9007199254740993")
        ),
    ],
)
def test_a_plain_query_has_a_valid_limit_and_cursor_alone(query: bytes, found: object) -> None:
    """Every other query goes to the route that checks all parameters."""
    assert plain_paging(query) == found
