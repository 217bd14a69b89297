"""Typed notes of a plan: their kinds, and the words that they are about."""

from __future__ import annotations

import pytest

from app.planner.models import DOUBTS, NoteKind
from tests.support.planner.planning import plan

KINDS = [
    ("laporan jam 25", NoteKind.REFUSAL, "jam 25"),
    ("pantau instagram akun toko tiap menit", NoteKind.REFUSAL, "instagram"),
    ("laporan gudang jam 8", NoteKind.UNREAD, "gudang"),
    ("pantau telegram akun a tiap 5 menit jam 7", NoteKind.CONFLICT, None),
    ("cek situs tiap menit", NoteKind.QUESTION, "situs"),
]


@pytest.mark.parametrize(("prompt", "kind", "words"), KINDS)
def test_notes_have_a_kind_and_the_words(prompt: str, kind: NoteKind, words: str | None) -> None:
    """A doubt is of the kind that fits, and its span is the words that it is about."""
    notes = [note for note in plan(prompt).notes if note.kind is kind]
    spans = [prompt[note.span.start : note.span.end] for note in notes if note.span]
    assert spans == [words] if words else notes


def test_plain_sentence_has_assumptions_and_no_doubt() -> None:
    """What was not said is an assumption, and a plan of plain words has no doubt."""
    draft = plan("backup tiap hari")
    assert draft.doubts == frozenset()
    assert draft.warnings == ()
    assert {note.kind for note in draft.notes} == {NoteKind.ASSUMPTION}
    assert not DOUBTS & {NoteKind.ENVIRONMENT, NoteKind.ASSUMPTION}
