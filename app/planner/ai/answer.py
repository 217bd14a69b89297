"""The form of a model's answer, and its parser.

Models put their JSON into fences, after thoughts or after a sentence; the value is read strictly. An answer
restates the request in plain words that the rules read; it sets no schedule, no input, no id and no limit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.i18n import _
from app.planner.ai.models import AiFailure
from app.planner.models import MAX_CHOICES

MAX_ANSWER_BYTES: Final = 32_768
MAX_JOBS: Final = 20
MAX_PLAIN_CHARS: Final = 800
"""Limited, because its reading takes a millisecond for each 30 characters."""
MAX_SHOWN_CHARS: Final = 200
_TRAILING_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*")|,(\s*[}\]])')
"""A comma before the end of an object or a list; or a text, which is kept as it is."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class ModelQuestion(_Strict):
    """A question of the model to the person."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_SHOWN_CHARS)]
    choices: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=MAX_CHOICES)] = []


class NothingReason(StrEnum):
    """Why a sentence asks for no job."""

    PAST = "past"
    COMPLAINT = "complaint"
    QUESTION = "question"
    CANCELLED = "cancelled"
    UNSUPPORTED = "unsupported"
    UNCLEAR = "unclear"
    CHAT = "chat"


class ModelAnswer(_Strict):
    """The complete answer of a model."""

    types: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=MAX_JOBS)]
    """The type of each job that the request asks for, in their order."""
    plain: Annotated[str, Field(max_length=MAX_PLAIN_CHARS, pattern=r"^[^*\x00-\x08]*$")] | None
    """The request in plain words; None if it asks for no job."""
    reading: Annotated[int, Field(ge=1, le=MAX_CHOICES)] | None = None
    """The number of the reading that it chose, in place of plain words."""
    question: ModelQuestion | None = None
    nothing: Annotated[NothingReason | None, Field(strict=False)] = None


def parse_answer(text: str, types: Collection[str]) -> ModelAnswer:
    """Return an answer; AiFailure if it has another form, or names an unknown type or a secret."""
    if len(text.encode(errors="replace")) > MAX_ANSWER_BYTES:
        raise bad_answer(_("it is too long"))
    try:
        answer = ModelAnswer.model_validate(orjson.loads(_value_in(text)))
    except orjson.JSONDecodeError as error:
        raise bad_answer(_("it is not JSON")) from error
    except ValidationError as error:
        raise bad_answer(_first(error)) from error
    for name in answer.types:
        if name not in types:
            raise bad_answer(_("there is no job type {name}", name=shown(name)))
    if "secret:" in (answer.plain or "").lower():
        raise bad_answer(_("it names a secret"))
    return answer


def _value_in(text: str) -> str:
    """Return the only JSON value of an answer, without thoughts, fences, prose and trailing commas."""
    plain = text.strip()
    if not plain.startswith("{"):
        # A thought without its end was cut off, and the answer with it.
        plain = plain.rpartition("</think>")[2].partition("<think>")[0]
    start, end = plain.find("{"), plain.rfind("}")
    plain = plain[start : end + 1] if 0 <= start < end else plain
    return _TRAILING_COMMA.sub(lambda match: match[1] or match[2], plain)


def bad_answer(why: str) -> AiFailure:
    """Return the failure of an answer that is refused as a whole."""
    return AiFailure("bad_answer", _("the model's answer cannot be used: {why}", why=why))


def shown(text: str, most_chars: int = MAX_SHOWN_CHARS) -> str:
    """Return a model's words for display: one line, no control characters, limited length."""
    kept = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
    line = " ".join(kept.split())
    return line if len(line) <= most_chars else line[: most_chars - 1] + "…"


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = "/".join(shown(str(part)) for part in found["loc"])
    return f"{place or 'it'}: {found['msg'].lower()}"
