"""Offers: the nearest thing to a wish that no job fulfils, as a choice: a reminder of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import Clause, Item
from app.planner.language.jobs.context import BuildContext, BuildResult, asked
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense

_DEEDS: Final = words_of(Sense.DEED)
_GOING: Final = words_of(Sense.GOING)
_ITSELF: Final = words_of(Sense.ITSELF)
_LOOKED_UP: Final = words_of(Sense.LOOKED_UP)
_NOTED: Final = words_of(Sense.NOTED)
_PICTURES: Final = words_of(Sense.PICTURE)
_PRICES: Final = words_of(Sense.PRICE)
_REPLIES: Final = words_of(Sense.REPLIES)
_TEAMS: Final = words_of(Sense.TEAM)
_NOT_READ: Final = _("{topic} cannot be read here. Should it remind you instead: {reminder}?")
_NOT_DONE: Final = _('No job does "{words}". Should it remind you instead?')
_ONLY_UP: Final = _("A monitor checks that a page is up and does not read its {topic}. Which one?")
_VERBS: Final = {
    "id": {"noted": "catat", "looked up": "cek", "picture": "ambil", "reply": "balas chat"},
    "en": {"noted": "note down", "looked up": "check", "picture": "take", "reply": "answer chats"},
}
_DAILY: Final = {"id": "tiap hari", "en": "every day"}
_LEADS: Final = {"id": "ingatkan", "en": "remind me to"}
_SAID: Final = frozenset(
    {"word", "beyond", "order", "filler", "report", "change", "stop", "send", "up", "notify"}
)
_ACTS: Final = frozenset({"word", "beyond", "order", "send", "change", "stop", "filler", "watch", "notify"})
_OF_TOPIC: Final = frozenset({"word", "beyond"})
_MOST_WORDS: Final = 3


def unread_topic(clause: Clause, context: BuildContext) -> BuildResult | None:
    """Return the offer for a report or a check of what nothing here reads: sales, stock, ratings."""
    found = _topic(clause.items, context)
    return None if found is None else _asked(_about(*found, clause.items, context), clause.items, context)


def price_of_page(clause: Clause, context: BuildContext) -> BuildResult | None:
    """Return the question about "pantau harga di https://…": a monitor of a page reads no price."""
    url = next((item for item in clause.items if item.kind == "url"), None)
    said = [
        pos
        for pos, item in enumerate(clause.items)
        if item.kind in _OF_TOPIC and _word(item, context) in _PRICES
    ]
    if url is None or not said or any(_is_site(clause.items, pos) for pos in said):
        return None
    topic = context.words([clause.items[said[0]]])
    times = _times(clause.items, context)
    language = context.language
    watch, verb = ("pantau", "cek") if language == "id" else ("monitor", "check")
    at = "di" if language == "id" else "at"
    choices = (
        f"{watch} {url.text} {times}".strip(),
        f"{_LEADS[language]} {verb} {topic} {at} {url.text} {times}".strip(),
    )
    return asked(_ONLY_UP.fill(topic=topic), context.span(clause.items), choices=choices)


def offer(items: Sequence[Item], context: BuildContext) -> BuildResult | None:
    """Return the offer of a reminder for words that no job fulfils; None if they are no errand."""
    found = _topic(items, context)
    if found is not None:
        return _asked(_about(*found, items, context), items, context)
    said = [
        item for item in items if item.kind not in {"filler", "sep", "time"} or _word(item, context) in _DEEDS
    ]
    called = -1
    while said and any(item.kind == "notify" for item in said[:2]):
        called = said.pop(0).first  # "alarm bayar listrik", "bikin alarm …"
    first = said[0] if said else None
    if first is None or first.kind not in _ACTS or _word(first, context) not in _DEEDS | _GOING:
        return None
    if not any(item.kind == "time" for item in items) and _word(first, context) not in _GOING:
        return None
    times = (item.first for item in items if item.kind == "time" and item.first > called)
    start = min(first.first, next(times, first.first))
    held = [item for item in items if item.first >= start]
    span = context.span(held)
    words_ = "" if span is None else context.request.prompt[span.start : span.end]
    return asked(_NOT_DONE.fill(words=words_), span, choices=(f"{_LEADS[context.language]} {words_}",))


def _is_site(items: Sequence[Item], pos: int) -> bool:
    """True for "halaman promo" and "price page", which name a page."""
    return any(item.kind == "site" for item in (*items[max(0, pos - 1) : pos], *items[pos + 1 : pos + 2]))


def _topic(items: Sequence[Item], context: BuildContext) -> tuple[str, Sequence[Item]] | None:
    """Return what a wish is about if nothing here reads it, and its words."""
    texts = [_word(item, context) for item in items]
    hangs = any(item.kind == "cond" for item in items)
    if not _REPLIES.isdisjoint(texts) and (hangs or not _ITSELF.isdisjoint(texts)):
        return "reply", ()
    for pos, (item, text) in enumerate(zip(items, texts, strict=True)):
        if item.kind not in _SAID or (pos and texts[pos - 1] in _TEAMS):
            continue
        kinds = (("noted", _NOTED), ("looked up", _LOOKED_UP), ("picture", _PICTURES))
        kind = next((kind for kind, known in kinds if text in known), None)
        if kind is not None:
            end = pos + 1
            while not hangs and end < min(len(items), pos + _MOST_WORDS) and items[end].kind in _OF_TOPIC:
                end += 1
            return kind, items[pos:end]
    return None


def _about(
    kind: str, topic: Sequence[Item], items: Sequence[Item], context: BuildContext
) -> tuple[Message, str]:
    """Return the question about a topic, and the sentence that plans a reminder of it."""
    said = context.words(topic)
    first = next((item for item in items if item.kind not in {"filler", "sep", "time"}), None)
    hangs = any(item.kind == "cond" for item in items)
    verb = _VERBS[context.language]["looked up" if hangs and kind != "reply" else kind]
    own = "" if first is None else _word(first, context)
    if (
        own in _DEEDS
        and first is not None
        and first.kind not in {"send", "report", "notify"}
        and kind != "reply"
    ):
        verb = own
    errand = f"{verb} {said}".strip() if verb != said else said
    reminder = f"{errand} {_times(items, context) or _DAILY[context.language]}"
    if kind == "reply":
        words_ = context.words([item for item in items if item.kind != "time"])
        return _NOT_DONE.fill(words=words_), f"{_LEADS[context.language]} {reminder}"
    name = said[:1].upper() + said[1:]
    return _NOT_READ.fill(topic=name, reminder=reminder), f"{_LEADS[context.language]} {reminder}"


def _asked(about: tuple[Message, str], items: Sequence[Item], context: BuildContext) -> BuildResult:
    message, choice = about
    return asked(message, context.span(items), choices=(choice,))


def _times(items: Sequence[Item], context: BuildContext) -> str:
    """Return the words of the times, as typed."""
    places = dict.fromkeys((item.first, item.last) for item in items if item.kind == "time")
    return " ".join(
        context.request.prompt[context.lex[first].start : context.lex[last - 1].end] for first, last in places
    )


def _word(item: Item, context: BuildContext) -> str:
    return context.lex[item.first].text.removesuffix("nya")
