"""Speech acts: only wishes plan; reports, complaints, questions, thanks and withdrawals do not."""

from __future__ import annotations

import pytest

from app.planner.models import Certainty, NoteKind
from tests.support.planner.planning import Row, line, plan

WISHES: tuple[Row, ...] = (
    (
        "kemarin backup gagal, tolong backup tiap jam 2",
        "backup [0 2 * * *]",
    ),
    (
        "kemarin backup gagal tolong backup tiap jam 2",
        "backup [0 2 * * *]",
    ),
    (
        "kemarin backup gagal jadi backup tiap jam 2 ya",
        "backup [0 2 * * *]",
    ),
    (
        "backup tiap jam 2 soalnya kemarin gagal",
        "backup [0 2 * * *]",
    ),
    (
        "tadi pagi wa toko_a mati, pantau tiap menit dong",
        "watch whatsapp/toko_a 60s",
    ),
    (
        "wa toko_a sering mati, tolong pantau tiap 5 menit",
        "watch whatsapp/toko_a 300s",
    ),
    (
        "laporan telat terus, kirim laporan tiap hari jam 6 aja",
        "report [0 6 * * *]",
    ),
    (
        "karena kemarin gagal, backup tiap jam 3",
        "backup [0 3 * * *]",
    ),
    (
        "bisa kirim laporan tiap hari jam 6 gak?",
        "report [0 6 * * *]",
    ),
    (
        "bisa gak backup tiap malam jam 1?",
        "backup [0 1 * * *]",
    ),
    (
        "laporan jam 7 aja kok",
        "report [0 7 * * *]",
    ),
    (
        "tolong laporan jam 7 dong, kemarin lupa",
        "report [0 7 * * *]",
    ),
    (
        "sudah waktunya backup tiap malam jam 2",
        "backup [0 2 * * *]",
    ),
    (
        "udah, backup jam 2 aja",
        "backup [0 2 * * *]",
    ),
    (
        "makasih, laporan jam 7 ya",
        "report [0 7 * * *]",
    ),
    (
        "makasih ya, tolong backup tiap jam 2",
        "backup [0 2 * * *]",
    ),
    (
        "tolong backup jam 2, makasih",
        "backup [0 2 * * *]",
    ),
    (
        "pantau wa toko_a tiap menit, kabari wa 0811 kalau mati",
        "watch whatsapp/toko_a 60s notify=whatsapp:0811",
    ),
    (
        "cek https://a.example tiap menit, kalau gagal kabari wa 0811",
        "page https://a.example 60s notify=whatsapp:0811",
    ),
    (
        "kirim wa ke 0811: backup tadi malam gagal",
        "send 'backup tadi malam gagal' whatsapp:0811 now",
    ),
    (
        'kirim wa ke 0811 "laporan jam 7 kok belum masuk?" besok jam 8',
        "send 'laporan jam 7 kok belum masuk?' whatsapp:0811 @2026-11-25T08:00",
    ),
    (
        "kirim wa ke 0811 bahwa laporan kemarin gagal",
        "send 'laporan kemarin gagal' whatsapp:0811 now",
    ),
    (
        'ingatkan saya tiap senin jam 9 "sudah backup belum?"',
        "send 'sudah backup belum?' [0 9 * * 1]",
    ),
    (
        "mau laporan tiap hari jam 7",
        "report [0 7 * * *]",
    ),
    (
        "saya mau laporan jam 7 tiap hari",
        "report [0 7 * * *]",
    ),
    (
        "saya butuh backup tiap malam jam 1",
        "backup [0 1 * * *]",
    ),
    (
        "pengen dipantau wa akun toko_a tiap menit",
        "watch whatsapp/toko_a 60s",
    ),
    (
        "pantau telegram akun error_bot tiap menit",
        "watch telegram/error_bot 60s",
    ),
    (
        "pantau wa akun gagal_bayar tiap 5 menit",
        "watch whatsapp/gagal_bayar 300s",
    ),
    (
        "monitor https://a.example/failed every 5 minutes",
        "page https://a.example/failed 300s",
    ),
    (
        "backup jam 2 aja, yang jam 3 kesiangan",
        "backup [0 2 * * *]",
    ),
    (
        "eh gak jadi, laporan jam 8 aja",
        "report [0 8 * * *]",
    ),
    (
        "pantau wa toko_a tiap menit, eh batal, laporan jam 8 aja",
        "report [0 8 * * *]",
    ),
    (
        "halo min, udah makan? tolong laporan jam 7",
        "report [0 7 * * *]",
    ),
    (
        "semalam mati lampu, tolong pantau https://a.example tiap menit",
        "page https://a.example 60s",
    ),
    (
        "backup yesterday failed, please back up every night at 2",
        "backup [0 2 * * *]",
    ),
    (
        "the backup failed last night so back up every night at 1",
        "backup [0 1 * * *]",
    ),
    (
        "back up every night at 1 because it failed yesterday",
        "backup [0 1 * * *]",
    ),
    (
        "telegram account bot_a keeps dying, please monitor it every minute",
        "watch telegram/bot_a 60s",
    ),
    (
        "why not back up every night at 1?",
        "backup [0 1 * * *]",
    ),
    (
        "could you send the report at 7 every day?",
        "report [0 7 * * *]",
    ),
    (
        "can you please back up at 2am daily?",
        "backup [0 2 * * *]",
    ),
    (
        "thanks, send the report at 7",
        "report [0 7 * * *]",
    ),
    (
        "thanks in advance, please send the report at 7",
        "report [0 7 * * *]",
    ),
    (
        "send the report at 7, thanks",
        "report [0 7 * * *]",
    ),
    (
        "tell me on telegram if https://a.example went down",
        "page https://a.example 60s notify=telegram",
    ),
    (
        "notify slack channel ops when https://a.example crashes, check every minute",
        "page https://a.example 60s notify=slack:ops",
    ),
    (
        'send "the backup failed last night" to slack channel ops at 9',
        "send 'the backup failed last night' slack:ops @2026-11-25T09:00",
    ),
    (
        "send whatsapp to 0811 at 9: the report was late",
        "send 'the report was late' whatsapp:0811 @2026-11-25T09:00",
    ),
    (
        "remind me every Monday at 9 to check what failed",
        "send 'check what failed' [0 9 * * 1]",
    ),
    (
        "I want a report every day at 7",
        "report [0 7 * * *]",
    ),
    (
        "I'd like a backup at 2 every night",
        "backup [0 2 * * *]",
    ),
    (
        "we need a daily report at 8",
        "report [0 8 * * *]",
    ),
    (
        "it's time to back up every night at 2",
        "backup [0 2 * * *]",
    ),
    (
        "back up on the last Friday of every month at 11pm",
        "backup [FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=23;BYMINUTE=0]",
    ),
    (
        "let's do a report at 7 daily",
        "report [0 7 * * *]",
    ),
    (
        "report at 8 instead, 7 was too early",
        "report [0 8 * * *]",
    ),
    (
        "laporan jam 8 aja, jam 7 kepagian",
        "report [0 8 * * *]",
    ),
    (
        "cek apakah https://a.example masih jalan tiap menit",
        "page https://a.example 60s",
    ),
    (
        "pastikan backup jalan tiap jam 2",
        "backup [0 2 * * *]",
    ),
    (
        "make sure https://a.example is up, check it every minute",
        "page https://a.example 60s",
    ),
    (
        "laporan selesai kerja jam 5 sore",
        "report [0 17 * * *]",
    ),
    (
        "coba pantau wa toko_a tiap 2 menit, kemarin sempat putus",
        "watch whatsapp/toko_a 120s",
    ),
    (
        "lapor tiap pagi jam 7, kemarin gak ada laporan",
        "report [0 7 * * *]",
    ),
    (
        "please monitor whatsapp account x every minute, it was down yesterday",
        "watch whatsapp/x 60s",
    ),
    (
        "min wa nya mati mulu, pantau wa akun toko_b tiap menit ya",
        "watch whatsapp/toko_b 60s",
    ),
)
"""Wishes that look like a report of the past or a complaint, or come with one."""
NO_WISHES = (
    # Of the last part, politeness is all.
    "that cert alarm last night was a false positive, all good",
    "alarm kemarin salah, makasih ya",
    "backup nya sukses kan?",
    "the report never arrives on mondays",
    "every monday the report is late",
    "kayaknya telegram bot_a mati deh",
    "can you check why the backup failed?",
    "backup terakhir kapan ya",
    "bos laporan pagi ini kok belum nyampe di wa",
    "udah 3 hari laporan gak dikirim",
    "has telegram account bot_a been down today?",
    "we got the report at 9 instead of 7 today",
    "any idea why the report was empty?",
    "kemarin backup jam 2 gagal",
    "tadi pagi backup gagal lagi",
    "saya sudah backup tadi malam jam 2",
    "udah backup kok tadi jam 2",
    "backup semalam jam 2 gagal terus",
    "kok laporan jam 7 gak masuk ya",
    "kok laporan jam 7 belum masuk?",
    "laporan jam 6 kok belum masuk?",
    "laporan jam 7 gak nyampe lagi",
    "laporan tiap hari jam 7 telat terus",
    "kenapa laporan tadi pagi tidak terkirim",
    "backup jam 2 tadi malam sudah selesai",
    "laporannya udah dikirim jam 7 tadi",
    "barusan wa toko_a mati",
    "tadi pagi wa mati 5 menit",
    "wa toko_a mati terus tiap malam",
    "https://toko.example down sejak subuh",
    "websitenya https://toko.example error terus",
    "telegram akun cs_1 putus semalam",
    "aku udah bikin laporan kemarin jam 5",
    "kami sudah pantau telegram akun bot_a tiap menit",
    "gue udah kirim wa ke 0811 tadi jam 9",
    "laporan minggu lalu gak lengkap, telat pula",
    "backup harian gagal lagi nih min",
    "duh backup jam 3 gagal",
    "min laporan jam 7 kok kosong",
    "laporan bulanan belum masuk",
    "backupnya macet jam 2",
    "laporan jam 7 bagus banget",
    "makasih laporannya jam 7 bagus",
    "terima kasih sudah pantau wa toko_a tiap menit",
    "makasih ya udah backup tiap malam",
    "apa saja yang jalan?",
    "apa aja yang jalan",
    "ada berapa job yang aktif?",
    "status semua job",
    "job apa aja yang gagal?",
    "gak jadi",
    "batal",
    "eh gak jadi deh",
    "laporan jam 7 gak jadi",
    "backup tiap jam 2, eh batal",
    "pantau wa toko_a tiap menit, gak jadi deh",
    "lagi apa min",
    "apa kabar",
    "the backup at 2am failed again",
    "the backup finished at 3 last night",
    "the backup at 2 didn't run",
    "my report hasn't arrived yet",
    "the 7am report never came",
    "the report was late again",
    "yesterday's backup at 2 failed",
    "why didn't the report at 7 arrive?",
    "how do I back up every night?",
    "I already backed up at 2",
    "we've already sent the report at 7",
    "I checked https://a.example at 9, it was down",
    "telegram account bot_a went down at 5 this morning",
    "whatsapp was offline for 10 minutes last night",
    "https://a.example crashed an hour ago",
    "the daily report looks great",
    "thanks for the report at 7",
    "thank you for monitoring telegram every minute",
    "what's running?",
    "which jobs are failing?",
    "is everything ok?",
    "report every day at 7, never mind",
    "back up at 2, actually no",
    "never mind",
    "forget it",
    "the backup ran at 2 last night",
    "last week the report came at 9",
    "semalem bot telegram ngadat 2 jam",
    "td pagi laporan ga masuk",
    "laporan kmrn jam 7 salah semua",
    "backup tadi subuh berhasil",
    "report failed at 7 today",
    "our site https://a.example keeps crashing every night",
)


