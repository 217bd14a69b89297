"""Effects: the change that each part of a sentence made to its plan.

The marks of a sentence, the reason of a job and the notes on unread words are views of the effects. A part
with a meaning has at least one effect, or a note is about it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from app.planner.language.clauses.clause import BY_PLACE, WITHDRAWN, Item, kinds
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.times.expressions import ZoneName
from app.planner.language.times.fires import Fires, fires_of
from app.planner.language.tokens.lexemes import Lexeme, Lexemes
from app.planner.models import DOUBTS, Draft, ManageRequest, Note, NoteKind, PlanRequest, PromptSpan, TextSpan

_MARKS: Final = """
intent   job         declared watch report backup message send stop change into neg after
channel  channel     channel
account  account_id  account name using
url      url         url
time     schedule    time
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
    """The change that an item made: the field of a job, with its value before and after.

    Without a job it is what a request or a note is about. `after` is None if no field holds the item's value.
    """

    by: Item
    span: PromptSpan
    role: str = "unused"
    job: str | None = None
    field: str = ""
    before: object = None
    after: object = None


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


def holds(held: Collection[str], text: str) -> bool:
    """True if one of the values is a text, or has it as a part."""
    wanted = text.lower()
    return any(wanted == each or (len(wanted) >= _SHORTEST_PART and wanted in each) for each in held)


def texts_of(item: Item, lex: Lexemes) -> tuple[str, ...]:
    """Return the texts by which a field may hold an item; none if its words are not a value."""
    if item.kind == "quote":
        return (lex[item.first].raw.strip("\"'“”‘’ "),)
    if item.name is not None:
        name = item.name.text
        return tuple(filter(None, (name.lstrip("@"), name, dict(item.name.place).get("to", ""))))
    return (item.text,) if item.kind in VALUES else ()


@dataclass(slots=True)
class Effects:
    """The effects of the items of a sentence."""

    request: PlanRequest
    lex: Lexemes
    found: list[Effect] = field(default_factory=list[Effect])
    by_place: dict[int, list[Effect]] = field(default_factory=dict[int, list[Effect]])
    """The effects of each item, by its first lexeme."""

    def span(self, item: Item) -> PromptSpan:
        """Return the place of an item in the prompt."""
        return PromptSpan(self.lex[item.first].start, self.lex[item.last - 1].end)

    def tell(self, items: Iterable[Item], field: str = "") -> None:
        """Add that a note is about items, or if `field` is "clause" about their whole part."""
        for item in items:
            self._add(Effect(item, self.span(item), field=field))

    def ask(self, items: Iterable[Item]) -> None:
        """Add that a request is about items."""
        for item in items:
            self._add(Effect(item, self.span(item), _role_of(item), field="job", after=item.value))

    def plan(
        self, key: str, schedule: object, inputs: Mapping[str, Any], fields: object, items: Iterable[Item]
    ) -> None:
        """Add the changes that items made to a job."""
        held, text = [*leaves_of((inputs, fields))], str(inputs.get("text", ""))
        reached = inputs.get("notify", inputs).get("to")
        own = sorted({item.first: item for item in items}.values(), key=BY_PLACE)
        inside = self._inside(text, own) if text else frozenset[int]()
        before: dict[str, object] = {}
        for item in own:
            role = "text" if item.first in inside else _role_of(item)
            if item.name is not None and item.name.text == reached and role != "text":
                role = "notify"
            changed, texts = _FIELDS.get(role, ""), texts_of(item, self.lex)
            after = schedule if item.kind == "time" else item.value or item.kind
            if texts:
                after = next((each for each in texts if holds(held, each)), None)
            role = "zone" if isinstance(item.value, ZoneName) and role == "time" else role
            self._add(Effect(item, self.span(item), role, key, changed, before.get(changed), after))
            before[changed] = after

    def _inside(self, text: str, own: Sequence[Item]) -> frozenset[int]:
        """Return the items of which a text consists: the last stretch of whole items that reads so."""
        spans = {item.first: self.span(item) for item in own}
        starts, ends = {span.start for span in spans.values()}, {span.end for span in spans.values()}
        prompt = self.request.prompt
        start = prompt.rfind(text)
        while start >= 0 and not (start in starts and start + len(text) in ends):
            start = prompt.rfind(text, 0, start)
        end = start + len(text)
        plain = {item.first for item in own if _role_of(item) == "unused"}
        return frozenset(
            first
            for first, span in spans.items()
            if prompt[span.start : span.end] in text
            and (start <= span.start and span.end <= end if start >= 0 else first in plain)
        )

    def _add(self, effect: Effect) -> None:
        self.found.append(effect)
        self.by_place.setdefault(effect.by.first, []).append(effect)

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
        return [effect for effect in self.found if effect.job == key]

    def marks(self, items: Iterable[Item]) -> Iterator[TextSpan]:
        """Yield the marks of a sentence: the role of each part, and the job and the field that it changed."""
        end = 0
        for item in items:
            effects = sorted(self.by_place.get(item.first, ()), key=_rank)
            first = effects[0] if effects else Effect(item, self.span(item))
            # The "buat" of "buat laporan" may lead a text; here it asks for nothing.
            filler = item.kind == "filler" or self.lex[item.first].has("filler")
            if item.kind == "sep" or first.span.start < end or (first.role == "unused" and filler):
                continue
            end, role = first.span.end, first.role if item.kind != "quote" else "text"
            jobs = {effect.job for effect in effects if effect.role == first.role}
            field = _FIELDS.get("time" if role == "zone" else role)
            yield TextSpan(first.span.start, end, role, first.job if len(jobs) == 1 else None, field)


