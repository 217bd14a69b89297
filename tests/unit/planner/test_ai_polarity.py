"""A model does nothing that the prompt denies or excepts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.planner.ai.answer import parse_answer
from app.planner.ai.models import AiFailure
from app.planner.ai.wording import denied_in
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import Draft, NoteKind, TextSpan
from tests.support.planner.ai_planning import grounding, proposing
from tests.support.planner.planner_fakes import CHECKS, draft_of

REPORT, BACKUP, MESSAGE, CHANNEL, HTTP = (
    "report.daily",
    "backup.export",
    "message.send",
    "monitor.channel",
    "monitor.http",
)

REFUSED: list[tuple[str, str, str, str]] = [
    ("jangan simpan semuanya ke brankas jam 1", BACKUP, "backup jam 1", "denies"),
    ("ga usah backup jam 3 ya", BACKUP, "backup jam 3", "denies"),
    ("do not tell telegram @ana at 9", MESSAGE, 'send telegram to @ana at 9: "hi"', "denies"),
    ("ceritakan semuanya jam 7 gak usah", REPORT, "laporan jam 7", "denies"),
    ("ceritakan semuanya gak usah", REPORT, "laporan", "denies"),
    ("ceritakan jangan jam 7 lagi, jam 9 aja", REPORT, "laporan jam 7", "denies 7"),
    ("ceritakan jangan jam 7 lagi, jam 9 aja", REPORT, "laporan jam 7 dan 9", "denies 7"),
    ("ceritakan jangan jam 7 lagi, jam 9 aja", REPORT, "laporan jam 07:00", "denies 07:00"),
    ("intip slack bukan discord, akun dev", CHANNEL, "pantau discord akun dev", "denies"),
    ("intip wa toko_a bukan toko_b", CHANNEL, "pantau wa toko_b", "toko_b"),
    ("intip a.example, bukan b.example", HTTP, "cek https://b.example", "b.example"),
    ("kabari @ana, jangan @ben, jam 9: ayo", MESSAGE, 'kirim telegram ke @ben jam 9: "ayo"', "ben"),
    ("ceritakan jam 7 hari Minggu aja, bukan Senin", REPORT, "laporan tiap Senin jam 7", "denies Senin"),
    ("stash it all at 2, never on Sundays", BACKUP, "backup every Sunday at 2", "denies"),
]


@pytest.mark.parametrize(("prompt", "job_type", "plain", "why"), REFUSED, ids=[row[2] for row in REFUSED])
def test_denied_words_are_not_done(prompt: str, job_type: str, plain: str, why: str) -> None:
    """A wish, a value or a time that the prompt denies is refused with the reason."""
    with pytest.raises(AiFailure) as caught:
        ground(prompt, job_type, plain)
    assert why in str(caught.value.message)


ASKED: list[tuple[str, str, str]] = [
    ("ceritakan tiap hari jam 7 kecuali Minggu", REPORT, "laporan tiap hari jam 7"),
    ("ceritakan tiap hari jam 7, hari Minggu jangan", REPORT, "laporan tiap hari jam 7"),
    ("stash it all daily at 2 except Sundays", BACKUP, "backup daily at 2"),
    ("stash it all at 2, never on Sundays", BACKUP, "backup daily at 2"),
    (
        "ceritakan tiap hari jam 7 kecuali Minggu, simpan semuanya ke brankas tiap hari jam 2",
        REPORT,
        "laporan tiap hari jam 7",
    ),
]


@pytest.mark.parametrize(("prompt", "job_type", "plain"), ASKED, ids=[row[0] for row in ASKED])
def test_excepted_time_is_asked_about(prompt: str, job_type: str, plain: str) -> None:
    """A plan that fires at a time that the prompt excepts is a question of the gate."""
    assert NoteKind.QUESTION in ground(prompt, job_type, plain).doubts


KEPT: list[tuple[str, str, str]] = [
    ("jangan lupa simpan semuanya ke brankas jam 1", BACKUP, "backup jam 1"),
    ("ceritakan jangan jam 7 lagi, jam 9 aja", REPORT, "laporan jam 9"),
    ("intip slack bukan discord, akun dev", CHANNEL, "pantau slack akun dev"),
    ("ceritakan tiap hari jam 7 kecuali Minggu", REPORT, "laporan tiap hari jam 7 kecuali Minggu"),
    ("ceritakan tiap Kamis jam 8 kecuali Jumat", REPORT, "laporan tiap Kamis jam 8"),
    ("bukan jam 7 tapi jam 9 ceritakan", REPORT, "laporan jam 9"),
]


@pytest.mark.parametrize(("prompt", "job_type", "plain"), KEPT, ids=[row[0] for row in KEPT])
def test_words_beside_a_denial_are_done(prompt: str, job_type: str, plain: str) -> None:
    """What a denial is not about is planned."""
    found = ground(prompt, job_type, plain)
    assert (len(found.jobs), NoteKind.QUESTION in found.doubts) == (1, False), found.notes


def test_text_of_a_message_denies_nothing() -> None:
    """A message is data: its "jangan" is about nothing outside of it."""
    prompt = 'ping @ana jam 9 "jangan ke @ana"'
    text = TextSpan(prompt.index('"'), len(prompt), "text")
    plain = 'kirim telegram ke @ana jam 9: "jangan ke @ana"'
    assert len(ground(prompt, MESSAGE, plain, text).jobs) == 1


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
    found = denied_in(lexemes_of(text, tokenize(text)))
    assert [text[each.start : each.end].lower() for each in found] == scopes


def ground(prompt: str, job_type: str, plain: str, *explain: TextSpan) -> Draft:
    reading = grounding(prompt, replace(draft_of(prompt=prompt), explain=explain))
    return reading.drafted(parse_answer(proposing(plain, job_type), CHECKS.registry.types()))
