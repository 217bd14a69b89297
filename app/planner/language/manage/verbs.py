"""Finds the words that manage a stored job: stop, pause, resume, delete, run, rename.

Some are such words only in their sentence: "jangan kirim laporan lagi", "resume the backup", "nyalakan
laporan". They become items of kind `stop`, whose value is the change. A part that keeps its job, as "jangan
hapus X" and "Y tetap" do, becomes one item of kind `kept`, of which nothing is planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final

from app.planner.language.clauses.clause import INTENTS, TARGETS, WITHDRAWN, Item, any_of
from app.planner.language.clauses.slots import MANAGES, collapse, withdraw
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.operation import Span, parts_of
from app.planner.language.times.expressions import Recurrence, TimeBound
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.models import Change

_JOBS: Final = INTENTS | TARGETS | {"account", "site"}
_KEPT: Final = _JOBS | {"result"}
_AGAIN: Final = words_of(Sense.AGAIN_VERBS)
_NO_LONGER: Final = words_of(Sense.NO_LONGER)
_STARTS: Final = words_of(Sense.STARTS)
_TURNS: Final = words_of(Sense.TURNS_VERBS)
_NEVER: Final = words_of(Sense.NEVER)
_PLAIN: Final = _JOBS | {"word", "filler"}
_HOLDS: Final = ("still", "except", "keep")
_BETWEEN: Final = frozenset({"filler", "time"})
_ACTS: Final = {each.value: each for each in (Change.DELETE, Change.PAUSE, Change.RESUME)}
_CHANGES: Final = {"": Change.DISABLE, "revive": Change.RESUME, **_ACTS}
WEAK: Final = "revive"
"""The value of a word that also asks for a new job: "aktifkan laporan harian"."""


def manage(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items with the verbs as items of kind `stop`, and what is kept as items of kind `kept`."""
    settled, single = [*items], [*parts_of(items)]
    alone = sum(any_of(items[slice(*part)], *_JOBS) for part in single) == 1
    for first, last in single:
        own = items[first:last]
        acts = () if any_of(own, "stop", "cond", "otherwise") else range(first, last)
        values = ((pos, _value(lex, own, pos - first)) for pos in acts)
        denied = ((pos, "") for pos in acts if items[pos].kind == "neg" and alone and _names_stored(own))
        for pos, value in [each for each in (*values, *denied) if each[1] is not None][:1]:
            settled[pos] = replace(items[pos], kind="stop", value=value)
            if items[pos].kind == "neg" and any_of(items[pos + 1 : pos + 2], "up", "send"):
                withdraw(settled, [pos + 1])  # "backup jangan jalan dulu"
    stops = [item for item in settled if item.kind == "stop"]
    lists = _lists(lex, settled, single) if stops else [[part] for part in single]
    parts = [(each[0][0], each[-1][1]) for each in lists]
    for part in parts:
        if _keeps(lex, settled, part):
            collapse(settled, part, "kept")
    acts = [part for part in parts if any_of(settled[slice(*part)], *MANAGES)]
    for before, part in pairwise([(0, 0), *parts]):
        if part not in acts and _stays(lex, settled, part, alone=not acts):
            if any_of(settled[slice(*before)], "stop"):
                _join_spared(settled, before, part)
            else:
                collapse(settled, part, "kept")
    for pos in (pos for part in acts for pos in range(*part) if settled[pos].has("except")):
        settled[pos] = replace(settled[pos], kind="spare")  # "matikan semua kecuali backup"
    lent = dict(pair for each in lists if len(each) > 1 for pair in _shared(settled, each))
    said = [each for pos, item in enumerate(settled) for each in (item, *lent.get(pos, ()))]
    return [item for item in said if item.kind != "gone"]


