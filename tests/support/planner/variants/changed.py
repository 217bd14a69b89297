"""Variants that must change the plan or raise a doubt: denials, exceptions, corrections, other values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.support.planner.variants.excepted import excepted
from tests.support.planner.variants.kept import split_wishes
from tests.support.planner.variants.sentence import ENGLISH_VERB
from tests.support.planner.variants.values import Value, values_in
from tests.support.planner.variants.variant import Becomes, Differs, NotDone, Row, Variant, Verdict
from tests.support.planner.variants.vocabulary import has_sense, refusals

if TYPE_CHECKING:
    from tests.support.planner.variants.sentence import Sentence

_ENGLISH_NOUN = re.compile(r"(?:daily|weekly|monthly|report|backup|summary)\b", re.IGNORECASE)
_WISHES = ("watch", "report", "backup", "message", "send", "notify")
_MANAGED = ("stop", "change", "start", "revive")
_HELPER = re.compile(
    r"\b(?:di)?(?:buat|bikin|kirim|siap|jalan|jadwal|lakuk|generate|send|run)\w*(?:\s+(?:me|saya|the|a))*\s+$",
    re.IGNORECASE,
)
"""A verb before the noun of a wish: "buatkan laporan"."""


def changed_variants(sentence: Sentence) -> Iterator[Variant]:
    """Yield the variants of a sentence that mean another plan, or none."""
    if sentence.has_hidden_text or not sentence.facts.acting or sentence.facts.doubts:
        return
    for kind, word, prompt, rule in _all(sentence):
        yield Variant(sentence.case["id"], kind, word.strip(" ,."), prompt, rule)


def _all(sentence: Sentence) -> Iterator[Row]:
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
    yield from _one_denied(sentence)
    yield from _past(sentence)
    yield from _complained(sentence)
    yield from _withdrawn(sentence)
    yield from excepted(sentence)
    for value in values:
        yield from _corrected(sentence, value)


def _types(sentence: Sentence) -> set[str]:
    return {job.type for job in sentence.facts.jobs}


def _denied(sentence: Sentence) -> Iterator[Row]:
    """Deny the one wish of a sentence, before its verb and after it."""
    intents = sentence.spans("intent")
    if len(_types(sentence)) != 1 or not intents:
        return
    managed = [span for span in intents if has_sense(sentence.prompt[slice(*span)].lower(), *_MANAGED)]
    # "ga perlu laporan tiap hari jam 7, Sabtu jam 9" may deny the first time alone.
    if "," in sentence.free_text and (managed or len(sentence.facts.jobs) > 1):
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


def _denied_english(sentence: Sentence, start: int, end: int) -> Iterator[Row]:
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


def _past(sentence: Sentence) -> Iterator[Row]:
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
    else:
        groups = ["id", "id_noun"]
    for group in groups:
        for lead in sentence.picked("past", group, 3 if group == groups[0] else 1):
            yield "past", lead, lead + body, NotDone(Verdict.UNCHANGED)


def _complained(sentence: Sentence) -> Iterator[Row]:
    """Say of the job that it has run or failed: nothing is asked for."""
    first = sentence.tokens[0].text
    if not has_sense(first, "report", "backup") and not _ENGLISH_NOUN.match(sentence.prompt):
        return
    if has_sense(first, "watch", "change") or sentence.ends_with_text or "," in sentence.free_text:
        return
    if any('"at"' in job.schedule for job in sentence.facts.jobs):
        return
    for words in sentence.picked("complained", count=2):
        yield "complaint", words, sentence.appended(words), NotDone(Verdict.UNCHANGED)


def _one_denied(sentence: Sentence) -> Iterator[Row]:
    """Deny one of two wishes that are independent of each other."""
    for one, other in split_wishes(sentence):
        if re.search(r"[,.:]|\b(?:dan|and|terus|then)\b", f"{one} {other}") or sentence.is_polite:
            continue
        rules = (
            Becomes(sentence.facts_of(one), Verdict.OPPOSITE),
            Becomes(sentence.facts_of(other), Verdict.OPPOSITE),
        )
        for pattern in sentence.picked("one_denied", count=2):
            kept_first = pattern.startswith("{one}")
            text = pattern.format(one=one, other=other)
            needs_verb = sentence.is_english and kept_first and not ENGLISH_VERB.match(other)
            if (kept_first or _is_plain_start(sentence)) and not needs_verb:
                yield "one of two denied", pattern, text, rules[0 if kept_first else 1]


def _is_plain_start(sentence: Sentence) -> bool:
    start = has_sense(sentence.tokens[0].text, *_WISHES)
    return ENGLISH_VERB.match(sentence.prompt) is not None if sentence.is_english else start


def _withdrawn(sentence: Sentence) -> Iterator[Row]:
    if not sentence.ends_with_text:
        for mark in sentence.picked("withdrawn"):
            yield "withdrawn", mark, sentence.appended(mark), NotDone()


def _corrected(sentence: Sentence, value: Value) -> Iterator[Row]:
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
        no_verb = value.kind in {"channel", "recipient", "address", "keep"} and pattern.startswith("jangan")
        led = led or no_verb or value.kind == "keep"
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
