"""The strength of a SECRET_KEY: whether it can hold 256 random bits."""

from __future__ import annotations

import math
import re

NEW_KEY_COMMAND = "multi-job secrets new-key"
MIN_BITS = 256
# A random key may contain a word or a sequence by chance; without it the rest still has this many bits.
_MIN_REST_BITS = 200
_MIN_SEQUENCE = 4
# Bits a character of written words: about 13 bits a word of the usual lists, with its separator.
_WORD_BITS = 2.0
_WORDS = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?:[ '_.,-]+(?:[A-Z]?[a-z]+|[A-Z]+))*")
# The least number of distinct characters. A random key of 256 bits has fewer with a chance below 1e-9.
_ALPHABETS = (
    (re.compile(r"[0-9]+"), math.log2(10), 6),
    (re.compile(r"[0-9a-f]+|[0-9A-F]+"), 4.0, 9),
    (re.compile(r"[a-z2-7]+=*|[A-Z2-7]+=*"), 5.0, 12),
    (re.compile(r"[a-z]+|[A-Z]+"), math.log2(26), 10),
)
_OTHER_BITS, _OTHER_DISTINCT = 6.0, 14
_COMMON = re.compile(
    "password|passwd|secret|change-?_?me|multi-?_?job|example|default|qwerty|asdfgh|letmein|welcome|"
    "admin|production|development|localhost|rahasia|sandi|kunci|indonesia|jakarta|test|deployment|"
    "private|security|token|master|platform|insecure|please|replace|this|your",
    re.IGNORECASE,
)


def weakness(secret: str) -> str | None:
    """Return why a key is too weak, in both languages; None if it can hold 256 random bits."""
    bits, least = _alphabet(secret)
    if len(secret) * bits < MIN_BITS:
        return (
            f"it has {len(secret)} characters, about {int(len(secret) * bits)} bits at most / "
            f"panjangnya {len(secret)} karakter, paling banyak {int(len(secret) * bits)} bit"
        )
    distinct = len(set(secret))
    if distinct < least:
        return f"it has only {distinct} different characters / hanya ada {distinct} karakter yang berbeda"
    if _repeats(secret):
        return "it repeats a pattern / isinya pola yang berulang"
    if _WORDS.fullmatch(secret) and len(secret) * _WORD_BITS < MIN_BITS:
        return "it is made of words / isinya rangkaian kata"
    if len(_without_sequences(_COMMON.sub("", secret))) * bits < _MIN_REST_BITS:
        return "it is made of common words or sequences / isinya kata umum atau urutan karakter"
    return None


def _alphabet(secret: str) -> tuple[float, int]:
    """Return the bits a character and the least number of distinct characters."""
    fits = ((bits, least) for pattern, bits, least in _ALPHABETS if pattern.fullmatch(secret))
    return next(fits, (_OTHER_BITS, _OTHER_DISTINCT))


def _repeats(secret: str) -> bool:
    """Return whether the whole text repeats its beginning, the last time perhaps in part."""
    return any(secret[period:] == secret[:-period] for period in range(1, len(secret) // 2 + 1))


def _without_sequences(secret: str) -> str:
    """Return the characters outside runs such as `aaaa`, `abcd` and `4321`."""
    kept, start = "", 0
    for end in range(1, len(secret) + 1):
        if end < len(secret) and _step(secret, end) in {-1, 0, 1} and _goes_on(secret, start, end):
            continue
        if end - start < _MIN_SEQUENCE:
            kept += secret[start:end]
        start = end
    return kept


def _goes_on(secret: str, start: int, end: int) -> bool:
    return end - start == 1 or _step(secret, end) == _step(secret, end - 1)


def _step(secret: str, at: int) -> int:
    return ord(secret[at]) - ord(secret[at - 1])
