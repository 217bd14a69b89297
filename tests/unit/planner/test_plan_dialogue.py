"""Answers and changes in words, put into the prompt that they are about."""

from __future__ import annotations

import pytest

from app.planner.language.dialogue import answered, changed, refers_back
from app.planner.models import PromptSpan
from tests.support.planner.planning import lines

CHANGED = [
    ("laporan tiap hari jam 6", "yang tadi jadiin jam 8 ya", "report [0 8 * * *]"),
    ("laporan tiap hari jam 6", "ganti jam 8", "report [0 8 * * *]"),
    ("backup every day at 3am.", "make it 5am", "backup [0 5 * * *]"),
    ("backup tiap hari jam 3", "the last one at 4", "backup [0 4 * * *]"),
    ("pantau wa akun toko_d tiap menit", "maksudnya akun toko_e", "watch whatsapp/toko_e 60s"),
]


@pytest.mark.parametrize(("prompt", "change", "wanted"), CHANGED)
def test_change_in_words_replaces_what_it_names(prompt: str, change: str, wanted: str) -> None:
    """The rules read the prompt and its change as one sentence with a correction."""
    assert lines(changed(prompt, change)) == [wanted]


def test_change_comes_before_the_text_of_a_message() -> None:
    """A text is data to its end, so nothing may be added to it."""
    prompt = changed("kirim wa ke 0811 besok jam 9: pesanan jadi", "yang tadi jadiin jam 8")
    assert prompt == "kirim wa ke 0811 besok jam 9, eh jam 8: pesanan jadi"


def test_addition_is_no_correction() -> None:
    """A further wish is added, and what was wanted before stays."""
    assert changed("backup jam 3", "tambah laporan jam 7") == "backup jam 3, tambah laporan jam 7"


def test_answer_takes_the_place_of_the_words_in_question() -> None:
    """An unknown name is replaced by its address; an answer without a place comes first."""
    prompt = "kirim wa ke Bu Lina besok jam 9: pesanan jadi"
    span = PromptSpan(prompt.index("Bu Lina"), prompt.index(" besok"))
    assert answered(prompt, " 0819 ", span) == "kirim wa ke 0819 besok jam 9: pesanan jadi"
    assert answered("ingatkan saya: bayar listrik", "besok jam 8", None).startswith("besok jam 8 ingatkan")


@pytest.mark.parametrize(
    ("text", "back"), [("jadi jam 8", True), ("yg tadi Senin aja", True), ("0819", False)]
)
def test_words_that_refer_back_are_a_change(text: str, *, back: bool) -> None:
    """An address answers the question; "yang tadi" speaks of the plan."""
    assert refers_back(text) is back


def test_change_without_words_changes_nothing() -> None:
    """A bare verb names nothing."""
    assert changed("backup jam 3", "ganti") == "backup jam 3"
