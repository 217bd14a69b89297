"""Lists of accounts and times, of which a word picks one, and the pace of a monitor."""

from __future__ import annotations

import pytest

from app.core.messaging.contact_models import Contact, name_key
from app.planner.directory import NameDirectory
from app.planner.models import DOUBTS
from tests.support.planner.planning import Row, line, lines, plan

_PEOPLE = (
    Contact("Mbak Rani", "whatsapp", "0811"),
    Contact("Koh Aliong", "whatsapp", "0822"),
    Contact("Pak Budi Santoso", "whatsapp", "0833"),
    Contact("Pak Budi Hartono", "whatsapp", "0844"),
)
KNOWN = NameDirectory({name_key(each.name): each.text() for each in _PEOPLE}, {})

ROWS: tuple[Row, ...] = (
    (
        "check slack account devteam and telegram account devbot, both every 90 seconds",
        "watch slack/devteam 90s",
        "watch telegram/devbot 90s",
    ),
    (
        "pantau wa toko_a, tele bot_b, sama slack akun dev tiap 5 menit",
        "watch whatsapp/toko_a 300s",
        "watch telegram/bot_b 300s",
        "watch slack/dev 300s",
    ),
    ("pantau wa toko_a dan laporkan tiap jam 6", "watch whatsapp/toko_a 30s", "report [0 6 * * *]"),
    (
        "pantau wa toko_a tiap menit, laporkan kalau mati ke telegram @me",
        "watch whatsapp/toko_a 60s notify=telegram:@me",
    ),
    ("pantau wa dong, gausah cepet2, 5 menit sekali aja", "watch whatsapp/default 300s"),
    ("bakcup tiap hri jam 3 pagi, simpn 10", "backup [0 3 * * *] keep=10"),
)


@pytest.mark.parametrize(("prompt", "expected"), [(row[0], row[1:]) for row in ROWS])
def test_list_becomes_a_job_for_each(prompt: str, expected: tuple[str, ...]) -> None:
    """Each target is one monitor, and no other word is a target."""
    assert lines(prompt) == list(expected)
    assert [note.kind for note in plan(prompt).notes if note.kind in DOUBTS] == []


@pytest.mark.parametrize(
    "prompt",
    [
        "laporan jam 7 sama jam 5 sore, yang sore ke wa 0811",
        "laporan tiap pagi dan sore, yang pagi ke wa 0811",
        "laporan jam 7 dan jam 17, yang jam 17 ke wa 0811",
        "report at 7am and 5pm, the 5pm one to slack #ops",
        "report at 7am and 5pm, the evening one to slack #ops",
    ],
)
def test_recipient_of_one_of_several_times_is_a_doubt(prompt: str) -> None:
    """The part of the day is not lent to the other times."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert any(note.kind in DOUBTS for note in draft.notes)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("wa ke Mbak Rani, eh Koh Aliong, jam 3 sore: tiba", "send 'tiba' whatsapp:0822 @2026-11-24T15:00"),
        ("kirim wa ke Mbak Rani, maksudnya Koh Aliong: tiba", "send 'tiba' whatsapp:0822 now"),
        ("kirim pesan ke yang Hartono jumat jam 9: x", "send 'x' whatsapp:0844 @2026-11-27T09:00"),
    ],
)
def test_recipient_that_is_said_again_holds(prompt: str, expected: str) -> None:
    """The second name takes the place of the first; "yang" leads to a name."""
    draft = plan(prompt, directory=KNOWN)
    assert [line(job) for job in draft.jobs] == [expected]
    assert [note.kind for note in draft.notes if note.kind in DOUBTS] == []
