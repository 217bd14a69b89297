"""Parses a model's untrusted answer into planned jobs, or rejects it.

An answer may contain a type, a schedule and the inputs that a prompt can set, nothing else: no id, no limit,
no `enabled`. A target in it must occur in the prompt.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Final, cast
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.i18n import _
from app.planner.ai.models import AiFailure
from app.planner.models import Note, NoteKind, PlannedJob

MAX_ANSWER_BYTES: Final = 32_768
MAX_JOBS: Final = 20
MAX_DEPTH: Final = 8
MAX_WORDS: Final = 200
PROMPT_INPUTS: Final[dict[str, frozenset[str]]] = {
    "monitor.channel": frozenset({"channel", "account_id", "notify"}),
    "monitor.http": frozenset({"url", "expect_status", "contains", "notify"}),
    "report.daily": frozenset({"timezone", "notify"}),
    "backup.export": frozenset({"keep"}),
    "message.send": frozenset({"channel", "account_id", "to", "text"}),
}
"""Inputs that a prompt can set. A type that is not listed here allows all of its inputs."""
AI_CONFIDENCE: Final = 0.7
_FIELDS: Final = frozenset({"interval_sec", "cron", "timezone", "at"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class ModelJob(_Strict):
    """One job as a model may propose it."""

    type: Annotated[str, Field(max_length=64)]
    schedule: dict[str, Any] | None
    inputs: dict[str, Any]
    reason: Annotated[str, Field(max_length=1_000)] = ""


class ModelAnswer(_Strict):
    """The complete answer of a model."""

    jobs: Annotated[list[ModelJob], Field(max_length=MAX_JOBS)]


def read_answer(text: str | bytes, prompt: str, default_account_id: str | None) -> tuple[PlannedJob, ...]:
    """Return the jobs that an answer proposes; AiFailure if it does not have exactly the requested form."""
    raw = text.encode(errors="replace") if isinstance(text, str) else text
    if len(raw) > MAX_ANSWER_BYTES:
        raise _bad(_("it is too long"))
    try:
        value = orjson.loads(raw)
        if not _is_flat(value):
            raise _bad(_("it is nested too deep"))
        answer = ModelAnswer.model_validate(value)
    except orjson.JSONDecodeError as error:
        raise _bad(_("it is not JSON")) from error
    except ValidationError as error:
        raise _bad(_first(error)) from error
    return tuple(_planned(job, prompt, default_account_id) for job in answer.jobs)


def _is_flat(value: Any) -> bool:
    level = [value]
    for _turn in range(MAX_DEPTH):
        level = [each for item in level for each in _inside(item)]
        if not level:
            return True
    return False


def _inside(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(cast("dict[str, Any]", item).values())
    return cast("list[Any]", item) if isinstance(item, list) else []


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = "/".join(_shown(str(part)) for part in found["loc"])
    return f"{place or 'it'}: {found['msg'].lower()}"


def _planned(job: ModelJob, prompt: str, default_account_id: str | None) -> PlannedJob:
    allowed = PROMPT_INPUTS.get(job.type)
    foreign = sorted(set(job.inputs) - allowed) if allowed is not None else []
    foreign += sorted(set(job.schedule or {}) - _FIELDS)
    if foreign:
        raise _bad(_("it sets {name}", name=_shown(foreign[0])))
    if _names_a_secret(job.inputs):
        raise _bad(_("it names a secret"))
    missing = ungrounded(job.inputs, prompt, default_account_id)
    if missing:
        raise _bad(_("{name} is not in the prompt", name=missing))
    return PlannedJob(
        type=job.type,
        schedule=job.schedule,
        inputs=job.inputs,
        reason=_shown(job.reason) or "model",
        notes=_assumed(job, prompt),
        confidence=AI_CONFIDENCE,
        spans=(),
        slot=_slot(job.schedule),
    )


def _names_a_secret(value: Any) -> bool:
    return "secret:" in value.lower() if isinstance(value, str) else any(map(_names_a_secret, _inside(value)))


def ungrounded(inputs: dict[str, Any], prompt: str, default_account_id: str | None) -> str | None:
    """Return the field of a target that does not occur in the prompt; None if all of them do."""
    notify: Any = inputs.get("notify")
    whom = cast("dict[str, Any]", notify) if isinstance(notify, dict) else {}
    accounts = {None, "default", default_account_id}
    url = inputs.get("url")
    said = {
        "account_id": None if inputs.get("account_id") in accounts else inputs["account_id"],
        "notify.account_id": None if whom.get("account_id") in accounts else whom["account_id"],
        "url": None if url is None else _place(str(url)),
        "to": inputs.get("to"),
        "notify.to": whom.get("to"),
        "contains": inputs.get("contains"),
    }
    foreign = (name for name, value in said.items() if value is not None and not _says(prompt, str(value)))
    return next(foreign, None)


def _assumed(job: ModelJob, prompt: str) -> tuple[Note, ...]:
    text = job.inputs.get("text")
    if text is None or _says(prompt, str(text)):
        return ()
    worded = _("The model worded the message: {text}", text=_shown(str(text)))
    return (Note(NoteKind.ASSUMPTION, worded),)


def _says(prompt: str, value: str) -> bool:
    """True if a value occurs in the prompt as a whole word: `evil.com` is not in `notevil.com.my`."""
    whole = rf"(?<![\w@.-]){re.escape(_folded(value))}(?![\w@-]|\.\w)"
    return bool(value.strip()) and re.search(whole, _folded(prompt)) is not None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _place(url: str) -> str:
    """Return the part of a URL that people type; for any other text the text itself."""
    try:
        parts = urlsplit(_folded(url))
    except ValueError:
        return _folded(url)
    whole = parts.netloc + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return whole or _folded(url)


def _slot(schedule: dict[str, Any] | None) -> str:
    """Return `1630` for a cron expression of one time a day, as the rules distinguish two schedules."""
    match = re.match(r"(\d{1,2}) (\d{1,2}) ", str((schedule or {}).get("cron", "")))
    return f"{int(match[2]):02d}{int(match[1]):02d}" if match else ""


def _shown(text: str) -> str:
    """Return a model's words for display: one line, no control characters, limited length."""
    kept = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in text)
    line = " ".join(kept.split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"


def _bad(why: str) -> AiFailure:
    return AiFailure("bad_answer", _("the model's answer cannot be used: {why}", why=why))
