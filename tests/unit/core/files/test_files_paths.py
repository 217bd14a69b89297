"""Paths of the files tool: relative, plain, and the same name on every system; the rest is refused unseen."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import PathRefused
from app.core.files.paths import check_path, check_prefix
from tests.support.files.hostile_paths import HOSTILE_PATHS


def test_path_corpus_has_no_repeats_and_is_large() -> None:
    """What is counted is different paths."""
    assert len(set(HOSTILE_PATHS)) == len(HOSTILE_PATHS) > 80


@pytest.mark.parametrize("path", HOSTILE_PATHS, ids=ascii)
def test_path_that_is_hostile_is_refused(path: str) -> None:
    """On every system alike, before any system sees it; the message prints it harmlessly."""
    with pytest.raises(PathRefused) as refusal:
        check_path(path)
    assert refusal.value.message.isprintable()
    assert len(refusal.value.message) < 600


@pytest.mark.parametrize("path", [None, 5, b"a", ["a"], {"a": 1}])
def test_path_that_is_no_text_is_refused(path: Any) -> None:
    """Values of another type come from JSON, too."""
    with pytest.raises(PathRefused):
        check_path(path)
    with pytest.raises(PathRefused):
        check_prefix(path)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a", ("a",)),
        ("exports/2026-11-24.json.gz", ("exports", "2026-11-24.json.gz")),
        (".hidden", (".hidden",)),
        ("a b/c d.txt", ("a b", "c d.txt")),
        ("laporan/harian_é.md", ("laporan", "harian_é.md")),
        ("報告/十一月.md", ("報告", "十一月.md")),
        ("-rf", ("-rf",)),
        ("~", ("~",)),
        ("$HOME/`id`;{}&", ("$HOME", "`id`;{}&")),
        ("%2e%2e/a", ("%2e%2e", "a")),
        ("console.log", ("console.log",)),
        ("com10", ("com10",)),
        ("x" * 255, ("x" * 255,)),
        ("a/" * 15 + "a", ("a",) * 16),
    ],
)
def test_path_that_is_plain_is_taken(path: str, names: tuple[str, ...]) -> None:
    """Nothing is expanded or decoded: a path is its names."""
    assert check_path(path) == names


@pytest.mark.parametrize("prefix", ["", "exports", "exports/", "exports/2026"])
def test_prefix_may_be_empty_or_end_in_a_slash(prefix: str) -> None:
    """It is the beginning of a path, not a path."""
    assert check_prefix(prefix) == prefix


@pytest.mark.parametrize("prefix", ["/", "..", "../", "a//", "/etc", "a:b", "x" * 300])
def test_prefix_that_is_hostile_is_refused(prefix: str) -> None:
    """The same rules hold for the part before the slash."""
    with pytest.raises(PathRefused):
        check_prefix(prefix)
