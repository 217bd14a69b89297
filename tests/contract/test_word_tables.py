"""Words of the planner are data of its lexicon: no other module of the planner has a table of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.planner.language.clauses.clause import kinds
from app.planner.language.lexicon.entry import ENTRIES
from app.planner.language.lexicon.roles import ROLES
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import COMMON, SPELLINGS, read_entries

ROOT = Path(__file__).resolve().parents[2]
PLANNER = ROOT / "app" / "planner"
MOST_WORDS = 2
KINDS = kinds(
    """
    word quote url www name time number id mark line bullet text crowd unsendable retry priority cert
    lasts fails within slow keep_for after email phone handle hash taken contact person markup scheme host
    ip date isodate clock dotted half until zone schedule to period job
    """
)
"""Kinds of tokens and items, and fields of jobs, some of which are words, too."""
CODE = frozenset(str(sense) for sense in Sense) | KINDS | {entry.value for entry in ENTRIES}
VOCABULARY = (
    COMMON
    | SPELLINGS.keys()
    | ROLES.keys()
    | {
        word
        for entry in ENTRIES
        for word, _language in entry.words
        if entry.sense != "filler" or len(word) > 1
    }
)
LEXEMES = re.compile(r"(?:self\._|context\.)?(?:lex|out|lexeme|lexemes)\b")
ALTERNATIVES = re.compile(r"[\w' ]+(?:\|[\w' ]+)+")


def is_word(text: str) -> bool:
    """True for a word or phrase of the vocabulary that names no sense, no kind and no value of a sense."""
    return text in VOCABULARY and text not in CODE and any(map(str.isalpha, text))


def tables(source: str) -> Iterator[int]:
    """Yield the lines of a module at which it has more than two words in one expression."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Set | ast.Tuple | ast.List):
            texts = [*map(text_of, node.elts)]
        elif isinstance(node, ast.Dict):
            texts = [*map(text_of, node.keys)]
        elif isinstance(node, ast.Call):
            texts = [*map(text_of, node.args)]
            if getattr(node.func, "id", "") in {"words", "phrases", "frozenset", "set"}:
                texts += [word for text in texts for word in re.split(r"[\s,]+", text)]
        else:
            texts = [part for found in ALTERNATIVES.findall(text_of(node)) for part in found.split("|")]
        if sum(map(is_word, texts)) > MOST_WORDS:
            yield getattr(node, "lineno", 0)


def text_of(node: ast.AST | None) -> str:
    """Return the text of a literal, and that of `"…".split()`; empty if it is neither."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        return text_of(node.func.value)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_modules_of_the_planner_have_no_word_tables() -> None:
    """Each word is in a data file of the lexicon; other modules name senses."""
    modules = [path for path in sorted(PLANNER.rglob("*.py")) if "lexicon" not in path.parts]
    assert len(modules) > 90
    found = [
        f"{path.relative_to(PLANNER)}:{line}" for path in modules for line in tables(path.read_text("utf-8"))
    ]
    assert found == []


def test_readers_ask_for_senses_that_there_are() -> None:
    """Each literal name that a lexeme is asked for is a sense or a role."""
    found = [
        f"{path.relative_to(PLANNER)}:{node.lineno} {text_of(name)}"
        for path in sorted((PLANNER / "language").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        for name in node.args
        if node.func.attr in {"has", "sense", "integer", "word", "after"} and text_of(name)
        if LEXEMES.match(ast.unparse(node.func.value))
        if text_of(name) not in CODE
    ]
    assert found == []


def test_no_module_compares_with_another_spelling() -> None:
    """A lexeme has its canonical spelling, so a comparison with any other one would never be true."""
    found = [
        f"{path.relative_to(PLANNER)}:{getattr(node, 'lineno', 0)} {text_of(node)}"
        for path in sorted((PLANNER / "language").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if text_of(node) in SPELLINGS
    ]
    assert [each for each in found if not each.endswith(" tgl")] == []


@pytest.mark.parametrize(
    "source",
    [
        '_WORDS = frozenset({"besok", "lusa", "kemarin"})',
        '_WORDS = ("besok", "lusa", "kemarin")',
        '_WORDS = words("besok lusa kemarin")',
        '_WORDS = set("besok lusa kemarin".split())',
        '_WORDS = {"besok": 1, "lusa": 2, "kemarin": -1}',
        '_WORDS = re.compile(r"\\b(?:besok|lusa|kemarin)\\b")',
        'lex.skip(pos, "besok", "lusa", "kemarin")',
    ],
)
def test_table_of_words_is_found(source: str) -> None:
    """Each form of a table is seen, so that none can pass."""
    assert [*tables(source)]


@pytest.mark.parametrize(
    "source",
    ['_KINDS = frozenset({"url", "name", "quote"})', 'lex.skip(pos, "the", "a")', '_SIGNS = {".", ",", "!"}'],
)
def test_kinds_and_signs_are_no_words(source: str) -> None:
    """Names of kinds and senses, marks, and one or two words are no table."""
    assert not [*tables(source)]


def test_role_is_listed_once() -> None:
    """A second list of a role would take the place of the first."""
    names = [row.split()[0] for row in read_entries("roles.txt")]
    assert sorted(names) == sorted(set(names))


def test_roles_and_senses_are_all_listed() -> None:
    """Each sense of the enumeration has words or is given by a token, and no role has the name of a sense."""
    roles = frozenset[Sense]().union(*ROLES.values())
    given = {"number", "hm", "bad_clock", "phone", "zone", "negative", "declared", "slot"}
    assert {str(sense) for sense in Sense} == {str(role) for role in roles} | {
        e.sense for e in ENTRIES
    } | given
    assert not roles & {entry.sense for entry in ENTRIES}
