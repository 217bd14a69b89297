"""Lexemes: tokens with their senses; a known phrase is one lexeme."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from app.planner.language.lexicon.entry import NO_SENSES, Senses, Value
from app.planner.language.lexicon.lookup import (
    PhraseMatch,
    find_bent,
    find_misspelt,
    find_phrase,
    longest_phrase,
    senses_of,
)
from app.planner.language.lexicon.roles import NO_ROLES, ROLES, words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import TITLES, canonical
from app.planner.language.tokens.runs import PHONE_DIGITS
from app.planner.language.tokens.tokens import Token, normalized
from app.planner.language.zones import SHORT_ZONES, zone_of

_TARGETS: Final = frozenset({"channel", "account"})
_BEFORE_CHANNELS: Final = ("toward", "via", "using", "notify", "channel", "account")
_TOPICS: Final = frozenset({"topic", "topik", "topiknya"})
_ADDRESSES: Final = frozenset({"url", "www", "scheme"})
_MOST_DIGITS: Final = 18
_LAST_HOUR: Final = 24
_SPOKEN_DIGITS: Final = 8
_SHORTEST_SPOKEN: Final = 4
"""A run of so many digits in words is a number to call if it begins with zero."""
_HOUR: Final = 60
_NO_LANGUAGES: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """A name that people gave an account, a chat or a person.

    `mark` is `account` or `chat`, empty if no word says which; `person` or `weak person` if its address is
    not known. `shape` is the kind of its lexeme.
    """

    text: str
    mark: str
    shape: str
    place: tuple[tuple[str, str], ...] = ()
    """The recipient that a contact is, as the inputs of a job name it; the channel of a known account."""
    meant: str = ""
    """The name of the contact, if only a part of it was said."""
    choices: tuple[str, ...] = ()
    """The contacts that a person's name fits."""

    @property
    def is_person(self) -> bool:
        """True if its address is not known."""
        return self.shape == "person"


# Not frozen: that would double the cost of making one, and each word of a prompt makes one.
@dataclass(slots=True)
class Lexeme:
    """A token or phrase and its senses.

    `text` is folded and in canonical spelling: `gak` is `tidak`. `raw` is as typed. `corrected` is the word
    that a misspelt one was read as.
    """

    kind: str
    text: str
    raw: str
    start: int
    end: int
    senses: Senses
    languages: frozenset[str] = _NO_LANGUAGES
    corrected: str | None = None
    name: Name | None = None
    """The recipient or the known account that it names."""

    @property
    def typed(self) -> str:
        """Return the folded text in the spelling that was typed, which is that of a name."""
        return " ".join(self.raw.lower().split()) if self.raw.isascii() else normalized(self.raw)

    def has(self, *senses: str) -> bool:
        """True if it has one of the senses or roles."""
        return not self.senses.keys().isdisjoint(senses) or not ROLES.get(self.text, NO_ROLES).isdisjoint(
            senses
        )

    def has_any(self, senses: Iterable[str]) -> bool:
        """True if it has one of the senses; for sets that are too large to be written out in a call."""
        return not self.senses.keys().isdisjoint(senses) or not ROLES.get(self.text, NO_ROLES).isdisjoint(
            senses
        )


