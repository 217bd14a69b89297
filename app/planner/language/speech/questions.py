"""Detects questions, which ask for an answer and not for a job."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from app.planner.language.lexicon.roles import pattern, words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.speech.acts import SpeechAct, Utterance
from app.planner.language.speech.said import DATA
from app.planner.language.tokens.lexemes import Lexeme
from app.planner.language.tokens.tokens import fold, spell

_SENTENCE: Final = re.compile(r"[^.;!?\n]+(\?)?")
_ALWAYS: Final = (
    r"{question_word}|siapa(?!-)|bagaimana(?! {how_asked})|why(?! {lets_ask})|how(?! about)"
    r"|{when_asked}"
)
_START: Final = r"(?:^|,|\b{question_join}\b)\s*(?:{question_call}\b[\s,]*){0,4}"
_ASKS: Final = pattern(rf"{_START}(?P<asks>{_ALWAYS})\b")
_ASKS_WITH_MARK: Final = pattern(
    rf"{_START}(?P<asks>{_ALWAYS}|what(?! about)|apa(?! pun)|{{asks_with_mark}})\b"
)
_WORD: Final = re.compile(r"\w+")
_CLOSES: Final = pattern(
    r"\b(?:{whether_done} {whether}|{closes_question}|kan(?= *$))\b"
    r"|\b{last_question_word}\b(?: \w{1,4}){0,2} ?$"
)
"""Words that make a whole sentence a question if it ends in a question mark: "backup jam berapa?"."""
_ENDS: Final = pattern(r"(?<![-\w]){ends_question}(?: {question_particle})* ?$")
"""At the end they make a sentence a question without a mark: "backup terakhir kapan ya"."""
_POLITE: Final = pattern(r"\b{polite}\b")
_KNOWS: Final = pattern(r"{asks_knowledge}\b(?! not| about| don)")
"""A question for knowledge stays one with a polite word in it: "how can I back up every night?"."""


def questions_in(prompt: str, lex: Sequence[Lexeme]) -> list[Utterance]:
    """Return the parts of a prompt that are questions.

    A polite wish in the form of a question is none.
    """
    for lexeme in lex:
        if lexeme.kind in DATA:
            signs = "_" * (lexeme.end - lexeme.start)
            prompt = f"{prompt[: lexeme.start]}{signs}{prompt[lexeme.end :]}"
    folded = spell(fold(prompt))
    if "?" not in folded.text and words_of(Sense.ASKING).isdisjoint(_WORD.findall(folded.text)):
        return []
    starts = [lexeme.start for lexeme in lex]
    spans = ((folded.starts[start], folded.ends[end - 1]) for start, end in _stretches(folded.text))
    return [
        Utterance(SpeechAct.QUESTION, bisect_left(starts, first), bisect_left(starts, last))
        for first, last in spans
    ]


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the questions of a folded text, sentence by sentence; each sentence is read once."""
    for sentence in _SENTENCE.finditer(text):
        said, marked = sentence[0].rstrip("? "), sentence[1] is not None
        lead = len(said) - len(said.lstrip())
        asks = (_ASKS_WITH_MARK if marked else _ASKS).search(said[lead:])
        start = lead if asks is None else lead + asks.start("asks")
        if asks is None and not (_ENDS.search(said) or (marked and _CLOSES.search(said))):
            continue
        if _KNOWS.match(said, start) or not _POLITE.search(said, start):
            yield sentence.start() + start, sentence.end()
