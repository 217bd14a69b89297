"""Sentences that manage stored jobs, on a real server: which job, and what becomes of it."""

from __future__ import annotations

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.queue import Queue
from app.core.queue.pauses import Pauses, Scope
from app.core.records import ScopeKind
from app.planner.models import Change, NoteKind
from tests.support.planner.planner_fixture import TERMS, PlannerFixture, open_planner
from tests.support.planner.planning import plan_text
from tests.support.planner.stored import outcome_of, plan_about, spec, store

REPORT, MONITOR, SITE = "report.daily", "monitor.channel", "monitor.http"
WHATSAPP = {"channel": "whatsapp", "account_id": "toko_a"}
TELEGRAM = {"channel": "telegram", "account_id": "bot_b"}
STANDUP = {"channel": "telegram", "to": "@tim", "text": "standup yuk"}
STORED = (
    spec("report-daily", REPORT, "0 7 * * *", inputs={"notify": {"channel": "whatsapp", "to": "081100"}}),
    spec("report-monthly", REPORT, "0 8 1 * *", description="laporan bulanan"),
    spec("backup-export", "backup.export", "0 2 * * *", inputs={"keep": 7}),
    spec("monitor-whatsapp-toko_a", MONITOR, 300, inputs=WHATSAPP),
    spec("monitor-telegram-bot_b", MONITOR, 30, inputs=TELEGRAM, enabled=False),
    spec("monitor-http-toko", SITE, 60, description="situs toko", inputs={"url": "https://toko.example"}),
    spec("message-standup", "message.send", "0 9 * * 1-5", description="standup pagi", inputs=STANDUP),
)