class Lexemes(list[Lexeme]):
    """The lexemes of a prompt. An index beyond either end has no lexeme: it has no sense and no text."""

    __slots__ = ()

    def has(self, pos: int, *senses: str) -> bool:
        """True if there is a lexeme at an index and it has one of the senses."""
        return 0 <= pos < len(self) and self[pos].has(*senses)

    def sense(self, pos: int, name: str) -> Value | None:
        """Return the value of a sense of the lexeme at an index."""
        return self[pos].senses.get(name) if 0 <= pos < len(self) else None

    def integer(self, pos: int, name: str) -> int | None:
        """Return the value of a sense if it is a whole number."""
        value = self.sense(pos, name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def word(self, pos: int, name: str) -> str:
        """Return the value of a sense if it is text, else an empty text."""
        value = self.sense(pos, name)
        return value if isinstance(value, str) else ""

    def text(self, pos: int) -> str:
        """Return the folded text at an index."""
        return self[pos].text if 0 <= pos < len(self) else ""

    def kind(self, pos: int) -> str:
        """Return the kind of the lexeme at an index, empty beyond the ends."""
        return self[pos].kind if 0 <= pos < len(self) else ""

    def skip(self, pos: int, *texts: str) -> int:
        """Return the index after a lexeme whose text is one of those given, else the same index."""
        return pos + 1 if self.text(pos) in texts else pos

    def past(self, pos: int, texts: Collection[str], *senses: str, most: int = 1_000) -> int:
        """Return the index after all lexemes, `most` of them at the most, with one of the texts or senses."""
        end = pos
        while end < min(len(self), pos + most) and (self[end].text in texts or self[end].has(*senses)):
            end += 1
        return end

    def after(self, pos: int, *senses: str, most: int = 1) -> int:
        """Return the index after the lexemes, `most` of them at the most, with one of the senses or roles."""
        end = pos
        while end < min(len(self), pos + most) and self[end].has(*senses):
            end += 1
        return end

    def roles(self, indexes: Iterable[int]) -> frozenset[Sense]:
        """Return all roles of the lexemes at some indexes."""
        return NO_ROLES.union(*(ROLES.get(self[index].text, NO_ROLES) for index in indexes))

    def joined(self, start: int, end: int) -> str:
        """Return the folded text of several lexemes, empty beyond the ends."""
        return " ".join(each.text for each in self[start:end]) if end <= len(self) else ""

    def adds_half(self, pos: int) -> bool:
        """True for the "and a half" after a number or a unit, which is three lexemes."""
        return self.text(pos) == "and" and self.text(pos + 1) == "a" and self.has(pos + 2, "half")

    def counts(self, pos: int) -> bool:
        """True if a unit follows at an index, but not the "jam" of "tanggal 5 jam 8"."""
        return self.has(pos, "unit", "unit_short", "times") and not self.clock_follows(pos)

    def mentions(self, texts: Collection[str], senses: Iterable[str] = ()) -> bool:
        """True if a lexeme has one of the texts or senses."""
        for each in self:  # noqa: SIM110  a generator would take twice as long
            if each.text in texts or each.has_any(senses):
                return True
        return False

    def clock_follows(self, pos: int) -> bool:
        """True for "jam 8" and "at 9": a word that marks a time, and a figure."""
        figures = ("number", "hm", "digit", "teen", "half", "bad_clock")
        return self.has(pos, "clockmark") and self.has(pos + 1, *figures)

    def list_next(self, pos: int) -> int | None:
        """Return the start of the next item of a list, past `,`, `dan`, `, and`; None if the list ends."""
        end = pos
        while end < pos + 2 and (self.text(end) == "," or self.sense(end, "sep") == "weak"):
            end += 1
        return end if end > pos else None


def lexemes_of(prompt: str, tokens: Sequence[Token]) -> Lexemes:
    """Return the lexemes of a prompt, longest phrases first."""
    lexemes = Lexemes()
    pos = 0
    while pos < len(tokens):
        token, length = tokens[pos], 1
        if token.kind in {"word", "dotted"}:
            found = _find(tokens, pos)
            length = found.length if found else 1
            lexemes.append(_word(prompt, tokens[pos : pos + length], found))
        elif token.kind == "number" and pos + 1 < len(tokens) and tokens[pos + 1].kind == "ordinal_end":
            length, end = 2, tokens[pos + 1].end
            raw = prompt[token.start : end]
            lexemes.append(Lexeme("number", token.text, raw, token.start, end, {"ordinal": int(token.text)}))
        else:
            kind = "number" if token.kind in {"thousands", "decimal", "negative"} else token.kind
            senses = _atom_senses(token)
            lexemes.append(Lexeme(kind, token.text, token.raw, token.start, token.end, senses))
        pos += length
    return _with_weak_channels(_with_spoken(lexemes))


def _with_weak_channels(lex: Lexemes) -> Lexemes:
    """Return the lexemes with the "ntfy" of "lewat ntfy" as a channel: elsewhere it is another word."""
    for pos, lexeme in enumerate(lex):
        if "weak_channel" not in lexeme.senses:
            continue
        channel = lex.word(pos, Sense.WEAK_CHANNEL)
        names_topic = channel == "ntfy" and lex.text(pos + 1) in _TOPICS
        if names_topic:
            lex[pos + 1] = replace(lex[pos + 1], senses={"chat": True})
        is_led = lex.has(pos - 1, *_BEFORE_CHANNELS) and lex.kind(pos + 1) not in _ADDRESSES
        # "pantau webhook https://…" is a page.
        is_place = names_topic or lex.has(pos + 1, Sense.ACCOUNT) or is_led
        others = {sense: value for sense, value in lexeme.senses.items() if sense != "weak_channel"}
        lex[pos] = replace(lexeme, senses={"channel": channel} if is_place else others)
    return lex


def _with_spoken(lex: Lexemes) -> Lexemes:
    """Return the lexemes with spoken phone numbers as one each: "nol delapan satu satu"."""
    pos = 0
    while pos < len(lex):
        end = pos
        while lex.sense(end, Sense.DIGIT) is not None:
            end += 1
        if end - pos >= (_SHORTEST_SPOKEN if lex.sense(pos, Sense.DIGIT) == 0 else _SPOKEN_DIGITS):
            digits = "".join(str(each.senses["digit"]) for each in lex[pos:end])
            start, last = lex[pos].start, lex[end - 1].end
            lex[pos:end] = [Lexeme("phone", digits, digits, start, last, {"phone": True})]
        pos += 1
    return lex


def _find(tokens: Sequence[Token], pos: int) -> PhraseMatch | None:
    word, before = tokens[pos].text, tokens[pos - 1].text if pos else ""
    run = takewhile(lambda token: token.kind in {"word", "dotted"}, tokens[pos : pos + longest_phrase(word)])
    known = find_phrase([token.text for token in run] or [word])
    if known is None and "account" in senses_of(before):
        return find_misspelt(word, "channel")  # any other word is the account's name
    if before in TITLES and tokens[pos].raw.istitle():
        if known is not None and "month" in known.senses:
            return None  # "Ci Mei"
        return known or find_bent(word)  # the "Wien" of "Bu Wien" is no misspelt word
    return known or find_bent(word, affixes=True) or find_misspelt(word)


def _word(prompt: str, tokens: Sequence[Token], found: PhraseMatch | None) -> Lexeme:
    first, last = tokens[0], tokens[-1]
    text = canonical(" ".join(token.text for token in tokens))
    raw = prompt[first.start : last.start] + last.raw
    name = SHORT_ZONES.get(first.text)
    # Far zones count in capitals only: `est` and `cet` are words, too.
    is_zone = name and (first.text in words_of(Sense.PLAIN_ZONE) or first.raw.isupper())
    zone: Senses = {"zone": name} if name and is_zone else NO_SENSES
    if found is None:
        return Lexeme("word", text, raw, first.start, last.end, zone)
    senses = {**found.senses, **zone} if zone else found.senses
    return Lexeme("word", text, raw, first.start, last.end, senses, found.languages, found.corrected)


def _atom_senses(token: Token) -> Senses:
    match token.kind:
        case "number" | "negative" | "thousands" | "decimal":
            return _number_senses(token)
        case "clock":
            hour, minute = (int(part) for part in re.split(r"[:.]", token.text)[:2])
            minute += hour * _HOUR
            bad = minute > _LAST_HOUR * _HOUR or minute - hour * _HOUR >= _HOUR
            return {"bad_clock": True} if bad else {"hm": minute}
        case "zone":
            return {"zone": zone_of(token.text) or "UTC"}
        case "until" | "half":
            return {token.kind: True}
        case "mark":
            return senses_of(token.text)
        case _:
            return NO_SENSES


def _number_senses(token: Token) -> Senses:
    """Return the value of a figure; one that is too long for a count is only a name."""
    if len(token.text) > _MOST_DIGITS:
        return {"phone": True}
    if token.kind == "decimal":
        return {"number": float(token.text.replace(",", "."))}
    if token.kind == "thousands":
        return {"number": int(re.sub(r"[.,]", "", token.text))}
    value = int(token.text)
    return {"number": value, "phone": True} if len(token.text) >= PHONE_DIGITS else {"number": value}
