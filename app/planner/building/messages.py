"""Messages: what is sent, where, by which account."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.planner.building.context import Built, Context, Making
from app.planner.building.message_text import Text, text_of
from app.planner.building.notify import places_of
from app.planner.building.when import schedules
from app.planner.clauses.clause import Clause
from app.planner.says import Say
from app.planner.times.sketch import Habits

MESSAGE_HABITS: Final = Habits(None, 9 * 60, by_hand=True)
_PASSED_OVER: Final = frozenset({"sep", "filler", "word"})


def message_jobs(clause: Clause, context: Context) -> Built:
    """Return the messages of a clause, one for each place and schedule."""
    text = text_of(clause, context)
    if text is None:
        return Built(warnings=[Say("no_text")])
    foreign = [item for item in clause.items if item.kind == "foreign"]
    places = places_of(clause.items, context)
    if foreign and not places.found:
        return Built(warnings=[Say("foreign", context.words(foreign))])
    making = _making(clause, text, context)
    making.assumptions.extend(places.assumptions)
    making.warnings.extend(Say("foreign", context.words([item])) for item in foreign)
    built = Built()
    for place in places.found or [_bare_place(clause)]:
        built.take(_placed(making, place, clause, context))
    return built


def _making(clause: Clause, text: Text, context: Context) -> Making:
    account = next((item.name.text for item in clause.items if item.is_account and item.name), None)
    inputs = {"text": text.text} if account is None else {"text": text.text, "account_id": account}
    items = [item for item in clause.items if item.kind not in _PASSED_OVER or item in text.items]
    if not text.assumed:
        return Making("message.send", inputs, items)
    marked = any(context.lex[item.first].kind == "text" for item in text.items)
    return Making("message.send", inputs, items, assumptions=[Say("text", text.text)], doubts=int(not marked))


def _bare_place(clause: Clause) -> dict[str, str]:
    """Return the address that no channel goes with, if there is one."""
    names = [item.name for item in clause.items if item.name is not None and not item.is_account]
    return {"to": names[0].text} if names else {}


def _placed(making: Making, place: dict[str, str], clause: Clause, context: Context) -> Built:
    inputs = {**place, **making.inputs}
    warnings = list(making.warnings)
    if "to" not in inputs and not context.request.has_default_notify:
        warnings.append(Say("no_recipient"))
    job = replace(making, inputs=inputs, warnings=warnings)
    return schedules(job, clause.items, MESSAGE_HABITS, context)
