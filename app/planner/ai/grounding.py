"""Grounds a model's answer in the prompt: the words of each job, its type, targets, numbers and time.

What the prompt does not say, or denies, is refused, or has a note. A model may find what a sentence means; it
may not add to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from app.core.errors import InvalidSpec, UnknownJobType
from app.core.i18n import Message, _
from app.core.messaging.contact_models import name_key
from app.core.scheduling.schedule import compile_schedule, next_fires
from app.planner.ai.answer import PROMPT_INPUTS, NothingReason, shown
from app.planner.ai.doubt import Doubt
from app.planner.ai.polarity import WISHES, Polarity
from app.planner.ai.times import ResolvedTime, TimeResolver, UnreadableTimeError
from app.planner.ai.wording import address_of, ask_for_something, numbers_in, overlap, places, says
from app.planner.language.clauses.contacts import ContactIndex
from app.planner.language.lexicon.people import TITLES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexemes, lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import Certainty, ChainLink, Note, NoteKind, PlannedJob, PromptSpan, TextSpan
from app.planner.review import why

if TYPE_CHECKING:
    from app.planner.ai.answer import ModelAnswer, ModelJob, ModelQuestion
    from app.planner.models import Draft, PlanRequest
    from app.planner.review import PlanValidator

_NOTHING: Final = {
    NothingReason.PAST: _("a report of the past"),
    NothingReason.COMPLAINT: _("a complaint"),
    NothingReason.QUESTION: _("a question"),
    NothingReason.CANCELLED: _("a wish that was taken back"),
    NothingReason.UNSUPPORTED: _("a wish that no job type meets"),
    NothingReason.UNCLEAR: _("a wish that is not clear enough"),
    NothingReason.CHAT: _("small talk"),
}
_USUAL: Final = {"cert_days": 14}
"""A number that "the certificate ends soon" means."""
_TIME_MARKS: Final = words_of(Sense.TIME_MARK)
"""Words that a time may have although the prompt leaves them out."""
_UNITS: Final = (1, 60, 3_600, 86_400, 1_000)
_PROVISIONAL_ID: Final = "planned"
_MOST_FIRES: Final = 60
_EXCEPT: Final = "kecuali"
_TYPES_OF: Final = {
    "watch": {"monitor.channel", "monitor.http"},
    "report": {"report.daily"},
    "backup": {"backup.export"},
    "message": {"message.send"},
    "send": {"message.send", "report.daily"},
    "notify": {"message.send", "monitor.channel", "monitor.http", "report.daily"},
}
"""The job types that words for wishes ask for; words without any may ask for each type."""


@dataclass(frozen=True, slots=True)
class ProposedJob:
    """A job of a model, with the place of the words that ask for it."""

    job: PlannedJob
    span: PromptSpan

    def with_job(self, **fields: Any) -> ProposedJob:
        """Return it with other fields of its job."""
        return replace(self, job=replace(self.job, **fields))


@dataclass(frozen=True, slots=True)
class Proposal:
    """The usable part of an answer. `problems` are the refused jobs by number, each with the reason."""

    jobs: tuple[ProposedJob, ...]
    notes: tuple[Note, ...] = ()
    problems: tuple[tuple[int, Message], ...] = ()
    nothing: Message | None = None
    """Why the prompt asks for no job, as the model reads it."""
    reading: int | None = None
    """The index of the reading that the model chose."""

    def __bool__(self) -> bool:
        """True unless the model found nothing and has no reason for it."""
        return bool(self.jobs or self.notes or self.nothing or self.reading is not None)


class UngroundedError(Exception):
    """The prompt does not say what a job holds; `message` has the reason, `span` the words in question."""

    def __init__(self, message: Message, span: PromptSpan | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


@dataclass
class Grounding:
    """Grounds the answers for one request."""

    checks: PlanValidator
    times: TimeResolver
    now_ms: int
    draft: Draft
    """The rules' reading of the prompt."""
    _taken: list[PromptSpan] = field(default_factory=list[PromptSpan], init=False)
    _starts: list[int] = field(default_factory=list[int], init=False)
    """Where the words of the answer's jobs begin."""

    @property
    def request(self) -> PlanRequest:
        """Return the request that the answers are for."""
        return self.times.request

    @cached_property
    def doubt(self) -> Doubt:
        """Return what the model is asked about."""
        return Doubt(self.draft)

    def propose(self, answer: ModelAnswer) -> Proposal:
        """Return the usable part of an answer."""
        self._taken.clear()
        self._starts = sorted(
            place.start for job in answer.jobs for place in [*places(self.request.prompt, job.words)][:1]
        )
        if answer.reading is not None:
            if answer.reading <= len(self.doubt.readings):
                return Proposal((), reading=answer.reading - 1)
            return Proposal((), problems=((0, _("there is no such reading")),))
        jobs: list[ProposedJob] = []
        notes: list[Note] = []
        problems: list[tuple[int, Message]] = []
        kept: dict[int, int] = {}
        for number, job in enumerate(answer.jobs, 1):
            try:
                found = self._grounded(job, kept)
            except UngroundedError as error:
                refused = _(
                    'The model\'s job {type} from "{words}" is not planned: {why}.',
                    type=job.type,
                    words=shown(job.words),
                    why=error.message,
                )
                notes.append(Note(NoteKind.REFUSAL, refused, error.span))
                problems.append((number, error.message))
            else:
                self._taken.append(found.span)
                kept[number] = len(jobs)
                jobs.append(found if job.after is None else found.with_job(key=f"model-{number}"))
                if job.after is not None:
                    link = ChainLink(f"on_{job.outcome}", f"model-{number}")
                    first = jobs[kept[job.after]]
                    jobs[kept[job.after]] = first.with_job(chains=(*first.job.chains, link))
        if answer.question is not None:
            notes += self._asked(answer.question)
        nothing = None if answer.jobs or answer.nothing is None else _NOTHING[answer.nothing]
        return Proposal(tuple(jobs), tuple(notes), tuple(problems), nothing)

    def _grounded(self, job: ModelJob, kept: Mapping[int, int]) -> ProposedJob:
        """Return a job as it is planned; raises UngroundedError. `kept` are the numbers of earlier jobs."""
        if job.after is not None and job.after not in kept:
            raise UngroundedError(_("the job that starts it is not planned"))
        span = self._words(job)
        inputs, notes = self._inputs(job)
        time, time_notes = self._time(job)
        self._refuse_denied(job, span, time)
        if job.type == "report.daily" and time.zone is not None:
            inputs["timezone"] = time.zone
        planned = PlannedJob(
            type=job.type,
            schedule=time.schedule,
            inputs=inputs,
            reason=self._plain(job.reason) or "model",
            notes=(*self._other_types(job, span), *notes, *time_notes),
            certainty=Certainty.ASK,
            spans=(TextSpan(span.start, span.end, "intent"),),
            slot=time.slot,
        )
        try:
            self.checks.proposed_spec(planned.spec_under(_PROVISIONAL_ID), self.now_ms)
        except (InvalidSpec, UnknownJobType) as error:
            raise UngroundedError(_("it was refused: {why}", why=why(error)), span) from error
        return ProposedJob(planned, span)

    def _words(self, job: ModelJob) -> PromptSpan:
        """Return the place of a job's words in the prompt."""
        clause = self.doubt.span
        found = [each for each in places(self.request.prompt, job.words) if overlap(each, clause)]
        if not found:
            raise UngroundedError(_("the prompt does not have these words"))
        free = [span for span in found if not any(overlap(span, taken) for taken in self._taken)]
        if not free:
            raise UngroundedError(_("another job has these words"), found[0])
        span = free[0]
        words = [lexeme for lexeme in self._lexemes if overlap(span, lexeme)]
        if not ask_for_something(words):
            raise UngroundedError(_("these words ask for nothing"), span)
        if job.type != "message.send" and any(
            each.start <= span.start and span.end <= each.end for each in self._texts
        ):
            raise UngroundedError(_("these words are the text of a message"), span)
        if self._polarity.denies_wish(words):
            raise UngroundedError(_("the prompt denies these words"), span)
        return span

    def _other_types(self, job: ModelJob, span: PromptSpan) -> Iterator[Note]:
        """Yield a note if the words of a job ask for other types by the rules."""
        senses = {sense for each in self._lexemes if overlap(span, each) for sense in each.senses}
        fitting = sorted({job_type for wish in WISHES & senses for job_type in _TYPES_OF[wish]})
        if fitting and job.type in PROMPT_INPUTS and job.type not in fitting:
            other = _("The model reads {type}; the words rather ask for {types}.")
            text = other.fill(type=job.type, types=", ".join(fitting))
            yield Note(NoteKind.CONFLICT, text, span)

    @cached_property
    def _texts(self) -> tuple[TextSpan, ...]:
        return tuple(each for each in self.draft.explain if each.role == "text")

    @cached_property
    def _polarity(self) -> Polarity:
        return Polarity(self.request.prompt, self._lexemes, self._texts)

    @cached_property
    def _lexemes(self) -> Lexemes:
        prompt = self.request.prompt
        return lexemes_of(prompt, tokenize(prompt))

    @cached_property
    def _tokens(self) -> frozenset[str]:
        return frozenset(token.text for token in tokenize(self.request.prompt))

    @cached_property
    def _numbers(self) -> frozenset[float]:
        return numbers_in(self.request.prompt)

    @cached_property
    def _channels(self) -> frozenset[object]:
        return frozenset(each.senses.get("channel") for each in self._lexemes) - {None}

    def _inputs(self, job: ModelJob) -> tuple[dict[str, Any], list[Note]]:
        """Return a job's inputs, with defaults for what was not said; raises UngroundedError."""
        inputs = {name: value for name, value in job.inputs.items() if value is not None}
        notify = inputs.get("notify")
        if isinstance(notify, dict):
            parts = cast("dict[str, Any]", notify).items()
            inputs["notify"] = {name: value for name, value in parts if value is not None}
        missing = self._unsaid(inputs)
        if missing is not None:
            raise UngroundedError(_("{name} is not in the prompt", name=missing))
        notes = self._differing(inputs)
        inputs = self._addressed(inputs)
        if isinstance(inputs.get("notify"), dict):
            inputs["notify"] = self._addressed(inputs["notify"])
        if job.type not in PROMPT_INPUTS:
            notes += self._invented(inputs)
        if job.type == "monitor.channel":
            notes += self._filled_in(inputs)
        return inputs, notes

    def _refuse_denied(self, job: ModelJob, span: PromptSpan, time: ResolvedTime) -> None:
        """Raise UngroundedError if a job does what the prompt denies or excepts."""
        denied = _("the prompt denies {words}")
        for place in (job.inputs, _notify(job.inputs)):
            for name in ("account_id", "to", "url"):
                value = str(place.get(name) or "")
                if value and self._polarity.denies_value(address_of(value) if name == "url" else value):
                    raise UngroundedError(denied.fill(words=shown(value)))
            if self._polarity.denies_channel(str(place.get("channel"))):
                raise UngroundedError(denied.fill(words=shown(str(place["channel"]))))
        word = self._polarity.denied_time(job.time or "")
        if word is not None:
            raise UngroundedError(denied.fill(words=shown(word)))
        end = min((each for each in self._starts if each > span.start), default=len(self.request.prompt))
        for words in self._polarity.exceptions(span.start, end):
            if self._fires_at(words, job, time):
                raise UngroundedError(_('it runs at "{words}", which the prompt excepts', words=shown(words)))

    def _fires_at(self, words: str, job: ModelJob, time: ResolvedTime) -> bool:
        """True if the rules read a schedule with fewer fires when these words are excepted as well."""
        try:
            excepted = self.times.resolve(f"{job.time or ''} {_EXCEPT} {words}", job.type).schedule
        except UnreadableTimeError:
            return False
        return (
            excepted is not None
            and time.schedule is not None
            and not self._fires_alike(time.schedule, excepted)
        )

    def _fires_alike(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        if one == other or {"interval_sec"} & {*one, *other} or one.get("skip") != other.get("skip"):
            return one == other
        zone = self.checks.default_timezone
        both = (compile_schedule(self.checks.schedule(each), zone) for each in (one, other))
        first, second = (next_fires(each, self.now_ms, _MOST_FIRES) for each in both)
        return first == second

    def _unsaid(self, inputs: Mapping[str, Any]) -> str | None:
        """Return the input whose value does not occur in the prompt; None if all of them do."""
        whom = _notify(inputs)
        url = inputs.get("url")
        names = {
            "account_id": self._unless_default(inputs.get("account_id")),
            "notify.account_id": self._unless_default(whom.get("account_id")),
            "to": inputs.get("to"),
            "notify.to": whom.get("to"),
        }
        words = {"url": None if url is None else address_of(str(url)), "contains": inputs.get("contains")}
        prompt = self.request.prompt
        for name, value in names.items():
            bare = str(value).removeprefix("@")
            if value is not None and not (says(prompt, bare) or says(prompt, f"@{bare}")):
                return name
        for name, value in words.items():
            if value is not None and not says(prompt, str(value)):
                return name
        figures = {name: value for name, value in inputs.items() if _is_figure(value)}
        unsaid = (name for name, value in figures.items() if not self._says_number(value))
        return next((name for name in unsaid if _USUAL.get(name) != figures[name]), None)

    def _addressed(self, place: dict[str, Any]) -> dict[str, Any]:
        """Return a place with the address of the contact that it names; raises UngroundedError."""
        name = place.get("to")
        if not isinstance(name, str):
            return place
        said = name_key(name).split()
        found = self._contacts.exact.get("".join(said))
        keys = [found] if found else self._contacts.fitting(said)
        if len(keys) > 1:
            raise UngroundedError(_("{name} may be any of {names}", name=shown(name), names=", ".join(keys)))
        if not keys:
            if len(said) > 1 or not {*said}.isdisjoint(words_of(Sense.PERSON) | TITLES.keys()):
                raise UngroundedError(_("{name} is no address and no contact", name=shown(name)))
            return place
        contact = self.request.directory.contact(keys[0])
        if place.get("channel") not in {None, contact.channel}:
            other = _("{name} is a contact on {channel}", name=contact.name, channel=contact.channel)
            raise UngroundedError(other)
        return {**place, **contact.place}

    @cached_property
    def _contacts(self) -> ContactIndex:
        return ContactIndex(self.request.directory.contacts)

    def _unless_default(self, account_id: Any) -> Any:
        # A tuple: the value may be anything, also what has no hash.
        return None if account_id in (None, "default", self.request.default_account_id) else account_id

    def _says_number(self, value: float) -> bool:
        return any(value / unit in self._numbers for unit in _UNITS)

    def _differing(self, inputs: Mapping[str, Any]) -> list[Note]:
        """Return a note for each choice of the model: a text of its own, a channel that was not named."""
        notes: list[Note] = []
        text = inputs.get("text")
        if text is not None and not says(self.request.prompt, str(text)):
            worded = _("The model worded the message: {text}", text=shown(str(text)))
            notes.append(Note(NoteKind.CONFLICT, worded))
        places = (inputs.get("channel"), _notify(inputs).get("channel"))
        chosen = {each for each in places if isinstance(each, str)}
        for channel in sorted(chosen - self._channels - {self.request.default_channel or "telegram"}):
            unnamed = _("The model chose the channel {channel}: the prompt names none or another.")
            notes.append(Note(NoteKind.CONFLICT, unnamed.fill(channel=shown(channel))))
        return notes

    def _invented(self, inputs: Mapping[str, Any]) -> Iterator[Note]:
        """Yield a note for each input of another type that the prompt does not have letter by letter."""
        for name, value in inputs.items():
            if not _is_figure(value) and not (isinstance(value, str) and says(self.request.prompt, value)):
                text = value if isinstance(value, str) else orjson.dumps(value).decode()
                chosen = _("The model set {name} to {value}.", name=shown(name), value=shown(text))
                yield Note(NoteKind.CONFLICT, chosen)

    def _filled_in(self, inputs: dict[str, Any]) -> list[Note]:
        notes: list[Note] = []
        if inputs.get("channel") is None:
            inputs["channel"] = self.request.default_channel or "telegram"
            used = _("No channel was said: {channel} is used.", channel=inputs["channel"])
            notes.append(Note(NoteKind.ASSUMPTION, used))
        if inputs.get("account_id") is None:
            inputs["account_id"] = self.request.default_account_id or "default"
            used = _("No account was said: {account} is used.", account=inputs["account_id"])
            notes.append(Note(NoteKind.ASSUMPTION, used))
        if isinstance(inputs["account_id"], str):
            inputs["account_id"] = inputs["account_id"].removeprefix("@")
        return notes

    def _time(self, job: ModelJob) -> tuple[ResolvedTime, list[Note]]:
        """Return what the words of a job's time mean; raises UngroundedError."""
        words = job.time or ""
        if job.after is not None:
            if words.strip():
                raise UngroundedError(_("a job that another one starts has no time of its own"))
            return ResolvedTime(None, (), "", None), []
        if not words.strip() and job.type not in PROMPT_INPUTS:
            return self._usual_time(job.type)
        try:
            time = self.times.resolve(words, job.type)
        except UnreadableTimeError as error:
            unread = _('the time "{words}" is not used: {why}', words=shown(words), why=error.message)
            raise UngroundedError(unread) from error
        if not {token.text for token in tokenize(words)} - _TIME_MARKS <= self._tokens:
            other = _('The model gives the time as "{words}"; the prompt says it in other words.')
            own_words = other.fill(words=shown(words))
            return time, [Note(NoteKind.CONFLICT, own_words), *time.notes]
        return time, [*time.notes]

    def _usual_time(self, job_type: str) -> tuple[ResolvedTime, list[Note]]:
        """Return the time of a job of another type whose sentence says none: its own, else once, now."""
        schedules = (dict(each.schedule) for each in self.request.declared if each.type == job_type)
        schedule = next(schedules, None) or None
        used = _("No time was said: the default of {type} is used.", type=job_type)
        notes = [] if schedule is None else [Note(NoteKind.ASSUMPTION, used)]
        return ResolvedTime(schedule, (), "", None), notes

    def _asked(self, question: ModelQuestion) -> Iterator[Note]:
        text = self._plain(question.text)
        if text:
            choices = tuple(filter(None, (self._plain(each) for each in question.choices)))
            yield Note(NoteKind.QUESTION, _("The model asks: {question}", question=text), choices=choices)

    def _plain(self, text: str) -> str:
        """Return a model's words for display; nothing if they name an address that is not in the prompt."""
        plain = shown(text)
        foreign = re.findall(r"(?:\w+://|www\.)\S+", plain)
        return "" if any(not says(self.request.prompt, address_of(each)) for each in foreign) else plain


def _notify(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    notify = inputs.get("notify")
    return cast("Mapping[str, Any]", notify) if isinstance(notify, dict) else {}


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
