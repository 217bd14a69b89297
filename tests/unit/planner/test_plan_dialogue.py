"""Answers and changes in words, put into the prompt that they are about."""

from __future__ import annotations

import pytest

from app.planner.language.dialogue import answered, changed, new_text, place_of_changes, refers_back
from app.planner.models import Note, NoteKind, PromptSpan
from tests.support.planner.planning import lines, plan

CHANGED = [
    ("laporan tiap hari jam 6", "yang tadi jadiin jam 8 ya", "report [0 8 * * *]"),
    ("laporan tiap hari jam 6", "ganti jam 8", "report [0 8 * * *]"),
    ("backup every day at 3am.", "make it 5am", "backup [0 5 * * *]"),
    ("backup tiap hari jam 3", "the last one at 4", "backup [0 4 * * *]"),
    ("laporan jam 7 dan backup jam 2", "laporannya gak usah", "backup [0 2 * * *]"),
    ("laporan jam 7 dan backup jam 2", "gak usah laporan", "backup [0 2 * * *]"),
    ("cek https://b.example tiap menit", "kesering, tiap 5 menit aja", "page https://b.example 300s"),
    ("backup every day at 1am", "too early, make it 3am", "backup [0 3 * * *]"),
    ("pantau wa akun toko_d tiap menit", "maksudnya akun toko_e", "watch whatsapp/toko_e 60s"),
]


@pytest.mark.parametrize(("prompt", "change", "wanted"), CHANGED)
def test_change_in_words_replaces_what_it_names(prompt: str, change: str, wanted: str) -> None:
    """The rules read the prompt and its change as one sentence with a correction."""
    assert lines(changed(prompt, change, len(prompt))) == [wanted]


MESSAGES = [
    ("kirim wa ke 0811 besok jam 9: pesanan jadi", "kirim wa ke 0811 besok jam 9, eh jam 8: pesanan jadi"),
    ("tiap hari jam 8 ingatkan saya bayar listrik", "tiap hari jam 8, eh jam 8, ingatkan saya bayar listrik"),
    ("kirim wa ke 0811: halo", "kirim wa ke 0811, eh jam 8: halo"),
    ("kirim wa ke 0811 'halo' jam 9", "kirim wa ke 0811 'halo' jam 9, eh jam 8"),
]


@pytest.mark.parametrize(("prompt", "wanted"), MESSAGES)
def test_change_comes_before_the_text_of_a_message(prompt: str, wanted: str) -> None:
    """A text is data to its end, so nothing may be added to it."""
    draft = plan(prompt)
    texts = [job.inputs["text"] for job in draft.jobs]
    times = [span for span in draft.explain if span.role == "time"]
    assert changed(prompt, "jadiin jam 8", place_of_changes(prompt, texts, times)) == wanted


def test_addition_is_no_correction() -> None:
    """A further wish is added, and what was wanted before stays."""
    assert changed("backup jam 3", "tambah laporan jam 7", 12) == "backup jam 3, tambah laporan jam 7"


def test_answer_takes_the_place_of_a_priority_that_does_not_exist() -> None:
    """The "5" of "prioritas 5" is gone, so that nothing of the answered sentence is unread."""
    prompt = "backup jam 2 prioritas 5"
    (question,) = [note for note in plan(prompt).notes if note.kind is NoteKind.QUESTION]
    sentence = answered(prompt, "high", question)
    assert sentence == "backup jam 2 prioritas high"
    assert plan(sentence).doubts == frozenset()


ANSWERED = [
    ("cek situs tiap 10 menit", "https://b.example", "page https://b.example 600s"),
    ("ingatkan saya bayar listrik", "besok jam 8", "send 'bayar listrik' @2026-11-25T08:00"),
    ("cek tiap menit", "https://a.example", "page https://a.example 60s"),
    ("kirim wa ke 0811", "halo: apa kabar?", "send 'halo: apa kabar?' whatsapp:0811 now"),
]


@pytest.mark.parametrize(("prompt", "answer", "wanted"), ANSWERED)
def test_answer_takes_the_place_that_the_question_names(prompt: str, answer: str, wanted: str) -> None:
    """With the answer the rules read the sentence as if it had been complete."""
    draft = plan(prompt)
    assert draft.jobs == ()
    (question,) = [note for note in draft.notes if note.kind is NoteKind.QUESTION]
    assert lines(answered(prompt, answer, question)) == [wanted]


@pytest.mark.parametrize(
    ("text", "back"), [("jadi jam 8", True), ("yg tadi Senin aja", True), ("0819", False)]
)
def test_words_that_refer_back_are_a_change(text: str, *, back: bool) -> None:
    """An address answers the question; "yang tadi" speaks of the plan."""
    assert refers_back(text) is back


def test_change_without_words_changes_nothing() -> None:
    """A bare verb names nothing."""
    assert changed("backup jam 3", "ganti", 12) == "backup jam 3"


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("yang Hartono", "kirim wa ke Pak Budi Hartono: x"),
        ("pak budi santoso", "kirim wa ke Pak Budi Santoso: x"),
        ("0811", "kirim wa ke 0811: x"),
        ("Budi", "kirim wa ke Budi: x"),
        ("dua-duanya", "kirim wa ke semua pak budi: x"),
    ],
)
def test_answer_may_name_a_choice_in_part(answer: str, wanted: str) -> None:
    """One choice that has all its words is meant; words for all of them stay with what was asked about."""
    prompt = "kirim wa ke pak budi: x"
    choices = ("Pak Budi Santoso", "Pak Budi Hartono")
    asked = Note(NoteKind.QUESTION, "which?", PromptSpan(12, 20), choices=choices)
    assert answered(prompt, answer, asked) == wanted


@pytest.mark.parametrize(
    ("change", "text"),
    [("ganti teksnya jadi: setor kas ya", "setor kas ya"), ("text: Hi all", "Hi all"), ("jadi jam 8", "")],
)
def test_change_may_give_another_text(change: str, text: str) -> None:
    """The new text is data, too."""
    assert new_text(change) == text
