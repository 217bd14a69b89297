"""Detects attempts to command the planner. One of them rejects the whole prompt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from app.planner.language.lexicon.roles import pattern, words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexeme
from app.planner.language.tokens.tokens import fold, spell

# Patterns of attempts to command the planner. They run over the folded prompt without its quotes. Each begins
# with the words of a role, and goes on with what comes behind them.

_COMMANDS: Final[Mapping[Sense, str]] = {
    Sense.SETS_ASIDE: r"\b(?:\W+\w+){0,4}?\W+(?:{rule_stem}\w*|{rule}\b)",
    Sense.FORGETS: r"\b(?:\W+\w+){0,4}?\W+{said_before}\b",
    Sense.NEW_RULE: r" {new_rules}\b",
    Sense.RULE_NOUN: r" {newer}\b",
    Sense.WITHOUT_WORD: r"\W+(?:\w+\W+){0,2}?{checked_by}\b",
    Sense.SETS: r"\b(?:\W+\w+){0,2}?\W+{own_setting}\b",
    Sense.ENDS_ALL: r"\b\W+{everything_of}\W+(?:\w+\W+){0,2}?{kept_data}\b",
    Sense.DROPS: r" {table_noun}\b",
    Sense.SHELL_COMMAND: r"\b",
    Sense.RUNS_CODE: r"\b(?:\W+\w+){0,2}?\W+{code_noun}\b",
    Sense.SYSTEM_WORD: r" {system_text}\b",
    Sense.SHOWS: r"\b(?:\W+\w+){0,2}?\W+(?:promp?t\w*|{key_lead}[ _-]?keys?|{secret})",
    Sense.YOU_WORD: r" {become_now} {becomes}\b",
    Sense.ACTS_AS: r"\b(?: \w+)? {as_another}\b",
    Sense.PRETENDS: r"\b \w+",
    Sense.TAKES_OVER: r"\b",
    Sense.ACCESS_PHRASE: r"\b",
    Sense.ACCESS_LEAD: r" {access_noun}\b",
}
_OTHER_COMMANDS: Final = (
    ("rm", r" -rf\b"),
    ("os", r"\.system\b"),
    ("eval", r"\("),
    ("exec", r"\("),
    ("prompt", r" sistem\b"),
    ("promt", r" sistem\b"),
    ("you", r"(?: ?{you_become})\b"),
    ("sekarang", r" {you_word} {becomes}\b"),
    ("grant", r"\b(?:\W+\w+){0,3}?\W+{granted}\b"),
)
_WORD: Final = re.compile(r"\w+")
_BLANKS: Final = re.compile(r"[ \t]+")
_MARKS: Final = re.compile(r"\[system\]|<\||^\W*(?:system|sistem|assistant) ?:", re.MULTILINE)


def _by_first_word() -> Mapping[str, Sequence[re.Pattern[str]]]:
    """Return the patterns by the words that they can begin with."""
    found: defaultdict[str, list[re.Pattern[str]]] = defaultdict(list)
    for role, rest in _COMMANDS.items():
        known = pattern(rf"\b{{{role}}}{rest}")
        for word in {_WORD.findall(text)[0] for text in words_of(role)}:
            found[word].append(known)
    for word, rest in _OTHER_COMMANDS:
        found[word].append(pattern(rf"\b{word}{rest}"))
    return found


_PATTERNS: Final = _by_first_word()
_DATA: Final = frozenset({"quote", "text", "url", "www", "email"})


def commands_planner(prompt: str, lex: Sequence[Lexeme]) -> bool:
    """True if a prompt tries to change what the planner is or does.

    Quotes, texts of messages and addresses are data: they are ignored.
    """
    for lexeme in lex:
        if lexeme.kind in _DATA:
            dots = "." * (lexeme.end - lexeme.start)
            prompt = f"{prompt[: lexeme.start]}{dots}{prompt[lexeme.end :]}"
    plain = _BLANKS.sub(" ", spell(fold(prompt)).text)
    # Most prompts have no first word of a pattern, and each search takes as long as all of the words.
    begun = {pattern for word in _PATTERNS.keys() & _WORD.findall(plain) for pattern in _PATTERNS[word]}
    return any(pattern.search(plain) for pattern in begun) or _MARKS.search(plain) is not None
