"""A model does nothing that the prompt denies or excepts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.planner.ai.answer import parse_answer
from app.planner.ai.grounding import Grounding
from app.planner.ai.times import TimeResolver
from app.planner.ai.wording import denials_of
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import PlanRequest, TextSpan
from tests.support.planner.ai_planning import proposing
from tests.support.planner.planner_fakes import CHECKS, NOW, NOW_MS, ZONE, draft_of
from tests.support.planner.planning import plan_text

REPORT, BACKUP, MESSAGE, CHANNEL, HTTP = (
    "report.daily",
    "backup.export",
    "message.send",
    "monitor.channel",
    "monitor.http",
)


def job(job_type: str, words: str, time: str | None = None, **inputs: Any) -> dict[str, Any]:
    return {"type": job_type, "words": words, "time": time, "inputs": inputs}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("jangan simpan semuanya ke brankas jam 1", job(BACKUP, "simpan semuanya ke brankas", "jam 1"), "denies"),
    ("ga usah backup jam 3 ya", job(BACKUP, "backup jam 3", "jam 3"), "denies"),
    ("do not tell telegram @ana at 9", job(MESSAGE, "tell telegram @ana at 9", "at 9", to="@ana"), "denies"),
    ("ceritakan semuanya jam 7 gak usah", job(REPORT, "ceritakan semuanya jam 7", "jam 7"), "denies"),
    ("ceritakan jangan jam 7 lagi, jam 9 aja", job(REPORT, "ceritakan", "jam 7"), "denies 7"),
    ("ceritakan jangan jam 7 lagi, jam 9 aja", job(REPORT, "ceritakan", "jam 7 dan 9"), "denies 7"),
    (
        "intip slack bukan discord, akun dev",
        job(CHANNEL, "intip", None, channel="discord", account_id="dev"),
        "denies",
    ),
    (
        "intip wa toko_a bukan toko_b",
        job(CHANNEL, "intip", None, channel="whatsapp", account_id="toko_b"),
        "toko_b",
    ),
    ("intip a.example, bukan b.example", job(HTTP, "intip", None, url="https://b.example"), "b.example"),
    ("kabari @ana, jangan @ben, jam 9: ayo", job(MESSAGE, "kabari", "jam 9", to="@ben", text="ayo"), "ben"),
    ("ceritakan tiap hari jam 7 kecuali Minggu", job(REPORT, "ceritakan", "tiap hari jam 7"), "excepts"),
    ("ceritakan tiap hari jam 7, hari Minggu jangan", job(REPORT, "ceritakan", "tiap hari jam 7"), "excepts"),
    (
        "ceritakan tiap hari jam 7, tanggal merah ga usah",
        job(REPORT, "ceritakan", "tanggal merah"),
        "tanggal merah",
    ),
    (
        "ceritakan jam 7 hari Minggu aja, bukan Senin",
        job(REPORT, "ceritakan", "tiap Senin jam 7"),
        "denies Senin",
    ),
    ("stash it all daily at 2 except Sundays", job(BACKUP, "stash it all", "daily at 2"), "excepts"),
    ("stash it all at 2, never on Sundays", job(BACKUP, "stash it all", "every Sunday at 2"), "denies"),
]


@pytest.mark.parametrize(
    ("prompt", "proposed", "why"), REFUSED, ids=[f"{row[0]} {row[1]['time']}" for row in REFUSED]
)
def test_denied_words_are_not_done(prompt: str, proposed: dict[str, Any], why: str) -> None:
    """A wish, a value or a time that the prompt denies is refused with the reason."""
    found = ground(prompt, proposed)
    assert found.jobs == ()
    assert why in found.problems[0][1], found.problems
    assert len(found.notes) == 1


KEPT: list[tuple[str, dict[str, Any]]] = [
    ("jangan lupa simpan semuanya ke brankas jam 1", job(BACKUP, "simpan semuanya ke brankas", "jam 1")),
    ("ceritakan jangan jam 7 lagi, jam 9 aja", job(REPORT, "ceritakan", "jam 9")),
    ("intip slack bukan discord, akun dev", job(CHANNEL, "intip", None, channel="slack", account_id="dev")),
    ("ceritakan tiap hari jam 7 kecuali Minggu", job(REPORT, "ceritakan", "tiap hari jam 7 kecuali Minggu")),
    ("ceritakan tiap Kamis jam 8 kecuali Jumat", job(REPORT, "ceritakan", "tiap Kamis jam 8")),
    (
        "ceritakan tiap hari jam 7 kecuali Minggu, simpan semuanya ke brankas tiap hari jam 2",
        job(BACKUP, "simpan semuanya ke brankas", "tiap hari jam 2"),
    ),
    ("bukan jam 7 tapi jam 9 ceritakan", job(REPORT, "ceritakan", "jam 9")),
]


@pytest.mark.parametrize(("prompt", "proposed"), KEPT, ids=[row[0] for row in KEPT])
def test_words_beside_a_denial_are_done(prompt: str, proposed: dict[str, Any]) -> None:
    """What a denial is not about is planned."""
    found = ground(prompt, proposed)
    assert (len(found.jobs), found.problems) == (1, ())


def test_text_of_a_message_denies_nothing() -> None:
    """A message is data: its "jangan" is about nothing outside of it."""
    prompt = 'ping @ana jam 9 "jangan ke @ana"'
    text = TextSpan(prompt.index('"'), len(prompt), "text")
    proposed = job(MESSAGE, "ping @ana jam 9", "jam 9", to="@ana", text="jangan ke @ana")
    assert len(ground(prompt, proposed, text).jobs) == 1


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("jangan jam 7, jam 9", ["jam 7"]),
        ("tanggal merah ga usah", ["tanggal merah"]),
        ("kecuali Sabtu dan Minggu tapi Senin", ["sabtu dan minggu"]),
        ("jangan pantau toko_a laporan aja", ["pantau toko_a"]),
        ("tidak usah", []),
    ],
)
def test_scope_of_a_denial(text: str, scopes: list[str]) -> None:
    """A scope ends at a sign, at "but", at the next wish; without words after it, it is before the mark."""
    found = denials_of(lexemes_of(text, tokenize(text)))
    assert [text[each.scope.start : each.scope.end].lower() for each in found] == scopes


def ground(prompt: str, proposed: dict[str, Any], *explain: TextSpan) -> Any:
    request = PlanRequest(prompt, ZONE, NOW, deployment_timezone=ZONE)
    draft = replace(draft_of(prompt=prompt), explain=explain)
    reading = Grounding(CHECKS, TimeResolver(plan_text, request), NOW_MS, draft)
    return reading.propose(parse_answer(proposing(proposed), CHECKS.registry.types()))
