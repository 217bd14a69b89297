"""Recipients by name: contacts of the address book, and people whose address is not known.

Each becomes one lexeme, of kind `contact` or `person`, only in a place in which a recipient can be: after
"ke", after a channel, after "ingatkan". Elsewhere a name is an ordinary word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Final

from app.planner.language.clauses.names import ends_phrase, is_unknown
from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import TITLES
from app.planner.language.tokens.lexemes import Lexeme, Lexemes, Name
from app.planner.language.tokens.tokens import normalized

if TYPE_CHECKING:
    from app.planner.directory import NameDirectory

_NAMED_CHATS: Final = words_of(Sense.NAMED_CHATS)
"""Channels whose chats have names that are addresses."""
_ADDRESS_KINDS: Final = frozenset({"phone", "email", "handle"})
_MAY_ADDRESS: Final = _ADDRESS_KINDS | {"number"}
_REACHED: Final = _ADDRESS_KINDS | {"contact", "person"}
_NAME_KINDS: Final = frozenset({"word", "number", "id", "mark", "dotted"})
_BREAKS: Final = frozenset({"line", "bullet"})
_PARTS: Final = words_of(Sense.STOPS_INTENTS) | {","}
_REPAIRS: Final = words_of(Sense.REPAIRS)
"""After a recipient and one of these comes the recipient that is meant."""
_GOES_ON: Final = words_of(Sense.BEFORE_NAME) | _REPAIRS
_LETS, _KNOW = "let", "know"
_MOST_WORDS, _MOST_CHOICES, _SHORTEST_NUMBER = 4, 6, 4
_MOST_CONTACT_WORDS: Final = 12
_SHORTEST_ALIKE, _MOST_ALIKE, _ALIKE = 4, 3, 0.74
"""The letters of a name that may be misspelt, how many words are compared on, and how near they are."""
_TELLING: Final = frozenset({"message", "notify", "send"})
_PLAIN: Final = frozenset({"filler", "up", "down", "contains", "expect"})
"""Senses that a name with a capital may have by chance."""


def mark_people(prompt: str, lex: Lexemes, known: NameDirectory) -> Lexemes:
    """Return the lexemes with each recipient by name as one, and with known accounts as such."""
    return _People(prompt, _with_verbs(lex), known).marked()


def _with_verbs(lex: Lexemes) -> Lexemes:
    """Return the lexemes with "let Ana know", "text 0811", "wa in 0811" as verbs."""
    for pos, lexeme in reversed(list(enumerate(lex[:-1]))):
        addressed = _is_address(lex[pos + 1])
        behind = range(pos + 2, min(len(lex), pos + _MOST_WORDS + 1)) if lexeme.text == _LETS else ()
        know = next((each for each in behind if lex[each].text == _KNOW), None)
        if know is not None:
            lex[pos] = replace(lexeme, senses={"notify": True})
            lex[know] = replace(lex[know], senses={"filler": True})
        elif lexeme.has(Sense.TEXTS_TO) and addressed:
            lex[pos] = replace(lexeme, senses={"message": True})
        elif lexeme.has(Sense.INSIDE) and addressed and lex.has(pos - 1, "channel"):
            del lex[pos]
    return lex


class ContactIndex:
    """The contacts of a deployment, by the words of their folded names; made when a name is looked up."""

    def __init__(self, contacts: Mapping[str, str]) -> None:
        self._contacts = contacts

    @cached_property
    def exact(self) -> Mapping[str, str]:
        """Return the folded names as stored, by the name without blanks."""
        return {_plain(key).replace(" ", ""): key for key in self._contacts}

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for key in self._contacts:
            for word in dict.fromkeys(_split(_plain(key).split())[1]):
                found.setdefault(word, []).append(key)
        return found

    def fitting(self, said: Sequence[str]) -> list[str]:
        """Return the contacts that a part of a name fits: "Siti" and "Bu Siti", but not "Pak Siti"."""
        titles, own = _split(said)
        near = self._by_word.get(own[0], ()) if own else ()
        return sorted(key for key in near if _fits(titles, own, key))

    def alike(self, said: Sequence[str]) -> list[str]:
        """Return the contacts that a misspelt name may mean: "Bu Sity"."""
        titles, own = _split(said)
        if not own or len(own[-1]) < _SHORTEST_ALIKE:
            return []
        near = get_close_matches(own[-1], self._by_word, n=_MOST_ALIKE, cutoff=_ALIKE)
        return sorted({key for word in near for key in self.fitting([*titles, word])})


def _fits(titles: frozenset[str], own: Sequence[str], key: str) -> bool:
    others, whole = _split(_plain(key).split())
    rest = iter(whole)
    return (not titles or not others or not titles.isdisjoint(others)) and all(word in rest for word in own)


def _plain(key: str) -> str:
    """Return a folded name without accents, as the words of a prompt are read."""
    return key if key.isascii() else normalized(key)


def _split(name: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    """Return the forms of address in a name, and its own words."""
    titles = frozenset(TITLES[word] for word in name if word in TITLES)
    return titles, [word for word in name if word not in TITLES and word not in words_of(Sense.GROUP)]


class _People:
    """One pass over a prompt; `out` is what has been read so far."""

    def __init__(self, prompt: str, lex: Lexemes, known: NameDirectory) -> None:
        self._prompt = prompt
        self._lex = lex
        self._known = known
        self._out = Lexemes()
        self._found = False
        """True if the wish has its recipient: a later name is one only in a list with it."""
        self._lists = False
        """True after a recipient, and after the separator that follows it."""
        self._tells = self._changes = self._is_for_speaker = False
        """What the words so far say: a message, a change, a reminder for the speaker."""
        self._shouts = prompt.isupper()
        self._contacts = ContactIndex(known.contacts)
        quoted = (pos for pos, each in enumerate(lex) if each.kind == "quote" or each.has(Sense.SAYS))
        colons = (pos for pos, each in enumerate(lex) if each.text == ":")
        self._last_mark = max([*quoted, *colons], default=-1)

    def marked(self) -> Lexemes:
        """Return all lexemes."""
        pos = 0
        while pos < len(self._lex):
            end = self._described(pos) or self._same(pos) or self._recipient(pos)
            if end is None:
                self._see(self._lex[pos])
                end = pos + 1
            pos = end
        return self._out

    def _see(self, lexeme: Lexeme) -> None:
        """Append a lexeme that is no recipient's name."""
        speaks = lexeme.has(Sense.ONESELF) and self._out.sense(len(self._out) - 1, "message") == "remind"
        parts = _parts(lexeme)
        lead = self._lead() if lexeme.kind in _MAY_ADDRESS and _is_address(lexeme) else ""
        placed = lead in {"toward", "channel", "list"} or (lead == "verb" and lexeme.text.startswith("0"))
        if placed and lexeme.kind == "number":
            lexeme = replace(lexeme, senses={"phone": True})  # neither an hour nor an amount
            if self._out.has(len(self._out) - 1, "chat_number"):  # "no" also denies
                self._out[-1] = replace(self._out[-1], senses={"filler": True})
        self._lists = bool(lead) or (self._lists and (parts or lexeme.text in _GOES_ON))
        self._found = bool(lead) or (self._found and not parts)
        self._is_for_speaker = speaks or (self._is_for_speaker and not parts)
        self._tells = self._tells or not lexeme.senses.keys().isdisjoint(_TELLING)
        self._changes = self._changes or "change" in lexeme.senses
        self._out.append(self._with_account(lexeme))

    def _with_account(self, lexeme: Lexeme) -> Lexeme:
        """Return a lexeme, as a known account's name if it is one: the "toko" of "pantau toko"."""
        channels = self._known.accounts.get(lexeme.typed) if lexeme.kind in {"word", "id"} else None
        last = len(self._out) - 1
        led = self._out.has(last, "watch", "channel", "using", "via", "sep", "account")
        place = self._out.has(last, "channel") and self._out.has(last - 1, "toward", "chat")
        if channels is None or not led or place or lexeme.has("channel", "watch"):
            return lexeme
        only = (("channel", channels[0]),) if len(channels) == 1 else ()
        return replace(lexeme, kind="id", senses=NO_SENSES, name=Name(lexeme.raw, "account", "id", only))

    # Recipients.

    def _recipient(self, pos: int) -> int | None:
        """Append the recipient at an index, and return the index after it; None if there is none."""
        lead = self._lead()
        if not lead:
            return None
        contact = self._contact(pos)
        if self._is_inside_text(lead):
            if lead == "channel" and (contact or _is_title(self._lex[pos])):
                self._out[-1] = replace(self._out[-1], senses={})  # "ingatkan saya wa bu siti"
            return None
        if contact is not None:
            key, end = contact
            if lead == "start" and all(self._lex[each].senses for each in range(pos, end)):
                return None  # "bos, kirim laporan jam 7" speaks to the reader
            if lead == "asked":
                self._out[-1] = replace(self._out[-1], senses={"message": True})
            return self._append_contact(key, pos, end, meant="")
        return None if lead in {"start", "asked"} else self._unknown(pos, lead)

    def _same(self, pos: int) -> int | None:
        """Append the recipient that "ke nomor yang sama" and "ke dia" mean; return the index after that."""
        lead = self._lead() if self._lex[pos].has(Sense.SAME_TO) else ""
        if lead not in {"toward", "channel", "verb"} or self._is_inside_text(lead):
            return None
        known = (each for each in reversed(self._out) if each.kind in _REACHED or each.has("phone"))
        if (same := next(known, None)) is None:
            return self._append(pos, pos + 1, Name("", "person", "person"))
        if self._out[-1].has("notify"):
            return None  # "kabari dia juga": an alarm goes to one place
        self._out.append(replace(same, start=self._lex[pos].start, end=self._lex[pos].end))
        self._found = self._lists = True
        return pos + 1

    def _contact(self, pos: int) -> tuple[str, int] | None:
        """Return the longest contact at an index, and the index after it."""
        best, said = None, ""
        for end in range(
            pos, min(len(self._lex), pos + (_MOST_CONTACT_WORDS if self._known.contacts else 0))
        ):
            if self._lex[end].kind not in _NAME_KINDS:
                break
            said += self._lex[end].typed.removeprefix("the ").replace(" ", "")
            key = self._contacts.exact.get(said)
            best = best if key is None else (key, end + 1)
        return best

    def _unknown(self, pos: int, lead: str) -> int | None:
        """Append a person that no contact names exactly."""
        end, weak = self._person_end(pos, lead)
        if end is None:
            return None
        said = [word for each in range(pos, end) for word in self._lex[each].typed.split()]
        fitting = self._contacts.fitting(said)
        if len(fitting) == 1:
            return self._append_contact(fitting[0], pos, end, meant=self._known.contact(fitting[0]).name)
        if lead == "chat" and not fitting:
            return None  # a chat by its name, which the channel may know
        address = self._address_after(end)
        if address is not None:
            return self._append_address(pos, address)
        choices = fitting or self._contacts.alike(said)
        names = tuple(self._known.contact(key).name for key in choices[:_MOST_CHOICES])
        mark = "weak person" if weak else "person"
        return self._append(pos, end, Name("", mark, "person", choices=names))

    def _person_end(self, pos: int, lead: str) -> tuple[int | None, bool]:
        """Return the index after a person's name, None if there is none, and whether it is a weak one."""
        lex, lexeme, after = self._lex, self._lex[pos], pos + 1
        toward, verb = lead in {"toward", "list"}, lead == "verb"
        if lexeme.kind != "word":
            return None, False
        if _is_title(lexeme) and ((end := self._name_end(after, lead)) > after or toward):
            return end, False
        begins = len(self._out) == 1 and lex.has(after, "cond", "otherwise")
        said = self._says_text(pos) or begins  # "wa bos kalau https://… mati"
        addressed = said or self._address_after(after) is not None
        if lexeme.has(Sense.PERSON) and (toward or verb or (lead == "channel" and addressed)):
            end = self._name_end(after, lead)
            named = end > after and not verb and ends_phrase(lex, end - 1)  # "supplier beras"
            return end if named else after, verb
        proper = self._is_proper(pos)
        if verb:  # "tell Bob"
            closes = is_unknown(lexeme) and ends_phrase(lex, pos) and not self._out[-1].has(Sense.REMINDER)
            speaks = said or lex.has(after, "cond", "otherwise")
            alone = proper and not self._is_proper(after)
            return (after, True) if alone or (closes and speaks) else (None, False)
        english = toward and self._out[-1].text in {"to", "and"}
        unsure = (english and not proper) or (lead == "list" and not (proper or said))
        end = self._name_end(pos, lead)  # "ke Budi", "wa budi besok: …"
        if unsure or (lead == "channel" and not said) or lead in {"for", "way"} or end == pos:
            return None, False
        closes = ends_phrase(lex, end - 1) or self._address_after(end) is not None
        return (end if closes else None), False

    def _name_end(self, pos: int, lead: str) -> int:
        """Return the index after the words of a name: unknown words, or words with a capital."""
        end = pos
        while end < min(len(self._lex), pos + _MOST_WORDS) and (
            is_unknown(self._lex[end]) or self._is_proper(end)
        ):
            end += 1
        placed = (
            lead in {"toward", "channel", "list", "chat"} and end > pos and ends_phrase(self._lex, end - 1)
        )
        if placed or end <= pos + 1:
            return end
        proper = next((each for each in range(pos, end) if not self._is_proper(each)), end)
        return max(pos + 1, proper)  # "ingatkan bu siti bayar arisan"

    def _is_proper(self, pos: int) -> bool:
        """True for a word with a capital that is no word of the grammar."""
        if self._shouts or pos >= len(self._lex) or self._lex[pos].kind != "word":
            return False
        lexeme = self._lex[pos]
        return lexeme.raw.istitle() and lexeme.senses.keys() <= _PLAIN and not lexeme.has(Sense.ONESELF)

    def _says_text(self, pos: int) -> bool:
        return pos < self._last_mark

    # The words before a name.

    def _lead(self) -> str:
        """Return what makes the next word a recipient; empty if nothing does."""
        before = len(self._out) - 1
        while before >= 0 and self._out[before].text in words_of(Sense.BEFORE_NAME):
            before -= 1
        if before < 0:
            return "start"
        last = self._out[before]
        if last.kind in _BREAKS or last.has(Sense.STOPS_INTENTS):
            return "start"
        if _parts(last) or last.has(Sense.REPAIRS):
            return "list" if self._lists else ""
        return "" if self._found else self._led_by(before)

    def _led_by(self, before: int) -> str:  # noqa: PLR0911  a table of cases
        lexeme = self._out[before]
        senses = lexeme.senses
        if "toward" in senses:
            named = before and self._out[before - 1].senses.get("channel") in _NAMED_CHATS
            return "way" if named or self._changes else "toward"
        if "channel" in senses:
            return self._channel(before)
        if lexeme.has(Sense.GROUP):
            return "chat"
        if self._tells and lexeme.has(Sense.FOR_SOMEONE):
            return "for"
        starts = before == 0 and lexeme.has(Sense.TEXTS_TO)
        if starts or "notify" in senses or "send" in senses or senses.get("message") in {True, "remind"}:
            return "verb"
        if not self._tells and (
            lexeme.has(Sense.ASKS_OF) or (lexeme.has(Sense.DEED) and self._says_text(before))
        ):
            return "asked"
        is_way = (self._tells and lexeme.has(Sense.INSIDE)) or (self._changes and "into" in senses)
        return "way" if is_way else ""

    def _channel(self, before: int) -> str:
        """Return `way` for the channel of "lewat wa" and "ke slack manajemen", which may have such a chat."""
        out, last = self._out, before - 1
        named = out[before].senses.get("channel") in {*_NAMED_CHATS, "telegram"}
        leads = (
            ("", out.has(last, "watch", "account", "bot")),
            ("chat", out.has(last, Sense.GROUP)),
            ("toward", out.has(last, "toward") and not named),
            ("way", out.has(last, "toward", "via", "using")),
        )
        return next((lead for lead, holds in leads if holds), "channel")

    def _is_inside_text(self, lead: str) -> bool:
        """True for the names in "ingatkan saya telepon Bu Siti": the reminder is for the speaker."""
        return self._is_for_speaker and lead not in {"list", "way"} and not self._says_text(len(self._out))

    # A person whose address is said: "Pak Budi 081234567", "0811 (Pak Budi)".

    def _address_after(self, end: int) -> int | None:
        at = self._lex.past(end, words_of(Sense.BEFORE_ADDRESS), most=3)
        return at if at < len(self._lex) and _is_address(self._lex[at]) else None

    def _append_address(self, pos: int, address: int) -> int:
        """Append an address together with the name before it."""
        self._out.append(replace(self._lex[address], start=self._lex[pos].start))
        self._found = self._lists = True
        closes = self._lex.text(address - 1) == "(" and self._lex.text(address + 1) == ")"
        return address + 1 + int(closes)

    def _described(self, pos: int) -> int | None:
        """Add the name after an address to its lexeme, and return the index after it."""
        if not self._lists or not _is_address(self._out[-1]):
            return None
        start = self._lex.skip(self._lex.skip(pos, "(", "an", "a.n"), ".")
        name = start + int(start < len(self._lex) and _is_title(self._lex[start]))
        end = pos if name == pos else self._name_end(name, "verb")
        bracket = self._lex.text(pos) == "("
        if end <= start or (bracket and self._lex.text(end) != ")"):
            return None
        end += int(bracket)
        self._out[-1] = replace(self._out[-1], end=self._lex[end - 1].end)
        return end

    def _append_contact(self, key: str, pos: int, end: int, *, meant: str) -> int:
        address = self._address_after(end)
        if address is not None:
            return self._append_address(pos, address)
        contact = self._known.contact(key)
        said = (("channel", contact.channel), ("to", contact.to), ("account_id", contact.account_id))
        place = tuple((field, value) for field, value in said if value)
        return self._append(pos, end, Name(contact.to, "chat", "contact", place, meant))

    def _append(self, pos: int, end: int, name: Name) -> int:
        """Append some lexemes as one that is a recipient's name, and return the index after them."""
        first, last = self._lex[pos].start, self._lex[end - 1].end
        raw = self._prompt[first:last]
        name = replace(name, text=name.text or raw)
        self._out.append(Lexeme(name.shape, name.shape, raw, first, last, NO_SENSES, name=name))
        self._found = self._lists = True
        return end


def _parts(lexeme: Lexeme) -> bool:
    """True for a separator, after which another wish may begin."""
    return "sep" in lexeme.senses or lexeme.kind in _BREAKS or lexeme.text in _PARTS


def _is_title(lexeme: Lexeme) -> bool:
    return lexeme.text in TITLES and not lexeme.has("unit")


def _is_address(lexeme: Lexeme) -> bool:
    number = lexeme.kind == "number" and len(lexeme.text) >= _SHORTEST_NUMBER and lexeme.text.isdigit()
    return lexeme.kind in _ADDRESS_KINDS or number
