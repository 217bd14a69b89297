"""Clauses: which times, targets and limits belong to which wish."""

from __future__ import annotations

import pytest

from app.planner.language.clauses.assemble import ClauseAssembler
from app.planner.language.clauses.clause import ParsedClauses, split_chunks
from app.planner.language.clauses.items import read_items
from app.planner.language.clauses.names import read_names
from app.planner.language.clauses.texts import mark_texts
from app.planner.language.tokens.lexemes import Lexemes, lexemes_of
from app.planner.language.tokens.tokens import tokenize


def _lexemes(prompt: str) -> Lexemes:
    return mark_texts(prompt, lexemes_of(prompt, tokenize(prompt)))


def _reading(prompt: str) -> ParsedClauses:
    lexemes = _lexemes(prompt)
    return ClauseAssembler().assemble(split_chunks(read_items(lexemes), [lexeme.text for lexeme in lexemes]))


def _kinds(prompt: str) -> list[str]:
    return [clause.kind for clause in _reading(prompt).clauses]


WISHES = (
    ("pantau telegram tiap menit dan buat laporan", ["watch", "report"]),
    ("laporan jam 6, backup jam 23, pantau akun bot_x9", ["report", "backup", "watch"]),
    ("tiap jam 7 laporan, tiap jam 2 backup", ["report", "backup"]),
    ("laporan jam 7 backup jam 2", ["report", "backup"]),
    ("cek https://a.example tiap menit, kalau mati kabari wa 6281", ["watch"]),
    ("pastikan backup jalan tiap malam", ["backup"]),
    ("laporan backup jam 7", ["report"]),
    ("kirim pesan backup selesai ke wa 6281", ["message"]),
    ("ingatkan saya untuk cek laporan tiap senin", ["message"]),
    ("buat laporan jam 7 lalu kirim hasilnya ke email a@b.co", ["report"]),
    ('kirim wa ke 6281200 tiap tanggal 28: "tagihan", lalu backup jam 2', ["message", "backup"]),
    ("https://a.example tiap 5 menit", ["watch"]),
)


@pytest.mark.parametrize(("prompt", "kinds"), WISHES)
def test_prompt_is_cut_into_its_wishes(prompt: str, kinds: list[str]) -> None:
    """Every wish is one clause, and what only limits or sends on another is none."""
    assert _kinds(prompt) == kinds


def test_items_cover_every_lexeme_once() -> None:
    """Nothing of a sentence is lost or read twice on its way into items."""
    lexemes = _lexemes(
        '1) cek https://a.example tiap 5 menit, harus 200; kirim "halo" ke telegram chat 12345 jam 7 pagi'
    )
    covered = [at for item in read_items(lexemes) for at in range(item.first, item.last)]
    assert covered == list(range(len(lexemes)))


NAMES: tuple[tuple[str, list[str]], ...] = (
    ("akun telegram bot_c11 dan bot_c12", ["bot_c11/account", "bot_c12/account"]),
    ("akun ops, sales, dan cabang tiap menit", ["ops/account", "sales/account", "cabang/account"]),
    ("akun a tiap menit dan akun b", ["a/account", "b/account"]),
    ("akun @toko", ["toko/account"]),
    ("the ops account on slack", ["ops/account"]),
    ("akun saya tiap menit", []),
    ("akun telegram tiap 30 detik", []),
    ("ke telegram chat 12345", ["12345/chat"]),
    ("ke telegram 12345", ["12345/chat"]),
    ("ke slack channel manajemen", ["manajemen/chat"]),
    ("ke slack manajemen", ["manajemen/chat"]),
    ("ke @budi via wa", ["@budi/"]),
    ("grup telegram ops-team", ["ops-team/chat"]),
    ("telegram 30 detik", []),
    ("akun 6281234567890", ["6281234567890/account"]),
)


@pytest.mark.parametrize(("words", "wanted"), NAMES)
def test_name_is_what_its_mark_leads_to(words: str, wanted: list[str]) -> None:
    """Names follow their markers, go on in lists, and stop at the next clause."""
    names = [item.name for item in read_names(_lexemes(words)) if item.name]
    assert [f"{name.text}/{name.mark}" for name in names] == wanted


TEXTS = (
    ("ingatkan saya untuk bayar listrik tiap tanggal 20", "bayar listrik"),
    ("remind me to drink water every hour on telegram", "drink water"),
    ("remind me at 5pm to call Bob at 6", "call Bob at 6"),
    ("kirim wa ke 6281200: tagihan jatuh tempo jam 9", "tagihan jatuh tempo jam 9"),
    ("kirim wa ke 6281200: tagihan. Lalu backup jam 2", "tagihan. Lalu backup jam 2"),
    ("send a message to slack channel ops saying the server restarts", "the server restarts"),
)


@pytest.mark.parametrize(("prompt", "text"), TEXTS)
def test_unquoted_message_is_one_text(prompt: str, text: str) -> None:
    """The words of a message are one text; only that of a reminder ends before its time and its channel."""
    assert [lexeme.raw for lexeme in _lexemes(prompt) if lexeme.kind == "text"] == [text]


def test_wish_that_no_job_fulfils_is_left_over() -> None:
    """A foreign request is kept apart with its own time, which no other clause inherits."""
    reading = _reading("laporan jam 7 dan beli pulsa jam 9")
    assert [clause.kind for clause in reading.clauses] == ["report"]
    assert len(reading.leftovers) == 1


REFUSED = (
    ("jangan pantau telegram, cukup whatsapp akun a_1", [False]),
    ("jangan pantau telegram dan whatsapp", [True]),
    ("stop the backup and the report", [True, True]),
    ("don't forget the backup", [False]),
)


@pytest.mark.parametrize(("prompt", "refused"), REFUSED)
def test_refusal_reaches_as_far_as_it_is_meant(prompt: str, refused: list[bool]) -> None:
    """A negation or a stop holds for its clause and what is joined to it, not beyond "cukup"."""
    assert [bool(clause.operator) for clause in _reading(prompt).clauses] == refused