STOPS = (
    ("tolong matiin laporan hariannya ya min", "disable report-daily"),
    ("matikan laporan yang ke 081100", "disable report-daily"),
    ("stop laporan wa", "disable report-daily"),
    ("kalau bisa matikan laporan harian ya", "disable report-daily"),
    ("hapus backup yang jam 2", "delete backup-export"),
    ("delete backup-export and report-monthly", "delete backup-export; delete report-monthly"),
    ("matikan laporan bulanan", "disable report-monthly"),
    ("stop laporan harian", "disable report-daily"),
    ("berhentikan pantauan toko_a", "disable monitor-whatsapp-toko_a"),
    ("jangan kirim laporan harian lagi", "disable report-daily"),
    ("gak usah backup lagi", "disable backup-export"),
    ("don't send the daily report anymore", "disable report-daily"),
    ("matiin pantau situs toko dong", "disable monitor-http-toko"),
    ("stop monitoring https://toko.example", "disable monitor-http-toko"),
    ("turn off the backup", "disable backup-export"),
    ("hapus pengingat standup", "delete message-standup"),
    ("delete report-monthly", "delete report-monthly"),
    ("remove the toko_a monitor", "delete monitor-whatsapp-toko_a"),
    ("jeda backup", "disable backup-export"),
    ("pause the backup", "disable backup-export"),
    ("laporan harian stop dulu ya", "disable report-daily"),
    ("matikan laporan harian dan backup", "disable report-daily; disable backup-export"),
    ("jeda laporan harian, dan jalankan backup sekarang", "disable report-daily; run backup-export"),
    ("matikan semua laporan", "disable report-monthly; disable report-daily"),
    ("stop pantauan tokko", "disable monitor-http-toko"),
    ("matikan laporan yang jam 7", "disable report-daily"),
    ("turn the backup off", "disable backup-export"),
    ("switch the daily report off please", "disable report-daily"),
    ("gausah laporan harian lagi deh", "disable report-daily"),
    ("laporan hariannya diberhentiin aja", "disable report-daily"),
    ("tolong offkan backup ya", "disable backup-export"),
    ("toko_a gak usah dipantau lagi", "disable monitor-whatsapp-toko_a"),
    ("batalkan laporan bulanan", "disable report-monthly"),
    ("buang pengingat standup pagi", "delete message-standup"),
    ("stop pesan standup", "disable message-standup"),
    (
        "nonaktifkan monitor-whatsapp-toko_a dan backup-export",
        "disable monitor-whatsapp-toko_a; disable backup-export",
    ),
    ("matikan toko_a dan bot_b", "disable monitor-whatsapp-toko_a; unchanged monitor-telegram-bot_b"),
    ("stop pantau wa toko_a", "disable monitor-whatsapp-toko_a"),
    ('hapus pengingat "standup yuk"', "delete message-standup"),
    ("stop laporan yg ke wa, yg bulanan biarin", "disable report-daily"),
    ("pantauan toko_a matiin, tokonya udah tutup", "disable monitor-whatsapp-toko_a"),
    ("ke situs toko jangan dicek lagi", "disable monitor-http-toko"),
    ("standup jangan dikirimin tele lagi", "disable message-standup"),
    ("stop all the reports but leave the monthly one", "disable report-daily"),
    ("stop laporan harian, servernya lagi dibenerin", "disable report-daily"),
    ("bisa hapus pantauan toko_a gak?", "delete monitor-whatsapp-toko_a"),
    ("matikan laporan harian tapi backup dan toko_a biarin", "disable report-daily"),
    ("stop all the reports, keep the daily one", "disable report-monthly"),
    ("laporan bulanan udah gak dibutuhin", "disable report-monthly"),
    ("laporan bulanan gausah lagi deh, yg harian tetep", "disable report-monthly"),
    ("jgn kirim pengingat standup lagi mulai skrg", "disable message-standup"),
    ("hapus pantauan telegram, eh maksudku yg whatsapp", "delete monitor-whatsapp-toko_a"),
    ("backup jgn dihapus ya, laporan hariannya aja yg dihapus", "delete report-daily"),
    ("laporan harian jgn dihapus lho, cukup dimatiin", "disable report-daily"),
    ("toko_a nda usah dipantau lagi, backup tetap jam 2", "disable monitor-whatsapp-toko_a"),
    ("backup malam sama laporan bulanan dua2nya dimatikan", "disable backup-export; disable report-monthly"),
    ("matiin laporan harian sama bulanan", "disable report-daily; disable report-monthly"),
    ("dua laporan itu matiin aja", "disable report-monthly; disable report-daily"),
    ("pause both reports", "disable report-monthly; disable report-daily"),
    ("matiin laporan pagi, yg bulanan biarin", "disable report-daily"),
    ("bukan backup yg mau saya matiin, tapi laporan bulanan", "disable report-monthly"),
    ("laporan harian distop, yang bulanan hapus", "disable report-daily; delete report-monthly"),
    ("don't delete the daily report, only stop the monthly", "disable report-monthly"),
    ("hapus backup, eh jangan dihapus deh, jeda aja", "disable backup-export"),
    ("pengingat standup udah ga perlu", "disable message-standup"),
    ("stop the 9am standup message", "disable message-standup"),
    ("hapus pengingat standup, udah ganti jadwal", "delete message-standup"),
    ("the toko monitor can go, delete it", "delete monitor-http-toko"),
    ("stop laporan yang ke 081100 dan yang bulanan", "disable report-daily; disable report-monthly"),
    ("the monthly report is no longer needed", "disable report-monthly"),
    ("matikan semua laporan yang masih jalan", "disable report-monthly; disable report-daily"),
    ("hapus pantauan yang dijeda kemarin", "delete monitor-telegram-bot_b"),
    ("dont stop toko_a!! stop monitor-http-toko", "disable monitor-http-toko"),
    ("stop every report but the monthly one", "disable report-daily"),
    ("matikan semua pantauan kecuali bot_b sama toko_a", "disable monitor-http-toko"),
    ("keep the daily report, stop the monthly", "disable report-monthly"),
)
PAUSES = (
    ("Pause dulu backupnya, nanti aku kabarin kapan lanjutnya", "disable backup-export"),
    ("toko_a jeda seminggu ya", "pause monitor-whatsapp-toko_a until 2026-12-01T10:00"),
    ("im away, put the daily report on hold until Monday", "pause report-daily until 2026-11-30T00:00"),
    ("laporan harian jgn dikirim dulu smpe senin", "pause report-daily until 2026-11-30T00:00"),
    ("toko_a gausah dipantau dulu sampe senin", "pause monitor-whatsapp-toko_a until 2026-11-30T00:00"),
    (
        "jeda toko_a, laporan bulanan, dan backup",
        "disable monitor-whatsapp-toko_a; disable report-monthly; disable backup-export",
    ),
    (
        "laporan harian sama backup jangan jalan dulu sampe senin",
        "pause report-daily until 2026-11-30T00:00; pause backup-export until 2026-11-30T00:00",
    ),
    ("liburkan laporan harian minggu ini", "pause report-daily until 2026-11-30T00:00"),
    ("pause the daily report this month", "pause report-daily until 2026-12-01T00:00"),
    ("stop dulu backup, Senin nyala lagi", "pause backup-export until 2026-11-30T00:00"),
    (
        "sisa minggu ini laporan hariannya ga usah dulu, senin lanjut",
        "pause report-daily until 2026-11-30T00:00",
    ),
    ("laporan harian off dulu seminggu", "pause report-daily until 2026-12-01T10:00"),
    ("suspend the toko_a monitor until friday 8am", "pause monitor-whatsapp-toko_a until 2026-11-27T08:00"),
    ("jeda backup dulu sampai tanggal 5 Desember", "pause backup-export until 2026-12-05T00:00"),
    ("jeda laporan harian sampai Senin", "pause report-daily until 2026-11-30T00:00"),
    ("pause the daily report until Monday", "pause report-daily until 2026-11-30T00:00"),
    ("pantauan toko_a jeda dulu sampai jam 3 sore", "pause monitor-whatsapp-toko_a until 2026-11-24T15:00"),
    ("jeda backup selama 3 hari", "pause backup-export until 2026-11-27T10:00"),
    ("pause the backup for 2 hours", "pause backup-export until 2026-11-24T12:00"),
    ("laporan harian libur dulu sampai besok", "pause report-daily until 2026-11-25T00:00"),
    ("liburkan laporan bulanan sampai akhir bulan", "pause report-monthly until 2026-12-01T00:00"),
    ("matikan backup sampai Jumat jam 6 pagi", "pause backup-export until 2026-11-27T06:00"),
    ("stop the backup until tomorrow 9am", "pause backup-export until 2026-11-25T09:00"),
    ("jeda pantauan toko_a hari ini", "pause monitor-whatsapp-toko_a until 2026-11-25T00:00"),
    ("bisa tolong jeda pantauan toko_a 2 jam?", "pause monitor-whatsapp-toko_a until 2026-11-24T12:00"),
    ("backup libur dulu sampe tanggal 1", "pause backup-export until 2026-12-01T00:00"),
    ("pause toko_a until 5pm", "pause monitor-whatsapp-toko_a until 2026-11-24T17:00"),
    ("jeda laporan harian seminggu", "pause report-daily until 2026-12-01T10:00"),
    (
        "jeda semua laporan sampai Senin",
        "pause report-monthly until 2026-11-30T00:00; pause report-daily until 2026-11-30T00:00",
    ),
    ("jeda backup sampai 1 Desember", "pause backup-export until 2026-12-01T00:00"),
    ("stop the daily report for a week", "pause report-daily until 2026-12-01T10:00"),
)
RESUMES = (
    ("start monitoring bot_b again", "resume monitor-telegram-bot_b"),
    ("lanjutkan semua pantauan", "resume monitor-telegram-bot_b"),
    ("lanjutkan pantau bot_b", "resume monitor-telegram-bot_b"),
    ("nyalakan lagi bot_b", "resume monitor-telegram-bot_b"),
    ("nyalain lagi pantauan bot_b", "resume monitor-telegram-bot_b"),
    ("resume monitor-telegram-bot_b", "resume monitor-telegram-bot_b"),
    ("aktifkan pantauan bot_b", "resume monitor-telegram-bot_b"),
    ("turn the bot_b monitor back on", "resume monitor-telegram-bot_b"),
    ("enable the bot_b monitor", "resume monitor-telegram-bot_b"),
    ("lanjutin pantauan yg kmrn dijeda", "resume monitor-telegram-bot_b"),
    ("semua yg dijeda nyalain lagi", "resume monitor-telegram-bot_b"),
    ("Resume all the paused monitors", "resume monitor-telegram-bot_b"),
    ("the bot_b monitor can start running again", "resume monitor-telegram-bot_b"),
    ("bring the bot_b monitor back", "resume monitor-telegram-bot_b"),
    ("jeda pantauan bot_b sampai besok", "unchanged monitor-telegram-bot_b"),
    ("lanjutkan laporan harian", "unchanged report-daily"),
    ("restart monitor-http-toko", "unchanged monitor-http-toko"),
    ("stop pantau telegram", "unchanged monitor-telegram-bot_b"),
)
RUNS = (
    ("kirim ulang laporan bulanan sekarang", "run report-monthly"),
    ("please run monitor-http-toko", "run monitor-http-toko"),
    ("jalankan backup sekarang", "run backup-export"),
    ("backup sekarang", "run backup-export"),
    ("run backup-export now", "run backup-export"),
    ("run the daily report now", "run report-daily"),
    ("tes laporan harian", "run report-daily"),
    ("coba jalankan laporan bulanan sekarang dong", "run report-monthly"),
    ("cek situs toko sekarang", "run monitor-http-toko"),
    ("backup tadi gagal, ulangin sekarang ya", "run backup-export"),
    ("last night's backup failed, run it again now", "run backup-export"),
    ("laporan yang ke 081100 jalanin sekarang", "run report-daily"),
    ("jalanin backup sekarang dong mau ganti hp", "run backup-export"),
    ("kirim laporan harian sekarang", "run report-daily"),
    ("tes backup sekarang, gak usah nunggu jam 2", "run backup-export"),
    ("coba tes laporan bulanannya skrg, mau liat hasilnya", "run report-monthly"),
)
UPDATES = (
    ("ganti laporan harian jadi sore", "update report-daily [0 16 * * *]"),
    ("pindahin laporan harian ke malam", "update report-daily [0 19 * * *]"),
    ("no more backups on Mondays", "update backup-export [0 2 * * 0,2,3,4,5,6]"),
    ("backup jgn jalan pas tanggal merah", "update backup-export [0 2 * * *] skip(holidays=ID)"),
    (
        "laporan bulanan kecuali tanggal merah",
        "update report-monthly [0 8 1 * *] skip(holidays=ID) inputs/period='month'",
    ),
    (
        'ganti teks pengingat standup jadi "standup jam 9"',
        "update message-standup [0 9 * * 1-5] inputs/text='standup jam 9'",
    ),
    (
        "teks pengingat standup ganti: standup sesudah makan",
        "update message-standup [0 9 * * 1-5] inputs/text='standup sesudah makan'",
    ),
    (
        'rename backup-export to "Cold copy" and leave its time alone',
        "update backup-export [0 2 * * *] description='Cold copy'",
    ),
    (
        "laporan harian ganti namanya jd Rekap Pagi, bukan Laporan Lama lagi",
        "update report-daily [0 7 * * *] description='Rekap Pagi'",
    ),
    ("pengingat standup jgn jam 9 lagi, jam 10 aja", "update message-standup [0 10 * * 1-5]"),
    ("percepat pantauan toko_a jadi tiap 1 menit", "update monitor-whatsapp-toko_a 60s"),
    ("ubah laporan harian jadi mingguan", "update report-daily [0 7 * * 1]"),
    (
        "ganti penerima laporan harian ke 0812345",
        "update report-daily [0 7 * * *] inputs/notify/to='0812345'",
    ),
    ("beri nama laporan harian: laporan pagi", "update report-daily [0 7 * * *] description='laporan pagi'"),
    ("undur laporan harian 30 menit", "update report-daily [30 7 * * *]"),
    ("majukan backup 1 jam", "update backup-export [0 1 * * *]"),
    ("push back the daily report by 30 minutes", "update report-daily [30 7 * * *]"),
    ("mundurin laporan bulanan sejam", "update report-monthly [0 9 1 * *]"),
    ("laporan harian jadiin jam 8", "update report-daily [0 8 * * *]"),
    ("ganti laporan harian jadi jam 8", "update report-daily [0 8 * * *]"),
    ("ubah laporan bulanan jadi tanggal 5", "update report-monthly [0 8 5 * *]"),
    ("pindahkan laporan harian ke hari Kamis", "update report-daily [0 7 * * 4]"),
    ("change the daily report to 8am", "update report-daily [0 8 * * *]"),
    ("move the backup to Sunday", "update backup-export [0 2 * * 0]"),
    ("ubah pantauan toko_a jadi tiap 10 menit", "update monitor-whatsapp-toko_a 600s"),
    ("ganti backup-export jadi jam 4", "update backup-export [0 4 * * *]"),
    ("standup pagi pindah ke jam 8.30", "update message-standup [30 8 * * 1-5]"),
    (
        "ganti laporan harian ke telegram @ana",
        "update report-daily [0 7 * * *] inputs/notify/channel='telegram' inputs/notify/to='@ana'",
    ),
    (
        "ganti nama laporan harian jadi laporan pagi",
        "update report-daily [0 7 * * *] description='laporan pagi'",
    ),
    (
        "rename the daily report to morning report",
        "update report-daily [0 7 * * *] description='morning report'",
    ),
    ("laporan mingguan tiap Jumat jam 5 sore", "create report-daily-1700 [0 17 * * 5]"),
    ("laporan bulanan tiap akhir bulan", "update report-monthly [0 8 L * *] inputs/period='month'"),
    ("backup tiap hari kerja", "update backup-export [0 2 * * 1-5]"),
    ("laporan harian jangan dikirim pas tahun baru", "update report-daily [0 7 * * *] skip(dates=01-01)"),
    ("besok backup ga usah", "update backup-export [0 2 * * *] skip(dates=2026-11-25)"),
    (
        "khusus senin besok laporan harian ga usah, selasa lanjut lagi kyk biasa",
        "update report-daily [0 7 * * *] skip(dates=2026-11-30)",
    ),
    ("no daily report tomorrow", "update report-daily [0 7 * * *] skip(dates=2026-11-25)"),
    ("besok laporan hariannya libur dulu ya", "update report-daily [0 7 * * *] skip(dates=2026-11-25)"),
    ("pengingat standup jangan hari rabu", "update message-standup [0 9 * * 1-5] skip(weekdays=3)"),
    ("pantau https://toko.example senin-jumat aja", "update monitor-http-toko [* * * * 1-5]"),
    ("run the daily report half an hour earlier", "update report-daily [30 6 * * *]"),
    ("push the daily report back two hours", "update report-daily [0 9 * * *]"),
    ("laporan hariannya lebih pagi setengah jam", "update report-daily [30 6 * * *]"),
    ("make the daily report an hour later", "update report-daily [0 8 * * *]"),
    ("I want the standup reminder at 9:30 rather than 9", "update message-standup [30 9 * * 1-5]"),
    ("laporan hariannya kepagian, jam 9 aja", "update report-daily [0 9 * * *]"),
    ("laporan harian kecepetan, mundurin 30 menit", "update report-daily [30 7 * * *]"),
    ("bukan jam 7 laporan hariannya, jam 6", "update report-daily [0 6 * * *]"),
    ("geser laporan harian ke jam 6.30", "update report-daily [30 6 * * *]"),
    ("laporan harian jam 7 pindah ke jam 9", "update report-daily [0 9 * * *]"),
    ("pindahin backup ke minggu jam 3", "update backup-export [0 3 * * 0]"),
    ("ubah laporan harian jadi tiap Senin jam 9", "update report-daily [0 9 * * 1]"),
    ("ganti backup jadi simpan 14", "update backup-export [0 2 * * *] inputs/keep=14"),
    (
        "change the nightly backup so it keeps 14 copies, not 7",
        "update backup-export [0 2 * * *] inputs/keep=14",
    ),
    (
        "change the nightly backup from 2 to 4am and have it keep 20 instead of 7",
        "update backup-export [0 4 * * *] inputs/keep=20",
    ),
    (
        "laporan harian jangan ke wa saya lagi, alihin ke email a@b.example",
        "update report-daily [0 7 * * *] inputs/notify/channel='email' inputs/notify/to='a@b.example'",
    ),
    ("don't delete the toko_a check, slow it down to every 10 min", "update monitor-whatsapp-toko_a 600s"),
    ("backup jangan distop, cuma undurin sejam", "update backup-export [0 3 * * *]"),
    ("kemarin laporan hariannya telat masuk. tolong majuin jadi jam 6", "update report-daily [0 6 * * *]"),
    ("move the monthly report from the 1st to the 5th", "update report-monthly [0 8 5 * *]"),
    ("backup jgn tiap hari lg, boros. seminggu sekali aja Minggu jam 1", "update backup-export [0 1 * * 0]"),
    (
        "alarm monitor-http-toko pindah ke telegram @ana",
        "update monitor-http-toko 60s inputs/notify={'channel': 'telegram', 'to': '@ana'}",
    ),
    ("toko_a ceknya tiap 10 menit aja", "update monitor-whatsapp-toko_a 600s"),
    ("backup-export simpan 30 aja", "update backup-export [0 2 * * *] inputs/keep=30"),
    ("change the backup to keep 10", "update backup-export [0 2 * * *] inputs/keep=10"),
    ("ubah backup jadi tiap 6 jam", "update backup-export 21600s"),
    ("reschedule the monthly report to the 3rd", "update report-monthly [0 8 3 * *]"),
    ("make the daily report an hour earlier", "update report-daily [0 6 * * *]"),
    ("undur standup pagi 15 menit", "update message-standup [15 9 * * 1-5]"),
    (
        'ganti nama backup-export jadi "backup malam"',
        "update backup-export [0 2 * * *] description='backup malam'",
    ),
    ("jalankan backup tiap malam jam 11", "update backup-export [0 23 * * *]"),
    ("ganti pantau bot_z jadi tiap 5 menit", "create monitor-telegram-bot_z 300s"),
    ("move the daily report an hour later", "update report-daily [0 8 * * *]"),
    ("laporan harian dimajukan 1 jam", "update report-daily [0 6 * * *]"),
    ("laporan harian dimundurin setengah jam", "update report-daily [30 7 * * *]"),
)
DOUBTFUL = (
    ("monitor toko_a mending dihapus apa dijeda ya", "QUESTION"),
    ("matikan laporan harian kalau hari libur", "REFUSAL"),
    ("matiin laporan harian... eh gajadi biarin aja", "REFUSAL"),
    ("stop the daily report. Actually no, leave it", "REFUSAL"),
    ("udah ga ikut arisan lg, pengingatnya hapus aja", "QUESTION"),
    ("kalau backup gagal matikan laporan", "REFUSAL"),
    ("stop the report if the backup fails", "REFUSAL"),
    ("matikan laporan kecuali hari Senin", "REFUSAL"),
    ("jalankan laporan toko sekarang", "QUESTION"),
    ("hapus backup yang jam 5", "REFUSAL"),
    ("ganti laporan jam 6 jadi jam 8", "QUESTION"),
    ("hapus laporan", "QUESTION"),
    ("delete the report", "QUESTION"),
    ("hapus semua laporan", "REFUSAL"),
    ("hapus backup-exprt", "REFUSAL"),
    ("matikan semua kecuali printer", "REFUSAL"),
    ("jangan matiin backup dan laporan harian", "REFUSAL"),
    ("move the daily report from Monday to Friday", "QUESTION"),
    ("ganti teks pengingat standup", "QUESTION"),
    ("stop pantau toko_z", "REFUSAL"),
    ("matikan laporan mingguan", "REFUSAL"),
    ("jalankan laporan", "QUESTION"),
    ("hapus semua job", "REFUSAL"),
    ("matikan laporan besok", "QUESTION"),
    ("run the report", "QUESTION"),
    ("stop", "REFUSAL"),
    ("hentikan semuanya", "REFUSAL"),
    ("pause everything until Monday", "REFUSAL"),
    ("hapus semua backup", "REFUSAL"),
    ("matikan lampu", "REFUSAL"),
    ("ganti laporan harian", "QUESTION"),
    ("ganti laporan mingguan jadi jam 9", "QUESTION"),
    ("hapus laporan penjualan", "REFUSAL"),
    ("ganti laporan jam 6 jadi jam 8", "QUESTION"),
    ("undur laporan bulanan 20 jam", "QUESTION"),
    ("majukan backup 3 jam", "QUESTION"),
    ("undur laporan harian 30 menit, cuma hari Jumat", "QUESTION"),
    ("ganti nama backup-export jadi backup malam, Minggu libur", "QUESTION"),
    ('rename backup-export to "night backup" except on Fridays', "QUESTION, UNREAD"),
    ("rename backup-export to night backup, Sundays only", "QUESTION"),
)


