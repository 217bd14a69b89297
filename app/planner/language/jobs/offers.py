"""Offers: the nearest thing to a wish that no job fulfils, as a choice: a reminder of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile, takewhile
from typing import Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import Clause, Item, any_of
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
_FOR_ONE: Final = ("in", "kan")
"""Endings of what is done for somebody: "cariin", "belikan"."""
_ASKS: Final = ("beyond", "order", "notify", "watch", "send", "message", "cond")
_OF_TOPIC: Final = frozenset({"word", "beyond"})
_MOST_WORDS: Final = 3
_MOST_LEADS: Final = 4


def unread_topic(items: Sequence[Item], context: BuildContext) -> BuildResult | None:
    """Return the offer for a report or a check of what nothing here reads: sales, stock, ratings."""
    found = _topic(items, context)
    if found is None:
        return None
    message, choice = _about(*found, items, context)
    return asked(message, context.span(items), choices=(choice,))


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
    """Return the offer of a reminder for words that no job fulfils; None if they ask for nothing."""
    if (read := unread_topic(items, context)) is not None:
        return read
    cond = next((pos for pos, item in enumerate(items) if item.kind == "cond"), -1)
    called = max((pos for pos, item in enumerate(items[:_MOST_LEADS]) if item.kind == "notify"), default=-1)
    rest = items[max(cond, called) + 1 :]  # "alarm bayar listrik", "kabari kalau kurir sampai"
    said = list(dropwhile(lambda item: not _is_said(item, context), rest))
    if not said or any_of(items, "report", "backup"):
        return None
    word = _word(said[0], context)
    does = word in _DEEDS | _GOING or said[0].kind == "order"
    does = does or (said[0].kind == "beyond" and word.endswith(_FOR_ONE))
    if not (does or any_of(items, *_ASKS)) or (said[0].has("order") and not any_of(items, "time")):
        return None
    held = items
    if does and cond < 0:
        times = (item.first for item in rest if item.kind == "time")
        start = min(said[0].first, next(times, said[0].first))
        held = [item for item in items if item.first >= start]
        errand = _stretch(held, context)
    else:
        said = list(takewhile(lambda item: item.kind not in {"time", "sep", "notify", "send"}, said))
        verb = "" if does else _VERBS[context.language]["looked up"]
        times = _times(items, context) or _DAILY[context.language]
        errand = " ".join(filter(None, (verb, _stretch(said, context), times)))
    choice = f"{_LEADS[context.language]} {errand}"
    return asked(_NOT_DONE.fill(words=context.words(held)), context.span(held), choices=(choice,))


def _is_said(item: Item, context: BuildContext) -> bool:
    return item.kind in _OF_TOPIC | {"order"} or _word(item, context) in _DEEDS


def _stretch(items: Sequence[Item], context: BuildContext) -> str:
    span = context.span(items)
    return "" if span is None else context.request.prompt[span.start : span.end]


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


def _times(items: Sequence[Item], context: BuildContext) -> str:
    """Return the words of the times, as typed."""
    return " ".join(dict.fromkeys(_stretch([item], context) for item in items if item.kind == "time"))


def _word(item: Item, context: BuildContext) -> str:
    return context.lex[item.first].text.removesuffix("nya")
