"""Feasts as days of a message, and the early morning."""

from __future__ import annotations

import pytest

from app.planner.models import DOUBTS
from tests.support.planner.planning import Row, lines, plan

ROWS: tuple[Row, ...] = (
    ("malam tahun baru jam 11 malam kirim wa 0811: a", "send 'a' whatsapp:0811 @2026-12-31T23:00"),
    ("malam tahun baru jam 12 malam kirim wa 0811: a", "send 'a' whatsapp:0811 @2027-01-01T00:00"),
    ("malam tahun baru kirim wa 0811: a", "send 'a' whatsapp:0811 @2026-12-31T19:00"),
    ("new year's eve at 11pm send wa 0811: a", "send 'a' whatsapp:0811 @2026-12-31T23:00"),
    ("tahun baru jam 0 kirim wa 0811: a", "send 'a' whatsapp:0811 @2027-01-01T00:00"),
    ("hari Natal jam 8 kirim wa 0811: a", "send 'a' whatsapp:0811 @2026-12-25T08:00"),
    ("natal jam 8 kirim wa 0811: a", "send 'a' whatsapp:0811 @2026-12-25T08:00"),
    ("17 Agustus jam 8 kirim wa 0811: a", "send 'a' whatsapp:0811 @2027-08-17T08:00"),
    ("hari ibu jam 8 kirim wa 0811: a", "send 'a' whatsapp:0811 @2026-12-22T08:00"),
    ("on christmas eve at 8pm send wa 0811: a", "send 'a' whatsapp:0811 @2026-12-24T20:00"),
    ("besok pagi-pagi kirim wa 0811: a", "send 'a' whatsapp:0811 @2026-11-25T07:00"),
    ("besok pagi2 jam 5 kirim wa 0811: a", "send 'a' whatsapp:0811 @2026-11-25T05:00"),
    ("tomorrow early in the morning send wa 0811: a", "send 'a' whatsapp:0811 @2026-11-25T07:00"),
    (
        "laporan tiap hari kecuali hari libur nasional dan cuti bersama jam 8",
        "report [0 8 * * *] skip(holidays=ID cuti_bersama=True)",
    ),
)


@pytest.mark.parametrize(("prompt", "expected"), [(row[0], row[1:]) for row in ROWS])
def test_feast_is_its_day(prompt: str, expected: tuple[str, ...]) -> None:
    """A feast with a fixed day is that day, without doubt."""
    assert lines(prompt) == list(expected)
    assert [note.kind for note in plan(prompt).notes if note.kind in DOUBTS] == []


@pytest.mark.parametrize(
    "prompt", ["lebaran jam 8 kirim wa 0811: a", "tahun baru imlek jam 8 kirim wa 0811: a"]
)
def test_feast_whose_day_moves_is_refused(prompt: str) -> None:
    """It is neither today nor the new year."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert any(note.kind in DOUBTS for note in draft.notes)


@pytest.mark.parametrize(
    "prompt",
    [
        "besok natal kirim wa 0811: a",
        "minggu depan pas natal jam 8 kirim wa 0811: a",
        "setelah tahun baru jam 8 kirim wa 0811: a",
        "kirim wa 0811 soal natal jam 8: a",
    ],
)
def test_day_that_is_not_the_feasts_is_a_doubt(prompt: str) -> None:
    """Two days that cannot both hold, a day near a feast, and a text about it."""
    assert any(note.kind in DOUBTS for note in plan(prompt).notes)


def test_day_with_an_unknown_name_is_a_doubt() -> None:
    """No calendar says when it is."""
    assert any(note.kind in DOUBTS for note in plan("hari Gembira jam 8 kirim wa 0811: a").notes)
