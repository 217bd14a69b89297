"""Variants that must not change the plan: spelling, fillers, case, order, punctuation, spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.support.planner.variants.phrases import phrases_of
from tests.support.planner.variants.sentence import ENGLISH_VERB
from tests.support.planner.variants.variant import Same, Variant
from tests.support.planner.variants.vocabulary import has_sense, swaps_in

if TYPE_CHECKING:
    from tests.support.planner.variants.sentence import Sentence

_SAME = Same()
_SPELLINGS_EACH = 2
_TWO = 2
_FIGURE = re.compile(
    r"(?P<lead>\b(?:jam|jm|pukul|pkl|tiap|setiap|every|at)\s+)(?P<n>1?\d)(?![\d.:,/x-])(?!\s*[ap]\.?m)"
    r"(?=\s+[a-z]|[,.!]|$)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<=\s)(?P<h>\d{1,2})(?P<dot>[.:])(?P<m>\d{2})(?![\d.:])")
_FULL_HOUR = re.compile(
    r"(?P<lead>\b(?:jam|jm|pukul|pkl)\s+)(?P<h>\d{1,2})(?![\d.:,/-]|\s*(?:detik|menit))\b", re.IGNORECASE
)
_BEFORE_CLAUSE = re.compile(
    r",(?=[ ](?:dan|sama|serta|terus|trus|lalu|kemudian|kalau|kalo|klo|jika|kecuali|tapi"
    r"|and|then|but|if|except)\b)",
    re.IGNORECASE,
)
_DRAWN_SENSES = (
    "watch",
    "report",
    "backup",
    "send",
    "every",
    "part",
    "weekday",
    "relday",
    "filler",
    "tonight",
    "notify",
)
_SHORTEST_DRAWN = 4


def kept_variants(sentence: Sentence) -> Iterator[Variant]:
    """Yield the variants of a sentence that mean the same."""
    if sentence.has_hidden_text:
        return
    for kind, word, prompt in _all(sentence):
        if prompt != sentence.prompt:
            yield Variant(sentence.case["id"], kind, word, prompt, _SAME)


def _all(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    yield from _spelt(sentence)
    yield from _figures(sentence)
    yield from _filled(sentence)
    yield from _cased(sentence)
    yield from _reordered(sentence)
    yield from _punctuated(sentence)
    yield from _drawn_out(sentence)
    yield from _spaced(sentence)


def _like(typed: str, word: str) -> str:
    """Return a word with the capitals of another."""
    if typed.isupper() and len(typed) > 1:
        return word.upper()
    return word.capitalize() if typed[0].isupper() else word


def _spelt(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    for swap in swaps_in(sentence):
        # "backup jam 3, eh backupnya jam 4" names one thing twice.
        if has_sense(swap.text, "report", "backup") and sentence.prompt.lower().count(swap.text) > 1:
            continue
        dice = sentence.dice(f"spelt {swap.start}")
        typed = sentence.prompt[swap.start : swap.end]
        for other in dice.sample(swap.others, min(_SPELLINGS_EACH, len(swap.others))):
            text = sentence.replaced((swap.start, swap.end), _like(typed, other))
            yield "spelling", f"{swap.text} → {other}", text


def _figures(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    names = phrases_of("numbers", sentence.language)
    for found in _FIGURE.finditer(sentence.free_text):
        number = int(found["n"])
        name = names[number] if number < len(names) and not found["n"].startswith("0") else ""
        if name:
            yield "number word", name, sentence.replaced(found.span("n"), name)
    for found in _CLOCK.finditer(sentence.free_text):
        other = "." if found["dot"] == ":" else ":"
        yield "clock sign", other, sentence.replaced(found.span("dot"), other)
    for found in _FULL_HOUR.finditer(sentence.free_text):
        if sentence.free_text[found.end() :].lstrip()[:4] not in {"lewa", "kura", "sete"}:
            yield "full hour", ".00", sentence.replaced(found.span("h"), f"{int(found['h'])}.00")


def _filled(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    first = sentence.tokens[0] if sentence.tokens else None
    if first is None or first.kind == "bullet" or not any(map(str.isalpha, sentence.prompt)):
        return
    polite = bool(sentence.facts.acting) and not sentence.is_question and not sentence.is_polite
    polite = polite and _starts_with_wish(sentence)
    for start in sentence.picked("polite" if polite else "greetings", count=2):
        yield "filler before", start.strip(), start + sentence.prompt.lstrip()
    may_end = not sentence.ends_with_text and "\n" not in sentence.prompt and not sentence.is_question
    for end in sentence.picked("closings", count=2) if may_end and sentence.facts.acting else []:
        if end.strip(" ,") not in sentence.prompt.lower():
            yield "filler after", end.strip(), sentence.appended(end)


def _starts_with_wish(sentence: Sentence) -> bool:
    if sentence.is_english:
        return ENGLISH_VERB.match(sentence.prompt) is not None
    wishes = ("watch", "report", "backup", "message", "send", "stop", "change", "start", "every")
    return has_sense(sentence.tokens[0].text, *wishes)


def _cased(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    for name, change in (("upper", str.upper), ("title", str.capitalize), ("lower", str.lower)):
        text = sentence.prompt
        for word in sentence.words:
            # Zones are capitals, and "Minggu" is Sunday rather than a week.
            is_short_name = word.raw.isupper() and len(word.raw) <= _SHORTEST_DRAWN
            if name == "upper" or not (is_short_name or (name == "title" and word.text == "minggu")):
                text = text[: word.start] + change(text[word.start : word.end]) + text[word.end :]
        if len(text) == len(sentence.prompt):
            yield "case", name, text


def _reordered(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    block = sentence.time_block
    plain = len(sentence.facts.jobs) == 1 and not sentence.has_operator and not sentence.has_condition
    if block is not None and plain and "\n" not in sentence.prompt and not sentence.ends_with_text:
        yield from _moved(sentence, block)
    yield from _swapped_clauses(sentence)


def _moved(sentence: Sentence, block: tuple[int, int]) -> Iterator[tuple[str, str, str]]:
    led = re.search(r"\b(?:on|at|in|from|pada|di)\s+$", sentence.prompt[: block[0]], re.IGNORECASE)
    start = block[0] if led is None else led.start()
    if re.search(r"\b(?:ke|to|jadi|menjadi|into|sampai|until)\s+$", sentence.prompt[:start], re.IGNORECASE):
        return
    if re.search(r"[,;]|\b(?:dan|and|terus|then)\b", sentence.prompt[:start] + sentence.prompt[block[1] :]):
        return
    before, after = sentence.prompt[:start].strip(), sentence.prompt[block[1] :].strip()
    time = sentence.prompt[start : block[1]]
    closing = re.fullmatch(r"(?:ya|dong|please|[.!?🙏]|\s)*", after, re.IGNORECASE)
    if not before and after and after[0] not in ",.:;":
        yield "time last", "", f"{after.rstrip('.!')} {time}"
    if before and closing and before[-1] not in ",:;":
        yield "time first", "", f"{time} {before}{after and ' ' + after}"
        yield "time first", ",", f"{time}, {before}{after and ' ' + after}"


def _swapped_clauses(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    if sentence.has_operator or sentence.has_condition:
        return
    for one, other in split_wishes(sentence):
        yield "clauses", ",", f"{other}, {one}"
        sign = "and" if sentence.is_english else "dan"
        yield "clauses", sign, f"{other} {sign} {one}"


def split_wishes(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Yield the two halves of a sentence that become its jobs when each is a sentence."""
    wanted = sorted(map(repr, sentence.facts.meaning))
    if len(wanted) < _TWO or sentence.facts.doubts:
        return
    for found in re.finditer(r"(?:,\s+)?\b(?:dan|and)\b\s+|,\s+", sentence.free_text):
        one, other = sentence.prompt[: found.start()].strip(), sentence.prompt[found.end() :].strip(" .")
        parts = [sentence.facts_of(part) for part in (one, other)]
        alone = sorted(repr(meaning) for part in parts for meaning in part.meaning)
        if alone == wanted and all(part.jobs and not part.doubts for part in parts):
            yield one, other


