"""Intents: the words of a chunk that are wishes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Final

from app.planner.language.clauses.clause import (
    CONDITIONS,
    INTENTS,
    RECORDS,
    TARGETS,
    Chunk,
    Clause,
    Item,
    Operator,
    any_of,
    kinds,
)
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times.expressions import ClockTimes, PartOfDay, Recurrence, TimeBound
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_NEAR: Final = 4
"""A place follows its verb within this many items."""
_STATES: Final = frozenset({"down", "up", "neg", "expect"}) | CONDITIONS
_JOINS: Final = frozenset({"filler", "textmark"})
_WEAK_MESSAGES: Final = ("notify", "send", "contains")

Intent = tuple[int, str]
"""The index of an item and the kind of its wish: `watch report backup message`."""


def intents_of(items: Sequence[Item], *, after_watch: bool) -> list[Intent]:
    """Return the wishes of a chunk; `after_watch` if a monitor was asked for before it."""
    conditional = is_conditional(items)
    found: list[Intent] = []
    wished = takewhile(lambda item: item.kind != "spare", items)  # what stays is no wish
    for pos, item in enumerate(wished):
        if item.kind == "declared":
            kind = f"declared {item.text}"
        else:
            kind = _kind(items, pos, conditional=conditional, after_watch=after_watch)
        if kind is not None:
            found.append((pos, kind))
            after_watch = after_watch or kind == "watch"
    return _without_objects(items, found)


def is_conditional(items: Sequence[Item]) -> bool:
    """True if an action depends on a failure: "kalau mati kabari …"."""
    kinds = [item.kind for item in items]
    held = kinds[kinds.index("cond") :] if "cond" in kinds else []
    return "otherwise" in kinds or bool(held and (_STATES.intersection(held) or "notify" in kinds))


def _kind(items: Sequence[Item], pos: int, *, conditional: bool, after_watch: bool) -> str | None:
    match items[pos].kind:
        case "watch":
            return _watch(items, pos, conditional=conditional, after_watch=after_watch)
        case "report" | "backup" if conditional and any_of(items[:pos], "cond", "otherwise"):
            return None  # "kalau backup gagal", "kalau mati buat laporan"
        case "report":
            leads_out = any_of(items[pos + 1 :], "toward", "channel", "name")
            timed = any(isinstance(item.value, ClockTimes | PartOfDay | Recurrence) for item in items)
            notifies = items[pos].has("notify") and (conditional or (after_watch and leads_out and not timed))
            return None if notifies else "report"
        case "backup":
            return "backup"
        case "message" | "send" | "notify" if not conditional:
            return _message(items, pos, after_watch=after_watch)
        case _:
            return None


def _watch(items: Sequence[Item], pos: int, *, conditional: bool, after_watch: bool) -> str | None:
    if not items[pos].has("ping"):
        return "watch"
    if after_watch and pings_person(items, pos):
        return None
    if conditional:
        # "ping me on telegram when https://… is down" sends, "ping https://… and tell me if …" checks.
        target = next((item.kind for item in items[pos + 1 :] if item.kind != "filler"), "")
        return "watch" if target == "url" else None
    # "ping me on telegram "stand up"" has a text, and no target to monitor.
    target = any_of(items, "url") or any(item.is_account for item in items)
    return "message" if any_of(items, "quote") and not target else "watch"


def pings_person(items: Sequence[Item], pos: int) -> bool:
    """True for "ping me on telegram" and "ping slack #ops", false for "ping wa toko_a"."""
    led = [item for item in items[pos + 1 : pos + 1 + _NEAR] if item.kind != "filler"][:2]
    named = any(item.name and item.name.shape in _RECIPIENTS and not item.name.mark for item in led[1:])
    return any_of(led[:1], "via", "toward") or (named and any_of(led[:1], "channel"))


def _message(items: Sequence[Item], pos: int, *, after_watch: bool) -> str | None:
    item, before, after = items[pos], items[:pos], items[pos + 1 :]
    quoted, placed = any_of(items, "quote"), any_of(items, "channel", "name")
    if item.kind == "send":
        asks = quoted or _is_object(items, pos)
    elif item.kind == "notify":
        asks = quoted and not after_watch
    elif item.text == "noun":
        sent = any_of(before, "send", "textmark") or any_of(after, *TARGETS)
        asks = not any_of(after, "beyond") and (quoted or sent)
    elif after_watch and not quoted and (item.has("notify") or (not placed and item.text != "remind")):
        asks = False  # "if it's down, tell slack", "watch it, say every 4 minutes"
    else:
        weak = item.has(*_WEAK_MESSAGES) and not quoted
        asks = not weak or (placed and not any_of(after, *RECORDS))
    return "message" if asks else None


def _is_object(items: Sequence[Item], pos: int) -> bool:
    """True for "kirim wa ke 6281…", whose channel is the object that is sent; not for "kirim ke wa"."""
    following = next((item.kind for item in items[pos + 1 :] if item.kind != "filler"), "")
    return following == "channel" and not any_of(items, "watch", *RECORDS)


def _without_objects(items: Sequence[Item], found: Sequence[Intent]) -> list[Intent]:
    """Drop wishes that are only another's object: "kirim pesan backup selesai", "pastikan backup jalan"."""
    kept = [*found[:1]]
    for pos, kind in found[1:]:
        before, other = kept[-1]
        around = (*items[:before], *items[before + 1 : pos])
        own = any_of(around, "time", "expect", "contains", *TARGETS)
        said = any(item.kind != "filler" for item in items[before + 1 : pos])
        if other == "message" and not (said and any_of(items[:pos], "quote")):
            continue
        if other == "watch" and kind in RECORDS and not own:
            kept[-1] = (pos, kind)
        elif {other, kind} <= RECORDS and all(item.kind in _JOINS for item in items[before + 1 : pos]):
            kept[-1] = (before, kind if kind == other else "report")  # "laporan backup": one thing
        elif other != kind or kind == "message" or own:
            kept.append((pos, kind))
    return kept


