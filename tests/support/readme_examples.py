"""The README's `curl` examples, and whether an answer is what stands below them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

from tests.support.readme import README

ADDRESS = "http://127.0.0.1:8000"
MORE = "…"
"""As a member of an object, or the end of a list or a text: there is more than what is shown."""

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What is another each time: ids, instants, slots in ids.
_PASSING = (
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b"), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)"), "<instant>"),
    (re.compile(r"@\d{13}\b"), "@<slot>"),
    (re.compile(r"^\d{13}-\d+$"), "<stream id>"),
)
# Figures of this very moment; their type is checked.
_MEASURED = re.compile(r"(_ms|^seq|^rev|^pid)$")


@dataclass(frozen=True, slots=True)
class Example:
    """One command, and the JSON that the README shows for it, if any."""

    words: tuple[str, ...]
    answer: Any

    @property
    def is_read(self) -> bool:
        """Tell whether the command only looks, so that it may be asked again."""
        return not {"-X", "-d", "--data", "--request"} & set(self.words)

    def command(self, address: str, known: Mapping[str, str]) -> list[str]:
        """Return the words to run: silent, the status behind the answer, placeholders filled in."""
        filled = [_filled(word.replace(ADDRESS, address), known) for word in self.words[1:]]
        return ["curl", "--silent", "--max-time", "40", "--write-out", "\n%{http_code}", *filled]

    def __str__(self) -> str:
        return shlex.join(self.words)


def examples() -> list[Example]:
    """Return every `curl` of the README in its order; a JSON block documents the command before it."""
    found: list[Example] = []
    documents_next = False
    for language, text in _BLOCK.findall(README.read_text("utf-8")):
        if language == "bash":
            calls = [Example(words, None) for words in _curls(text)]
            found += calls
            documents_next = bool(calls)
        elif language == "json" and documents_next:
            found[-1] = Example(found[-1].words, json.loads(text))
            documents_next = False
        else:
            documents_next = False
    return found


def _curls(block: str) -> Iterator[tuple[str, ...]]:
    words = shlex.split(block.replace("\\\n", " "), comments=True)
    starts = [index for index, word in enumerate(words) if word == "curl"]
    for start, end in pairwise([*starts, len(words)]):
        yield tuple(words[start:end])


def _filled(word: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        word = word.replace(name, value)
    return word


def differences(shown: Any, answer: Any, at: str = "") -> list[str]:
    """Return where an answer is not what is shown, as JSON pointers with a reason."""
    if shown == MORE:
        return []
    if isinstance(shown, dict) and isinstance(answer, dict):
        return _of_objects(cast("dict[str, Any]", shown), cast("dict[str, Any]", answer), at)
    if isinstance(shown, list) and isinstance(answer, list):
        return _of_lists(cast("list[Any]", shown), cast("list[Any]", answer), at)
    if isinstance(shown, str) and isinstance(answer, str):
        same = texts_agree(shown, answer)
    elif _MEASURED.search(at):
        same = isinstance(answer, int | float) and not isinstance(answer, bool)
    else:
        same = json.dumps(shown) == json.dumps(answer)
    return [] if same else [f"{at}: {answer!r} in place of {shown!r}"]


def _of_objects(shown: dict[str, Any], answer: dict[str, Any], at: str) -> list[str]:
    names = shown.keys() - {MORE}
    found = [f"{at}/{name}: missing" for name in sorted(names - answer.keys())]
    if MORE not in shown:
        found += [f"{at}/{name}: not shown" for name in sorted(answer.keys() - names)]
    for name, value in shown.items():
        if name in answer:
            found += differences(value, answer[name], f"{at}/{name}")
    return found


def _of_lists(shown: list[Any], answer: list[Any], at: str) -> list[str]:
    open_end = bool(shown) and shown[-1] == MORE
    wanted = shown[:-1] if open_end else shown
    if len(answer) < len(wanted) or (len(answer) > len(wanted) and not open_end):
        return [f"{at}: {len(answer)} items in place of {len(wanted)}{' or more' * open_end}"]
    pairs = enumerate(zip(wanted, answer, strict=False))
    return [text for index, (one, other) in pairs for text in differences(one, other, f"{at}/{index}")]


def texts_agree(shown: str, text: str) -> bool:
    """Tell whether a text is what is shown, but for what is another each time; `…` ends a shortened one."""
    if shown.endswith(MORE):
        return _lasting(text).startswith(_lasting(shown[: -len(MORE)].rstrip()))
    return _lasting(shown) == _lasting(text)


def _lasting(text: str) -> str:
    for pattern, name in _PASSING:
        text = pattern.sub(name, text)
    return text
