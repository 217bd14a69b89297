"""The words of a segment of a prompt, and what they show of it."""

from __future__ import annotations

import re
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.speech import cues
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

DATA: Final = frozenset({"quote", "text", "url", "www", "scheme", "email"})
_PART: Final = re.compile(r"\w+")


class Words:
    """The words of a segment, without greetings before them, and their lexemes."""

    def __init__(self, lex: Lexemes) -> None:
        start = 0
        while start < len(lex) and words_of(Sense.CALL).issuperset(lex[start].text.split()):
            start += 1
        self.lex = Lexemes(lex[start:])
        self.words: list[str] = []
        for lexeme in self.lex:
            if lexeme.kind in DATA:
                self.words.append('"')
            elif lexeme.text.isalpha():
                self.words.append(lexeme.text)
            else:
                self.words.extend(lexeme.text.split())
        self.text = " ".join(self.words)
        self.all = frozenset(self.words)
        self.parts = frozenset(_PART.findall(self.text))
        """The words, and the parts of those with a hyphen or an apostrophe."""

    def past(self) -> bool:
        """True if a word of the past is in it."""
        return not cues.PAST_WORDS.isdisjoint(self.parts) and cues.PAST.search(self.text) is not None

    def lack(self) -> re.Match[str] | None:
        """Return the words that say what is missing."""
        return None if cues.LACKING.isdisjoint(self.parts) else cues.LACKS.search(self.text)

    @property
    def first(self) -> str:
        """Return the first word."""
        return self.words[0] if self.words else ""

    def asks(self) -> bool:
        """True if a word of request is in it, which no denial turns round."""
        if self.all.isdisjoint(words_of(Sense.PLEA)):
            return False
        return any(
            word in words_of(Sense.PLEA) and (pos == 0 or self.words[pos - 1] not in words_of(Sense.DENIAL))
            for pos, word in enumerate(self.words)
        )

    def commands(self) -> bool:
        """True if it begins with an imperative."""
        if not self.lex:
            return False
        lexeme = self.lex[0]
        if self.first in words_of(Sense.MADE):
            return True
        if lexeme.has(Sense.NOTICE) or lexeme.senses.get("message") == "noun":
            return False
        verb = lexeme.has(
            Sense.WATCH, Sense.SEND, Sense.MESSAGE, Sense.STOP, Sense.CHANGE, Sense.NOTIFY, Sense.NEG
        ) and not lexeme.has(Sense.UNIT)
        return verb and not lexeme.has(Sense.REPORT, Sense.BACKUP)

    def plans(self) -> bool:
        """True if it names a job and a time."""
        named = any(each.has("watch", "report", "backup", "message", "send") for each in self.lex)
        return named and any(each.has("every", "clockmark", "hm", "recur", "relday") for each in self.lex)

    def subject_before(self, pos: int) -> bool:
        """True if a job, a target or a person is named before a lexeme."""
        return any(is_subject(lexeme) for lexeme in self.lex[:pos])

    def guarded(self, pos: int) -> bool:
        """True if a condition or another clause holds the lexeme at an index."""
        return any(map(guards, self.lex[:pos]))


def guards(lexeme: Lexeme) -> bool:
    return lexeme.has(Sense.SUBORDINATES, Sense.COND, Sense.OTHERWISE, Sense.NEG)


def is_subject(lexeme: Lexeme) -> bool:
    if lexeme.has(
        Sense.REPORT, Sense.BACKUP, Sense.WATCH, Sense.CHANNEL, Sense.SITE, Sense.ACCOUNT, Sense.MESSAGE
    ):
        return True
    return lexeme.kind in {"url", "www", "id", "handle"} or lexeme.has(Sense.SUBJECT, Sense.KEPT_THING)
