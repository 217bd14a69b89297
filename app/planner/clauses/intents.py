"""Intents: which words of a chunk ask for something, and where one wish ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.planner.clauses.chunks import INTENTS, TARGETS, Chunk
from app.planner.clauses.item import Item

_STATES: Final = frozenset({"down", "up"})
_WEAK_MESSAGES: Final = ("notify", "send", "contains")
_STOPPABLE: Final = INTENTS | TARGETS | {"account", "notify"}


@dataclass(slots=True)
class Part:
    """A stretch of a chunk that is one wish, or none where `kind` is None."""

    kind: str | None
    items: list[Item] = field(default_factory=list[Item])
    negated: bool = False
    stopped: bool = False
    bare: bool = False
    """True where only a noun asks: "laporan", "the backup"."""


def parts_of(chunk: Chunk, *, after_watch: bool) -> list[Part]:
    """Return the wishes of a chunk; `after_watch` where a monitor was asked for before it."""
    items = chunk.items
    intents = _intents(items, after_watch=after_watch)
    if not intents:
        return [Part(None, items)]
    starts = _starts(items, [at for at, _ in intents])
    ends = [*starts[1:], len(items)]
    parts = [Part(kind, items[start:end]) for (_, kind), start, end in zip(intents, starts, ends, strict=True)]
    _mark_refused(parts, [at - start for (at, _), start in zip(intents, starts, strict=True)])
    return parts


def is_conditional(items: Sequence[Item]) -> bool:
    """True where something is to happen if another thing fails: "kalau mati kabari …"."""
    kinds = [item.kind for item in items]
    if "otherwise" in kinds:
        return True
    if "cond" not in kinds:
        return False
    after = kinds[kinds.index("cond") :]
    return bool(_STATES & set(after)) or "notify" in kinds


def _intents(items: Sequence[Item], *, after_watch: bool) -> list[tuple[int, str]]:
    """Return the index and kind of every item that asks for something in its own right."""
    conditional = is_conditional(items)
    found: list[tuple[int, str]] = []
    for at, item in enumerate(items):
        kind = _kind(items, at, conditional=conditional, after_watch=after_watch or _watches(found))
        if kind is not None:
            found.append((at, kind))
    return _without_objects(items, found)


def _watches(found: list[tuple[int, str]]) -> bool:
    return any(kind == "watch" for _, kind in found)


def _kind(items: Sequence[Item], at: int, *, conditional: bool, after_watch: bool) -> str | None:
    item = items[at]
    match item.kind:
        case "watch":
            return None if conditional and item.has("ping") and not _target_next(items, at) else "watch"
        case "report":
            leads_out = any(each.kind in {"toward", "channel", "name"} for each in items[at + 1 :])
            return None if item.has("notify") and (conditional or (after_watch and leads_out)) else "report"
        case "backup":
            return "backup"
        case "message":
            return _message(items, at, conditional=conditional)
        case "send":
            quoted = any(each.kind == "quote" for each in items)
            return "message" if not conditional and (quoted or _is_object(items, at)) else None
        case "notify":
            quoted = any(each.kind == "quote" for each in items)
            return "message" if quoted and not conditional and not after_watch else None
        case _:
            return None


def _target_next(items: Sequence[Item], at: int) -> bool:
    return any(item.kind == "url" for item in items[at + 1 :])


def _message(items: Sequence[Item], at: int, *, conditional: bool) -> str | None:
    item = items[at]
    if conditional:
        return None
    quoted = any(each.kind == "quote" for each in items)
    if item.text == "noun":
        ordered = any(each.kind == "beyond" for each in items[at + 1 :])
        return "message" if not ordered and (quoted or _led_by_send(items, at)) else None
    if item.has(*_WEAK_MESSAGES) and not quoted:
        about = any(each.kind in {"report", "backup"} for each in items[at + 1 :])
        placed = any(each.kind in {"channel", "name"} for each in items)
        return "message" if placed and not about else None
    return "message"


def _led_by_send(items: Sequence[Item], at: int) -> bool:
    return any(each.kind in {"send", "textmark"} for each in items[:at]) or any(each.kind in TARGETS for each in items[at + 1 :])


def _is_object(items: Sequence[Item], at: int) -> bool:
    """True for "kirim wa ke 6281…", where the channel is what is sent; not for "kirim ke wa"."""
    following = items[at + 1 : at + 2]
    if not following or following[0].kind != "channel":
        return False
    return not any(each.kind in {"report", "backup", "watch"} for each in items)


def _without_objects(items: Sequence[Item], found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Drop intents that are only what another is about: "kirim pesan backup selesai", "pastikan backup jalan"."""
    kept: list[tuple[int, str]] = []
    for at, kind in found:
        if kept and kept[-1][1] == "message" and not _text_between(items, kept[-1][0], at):
            continue
        if kept and kept[-1][1] == "watch" and kind in {"report", "backup"} and not _has_own(items, kept[-1][0], at):
            kept[-1] = (at, kind)
            continue
        if kept and kept[-1][1] in {"report", "backup"} and kind in {"report", "backup"} and _adjacent(items, kept[-1][0], at):
            kept[-1] = (kept[-1][0], "report")
            continue
        if kept and kept[-1][1] == kind and kind != "message" and not _has_own(items, kept[-1][0], at):
            continue
        kept.append((at, kind))
    return kept


