"""Variants that must change the plan or raise a doubt: denials, exceptions, corrections, other values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from app.core.clock import to_ms
from tests.support.planner.variants.facts import active_hours, in_hours, on_date, on_weekday
from tests.support.planner.variants.phrases import phrases_of
from tests.support.planner.variants.sentence import ENGLISH_VERB
from tests.support.planner.variants.values import Value, values_in
from tests.support.planner.variants.variant import Becomes, Differs, NotDone, Variant, Verdict, Without
from tests.support.planner.variants.vocabulary import has_sense, refusals

if TYPE_CHECKING:
    from tests.support.planner.variants.facts import Excluded
    from tests.support.planner.variants.sentence import Sentence
    from tests.support.planner.variants.variant import Rule

_DAYS = 36
_NEARLY_ALL_DATES = 28
_ALL_HOURS = 24
_ENGLISH_NOUN = re.compile(r"(?:daily|weekly|monthly|report|backup|summary)\b", re.IGNORECASE)
_WISHES = ("watch", "report", "backup", "message", "send", "notify")
_MANAGED = ("stop", "change", "start", "revive")
_HELPER = re.compile(
    r"\b(?:di)?(?:buat|bikin|kirim|siap|jalan|jadwal|lakuk|generate|send|run)\w*(?:\s+(?:me|saya|the|a))*\s+$",
    re.IGNORECASE,
)
"""A verb before the noun of a wish: "buatkan laporan"."""
_Row = tuple[str, str, str, "Rule"]


def changed_variants(sentence: Sentence) -> Iterator[Variant]:
    """Yield the variants of a sentence that mean another plan, or none."""
    if sentence.has_hidden_text or not sentence.facts.acting or sentence.facts.doubts:
        return
    for kind, word, prompt, rule in _all(sentence):
        yield Variant(sentence.case["id"], kind, word.strip(" ,."), prompt, rule)


def _all(sentence: Sentence) -> Iterator[_Row]:
    values = list(values_in(sentence))
    for value in values:
        prompt = sentence.replaced(value.place, value.other)
        yield (
            f"other {value.kind}",
            value.kind,
            prompt,
            Differs(schedule=value.kind in {"hour", "interval", "weekday"}),
        )
    if sentence.has_operator or sentence.has_condition or sentence.is_question or "\n" in sentence.prompt:
        return
    yield from _denied(sentence)
    yield from _past(sentence)
    yield from _withdrawn(sentence)
    yield from _excepted(sentence)
    for value in values:
        yield from _corrected(sentence, value)


def _types(sentence: Sentence) -> set[str]:
    return {job.type for job in sentence.facts.jobs}


def _denied(sentence: Sentence) -> Iterator[_Row]:
    """Deny the one wish of a sentence, before its verb and after it."""
    intents = sentence.spans("intent")
    if len(_types(sentence)) != 1 or not intents:
        return
    managed = [span for span in intents if has_sense(sentence.prompt[slice(*span)].lower(), *_MANAGED)]
    if managed and "," in sentence.free_text:
        return
    start, end = (managed or intents)[0]
    if sentence.is_english:
        yield from _denied_english(sentence, start, end)
        return
    # A second verb may belong to another clause: "buatkan laporan … dan kirimkan ke …".
    if not managed and len(intents) > 1 and sentence.prompt[intents[0][1] : intents[1][0]].strip():
        return
    helper = None if managed else _HELPER.search(sentence.prompt[:start])
    place = start if helper is None else helper.start()
    for word in sentence.dice("denied").sample(refusals(), 4):
        yield "denied before", word, sentence.replaced((place, place), f"{word} "), NotDone()
    nominal = has_sense(sentence.prompt[start:end].lower(), "report", "backup") and not managed
    ends = re.search(r"\b(?:ya|dong|deh|lagi)[ .!]*$", sentence.prompt, re.IGNORECASE) is not None
    plain = "," not in sentence.free_text and not sentence.spans("keep") and not ends
    if nominal and not sentence.ends_with_text and plain:
        for word in sentence.picked("denied", "after"):
            yield "denied after", word, sentence.appended(word), NotDone()


def _denied_english(sentence: Sentence, start: int, end: int) -> Iterator[_Row]:
    word = sentence.prompt[start:end].lower()
    before = sentence.prompt[:start].strip().lower()
    verb = re.fullmatch(
        r"(?:monitor|watch|check|send|back up|export|remind|keep an eye on|ping|run|move|change|delete|make)",
        word,
    )
    if verb and (not before or before == "please" or before.endswith(",")):
        for deny in sentence.picked("denied", "before"):
            yield "denied before", deny, sentence.replaced((start, start), deny), NotDone()
    elif _ENGLISH_NOUN.match(sentence.prompt):
        body = sentence.prompt[0].lower() + sentence.prompt[1:]
        for deny in sentence.picked("denied", "noun"):
            yield "denied before", deny, deny + body, NotDone()


def _past(sentence: Sentence) -> Iterator[_Row]:
    first = sentence.tokens[0].text
    once = any('"at"' in job.schedule for job in sentence.facts.jobs)
    if once or not has_sense(first, *_WISHES):
        return
    body = sentence.prompt[0].lower() + sentence.prompt[1:]
    groups = ["id"]
    if sentence.is_english:
        groups = ["en"] if ENGLISH_VERB.match(body) else ["en_noun"] if _ENGLISH_NOUN.match(body) else []
    elif has_sense(first, "watch", "send"):
        groups = ["id", "id_verb"]
    for group in groups:
        for lead in sentence.picked("past", group, 3 if group == groups[0] else 1):
            yield "past", lead, lead + body, NotDone(Verdict.UNCHANGED)


def _withdrawn(sentence: Sentence) -> Iterator[_Row]:
    if not sentence.ends_with_text:
        for mark in sentence.picked("withdrawn"):
            yield "withdrawn", mark, sentence.appended(mark), NotDone()


def _excepted(sentence: Sentence) -> Iterator[_Row]:
    """Leave out a day, a date or some hours at which the jobs run."""
    jobs = sentence.facts.jobs
    if len({job.schedule for job in jobs}) != 1 or any(
        not job.schedule or '"at"' in job.schedule for job in jobs
    ):
        return
    now_ms = to_ms(datetime.fromisoformat(sentence.case["now"]))
    zone = sentence.case["timezone"]
    hours = active_hours(jobs[0].schedule, zone, now_ms, _DAYS)

    def rule(excluded: Excluded, grain: Callable[[datetime], object] = datetime.date) -> Without:
        return Without(excluded, grain, zone, now_ms, _DAYS)

    days = sorted({hour.isoweekday() % 7 for hour in hours})
    if len(days) > 1:
        yield from _excepted_days(sentence, days, rule)
    if sentence.ends_with_text:
        return
    if len({hour.day for hour in hours}) > _NEARLY_ALL_DATES:
        for text in sentence.picked("except_13th", count=1):
            yield "except a date", text, sentence.appended(text), rule(on_date(13))
    if len({hour.hour for hour in hours}) == _ALL_HOURS:
        for text in sentence.picked("except_22_to_6", count=1):
            yield "except hours", text, sentence.appended(text), rule(in_hours(22, 6), attrgetter("hour"))


def _excepted_days(
    sentence: Sentence, days: Sequence[int], rule: Callable[[Excluded], Without]
) -> Iterator[_Row]:
    names = phrases_of("weekdays", sentence.language)
    dice = sentence.dice("excepted")
    inside = sentence.ends_with_text
    for text in sentence.picked("except_day_inside" if inside else "except_day", count=4):
        day = dice.choice(days)
        words = text.format(day=names[day])
        prompt = _inside(sentence, words) if inside else sentence.appended(words)
        if prompt:
            yield "except a day", text, prompt, rule(on_weekday(day))


def _inside(sentence: Sentence, words: str) -> str:
    block = sentence.time_block
    return "" if block is None else sentence.replaced((block[1], block[1]), words)


def _corrected(sentence: Sentence, value: Value) -> Iterator[_Row]:
    """Say another value in place of one: "bukan … tapi …", "eh salah, …"."""
    wanted = sentence.facts_of(sentence.replaced(value.place, value.other))
    if wanted.doubts or wanted.meaning == sentence.facts.meaning or not wanted.acting:
        return
    after = sentence.prompt[value.place[1] :]
    for pattern in sentence.picked("contrasted", count=2):
        starts_old = pattern.startswith(("bukan", "not", "jangan", "bkn"))
        # "tiap bukan Senin tapi Rabu" is no sentence, and neither is "akun bukan bot_a".
        led = (
            value.is_led or value.kind in {"interval", "account"} or sentence.is_after_account(value.place[0])
        )
        led = led or (value.kind == "channel" and pattern.startswith("jangan"))
        if starts_old and led:
            continue
        text = pattern.format(old=value.text, new=value.other)
        if not after.strip(" .!") or after.lstrip()[:1] in {",", ":"}:
            text = text.rstrip(",")
        rule = Becomes(wanted, Verdict.OPPOSITE)
        yield f"not {value.kind}", pattern, sentence.replaced(value.place, text), rule
    if not sentence.ends_with_text:
        for mark in sentence.picked("repaired", count=2):
            text = f", {mark} {value.other}"
            yield f"repaired {value.kind}", mark, sentence.appended(text), Becomes(wanted, Verdict.UNCHANGED)