@pytest.mark.parametrize("row", WISHES, ids=lambda row: row[0])
def test_wish_beside_a_report_is_planned(row: Row) -> None:
    """The wish becomes its jobs, whatever else the prompt reports."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert NoteKind.REFUSAL not in draft.doubts


@pytest.mark.parametrize("prompt", NO_WISHES)
def test_prompt_without_a_wish_plans_nothing_and_gets_a_reply(prompt: str) -> None:
    """Nothing is planned, and a refusal or a question replies."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.doubts & {NoteKind.REFUSAL, NoteKind.QUESTION}


def test_outage_of_a_target_offers_its_monitor() -> None:
    """The answer to a reported outage is a question, and each choice is a wish that can be planned."""
    (question,) = plan("tadi pagi wa toko_a mati 5 menit").notes
    assert (question.kind, question.choices) == (
        NoteKind.QUESTION,
        ("pantau whatsapp akun toko_a tiap 1 menit",),
    )
    assert [line(job) for job in plan(question.choices[0]).jobs] == ["watch whatsapp/toko_a 60s"]
    (page,) = plan("https://a.example crashed an hour ago").notes
    assert [line(job) for job in plan(page.choices[0]).jobs] == ["page https://a.example 60s"]


INQUIRIES: tuple[tuple[str, str | None, tuple[int, ...], bool], ...] = (
    ("kok laporan jam 7 gak masuk?", "report.daily", (420,), False),
    ("the backup at 2am failed again", "backup.export", (120,), False),
    ("kenapa backup tidak jalan?", "backup.export", (), False),
    ("apa saja yang jalan?", None, (), True),
    ("which jobs are failing?", None, (), True),
)


