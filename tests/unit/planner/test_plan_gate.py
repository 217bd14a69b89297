"""The gate: a plan that does not follow a part of its sentence becomes a question.

The readers of these tests have one defect each: they do not see some words, or see others in their place. The
gate gets the wrong plans of such a reader, and has to doubt them by the reader's own answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from app.planner.language.effects import Reading
from app.planner.language.gate import MOST_PROBES, gated
from app.planner.language.pipeline import read_text
from app.planner.models import HOLDS, Draft, Note, NoteKind, PlanRequest
from tests.support.planner.planning import JAKARTA, TUESDAY_MORNING

Read = Callable[[PlanRequest], Reading]


def request(prompt: str) -> PlanRequest:
    now = datetime.fromisoformat(TUESDAY_MORNING)
    return PlanRequest(prompt, JAKARTA, now, deployment_timezone=JAKARTA, has_default_notify=True)


def doubts(draft: Draft) -> list[Note]:
    return [note for note in draft.notes if note.kind in HOLDS]


def reading_as(pattern: str, instead: str) -> Read:
    """Return a reader that takes some words for others, wherever they are in the plan."""

    def read(asked: PlanRequest) -> Reading:
        seen = read_text(replace(asked, prompt=re.sub(pattern, instead, asked.prompt)))
        own = read_text(asked)
        draft = replace(own.draft, jobs=seen.draft.jobs, requests=seen.draft.requests, notes=seen.draft.notes)
        return replace(own, draft=draft)

    return read


PLAIN = """
laporan jam 7
cek https://toko.example tiap 2 menit, kabari kalau mati
let me know when https://toko.example is down, check every 2 minutes
backup data toko seminggu 2x, Selasa dan Jumat
web antrian https://toko.example dipantau tiap menit
sertifikat https://toko.example kalau sisa 21 hari lagi habis kabari wa 081234567890
laporan tiap hari jam 7 kecuali Minggu
laporan tiap hari Senin sampai Jumat jam 8, tanggal merah libur
backup tiap malam jam 2, simpan 7 terakhir
daily report at 8
weekly backup every Wednesday
besok pagi jam 9 ingatkan saya bayar listrik
ingatkan bayar pajak tiap tanggal 10 jam 9 pagi
remind me every Friday at 4pm to send invoices
pantau telegram akun bot_a tiap 30 detik
pantau wa cs_1, cs_2 dan cs_3 tiap menit
pantau https://toko.example tiap 5 menit dari jam 8 sampai 20, Minggu libur
pantau https://toko.example tiap 5 menit, kalau mati 3 kali kabari wa 081234567890
cek https://toko.example tiap menit tapi jangan malam
jangan pantau telegram, cukup pantau whatsapp akun toko tiap menit
pantau slack bukan discord, akun dev tiap menit
laporan jangan tiap hari, cukup tiap Senin jam 7
laporan jam 7, eh salah, jam 8
kirim wa ke 0811 tiap Senin jam 8: jangan lupa absen, kecuali yang cuti
kirim wa ke 0811 besok jam 9 isinya stok gula habis
backup tiap hari jam 1 tapi Minggu jam 4
laporan tiap tanggal 25 jam 8, kalau libur majukan
tolong ya min, laporan mingguan tiap Jumat jam 5 sore, makasih
matikan laporan harian
jeda pantau toko_a sampai Senin
ganti laporan harian jadi jam 8
""".strip().splitlines()


@pytest.mark.parametrize("prompt", PLAIN)
def test_a_plan_that_follows_its_sentence_is_not_doubted(prompt: str) -> None:
    """Fillers, exceptions, corrections, limits, texts and words that say the same twice raise no question."""
    draft = gated(request(prompt))
    assert draft.jobs or draft.requests
    assert doubts(draft) == []


IGNORED = (
    ("laporan tiap hari jam 7 kecuali Minggu", r" kecuali Minggu", "Minggu"),
    ("backup tiap malam jam 2, tanggal merah libur", r", tanggal merah libur", "tanggal merah libur"),
    ("cek https://a.example tiap menit tapi jangan malam", r" tapi jangan malam", "malam"),
    ("report at 7 every day, not on Fridays", r", not on Fridays", "Fridays"),
    ("laporan tiap Senin jam 8", r" jam 8", "jam 8"),
    ("pantau https://a.example tiap 5 menit selama seminggu", r" selama seminggu", "selama seminggu"),
    ("laporan stok tiap hari jam 7", r" stok", "stok"),
)
FIGURES = (
    (
        "cek https://a.example tiap menit, kalau lebih dari 3 menit kabari wa 0811",
        r"\d+ menit",
        "5 menit",
        "3",
    ),
    ("kabari wa 0811 kalau https://a.example mati 4 menit", r"\d+ menit", "5 menit", "4"),
)


@pytest.mark.parametrize(("prompt", "pattern", "instead", "figure"), FIGURES)
def test_a_figure_that_may_be_any_is_asked_about(
    prompt: str, pattern: str, instead: str, figure: str
) -> None:
    """A reader that takes a figure for a fixed one plans the same with another figure."""
    assert doubts(gated(request(prompt))) == []
    assert any(
        f'"{figure}"' in note.text for note in doubts(gated(request(prompt), reading_as(pattern, instead)))
    )


@pytest.mark.parametrize(("prompt", "unread", "words"), IGNORED)
def test_a_part_that_changes_nothing_is_asked_about(prompt: str, unread: str, words: str) -> None:
    """A reader that does not see an exception, a time or a word leaves a plan that is the same without it."""
    draft = gated(request(prompt), reading_as(unread, ""))
    assert draft.jobs
    assert any(words in note.text for note in doubts(draft)), doubts(draft)


TURNED = (
    ("laporan jam 9 hari kerja, tanggal merah ga usah", r"hari kerja, tanggal merah ga usah", "akhir pekan"),
    ("backup jam 2 tiap hari, Minggu jangan", r"tiap hari, Minggu jangan", "tiap hari Minggu"),
    ("backup jam 2 tiap hari kecuali Sabtu", r"tiap hari kecuali Sabtu", "tiap Sabtu"),
    ("cek https://a.example tiap menit, malam libur", r", malam libur", " dari jam 18 sampai 24"),
    ("laporan jam 7 dan 9, yang jam 9 jangan", r" dan 9, yang jam 9 jangan", " dan 9"),
    ("report every day at 7, never on Mondays", r"every day at 7, never on", "at 7 on"),
)


@pytest.mark.parametrize(("prompt", "turned", "instead"), TURNED)
def test_an_exception_that_is_turned_round_is_asked_about(prompt: str, turned: str, instead: str) -> None:
    """A job may not fire at a time that its sentence denies."""
    draft = gated(request(prompt), reading_as(turned, instead))
    assert draft.jobs
    assert doubts(draft)


WRONG = (
    ("jangan hapus laporan harian", r"jangan ", ""),
    ("laporan harian jangan dimatikan", r"jangan ", ""),
    ("pantau wa toko_a dan toko_b tiap menit, toko_b jangan", r", toko_b jangan", ""),
    ("kirim laporan ke wa 0811, jangan telegram", r"wa 0811, jangan telegram", "telegram @bos"),
    ("pantau telegram akun bot_a tiap menit, maaf maksudnya bot_b", r", maaf maksudnya", " dan"),
)


@pytest.mark.parametrize(("prompt", "wrong", "instead"), WRONG)
def test_what_is_denied_and_done_is_asked_about(prompt: str, wrong: str, instead: str) -> None:
    """A denied change or target, and a correction of which both sides are in the plan."""
    draft = gated(request(prompt), reading_as(wrong, instead))
    assert draft.jobs or draft.requests
    assert doubts(draft)


MISTIMED = (
    ("ingatkan rapat tiap Senin jam 8", r"tiap Senin", "Senin ini"),
    ("remind me every Friday at 4pm to send invoices", r"every Friday", "this Friday"),
    ("laporan jam 9", r"jam 9", "tiap jam dari jam 18 sampai 23"),
    ("backup Sabtu ini jam 8", r"Sabtu ini", "mulai Sabtu ini"),
    ("cek https://a.example tiap menit besok", r"besok", "mulai besok"),
)


@pytest.mark.parametrize(("prompt", "words", "instead"), MISTIMED)
def test_a_schedule_of_another_kind_than_its_words_is_asked_about(
    prompt: str, words: str, instead: str
) -> None:
    """Once in place of each time, endless in place of a day, all through the day in place of an hour."""
    draft = gated(request(prompt), reading_as(words, instead))
    assert draft.jobs
    assert doubts(draft)


def test_a_new_time_that_differs_from_that_of_its_plan_is_asked_about() -> None:
    """A request and the job that it may replace are two readings of the same words."""

    def read(asked: PlanRequest) -> Reading:
        own, seen = read_text(asked), read_text(replace(asked, prompt="ganti backup jadi tiap 2 jam"))
        return replace(own, draft=replace(own.draft, jobs=seen.draft.jobs))

    prompt = request("ganti backup jadi tiap 4 jam")
    assert doubts(gated(prompt)) == []
    assert doubts(gated(prompt, read))


CUT = (
    ("ingatkan ambil paket ke tiap Jumat jam 3 sore", "ambil paket"),
    ("remind me to call the bank before every Friday at 4pm", "call the bank"),
    ("ingatkan eh salah bayar air tiap tanggal 5 jam 8", ""),
    ("ingatkan siapkan uang kontrakan sebelum tiap tanggal 14 jam 9", "siapkan uang kontrakan"),
    ("ingatkan bayar listrik tiap tanggal 20 jam 8", None),
    ("ingatkan makan malam tiap hari jam 7 malam", None),
    ("kirim wa ke 0811 tiap Senin jam 8: kumpul di", None),
    ('ingatkan "ambil paket di" tiap Jumat jam 3 sore', None),
)


@pytest.mark.parametrize(("prompt", "kept"), CUT)
def test_a_text_that_ends_in_the_middle_of_a_phrase_is_asked_about(prompt: str, kept: str | None) -> None:
    """A text in quotes or behind a mark may end as it likes; the first choice leaves that word out."""
    draft = gated(request(prompt))
    found = [note for note in doubts(draft) if note.choices or note.kind is NoteKind.QUESTION]
    assert (found == []) is (kept is None), doubts(draft)
    if kept:
        assert found[0].choices[0] == f'"{kept}"'


REFERENCES = (
    ("pantau wa toko_a1 dan toko_a2 tiap menit. eh yang a2 jangan", "toko_a2"),
    (
        "cek https://a1.example dan https://b2.example tiap 2 menit, yang b2 5 menit sekali",
        "https://b2.example",
    ),
)


@pytest.mark.parametrize(("prompt", "target"), REFERENCES)
def test_a_part_of_a_name_is_no_name(prompt: str, target: str) -> None:
    """A part that means a target of the plan is planned as that target, or asked about."""
    draft = gated(request(prompt))
    part = target.rsplit("_", maxsplit=1)[-1].rsplit("//", maxsplit=1)[-1].split(".", maxsplit=1)[0]
    named = any(job.inputs.get("account_id") == part for job in draft.jobs)
    assert doubts(draft) or not named


BACKGROUND = (
    "tolong jeda backup sampai Senin, servernya lagi dibenerin",
    "pause the https://stage.example monitor until Thursday, we're rebuilding",
    "laporan tiap hari jam 7, kantornya rame banget",
    "backup jam 2 tiap hari (gudangnya penuh)",
    "mak, ingatkan bayar listrik tiap tanggal 20 jam 8",
)
LIMITING = (
    "kalau https://a.example down buat laporan",
    "laporan tiap hari jam 7, kecuali pas rame",
    "backup jam 2 tiap hari, kalau gudangnya penuh",
    "laporan tiap hari jam 7. yang biru saja",
    "pantau telegram @toko tiap jam, kabari kalau tidak ada postingan baru",
    "cek https://a.example tiap 2 menit, kabari kalau tidak mati",
    "cek https://a.example tiap 2 menit, kalau mati tidak usah kabari",
    "cek https://a.example tiap 2 menit kalau https://b.example mati",
    "ingatkan bayar listrik tiap tanggal 20 jam 8, tagihannya numpuk",
)


@pytest.mark.parametrize("prompt", BACKGROUND)
def test_unknown_words_that_can_change_nothing_are_background(prompt: str) -> None:
    """A part without a value, a time, a text and an operator is a reason or a form of address."""
    draft = gated(request(prompt))
    assert draft.jobs or draft.requests
    assert doubts(draft) == []


@pytest.mark.parametrize("prompt", LIMITING[:-1])
def test_unknown_words_that_may_limit_are_a_doubt(prompt: str) -> None:
    """Beside an exception, a condition or "saja" they may change the plan."""
    assert gated(request(prompt)).doubts


ALTERNATIVES = (
    ("pantau telegram akun bot_a atau bot_b tiap menit", ("bot_a", "bot_b", "bot_a, bot_b")),
    ("ingatkan saya besok atau lusa jam 9 bayar pajak", ("besok", "lusa", "besok, lusa")),
    ("kirim wa ke 0811 atau 0812 besok jam 9: halo", ("0811", "0812", "0811, 0812")),
    ("laporan Senin atau Selasa jam 8", ()),
    ("report every day at 7 or 8", ()),
)


@pytest.mark.parametrize(("prompt", "choices"), ALTERNATIVES)
def test_one_of_two_values_is_meant(prompt: str, choices: tuple[str, ...]) -> None:
    """A plan of both sides of "atau" is asked about, with each side and both as choices."""
    (question,) = doubts(gated(request(prompt)))
    assert (question.kind, question.choices) == (NoteKind.QUESTION, choices)


NAMES = (
    ("pantau telegram akun dipantau tiap menit", True),
    ("pantau telegram akun info tiap menit", False),
    ("pantau telegram akun backup_bot tiap menit", False),
)


@pytest.mark.parametrize(("prompt", "is_doubted"), NAMES)
def test_a_name_that_is_a_verb_is_asked_about(prompt: str, is_doubted: bool) -> None:
    """The name of an account may be any word but a verb or an operator of the planner's vocabulary."""
    draft = gated(request(prompt))
    assert draft.jobs
    assert bool(doubts(draft)) is is_doubted


