"""Effects: the words of a sentence that its result holds, and those that may have changed nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from app.planner.language.clauses.clause import WITHDRAWN, Item, kinds
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.models import DOUBTS, Draft, NoteKind, PlannedJob, PromptSpan

if TYPE_CHECKING:
    from app.planner.language.pipeline import Reading
    from app.planner.language.tokens.lexemes import Lexeme

_SIGNS: Final = kinds("mark line bullet")
_SETTINGS: Final = words_of(Sense.SETTINGS)
"""Kinds of items whose value a job holds in another form."""
_STRANGE: Final = words_of(Sense.STRANGE)
"""Kinds of items that no job has a field for."""
_SHORTEST_WORD: Final = 3
"""Shorter words without a meaning are forms of address and interjections."""
_TIMED: Final = senses("weekday month number bad_clock hm relday lastday dayset tonight clock except")
"""Senses of words that say when, whatever reads them."""


def leaves_of(value: object) -> Iterator[str]:
    """Yield the texts and numbers within a value, in lower case."""
    if isinstance(value, Mapping):
        for each in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from leaves_of(each)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:  # pyright: ignore[reportUnknownVariableType]
            yield from leaves_of(each)  # pyright: ignore[reportUnknownArgumentType]
    elif value is not None:
        yield str(value).lower()


def meaning_of(draft: Draft) -> tuple[object, ...]:
    """Return all that a draft does: equal for two drafts that plan and ask the same."""
    jobs = sorted(map(_meaning_of_job, draft.jobs))
    requests = tuple(
        (each.change, repr(each.query), each.until_ms, repr(_update_of(each.update)))
        for each in draft.requests
    )
    filled = sorted({str(note.text) for note in draft.notes if note.field})
    return tuple(jobs), requests, tuple(filled)


def _meaning_of_job(job: PlannedJob) -> str:
    said = (job.type, job.schedule, job.inputs, dict(job.fields), job.job_id, job.keeps_schedule, job.chains)
    return repr(said)


def _update_of(update: Any) -> object:
    return update and (update.schedule, sorted(update.said), update.shift_sec, update.description)


class EffectReader:
    """Finds which words of a sentence show in its plan: a value that a job holds needs no second look."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._jobs = reading.draft.jobs
        self._owners: dict[int, str | None] = {}
        for job, items in zip(self._jobs, reading.of_jobs, strict=True):
            for first in {item.first for item in items}:
                self._owners[first] = None if first in self._owners else job.key
        self._held = [tuple(leaves_of((job.inputs, dict(job.fields)))) for job in self._jobs]
        self._asked = self._words_of_requests()
        self._told = [
            note.span for note in reading.draft.notes if note.span and _is_told(note.kind, note.field)
        ]

    def _words_of_requests(self) -> tuple[str, ...]:
        found: list[str] = []
        for each in self._reading.draft.requests:
            query, update = each.query, each.update
            found += [*query.names, *query.extras, query.channel or "", query.url or ""]
            found += [update.description or ""] if update is not None else []
        return tuple(text.lower() for text in found if text)

    def span(self, item: Item) -> PromptSpan:
        """Return the place of an item in the prompt."""
        lex = self._reading.lexemes
        return PromptSpan(lex[item.first].start, lex[item.last - 1].end)

    def holds(self, value: str) -> bool:
        """True if a job or a request holds a value."""
        wanted = value.lower()
        return _is_in(wanted, self._asked) or any(_is_in(wanted, held) for held in self._held)

    def unexplained(self) -> list[Item]:
        """Return the items that must change something and are not in the result as they are."""
        if not self._jobs and not self._reading.draft.requests:
            return []
        aside = {item.first for items in self._reading.asides for item in items}
        items = [item for item in self._reading.items if item.first not in aside]
        return [item for item in items if self._must_act(item) and not self._is_told(item)]

    def uncounted(self) -> list[int]:
        """Return the indexes of the figures in limits that the result does not hold as they are."""
        lex = self._reading.lexemes
        limits = (
            item for item in self._reading.items if item.kind in _SETTINGS and item.first in self._owners
        )
        places = (pos for item in limits for pos in range(item.first, item.last))
        return [pos for pos in places if lex[pos].text.isdecimal() and not self.holds(lex[pos].text)]

    def _must_act(self, item: Item) -> bool:
        """True for a value that is not in the result, and for a word that no field is for."""
        lexeme = self._reading.lexemes[item.first]
        if item.kind in {"sep", "neg"} or lexeme.kind in _SIGNS or item.kind in _SETTINGS:
            return False
        if item.kind == "filler":
            lost = not lexeme.senses or lexeme.has_any(_TIMED) or lexeme.kind in {"clock", "date"}
            return item.value != WITHDRAWN and lost and self._is_content(item)
        value = _value_of(item, lexeme)
        if value is not None:
            return not any(map(self.holds, value))
        return item.kind == "time" or (item.kind in _STRANGE and self._is_content(item))

    def _is_content(self, item: Item) -> bool:
        if item.first in self._owners:
            return False
        text = self._reading.lexemes[item.first].raw
        return len(text) >= _SHORTEST_WORD and any(map(str.isalnum, text)) and not self.holds(text)

    def _is_told(self, item: Item) -> bool:
        start, end = self.span(item)
        return any(start < span.end and span.start < end for span in self._told)


def _value_of(item: Item, lexeme: Lexeme) -> tuple[str, ...] | None:
    """Return the texts by which a result may hold an item; None for an item without a text of its own."""
    if item.kind == "quote":
        return (lexeme.raw.strip("\"'“”‘’ "),)
    if item.name is not None:
        address = dict(item.name.place).get("to", "")
        return tuple(filter(None, (item.name.text.lstrip("@"), address)))
    return (item.text,) if item.kind in {"url", "channel"} else None


def _is_told(kind: NoteKind, field: str) -> bool:
    """True if a note tells that words are not part of a plan: a doubt, or background."""
    return kind in DOUBTS or (kind is NoteKind.ASSUMPTION and not field)


def _is_in(wanted: str, held: Sequence[str]) -> bool:
    return any(wanted == each or (len(wanted) >= _SHORTEST_WORD and wanted in each) for each in held)


def lexemes_within(lexemes: Sequence[Lexeme], span: PromptSpan) -> list[Lexeme]:
    """Return the lexemes of a stretch of the prompt."""
    return [each for each in lexemes if each.start < span.end and span.start < each.end]
