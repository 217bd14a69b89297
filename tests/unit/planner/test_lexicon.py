"""The lexicon: phrases, typos that are forgiven, and words that no typo tolerance may touch."""

from __future__ import annotations

import pytest

from app.planner.language.lexicon.entry import LexiconEntry, parse_entries
from app.planner.language.lexicon.lookup import (
    TYPO_SENSES,
    find_bent,
    find_misspelt,
    find_phrase,
    senses_of,
)
from app.planner.language.lexicon.spelling import COMMON
from app.planner.language.lexicon.typos import distance
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.tokens import tokenize


def test_table_becomes_entries() -> None:
    """An entry has a sense, a value of any type, and words with their language; comments are left out."""
    first, second, third = parse_entries("""
# Days: besok
relday=-1  id: kemarin, kmrn  en: yesterday
dayset=6,0
    id: akhir pekan
        akhir, weekend
    both: id, no
every  en: each
""")
    assert first == LexiconEntry(
        "relday", -1, frozenset({("kemarin", "id"), ("kmrn", "id"), ("yesterday", "en")})
    )
    assert second == LexiconEntry(
        "dayset", (6, 0), frozenset({("akhir pekan akhir", "id"), ("weekend", "id"), ("id", ""), ("no", "")})
    )
    assert third == LexiconEntry("every", True, frozenset({("each", "en")}))


def test_longest_phrase_wins() -> None:
    """The phrase "jangan lupa" is no negation, since the longer phrase is found first."""
    found = find_phrase(["jangan", "lupa", "backup"])
    assert found is not None
    assert found.length == 2
    assert "neg" not in found.senses
    assert "neg" in senses_of("jangan")


def test_short_spelling_is_read_inside_a_phrase() -> None:
    """A short spelling counts as its word inside phrases: "hr krja" is a set of days."""
    found = find_phrase(["hr", "krja"])
    assert found is not None
    assert found.senses["dayset"] == (1, 2, 3, 4, 5)


AFFIXED = (
    ("diberhentikan", "stop"),
    ("di-stop", "stop"),
    ("nyetopin", "stop"),
    ("dicancel", "stop"),
    ("memindahkan", "change"),
    ("digeser", "change"),
    ("ngecekin", "watch"),
    ("mantauin", "watch"),
    ("direkap", "report"),
    ("dibackupkan", "backup"),
    ("mengirimkan", "send"),
    ("dihubungi", "notify"),
)


@pytest.mark.parametrize(("word", "sense"), AFFIXED)
def test_affixed_verb_is_its_stem(word: str, sense: str) -> None:
    """A verb of the lexicon is recognised with affixes that no entry lists."""
    found = find_bent(word, affixes=True)
    assert found is not None
    assert sense in found.senses


@pytest.mark.parametrize("word", ["endi", "admin", "tesi", "mindi", "pesanan", "dinas", "kiri", "meeting"])
def test_word_that_only_ends_like_a_verb_is_none(word: str) -> None:
    """A name or noun is not taken apart into the stem of a verb."""
    assert find_bent(word, affixes=True) is None


MISSPELT = (
    ("pantu", "watch"),
    ("pnatau", "watch"),
    ("moniter", "watch"),
    ("bckup", "backup"),
    ("lapran", "report"),
    ("sumary", "report"),
    ("exprt", "backup"),
    ("telegarm", "channel"),
    ("discrod", "channel"),
    ("whatspap", "channel"),
    ("wensday", "weekday"),
    ("jumaat", "weekday"),
    ("minuts", "unit"),
)


@pytest.mark.parametrize(("word", "sense"), MISSPELT)
def test_misspelt_word_is_read(word: str, sense: str) -> None:
    """Words for wishes, units, weekdays and channels are read when misspelt."""
    found = find_misspelt(word) or find_phrase([word])
    assert found is not None
    assert sense in found.senses


@pytest.mark.parametrize(
    "word", ["pantai", "resort", "seni", "kami", "expert", "dompet", "gudang", "kasir", "toko"]
)
def test_ordinary_word_is_no_typo(word: str) -> None:
    """A word of its own is never taken for a misspelt one."""
    assert find_misspelt(word) is None


def test_corrected_senses_are_only_those_that_may_be_guessed() -> None:
    """A guess never brings a sense that was not to be guessed."""
    found = find_misspelt("meniit")
    assert found is not None
    assert found.senses.keys() <= TYPO_SENSES
    assert found.corrected == "menit"


@pytest.mark.parametrize(
    "prompt", ["akun pantu_1", "'lapran'", "https://lapran.example", "lapran@x.id", "@pantu"]
)
def test_names_and_quotes_are_never_corrected(prompt: str) -> None:
    """Names, addresses and quoted text are left as they are, however near to a word they look."""
    assert all(lexeme.corrected is None for lexeme in lexemes_of(prompt, tokenize(prompt)))


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("menit", "menit", 0), ("mnit", "menit", 1), ("meint", "menit", 1), ("", "abc", 3)],
)
def test_distance_counts_swaps_as_one(one: str, other: str, edits: int) -> None:
    """Leaving out, adding, exchanging and swapping letters count one each."""
    assert distance(one, other) == distance(other, one) == edits


def test_drawn_out_and_suffixed_words_are_found() -> None:
    """Words like "tolooong" and "akunnya" are found by the words they are made of."""
    lexemes = lexemes_of("tolooong laporannya", tokenize("tolooong laporannya"))
    assert [lexeme.has("filler", "report") for lexeme in lexemes] == [True, True]


def test_common_words_are_lower_case_words() -> None:
    """The list of ordinary words holds single lower-case words."""
    assert all(word == word.lower() and word.isalpha() for word in COMMON)