@pytest.mark.parametrize(
    "prompt",
    [
        "ingetin aku besok jam 6 ambil cucian... eh ga usah, udh diambil",
        "besok jam 8 ingetin beli plastik, jam 10 setor bank, eh yg plastik gak usah deh",
        "jangan sampe ada yg hapus laporan harian ya",
        "report hariannya ga usah dikirim dulu smpe jam 9",
        "kirim laporan tiap hari jam 8 malem, eh kemaleman, jam 7 malem aja",
        "ingatkan setor 1,5jt bukan lusa tp besok jam 2 siang",
        "pantau wa sales_a tiap menit sekalian forward semua chat masuknya ke email gue",
    ],
)
def test_a_denial_that_nothing_follows_is_asked_about(prompt: str) -> None:
    """It stands alone, behind a verb of sending, or between two values; a word is no address of a mail."""
    assert any(note.kind is NoteKind.QUESTION for note in gated(request(prompt)).notes)


UNCLEAR = (
    ("jalanin backup sekarang dong, mau dilihat bos", None),
    ("ingetin dia besok jam 9 bayar utang", "Who is"),
    ("ingatkan aku besok dia ulang tahun", None),
    ("wa akun gudang pantau tiap menit, tele juga 10 menit", "Which account"),
    ("remind me tomorrow at 8 to reboot the router on rack-7", None),
    ("ping https://a.example tiap 30 detik, kalau lebih dari 2 detik kabari wa 0811", "how slow"),
    ("cek https://a.example tiap 30 detik, kalau mati 2 menit kabari wa 0811", None),
    ("kirim laporan jam 7 pagi sama jam 5 sore, yg sore ga usah pas weekend", "Which one"),
    ("backup harian jam 1 malam, tapi tiap minggu simpan 4 aja", "Two jobs"),
    ("laporan jam 7 tiap hari, mulai senin depan jam 8", "Two jobs"),
    ("send report every day at 7 unless it's a holiday, then at 9", "Two jobs"),
    ("mon-wed-fri 7am report, tue-thu 8am report", None),
    ('tiap hari jam 8 kirim "buka" ke wa 0811, trus jam 21 kirim "tutup" ke nomor itu', "When exactly"),
    ('tiap hari jam 8 kirim "buka" ke wa 0811, besok jam 21 kirim "tutup" ke wa 0811', None),
    ("jangan matiin backup malam, matiin yang mingguan aja", "changes nothing"),
    ("every Friday at 2pm remind me about the dinner at Bu Rina's", None),
)


