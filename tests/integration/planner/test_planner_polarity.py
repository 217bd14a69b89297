"""Polarity of sentences about stored jobs, on a real server: what is denied is never done."""

from __future__ import annotations

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.queue import Queue
from app.planner.models import DOUBTS
from tests.support.planner.planner_fixture import PlannerFixture, open_planner
from tests.support.planner.planning import plan_text
from tests.support.planner.stored import outcome_of, plan_about, spec, store

STORED = (
    spec("report-daily", "report.daily", "0 7 * * *"),
    spec("report-monthly", "report.daily", "0 8 1 * *", description="laporan bulanan"),
    spec("backup-export", "backup.export", "0 2 * * *", inputs={"keep": 7}),
    *(
        spec(
            f"monitor-whatsapp-{account}",
            "monitor.channel",
            60,
            inputs={"channel": "whatsapp", "account_id": account},
        )
        for account in ("toko_a", "toko_b")
    ),
)

ALL_BUT_BACKUP = (
    "disable monitor-whatsapp-toko_a; disable monitor-whatsapp-toko_b; "
    "disable report-daily; disable report-monthly"
)

ACTS = (
    ("laporan bulanan ga usah dikirim lagi", "disable report-monthly"),
    ("laporan bulanan gak usah dikirim lagi ya", "disable report-monthly"),
    ("laporan bulanan tidak usah dikirim", "disable report-monthly"),
    ("laporan bulanan gausah dikirim lagi", "disable report-monthly"),
    ("ga usah kirim laporan bulanan lagi", "disable report-monthly"),
    ("jangan kirim laporan bulanan lagi", "disable report-monthly"),
    ("laporan bulanan jangan dikirim lagi", "disable report-monthly"),
    ("no need to send the monthly report anymore", "disable report-monthly"),
    ("don't send the monthly report anymore", "disable report-monthly"),
    ("no more monthly reports", "disable report-monthly"),
    ("I don't need the monthly report anymore", "disable report-monthly"),
    ("laporan bulanan ga perlu lagi", "disable report-monthly"),
    ("laporan bulanan udah ga perlu", "disable report-monthly"),
    ("laporan bulanan sudah tidak perlu", "disable report-monthly"),
    ("laporan bulanan jangan dihapus, dijeda aja", "disable report-monthly"),
    ("jangan dihapus laporan bulanan, jeda aja", "disable report-monthly"),
    ("laporan bulanan jangan dimatikan, hapus aja", "delete report-monthly"),
    ("don't delete the monthly report, just pause it", "disable report-monthly"),
    ("jangan hapus laporan bulanan, cukup dimatikan", "disable report-monthly"),
    ("backup jangan dimatikan, jeda dulu sampai Senin", "pause backup-export until 2026-11-30T00:00"),
    ("stop pantau toko_a, toko_b tetap", "disable monitor-whatsapp-toko_a"),
    ("stop pantau toko_a, toko_b tetap jalan", "disable monitor-whatsapp-toko_a"),
    ("stop pantau toko_a, yang toko_b biarin", "disable monitor-whatsapp-toko_a"),
    ("stop pantau toko_a tapi toko_b jangan", "disable monitor-whatsapp-toko_a"),
    ("stop pantau toko_a, jangan toko_b", "disable monitor-whatsapp-toko_a"),
    ("stop monitoring toko_a, keep toko_b", "disable monitor-whatsapp-toko_a"),
    ("stop monitoring toko_a but leave toko_b running", "disable monitor-whatsapp-toko_a"),
    ("keep the daily report but drop the monthly one", "delete report-monthly"),
    ("keep the daily report but stop the monthly one", "disable report-monthly"),
    ("laporan harian tetap, yang bulanan matikan", "disable report-monthly"),
    ("laporan harian tetap jalan, laporan bulanan dimatiin", "disable report-monthly"),
    ("matikan laporan bulanan, laporan harian tetap", "disable report-monthly"),
    ("matikan laporan bulanan tapi yang harian jangan", "disable report-monthly"),
    ("matikan laporan bulanan, jangan yang harian", "disable report-monthly"),
    (
        "matiin semua kecuali backup",
        ALL_BUT_BACKUP,
    ),
    ("matikan semua laporan kecuali yang harian", "disable report-monthly"),
    (
        "matikan semua kecuali backup dan laporan",
        "disable monitor-whatsapp-toko_a; disable monitor-whatsapp-toko_b",
    ),
    (
        "stop everything except the backup",
        ALL_BUT_BACKUP,
    ),
    ("pause all reports except the daily one", "disable report-monthly"),
    ("laporan harian libur dulu", "disable report-daily"),
    ("laporan jangan jam 7 lagi, jam 9 aja", "update report-daily [0 9 * * *]"),
    ("laporan harian jangan jam 7 lagi, jam 9 aja", "update report-daily [0 9 * * *]"),
    ("make the backup weekly on Sunday", "update backup-export [0 2 * * 0]"),
    ("jangan lupa matikan laporan bulanan", "disable report-monthly"),
    ("matikan laporan bulanan", "disable report-monthly"),
    ("hapus laporan bulanan", "delete report-monthly"),
    ("hapus laporan bulanan, jangan cuma dimatikan", "delete report-monthly"),
    ("matikan laporan bulanan, jangan dihapus", "disable report-monthly"),
    ("matikan laporan bulanan, ga usah dihapus", "disable report-monthly"),
    ("disable the monthly report, don't delete it", "disable report-monthly"),
    ("jeda backup, jangan dimatikan", "disable backup-export"),
    ("bukan laporan harian yang dimatikan, tapi yang bulanan", "disable report-monthly"),
    ("matikan laporan harian, eh maksudnya bulanan", "disable report-monthly"),
    ("matikan laporan harian, eh yang bulanan maksudku", "disable report-monthly"),
    ("pantau toko_a ga usah lagi", "disable monitor-whatsapp-toko_a"),
    ("toko_a ga usah dipantau lagi", "disable monitor-whatsapp-toko_a"),
    ("toko_a jangan dipantau lagi, toko_b tetap dipantau", "disable monitor-whatsapp-toko_a"),
    ("matikan backup, eh jangan backup, laporan bulanan aja", "disable report-monthly"),
    ("backup malam jangan distop, cuma undurin sejam", "update backup-export [0 3 * * *]"),
    ("backup gausah tiap hari lagi, seminggu sekali aja", "update backup-export [0 2 * * 1]"),
    ("backup jangan jam 2 lagi, bentrok. ganti ke jam 4", "update backup-export [0 4 * * *]"),
    ("laporan bulanan udah ga dibutuhin", "disable report-monthly"),
    ("laporan bulanan ga dibutuhkan lagi", "disable report-monthly"),
    ("udah ga butuh laporan bulanan", "disable report-monthly"),
    ("we don't need the monthly report any more", "disable report-monthly"),
    ("the monthly report is no longer needed", "disable report-monthly"),
    ("stop sending the monthly report", "disable report-monthly"),
    ("berhenti kirim laporan bulanan", "disable report-monthly"),
    ("laporan bulanannya setop dulu", "disable report-monthly"),
    ("jangan pantau toko_a lagi", "disable monitor-whatsapp-toko_a"),
    ("toko_a udahan dipantaunya", "disable monitor-whatsapp-toko_a"),
    ("toko_a ga perlu dipantau lagi", "disable monitor-whatsapp-toko_a"),
    ("ga usah pantau toko_a lagi, toko_b lanjut", "disable monitor-whatsapp-toko_a"),
    ("matiin toko_a, toko_b jangan", "disable monitor-whatsapp-toko_a"),
    ("matiin toko_a aja, toko_b jangan dimatiin", "disable monitor-whatsapp-toko_a"),
    ("matiin toko_a, jangan matiin toko_b", "disable monitor-whatsapp-toko_a"),
    ("stop toko_a but not toko_b", "disable monitor-whatsapp-toko_a"),
    ("stop toko_a, not toko_b", "disable monitor-whatsapp-toko_a"),
    ("disable the monthly report and keep the daily one", "disable report-monthly"),
    ("disable all reports but keep the daily one", "disable report-monthly"),
    ("matikan semua laporan, yang harian biarin", "disable report-monthly"),
    ("matikan semua pantauan kecuali toko_b", "disable monitor-whatsapp-toko_a"),
    (
        "jeda semua kecuali backup",
        ALL_BUT_BACKUP,
    ),
    ("laporan bulanan jangan dihapus tapi dijeda", "disable report-monthly"),
    ("laporan bulanan jangan dihapus cukup dijeda", "disable report-monthly"),
    ("laporan bulanan bukan dihapus tapi dijeda", "disable report-monthly"),
    ("pause the monthly report instead of deleting it", "disable report-monthly"),
    ("don't delete the backup, disable it", "disable backup-export"),
    ("rather than deleting the backup, pause it", "disable backup-export"),
    ("hapus laporan bulanan, eh jangan dihapus, jeda aja", "disable report-monthly"),
    ("hapus laporan bulanan eh matiin aja", "disable report-monthly"),
    ("kata bos laporan bulanan dihapus aja", "delete report-monthly"),
    ("laporan harian ganti jam 8, jangan jam 7", "update report-daily [0 8 * * *]"),
    ("ubah laporan harian bukan jam 7 tapi jam 8", "update report-daily [0 8 * * *]"),
    ("laporan harian pindah ke jam 8, bulanan tetap", "update report-daily [0 8 * * *]"),
    ("ganti backup jadi jam 4, eh jam 5", "update backup-export [0 5 * * *]"),
    ("backup jangan jam 2 lagi, jam 4 aja", "update backup-export [0 4 * * *]"),
    ("backup jangan jam 2 tapi jam 4", "update backup-export [0 4 * * *]"),
    ("backup tiap hari jam 2, minggu libur", "update backup-export [0 2 * * 1-6]"),
    ("nonaktifkan laporan bulanan tanpa menghapusnya", "disable report-monthly"),
    ("jalankan backup sekarang, jangan laporan", "run backup-export"),
)

