"""Values in a sentence that can be exchanged for others: hours, intervals, days, channels, accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from tests.support.planner.variants.phrases import phrases_of
from tests.support.planner.variants.vocabulary import channel_of, weekday_of

if TYPE_CHECKING:
    from tests.support.planner.variants.sentence import Place, Sentence

_HOUR = re.compile(
    r"\b(?P<mark>(?:jam|jm|pukul|pkl|at)\s+)(?P<h>\d{1,2})(?P<m>[.:]\d{2})?"
    r"(?P<part>\s*(?:am|pm|pagi|pg|siang|sore|malam|malem|mlm|dini hari)\b)?(?![\d:])",
    re.IGNORECASE,
)
_HOURS_OF = {
    "am": range(5, 12), "pm": range(1, 11), "pagi": range(5, 11), "siang": range(1, 3), "sore": range(3, 7),
    "malam": range(7, 12), "malem": range(7, 12), "mlm": range(7, 12),
    "pg": range(5, 11), "dini hari": range(1, 5), "": range(4, 23),
}  # fmt: skip
_EVERY = re.compile(
    r"\b(?P<lead>(?:tiap|setiap|stiap|saban|every|per)\s*)(?P<n>\d+)(?P<gap>\s*)"
    r"(?P<unit>detik|dtk|menit|mnt|jam|seconds?|secs?|minutes?|mins?|hours?)\b",
    re.IGNORECASE,
)
_COUNTS = {
    "d": (20, 30, 40, 45),
    "s": (20, 30, 40, 45),
    "m": (2, 3, 5, 10, 15, 20),
    "j": (2, 3, 4, 6),
    "h": (2, 3, 4, 6),
}
_CHANNELS = ("telegram", "whatsapp", "slack", "discord")
_ONE_TIME = re.compile(r"\d+ \d+ ")


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its place, its text, and the text of another value of its kind."""

    kind: str
    place: Place
    text: str
    other: str
    is_led: bool = False
    """True after "tiap" or "every", which nothing can part from it."""


def values_in(sentence: Sentence) -> Iterator[Value]:
    """Yield the values of a sentence that has each kind once, for one job."""
    jobs = sentence.plan.jobs
    if len(jobs) != 1 or "\n" in sentence.prompt:
        return
    spec = jobs[0].spec
    schedule: dict[str, Any] = (
        {} if spec.schedule is None else orjson.loads(spec.schedule.model_dump_json(exclude_none=True))
    )
    for found in (
        _hour(sentence, schedule),
        _interval(sentence, schedule),
        _weekday(sentence, schedule),
        _channel(sentence, spec.type, spec.inputs),
        _account(sentence, spec.type, spec.inputs),
        _recipient(sentence, spec.inputs.get("notify", spec.inputs)),
        _address(sentence, str(spec.inputs.get("url", ""))),
        _keep(sentence, spec.inputs.get("keep")),
    ):
        if found is not None:
            yield found


def _only(pattern: re.Pattern[str], sentence: Sentence) -> re.Match[str] | None:
    found = list(pattern.finditer(sentence.free_text))
    in_time = [
        match
        for match in found
        if any(start <= match.start() and match.end() <= end for start, end in _times(sentence))
    ]
    return found[0] if len(found) == 1 and in_time else None