@pytest.fixture
async def fixture(settings: Settings, clock: SystemClock, queue: Queue) -> PlannerFixture:
    made = open_planner(settings, clock, queue, read=plan_text)
    await store(made.jobs, *STORED)
    return made


@pytest.mark.parametrize(("prompt", "wanted"), [*STOPS, *PAUSES, *RESUMES, *RUNS, *UPDATES])
async def test_sentence_becomes_the_change_that_is_meant(
    fixture: PlannerFixture, prompt: str, wanted: str
) -> None:
    """Nothing else is changed, and the plan has no doubt."""
    plan = await plan_about(fixture, prompt)
    assert (outcome_of(plan), plan.doubts) == (wanted, frozenset())


@pytest.mark.parametrize(("prompt", "wanted"), DOUBTFUL)
async def test_sentence_that_means_no_certain_job_changes_none(
    fixture: PlannerFixture, prompt: str, wanted: str
) -> None:
    """It is answered by a question or a refusal."""
    assert outcome_of(await plan_about(fixture, prompt)) == wanted


@pytest.mark.parametrize(
    "prompt",
    [
        "run the backup now but don't keep more than 2",
        "toko_a sama laporan bulanan matiin, backup jam 2",
        "ok bot_b can be monitored on telegram every 30 seconds",
    ],
)
async def test_a_job_that_was_not_meant_so_is_asked_about(fixture: PlannerFixture, prompt: str) -> None:
    """An assumed new hour, a job that stays as it is beside one that is stopped, or one that is off."""
    assert NoteKind.QUESTION in (await plan_about(fixture, prompt)).doubts