@pytest.mark.parametrize(("prompt", "job_type", "minutes", "of_all"), INQUIRIES)
def test_question_about_stored_jobs_becomes_an_inquiry(
    prompt: str, job_type: str | None, minutes: tuple[int, ...], of_all: bool
) -> None:
    """A draft carries the question on, so that the stored jobs can answer it."""
    (inquiry,) = plan(prompt).inquiries
    types = frozenset(() if job_type is None else (job_type,))
    assert (inquiry.query.types, inquiry.query.minutes, inquiry.of_all) == (types, minutes, of_all)


def test_report_beside_a_wish_is_background_and_no_doubt() -> None:
    """The report is an assumption of the plan with its place, and the job is as sure as without it."""
    draft = plan("kemarin backup gagal, tolong backup tiap jam 2")
    assert draft.doubts == frozenset()
    (background,) = draft.notes
    assert (background.kind, background.span) == (NoteKind.ASSUMPTION, (0, 20))
    assert draft.jobs[0].certainty is Certainty.CERTAIN


def test_withdrawal_drops_what_precedes_it_only() -> None:
    """A wish after a withdrawal is planned; at the end it drops all."""
    assert [line(job) for job in plan("pantau wa tiap menit, batal, laporan jam 8 aja").jobs] == [
        "report [0 8 * * *]"
    ]
    assert plan("laporan jam 8, backup jam 2, gak jadi deh").jobs == ()
