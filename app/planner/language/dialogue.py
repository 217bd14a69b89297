"""Continues a sentence: puts an answer or a change into the prompt that it is about.

The rules then read the longer prompt as they read any other: "laporan jam 6" and "yang tadi jadiin jam 8 ya"
become "laporan jam 6, eh jam 8".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.planner.language.lexicon.roles import pattern, words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.tokens import fold, spell
from app.planner.models import Note, TextSpan

_REFERS: Final = pattern(r"{refers_back}\b[\s,:]*")
"""Words that refer to the plan before."""
_CHANGES: Final = pattern(
    r"(?:{change_lead}\b[\s,]*)*(?:{change_verb}(?: {change_object})?)\b(?:\s+{change_into}\b)?[\s,:]*"
)
"""Words that ask for a change and name none."""
_REASONS: Final = pattern(r"(?:{change_reason}\b[\s,:.]*)+")
"""Why a change is wanted; it says nothing itself."""
_CALLED_OFF: Final = pattern(r"\b{called_off}\b")
"""A change that takes something back is a part of the sentence, and no correction."""
_TEXT: Final = pattern(
    r"(?:yang tadi\s+)?(?:{text_change}\w*\s+)?(?:the )?{text_noun}\w*(?:\s+{text_into})*\s*[:=]\s*"
)
"""Asks for another text of the message: "ganti teksnya jadi: …"."""
_ALL: Final = {
    "semua": pattern(r"{all_of_choices_id}\W*{choice_particle}?\W*$"),
    "all": pattern(r"{all_of_choices_en}\W*{choice_particle}?\W*$"),
}
_REPAIR: Final = "eh"
_MARKS: Final = " \t\r\n.,;!?"
_LEADS: Final = " \t\r\n:\"'“‘"


def refers_back(answer: str) -> bool:
    """True if an answer asks for a change of the plan before: "yang tadi jadiin jam 8"."""
    text = spell(fold(answer)).text.lstrip()
    return _REFERS.match(text) is not None or _CHANGES.match(text) is not None


def answered(prompt: str, answer: str, question: Note) -> str:
    """Return a prompt with the answer to a question in the place of the words that the question is about.

    Without such words the answer comes first, since the end of a prompt may be the text of a message.
    """
    start, end = question.span or (0, 0)
    answer = _choice(answer, question.choices)
    for word, words_for_all in _ALL.items() if len(question.choices) > 1 else ():
        if words_for_all.match(spell(fold(answer)).text.strip()):
            return _joined(prompt[:start], word, prompt[start:])
    if question.lead:
        return f"{prompt[:start]}{question.lead}{answer.strip()}{prompt[end:]}"
    return _joined(prompt[:start], answer.strip(), prompt[end:])


def _choice(answer: str, choices: Sequence[str]) -> str:
    """Return the only choice that has all words of an answer: "yang Hartono"; else the answer."""
    said = _words(_REFERS.sub("", spell(fold(answer)).text.strip())) - words_of(Sense.CHOICE_ARTICLE)
    fits = [each for each in choices if said and said <= _words(spell(fold(each)).text)]
    return fits[0] if len(fits) == 1 else answer


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w@.-]+", text))


def new_text(answer: str) -> str:
    """Return the text that a change gives to the message; empty if it changes something else."""
    folded = spell(fold(answer))
    match = _TEXT.match(folded.text)
    if match is None or match.end() >= len(folded.text):
        return ""
    return answer[folded.starts[match.end()] :].strip()


def changed(prompt: str, answer: str, place: int) -> str:
    """Return a prompt with a change of it at a place of `place_of_changes`."""
    folded = spell(fold(answer))
    start = len(folded.text) - len(folded.text.lstrip())
    for words_before in (_REFERS, _REASONS, _CHANGES):
        match = words_before.match(folded.text, start)
        start = match.end() if match else start
    said = answer[folded.starts[start] :].strip() if start < len(folded.text) else ""
    if not said:
        return prompt
    first = re.match(r"\w+", spell(fold(said)).text)
    is_part = (first and first[0] in words_of(Sense.ADDS)) or _CALLED_OFF.search(spell(fold(said)).text)
    change = said if is_part else f"{_REPAIR} {said}"
    after = prompt[place:]
    end = "," if after.strip() and after.lstrip()[0].isalnum() else ""
    return _joined(f"{prompt[:place].rstrip(_MARKS)},", f"{change}{end}", after)


def place_of_changes(prompt: str, texts: Sequence[str], times: Sequence[TextSpan]) -> int:
    """Return the place at which a change is read: the end of the prompt, unless a message's text is there.

    A text is data to its end, so the change comes after the last time before it, or before its mark.
    """
    kept = prompt.rstrip(_MARKS)
    for text in texts:
        start = prompt.rfind(text)
        if start >= 0 and start + len(text) >= len(kept):
            before = [span.end for span in times if span.end <= start]
            return max(before) if before else len(prompt[:start].rstrip(_LEADS))
    return len(prompt)


def _joined(before: str, middle: str, after: str) -> str:
    head = " ".join(filter(None, (before.rstrip(), middle)))
    glued = after[:1] in {":", ",", ".", ";", "!", "?"}
    rest = after if glued else after.lstrip()
    return f"{head} {rest}" if rest and not glued else f"{head}{rest}"
