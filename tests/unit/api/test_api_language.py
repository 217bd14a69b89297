"""Which language a caller reads."""

from __future__ import annotations

import pytest

from app.services.api.http.negotiation import preferred_language


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("id", "id"),
        ("ID-id", "id"),
        ("in-ID", "id"),
        ("en-US,en;q=0.9,id;q=0.8", "en"),
        ("id;q=0.8,en;q=0.5", "id"),
        ("id;q=0.5, en;q=0.8", "en"),
        ("fr, id;q=0.1", "id"),
        ("fr;q=1.0, *;q=0.5", "en"),
        ("id;q=0", "en"),
        ("id;q=0, *", "en"),
        ("en;q=0.5,id;q=0.5", "en"),
        ("id,en", "id"),
        ("idx", "en"),
        ("id;q=2", "en"),
        ("id;;q=1, en", "en"),
        ("garbage;;;,,,=", "en"),
        ("id ; q=0.4", "id"),
    ],
)
def test_language_is_the_one_preferred(accept: str | None, language: str) -> None:
    """The highest quality wins, the first of equals; whatever cannot be read counts for nothing."""
    assert preferred_language(accept) == language
