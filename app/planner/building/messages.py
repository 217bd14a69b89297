"""Messages: what is sent, where, by which account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.planner.building.context import Built, Context, Making
from app.planner.building.notify import places_of
from app.planner.building.when import schedules
from app.planner.clauses.clause import Clause
from app.planner.clauses.item import Item
from app.planner.says import Say
from app.planner.times.schedules import Habits

MESSAGE_HABITS: Final = Habits(None, 9 * 60, by_hand=True)
_OUTSIDE: Final = frozenset({"time", "channel", "foreign", "name", "chat", "account", "notify", "message", "send", "stop", "change"})
_LEADS: Final = frozenset({"toward", "via", "using", "textmark", "sep", "cond", "into"})
_TRIMMED: Final = frozenset(
    "saya aku gue kami kita tim the team me us everyone semua tolong dong ya please pls plz mohon kak min a the my untuk utk to that"
    " bahwa dan and juga also on in at di pada ke isi isinya : thanks makasih nanti terima kasih thank you aja saja lagi sekali"
    " every tiap setiap lewat via untuk buat agar supaya about soal kata pesan message".split()
)


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    items: tuple[Item, ...]
    assumed: bool


def message_jobs(clause: Clause, context: Context) -> Built:
    """Return the messages of a clause, one for each place and schedule."""
    text = _quoted(clause.items) or _loose_text(clause, context)
    if text is None:
        return Built(warnings=[Say("no_text")])
    foreign = [item for item in clause.items if item.kind == "foreign"]
    places = places_of(clause.items, context)
    if foreign and not places.found:
        return Built(warnings=[Say("foreign", context.words(foreign))])
    items = [item for item in clause.items if item.kind not in {"sep", "filler", "word"} or item in text.items]
    making = Making("message.send", {}, items, assumptions=list(places.assumptions))
    making.warnings.extend(Say("foreign", context.words([item])) for item in foreign)
    if text.assumed:
        making.assumptions.append(Say("text", text.text))
        making.doubts += 1
    built = Built()
    for place in places.found or [{}]:
        _build(making, place, text.text, clause, context, built)
    return built


def _build(making: Making, place: dict[str, str], text: str, clause: Clause, context: Context, built: Built) -> None:
    account = next((item.name.text for item in clause.items if item.name and item.name.mark == "account"), None)
    inputs: dict[str, str] = {**place, "text": text}
    if account is not None:
        inputs["account_id"] = account
    lone = next((item.name.text for item in clause.items if item.name and item.name.mark != "account"), None)
    if not place and lone is not None:
        inputs["to"] = lone
    job = replace(making, inputs=inputs, assumptions=list(making.assumptions), warnings=list(making.warnings))
    if "to" not in inputs and not context.request.default_notify:
        job.warnings.append(Say("no_recipient"))
    found = schedules(job, clause.items, MESSAGE_HABITS, context)
    built.jobs.extend(found.jobs)
    built.warnings.extend(say for say in found.warnings if say not in built.warnings)


def _quoted(items: Sequence[Item]) -> _Text | None:
    for item in items:
        if item.kind in {"quote", "contains"} and item.text:
            return _Text(item.text, (item,), assumed=False)
    return None


def _loose_text(clause: Clause, context: Context) -> _Text | None:
    """Return the longest stretch of words that say neither when nor where."""
    best: tuple[int, tuple[Item, ...]] = (0, ())
    for run in _runs(clause.items, context):
        length = sum(len(context.lex[item.first].raw) for item in run)
        if length > best[0]:
            best = (length, tuple(run))
    if not best[1]:
        return None
    return _Text(context.words(best[1]).replace(" … ", " "), best[1], assumed=True)


def _runs(items: Sequence[Item], context: Context) -> list[list[Item]]:
    start = next((at for at, item in enumerate(items) if item.kind in {"message", "send", "notify"}), 0)
    runs: list[list[Item]] = [[]]
    for item in items[start + 1 :]:
        if item.kind in _OUTSIDE and not _is_word(item, context):
            runs.append([])
        else:
            runs[-1].append(item)
    return [trimmed for run in runs if (trimmed := _trimmed(run, context))]


def _is_word(item: Item, context: Context) -> bool:
    return item.kind in {"stop", "change", "send"} or (item.kind == "message" and item.text == "noun" and " " in context.lex[item.first].text)


def _trimmed(run: list[Item], context: Context) -> list[Item]:
    while run and _is_edge(run[0], context):
        run = run[1:]
    while run and _is_edge(run[-1], context):
        run = run[:-1]
    return run


def _is_edge(item: Item, context: Context) -> bool:
    words = context.lex[item.first].text.split()
    return item.kind in _LEADS or all(word in _TRIMMED for word in words) or context.lex[item.first].kind == "mark"
