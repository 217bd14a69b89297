"""Intents: which words of a chunk ask for something in their own right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.clauses.chunks import TARGETS
from app.planner.clauses.item import Item, any_of

_STATES: Final = frozenset({"down", "up", "neg", "expect"})
_WEAK_MESSAGES: Final = ("notify", "send", "contains")
_RECORDS: Final = frozenset({"report", "backup"})

Intent = tuple[int, str]
"""The index of an item and what it asks for: `watch report backup message`."""


def intents_of(items: Sequence[Item], *, after_watch: bool) -> list[Intent]:
    """Return what a chunk asks for; `after_watch` where a monitor was asked for before it."""
    conditional = is_conditional(items)
    found: list[Intent] = []
    for at in range(len(items)):
        watched = after_watch or any(kind == "watch" for _, kind in found)
        kind = _kind(items, at, conditional=conditional, after_watch=watched)
        if kind is not None:
            found.append((at, kind))
    return _without_objects(items, found)


def is_conditional(items: Sequence[Item]) -> bool:
    """True where something is to happen if another thing fails: "kalau mati kabari …"."""
    kinds = [item.kind for item in items]
    if "otherwise" in kinds:
        return True
    if "cond" not in kinds:
        return False
    return bool(_STATES & set(kinds[kinds.index("cond") :])) or "notify" in kinds or _tells_of_page(items)


def _tells_of_page(items: Sequence[Item]) -> bool:
    """True for "if https://… is slow tell …", whose verb sends messages elsewhere."""
    return any_of(items, "url") and any(item.has("notify") for item in items)


def _kind(items: Sequence[Item], at: int, *, conditional: bool, after_watch: bool) -> str | None:
    match items[at].kind:
        case "watch":
            return _watch(items, at, conditional=conditional)
        case "report" | "backup" if conditional and any_of(items[:at], "cond", "otherwise"):
            return None  # "kalau backup gagal", "kalau mati buat laporan"
        case "report":
            leads_out = any_of(items[at + 1 :], "toward", "channel", "name")
            notifies = items[at].has("notify") and (conditional or (after_watch and leads_out))
            return None if notifies or _resumes(items, at) else "report"
        case "backup":
            return "backup"
        case "message" | "send" | "notify" if not conditional:
            return _message(items, at, after_watch=after_watch)
        case _:
            return None


def _watch(items: Sequence[Item], at: int, *, conditional: bool) -> str | None:
    if not items[at].has("ping"):
        return "watch"
    if conditional:
        return "watch" if any_of(items[at + 1 :], "url") else None
    # "ping me on telegram "stand up"" has a text, and nothing to watch.
    told = any_of(items, "quote") and not any_of(items, "url") and not any(item.is_account for item in items)
    return "message" if told else "watch"


def _message(items: Sequence[Item], at: int, *, after_watch: bool) -> str | None:
    item, before, after = items[at], items[:at], items[at + 1 :]
    quoted = any_of(items, "quote")
    if item.kind == "send":
        return "message" if quoted or _is_object(items, at) else None
    if item.kind == "notify":
        return "message" if quoted and not after_watch else None
    if item.text == "noun":
        sent = any_of(before, "send", "textmark") or any_of(after, *TARGETS)
        return "message" if not any_of(after, "beyond") and (quoted or sent) else None
    placed = any_of(items, "channel", "name")
    if after_watch and not quoted and (item.has("notify") or (not placed and item.text != "remind")):
        return None  # "if it's down, tell slack", "watch it, say every 4 minutes"
    if item.has(*_WEAK_MESSAGES) and not quoted:
        return "message" if placed and not any_of(after, *_RECORDS) else None
    return "message"


def _is_object(items: Sequence[Item], at: int) -> bool:
    """True for "kirim wa ke 6281…", where the channel is what is sent; not for "kirim ke wa"."""
    start = next((i for i in range(at + 1, len(items)) if items[i].kind != "filler"), len(items))
    return any_of(items[start : start + 1], "channel") and not any_of(items, "watch", *_RECORDS)


def _resumes(items: Sequence[Item], at: int) -> bool:
    """True for "resume the backup", which takes up a job and asks for no résumé."""
    if not items[at].has("resumed"):
        return False
    following = next((item for item in items[at + 1 :] if item.kind != "filler"), None)
    return following is not None and following.kind in {"watch", *_RECORDS}


def _without_objects(items: Sequence[Item], found: Sequence[Intent]) -> list[Intent]:
    """Drop what another wish is only about: "kirim pesan backup selesai", "pastikan backup jalan"."""
    kept: list[Intent] = []
    for at, kind in found:
        if not kept:
            kept.append((at, kind))
            continue
        before, other = kept[-1]
        own = _has_own(items, before, at)
        if other == "message" and not _has_text_before(items, before, at):
            continue
        if other == "watch" and kind in _RECORDS and not own:
            kept[-1] = (at, kind)
        elif other in _RECORDS and kind in _RECORDS and _are_one(items, before, at):
            kept[-1] = (before, kind if kind == other else "report")
        elif other != kind or kind == "message" or own:
            kept.append((at, kind))
    return kept


def _has_text_before(items: Sequence[Item], start: int, end: int) -> bool:
    said = any(item.kind != "filler" for item in items[start + 1 : end])
    return said and any_of(items[:end], "quote")


def _has_own(items: Sequence[Item], start: int, end: int) -> bool:
    around = (*items[:start], *items[start + 1 : end])
    return any_of(around, "time", "expect", "contains", *TARGETS)


def _are_one(items: Sequence[Item], start: int, end: int) -> bool:
    """True for "laporan backup" and "backup report": two nouns, one thing."""
    return all(item.kind in {"filler", "textmark"} for item in items[start + 1 : end])
