"""What a page must answer: a status, a text that is there or is not, a value in its JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, cast

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.core.i18n import Message, _

FIRST_BAD_STATUS, FIRST_REDIRECT = 400, 300
MAX_SHOWN_CHARS = 80
_ONE = r"[1-5](?:xx|\d\d)"
Status = Annotated[int, Field(ge=100, le=599)]
StatusText = Annotated[str, Field(max_length=200, pattern=rf"^ *{_ONE} *(?:, *{_ONE} *)*$")]
StatusList = Annotated[list[Status | StatusText], Field(min_length=1, max_length=20)]
ExpectedStatus = Status | StatusText | StatusList
"""One status, a text such as `200, 204, 3xx`, or a list of them."""


class JsonExpectation(BaseModel):
    """A value in the JSON of an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pointer: Annotated[
        str,
        Field(
            max_length=500,
            pattern=r"^(?:/(?:[^~/]|~[01])*)*$",
            examples=["/status"],
            description="JSON pointer of the value (RFC 6901)",
        ),
    ]
    value: Annotated[
        str | int | float | bool | None, Field(examples=["ok"], description="what it must be equal to")
    ]


def status_patterns(expected: ExpectedStatus) -> list[str]:
    """Return the statuses and classes of an expectation: `200`, `3xx`."""
    parts = expected if isinstance(expected, list) else [expected]
    return [each.strip() for part in parts for each in str(part).split(",")]


def status_matches(status: int, expected: ExpectedStatus | None) -> bool:
    """Return whether a status is expected; without an expectation, any below 400."""
    if expected is None:
        return status < FIRST_BAD_STATUS
    return any(str(status).startswith(each.removesuffix("xx")) for each in status_patterns(expected))


def expects_redirect(expected: ExpectedStatus | None) -> bool:
    """Return whether a status of 300 to 399 is expected: such a check follows no redirect."""
    return expected is not None and any(each.startswith("3") for each in status_patterns(expected))


def status_words(status: int) -> str:
    """Return a status with its name: `503 Service Unavailable`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def json_problem(text: str, expected: JsonExpectation, *, truncated: bool) -> Message | None:
    """Return what is wrong with a value in the JSON of an answer; None if it is as expected."""
    if truncated:
        return _("the answer is too long to be read as JSON")
    try:
        found: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _("the answer is no JSON")
    shown = expected.pointer or "/"
    for token in expected.pointer.split("/")[1:]:
        missing, found = _step(found, token.replace("~1", "/").replace("~0", "~"))
        if missing:
            return _("{pointer} is missing in the answer", pointer=shown)
    # True equals 1 in Python; in JSON it does not.
    if found == expected.value and isinstance(found, bool) == isinstance(expected.value, bool):
        return None
    found, wanted = _cut(found), _cut(expected.value)
    return _("{pointer} is {found}, expected {wanted}", pointer=shown, found=found, wanted=wanted)


def _step(value: Any, token: str) -> tuple[bool, Any]:
    """Return whether a value has no such part, and the part."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return token not in members, members.get(token)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        is_index = token.isascii() and token.isdigit() and int(token) < len(items)
        return not is_index, items[int(token)] if is_index else None
    return True, None


def _cut(value: Any) -> str:
    return shorten(orjson.dumps(value).decode())


def shorten(text: str) -> str:
    """Return a text that fits into a reason."""
    return text if len(text) <= MAX_SHOWN_CHARS else f"{text[: MAX_SHOWN_CHARS - 1]}…"