async def test_summary_says_the_time_that_the_stored_job_keeps(fixture: PlannerFixture) -> None:
    """An hour that was not said is that of the stored job, not the default one."""
    plan = await plan_about(fixture, "laporan bulanan kirim ke wa 0812")
    assert [str(job.spec.schedule.cron) for job in plan.jobs if job.spec.schedule] == ["0 8 1 * *"]
    assert "08:00" in plan.summary


@pytest.mark.parametrize(
    "prompt",
    [
        "lapor omzet tiap malam jam 9",
        "laporan penjualan tiap hari jam 9 malam",
        "kirim laporan stok tiap senin",
        "foto toko tiap jam 8",
        "pantau harga di https://toko.example tiap jam",
        "setor uang ke BCA tiap jumat",
        "balas otomatis wa toko_a",
    ],
)
async def test_wish_that_nothing_fulfils_moves_no_stored_job(fixture: PlannerFixture, prompt: str) -> None:
    """It is a question with the nearest thing as a choice."""
    plan = await plan_about(fixture, prompt)
    assert outcome_of(plan) == "QUESTION"
    assert all(note.choices for note in plan.notes if note.kind is NoteKind.QUESTION)


async def test_question_offers_the_jobs_that_fit(fixture: PlannerFixture) -> None:
    """Its span is that of the words for the job, so that an answer takes their place."""
    plan = await plan_about(fixture, "delete the report")
    (question,) = [note for note in plan.notes if note.kind is NoteKind.QUESTION]
    assert question.choices == ("report-monthly", "report-daily")
    assert question.span is not None
    assert plan.prompt[slice(*question.span)] == "report"
    answered = await fixture.desk.answer(plan.plan_id, "report-daily", None)
    assert [(job.change, job.spec.job_id) for job in answered.jobs] == [(Change.DELETE, "report-daily")]


