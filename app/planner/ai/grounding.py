"""Grounds a model's answer in the prompt: the words of each job, its type, targets, numbers and time.

What the prompt does not say, or denies, is refused, or has a note. A model may find what a sentence means; it
may not add to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from app.core.errors import InvalidSpec, UnknownJobType
from app.core.i18n import Message, _
from app.core.messaging.contact_models import name_key
from app.planner.ai.answer import PROMPT_INPUTS, NothingReason, shown
from app.planner.ai.doubt import Doubt
from app.planner.ai.times import ResolvedTime, TimeResolver, UngroundedError
from app.planner.ai.wording import (
    WISHES,
    Polarity,
    address_of,
    ask_for_something,
    numbers_in,
    overlap,
    places,
    says,
)
from app.planner.language.clauses.contacts import ContactIndex
from app.planner.language.lexicon.people import TITLES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import lexemes_of
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


@dataclass
class Grounding:
    """Grounds the answers for one request."""

    checks: PlanValidator
    times: TimeResolver
    now_ms: int
    draft: Draft
    """The rules' reading of the prompt."""
    _taken: list[PromptSpan] = field(default_factory=list[PromptSpan], init=False)
    _starts: Sequence[int] = field(default=(), init=False)
    """Where the words of the answer's jobs begin."""

    def __post_init__(self) -> None:
        prompt = self.request.prompt
        tokens = tokenize(prompt)
        self._tokens = frozenset(token.text for token in tokens)
        self._lexemes = lexemes_of(prompt, tokens)
        self._texts = [each for each in self.draft.explain if each.role == "text"]
        self._polarity = Polarity(prompt, self._lexemes, self._texts)
        self._numbers = numbers_in(prompt)
        self._channels = {each.senses.get("channel") for each in self._lexemes}

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
        if answer.reading is not None:
            if answer.reading <= len(self.doubt.readings):
                return Proposal((), reading=answer.reading - 1)
            return Proposal((), problems=((0, _("there is no such reading")),))
        self._taken.clear()
        first = (next(places(self.request.prompt, job.words), None) for job in answer.jobs)
        self._starts = [place.start for place in first if place is not None]
        notes: list[Note] = []
        problems: list[tuple[int, Message]] = []
        jobs: dict[int, ProposedJob] = {}
        for number, job in enumerate(answer.jobs, 1):
            try:
                found = self._grounded(job, jobs)
            except UngroundedError as error:
                refused = _('The model\'s job {type} from "{words}" is not planned: {why}.')
                text = refused.fill(type=job.type, words=shown(job.words), why=error.message)
                notes.append(Note(NoteKind.REFUSAL, text, error.span))
                problems.append((number, error.message))
                continue
            self._taken.append(found.span)
            jobs[number] = found
            if job.after is not None:
                link = ChainLink(f"on_{job.outcome}", f"model-{number}")
                jobs[number] = found.with_job(key=link.key)
                first_job = jobs[job.after]
                jobs[job.after] = first_job.with_job(chains=(*first_job.job.chains, link))
        if answer.question is not None:
            notes += self._asked(answer.question)
        nothing = None if answer.jobs or answer.nothing is None else _NOTHING[answer.nothing]
        return Proposal(tuple(jobs.values()), tuple(notes), tuple(problems), nothing)

    def _grounded(self, job: ModelJob, earlier: Collection[int]) -> ProposedJob:
        """Return a job as it is planned; `earlier` ones may start it. Raises UngroundedError."""
        if job.after is not None and job.after not in earlier:
            raise UngroundedError(_("the job that starts it is not planned"))
        span = self._words(job)
        inputs, notes = self._inputs(job)
        time = self._time(job)
        self._refuse_denied(job, span, time)
        if job.type == "report.daily" and time.zone is not None:
            inputs["timezone"] = time.zone
        planned = PlannedJob(
            type=job.type,
            schedule=time.schedule,
            inputs=inputs,
            reason=self._plain(job.reason) or "model",
            notes=(*self._other_types(job, span), *notes, *time.notes),
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

    def _inputs(self, job: ModelJob) -> tuple[dict[str, Any], list[Note]]:
        """Return a job's inputs, with defaults for what was not said; raises UngroundedError."""
        inputs = _said(job.inputs)
        notify = _said(_notify(inputs))
        self._require_said(inputs, notify)
        notes = self._differing(inputs, notify)
        inputs = self._addressed(inputs)
        if isinstance(inputs.get("notify"), dict):
            inputs["notify"] = self._addressed(notify)
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
        except UngroundedError:
            return False
        if excepted is None or time.schedule is None:
            return False
        return not self.checks.fire_alike(time.schedule, excepted)

    def _require_said(self, inputs: Mapping[str, Any], notify: Mapping[str, Any]) -> None:
        """Raise UngroundedError for an input whose value does not occur in the prompt."""
        for lead, place in (("", inputs), ("notify.", notify)):
            for name, value in place.items():
                if not self._is_said(name, value):
                    raise UngroundedError(_("{name} is not in the prompt", name=f"{lead}{name}"))

    def _is_said(self, name: str, value: Any) -> bool:
        prompt, text = self.request.prompt, str(value)
        match name:
            case "url":
                return says(prompt, address_of(text))
            case "contains":
                return says(prompt, text)
            case "account_id" if text in {"default", self.request.default_account_id}:
                return True
            case "account_id" | "to":
                bare = text.removeprefix("@")
                return says(prompt, bare) or says(prompt, f"@{bare}")
            case _:
                is_said = not _is_figure(value) or any(value / unit in self._numbers for unit in _UNITS)
                return is_said or _USUAL.get(name) == value

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

    def _differing(self, inputs: Mapping[str, Any], notify: Mapping[str, Any]) -> list[Note]:
        """Return a note for each choice of the model: a text of its own, a channel that was not named."""
        notes: list[Note] = []
        text = inputs.get("text")
        if text is not None and not says(self.request.prompt, str(text)):
            worded = _("The model worded the message: {text}", text=shown(str(text)))
            notes.append(Note(NoteKind.CONFLICT, worded))
        channels = (inputs.get("channel"), notify.get("channel"))
        chosen = {each for each in channels if isinstance(each, str)}
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

    def _filled_in(self, inputs: dict[str, Any]) -> Iterator[Note]:
        """Set the channel and the account that were not said, and yield a note for each."""
        channel = self.request.default_channel or "telegram"
        account = self.request.default_account_id or "default"
        for name, usual, used in (
            ("channel", channel, _("No channel was said: {channel} is used.", channel=channel)),
            ("account_id", account, _("No account was said: {account} is used.", account=account)),
        ):
            if inputs.get(name) is None:
                inputs[name] = usual
                yield Note(NoteKind.ASSUMPTION, used)
        if isinstance(inputs["account_id"], str):
            inputs["account_id"] = inputs["account_id"].removeprefix("@")

    def _time(self, job: ModelJob) -> ResolvedTime:
        """Return what the words of a job's time mean; raises UngroundedError."""
        words = (job.time or "").strip()
        if job.after is not None:
            if words:
                raise UngroundedError(_("a job that another one starts has no time of its own"))
            return ResolvedTime()
        if not words and job.type not in PROMPT_INPUTS:
            return self._usual_time(job.type)
        time = self.times.resolve(words, job.type)
        if {token.text for token in tokenize(words)} - _TIME_MARKS <= self._tokens:
            return time
        other = _('The model gives the time as "{words}"; the prompt says it in other words.')
        own_words = Note(NoteKind.CONFLICT, other.fill(words=shown(words)))
        return time._replace(notes=(own_words, *time.notes))

    def _usual_time(self, job_type: str) -> ResolvedTime:
        """Return the time of a job of another type whose sentence says none: its own, else once, now."""
        schedules = (dict(each.schedule) for each in self.request.declared if each.type == job_type)
        schedule = next(schedules, None) or None
        used = _("No time was said: the default of {type} is used.", type=job_type)
        return ResolvedTime(schedule, () if schedule is None else (Note(NoteKind.ASSUMPTION, used),))

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


def _said(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if value is not None}


def _notify(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    notify = inputs.get("notify")
    return cast("Mapping[str, Any]", notify) if isinstance(notify, dict) else {}


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