def _times(sentence: Sentence) -> list[Place]:
    # A part of the day may be a span of its own.
    spans = sentence.spans("time")
    joined: list[Place] = []
    for start, end in spans:
        if joined and not sentence.prompt[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _is_led(sentence: Sentence, start: int) -> bool:
    return (
        re.search(
            r"\b(?:tiap|setiap|stiap|saban|every|each|per|hari)\s*$", sentence.prompt[:start], re.IGNORECASE
        )
        is not None
    )


def _hour(sentence: Sentence, schedule: dict[str, Any]) -> Value | None:
    found = _only(_HOUR, sentence)
    one = "at" in schedule or _ONE_TIME.match(schedule.get("cron", "")) is not None
    figures = re.findall(r"\b\d{1,2}(?:[.:]\d{2})?\b", sentence.free_text)
    if found is None or not one or len(figures) > 1 or _goes_on(sentence, found.end()):
        return None
    part = (found["part"] or "").strip().lower() or _part_of_day(sentence.free_text)
    choices = [hour for hour in _HOURS_OF[part] if hour != int(found["h"])]
    hour = sentence.dice("hour").choice(choices)
    figure = f"{hour:02}" if found["h"].startswith("0") else str(hour)
    other = f"{found['mark']}{figure}{found['m'] or ''}{found['part'] or ''}"
    return Value("hour", found.span(), found[0], other, _is_led(sentence, found.start()))


def _part_of_day(text: str) -> str:
    """Return the part of the day that stands elsewhere: "besok pagi jam 9", "tonight at 9"."""
    named = re.search(
        r"\b(?:pagi|siang|sore|malam|malem|mlm|wengi|bengi|night|tonight|evening|morning)\b",
        text,
        re.IGNORECASE,
    )
    word = "" if named is None else named[0].lower()
    return {"": "", "morning": "pagi"}.get(word, word if word in _HOURS_OF else "malam")


def _goes_on(sentence: Sentence, end: int) -> bool:
    """True if more words of the time follow: "lewat 15", "kurang seperempat", "in the evening"."""
    rest = sentence.free_text[end:].lstrip().lower()
    return rest.startswith(
        ("lewat", "kurang", "in the", "sampai", "dan", "and", "-", "o'clock", "wib", "wita", "wit")
    )


def _interval(sentence: Sentence, schedule: dict[str, Any]) -> Value | None:
    found = _only(_EVERY, sentence)
    if found is None or "interval_sec" not in schedule:
        return None
    choices = [count for count in _COUNTS[found["unit"][0].lower()] if count != int(found["n"])]
    count = sentence.dice("interval").choice(choices)
    return Value("interval", found.span(), found[0], f"{found['lead']}{count}{found['gap']}{found['unit']}")


def _weekday(sentence: Sentence, schedule: dict[str, Any]) -> Value | None:
    days = [word for word in sentence.words if weekday_of(word.text) is not None]
    named = schedule.get("cron", "").split()[-1:]
    if (
        len(days) != 1
        or len(named) != 1
        or not named[0].isdecimal()
        or weekday_of(days[0].text) != int(named[0])
    ):
        return None
    word = days[0]
    language = "en" if word.text.endswith(("day", "days")) else "id"
    choices = [each for each in range(7) if each != int(named[0])]
    other = phrases_of("weekdays", language)[sentence.dice("weekday").choice(choices)]
    other += "s" if word.text.endswith("days") else ""
    other = other.lower() if word.raw.islower() else other
    return Value("weekday", (word.start, word.end), word.raw, other, _is_led(sentence, word.start))


def _channel(sentence: Sentence, job_type: str, inputs: dict[str, Any]) -> Value | None:
    words = [word for word in sentence.words if channel_of(word.text)]
    if job_type != "monitor.channel" or len(words) != 1 or "notify" in inputs:
        return None
    account = str(inputs.get("account_id", ""))
    if (
        channel_of(words[0].text) != inputs.get("channel")
        or account.isdecimal()
        or "@" in account + sentence.prompt
    ):
        return None
    other = sentence.dice("channel").choice([each for each in _CHANNELS if each != inputs["channel"]])
    return Value("channel", (words[0].start, words[0].end), words[0].raw, other)


def _account(sentence: Sentence, job_type: str, inputs: dict[str, Any]) -> Value | None:
    account = str(inputs.get("account_id", ""))
    at = sentence.prompt.find(account)
    alone = (
        sentence.prompt.count(account) == 1
        and not account.isdecimal()
        and "@" not in account + sentence.prompt
    )
    if job_type != "monitor.channel" or at < 0 or not alone or not re.search(r"[_\d.-]", account):
        return None
    return Value(
        "account",
        (at, at + len(account)),
        account,
        sentence.dice("account").choice(("toko_lain", "bot_q7", "cabang-9")),
    )


def _recipient(sentence: Sentence, place: dict[str, Any]) -> Value | None:
    """Return the address of a recipient, unless it is a contact's."""
    address = str(place.get("to", ""))
    at = sentence.prompt.find(address)
    if not address or at < 0 or sentence.prompt.count(address) != 1 or not re.search(r"[@\d]", address):
        return None
    other = "lain@warung.example" if "@" in address[1:] else "@lain" if "@" in address else ""
    other = other or address[:-1] + ("7" if address.endswith("6") else "6")
    return Value("recipient", (at, at + len(address)), address, other)


def _address(sentence: Sentence, url: str) -> Value | None:
    at = sentence.prompt.find(url)
    alone = len(re.findall(r"https?://", sentence.prompt)) == 1
    if not url.startswith("http") or at < 0 or not alone:
        return None
    return Value("address", (at, at + len(url)), url, "https://lain.example/siap")


def _keep(sentence: Sentence, count: object) -> Value | None:
    for start, end in sentence.spans("keep"):
        figure = re.search(rf"\b{count}\b", sentence.prompt[start:end])
        if figure is not None and isinstance(count, int):
            place = (start + figure.start(), start + figure.end())
            return Value("keep", place, figure[0], str(count + 3))
    return None
