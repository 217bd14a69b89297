"""The form of a model's answer, and its parser.

Models put their JSON into fences, after thoughts or after a sentence; the value is read strictly.

A job of an answer has a type, the words of the prompt that ask for it, the words of its time, and inputs that
a prompt can set; nothing else: no schedule, no id, no limit, no `enabled`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, cast

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.i18n import _
from app.planner.ai.models import AiFailure
from app.planner.models import MAX_CHOICES

MAX_ANSWER_BYTES: Final = 32_768
MAX_JOBS: Final = 20
MAX_DEPTH: Final = 8
MAX_SHOWN_CHARS: Final = 200
MAX_TIME_CHARS: Final = 160
"""Limited, because its reading takes a millisecond for each 30 characters."""
_NOTIFY: Final = ("notify", "fail_after", "after_sec")
PROMPT_INPUTS: Final[dict[str, frozenset[str]]] = {
    "monitor.channel": frozenset({"channel", "account_id", *_NOTIFY}),
    "monitor.http": frozenset(
        {"url", "expect_status", "contains", "latency_ms", "cert_days", "alarm_on", *_NOTIFY}
    ),
    "report.daily": frozenset({"timezone", "notify"}),
    "backup.export": frozenset({"keep"}),
    "message.send": frozenset({"channel", "account_id", "to", "text"}),
}
"""Inputs that a prompt can set. A type that is not listed here allows all of its inputs."""


_TRAILING_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*")|,(\s*[}\]])')
"""A comma before the end of an object or a list; or a text, which is kept as it is."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class ModelJob(_Strict):
    """One job as a model may propose it."""

    type: Annotated[str, Field(max_length=64)]
    words: Annotated[str, Field(max_length=1_000)]
    """The words of the prompt that ask for it."""
    time: Annotated[str, Field(max_length=MAX_TIME_CHARS)] | None
    """The words of its time; None if the prompt says none."""
    inputs: dict[str, Any]
    after: Annotated[int, Field(ge=1, le=MAX_JOBS)] | None = None
    """The number of an earlier job of the answer that starts it."""
    outcome: Literal["success", "failure"] = "success"
    """Of that job."""
    reason: Annotated[str, Field(max_length=1_000)] = ""


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
    """The complete answer of a model. `nothing` is set only if there are no jobs."""

    jobs: Annotated[list[ModelJob], Field(max_length=MAX_JOBS)]
    reading: Annotated[int, Field(ge=1, le=MAX_CHOICES)] | None = None
    """The number of the reading that it chose; the jobs are then those of the rules."""
    question: ModelQuestion | None = None
    nothing: Annotated[NothingReason | None, Field(strict=False)] = None


def parse_answer(text: str, types: Collection[str]) -> ModelAnswer:
    """Return an answer; AiFailure if it has another form, or sets what no prompt can set."""
    raw = text.encode(errors="replace")
    if len(raw) > MAX_ANSWER_BYTES:
        raise bad_answer(_("it is too long"))
    try:
        answer = ModelAnswer.model_validate(orjson.loads(_value_in(text)))
    except orjson.JSONDecodeError as error:
        raise bad_answer(_("it is not JSON")) from error
    except ValidationError as error:
        raise bad_answer(_first(error)) from error
    for job in answer.jobs:
        _refuse_beyond_reach(job, types)
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


def _refuse_beyond_reach(job: ModelJob, types: Collection[str]) -> None:
    """Raise AiFailure for a job that no prompt can ask for: one of them spoils the whole answer."""
    if job.type not in types:
        raise bad_answer(_("there is no job type {name}", name=shown(job.type)))
    allowed = PROMPT_INPUTS.get(job.type)
    foreign = sorted(set(job.inputs) - allowed) if allowed is not None else []
    if foreign:
        raise bad_answer(_("it sets {name}", name=shown(foreign[0])))
    if any(isinstance(each, str) and "secret:" in each.lower() for each in _leaves(job.inputs)):
        raise bad_answer(_("it names a secret"))


def _leaves(value: Any) -> list[Any]:
    """Return the values in a value at any depth; AiFailure if it is nested too deep."""
    leaves, level = list[Any](), [value]
    for _turn in range(MAX_DEPTH):
        leaves += level
        level = [item for each in level for item in _inside(each)]
        if not level:
            return leaves
    raise bad_answer(_("it is nested too deep"))


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(cast("dict[str, Any]", value).values())
    return cast("list[Any]", value) if isinstance(value, list) else []


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = "/".join(shown(str(part)) for part in found["loc"])
    return f"{place or 'it'}: {found['msg'].lower()}"
