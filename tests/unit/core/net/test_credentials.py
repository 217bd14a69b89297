"""Reading the key of a request and of a person."""

from __future__ import annotations

import pytest

from app.core.net.credentials import RefusedCredential, read_credential, typed_key
from tests.support.api.credential_table import Row, request_rows, typed_rows

ROWS = request_rows()


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_credential_is_read_as_the_table_says(row: Row) -> None:
    """One key, none at all, or a refusal with its reason; nothing unreadable counts as no key."""
    found = read_credential(row.collected())
    if row.reads == "refused":
        assert isinstance(found, RefusedCredential)
        assert found.reason.endswith(".")
    else:
        assert found == (None if row.reads == "none" else row.reads)


@pytest.mark.parametrize(("name", "text", "reads"), typed_rows())
def test_typed_key_is_read_as_the_table_says(name: str, text: str, reads: str | None) -> None:
    """Blanks around a key are removed, and all else is no key."""
    assert typed_key(text) == reads, name


def test_reason_never_shows_what_was_sent() -> None:
    """A refused header may hold a key: its text is in no answer and no log."""
    for row in ROWS:
        found = read_credential(row.collected())
        if isinstance(found, RefusedCredential):
            sent = [value.strip() for _name, value in row.headers if len(value.strip()) > len(b"Bearer ")]
            assert not any(value.decode("latin-1") in found.reason for value in sent)
