"""Spellings: each chat, regional, dictated or wrong form of a word means the same as the word itself."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.planner.directory import NameDirectory
from app.planner.language.clauses.texts import read_lexemes
from app.planner.language.lexicon.spelling import SPELLINGS, canonical
from app.planner.language.tokens.lexemes import Lexeme
from app.planner.models import Draft
from tests.support.planner.plan_scoring import answer

CASES: list[dict[str, Any]] = [
    json.loads(row)
    for row in (Path(__file__).parents[2] / "planner_cases" / "cases.jsonl").read_text("utf-8").splitlines()
]
OWN_SENSES = frozenset({"hr", "mgg", "kl", "dr", "tak", "ora", "dl", "tau", "pesen"})
"""Spellings that are also words or abbreviations of their own, so that a sentence decides what they mean."""


def groups() -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for spelling, word in SPELLINGS.items():
        if spelling not in OWN_SENSES and spelling.isalpha():
            found[word].append(spelling)
    return found


GROUPS = groups()


def respellings(prompt: str, kept: str) -> Iterator[str]:
    """Yield the prompt with one word in each other spelling; words in `kept` are names or texts."""
    for lexeme in read_lexemes(prompt, NameDirectory()):
        if lexeme.kind != "word" or lexeme.raw.lower() in kept:
            continue
        words = lexeme.raw.split()
        for place, word in enumerate(words):
            for spelling in GROUPS.get(canonical(word.lower()), ()):
                said = " ".join([*words[:place], spelling, *words[place + 1 :]])
                yield f"{prompt[: lexeme.start]}{said}{prompt[lexeme.end :]}"


def jobs_of(draft: Draft) -> list[tuple[object, ...]]:
    return [(job.type, job.schedule, job.inputs) for job in draft.jobs]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_spelling_changes_no_plan(case: dict[str, Any]) -> None:
    """A case plans the same jobs in each spelling of each of its words."""
    kept = json.dumps([job["inputs"] for job in case["jobs"]]).lower()
    wanted = jobs_of(answer(case))
    other = [
        prompt
        for prompt in respellings(case["prompt"], kept)
        if jobs_of(answer({**case, "prompt": prompt})) != wanted
    ]
    assert other == []


NOTS = ("tidak", "tdk", "gak", "gk", "ga", "nggak", "ngga", "enggak", "engga", "ndak", "kagak", "tak")


@pytest.mark.parametrize("word", NOTS)
def test_not_is_read_in_each_spelling(word: str) -> None:
    """A lexeme has the canonical word as its text, and the typed one as `raw`."""
    lexeme: Lexeme = read_lexemes(f"laporan {word} usah", NameDirectory())[1]
    assert (lexeme.text, lexeme.raw) == ("tidak usah", f"{word} usah")
    assert lexeme.has("neg")


def test_drawn_out_word_is_read() -> None:
    """A word that is drawn out has its spelling as well; a name with three equal letters stays."""
    assert [canonical(word) for word in ("tidaaak", "gaaak", "wwwkasir")] == ["tidak", "tidak", "wwwkasir"]


def test_spelling_is_of_one_word() -> None:
    """No spelling has two words, and no word is a spelling of another."""
    assert not SPELLINGS.keys() & set(SPELLINGS.values())