def _lists(lex: Lexemes, items: Sequence[Item], parts: Sequence[Span]) -> list[list[Span]]:
    """Return the parts, in one list those that "dan" or "and" joins to one with a verb that manages jobs."""
    lists: list[list[Span]] = []
    for part in parts:
        last, sep = lists[-1] if lists else [], items[part[0] - 1]
        listed = bool(last) and sep.kind == "sep" and sep.text != "strong"
        bare = [*takewhile(lambda each: _is_bare(items, each), reversed(last))][::-1]
        if listed and (bare == last or (_is_bare(items, part) and items[part[0]].kind != "watch")):
            last.append(part)
        elif listed and sep.senses and bare and _is_verbal(lex, items, part):
            lists[-1:] = [last[: -len(bare)], [*bare, part]]
        else:
            lists.append([part])
    joined: list[list[Span]] = []
    for each in lists:
        whole = items[each[-1][0] - 1].senses and sum(_is_verbal(lex, items, part) for part in each) == 1
        joined += [each] if whole else [[part] for part in each]
    return joined


def _is_bare(items: Sequence[Item], part: Span) -> bool:
    """True for a part that only names a job, with its cadence or the end of a pause."""
    own = items[slice(*part)]
    own = own[own[0].kind == "but" :]
    cadences = [item for item in own if isinstance(item.value, Recurrence) and item.last == item.first + 1]
    plain = all(item.kind in _PLAIN or item in cadences or _is_bound(item) for item in own)
    return plain and any_of(own, *_JOBS, "word") and not any(item.has(*_HOLDS) for item in own)


def _is_verbal(lex: Lexemes, items: Sequence[Item], part: Span) -> bool:
    own = items[slice(*part)]
    holds = any(item.has(*_HOLDS) or lex.has(item.first, "still") for item in own)
    return holds or any_of(own, "stop", "neg")


def _shared(items: list[Item], parts: Sequence[Span]) -> Iterator[tuple[int, list[Item]]]:
    """Yield what each part of "jeda monitor wa dan telegram sampai Jumat" takes of the others, by its end."""
    said = items[parts[0][0] : parts[-1][1]]
    act = next((items[slice(*part)] for part in parts if any_of(items[slice(*part)], "stop")), list[Item]())
    if any_of(said, "spare"):
        _spare_each(items, (parts[0][0], parts[-1][1]))
    for part in parts if act and not any_of(said, "spare") else ():
        own = items[slice(*part)]
        nouns = act if any_of(act, *INTENTS) else items[slice(*parts[-1])]
        called = any_of(own, "name", "url", *INTENTS)
        lent = [item for item in nouns if item.kind in INTENTS and not called]
        lent += [] if any_of(own, "stop") else [item for item in act if item.kind == "stop"]
        yield part[1] - 1, lent if any(map(_is_bound, own)) else [*lent, *filter(_is_bound, said)]


def _spare_each(items: list[Item], part: Span) -> None:
    """Part what stays of "matikan semua kecuali obat dan backup" one by one."""
    for pos in (pos for pos in range(*part) if items[pos].kind == "sep"):
        items[pos] = replace(items[pos], kind="spare", value=None)


def _is_bound(item: Item) -> bool:
    return isinstance(item.value, TimeBound) and item.value.ends


def change_of(items: Sequence[Item]) -> tuple[Change, bool]:
    """Return the change that a clause's verb asks for, and whether it also asks for a new job."""
    values = [item.text for item in items if item.kind == "stop"]
    value = next((value for value in values if value), "")
    return _CHANGES[value], value == WEAK


_REVIVING: Final = frozenset({"resumed", "revive"})
_MOST_ITEMS: Final = 40
"""How far a verb's particle may be from it: the work stays linear."""


