"""Continues a sentence: puts an answer or a change into the prompt that it is about.

The rules then read the longer prompt as they read any other: "laporan jam 6" and "yang tadi jadiin jam 8 ya"
become "laporan jam 6, eh jam 8".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.planner.language.clauses.texts import mark_texts
from app.planner.language.lexicon.entry import words
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.tokens import fold, tokenize

if TYPE_CHECKING:
    from app.planner.models import PromptSpan

_REFERS: Final = re.compile(
    r"(?:(?:yang|yg) (?:tadi|td|itu|barusan)|(?:the )?(?:last|previous) (?:one|plan)|(?:itu|tadi)\b)[\s,:]*"
)
"""Words that refer to the plan before."""
_CHANGES: Final = re.compile(
    r"(?:(?:tolong|coba|please|ok|oke|eh|ralat|maksudnya|no|nope|actually)\b[\s,]*)*"
    r"(?:(?:jadiin|jadikan|jadi|diganti|ganti|gantiin|diubah|ubah|ubahin|pindahin|pindah|make|change|move|set)"
    r"(?: (?:it|that|them|aja|saja))?)\b"
    r"(?:\s+(?:jadi|menjadi|ke|to|into)\b)?[\s,:]*"
)
"""Words that ask for a change and name none."""
_ADDS: Final = words("tambah tambahin tambahkan sekalian dan juga plus kecuali also and except add tapi but")
_REPAIR: Final = "eh"
_MARKS: Final = " \t\r\n.,;!?"


def refers_back(answer: str) -> bool:
    """True if an answer asks for a change of the plan before: "yang tadi jadiin jam 8"."""
    text = fold(answer).text.lstrip()
    return _REFERS.match(text) is not None or _CHANGES.match(text) is not None


def answered(prompt: str, answer: str, span: PromptSpan | None) -> str:
    """Return a prompt with the answer to a question in the place of the words that the question is about.

    Without such words the answer comes first, since the end of a prompt may be the text of a message.
    """
    start, end = (0, 0) if span is None else span
    return _joined(prompt[:start], answer.strip(), prompt[end:])


def changed(prompt: str, answer: str) -> str:
    """Return a prompt with a change of it, before the text of a message if the prompt ends in one."""
    folded = fold(answer)
    start = len(folded.text) - len(folded.text.lstrip())
    for words_before in (_REFERS, _CHANGES):
        match = words_before.match(folded.text, start)
        start = match.end() if match else start
    said = answer[folded.starts[start] :].strip() if start < len(folded.text) else ""
    if not said:
        return prompt
    first = re.match(r"\w+", fold(said).text)
    change = said if first and first[0] in _ADDS else f"{_REPAIR} {said}"
    place = _end_of_command(prompt)
    return _joined(f"{prompt[:place].rstrip(_MARKS)},", change, prompt[place:])


def _end_of_command(prompt: str) -> int:
    """Return the index of the mark before a message's text at the end of a prompt, else the end."""
    lexemes = mark_texts(prompt, lexemes_of(prompt, tokenize(prompt)))
    spoken = [pos for pos, each in enumerate(lexemes) if each.kind != "mark" or each.text == ":"]
    if not spoken or lexemes[spoken[-1]].kind != "text":
        return len(prompt)
    before = spoken[-1] - 1
    return lexemes[max(before, 0)].start


def _joined(before: str, middle: str, after: str) -> str:
    glued = after[:1] in {":", ",", ".", ";", "!", "?"}
    parts = (before.rstrip(), middle, after if glued else after.lstrip())
    first, second, third = parts
    head = f"{first} {second}" if first else second
    return f"{head}{third}" if glued or not third else f"{head} {third}"