# Conditions: "kalau stok habis kirim …" depends on an event that the platform cannot detect.

_ENDS: Final = INTENTS | {"send", "quote", "sep"}
_UNKNOWN: Final = ("word", "beyond", "order")
_WATCHED: Final = TARGETS | {"notify", "down", "up", "neg", "expect"} | CONDITIONS
"""Items that a condition of a monitor may contain."""


def hangs_on_event(kind: str, items: Sequence[Item]) -> bool:
    """True if a wish depends on an event that no monitor detects, or on what a monitor finds."""
    before = [*takewhile(lambda item: item.kind not in RECORDS, items)] if kind in RECORDS else []
    led = next((pos for pos, item in enumerate(before) if item.kind == "cond" or item.has("in")), len(before))
    if any_of(before[led + 1 :], "down"):
        return True  # "setelah wa mati kirim laporan": no monitor starts a job
    intent = next((pos for pos, item in enumerate(items) if item.kind in INTENTS), len(items))
    conditions = [pos for pos, item in enumerate(items) if item.kind == "cond"]
    if is_conditional(items):
        after = next((pos for pos in conditions if pos > intent), len(items))
        return kind in RECORDS and any_of(items[after:], "down") and not any_of(items, "notify")
    for pos in conditions:
        # "kalau ada yang chat wa toko_a": no job sees a chat that comes in.
        said = any(item.kind not in {"time", "filler", "sep"} for item in items[pos + 1 : intent])
        # "ingatkan saya tiap Jumat kalau …" and "pantau … kalau …" state their subject with "kalau".
        timed = kind == "message" and any_of(items, "time") and not any_of(items[:pos], "quote")
        about = pos > intent and (kind == "watch" or timed)
        if not about and (names_event(items[pos:]) or (kind == "message" and said)):
            return True
    return False


def names_event(items: Sequence[Item]) -> bool:
    """True for "kalau stok habis"; not for "kalau Sabtu jam 10", "kalau bisa", "kalau mati"."""
    end = next((pos for pos, item in enumerate(items) if item.kind in _ENDS and pos), len(items))
    return any_of(items[1:end], *_UNKNOWN) and not any_of(items[1:end], *_WATCHED)


# Channels used as verbs: "email me the report", "slack us if it fails", "… and email a@b.example if not".

_PEOPLE: Final = words_of(Sense.PEOPLE_INTENTS) | {"the team"}
_ADDRESSES: Final = kinds("email phone")
_RECIPIENTS: Final = kinds("email phone handle hash contact person")
_FARTHEST: Final = 24
_MOST_OTHERS: Final = 3
_BEFORE_CONDITION: Final = senses("filler every unit recur clockmark hm number part")
"""Senses between a recipient and its condition: "wa 0811 ya kalau …", "wa 0811 tiap jam kalau …"."""
_MOST_BEFORE: Final = 6
_NO_VERB_AFTER: Final = ("watch", "report", "message", "send", "notify", "toward", "via", "using", "account")


def is_verb(lex: Lexemes, pos: int) -> bool:
    """True if the channel at an index is used as a verb, not as a place."""
    lexeme = lex[pos]
    if lexeme.text == "text" and lex.kind(pos + 1) != "person":
        return _leads_condition(lex, pos)  # "text 0811 when https://… is down"
    if "channel" not in lexeme.senses or lex.has(pos - 1, "channel", *_NO_VERB_AFTER):
        return False
    if lexeme.has(Sense.VERB_FORMS) or lex.text(pos + 1) in _PEOPLE:
        return True
    return _addresses_on_condition(lex, pos) or _leads_condition(lex, pos) or _receives(lex, pos)


def _rest(lex: Lexemes, pos: int) -> list[Lexeme]:
    """Return the lexemes from an index to the end of the sentence."""
    return [*takewhile(lambda each: each.kind != "line" and not each.has(Sense.STOPS_INTENTS), lex[pos:])]


def _addresses_on_condition(lex: Lexemes, pos: int) -> bool:
    """True for "email a@b.example if not", which notifies one address on a condition."""
    place = lex.after(pos + 1, Sense.TOWARD)
    rest = _rest(lex, place + 1) if lex.kind(place) in _ADDRESSES else []
    chunk = takewhile(lambda lexeme: not lexeme.has("sep") and lexeme.text != ",", rest)
    others = any(lexeme.has("notify", "send", "message", "channel") for lexeme in rest)
    return not others and any(lexeme.has("cond", "otherwise") for lexeme in chunk)


