"""The marks of a sentence: the role of each word, and the field and the job that it sets."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import plan

TEXTS = [
    ("ingatkan saya bayar listrik tiap tanggal 20 jam 9 pagi", ["bayar listrik"]),
    ("ingatkan bayar sewa 2jt tiap tanggal 1 jam 8", ["bayar sewa 2jt"]),
    ("kirim wa ke 0811222333 tiap tanggal 25 jam 8: gajian, jam 9 ya", ["gajian, jam 9 ya"]),
    ("Send 'Stock check' to telegram 123456789 every Saturday at 17:00", ["'Stock check'"]),
    ("kirim wa ke 0811222333 besok jam 8: makan, jangan lupa makan", ["makan, jangan lupa makan"]),
    ("ingatkan bayar wifi tiap tanggal 5 jam 8 dan bpjs tiap tanggal 10 jam 8", ["bayar wifi", "bpjs"]),
]
"""Sentences with the stretches that are the text of a message."""


def marks(prompt: str, role: str) -> list[str]:
    """Return the words of a role, neighbours as one stretch."""
    stretches: list[list[int]] = []
    for span in plan(prompt).explain:
        if span.role != role:
            continue
        if stretches and not prompt[stretches[-1][1] : span.start].strip():
            stretches[-1][1] = span.end
        else:
            stretches.append([span.start, span.end])
    return [prompt[start:end] for start, end in stretches]


@pytest.mark.parametrize(("prompt", "texts"), TEXTS)
def test_text_of_a_message_is_marked_as_the_message(prompt: str, texts: list[str]) -> None:
    """Whatever its words would mean elsewhere, and none of them is marked as unused."""
    assert marks(prompt, "text") == texts
    assert marks(prompt, "unused") == []
    assert {span.field for span in plan(prompt).explain if span.role == "text"} == {"text"}


def test_address_of_a_message_is_its_recipient() -> None:
    """A number that a message goes to is no account."""
    assert marks("kirim wa ke 0811222333 besok jam 8: halo", "notify") == ["ke 0811222333"]
    assert marks("pantau wa akun 0811222333 tiap menit", "account") == ["akun 0811222333"]


def test_words_without_effect_are_unused_and_linking_words_are_not_marked() -> None:
    """The "gudang" of a report says nothing that a report has; the "buat" before it asks for nothing."""
    assert marks("buat laporan gudang jam 8", "unused") == ["gudang"]
    assert marks("buat laporan harian jam 8", "unused") == []


def test_marks_name_the_job_that_they_set() -> None:
    """Two jobs of one sentence have a schedule each."""
    prompt = "backup jam 2 dan laporan jam 7"
    schedules = [
        (prompt[span.start : span.end], span.job) for span in plan(prompt).explain if span.field == "schedule"
    ]
    (_, first), (_, second) = schedules
    assert [words for words, _ in schedules] == ["jam 2", "jam 7"]
    assert first is not None
    assert second not in {first, None}
