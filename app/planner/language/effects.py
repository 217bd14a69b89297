"""Effects: what each part of a sentence did to its plan.

The marks of a sentence, the reason of a job and the notes on unread words are views of the effects. A part
with a meaning has at least one effect, or a note is about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from app.planner.language.clauses.clause import BY_PLACE, WITHDRAWN, Item, kinds
from app.planner.language.jobs.context import BuildContext
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times.expressions import ZoneName
from app.planner.language.times.fires import Fires, fires_of
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.models import DOUBTS, Draft, NoteKind, PromptSpan, TextSpan

_MARKS: Final = """
intent   job         declared watch report backup message send stop change into neg after held
channel  channel     channel
account  account_id  account name using
url      url         url
time     schedule    time
zone     schedule    -
notify   to          notify cond otherwise down up toward via chat result
text     text        quote
keep     keep        keep
slot     -           slot
expect   -           expect contains lasts fails slow cert retry priority
"""
"""The roles of marks, each with the field of a job that it sets, and the kinds of items that have it."""
_TABLE: Final = [line.split() for line in _MARKS.strip().splitlines()]
_ROLES: Final = {kind: role for role, _field, *kinds in _TABLE for kind in kinds}
_FIELDS: Final = {role: field for role, field, *_kinds in _TABLE if field != "-"}
_SHORTEST_PART: Final = 3
"""Shorter texts are found in a value only if they are all of it."""
_SIGNS: Final = kinds("mark line bullet")
_SETTINGS: Final = words_of(Sense.SETTINGS)
"""Kinds of items whose value a job holds in another form."""
_RANK: Final = {"text": 0, "unused": 2}
_NO_VALUES: Final = _SETTINGS | {"sep", "neg"}
_CONTENT: Final = kinds(
    "name url quote keep keep_for expect contains channel time foreign crowd unsendable beyond order"
)
_MEANT: Final = senses("down up site")
"""Kinds whose words have a meaning for some jobs only."""
_RUNS: Final = words_of(Sense.RUNS)
"""Words of these kinds that mean no more than that a job runs."""
_TIME_SENSES: Final = senses(
    """
    every weekday weekday_short month number bad_clock hm relday datemark once unit1 lastday dayset tonight
    hourly half clock except
    """
)
_TIME_KINDS: Final = frozenset({"clock", "date", "isodate"})
VALUES: Final = frozenset({"name", "url", "channel", "quote"})
"""Kinds of items whose own words are the value of a field."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an item did: its role in a job, and the field that it changed.

    Without a job it is what a request, or a note if the role is `unused`, is about.
    """

    by: Item
    span: PromptSpan
    role: str = "unused"
    job: str | None = None
    field: str = ""


def leaves_of(value: Any) -> Iterator[str]:
    """Yield the texts and numbers within a value, in lower case."""
    if isinstance(value, Mapping):
        value = [*value.values()]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        for each in value:  # pyright: ignore[reportUnknownVariableType]
            yield from leaves_of(each)
    elif value is not None:
        yield str(value).lower()


def texts_of(item: Item, lex: Lexemes) -> tuple[str, ...]:
    """Return the texts by which a field may hold an item; none if its words are not a value."""
    if item.kind == "quote":
        return (lex[item.first].raw.strip("\"'“”‘’ "),)
    if item.name is not None:
        name = item.name.text
        # "Bu Endang" may be "Endang" in a request.
        called = name.split()[-1] if item.name.shape in {"contact", "person"} else ""
        return tuple(filter(None, (name.lstrip("@"), name, dict(item.name.place).get("to", ""), called)))
    return (item.text,) if item.kind in VALUES else ()


@dataclass
class Reading:
    """A sentence with its draft, its items, and what they did."""

    context: BuildContext
    items: Sequence[Item] = ()
    draft: Draft = field(default_factory=Draft)
    by_place: dict[int, list[Effect]] = field(default_factory=dict[int, list[Effect]])
    """The effects of each item, by its first lexeme."""

    @property
    def lex(self) -> Lexemes:
        """Return the lexemes of the prompt."""
        return self.context.lex

    @property
    def prompt(self) -> str:
        """Return the prompt."""
        return self.context.request.prompt

    def span(self, *items: Item) -> PromptSpan:
        """Return the place of items in the prompt, from the first to the last."""
        return self.context.span(items) or PromptSpan(0, 0)

    def words(self, span: PromptSpan) -> str:
        """Return the words of a stretch of the prompt."""
        return self.prompt[span.start : span.end].strip()

    def tell(self, items: Iterable[Item], field: str = "") -> None:
        """Add that a note is about items, or if `field` is "clause" about their whole part."""
        for item in items:
            self._add(item, "unused", field=field)

    def ask(self, items: Iterable[Item]) -> None:
        """Add that a request is about items."""
        for item in items:
            self._add(item, _role_of(item), field="job")

    def plan(self, job: str, inputs: Mapping[str, Any], items: Iterable[Item]) -> None:
        """Add the changes that items made to a job."""
        text, reached = str(inputs.get("text", "")), inputs.get("notify", inputs).get("to")
        own = sorted({item.first: item for item in items}.values(), key=BY_PLACE)
        inside = self._inside(text, own) if text else ()
        for item in own:
            role = "text" if item in inside else _role_of(item)
            if item.name is not None and item.name.text == reached and role != "text":
                role = "notify"
            role = "zone" if isinstance(item.value, ZoneName) and role == "time" else role
            self._add(item, role, job, _FIELDS.get(role, ""))

    def _add(self, item: Item, role: str, job: str | None = None, field: str = "") -> None:
        effect = Effect(item, self.span(item), role, job, field)
        self.by_place.setdefault(item.first, []).append(effect)

    def _inside(self, text: str, own: Sequence[Item]) -> list[Item]:
        """Return the items of which a text consists: the last stretch of whole items that reads so."""
        spans = [(item, self.span(item)) for item in own]
        starts, ends = {span.start for _item, span in spans}, {span.end for _item, span in spans}
        places = (match.start() for match in re.finditer(f"(?={re.escape(text)})", self.prompt))
        whole = [start for start in places if start in starts and start + len(text) in ends]
        if not whole:
            return [item for item, span in spans if _role_of(item) == "unused" and self.words(span) in text]
        start, end = whole[-1], whole[-1] + len(text)
        return [item for item, span in spans if start <= span.start and span.end <= end]

    def is_content(self, item: Item) -> bool:
        """True for a part with a meaning: one that must have an effect, or a note."""
        lexeme, behind = self.lex[item.first], self.lex[item.last : item.last + 1]
        if item.kind in _MEANT:
            return not item.has("filler") and not _RUNS.issuperset(lexeme.text.split())
        if item.kind in _CONTENT or lexeme.kind == "markup" or is_foreign(lexeme.text):
            return item.kind != "crowd" or item.text == "people"
        if item.kind not in {"filler", "word"} or item.value == WITHDRAWN:
            return False
        if behind and lexeme.has("number", "digit"):
            # The 3 of "3 akun" counts what is named.
            return lexeme.has("number") and not behind[0].has(
                "account", "channel", "site", "report", "backup"
            )
        is_word = (
            item.kind == "word" and len(lexeme.text) >= _SHORTEST_PART and any(map(str.isalpha, lexeme.text))
        )
        bounds = lexeme.has("until") and lexeme.text.isalpha()
        return is_word or bounds or lexeme.has_any(_TIME_SENSES) or lexeme.kind in _TIME_KINDS

    def of_job(self, key: str) -> list[Effect]:
        """Return the effects on a job, in the order of the prompt."""
        effects = (effect for _place, each in sorted(self.by_place.items()) for effect in each)
        return [effect for effect in effects if effect.job == key]

    def marks(self, items: Iterable[Item]) -> Iterator[TextSpan]:
        """Yield the marks of a sentence: the role of each part, and the job and the field that it changed."""
        end = 0
        for item in items:
            effects = sorted(self.by_place.get(item.first, ()), key=lambda effect: _RANK.get(effect.role, 1))
            first = effects[0] if effects else Effect(item, self.span(item))
            # The "buat" of "buat laporan" may lead a text; here it asks for nothing.
            filler = item.kind == "filler" or self.lex[item.first].has("filler")
            if item.kind == "sep" or first.span.start < end or (first.role == "unused" and filler):
                continue
            end, role = first.span.end, first.role if item.kind != "quote" else "text"
            jobs = {effect.job for effect in effects if effect.role == first.role}
            yield TextSpan(*first.span, role, first.job if len(jobs) == 1 else None, _FIELDS.get(role))

    @cached_property
    def fires(self) -> Mapping[str, Fires]:
        """Return the fires of the jobs that have some, by key."""
        pairs = ((job.key, self.fires_of(job.schedule)) for job in self.draft.jobs)
        return {key: fires for key, fires in pairs if fires is not None}

    def fires_of(self, schedule: Mapping[str, Any] | None) -> Fires | None:
        """Return the fires of a schedule, None if it has none."""
        return fires_of(schedule, self.context.now, self.context.request.deployment_timezone)

    @cached_property
    def _held(self) -> Collection[str]:
        """Return the values that the jobs and the requests have."""
        found: list[object] = [(job.inputs, dict(job.fields)) for job in self.draft.jobs]
        for request in self.draft.requests:
            query, update = request.query, request.update
            found += [query.names, query.extras, query.channel, query.url]
            found += [update.description, update.inputs] if update else ()
        return frozenset(leaves_of(found))

    def holds(self, text: str) -> bool:
        """True if a job or a request has a text as a value, or as a part of one."""
        wanted = text.lower()
        parts = self._held if len(wanted) >= _SHORTEST_PART else ()
        return wanted in self._held or any(wanted in each for each in parts)

    def is_told(self, item: Item) -> bool:
        """True if a note tells that an item is not part of the plan: a doubt, or background."""
        start, end = self.span(item)
        return any(
            note.span and start < note.span.end and note.span.start < end
            for note in self.draft.notes
            if note.kind in DOUBTS or (note.kind is NoteKind.ASSUMPTION and not note.field)
        )

    def unexplained(self) -> list[Item]:
        """Return the items that must change something and show in no field as they are."""
        return [item for item in self.items if self._must_act(item) and not self.is_told(item)]

    def _must_act(self, item: Item) -> bool:
        lexeme, effects = self.lex[item.first], self.by_place.get(item.first, ())
        is_noted = any(each.job is None and each.role == "unused" and not each.field for each in effects)
        if is_noted or item.kind in _NO_VALUES or lexeme.kind in _SIGNS:
            return False
        texts = texts_of(item, self.lex)
        if texts:
            return not any(map(self.holds, texts))
        acts = any(each.job or each.role != "unused" for each in effects)
        idle = not acts and len(lexeme.raw) >= _SHORTEST_PART and self.is_content(item)
        return item.kind == "time" or (idle and not self.holds(lexeme.raw))

    def figures(self) -> list[int]:
        """Return the indexes of the figures in limits that no field holds as they are."""
        limits = (item for item in self.items if item.kind in _SETTINGS and item.first in self.by_place)
        texts = ((pos, self.lex.text(pos)) for item in limits for pos in range(item.first, item.last))
        return [pos for pos, text in texts if text.isdecimal() and not self.holds(text)]


def meaning_of(draft: Draft) -> tuple[object, ...]:
    """Return all that a draft does: equal for two drafts that plan and ask the same."""
    jobs = sorted(
        repr(
            (job.type, job.schedule, job.inputs, dict(job.fields), job.job_id, job.keeps_schedule, job.chains)
        )
        for job in draft.jobs
    )
    requests = [
        (each.change, each.query, each.keeps, each.until_ms, each.update and replace(each.update, notes=()))
        for each in draft.requests
    ]
    return jobs, requests, sorted({str(note.text) for note in draft.notes if note.field})


def spans_of(effects: Iterable[Effect]) -> Iterator[TextSpan]:
    """Yield the places of effects on one job, without repeated ones."""
    end = 0
    for effect in effects:
        if effect.span.start >= end:
            end = effect.span.end
            yield TextSpan(*effect.span, effect.role)


def is_foreign(text: str) -> bool:
    """True for a word in letters that are not Latin."""
    letters = (each for each in text if each.isalpha() and not each.isascii())
    return any("LATIN" not in unicodedata.name(each, "") for each in letters)


def field_of(item: Item) -> str:
    """Return the field of a job that an item sets, if it sets one."""
    return _FIELDS.get(_role_of(item), "")


def _role_of(item: Item) -> str:
    """Return the role of an item that the plan uses."""
    if item.name is not None and item.name.mark == "chat":
        return "notify"
    return _ROLES.get(item.kind, "unused")
