"""Folding and tokens: recognised units, and their position in the prompt."""

from __future__ import annotations

import pytest

from app.planner.language.tokens.tokens import fold, normalized, tokenize


def _kinds(prompt: str) -> list[tuple[str, str]]:
    return [(token.kind, token.raw) for token in tokenize(prompt)]


def test_folding_keeps_the_way_back_to_what_was_typed() -> None:
    """Each folded character knows its code points in the prompt, even after drops and expansions."""
    prompt = "Caf\u00e9\u200b ﬁx \u201cOK\u201d"
    folded = fold(prompt)
    assert folded.text == "cafe fix “ok”"
    start = folded.text.index("fix")
    assert prompt[folded.starts[start] : folded.ends[start + 2]] == "ﬁx"


def test_normalized_prompt_is_lower_case_with_single_spaces() -> None:
    """The normalised prompt reads as one line of plain lower-case text."""
    assert normalized("  PANTAU\u00a0Telegram\n\tTIAP  30 detik ") == "pantau telegram tiap 30 detik"


def test_tokens_have_their_position_in_code_points() -> None:
    """A token's place counts code points, so an emoji before it counts as one."""
    token = tokenize("🙏 backup")[1]
    assert (token.start, token.end, token.raw) == (2, 8, "backup")


ATOMS = (
    ("cek https://a.example/x?y=1. Lalu", "url", "https://a.example/x?y=1"),
    ("cek (https://a.example/b)", "url", "https://a.example/b"),
    ("cek https://a.example/a_(b)", "url", "https://a.example/a_(b)"),
    ("cek https://a.example,https://b.example", "url", "https://a.example"),
    ("cek situs toko.example/status", "www", "toko.example/status"),
    ("ke bos@toko.co.id", "email", "bos@toko.co.id"),
    ("akun @toko_budi", "handle", "@toko_budi"),
    ("ke #general", "hash", "#general"),
    ("ke +62 812-0000-1111", "phone", "+62 812-0000-1111"),
    ("chat -100778899", "negative", "-100778899"),
    ("akun Ops-01.Backup di slack", "id", "Ops-01.Backup"),
    ("akun sales.team", "id", "sales.team"),
    ("cek 10.0.0.8", "www", "10.0.0.8"),
    ("jam 07.30", "clock", "07.30"),
    ("tiap 1.000 detik", "thousands", "1.000"),
    ("tiap 1,5 jam", "decimal", "1,5"),
    ("pada 2026-12-05", "isodate", "2026-12-05"),
    ("tanggal 5/12/2026", "date", "5/12/2026"),
    ("jam 9 Europe/Berlin", "zone", "Europe/Berlin"),
    ("jam 9 UTC+7", "zone", "UTC+7"),
    ("senin s/d jumat", "until", "s/d"),
    ('kirim "jam 3: halo"', "quote", "jam 3: halo"),
    ("kirim 'stok habis'", "quote", "stok habis"),
    ("kirim “Selamat pagi!”", "quote", "Selamat pagi!"),
    ("kirim 'it's late'", "quote", "it's late"),
)


@pytest.mark.parametrize(("prompt", "kind", "raw"), ATOMS)
def test_atom_is_recognised_whole(prompt: str, kind: str, raw: str) -> None:
    """Quotes, addresses, names, figures and times are one token each, as typed."""
    assert (kind, raw) in _kinds(prompt)


RUNS = (
    ("30s", [("number", "30"), ("word", "s")]),
    ("7am", [("number", "7"), ("word", "am")]),
    ("1h30m", [("number", "1"), ("word", "h"), ("number", "30"), ("word", "m")]),
    ("tiap5menit", [("word", "tiap"), ("number", "5"), ("word", "menit")]),
    ("jam7", [("word", "jam"), ("number", "7")]),
    ("tiap2", [("word", "tiap")]),
    ("7an", [("number", "7")]),
    ("8-17", [("number", "8"), ("mark", "-"), ("number", "17")]),
    ("senin-jumat", [("word", "senin"), ("mark", "-"), ("word", "jumat")]),
    ("twenty-five", [("word", "twenty"), ("mark", "-"), ("word", "five")]),
    ("menit.Terus", [("word", "menit"), ("mark", "."), ("word", "Terus")]),
    ("back-up", [("word", "back-up")]),
    ("siapa-siapa", [("word", "siapa-siapa")]),
    ("don't", [("word", "don't")]),
    ("toko-maju", [("id", "toko-maju")]),
    ("bot_a01", [("id", "bot_a01")]),
    ("telegram/whatsapp", [("word", "telegram"), ("mark", "/"), ("word", "whatsapp")]),
)


@pytest.mark.parametrize(("run", "wanted"), RUNS)
def test_run_is_split_if_it_is_no_name(run: str, wanted: list[tuple[str, str]]) -> None:
    """A run of letters and digits is split if every part of it is known; else it is a name."""
    assert _kinds(run) == wanted


@pytest.mark.parametrize("bullet", ["-", "*", "•", "·"])
def test_list_in_an_open_bracket_comes_to_its_end(bullet: str) -> None:
    """The signs of a list are bullets there too; only a figure before a bracket is an amount."""
    assert _kinds(f"(\n  {bullet} cek") == [
        ("mark", "("),
        ("line", "\n"),
        ("bullet", f"  {bullet}"),
        ("word", "cek"),
    ]
    assert _kinds("(simpan 5)")[2:] == [("number", "5"), ("mark", ")")]


def test_name_after_account_stays_whole() -> None:
    """Right after the word account nothing is split, even if every part is a known word."""
    assert _kinds("akun senin-jumat")[1] == ("id", "senin-jumat")
    assert _kinds("akun telegram back.up")[2] == ("id", "back.up")
