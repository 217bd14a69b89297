"""The text of a message: what stands in quotes, else the words that say neither when nor where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.planner.building.context import Context
from app.planner.clauses.clause import Clause
from app.planner.clauses.item import Item
from app.planner.lexicon.entry import words

_OUTSIDE: Final = frozenset(
    {"time", "channel", "foreign", "name", "chat", "account", "notify", "message", "send", "stop", "change"}
)
_LEADS: Final = frozenset({"toward", "via", "using", "textmark", "sep", "cond", "into"})
_TRIMMED: Final = words(
    """
    saya aku gue kami kita tim the team me us everyone semua tolong dong ya please pls plz mohon kak
    min a the my untuk utk to that bahwa dan and juga also on in at di pada ke isi isinya : thanks
    makasih nanti terima kasih thank you aja saja lagi sekali every tiap setiap lewat via untuk buat
    agar supaya about soal kata pesan message
    """
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the items it stands on; `assumed` where no quotes mark it."""

    text: str
    items: tuple[Item, ...]
    assumed: bool


def text_of(clause: Clause, context: Context) -> Text | None:
    """Return the text of a message, None where there is none."""
    for item in clause.items:
        if item.kind in {"quote", "contains"} and item.text:
            return Text(item.text, (item,), assumed=context.lex[item.first].kind == "text")
    runs = [(_stretch(run, context), run) for run in _runs(clause.items, context)]
    if not runs:
        return None
    text, run = max(runs, key=lambda pair: len(pair[0]))
    return Text(text, tuple(run), assumed=True)


def _stretch(run: Sequence[Item], context: Context) -> str:
    start, end = context.lex[run[0].first].start, context.lex[run[-1].last - 1].end
    return context.request.prompt[start:end]


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
    return item.kind in {"stop", "change", "send"} or (
        item.kind == "message" and item.text == "noun" and " " in context.lex[item.first].text
    )


def _trimmed(run: list[Item], context: Context) -> list[Item]:
    while run and _is_edge(run[0], context):
        run = run[1:]
    while run and _is_edge(run[-1], context):
        run = run[:-1]
    return run


def _is_edge(item: Item, context: Context) -> bool:
    lexeme = context.lex[item.first]
    return item.kind in _LEADS or lexeme.kind == "mark" or _TRIMMED.issuperset(lexeme.text.split())