def _text_between(items: Sequence[Item], start: int, end: int) -> bool:
    return any(item.kind == "quote" for item in items[:end]) and any(item.kind != "filler" for item in items[start + 1 : end])


def _has_own(items: Sequence[Item], start: int, end: int) -> bool:
    between = items[start + 1 : end]
    return any(item.kind in TARGETS or item.kind in {"time", "expect", "contains"} for item in (*items[:start], *between))


def _adjacent(items: Sequence[Item], start: int, end: int) -> bool:
    return all(item.kind in {"filler", "textmark"} for item in items[start + 1 : end])


def _starts(items: Sequence[Item], intents: list[int]) -> list[int]:
    """Return where each wish starts: at the chunk's start, then after what belongs to the wish before."""
    leads = any(item.kind == "time" for item in items[: intents[0]])
    starts = [0]
    for before, at in zip(intents, intents[1:], strict=False):
        start = at
        while start > before + 1 and (
            items[start - 1].kind in {"filler", "send", "textmark", "neg", "stop", "change", "but", "cond", "otherwise"}
            or (leads and items[start - 1].kind == "time")
        ):
            start -= 1
        starts.append(start)
    return starts


def _mark_refused(parts: list[Part], intents: list[int]) -> None:
    for part, at in zip(parts, intents, strict=True):
        verbs = {item.kind for item in part.items[:at]}
        part.bare = part.kind in {"report", "backup"} and not ({"send", "textmark"} & verbs) and not part.items[at].has("watch")
        neg = _last(part.items[:at], "neg")
        part.items = _without_denied_times(part.items, at)
        stop = _last(part.items, "stop")
        if stop is not None and not _conditional_stop(part.items):
            part.stopped = stop < at or not any(item.kind == "time" for item in part.items)
        if neg is not None:
            # "jangan berhenti pantau" wants it to go on.
            part.negated = not part.stopped
            part.stopped = False


def _without_denied_times(items: list[Item], intent: int) -> list[Item]:
    """Leave out the times of "pantau telegram jangan tiap menit"."""
    denied = next((at for at, item in enumerate(items) if item.kind == "neg" and at > intent), None)
    if denied is None:
        return items
    return [item for at, item in enumerate(items) if at <= denied or item.kind != "time"]


def _conditional_stop(items: Sequence[Item]) -> bool:
    return is_conditional(items)


def _last(items: Sequence[Item], kind: str) -> int | None:
    found = [at for at, item in enumerate(items) if item.kind == kind]
    return found[-1] if found else None
