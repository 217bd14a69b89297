from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from app.core import observability
from app.core.errors import ConfigurationError
from app.core.observability import (
    add_redactor,
    configure_logging,
    get_logger,
    instance_name,
)

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Set logging up for one test; return what reads the lines so far."""
    root = logging.getLogger()
    before = list(root.handlers), root.level
    configure_logging("worker", "worker-h-1-abcd", "INFO")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers, root.level = before
    structlog.reset_defaults()


def test_a_line_carries_who_when_and_what(lines: Lines) -> None:
    """Each line is one JSON object with the fixed fields first."""
    get_logger("x").info("claimed", count=3)
    (line,) = lines()
    assert list(line)[:5] == ["ts", "level", "service", "instance", "event"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("ts"))
    assert line == {
        "level": "info",
        "service": "worker",
        "instance": "worker-h-1-abcd",
        "event": "claimed",
        "count": 3,
        "logger": "x",
    }


def test_context_ids_are_on_our_lines_and_on_those_of_libraries(lines: Lines) -> None:
    """Within a context both kinds of logger name the run; behind it neither does."""
    with structlog.contextvars.bound_contextvars(run_id="r1", job_id="j1", trace_id="t1"):
        get_logger("x").info("ours")
        logging.getLogger("some.library").warning("theirs %d", 7)
    get_logger("x").info("after")
    ours, theirs, after = lines()
    assert theirs["event"] == "theirs 7"
    for line in (ours, theirs):
        assert (line["run_id"], line["job_id"], line["trace_id"]) == ("r1", "j1", "t1")
    assert "run_id" not in after


def test_lines_below_the_level_are_not_written(lines: Lines) -> None:
    """LOG_LEVEL counts for our loggers and for those of libraries."""
    get_logger("x").debug("no")
    logging.getLogger("lib").debug("no")
    assert lines() == []


def test_an_exception_brings_its_traceback_in_the_same_line(lines: Lines) -> None:
    """A traceback never breaks a line into several."""
    try:
        int("of two\nlines")
    except ValueError:
        get_logger("x").exception("failed")
    (line,) = lines()
    assert line["exception"].startswith("Traceback")
    assert "ValueError: invalid literal" in line["exception"]


def test_strange_values_do_not_lose_the_line(lines: Lines) -> None:
    """Whatever a handler logs, a line of valid JSON comes out."""

    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError("no text")

    deep: list[Any] = []
    deep.append(deep)
    values: dict[str, Any] = {"nan": float("nan"), "big": 2**80, "odd": "\ud800", "raw": b"\x00"}
    get_logger("x").info("strange", broken=Broken(), deep=deep, **values)
    (line,) = lines()
    assert line["nan"] == "nan"
    assert line["big"] == str(2**80)
    assert line["odd"] == "\ud800"
    assert line["raw"] == "b'\\x00'"
    assert "RuntimeError" in line["broken"]


def test_a_redactor_sees_every_text(lines: Lines) -> None:
    """Messages, nested values, keys, reprs, tracebacks and library lines all pass it."""

    def mask(text: str) -> str:
        return text.replace("hunter2", "***")

    class Holder:
        def __repr__(self) -> str:
            return "Holder(hunter2)"

    add_redactor(mask)
    try:
        get_logger("x").info("a hunter2", nested={"hunter2": ["hunter2"]}, held=Holder())
        logging.getLogger("lib").warning("with %s", "hunter2")
        try:
            int("hunter2")
        except ValueError:
            get_logger("x").exception("failed")
    finally:
        observability._redactors.remove(mask)
    found = lines()
    assert len(found) == 3
    assert "hunter2" not in json.dumps(found)
    assert found[0]["nested"] == {"***": ["***"]}


def test_a_failing_redactor_hides_the_text(lines: Lines) -> None:
    """What could not be redacted does not get out."""

    def broken(_text: str) -> str:
        raise RuntimeError("oops")

    add_redactor(broken)
    try:
        get_logger("x").info("secret words")
    finally:
        observability._redactors.remove(broken)
    (line,) = lines()
    assert "secret" not in json.dumps(line)
    assert "<redaction failed with RuntimeError>" in line.values()


def test_a_second_setup_replaces_the_first_and_leaves_other_handlers(lines: Lines) -> None:
    """No line is written twice, and a handler of somebody else stays."""
    other = logging.NullHandler()
    logging.getLogger().addHandler(other)
    configure_logging("api", "api-h-1-abcd")
    get_logger("x").info("once")
    assert [line["service"] for line in lines()] == ["api"]
    assert other in logging.getLogger().handlers


def test_uvicorn_lines_come_once_and_as_json(lines: Lines) -> None:
    """The server configures its own handlers before the application is imported; they are taken off."""
    access = logging.getLogger("uvicorn.access")
    access.addHandler(logging.StreamHandler())
    access.propagate = False
    configure_logging("api", "api-h-1-abcd")
    access.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/healthz", "1.1", 200)
    assert [line["event"] for line in lines()] == ['127.0.0.1:1 - "GET /healthz HTTP/1.1" 200']


def test_an_unknown_level_is_a_configuration_error() -> None:
    """The message names the variable and what it may be."""
    with pytest.raises(ConfigurationError, match=r"LOG_LEVEL='LOUD'.*DEBUG"):
        configure_logging("api", "api-h-1-abcd", "LOUD")


def test_instance_names_differ_and_say_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two starts never share a name, and any host makes a name without odd characters."""
    monkeypatch.setattr(observability.socket, "gethostname", lambda: "Büro_PC.with-a-long-name.example")
    first, second = instance_name("worker"), instance_name("worker")
    assert first != second
    assert re.fullmatch(r"worker-[A-Za-z0-9-]{1,12}-\d+-[0-9a-f]{4}", first)
