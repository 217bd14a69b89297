"""Ids of new jobs: a legible slug of the target, unique per target."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from app.core.specs.search import same_url, target_of

MAX_ID_CHARS: Final = 64
_TEXT_CHARS: Final = 28
"""Characters of a message that go into its id: enough to distinguish it from others."""
_OTHERS: Final = re.compile(r"[^A-Za-z0-9._-]+")


class IdChoices(NamedTuple):
    """Ids for a new job, best first; `again` if its target has another job in the same plan."""

    first: tuple[str, ...]
    again: tuple[str, ...]


def id_choices(job_type: str, inputs: Mapping[str, Any], slot: str) -> IdChoices:
    """Return the ids for a job of a type and inputs; `slot` distinguishes its schedule, as in `1630`."""
    base = slug_of(job_type, inputs)
    mark = target_of(job_type, inputs)
    hashes = ["", f"-{mark[:6]}", f"-{mark[:12]}", f"-{mark}"]
    time = _legal(slot)
    ends = [f"-{time}{each}" for each in hashes] if time else []
    again = [*ends, *(f"{each}-{number}" for each in hashes[:2] for number in range(2, 6))]
    first = (base, *(_fitted(base, end) for end in hashes[1:]))
    return IdChoices(first, tuple(_fitted(base, end) for end in again))


def slug_of(job_type: str, inputs: Mapping[str, Any]) -> str:
    """Return the legible id of a target; a longer one is cut and ends in six digits of its hash."""
    whole = _slug(job_type, inputs)
    legal = _legal(whole)
    if len(legal) <= MAX_ID_CHARS and not whole.endswith("…"):
        return legal
    return _fitted(legal, f"-{target_of(job_type, inputs)[:6]}")


def _slug(job_type: str, inputs: Mapping[str, Any]) -> str:
    match job_type:
        case "monitor.channel":
            parts = ["monitor", inputs.get("channel"), inputs.get("account_id")]
        case "monitor.http":
            parts = ["monitor", _of_url(str(inputs.get("url", "")))]
        case "message.send":
            text = _short(str(inputs.get("text", "")))
            parts = ["message", inputs.get("to") or inputs.get("channel"), text]
        case _:
            return job_type.replace(".", "-")
    return "-".join(str(part) for part in parts if part)


def _of_url(url: str) -> str:
    try:
        parts = urlsplit(same_url(url))
    except ValueError:
        return url
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}?{parts.query}".rstrip("/?")


def _short(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= _TEXT_CHARS:
        return text
    cut = text[: _TEXT_CHARS + 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _legal(text: str) -> str:
    """Return a text reduced to the characters of ids: letters lose their accents, all else becomes a dash."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"-{2,}", "-", _OTHERS.sub("-", ascii_text)).strip("-._")


def _fitted(base: str, end: str) -> str:
    return base[: MAX_ID_CHARS - len(end)].rstrip("-._") + end