async def test_update_keeps_what_was_not_said(fixture: PlannerFixture) -> None:
    """The whole new spec is shown, with the fields that differ."""
    (job,) = (await plan_about(fixture, "undur laporan harian 30 menit")).jobs
    assert job.spec.inputs == STORED[0].inputs
    assert [(each.pointer, each.before, each.after) for each in job.diff] == [
        ("/schedule/cron", "0 7 * * *", "30 7 * * *")
    ]


async def test_planned_action_is_applied(fixture: PlannerFixture, queue: Queue, clock: SystemClock) -> None:
    """A pause until an instant, by the same confirmation as any plan."""
    now = clock.now()
    plan = await plan_about(fixture, "jeda backup sampai Senin", now.isoformat())
    (result,) = (await fixture.desk.execute(None, plan.plan_id, TERMS, None)).results
    assert result.create_status == "paused"
    (pause,) = (await queue.stats()).paused
    assert (pause.scope.text, pause.until_ms) == ("job:backup-export", plan.jobs[0].until)


async def test_paused_job_is_resumed_by_its_kind(
    fixture: PlannerFixture, queue: Queue, clock: SystemClock
) -> None:
    """Of several monitors the one that is held is meant; a run of it waits for the end of the pause."""
    await fixture.jobs.set_enabled("monitor-telegram-bot_b", True, "ana")
    pauses = Pauses(queue.link, queue.scripts, queue.keys, clock)
    await pauses.pause(Scope(ScopeKind.JOB, "monitor-whatsapp-toko_a"), "ana")
    assert outcome_of(await plan_about(fixture, "lanjutkan pantauan")) == "resume monitor-whatsapp-toko_a"
    plan = await plan_about(fixture, "jalankan pantauan toko_a sekarang")
    assert outcome_of(plan) == "run monitor-whatsapp-toko_a"
    assert [note.kind for note in plan.jobs[0].notes] == [NoteKind.ENVIRONMENT]


async def test_more_jobs_than_can_be_changed_at_once_are_refused(fixture: PlannerFixture) -> None:
    """The word "semua" means all that fit, up to a bound."""
    more = [
        spec(f"m{n}", MONITOR, 60, inputs={"channel": "slack", "account_id": f"a{n}"}) for n in range(120)
    ]
    await store(fixture.jobs, *more)
    plan = await plan_about(fixture, "matikan semua pantauan")
    assert (plan.jobs, plan.doubts) == ((), {NoteKind.REFUSAL})


async def test_many_requests_are_bounded(fixture: PlannerFixture) -> None:
    """Each is looked up, so only the first twenty are; the others are refused."""
    plan = await plan_about(fixture, ". ".join(f"stop pantau toko_{n}" for n in range(30)))
    assert plan.jobs == ()
    refusals = [note for note in plan.notes if note.kind is NoteKind.REFUSAL]
    assert len(refusals) >= 10