def _leads_condition(lex: Lexemes, pos: int) -> bool:
    """True for the "wa 0811" before "kalau telegram bot_b mati": what follows the condition is monitored."""
    start = pos - 1
    while lex.has(start, Sense.PLEAS):
        start -= 1
    begins = start < 0 or lex[start].kind in {"line", "bullet"} or lex.has(start, Sense.STOPS_INTENTS)
    if not begins or not _is_recipient(lex, pos + 1):
        return False
    last = pos + 2
    for _other in range(_MOST_OTHERS):  # "wa 0811 dan telegram @me kalau …"
        after = lex.list_next(last)
        if after is not None and lex.has(after, "channel") and _is_recipient(lex, after + 1):
            last = after + 2
    last = lex.past(last, {","}, *_BEFORE_CONDITION, most=_MOST_BEFORE)
    held = _rest(lex, last + 1)[:_FARTHEST]
    target = any(lexeme.has("channel") or lexeme.kind == "url" for lexeme in held)
    return lex.has(last, "cond", "otherwise") and target


def _receives(lex: Lexemes, pos: int) -> bool:
    """True for the telegram of "telegram @posko gets the alarm", "wa 0811 yang terima kabarnya"."""
    end = lex.after(pos + 2, Sense.GETS, most=_MOST_OTHERS)
    return (
        _is_recipient(lex, pos + 1)
        and end > pos + 2
        and lex.has(lex.past(end, (), "filler", most=2), "notify")
    )


def _is_recipient(lex: Lexemes, pos: int) -> bool:
    return lex.kind(pos) in _RECIPIENTS or lex.has(pos, "phone")


# Parts: the border between two wishes of a chunk, and which of them is refused.

_LEADS: Final = frozenset({"filler", "send", "textmark", "neg", "stop", "change", "but", "cond", "otherwise"})
"""Words before the verb or noun of a wish that belong to it."""


def parts_of(chunk: Chunk, *, after_watch: bool) -> list[Clause]:
    """Return the wishes of a chunk; none if it has none of its own."""
    items = chunk.items
    intents = intents_of(items, after_watch=after_watch)
    if not intents:
        return []
    starts = _starts(items, intents)
    ends = [*starts[1:], len(items)]
    return [
        _part(kind, items[start:end], pos - start)
        for (pos, kind), start, end in zip(intents, starts, ends, strict=True)
    ]


def _starts(items: Sequence[Item], intents: Sequence[Intent]) -> list[int]:
    """Return the start of each wish; times come before their wishes if the first wish starts with a time."""
    leads = any_of(items[: intents[0][0]], "time")
    starts = [0]
    for (before, _), (pos, _) in pairwise(intents):
        start = pos
        while start > before + 1 and (
            items[start - 1].kind in _LEADS or (leads and items[start - 1].kind == "time")
        ):
            start -= 1
        starts.append(start)
    return starts


def _part(kind: str, items: Sequence[Item], intent: int) -> Clause:
    acts = not is_conditional(items)
    led = any_of(items[:intent], "send", "textmark") or items[intent].has("watch")
    denied = max((pos for pos, item in enumerate(items) if item.kind == "neg"), default=-1)
    # The refusal of "backup mingguan udah ga usah" ends the wish.
    declined = acts and denied > intent and _only_fills(items[denied + 1 :])
    operator = Operator.WITHDRAW if acts and _is_stopped(items, intent) else None
    operator = Operator.NOT if declined or any_of(items[:intent], "neg") else operator
    return Clause(kind, [*items], operator, bare=kind in RECORDS and not led)


_DONE: Final = frozenset({"send", "watch"})
"""Verbs of "laporan bulanan ga usah dikirim lagi"."""


def _is_stopped(items: Sequence[Item], intent: int) -> bool:
    """True for "stop the backup" and "laporan harian tolong dihapus", not for "laporan jam 9 toko tutup"."""
    items = [*takewhile(lambda item: item.kind != "spare", items)]
    stops = [pos for pos, item in enumerate(items) if item.kind == "stop"]
    if not stops:
        return False
    # "don't delete the daily report, only stop the weekly" names another one by its cadence.
    times = [item.value for item in items if item.kind == "time"]
    which = all(isinstance(time, Recurrence) or (isinstance(time, TimeBound) and time.ends) for time in times)
    if stops[-1] < intent or which or items[stops[-1]].text:
        return True
    last_time = max(pos for pos, item in enumerate(items) if item.kind == "time")
    around = (*items[last_time + 1 : stops[-1]], *items[stops[-1] + 1 :])
    return last_time < stops[-1] and all(item.kind in _DONE or _only_fills([item]) for item in around)


def _only_fills(items: Sequence[Item]) -> bool:
    """True if the items have no meaning; "setelah" introduces something."""
    return all(item.kind == "filler" and not item.has("in") for item in items)
