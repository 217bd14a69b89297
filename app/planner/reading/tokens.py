"""Tokens: the pieces of a prompt, each with its place in it.

Quoted text, addresses, ids and numbers are recognised first, as wholes; nothing looks inside them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.planner.lexicon.entry import Value
from app.planner.lexicon.lookup import senses_of
from app.planner.reading.atoms import ATOMS, url_end
from app.planner.reading.normalise import Folded, fold
from app.planner.reading.runs import Part, split_run
from app.planner.zones import zone_of

_SHORTENED: Final = frozenset({"tgl", "pkl", "pk", "no"})
"""Short forms whose full stop ends no sentence: "pkl. 07.00"."""
_ADDRESSING: Final = frozenset({"site", "watch"})


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a prompt: `text` is folded, `raw` as typed, `start` and `end` count code points.

    Kinds: word, number, clock, date, quote, url, scheme, email, handle, phone, id, zone, mark, line, bullet;
    `scheme` is an address that no monitor can call.
    """

    kind: str
    text: str
    raw: str
    start: int
    end: int
    value: Value | None = None


def tokenize(prompt: str) -> list[Token]:
    """Return the tokens of a prompt in order; what is between them is space."""
    folded = fold(prompt)
    tokens: list[Token] = []
    for kind, start, end in _atoms(folded.text):
        if tokens and tokens[-1].text in _SHORTENED and folded.text[start:end] == ".":
            continue
        parts = [Part(kind, start, end)]
        if kind == "run":
            parts = split_run(folded.text, start, end, after_account=_names_follow(tokens))
        elif kind in {"host", "ip"}:
            parts = [Part("www" if _address_follows(tokens) else "id", start, end)]
        tokens.extend(_token(prompt, folded, part) for part in parts)
    return tokens


def _atoms(text: str) -> Iterator[tuple[str, int, int]]:
    at = 0
    while (match := ATOMS.search(text, at)) is not None:
        kind = match.lastgroup or "mark"
        start, at = match.span()
        if kind in {"url", "www", "host", "ip", "scheme"}:
            at = url_end(text, start, at)
        elif kind == "bullet" and text.count("(", 0, start) > text.count(")", 0, start):
            kind, at = "run", at - 1  # the 5 of "(simpan 5)"
        elif kind == "zone" and zone_of(text[start:at]) is None:
            # `telegram/whatsapp` looks like a zone: read its first word alone, the rest comes next.
            kind, at = "run", _first_word_end(text, start, at)
        yield kind, start, at


def _first_word_end(text: str, start: int, end: int) -> int:
    return next(
        at for at in range(start + 1, end + 1) if at == end or not (text[at].isalpha() or text[at] == "_")
    )


def _address_follows(tokens: list[Token]) -> bool:
    """True where a host without `https://` is a page's address: "cek toko.example", "situs toko.example"."""
    near = [token for token in tokens[-3:] if token.text not in {",", "dan", "and"}]
    before = near[-1] if near else None
    if before is None or before.kind in {"url", "www"}:
        return True
    return not _ADDRESSING.isdisjoint(senses_of(before.text))


def _names_follow(tokens: list[Token]) -> bool:
    """True right after the word account, or a channel that follows it: then a name stays whole."""
    words = [senses_of(token.text) for token in tokens[-2:]]
    if words and "channel" in words[-1]:
        words.pop()
    return bool(words) and "account" in words[-1]


def _token(prompt: str, folded: Folded, part: Part) -> Token:
    start, end = folded.starts[part.start], folded.ends[part.end - 1]
    raw, text, value = prompt[start:end], folded.text[part.start : part.end], part.value
    if part.kind == "quote":
        raw, text = raw[1:-1].strip(), '"'
    return Token(part.kind, text, raw, start, end, value)
