"""Texts in records: a message of the platform is read back as one, any other text as it was written."""

from __future__ import annotations

import orjson
import pytest

from app.core.errors import JobNotFound
from app.core.execution.outcome import Failure, error_json, failure_of, timed_out
from app.core.i18n import Message, _, concat, join_list, ngettext, number, render
from app.core.i18n.stored import (
    cut,
    decoded,
    encoded,
    masked,
    packed,
    read_error,
    read_text,
    unpacked,
    with_message,
)
from app.core.redaction import redactor

TIMED_OUT = timed_out(1_500, abandoned=True).message
ENGLISH = "timed out after 1,500 ms; it ignored its cancellation and was abandoned"
INDONESIAN = "melewati batas waktu 1.500 ms; run ini mengabaikan pembatalannya, jadi ditinggalkan"
MESSAGES = [
    TIMED_OUT,
    _("no ping came in time"),
    _("Nothing was changed, plan again: {reasons}.", reasons=JobNotFound("a")),
    ngettext("the certificate ends in {count} day", "the certificate ends in {count} days", 3),
    concat("telegram:ops: ", _("not ready"), separator=""),
    join_list(["a", "b", _("not ready")]),
    number(1_234.5, ",.1f"),
    JobNotFound("É").message,
]


@pytest.mark.parametrize("message", MESSAGES)
def test_stored_message_is_read_back(message: str) -> None:
    """In a JSON record, in a hash, and through a script or a pipe, in both languages."""
    stored = with_message("error", message)
    english = str(message)
    found = decoded(english, orjson.loads(orjson.dumps(stored["error_origin"])))
    fields = {"error": english, "error_origin": orjson.dumps(stored["error_origin"]).decode()}
    for text in (found, read_text(fields, "error"), unpacked(packed(message))):
        assert isinstance(text, Message)
        assert text == english
        assert render(text, "id") == render(message, "id")


def test_stored_form_is_compact() -> None:
    """The id and the values; nothing without values."""
    assert encoded(_("no ping came in time")) == ["no ping came in time"]
    assert encoded(TIMED_OUT) == [
        "timed out after {timeout_ms:,} ms{note}",
        {"timeout_ms": 1_500, "note": ["; it ignored its cancellation and was abandoned"]},
    ]


@pytest.mark.parametrize(
    "text", [ENGLISH, "got 3 columns, expected 4", "no ping came in time", "", "a\x1f[1]"]
)
def test_text_of_a_handler_stays(text: str) -> None:
    """Equal to a message, like one, or with the mark of a packed text."""
    found = unpacked(packed(text))
    assert not isinstance(found, Message)
    assert found == text.replace("\x1f", " ")
    assert with_message("error", text) == {"error": text}
    assert render(read_text({"error": text}, "error"), "id") == text


@pytest.mark.parametrize(
    "encoded_text",
    [
        ["no ping came yet"],
        ["no such message"],
        ["{x.__class__}", {"x": "no ping came in time"}],
        ["{x:99999}", {"x": "no ping came in time"}],
        ["timed out after {timeout_ms:,} ms{note}", {"timeout_ms": "1"}],
        "[broken",
        {"id": 1},
        None,
    ],
)
def test_what_does_not_make_the_text_is_ignored(encoded_text: object) -> None:
    """An earlier release has written another text, or a later one has another message."""
    assert not isinstance(decoded("no ping came in time", encoded_text), Message)


def test_error_of_an_earlier_release_is_read() -> None:
    """It has the English alone, which stays."""
    error = read_error('{"code":"timed_out","message":"timed out after 1,000 ms"}')
    assert error is not None
    assert error == {"code": "timed_out", "message": "timed out after 1,000 ms"}
    assert render(error["message"], "id") == "timed out after 1,000 ms"


def test_error_of_a_run_keeps_its_message() -> None:
    """An earlier release reads the field that it knows."""
    stored = error_json(timed_out(1_500, abandoned=True), 7, retryable=True)
    assert orjson.loads(stored)["message"] == ENGLISH
    error = read_error(stored)
    assert error is not None
    assert (render(error["message"], "id"), "message_origin" in error) == (INDONESIAN, False)


def test_exception_with_a_message_keeps_it() -> None:
    """Also out of a child process; one of a handler, or with its own text, is no message."""

    class OwnText(JobNotFound):
        def __str__(self) -> str:
            return "mine"

    failure = failure_of(JobNotFound("a"))
    found = Failure.from_wire(orjson.loads(orjson.dumps(failure.wire())))
    assert render(found.message, "id") == render(failure.message, "id") == "Job 'a' tidak ada."
    for error in (ValueError("Job 'a' does not exist."), OwnText("a")):
        assert not isinstance(failure_of(error).message, Message)


def test_secrets_are_masked_in_the_fields_too() -> None:
    """The values are stored a second time."""
    redactor.register("hush-hush")
    message = masked(_("{name!r} is no IANA time zone.", name="hush-hush"), redactor.text)
    assert "hush" not in packed(message)
    assert isinstance(unpacked(packed(message)), Message)
    assert not isinstance(masked(concat("pass", "word=hunter2"), redactor.text), Message)


def test_text_that_is_cut_has_no_id() -> None:
    """It would be longer in the other language."""
    assert cut(TIMED_OUT, 1_000) is TIMED_OUT
    assert cut(TIMED_OUT, 10) == "timed out…"
    assert encoded(cut(TIMED_OUT, 10)) is None
