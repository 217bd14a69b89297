"""Takes out of a prompt all that is no wish, and replies to it with notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import BY_PLACE, INTENTS, RECORDS, TARGETS, Item, any_of
from app.planner.language.clauses.items import hidden, read_items
from app.planner.language.draft import DraftBuilder
from app.planner.language.jobs.context import BuildContext
from app.planner.language.lexicon.sense import Sense
from app.planner.language.speech.acts import SpeechAct, Utterance, utterances
from app.planner.language.speech.questions import questions_in
from app.planner.language.times.expressions import Recurrence
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.messages import BACKGROUND
from app.planner.models import NoteKind

_NO_WISH: Final[dict[SpeechAct, Message]] = {
    SpeechAct.PAST: _('"{words}" reports what has happened: nothing is planned for it.'),
    SpeechAct.COMPLAINT: _('"{words}" reports a problem: nothing is planned for it.'),
    SpeechAct.THANKS: _("You are welcome: nothing is planned."),
    SpeechAct.REMARK: _('"{words}" asks for nothing: nothing is planned for it.'),
    SpeechAct.STATUS: _('"{words}" asks for the state of the jobs: nothing is planned for it.'),
    SpeechAct.EXAMPLE: _('"{words}" is an example: nothing is planned. Leave that word out to plan it.'),
    SpeechAct.CANCEL: _('Called off ("{words}"): nothing is planned.'),
    SpeechAct.QUESTION: _("Questions are not answered here: GET /jobs and GET /runs show what there is."),
}
_TARGETS: Final = TARGETS | {"account", "chat"}
_RECORDS: Final = ("report", "backup", "message")


@dataclass(slots=True)
class Hearing:
    """The items of wishes, and the parts that are none."""

    wishes: list[Item]
    asides: list[Utterance] = field(default_factory=list[Utterance])

    @property
    def items(self) -> list[Item]:
        """Return all items of the prompt, in order and each once."""
        every = {item.first: item for item in self.wishes}
        every |= {item.first: item for aside in self.asides for item in aside.items}
        return sorted(every.values(), key=BY_PLACE)


def hear(context: BuildContext) -> Hearing:
    """Return the items of the wishes of a prompt, and everything else apart from them."""
    lex = Lexemes(context.lex)
    heard = [*questions_in(context.request.prompt, context.lex), *utterances(lex)]
    if not heard:
        return Hearing(read_items(lex))
    owners: dict[int, Utterance] = {}
    for each in heard:
        owners.update(dict.fromkeys(range(each.first, each.last), each))
    asides: dict[Utterance, list[Item]] = {}
    for item in _items_at(lex, owners.keys()):
        if item.first in owners:
            asides.setdefault(owners[item.first], []).append(item)
    hearing = Hearing(
        _items_at(lex, range(len(lex)) - owners.keys()),
        [replace(each, items=tuple(held)) for each, held in asides.items()],
    )
    _complete(hearing, lex)
    _withdraw(hearing)
    return hearing


def _items_at(lex: Lexemes, places: Collection[int]) -> list[Item]:
    """Return the items of some lexemes. They are read apart from the others, which cannot correct them."""
    masked = Lexemes(
        lexeme if pos in places or lexeme.has(Sense.SEP) or lexeme.kind == "mark" else hidden(lexeme)
        for pos, lexeme in enumerate(lex)
    )
    return [item for item in read_items(masked) if item.first in places or item.kind == "sep"]


def _complete(hearing: Hearing, lex: Lexemes) -> None:
    """Move to the wish what it lacks: "wa toko_a mati, pantau tiap menit", "laporan telat, kirim jam 6".

    And "backup gagal, ulangi sekarang".
    """
    wishes = [item for item in hearing.wishes if item.kind != "sep"]
    watch = next((item for item in wishes if item.kind == "watch"), None)
    again = any(item.has("start") or lex.has(item.first, Sense.REPEAT) for item in wishes)
    says_when = any_of(wishes, "time") and (again or any_of(wishes, "send", "change"))
    stops = any_of(wishes, "stop") and not any_of(wishes, "word", "quote", "message", "watch")
    own: Iterable[Item] = wishes
    if watch is not None:
        rest = hearing.wishes[hearing.wishes.index(watch) :]
        own = takewhile(lambda item: item.kind not in {"sep", "notify", "cond", "otherwise"}, rest)
    if not (watch or says_when or stops) or any_of(own, *TARGETS, *(() if watch else _RECORDS)):
        return
    first = watch or wishes[0]
    for index, aside in enumerate(hearing.asides):
        kinds = _TARGETS if watch else {*INTENTS, "word"} if stops else RECORDS
        which = Recurrence if watch is None else ()  # "laporan hariannya telat, majuin jadi jam 6"
        lacked = [item for item in aside.items if item.kind in kinds or isinstance(item.value, which)]
        named = lacked and lacked[0].first < first.first
        if named and not any_of(aside.items, *(_RECORDS if watch else TARGETS)):
            hearing.wishes = sorted([*hearing.wishes, *lacked], key=BY_PLACE)
            if aside.act is SpeechAct.QUESTION:
                del hearing.asides[index]  # "is https://a.example up? check it" asks for nothing else
            return


def _withdraw(hearing: Hearing) -> None:
    """Move what precedes a withdrawal to it."""
    for index, aside in enumerate(hearing.asides):
        if aside.act is SpeechAct.CANCEL:
            end = aside.items[-1].last
            gone = [item for item in hearing.wishes if item.first < end and item.kind != "sep"]
            hearing.asides[index] = replace(aside, items=(*gone, *aside.items))
            hearing.wishes = [item for item in hearing.wishes if item.first >= end]


def reply(hearing: Hearing, context: BuildContext, builder: DraftBuilder) -> None:
    """Add a note for each part that is no wish. With a job, a report is background, and no doubt."""
    planned = bool(builder.jobs or builder.requests)
    for aside in hearing.asides:
        asks = aside.act is SpeechAct.QUESTION
        chats = asks and not any_of(aside.items, *_RECORDS, *_TARGETS, "watch", "time")
        if planned and (aside.act is SpeechAct.THANKS or chats):
            builder.reading.tell(aside.items)
        elif planned and aside.act not in {SpeechAct.STATUS, SpeechAct.QUESTION}:
            builder.leave_out(NoteKind.ASSUMPTION, BACKGROUND, aside.items)
        elif targets := [] if asks else _targets(aside):
            message = _('"{words}" reports what has happened: nothing is planned. Should it be monitored?')
            words, span = context.words(aside.items), context.span(aside.items)
            builder.ask(message.fill(words=words), span, choices=tuple(targets))
            builder.reading.tell(aside.items)
        else:
            builder.leave_out(NoteKind.REFUSAL, _NO_WISH[aside.act], aside.items)
            of_all = aside.act is SpeechAct.STATUS
            about = asks and not planned and any_of(aside.items, *_RECORDS, *_TARGETS)
            if of_all or about or aside.act is SpeechAct.COMPLAINT:
                builder.inquire(aside.items, of_all=of_all)


def _targets(aside: Utterance) -> list[Message]:
    """Return the monitors that "wa toko_a mati" may ask for."""
    fails = aside.act is SpeechAct.COMPLAINT or (aside.act is SpeechAct.PAST and any_of(aside.items, "down"))
    if not fails or any_of(aside.items, "report", "backup"):
        return []
    urls = [item.text for item in aside.items if item.kind == "url"]
    channels = [item.text for item in aside.items if item.kind == "channel"]
    names = [item.name.text for item in aside.items if item.name is not None]
    often = _("monitor {target} every minute")
    if urls or not (channels and names):
        return [often.fill(target=target) for target in (urls or channels)[:1]]
    account = _("monitor {channel} account {account} every minute")
    return [account.fill(channel=channels[0], account=name) for name in names[:3]]
