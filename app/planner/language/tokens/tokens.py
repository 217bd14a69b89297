"""Tokens: the pieces of a prompt, each with its place in it.

Quoted text, addresses, ids and numbers are recognised first, as wholes; nothing looks inside them again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import any_of, words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import canonical
from app.planner.language.tokens.runs import Part, split_run
from app.planner.language.zones import zone_of

# The patterns that are matched before any word: quotes, addresses, dates, clock times, numbers.

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_TLD: Final = any_of(Sense.DOMAIN_END)
_PATH: Final = r"(?::\d+)?(?:/[^\s<>\"',]*)?"
_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_NO_MORE_DIGITS: Final = r"(?![\d_])(?![.:]\d)"
_INNER: Final = r"(?:[^'\n]|(?<=\w)'(?=\w))"
"""Inside single quotes an apostrophe between letters does not close the quote."""
_HM: Final = r"(?<![\w.:,])\d{1,2}[:.]\d{2}"
_IANA_PART: Final = r"[a-z]+(?:[_-][a-z]+)*"

_SHAPES: Final = (
    ("url", r"https?://(?:(?!,https?:)[^\s<>\"'])+"),
    ("scheme", r"(?<!\w)[a-z][a-z0-9+.-]{1,20}://[^\s<>\"']+"),
    ("www", rf"www\.{_LABEL}(?:\.{_LABEL})+{_PATH}"),
    # Possessive: an opening quote without an end must not cost quadratic time.
    ("quote", rf"“\s*+[^”“\s][^”“]*+[”“]|\"\s*+[^\"\s][^\"]*+\"|(?<!\w)'[^\S\n]*+[^'\s]{_INNER}*+'(?!\w)"),
    ("markup", r"<script[^<>]*+>[^<]*+</script>|</?[a-z][a-z0-9]*+>"),
    ("email", r"[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    ("handle", r"(?<!\w)@[a-z0-9_](?:[\w.-]*\w)?"),
    ("hash", r"(?<![\w#])\#[a-z_][\w-]*"),
    ("ip", rf"(?<![\w.@-]){_OCTET}(?:\.{_OCTET}){{3}}(?![\w@-])(?!\.\w){_PATH}"),
    ("host", rf"(?<![\w.@-]){_LABEL}(?:\.{_LABEL})*\.{_TLD}(?![\w@-])(?!\.\w){_PATH}"),
    ("bullet", r"^[ ]*(?:\d{1,2}[.)]|[a-z][.)]|[-*•·])(?=\s)|(?<!\S)\(?\d{1,2}\)(?=\s)"),
    ("isodate", r"(?<![\w-])\d{4}-\d{1,2}-\d{1,2}(?![\w-])"),
    (
        "date",
        (
            r"(?<![\w./-])\d{1,2}(?P<dash>[/.-])\d{1,2}(?P=dash)\d{4}(?![\w/-])"
            r"|(?<![\w./-])\d{1,2}/\d{1,2}/\d{2}(?![\w/-])"
        ),
    ),
    ("phone", r"\+\d[\d() -]{7,18}\d(?![\w-])|(?<![\w+-])0\d{2,3}[ -]\d{3,4}[ -]\d{3,5}(?![\w-])"),
    # A clock time may touch its zone or "pm", but no name: `07.30`, `7.30pm`, not the front of `10.0.0.8`.
    (
        "clock",
        (
            rf"{_HM}(?:[:.]\d{{2}}(?!\d))?{_NO_MORE_DIGITS}(?![-+@]*[a-z_][\w@]*\d)(?![a-z])(?!\.[a-z])"
            rf"|{_HM}(?={any_of(Sense.SHORT_ZONE)}\b)"
        ),
    ),
    (
        "thousands",
        (
            rf"(?<![\w.,:])-?\d{{1,3}}(?:\.\d{{3}})+{_NO_MORE_DIGITS}(?![a-z])"
            rf"|(?<![\w.,:])-?\d{{1,3}}(?:,\d{{3}})+{_NO_MORE_DIGITS}(?![a-z])"
        ),
    ),
    ("decimal", r"(?<![\w.,:/-])-?\d+[.,]\d{1,2}(?!\d)(?![.,:]\d)(?=[a-z]{1,6}\b|\s|$|[.,;!?])"),
    ("negative", r"(?<![\w)-])-\d+(?![\w-])"),
    ("until", r"(?<!\w)s(?:/|\.[ ]?)d\b\.?"),
    (
        "zone",
        (
            rf"(?<![\w/])(?:{_IANA_PART}/{_IANA_PART}(?:/{_IANA_PART})?"
            r"|(?:utc|gmt)[ ]?[+-]\d{1,2}(?::?00)?)(?![\w/])"
        ),
    ),
    (
        "dotted",
        r"(?<![\w.])(?:24/7(?!\d)|o'clock|[ap]\.m\.?|d\.c\.|w\.a\.?(?!\w)|no\.(?=[ ]?\+?\d)|tgl\.(?=[ ]?\d))",
    ),
    ("half", r"1/2|½"),
    ("run", r"\w+(?:(?:[._+@'-]|--)\w+)*"),
    ("line", r"\n"),
    ("mark", r"[^\s\w]"),
)
"""Kinds of atoms, the most specific pattern first."""

ATOMS: Final = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in _SHAPES), re.MULTILINE)
_PLAIN_WORD: Final = re.compile(r"[ ]*((?!utc|gmt)[a-z]+)(?=[\s,]|\Z)")
"""A word that no shape before `run` can have a part of: it needs no look at all of them."""

_NO_LETTER: Final = re.compile(r"[\W\d]")
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}


def _url_end(text: str, start: int, end: int) -> int:
    """Return the end of a URL, without the punctuation of the sentence around it."""
    while end > start:
        last = text[end - 1]
        opening = _CLOSING.get(last)
        unopened = opening is not None and text.count(last, start, end) > text.count(opening, start, end)
        if last not in ".,;:!?…" and not unopened:
            break
        end -= 1
    return end


# Folding: the prompt in lower case and plain signs, with a mapping back to the typed text.

_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("‟″〝〞＂", '"'),
        **dict.fromkeys("„«", "“"),
        "»": "”",
        **dict.fromkeys("‘’‚‛‹›`´′＇ʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("，、", ","),
        **dict.fromkeys("\r\t\u00a0\u3000\u202f", " "),
        "\u2028": "\n",
        "\u2029": "\n",
        "。": ".",
        "；": ";",
        "：": ":",
    }
)


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded text: `text[i]` is the code points `starts[i]` to `ends[i]` of the prompt."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


_SPELT: Final = re.compile(r"[\w']+")


def spell(folded: FoldedText) -> FoldedText:
    """Return a folded text with each word in its canonical spelling; each has the place of the typed word."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _SPELT.finditer(folded.text):
        word = canonical(match[0])
        if word == match[0]:
            continue
        first, last = match.span()
        parts += folded.text[done:first], word
        starts += [*folded.starts[done:first], *[folded.starts[first]] * len(word)]
        ends += [*folded.ends[done:first], *[folded.ends[last - 1]] * len(word)]
        done = last
    if not parts:
        return folded
    return FoldedText(
        "".join(parts) + folded.text[done:], [*starts, *folded.starts[done:]], [*ends, *folded.ends[done:]]
    )


