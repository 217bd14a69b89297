"""Offers: the nearest thing to a wish that no job fulfils, as a choice: a reminder of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile, takewhile
from typing import Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import Item, any_of, kinds
from app.planner.language.jobs.context import BuildContext, BuildResult, asked
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense

_DEEDS: Final = words_of(Sense.DEED)
_DOES: Final = words_of(Sense.DEED, Sense.GOING)
_TEAMS: Final = words_of(Sense.TEAM)
_CHECK: Final = {"id": "cek", "en": "check"}
_TOPICS: Final = (
    (words_of(Sense.NOTED), {"id": "catat", "en": "note down"}),
    (words_of(Sense.LOOKED_UP), _CHECK),
    (words_of(Sense.PICTURE), {"id": "ambil", "en": "take"}),
)
"""What no job reads, and the verb of a reminder of it."""
_OF_PAGES: Final = ((words_of(Sense.PRICE), _CHECK),)
_NOT_READ: Final = _("{topic} cannot be read here. Should it remind you instead: {reminder}?")
_NOT_DONE: Final = _('No job does "{words}". Should it remind you instead?')
_DAILY: Final = {"id": "tiap hari", "en": "every day"}
_LEADS: Final = {"id": "ingatkan", "en": "remind me to"}
_SAID: Final = kinds("word beyond order filler report change stop send up notify")
_FOR_ONE: Final = ("in", "kan")
"""Endings of what is done for somebody: "cariin", "belikan"."""
_ASKS: Final = ("beyond", "order", "notify", "watch", "send", "message", "cond")
_OF_TOPIC: Final = frozenset({"word", "beyond"})
_MOST_WORDS: Final = 3
_MOST_LEADS: Final = 4


def unread_topic(items: Sequence[Item], context: BuildContext) -> BuildResult | None:
    """Return the offer for a report or a check of what nothing here reads: sales, stock, ratings."""
    texts = [_word(item, context) for item in items]
    hangs, page = any_of(items, "cond"), [item for item in items if item.kind == "url"][:1]
    topics = _OF_PAGES if page else _TOPICS
    for pos, (item, text) in enumerate(zip(items, texts, strict=True)):
        verb = next((verbs[context.language] for known, verbs in topics if text in known), None)
        of_team = pos and texts[pos - 1] in _TEAMS
        # "halaman promo" and "price page" name a page.
        of_page = any_of((*items[max(0, pos - 1) : pos], *items[pos + 1 : pos + 2]), "site")
        if verb is None or item.kind not in _SAID or of_team or of_page:
            continue
        more = takewhile(lambda each: each.kind in _OF_TOPIC, items[pos + 1 : pos + _MOST_WORDS])
        topic = _stretch([item, *(page or ([] if hangs else more))], context)
        verb = _CHECK[context.language] if any_of(items, "cond", "watch") else verb
        reminder = _timed(topic if verb == topic else f"{verb} {topic}", items, context)
        message = _NOT_READ.fill(topic=topic[:1].upper() + topic[1:], reminder=reminder)
        return _offered(message, reminder, items, context)
    return None


def offer(items: Sequence[Item], context: BuildContext) -> BuildResult | None:
    """Return the offer of a reminder for words that no job fulfils; None if they ask for nothing."""
    if (read := unread_topic(items, context)) is not None:
        return read
    cond = next((pos for pos, item in enumerate(items) if item.kind == "cond"), -1)
    called = max((pos for pos, item in enumerate(items[:_MOST_LEADS]) if item.kind == "notify"), default=-1)
    rest = items[max(cond, called) + 1 :]  # "alarm bayar listrik", "kabari kalau kurir sampai"
    kept = _OF_TOPIC | {"order"}
    said = list(dropwhile(lambda item: item.kind not in kept and _word(item, context) not in _DEEDS, rest))
    if not said or any_of(items, "report", "backup"):
        return None
    word = _word(said[0], context)
    does = word in _DOES or said[0].kind == "order" or (said[0].kind == "beyond" and word.endswith(_FOR_ONE))
    if not (does or any_of(items, *_ASKS)) or (said[0].has("order") and not any_of(items, "time")):
        return None
    held = items
    if does and cond < 0:
        start = min(item.first for item in rest if item is said[0] or item.kind == "time")
        held = [item for item in items if item.first >= start]
        errand = _stretch(held, context)
    else:
        said = list(takewhile(lambda item: item.kind not in {"time", "sep", "notify", "send"}, said))
        verb = "" if does else _CHECK[context.language] + " "
        errand = _timed(verb + _stretch(said, context), items, context)
    return _offered(_NOT_DONE.fill(words=context.words(held)), errand, held, context)


def _offered(message: Message, errand: str, items: Sequence[Item], context: BuildContext) -> BuildResult:
    return asked(message, context.span(items), choices=(f"{_LEADS[context.language]} {errand}",))


def _timed(errand: str, items: Sequence[Item], context: BuildContext) -> str:
    """Return an errand with the words of the times as typed; daily if there are none."""
    times = dict.fromkeys(_stretch([item], context) for item in items if item.kind == "time")
    return f"{errand} {' '.join(times) or _DAILY[context.language]}"


def _stretch(items: Sequence[Item], context: BuildContext) -> str:
    span = context.span(items)
    return "" if span is None else context.request.prompt[span.start : span.end]


def _word(item: Item, context: BuildContext) -> str:
    return context.lex[item.first].text.removesuffix("nya")
