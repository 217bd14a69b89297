"""Detects questions, which ask for an answer and not for a job."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from app.planner.language.lexicon.entry import words
from app.planner.language.tokens.lexemes import Lexeme
from app.planner.language.tokens.tokens import fold, spell

_DATA: Final = frozenset({"quote", "text", "url", "www", "scheme", "email"})
_SENTENCE: Final = re.compile(r"[^.;!?\n]+(\?)?")
_CALLS: Final = (
    r"(?:(?:halo+|hai|hi|hello|hey|eh|oh|hmm|permisi|min|kak|bang|bro|sis|mas|mbak|pak|bu|guys|so"
    r"|selamat (?:pagi|siang|sore|malam)|good (?:morning|afternoon|evening))\b[\s,]*){0,4}"
)
_ALWAYS: Final = (
    r"apakah|siapa(?!-)|kapan|kenapa|mengapa|bagaimana(?! (?:kalau|jika|dengan))"
    r"|adakah|sudahkah|sejak kapan|why(?! (?:not|don't))"
    r"|how(?! about)|when (?:is|was|will|does|did|are|do)"
)
_ASKING: Final = words(
    """
    apakah siapa kapan kenapa mengapa bagaimana adakah sudahkah sejak why how when berapa dimana mana
    apa
    """
)
"""Each question without a mark has one of them."""
_WORD: Final = re.compile(r"\w+")
_WITH_MARK: Final = (
    r"is|are|was|were|am|did|does|do|has|have|had|isn't|aren't|didn't|doesn't|hasn't|should (?:i|we)"
    r"|what(?! about)|which|where|who|apa(?! pun)|ada|mana|masih|sudah"
)
_START: Final = rf"(?:^|,|\b(?:dan|and|terus|lalu|then|tapi|but)\b)\s*{_CALLS}"
_ASKS: Final = re.compile(rf"{_START}(?P<asks>{_ALWAYS})\b")
_ASKS_WITH_MARK: Final = re.compile(rf"{_START}(?P<asks>{_ALWAYS}|{_WITH_MARK})\b")
_CLOSES: Final = re.compile(
    r"\b(?:belum|(?:berhasil|jalan|aman|sukses|masuk|terkirim|nyala|hidup) (?:tidak|kah)"
    r"|tadi|sudah|kan(?= *$))\b"
    r"|\b(?:apa|apaan|kapan|kenapa|mana|berapa|siapa)\b(?: \w{1,4}){0,2} ?$"
)
"""Words that make a whole sentence a question if it ends in a question mark: "backup jam berapa?"."""
_ENDS: Final = re.compile(
    r"(?<![-\w])(?:kapan|berapa|di ?mana|siapa|apa saja)(?: (?:ya|sih|min|kak|nih|dong|deh|bos))* ?$"
)
"""At the end they make a sentence a question without a mark: "backup terakhir kapan ya"."""
_POLITE: Final = re.compile(
    r"\b(?:bisa|bisakah|boleh|bolehkah|mungkin|tolong|mohon|minta|please|pls|plz|can|could|possible|able|mind"
    r"|would|way to|way of|chance)\b"
)
_KNOWS: Final = re.compile(
    r"(?:how|why|when|who|kapan|kenapa|mengapa|siapa|berapa|bagaimana(?: cara)?)\b"
    r"(?! not| about| don)"
)
"""A question for knowledge stays one with a polite word in it: "how can I back up every night?"."""

Stretch = tuple[int, int]


def questions_in(prompt: str, lex: Sequence[Lexeme]) -> list[Stretch]:
    """Return the stretches of a prompt that are questions.

    A polite wish in the form of a question is none.
    """
    for lexeme in lex:
        if lexeme.kind in _DATA:
            signs = "_" * (lexeme.end - lexeme.start)
            prompt = f"{prompt[: lexeme.start]}{signs}{prompt[lexeme.end :]}"
    folded = spell(fold(prompt))
    if "?" not in folded.text and _ASKING.isdisjoint(_WORD.findall(folded.text)):
        return []
    return [(folded.starts[start], folded.ends[end - 1]) for start, end in _stretches(folded.text)]


def _stretches(text: str) -> Iterator[Stretch]:
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
