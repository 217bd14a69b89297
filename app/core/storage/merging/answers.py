"""How the answers of all shards to one read become one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

if TYPE_CHECKING:
    from app.core.storage.connection import Arg, Command

Merge: TypeAlias = "Callable[[Sequence[Any]], Any]"
"""Makes one answer of the answers of the shards, in their order."""


_INSTANTS: Final = frozenset({"at", "purged_at"})
"""Fields of the memory estimate, which is summed."""


def added(answers: Sequence[Any]) -> Any:
    """Return the sum of counts."""
    return sum(int(each or 0) for each in answers)


def first_found(answers: Sequence[Any]) -> Any:
    """Return the first answer that has a value, else the last one."""
    return next((each for each in answers if has_value(each)), answers[-1])


def largest(answers: Sequence[Any]) -> Any:
    """Return the largest number among texts; None if there is none."""
    return max((each for each in answers if each is not None), key=float, default=None)


def by_place(answers: Sequence[Any]) -> Any:
    """Return of each value of a list the first shard's that has it."""
    return [first_found(each) for each in zip(*answers, strict=True)]


def concatenated(answers: Sequence[Any]) -> Any:
    """Return the members of all lists, each once."""
    return list(dict.fromkeys(member for each in answers for member in each or ()))


def joined_hash(answers: Sequence[Any]) -> Any:
    """Return the fields of all hashes; a field of several has the first one's value."""
    found: dict[str, str] = {}
    for flat in answers:
        for name, value in zip(flat[::2], flat[1::2], strict=True):
            found.setdefault(name, value)
    return [text for item in found.items() for text in item]


def summed_hash(answers: Sequence[Any]) -> Any:
    """Return the sums of the fields of all hashes; of an instant the latest, of a text the first one."""
    sums, texts = Counter[str](), dict[str, str]()
    for flat in answers:
        for name, value in zip(flat[::2], flat[1::2], strict=True):
            if not value.lstrip("-").isdecimal():
                texts.setdefault(name, value)
            elif name in _INSTANTS:
                sums[name] = max(sums[name], int(value))
            else:
                sums[name] += int(value)
    return [text for item in ({**texts, **sums}).items() for text in map(str, item)]


def pending(answers: Sequence[Any]) -> Any:
    """Return the summary of XPENDING of one group in all shards."""
    found = [each for each in answers if each and each[0]]
    if not found:
        return [0, None, None, None]
    return [sum(int(each[0]) for each in found), None, None, [one for each in found for one in each[3] or ()]]


def has_value(answer: Any) -> bool:
    """Return whether a read has found something."""
    if isinstance(answer, list):
        return any(has_value(each) for each in cast("list[Any]", answer))
    return answer not in (None, "", 0)


def entries(count: int | None, *, newest_first: bool) -> Merge:
    """Return the merge of parts of streams by the ids of their entries."""

    def merged(answers: Sequence[Any]) -> Any:
        found = [entry for each in answers for entry in each or ()]
        found.sort(key=lambda entry: tuple(map(int, entry[0].split("-"))), reverse=newest_first)
        return found[:count]

    return merged


class SortedRange:
    """A read of a part of a sorted set: what each shard is asked, and the part of all of them."""

    def __init__(self, command: Command) -> None:
        name, self._key, first, last, *options = command
        words = [str(option).upper() if isinstance(option, str) else "" for option in options]
        self._has_scores = "WITHSCORES" in words
        self._is_falling = name in {"ZREVRANGE", "ZREVRANGEBYSCORE"} or "REV" in words
        by_score = "BYSCORE" in words or str(name).endswith("BYSCORE")
        self._offset, self._count, self._from_end = 0, -1, False
        limits: list[Arg] = []
        if "LIMIT" in words:
            at = words.index("LIMIT")
            self._offset, self._count = int(options[at + 1]), int(options[at + 2])
            limits = ["LIMIT", 0, self._offset + self._count if self._count >= 0 else -1]
        ranked: list[Arg] = [] if by_score else self._by_rank(int(first), int(last))
        kept = [word for word in words if word in {"BYSCORE", "REV"}]
        if name in {"ZRANGEBYSCORE", "ZREVRANGEBYSCORE"}:
            self.command: Command = (name, self._key, first, last, "WITHSCORES", *limits)
        else:
            bounds = (first, last) if by_score else tuple(ranked)
            self.command = (name, self._key, *bounds, *kept, *limits, "WITHSCORES")

    def _by_rank(self, first: int, last: int) -> list[Arg]:
        """Return the ranks that each shard is asked for: any of them may have the whole part."""
        if first < 0:
            # From the end: the last ones of each, then the last ones of all.
            self._from_end, self._offset = True, -first
            self._count = last - first + 1 if last < 0 else -1
            return [first, -1]
        self._offset, self._count = first, -1 if last < 0 else max(0, last - first + 1)
        return [0, last]

    def members(self, answers: Sequence[Any]) -> list[list[tuple[str, str]]]:
        """Return the members of each shard with their scores."""
        return [list(zip(flat[::2], flat[1::2], strict=True)) for flat in answers]

    def merged(self, answers: Sequence[Any]) -> Any:
        """Return the answer of one sorted set that has the members of all."""
        found: dict[str, str] = {}
        for part in self.members(answers):
            for member, score in part:
                found.setdefault(member, score)
        ordered = sorted(found.items(), key=lambda item: (float(item[1]), item[0]), reverse=self._is_falling)
        if self._from_end:
            ordered = ordered[-self._offset :]
            shown = ordered if self._count < 0 else ordered[: self._count]
        else:
            shown = ordered[self._offset :] if self._count < 0 else ordered[self._offset :][: self._count]
        if self._has_scores:
            return [text for item in shown for text in item]
        return [member for member, _score in shown]