def _value(lex: Lexemes, items: Sequence[Item], pos: int) -> str | None:
    item, text = items[pos], lex.text(items[pos].first)
    if text not in _STARTS | _TURNS and item.kind != "neg" and item.senses.keys().isdisjoint(_REVIVING):
        return None
    after = items[pos + 1 : pos + 1 + _MOST_ITEMS]
    ends = {lex.text(each.first) for each in after}
    if item.kind == "neg":
        # The "lagi" of "jangan ingatkan minum obat lagi" is in its text.
        texts = (each.text if each.name is None else each.name.text for each in after)
        ends.update(word for said in texts for word in said.split())
        # "ga usah dikirim dulu sampai Senin"
        for_now = any(map(_is_bound, after)) and any(each.has("formerly") for each in after)
        never = text in _NO_LONGER or ends & _NEVER or for_now
        stops = never and not any_of(after[:1], "toward")  # "laporan jangan ke wa lagi"
        value = "pause" if for_now else ""
        return value if stops and any_of(items, "send", *_JOBS) else None
    if text in _STARTS | _TURNS and any_of(after, *_JOBS):
        again = text in _STARTS and ends & _NEVER and not any_of(after, "every")
        # "turn the backup off", "switch the monitor back on"
        on = (WEAK if ends.isdisjoint(_AGAIN) else "resume") if "on" in ends and text in _TURNS else None
        return "resume" if again else "" if "off" in ends and text in _TURNS else on
    if item.has("resumed"):
        object_ = next((each for each in after if each.kind not in _BETWEEN), None)
        return "resume" if object_ is not None and object_.kind in _JOBS | {"word"} else None
    others = [*items[:pos], *items[pos + 1 :]]
    if not item.has("revive") or not any_of(others, *_JOBS) or any_of(others, "beyond", "notify", "send"):
        return None  # "nyalakan lampu"
    again = any(lex.has(each.first, Sense.AGAIN_VERBS) for each in items)
    return "resume" if again else None if any_of(items, "time") else WEAK


def _names_stored(items: Sequence[Item]) -> bool:
    """True for "laporan bulanan tidak usah dikirim": a record by its cadence, and no new time."""
    times = [item.value for item in items if item.kind == "time"]
    named = any(isinstance(value, Recurrence) for value in times)
    named = named and all(isinstance(value, Recurrence | TimeBound) for value in times)
    other = any_of(items, "message", "watch", "toward", "change")
    return named and any_of(items, "report", "backup") and not other


def _join_spared(items: list[Item], act: Span, part: Span) -> None:
    """Make "matikan semua, yang harian biarin" one part: what stops, and after an item `spare` what stays."""
    items[act[1]] = replace(items[act[1]], kind="spare", value=None)
    _spare_each(items, part)
    withdraw(items, range(act[1] + 1, part[0]))
    held = (pos for pos in range(*part) if items[pos].kind in {"neg", "but"} or items[pos].has(*_HOLDS))
    withdraw(items, held)


def _keeps(lex: Lexemes, items: Sequence[Item], part: Span) -> bool:
    """True for "jangan hapus laporan": a verb that changes a stored job, and a denial before it."""
    verb = next((pos for pos in range(*part) if items[pos].kind in MANAGES), None)
    if verb is None or any_of(items[slice(*part)], "cond", "otherwise"):
        return False
    noun = next((pos for pos in range(part[0], verb) if items[pos].kind in _KEPT), verb)
    near = {*range(part[0], noun), max(part[0], verb - 1)} - {verb}
    denied = any(lex.has(items[pos].first, "no") and items[pos].value != WITHDRAWN for pos in near)
    return denied or any_of(items[part[0] : verb], "neg")


def _stays(lex: Lexemes, items: Sequence[Item], part: Span, *, alone: bool) -> bool:
    """True for the "toko_b tetap" of "stop toko_a, toko_b tetap"; alone it may be a plan of its own."""
    own = items[slice(*part)]
    keep = any(item.kind == "filler" and lex.text(item.first) == "keep" for item in own[:2])
    still = keep or any(lex.has(item.first, "still") for item in own)
    words = () if alone or not still else ("word",)  # "but keep the one for payment"
    named = any_of(own, *_KEPT, *words) or any(isinstance(item.value, Recurrence) for item in own)
    timed = any(item.kind == "time" and not isinstance(item.value, Recurrence) for item in own)
    goes = [item for item in own if item.kind == "toward" and not lex.has(item.first - 1, "relative")]
    if not named or goes or (timed and (alone or not still)) or any_of(own, "quote", "cond", "otherwise"):
        return False
    free = not any_of(own, "watch", "message", "send", "notify")
    if alone:
        others = any_of([*items[: part[0]], *items[part[1] :]], *INTENTS)
        return still and free and not any_of(own, "url") and not others
    return still or (free and any_of(own, "neg"))