def _punctuated(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    text = sentence.prompt.rstrip()
    if not text or not text[-1].isascii():
        return
    ends_free = sentence.is_free(len(text) - 1, len(text))
    if text[-1] in ".!" and ends_free:
        yield "punctuation off", text[-1], text.rstrip(".!")
        yield "punctuation doubled", text[-1], text + text[-1]
    elif not sentence.ends_with_text and text[-1] not in "?:;-" and any(map(str.isalnum, text)):
        yield "punctuation added", ".", text + "."
        yield "punctuation added", "!!", text + "!!"
    for comma in list(re.finditer(r",(?=\s)", sentence.free_text))[:1]:
        yield "punctuation doubled", ",", sentence.replaced(comma.span(), ",,")
    for comma in list(_BEFORE_CLAUSE.finditer(sentence.free_text))[:1]:
        yield "punctuation off", ",", sentence.replaced(comma.span(), "")


def _drawn_out(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    fit = [
        word
        for word in sentence.words
        if len(word.text) >= _SHORTEST_DRAWN
        and word.text.isalpha()
        and has_sense(word.text, *_DRAWN_SENSES)
        and not re.search(r"(.)\1", word.text)
    ]
    dice = sentence.dice("drawn")
    for word in dice.sample(fit, min(2, len(fit))):
        vowel = max(word.raw.lower().rfind(each) for each in "aeiou")
        if vowel >= 0:
            drawn = word.raw[: vowel + 1] + word.raw[vowel] * dice.choice((2, 3)) + word.raw[vowel + 1 :]
            yield "drawn out", word.text, sentence.replaced((word.start, word.end), drawn)


def _spaced(sentence: Sentence) -> Iterator[tuple[str, str, str]]:
    if not sentence.prompt.strip():
        return
    inner = re.finditer(r"(?<=\S) (?=\S)", sentence.prompt)
    free = [space.span() for space in inner if sentence.is_free(*space.span())]
    for name, gap in (("spaces", "  "), ("tab", "\t")):
        text = sentence.prompt
        for start, end in reversed(free):
            text = text[:start] + gap + text[end:]
        yield "spacing", name, text
    yield "spacing", "outer", f"  {sentence.prompt}  "