@dataclass(frozen=True)
class Reading:
    """A draft with the words behind it: the items of its sentence, and what they did."""

    draft: Draft
    effects: Effects
    items: Sequence[Item] = ()

    @property
    def lexemes(self) -> Lexemes:
        """Return the lexemes of the prompt."""
        return self.effects.lex

    def words(self, span: PromptSpan) -> str:
        """Return the words of a stretch of the prompt."""
        return self.effects.request.prompt[span.start : span.end].strip()

    def stretch(self, *items: Item) -> PromptSpan:
        """Return the place of items, from the first to the last."""
        spans = [*map(self.effects.span, items)]
        return PromptSpan(min(each.start for each in spans), max(each.end for each in spans))

    @cached_property
    def fires(self) -> Mapping[str, Fires]:
        """Return the fires of the jobs that have some, by key."""
        pairs = ((job.key, self.fires_of(job.schedule)) for job in self.draft.jobs)
        return {key: fires for key, fires in pairs if fires is not None}

    def fires_of(self, schedule: Mapping[str, Any] | None) -> Fires | None:
        """Return the fires of a schedule, None if it has none."""
        request = self.effects.request
        return fires_of(schedule, request.instant, request.deployment_timezone)

    @cached_property
    def _held(self) -> tuple[str, ...]:
        """Return the values that the jobs and the requests have."""
        found = [*leaves_of([(job.inputs, dict(job.fields)) for job in self.draft.jobs])]
        for request in self.draft.requests:
            query, update = request.query, request.update
            said = [*query.names, *query.extras, query.channel, query.url, update and update.description]
            found += [text.lower() for text in said if text]
            found += leaves_of(update and update.notify)
        return tuple(found)

    def holds(self, text: str) -> bool:
        """True if a job or a request has a value."""
        return holds(self._held, text)

    def is_told(self, item: Item) -> bool:
        """True if a note tells that an item is not part of the plan: a doubt, or background."""
        start, end = self.effects.span(item)
        return any(start < note.span.end and note.span.start < end for note in self._telling if note.span)

    @cached_property
    def _telling(self) -> list[Note]:
        notes = (note for note in self.draft.notes if note.span is not None)
        return [
            each
            for each in notes
            if each.kind in DOUBTS or (each.kind is NoteKind.ASSUMPTION and not each.field)
        ]

    def unexplained(self) -> list[Item]:
        """Return the items that must change something and show in no field as they are."""
        if not self.draft.jobs and not self.draft.requests:
            return []
        return [item for item in self.items if self._must_act(item) and not self.is_told(item)]

    def _must_act(self, item: Item) -> bool:
        lexeme, effects = self.lexemes[item.first], self.effects.by_place.get(item.first, ())
        is_noted = any(each.job is None and each.role == "unused" and not each.field for each in effects)
        if is_noted or item.kind in _NO_VALUES or lexeme.kind in _SIGNS:
            return False
        texts = texts_of(item, self.lexemes)
        if texts:
            return not any(map(self.holds, texts))
        acts = any(each.job or each.role != "unused" for each in effects)
        idle = not acts and len(lexeme.raw) >= _SHORTEST_PART and self.effects.is_content(item)
        return item.kind == "time" or (idle and not self.holds(lexeme.raw))

    def figures(self) -> list[int]:
        """Return the indexes of the figures in limits that no field holds as they are."""
        lex = self.lexemes
        limits = (
            item for item in self.items if item.kind in _SETTINGS and item.first in self.effects.by_place
        )
        places = (pos for item in limits for pos in range(item.first, item.last))
        return [pos for pos in places if lex[pos].text.isdecimal() and not self.holds(lex[pos].text)]


def meaning_of(draft: Draft) -> tuple[object, ...]:
    """Return all that a draft does: equal for two drafts that plan and ask the same."""
    jobs = sorted(
        repr(
            (job.type, job.schedule, job.inputs, dict(job.fields), job.job_id, job.keeps_schedule, job.chains)
        )
        for job in draft.jobs
    )
    requests = tuple(
        (each.change, repr((each.query, each.keeps)), each.until_ms, _new_of(each)) for each in draft.requests
    )
    return tuple(jobs), requests, tuple(sorted({str(note.text) for note in draft.notes if note.field}))


def _new_of(request: ManageRequest) -> str:
    update = request.update
    return repr(
        update and (update.schedule, sorted(update.said), update.shift_sec, update.description, update.notify)
    )


def lexemes_within(lexemes: Sequence[Lexeme], span: PromptSpan) -> list[Lexeme]:
    """Return the lexemes of a stretch of the prompt."""
    return [each for each in lexemes if each.start < span.end and span.start < each.end]


def spans_of(effects: Iterable[Effect]) -> Iterator[TextSpan]:
    """Yield the places of effects on one job, without repeated ones."""
    end = 0
    for effect in effects:
        if effect.span.start >= end:
            end = effect.span.end
            yield TextSpan(effect.span.start, end, effect.role)


def is_foreign(text: str) -> bool:
    """True for a word in letters that are not Latin."""
    letters = (each for each in text if each.isalpha() and not each.isascii())
    return any("LATIN" not in unicodedata.name(each, "") for each in letters)


def field_of(item: Item) -> str:
    """Return the field of a job that an item sets, if it sets one."""
    return _FIELDS.get(_role_of(item), "")


def _rank(effect: Effect) -> tuple[bool, bool]:
    return effect.role == "unused", effect.role != "text"


def _role_of(item: Item) -> str:
    """Return the role of an item that the plan uses."""
    if item.name is not None and item.name.mark == "chat":
        return "notify"
    return _ROLES.get(item.kind, "unused")