def fold(prompt: str) -> FoldedText:
    """Return a prompt in lower case, without accents, invisible characters and typographic signs."""
    plain = prompt.translate(_SIGNS)
    if plain.isascii():
        return FoldedText(plain.lower(), range(len(plain)), range(1, len(plain) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(plain):
        folded = _folded(character)
        if not folded and ends:
            ends[-1] = index + 1
        letters += folded
        starts += [index] * len(folded)
        ends += [index + 1] * len(folded)
    return FoldedText("".join(letters), starts, ends)


def normalized(prompt: str) -> str:
    """Return a prompt in folded form with single spaces."""
    return " ".join(fold(prompt).text.split())


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    forms = unicodedata.normalize("NFKD", character).translate(_SIGNS).lower()
    return "".join(each for each in forms if unicodedata.category(each) not in {"Mn", "Cf", "Cs"})


_SHORTENED: Final = words_of(Sense.SHORTENED) | {"tgl"}
"""Abbreviations whose full stop does not end a sentence: "pkl. 07.00"."""
_ADDRESSING: Final = frozenset({"site", "watch"})


class Token(NamedTuple):
    """A piece of a prompt: `text` is folded, `raw` as typed, `start` and `end` count code points.

    Kinds: word, number, clock, date, quote, url, scheme, email, handle, phone, id, zone, mark, line, bullet;
    `scheme` is an address that no monitor can call.
    """

    kind: str
    text: str
    raw: str
    start: int
    end: int


def tokenize(prompt: str) -> list[Token]:
    """Return the tokens of a prompt in order; only space lies between them."""
    folded = fold(prompt)
    starts, ends = folded.starts, folded.ends
    tokens: list[Token] = []
    pos = 0
    while True:
        while (word := _PLAIN_WORD.match(folded.text, pos)) is not None:
            first, pos = word.span(1)
            start, end = starts[first], ends[pos - 1]
            tokens.append(Token("word", word[1], prompt[start:end], start, end))
        atom = _atom(folded.text, pos)
        if atom is None:
            return tokens
        kind, start, pos = atom
        end = pos
        if tokens and tokens[-1].text in _SHORTENED and folded.text[start:end] == ".":
            continue
        parts = [(kind, start, end)]
        if kind == "run" and folded.text[start:end].isalpha():
            parts = [("word", start, end)]
        elif kind == "run":
            parts = split_run(folded.text, start, end, after_account=_names_follow(tokens))
        elif kind in {"host", "ip"}:
            parts = [("www" if _address_follows(tokens) else "id", start, end)]
        tokens += (_token(prompt, folded, part) for part in parts)


def _token(prompt: str, folded: FoldedText, part: Part) -> Token:
    kind, first, last = part
    start, end = folded.starts[first], folded.ends[last - 1]
    raw, text = prompt[start:end], folded.text[first:last]
    if kind == "quote":
        raw, text = raw[1:-1].strip(), '"'
    elif kind == "owner":  # "Kartika's", which is a name, and all of it has a place
        kind, raw, text = "word", raw[:-2], text[:-2]
    return Token(kind, text, raw, start, end)


def _atom(text: str, pos: int) -> Part | None:
    """Return the next atom; None at the end of the text."""
    match = ATOMS.search(text, pos)
    if match is None:
        return None
    kind = match.lastgroup or "mark"
    start, end = match.span()
    if kind in {"url", "www", "host", "ip", "scheme"}:
        return kind, start, _url_end(text, start, end)
    if kind == "bullet" and text[end - 1] in ".)" and text.count("(", 0, start) > text.count(")", 0, start):
        return "run", start, end - 1  # the 5 of "(simpan 5)"
    if kind == "zone" and zone_of(text[start:end]) is None:
        # `telegram/whatsapp` looks like a zone: read its first word alone, the rest comes next.
        return "run", start, start + 1 + len(_NO_LETTER.split(text[start + 1 : end], maxsplit=1)[0])
    return kind, start, end


def _address_follows(tokens: list[Token]) -> bool:
    """True if a host without `https://` is a page's address: "cek toko.example", "situs toko.example"."""
    near = [token for token in tokens[-3:] if token.text not in words_of(Sense.LIST_MARK)]
    before = near[-1] if near else None
    if before is None or before.kind in {"url", "www"}:
        return True
    return not _ADDRESSING.isdisjoint(senses_of(before.text))


def _names_follow(tokens: list[Token]) -> bool:
    """True directly after the word account, or after a channel that follows it: then a name stays whole."""
    words = [senses_of(token.text) for token in tokens[-2:]]
    if words and "channel" in words[-1]:
        words.pop()
    return bool(words) and "account" in words[-1]
