"""The parts of a case's sentence: words that may be exchanged, text that must stay, times, wishes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import orjson

from app.planner.language.tokens.tokens import Token, tokenize
from tests.support.planner.variants.facts import PlanFacts, facts_of
from tests.support.planner.variants.phrases import phrases_of

if TYPE_CHECKING:
    from app.planner.models import Plan

Case = Mapping[str, Any]
Planning = Callable[[str], "Plan"]
Place = tuple[int, int]
"""Start and end in the sentence."""

ENGLISH_VERB = re.compile(
    r"(?:monitor|watch|check|send|back up|export|remind|keep|ping|run|move|change|delete|make|pause|stop"
    r"|set up)\b",
    re.IGNORECASE,
)
"""The start of a request in English."""
_FREE_KINDS = frozenset(
    {"word", "number", "clock", "mark", "half", "until", "dotted", "line", "bullet", "ordinal_end"}
)
_TEXT_FOLLOWS = re.compile(r":\s|\b(?:bilang|isinya|saying|that says)\b|\bthat\b", re.IGNORECASE)
_OPERATORS = re.compile(
    r"\b(?:jangan|jgn|gak|ga|gk|nggak|ngga|enggak|engga|ndak|tidak|tdk|tak|bukan|kecuali|selain|tanpa|batal|"
    r"eh|maksud\w*|salah|sor[ir]y?|sorry|maaf|ralat|tapi|libur|off|skip|not|no|don't|dont|never|without|"
    r"except|unless|but|scratch|actually|rather|second thought|instead|mean|stop\w*|hentikan|berhenti|until"
    r"|mulai)\b",
    re.IGNORECASE,
)
_CONDITIONS = re.compile(
    r"\b(?:kalau|kalo|klo|jika|bila|if|when|whenever|otherwise|habis|setelah|after|then|retry|begitu)\b"
    r"|mati\?",
    re.IGNORECASE,
)
_PLEA = re.compile(r"\b(?:tolong|tlg|mohon|please|plz|kindly|can|could|hey|hai|halo)\b", re.IGNORECASE)
_QUESTION = re.compile(r"\?|\b(?:how|why|did|kok|kenapa|apakah|berapa)\b", re.IGNORECASE)


@dataclass
class Sentence:
    """A sentence with its plan. All places are places of its prompt."""

    case: Case
    plan_of: Planning
    prompt: str = ""
    _facts: dict[str, PlanFacts] = field(default_factory=dict[str, PlanFacts])

    def __post_init__(self) -> None:
        self.prompt = self.prompt or self.case["prompt"]

    @cached_property
    def plan(self) -> Plan:
        """Return the plan of the sentence as it is."""
        return self.plan_of(self.prompt)

    @property
    def facts(self) -> PlanFacts:
        """Return the facts of the sentence as it is."""
        return self.facts_of(self.prompt)

    def facts_of(self, prompt: str) -> PlanFacts:
        """Return the facts of another sentence in the same circumstances."""
        if prompt not in self._facts:
            plan = self.plan if prompt == self.prompt else self.plan_of(prompt)
            self._facts[prompt] = facts_of(plan, self.case["timezone"])
        return self._facts[prompt]

    @cached_property
    def tokens(self) -> list[Token]:
        """Return the tokens of the prompt."""
        return tokenize(self.prompt)

    @cached_property
    def protected(self) -> list[Place]:
        """Return the places that no variant changes: texts, names, addresses."""
        places = [(token.start, token.end) for token in self.tokens if token.kind not in _FREE_KINDS]
        low = self.prompt.lower()
        for value in _texts(self.plan):
            start = low.find(value.lower())
            while start >= 0 and value:
                places.append((start, start + len(value)))
                start = low.find(value.lower(), start + 1)
        led = _TEXT_FOLLOWS.search(self.prompt)
        if led is not None:
            places.append((led.start(), len(self.prompt)))
        return sorted(places)

    @cached_property
    def has_hidden_text(self) -> bool:
        """True if the text of a planned message has no place in the prompt: nothing is known about it."""
        texts = [job.spec.inputs.get("text") for job in self.plan.jobs if job.spec.type == "message.send"]
        return any(text and str(text).lower() not in self.prompt.lower() for text in texts)

    def is_free(self, start: int, end: int) -> bool:
        """True if no protected place touches this one."""
        return all(end <= first or last <= start for first, last in self.protected)

    @cached_property
    def ends_with_text(self) -> bool:
        """True if words behind the end would belong to a message."""
        end = len(self.prompt.rstrip())
        quoted = any(token.kind == "quote" and token.end == end for token in self.tokens)
        return not quoted and any(last >= end and _is_text(self, first) for first, last in self.protected)

    @cached_property
    def words(self) -> list[Token]:
        """Return the free words."""
        return [t for t in self.tokens if t.kind == "word" and self.is_free(t.start, t.end)]

    @cached_property
    def free_text(self) -> str:
        """Return the prompt with protected places blanked out, of the same length."""
        letters = list(self.prompt)
        for first, last in self.protected:
            letters[first:last] = " " * (last - first)
        return "".join(letters)

    @property
    def is_english(self) -> bool:
        """True if the plan takes the sentence for English."""
        return self.plan.language == "en"

    @property
    def has_operator(self) -> bool:
        """True if the sentence already denies, corrects or bounds something."""
        return _OPERATORS.search(self.free_text) is not None

    @property
    def has_condition(self) -> bool:
        """True if a part of the sentence depends on another."""
        return _CONDITIONS.search(self.free_text) is not None

    @property
    def is_question(self) -> bool:
        """True if the sentence asks something."""
        return _QUESTION.search(self.free_text) is not None

    @property
    def is_polite(self) -> bool:
        """True if the sentence has a word of request already."""
        return _PLEA.search(self.free_text) is not None

    @property
    def language(self) -> str:
        """Return the group of the phrases for this sentence."""
        return "en" if self.is_english else "id"

    def dice(self, salt: str) -> random.Random:
        """Return a source of choices that are the same at each call."""
        return random.Random(f"{self.case['id']} {salt}")

    def picked(self, kind: str, group: str = "", count: int = 3) -> list[str]:
        """Return some phrases of a kind, in the language of the sentence or of a group."""
        choices = phrases_of(kind, group or self.language)
        return self.dice(f"{kind} {group}").sample(choices, min(count, len(choices)))

    def spans(self, role: str) -> list[Place]:
        """Return the places with a role in the plan."""
        return [(span.start, span.end) for span in self.plan.explain if span.role == role]

    @property
    def time_block(self) -> Place | None:
        """Return the one stretch that holds all words of time, if they stand together."""
        spans = self.spans("time")
        if not spans:
            return None
        for (_, end), (start, _) in pairwise(spans):
            if self.prompt[end:start].strip():
                return None
        return spans[0][0], spans[-1][1]

    def is_after_account(self, start: int) -> bool:
        """True directly after the word for an account."""
        return re.search(r"\b(?:akun|account|akn|acc)\s*$", self.prompt[:start], re.IGNORECASE) is not None

    def replaced(self, place: Place, text: str) -> str:
        """Return the prompt with another text at a place."""
        return self.prompt[: place[0]] + text + self.prompt[place[1] :]

    def appended(self, text: str) -> str:
        """Return the prompt with words after it, before its closing punctuation."""
        body = self.prompt.rstrip()
        end = re.search(r"[.!?\s🙏]*$", body)
        cut = len(body) if end is None else end.start()
        return body[:cut] + text + body[cut:]


def _is_text(sentence: Sentence, start: int) -> bool:
    texts = [str(job.spec.inputs.get("text", "")).lower() for job in sentence.plan.jobs]
    rest = sentence.prompt[start:].lower()
    led = _TEXT_FOLLOWS.match(sentence.prompt, start)
    return led is not None or any(text and rest.startswith(text) for text in texts)


def _texts(plan: Plan) -> Iterator[str]:
    for job in plan.jobs:
        yield from _values(job.spec.inputs)
        yield from _values(orjson.loads(job.spec.model_dump_json(include={"description"})))


def _values(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, str) and name not in {"channel", "timezone"}:
        yield value
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _values(inner, key)
