"""The commands of the documents, and whether an answer or an output is the one that is shown below them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from tests.support.documents.documents import Document

ADDRESS = "http://127.0.0.1:8000"
MORE = "…"
"""In an object, or at the end of a list or a text: there is more than the document shows."""

# Values that differ each time: ids, instants, slots in ids.
_PASSING = (
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b"), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)"), "<instant>"),
    (re.compile(r"@\d{13}\b"), "@<slot>"),
    (re.compile(r"^\d{13}-\d+$"), "<stream id>"),
)
# Measured values; only their type is checked.
_MEASURED = re.compile(r"(_ms|^seq|^rev|^pid)$")


@dataclass(frozen=True, slots=True)
class Example:
    """One command, and the JSON or the text that its document shows for it, if any."""

    words: tuple[str, ...]
    answer: Any = None
    output: str = ""
    document: str = ""

    @property
    def is_curl(self) -> bool:
        """Return whether the command calls the API; else it is one of the command line or a script."""
        return self.words[0] == "curl"

    @property
    def is_read(self) -> bool:
        """Return whether the command only reads, so that it may be repeated."""
        return self.is_curl and not {"-X", "-d", "--data", "--request"} & set(self.words)

    def curl(self, address: str, known: Mapping[str, str]) -> list[str]:
        """Return the words to run: silent, the status behind the answer, placeholders filled in."""
        filled = [_filled(word.replace(ADDRESS, address), known) for word in self.words[1:]]
        return ["curl", "--silent", "--max-time", "40", "--write-out", "\n%{http_code}", *filled]

    def command(self, known: Mapping[str, str]) -> list[str]:
        """Return the words of a command that is no `curl`, with its placeholders filled in."""
        return [_filled(word, known) for word in self.words]

    def __str__(self) -> str:
        return f"{self.document}: {shlex.join(self.words)}"


def examples(document: Document) -> list[Example]:
    """Return every command of a document in its order; the block below a command shows its answer."""
    found: list[Example] = []
    documents_next = False
    for block in document.blocks():
        if block.language == "bash":
            calls = [Example(words, document=document.name) for words in block.commands()]
            found += calls
            documents_next = bool(calls)
            continue
        if documents_next and block.language == "json":
            found[-1] = replace(found[-1], answer=json.loads(block.text))
        elif documents_next and block.language == "text":
            found[-1] = replace(found[-1], output=block.text)
        documents_next = False
    return found


def _filled(word: str, known: Mapping[str, str]) -> str:
    # The longest name first: KEY_ID holds KEY.
    for name in sorted(known, key=len, reverse=True):
        word = re.sub(rf"\b{name}\b", known[name], word)
    return word


def missing_lines(shown: str, printed: str) -> list[str]:
    """Return the lines that are shown and not printed in this order; a line `…` means any lines.

    Columns may be wider or narrower than shown: their width depends on process ids and times.
    """
    rest = iter(printed.splitlines())
    lines = [line for line in shown.splitlines() if line.strip() not in {"", MORE}]
    return [line for line in lines if not any(texts_agree(_plain(line), _plain(each)) for each in rest)]


def _plain(text: str) -> str:
    text = re.sub(r"\binc\d+", "<incident>", re.sub(r"\b\d\d:\d\d:\d\d\b", "<time>", text))
    text = re.sub(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d", "<date>", text)
    return re.sub(r"127\.0\.0\.1:\d+", "<address>", re.sub(r"(?<=\S) +", " ", text).rstrip())


def differences(shown: Any, answer: Any, at: str = "") -> list[str]:
    """Return the differences between an answer and the one that is shown: JSON pointers with a reason."""
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
    """Return whether two texts agree, apart from values that differ each time; `…` ends a shortened text."""
    if shown.endswith(MORE):
        return _lasting(text).startswith(_lasting(shown[: -len(MORE)].rstrip()))
    return _lasting(shown) == _lasting(text)


def _lasting(text: str) -> str:
    for pattern, name in _PASSING:
        text = pattern.sub(name, text)
    return text
