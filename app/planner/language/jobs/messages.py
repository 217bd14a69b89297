"""Builds message jobs: text, recipient and sending account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.core.i18n import _, render
from app.planner.language.clauses.clause import Clause, Item
from app.planner.language.clauses.reminders import ENTRY, GOES_TO
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked, refused
from app.planner.language.jobs.entries import entries_of
from app.planner.language.jobs.notify import places_of
from app.planner.language.jobs.schedules import schedules
from app.planner.messages import FOREIGN, NO_TEXT
from app.planner.models import NoteKind, PromptSpan


@dataclass(frozen=True, slots=True)
class MessageText:
    """A text and the items it comes from; `assumed` if no quotes mark it."""

    text: str
    items: tuple[Item, ...]
    assumed: bool


def text_of(clause: Clause, context: BuildContext) -> MessageText | None:
    """Return the text of a message, None if there is none."""
    quotes = tuple(item for item in clause.items if item.kind == "quote")
    if quotes and all(item.has(ENTRY) for item in quotes):
        return MessageText(" ".join(item.text for item in quotes), quotes, assumed=True)
    for item in clause.items:
        if item.kind in {"quote", "contains"} and item.text:
            return MessageText(item.text, (item,), assumed=context.lex[item.first].kind == "text")
    return None


_LEFT_OUT: Final = {"unsendable": _('A message is text alone: "{words}" is left out.'), "foreign": FOREIGN}
_PASSED_OVER: Final = frozenset({"sep", "filler", "word", "quote"})


def message_jobs(clause: Clause, context: BuildContext) -> BuildResult:
    """Return the messages of a clause, one for each entry of a list, each place and each schedule."""
    built = BuildResult()
    for entry in entries_of(clause, context):
        built.take(_entry_jobs(entry, context))
    return built


def _entry_jobs(clause: Clause, context: BuildContext) -> BuildResult:
    text = text_of(clause, context) or _told(clause, context)
    if text is None:
        return asked(NO_TEXT, context.after(clause.items), lead=": ")
    if (unclear := _unclear(text, context)) is not None:
        return unclear
    foreign = [item for item in clause.items if item.kind == "foreign"]
    places = places_of(clause.items, context)
    if foreign and not (places.found and clause.has("channel")):
        return refused(FOREIGN.fill(channel=context.words(foreign)), context.span(foreign))
    reminds = any(item.text == "remind" for item in clause.items)
    if reminds and not clause.has("time"):
        span = context.span(clause.items)
        place = span and PromptSpan(span.start, span.start)
        return asked(_("When? Say a day, a time, or how often."), place)
    built, draft = BuildResult(), _draft(clause, text, context)
    for note in places.notes:
        holder = draft if note.kind is NoteKind.ASSUMPTION else built
        holder.take_notes([note])
    for place in places.found or ([] if places.is_open else [_bare_place(clause)]):
        # An account that the sentence names goes before a contact's.
        job = replace(draft, inputs={**place, **draft.inputs}, notes=list(draft.notes))
        if not (reminds or "to" in place or context.request.has_default_notify):
            unsaid = _("No recipient was said: the account's default_to or DEFAULT_NOTIFY is used.")
            job.assume(unsaid, field="to")
        built.take(schedules(job, clause.items, context))
    return built


def _unclear(text: MessageText, context: BuildContext) -> BuildResult | None:
    """Ask about "transfer ke Bu Siti": a contact may be the recipient, or a part of the text."""
    item = next((each for each in text.items if each.has(GOES_TO)), None)
    if item is None or '"' in item.text:
        return None
    said, _to, name = item.text.rpartition(" ke " if " ke " in item.text else " to ")
    if not said:
        return None
    which = _('Does the message go to {name}, or is it for you, with "{text}" as its text?')
    choices = (f'"{item.text}"', f'"{said}" {item.text[len(said) :].strip()}')
    return asked(which.fill(name=name, text=item.text), context.span([item]), choices=choices)


_OUTCOMES: Final = {
    ("backup", "on_success"): _("The backup is done."),
    ("backup", "on_failure"): _("The backup has failed."),
    ("report", "on_success"): _("The report is done."),
    ("report", "on_failure"): _("The report has failed."),
}


def _told(clause: Clause, context: BuildContext) -> MessageText | None:
    """Return the text of "kalau backup gagal kabari wa 0811", which names none."""
    tells = any(item.kind == "message" and item.has("notify") for item in clause.items)
    if clause.after is None or not tells:
        return None
    outcome = _OUTCOMES.get((clause.after.kind, clause.outcome))
    text = None if outcome is None else render(outcome, context.language)
    return None if text is None else MessageText(text, (), assumed=True)


def _draft(clause: Clause, text: MessageText, context: BuildContext) -> JobDraft:
    account = next((item.name.text for item in clause.items if item.is_account and item.name), None)
    inputs = {"text": text.text} if account is None else {"text": text.text, "account_id": account}
    items = [item for item in clause.items if item in text.items or item.kind not in _PASSED_OVER]
    draft = JobDraft("message.send", inputs, items)
    if text.assumed:
        is_marked = any(context.lex[item.first].kind == "text" for item in text.items)
        is_marked = is_marked and text.text in " ".join(context.request.prompt.split())
        read = _('The text is read as "{text}".', text=text.text)
        draft.assume(read, field="" if is_marked else "text")
    for item in clause.items:
        if item.kind in _LEFT_OUT:
            said = context.words([item])
            draft.refuse(_LEFT_OUT[item.kind].fill(words=said, channel=said), context.span([item]))
    return draft


def _bare_place(clause: Clause) -> dict[str, str]:
    """Return the address that has no channel, if there is one; an id is one only after "ke" or "grup"."""
    led = {item.last for item in clause.items if item.kind in {"toward", "via", "using"}}
    named = [(item, item.name) for item in clause.items if item.name is not None and not item.is_account]
    names = [name for item, name in named if name.mark == "chat" or name.shape != "id" or item.first in led]
    return {"to": names[0].text} if names else {}
