"""Looks up words and phrases in the lexicon, with typos corrected if allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.planner.language.lexicon.entry import ENTRIES, NO_SENSES, Senses, Value
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.lexicon.spelling import COMMON, DRAWN_OUT, SPELLINGS, canonical
from app.planner.language.lexicon.typos import TypoIndex, stems_of

TYPO_SENSES: Final = senses(
    "watch report backup message unit weekday channel recur relday tonight dayset part clock month"
)
"""Only words of these senses are recognised when misspelt; the lexicon lists variants of the others."""

_VERBS: Final = senses("watch report backup send stop change notify")
"""Words of these senses are recognised with any affixes on them."""
_ENDINGS: Final = tuple(sorted(words_of(Sense.ENDING)))


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """The reading of a run of words: its length, senses and languages, and the misspelt word."""

    length: int
    senses: Senses
    languages: frozenset[str]
    corrected: str | None = None


def _collect() -> dict[str, PhraseMatch]:
    senses: dict[str, dict[str, Value]] = {}
    languages: dict[str, set[str]] = {}
    for entry in ENTRIES:
        for text, language in entry.words:
            phrase = canonical(text) if " " in text else text
            senses.setdefault(phrase, {}).setdefault(entry.sense, entry.value)
            languages.setdefault(phrase, set()).add(language)
    for spelling, word in SPELLINGS.items():
        if word in senses:  # a spelling may have a sense of its own: "hr" is also an hour
            senses[spelling] = {**senses[word], **senses.get(spelling, {})}
            languages.setdefault(spelling, set()).update(languages[word])
    return {
        phrase: PhraseMatch(phrase.count(" ") + 1, found, frozenset(languages[phrase] - {""}))
        for phrase, found in senses.items()
    }


_FOUND: Final = _collect()


_LONGEST: Final = {
    phrase.partition(" ")[0]: found.length
    for phrase, found in sorted(_FOUND.items(), key=lambda each: each[1].length)
}
"""The length of the longest phrase that starts with a word."""
_TYPOS: Final = TypoIndex(
    phrase for phrase, found in _FOUND.items() if not TYPO_SENSES.isdisjoint(found.senses)
)


def find_phrase(words: Sequence[str]) -> PhraseMatch | None:
    """Return the longest phrase at the start of `words`, in any spelling of them."""
    if len(words) > 1:
        spelt = [canonical(word) for word in words]
        for length in range(len(words), 1, -1):
            found = _FOUND.get(" ".join(spelt[:length]))
            if found is not None:
                return found
    return _FOUND.get(words[0]) or _FOUND.get(canonical(words[0]))


@lru_cache(maxsize=4096)
def find_misspelt(word: str, expected: str = "") -> PhraseMatch | None:
    """Return the word meant by a misspelt one; only intents, units, weekdays and channels are guessed.

    If its place in the sentence calls for an `expected` sense, a common word is also read as that: "tiap
    kami" is a Thursday.
    """
    known = _FOUND.get(word)
    if (known is not None and set(known.senses) != {"filler"}) or (word in COMMON and not expected):
        return None
    meant = _TYPOS.nearest(word)
    if meant is None or (expected and expected not in _FOUND[meant].senses):
        return None
    found = _FOUND[meant]
    senses = {sense: value for sense, value in found.senses.items() if sense in TYPO_SENSES}
    return PhraseMatch(1, senses, found.languages, corrected=meant)


@lru_cache(maxsize=4096)
def find_bent(word: str, *, affixes: bool = False) -> PhraseMatch | None:
    """Return the sense of `tooolong` and `kasirnya`, and the verb of `diberhentiin` and `memindahkan`."""
    drawn = DRAWN_OUT.sub(r"\1", word)
    forms = [drawn, drawn.rstrip(drawn[-1]) + drawn[-1]]
    forms += [form.removesuffix(end).rstrip("-") for form in forms for end in _ENDINGS]
    for form in forms:
        if form and form != word and (found := find_phrase([form])) is not None:
            return found
    is_form = affixes and word not in COMMON and word.replace("-", "").isalpha()
    for found in map(_FOUND.get, stems_of(word) if is_form else ()):
        if found is not None and not _VERBS.isdisjoint(found.senses):
            return PhraseMatch(1, found.senses, frozenset({"id"}))
    return None


def senses_of(phrase: str) -> Senses:
    """Return the senses of a word or phrase; none if it is unknown."""
    found = _FOUND.get(phrase)
    return found.senses if found else NO_SENSES


def longest_phrase(first: str) -> int:
    """Return the length in words of the longest phrase that starts with a word; 0 if there is none."""
    return _LONGEST.get(canonical(first), 0)
