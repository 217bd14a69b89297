"""Masking of secrets in server answers."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from app.core.tools.http.secrets import Echoes

SECRET = "canary/of a+secret&that's=echoed ké"
FORMS = {
    "plain": SECRET,
    "upper case": SECRET.upper(),
    "quoted": quote(SECRET),
    "quoted whole": quote(SECRET, safe=""),
    "form": quote_plus(SECRET),
    "lower case quoting": quote(SECRET, safe="").lower(),
    "json": json.dumps(SECRET),
    "json of PHP": json.dumps(SECRET).replace("/", "\\/"),
    "html": html.escape(SECRET),
    "repr": repr(SECRET),
    "hex": SECRET.encode().hex(),
}


@pytest.mark.parametrize("form", FORMS)
def test_echo_is_masked_in_each_form(form: str) -> None:
    """Nothing of the secret stays, and all around it does."""
    masked = Echoes([SECRET]).mask(f"before {FORMS[form]} behind")
    assert (masked[:10], masked[-10:]) == ("before ***", "*** behind") or "***" in masked
    assert "canary" not in masked.lower()
    assert SECRET.encode().hex()[:8] not in masked


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "user:", "some-user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_echo_is_masked_within_base64(user: str, encode: Callable[[bytes], bytes]) -> None:
    """Basic auth puts a name in front: for each alignment at most a few characters of an end stay."""
    text = encode(f"{user}{SECRET}@".encode()).decode()
    masked = Echoes([SECRET]).mask(f"Basic {text}")
    assert "***" in masked
    kept = masked.removeprefix("Basic ").replace("***", "")
    assert len(kept) <= len(base64.b64encode(user.encode())) + 8


def test_echo_cut_at_the_end_is_masked() -> None:
    """The first part of a secret at the end of a cut text is as good as a probe for it."""
    echoes = Echoes([SECRET])
    for size in range(1, len(SECRET)):
        assert echoes.mask_cut(f"x: {SECRET[:size]}") == "x: ***"
    assert echoes.mask_cut("nothing of it") == "nothing of it"
    assert Echoes([]).mask_cut("abc") == "abc"


def test_echo_leaves_other_text() -> None:
    """What holds no secret is the same text."""
    text = "the quick brown fox " * 100
    assert Echoes([SECRET, "1234"]).mask(text) == text