KEPT = (
    "I don't want the weekly backup every Wednesday",
    "no weekly report every Friday",
    "undur laporan harian 30 menit kecuali Rabu",
    "majukan laporan harian 1 jam, tanggal merah jangan",
    "jangan hapus laporan bulanan",
    "jangan dihapus laporan bulanannya",
    "laporan bulanan jangan dihapus",
    "laporan bulanan jangan dihapus ya",
    "laporan harian jangan dimatikan",
    "laporan harian jgn dimatiin",
    "don't delete the monthly report",
    "don't stop the daily report",
    "never stop the backup",
    "please don't turn off the backup",
    "backup jangan distop",
    "jangan matiin pantauan toko_a",
    "laporan bulanan libur dulu bulan depan",
    "kemarin saya bilang laporan jam 7",
    "jangan ganti jam laporan harian",
    "jangan ubah backup jadi jam 4",
    "don't change the backup to 4am",
    "don't pause the backup",
    "jangan jeda backup",
    "jangan berhenti pantau toko_a",
    "stop backup eh laporan bulanan",
    "kemarin laporan bulanan dimatikan",
    "aku ga minta laporan bulanan dihapus",
    "nyalakan lagi laporan bulanan, eh jangan",
    "matikan laporan harian ga jadi",
    "matikan backup, eh ga jadi",
    "tolong jangan hentikan backupnya",
    "backup jangan sampai mati ya",
    "laporan harian jangan diubah",
    "laporan harian jgn diganti jamnya",
    "do not touch the daily report",
    "please keep the daily report",
    "laporan harian biarin aja",
    "biarkan backup tetap jalan",
    "backup tetap jalan ya",
    "hapus semua kecuali backup",
    "matikan laporan bulanan. ga jadi deh",
    "matikan laporan bulanan, ga jadi",
    "matikan laporan bulanan, batal",
    "delete the monthly report, never mind",
    "kemarin saya matikan laporan bulanan",
    "tadi laporan bulanan dimatikan siapa",
    "minggu lalu kita hapus backup",
    "siapa yang matikan backup?",
    "laporan bulanan kok dimatikan?",
    "apa laporan bulanan dihapus aja ya?",
    "kalau laporan gagal matikan backup",
    "change the daily report to 8, leave the monthly one alone",
    "jangan nyalakan lagi laporan bulanan",
    "jangan jalankan backup sekarang",
    "don't run the backup now",
)


@pytest.fixture
async def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    made = open_planner(settings, clock, queue, read=plan_text)
    await store(made.jobs, *STORED)
    return made


@pytest.mark.parametrize(("prompt", "changes"), ACTS)
async def test_only_what_is_meant_changes(fixture: PlannerFixture, prompt: str, changes: str) -> None:
    """The jobs that the sentence means change, and no other."""
    plan = await plan_about(fixture, prompt)
    assert sorted(outcome_of(plan).split("; ")) == sorted(changes.split("; "))


@pytest.mark.parametrize("prompt", KEPT)
async def test_denied_act_changes_nothing(fixture: PlannerFixture, prompt: str) -> None:
    """Nothing is planned, and a doubt says so."""
    plan = await plan_about(fixture, prompt)
    assert not plan.jobs
    assert [note for note in plan.notes if note.kind in DOUBTS]
