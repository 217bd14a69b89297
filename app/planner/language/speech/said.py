"""The words of a segment of a prompt, and what they show of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from app.planner.language.lexicon.roles import pattern, words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

DATA: Final = frozenset({"quote", "text", "url", "www", "scheme", "email"})
_PART: Final = re.compile(r"\w+")

# Patterns over folded text in canonical spelling.

LACKS: Final = pattern(r"\b{lacks}(?: \w+){0,2}? {arrives}\b")
PAST: Final = pattern(
    r"\b(?:{past_moment}|last {english_day}(?! of\b)|\w+ ago|{past_unit} (?:yang )?{past_mark})\b"
)
PAST_WORDS: Final = words_of(Sense.PAST_WORD)
"""Each match of `PAST` has one of them."""
LACKING: Final = frozenset(word.partition("'")[0] for word in words_of(Sense.LACKS))
"""The first words of `LACKS`, up to their apostrophe."""
POINTED: Final = pattern(r"\b{points} (?:\w+ )?{pointed}\b|\byesterday s\b")
"""They name a thing, and report nothing: "yang tadi", "like yesterday"."""
CANCELS: Final = pattern(r"{cancels}|{cancels_all}(?: {of_all})?")
STAYS: Final = pattern(r"{stays_put}")
"""With a turn before it, it withdraws as well: "actually no, leave it"."""
CALLS_OFF: Final = pattern("{calls_off}")
"""The plainest of them, which also withdraw in the middle of a prompt."""
LISTS: Final = pattern(r"\b{asks_for_list}\b")
LISTED: Final = pattern(r"\b{listed}\b")
ALL_WELL: Final = pattern(r"\b{everything}\b.* {well}\b")


class Words:
    """The words of a segment, without greetings before them, and their lexemes."""

    def __init__(self, lex: Lexemes) -> None:
        start = 0
        while start < len(lex) and words_of(Sense.CALL).issuperset(lex[start].text.split()):
            start += 1
        self.lex = Lexemes(lex[start:])
        self.words: list[str] = []
        for lexeme in self.lex:
            self.words.extend(('"',) if lexeme.kind in DATA else lexeme.text.split())
        self.text = " ".join(self.words)
        self.parts = frozenset(_PART.findall(self.text))
        """The words, and the parts of those with a hyphen or an apostrophe."""

    def past(self) -> bool:
        """True if a word of the past is in it."""
        return not PAST_WORDS.isdisjoint(self.parts) and PAST.search(self.text) is not None

    def lack(self) -> int | None:
        """Return the index of the lexeme that says what is missing."""
        rests = (self.lex.joined(pos, min(len(self.lex), pos + 4)) for pos in range(len(self.lex)))
        lacks = () if LACKING.isdisjoint(self.parts) else map(LACKS.match, rests)
        return next((pos for pos, found in enumerate(lacks) if found), None)

    @property
    def first(self) -> str:
        """Return the first word."""
        return self.words[0] if self.words else ""

    def asks(self) -> bool:
        """True if a word of request is in it, which no denial turns round."""
        pleas = words_of(Sense.PLEA)
        pairs = () if pleas.isdisjoint(self.words) else pairwise(("", *self.words))
        return any(word in pleas and before not in words_of(Sense.DENIAL) for before, word in pairs)

    def commands(self) -> bool:
        """True if it begins with an imperative."""
        made = self.first in words_of(Sense.MADE)
        if made or not self.lex or self.lex[0].senses.get("message") == "noun":
            return made
        verbs = ("watch", "send", "message", "stop", "change", "notify", "neg")
        return self.lex[0].has(*verbs) and not self.lex[0].has(Sense.NOTICE, "report", "backup")

    def plans(self) -> bool:
        """True if it names a job and a time."""
        named = any(each.has("watch", "report", "backup", "message", "send") for each in self.lex)
        return named and any(each.has("every", "clockmark", "hm", "recur", "relday") for each in self.lex)

    def guarded(self, pos: int) -> bool:
        """True if a condition or another clause holds the lexeme at an index."""
        return any(
            each.has(Sense.SUBORDINATES, Sense.COND, Sense.OTHERWISE, Sense.NEG) for each in self.lex[:pos]
        )

    def states(self, *senses: str) -> bool:
        """True if a word with one of the senses is said of a job, a target or a person named before it."""
        places = [pos for pos, each in enumerate(self.lex) if each.has(*senses)]
        return any(any(map(is_subject, self.lex[:pos])) and not self.guarded(pos) for pos in places)


def is_subject(lexeme: Lexeme) -> bool:
    """True for a job, a target or a person."""
    if lexeme.has("report", "backup", "watch", "channel", "site", "account", "message"):
        return True
    return lexeme.kind in {"url", "www", "id", "handle"} or lexeme.has(Sense.SUBJECT, Sense.KEPT_THING)
