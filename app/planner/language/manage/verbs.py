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
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.operators.operation import Span, parts_of
from app.planner.language.times.expressions import PartOfDay, Recurrence, TimeBound
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.models import Change

_JOBS: Final = INTENTS | TARGETS | {"account", "site"}
_KEPT: Final = _JOBS | {"result"}
_AGAIN: Final = words_of(Sense.AGAIN_VERBS)
_NO_LONGER: Final = words_of(Sense.NO_LONGER)
_STARTS: Final = words_of(Sense.STARTS)
_TURNS: Final = words_of(Sense.TURNS_VERBS)
_NEVER: Final = words_of(Sense.NEVER)
_PLAIN: Final = _JOBS | {"word", "filler", "held"}
_HOLDS: Final = ("still", "except", "keep")
_BETWEEN: Final = frozenset({"filler", "time", "held"})
_ACTS: Final = {each.value: each for each in (Change.DELETE, Change.PAUSE, Change.RESUME)}
_WHICH: Final = (Recurrence, PartOfDay)
_CHANGES: Final = {"": Change.DISABLE, "revive": Change.RESUME, **_ACTS}
WEAK: Final = "revive"
"""The value of a word that also asks for a new job: "aktifkan laporan harian"."""


def manage(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items with the verbs as items of kind `stop`, and what is kept as items of kind `kept`."""
    settled = _with_states(lex, items)
    single = [*parts_of(settled)]
    _find_acts(lex, settled, single)
    _set_reasons_aside(lex, settled, single)
    stops = [item for item in settled if item.kind == "stop"]
    lists = _lists(lex, settled, single) if stops else [[part] for part in single]
    parts, heard = [(each[0][0], each[-1][1]) for each in lists], [*settled]
    for part, following in pairwise([*parts, (0, 0)]):
        if _keeps(lex, settled, part):
            _turn(lex, settled, part, following)
            collapse(settled, part, "kept")
    acts = [part for part in parts if any_of(settled[slice(*part)], *MANAGES)]
    for before, part in pairwise([(0, 0), *parts]):
        stays = _stays(lex, settled, part, alone=not acts) or _is_spared(lex, settled, before, part)
        if part not in acts and stays:
            if any_of(settled[slice(*before)], "stop"):
                _join_spared(settled, before, part)
            else:
                collapse(settled, part, "kept")
    for first, last in acts:
        # "matikan semua kecuali backup dan laporan"
        spared = next((pos for pos in range(first, last) if settled[pos].has("except")), last)
        for pos in range(spared, last):
            if settled[pos].has("except") or settled[pos].kind == "sep":
                settled[pos] = replace(settled[pos], kind="spare", value=None)
    lent = dict(_nouns_before(settled, heard, parts, acts))
    lent |= dict(pair for each in lists if len(each) > 1 for pair in _shared(settled, each))
    said = [each for pos, item in enumerate(settled) for each in (item, *lent.get(pos, ()))]
    return [item for item in said if item.kind != "gone"]


def _find_acts(lex: Lexemes, items: list[Item], parts: Sequence[Span]) -> None:
    """Make an item of kind `stop` of the word that is a verb of this kind only in its sentence."""
    alone = sum(any_of(items[slice(*part)], *_JOBS) for part in parts) == 1
    for first, last in parts:
        own = items[first:last]
        acts = () if any_of(own, "stop", "cond", "otherwise") else range(first, last)
        values = ((pos, _value(lex, own, pos - first)) for pos in acts)
        denied = ((pos, "") for pos in acts if items[pos].kind == "neg" and alone and _names_stored(own))
        for pos, value in [each for each in (*values, *denied) if each[1] is not None][:1]:
            if items[pos].kind == "neg" and any_of(items[pos + 1 : pos + 2], "up", "send"):
                withdraw(items, [pos + 1])  # "backup jangan jalan dulu"
            items[pos] = replace(items[pos], kind="stop", value=value)


def _set_reasons_aside(lex: Lexemes, items: list[Item], parts: Sequence[Span]) -> None:
    """Make one item `reason` of "udah ganti depot" behind a verb and its job, and of ", mau mastiin"."""
    acts = False
    for part in parts:
        own = items[slice(*part)]
        verb = next(
            (pos for pos, item in enumerate(own) if item.kind == "stop" or "start" in item.senses), None
        )
        acts = acts or verb is not None
        searched = [*enumerate(own)] if acts else []
        leads = [pos for pos, item in searched if lex.has(item.first, Sense.PURPOSE, Sense.ALREADY)]
        leads = [pos for pos in leads if not lex.has(own[pos].first - 1, Sense.RELATIVE)]
        if verb is not None:
            behind = (pos for pos in leads if pos > verb and any_of(own[:pos], "word", *_JOBS))
            start = next(behind, None)
        else:
            start = 0 if acts and leads[:1] == [0] and not any_of(own, "time", "change", *TARGETS) else None
        if start is not None and not any_of(own[start:], "stop", *TARGETS):
            collapse(items, (part[0] + start, part[1]), "reason")


def _turn(lex: Lexemes, items: list[Item], kept: Span, part: Span) -> None:
    """Make a verb of the "tapi" of "bukan backup yang mau saya matikan, tapi laporan"."""
    turn = items[slice(*part)][:1]
    verb = next((item for item in items[slice(*kept)] if item.kind == "stop"), None)
    if verb is not None and any_of(turn, "but") and _is_bare(lex, items, part):
        items[part[0]] = replace(verb, first=turn[0].first, last=turn[0].last)


def _nouns_before(
    items: list[Item], heard: Sequence[Item], parts: Sequence[Span], acts: Sequence[Span]
) -> Iterator[tuple[int, list[Item]]]:
    """Yield the noun that "laporan pagi cukup, yang sore stop" leaves out, by the end of its part.

    A part that says no more than "hapus itu" is joined to the one before it.
    """
    for before, part in pairwise(parts):
        own, said = items[slice(*part)], heard[slice(*before)]
        bare = part in acts and any_of(own, "stop") and not any_of(own, "word", "quote", "held", *_JOBS)
        nouns = [item for item in said if item.kind in INTENTS]
        if bare and any(isinstance(item.value, _WHICH) for item in own):
            yield part[1] - 1, nouns[:1]
        elif bare and before not in acts and nouns and items[before[0]].kind != "kept" and _only_names(said):
            withdraw(items, range(before[1], part[0]))


def _only_names(items: Sequence[Item]) -> bool:
    """True if a part names a job and asks for nothing: "the blog monitor can go"."""
    times = all(isinstance(item.value, _WHICH) for item in items if item.kind == "time")
    return times and not any_of(items, "send", "notify", "neg", "cond", "otherwise", "quote", "kept", "url")


_MOST_LEADS: Final = 4
_NAMES_STATE: Final = senses("stop down up")
_VERBAL: Final = senses("start revive resumed")


def _with_states(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items with "yang kemarin dijeda" and the "paused" of "the paused ones" as items `held`.

    With the verb of a request they say in which state the job is.
    """
    settled = [*items]
    acts = [pos for pos, item in enumerate(items) if item.kind == "stop" or item.senses.keys() & _VERBAL]
    for pos, item in enumerate(items) if acts else ():
        if not item.has(*_NAMES_STATE) or acts == [pos]:
            continue
        near = range(pos - 1, max(-1, pos - 1 - _MOST_LEADS), -1)
        lead = next((at for at in near if lex.has(items[at].first, Sense.RELATIVE)), None)
        between = items[pos if lead is None else lead + 1 : pos]
        plain = all(
            each.kind in _BETWEEN and not lex.has(each.first, Sense.WISHED, "neg") for each in between
        )
        adjective = lex.has(item.first, Sense.STATE_ADJECTIVE) and (
            any_of(items[pos + 1 : pos + 2], *_JOBS) or lex.has(item.last, Sense.REFERS_TO_JOBS)
        )
        if adjective or (lead is not None and plain and lex.has(item.first, Sense.STATE_WORD)):
            start = pos if adjective or lead is None else lead
            settled[start:pos] = [replace(each, kind="held", value=None) for each in items[start:pos]]
            settled[pos] = replace(item, kind="held", value="on" if item.kind == "up" else "off")
    return settled


def _lists(lex: Lexemes, items: Sequence[Item], parts: Sequence[Span]) -> list[list[Span]]:
    """Return the parts, in one list those that "dan" or "and" joins to one with a verb that manages jobs."""
    lists: list[list[Span]] = []
    for part in parts:
        last, sep = lists[-1] if lists else [], items[part[0] - 1]
        listed = bool(last) and sep.kind == "sep" and sep.text != "strong"
        bare = [*takewhile(lambda each: _is_bare(lex, items, each), reversed(last))][::-1]
        if listed and (bare == last or (_is_bare(lex, items, part) and items[part[0]].kind != "watch")):
            last.append(part)
        elif listed and sep.senses and bare and _is_verbal(lex, items, part):
            lists[-1:] = [last[: -len(bare)], [*bare, part]]
        else:
            lists.append([part])
    joined: list[list[Span]] = []
    for each in lists:
        verbal = [part for part in each if _is_verbal(lex, items, part)]
        # "backup harian dan matikan laporan" asks for two things.
        ends = verbal[:1] == each[:1] or not _leads(items, each[-1])
        whole = items[each[-1][0] - 1].senses and len(verbal) == 1 and ends
        joined += [each] if whole else [[part] for part in each]
    return joined


def _refers(lex: Lexemes, item: Item) -> bool:
    """True for the "ke" of "yang ke gudang" and the "to" of "the one to #ops"."""
    return lex.has(item.first - 1, Sense.RELATIVE, Sense.REFERS_TO_JOBS)


def _is_bare(lex: Lexemes, items: Sequence[Item], part: Span) -> bool:
    """True for a part that only names a job, with its cadence or the end of a pause."""
    own = items[slice(*part)]
    own = own[own[0].kind == "but" :]
    which = [item for item in own if isinstance(item.value, _WHICH) and item.last == item.first + 1]
    which += [item for item in own if item.kind == "toward" and _refers(lex, item)]
    plain = all(item.kind in _PLAIN or item in which or _is_bound(item) for item in own)
    return (
        plain
        and any_of([*own, *which], *_JOBS, "word", "time")
        and not any(item.has(*_HOLDS) for item in own)
    )


def _is_verbal(lex: Lexemes, items: Sequence[Item], part: Span) -> bool:
    own = items[slice(*part)]
    holds = any(item.has(*_HOLDS) or lex.has(item.first, "still") for item in own)
    return holds or any_of(own, "stop", "neg")


def _leads(items: Sequence[Item], part: Span) -> bool:
    """True if a part begins with its verb."""
    own = (item for item in items[slice(*part)] if item.kind not in {"filler", "but"})
    first = next(own, None)
    return first is not None and first.kind == "stop"


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
        lent = [] if any_of(own, "stop") else [item for item in act if item.kind == "stop"]
        lent += [item for item in nouns if item.kind in INTENTS and not called]
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
    after = items[pos + 1 : pos + 1 + _MOST_ITEMS]
    if item.kind == "neg":
        return _denied_value(lex, items, pos)
    if text not in _STARTS | _TURNS and item.kind != "up":
        return _revived(lex, items, pos) if not item.senses.keys().isdisjoint(_REVIVING) else None
    ends = {word for each in after for word in lex.text(each.first).split()}
    if (text in _STARTS or item.kind == "up") and ends & _AGAIN and any_of(items[:pos], *_JOBS):
        # "the backup can start running again"
        may = any(lex.has(each.first, Sense.POLITE) for each in items[:pos])
        return "resume" if may and not any_of(items, "time", "send", "notify") else None
    if item.kind == "up" or not any_of(after, *_JOBS):
        return None
    again = text in _STARTS and ends & _NEVER and not any_of(after, "every")
    # "turn the backup off", "switch the monitor back on"
    turned = text in _TURNS and not ends.isdisjoint({"on", "back"})
    on = (WEAK if ends.isdisjoint(_AGAIN) else "resume") if turned else None
    return "resume" if again else "" if "off" in ends and text in _TURNS else on


def _revived(lex: Lexemes, items: Sequence[Item], pos: int) -> str | None:
    """Return the change of "resume the backup" and "nyalakan laporan"."""
    if items[pos].has("resumed"):
        object_ = next((each for each in items[pos + 1 :] if each.kind not in _BETWEEN), None)
        return "resume" if object_ is not None and object_.kind in _JOBS | {"word"} else None
    others = [*items[:pos], *items[pos + 1 :]]
    if not any_of(others, *_JOBS) or any_of(others, "beyond", "notify", "send"):
        return None  # "nyalakan lampu"
    again = any(lex.has(each.first, Sense.AGAIN_VERBS) for each in items)
    return "resume" if again else None if any_of(items, "time") else WEAK


def _denied_value(lex: Lexemes, items: Sequence[Item], pos: int) -> str | None:
    """Return the change that "jangan kirim laporan lagi" and "udah ga perlu" ask for, if they do."""
    after = items[pos + 1 : pos + 1 + _MOST_ITEMS]
    # The "lagi" of "jangan ingatkan minum obat lagi" is in its text.
    texts = (each.text if each.name is None else each.name.text for each in after)
    ends = {lex.text(each.first) for each in after}.union(*(said.split() for said in texts))
    # "ga usah dikirim dulu sampai Senin"
    for_now = any(map(_is_bound, after)) and any(each.has("formerly") for each in after)
    never = lex.text(items[pos].first) in _NO_LONGER or ends & _NEVER or for_now
    never = never or lex.has(items[pos].first - 1, Sense.ALREADY)
    stops = never and not any_of(after[:1], "toward")  # "laporan jangan ke wa lagi"
    return ("pause" if for_now else "") if stops and any_of(items, "send", *_JOBS) else None


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


def _is_spared(lex: Lexemes, items: Sequence[Item], act: Span, part: Span) -> bool:
    """True for the end of "stop every backup but the weekly one"."""
    own = items[slice(*act)]
    every = any(lex.has(item.first, Sense.ALL) for item in own) and any_of(own, "stop")
    turned = items[part[0]].kind == "but" and lex.has(items[part[0]].first, Sense.CONTRASTS)
    return every and turned and _is_bare(lex, items, part)


def _stays(lex: Lexemes, items: Sequence[Item], part: Span, *, alone: bool) -> bool:
    """True for the "toko_b tetap" of "stop toko_a, toko_b tetap"; alone it may be a plan of its own."""
    own = items[slice(*part)]
    keep = any(item.kind == "filler" and lex.text(item.first) == "keep" for item in own[:2])
    still = keep or any(lex.has(item.first, "still") for item in own)
    denied = (
        bool(own) and own[-1].kind == "neg" and any_of(items[: part[0]], "stop")
    )  # "stop backup, arisan jangan"
    words = () if alone or not (still or denied) else ("word",)  # "but keep the one for payment"
    words += ("time",) if words and any_of(items[: part[0]], "stop") else ()
    named = any_of(own, *_KEPT, *words) or any(isinstance(item.value, Recurrence) for item in own)
    timed = any(item.kind == "time" and not isinstance(item.value, Recurrence) for item in own)
    goes = [item for item in own if item.kind == "toward" and not _refers(lex, item) and (alone or not still)]
    if not named or goes or (timed and (alone or not still)) or any_of(own, "quote", "cond", "otherwise"):
        return False
    free = not any_of(own, "watch", "message", "send", "notify")
    if alone:
        others = any_of([*items[: part[0]], *items[part[1] :]], *INTENTS)
        return still and free and not any_of(own, "url") and not others
    return still or (free and any_of(own, "neg"))