@pytest.mark.parametrize(("prompt", "text"), UNCLEAR)
def test_a_plan_that_no_sentence_means_is_asked_about(prompt: str, text: str | None) -> None:
    """A recipient "him", a delay under the pace of its monitor, one job beside another of the same days."""
    draft = gated(request(prompt))
    asked = [str(note.text) for note in draft.notes if note.kind is NoteKind.QUESTION]
    assert (asked == []) is (text is None), asked
    if text:
        assert draft.language == "id" or text in asked[0]


def test_a_question_about_an_exception_offers_both_readings() -> None:
    """The choices are words that take the place of the doubtful ones."""
    draft = gated(
        request("cek https://a.example tiap menit, malam libur"),
        reading_as(", malam libur", " dari jam 18 sampai 24"),
    )
    (question,) = [note for note in draft.notes if note.kind is NoteKind.QUESTION]
    assert question.choices == ("kecuali malam", "hanya malam")
    assert question.span is not None
    assert draft.prompt[question.span.start : question.span.end] == "malam"


def test_the_doubt_is_one_of_the_job() -> None:
    """So that the preview shows it at the job, and the job waits for an answer."""
    draft = gated(request("laporan stok tiap hari jam 7"), reading_as(" stok", ""))
    (job,) = draft.jobs
    assert [note.kind for note in job.notes if note.kind in HOLDS] == [NoteKind.UNREAD]


def test_a_sentence_with_too_many_exceptions_is_asked_about() -> None:
    """Each one costs a plan, so more of them than probes is a question of its own."""
    parts = ", ".join(f"laporan tiap hari jam {hour} kecuali Minggu" for hour in range(MOST_PROBES + 2))
    assert doubts(gated(request(parts)))


def test_a_long_prompt_costs_no_more_than_some_plans_of_its_sentences() -> None:
    """Probes of a long prompt read one sentence each."""
    lengths: list[int] = []

    def read(asked: PlanRequest) -> Reading:
        lengths.append(len(asked.prompt))
        return read_text(asked)

    text = "\n".join(f"laporan tiap hari jam {hour} kecuali Minggu." for hour in range(1, 11))
    gated(request(text), read)
    assert lengths[0] == len(text)
    assert max(lengths[1:]) < 60
    assert len(lengths) <= 2 * MOST_PROBES + 1
