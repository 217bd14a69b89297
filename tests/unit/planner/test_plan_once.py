"""One-off jobs, counted from a Tuesday morning in November."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("remind me in an hour and a half to flip the bread", "send 'flip the bread' @2026-11-24T11:30"),
    ("backup tiap hari jam 2 mulai tanggal 1 Desember", "backup [0 2 * * *] start=2026-12-01"),
    ("backup tiap hari jam 2 mulai tanggal 1", "backup [0 2 * * *] start=2026-12-01"),
    ("daily report at 7 until 31 December", "report [0 7 * * *] end=2027-01-01"),
    ("report every day at 7 from tomorrow", "report [0 7 * * *] start=2026-11-25"),
    (
        "cek https://a.example.com tiap 5 menit mulai 1 Desember sampai 31 Desember",
        "page https://a.example.com 300s start=2026-12-01 end=2027-01-01",
    ),
    (
        "laporan tiap hari jam 7 mulai besok sampai Jumat",
        "report [0 7 * * *] start=2026-11-25 end=2026-11-28",
    ),
    ('kirim "halo" ke wa 62811 mulai besok', "send 'halo' whatsapp:62811 [0 9 * * *] start=2026-11-25"),
    ("back up once", "backup now"),
    ("laporan sekali saja", "report now"),
    (
        "remind me tomorrow at 9am to call the supplier on telegram",
        "send 'call the supplier' telegram @2026-11-25T09:00",
    ),
    (
        "ingatkan saya besok jam 9 untuk bayar listrik lewat wa 628123456789",
        "send 'bayar listrik' whatsapp:628123456789 @2026-11-25T09:00",
    ),
    (
        'message whatsapp 6281298765432 "your order is ready" in 10 minutes',
        "send 'your order is ready' whatsapp:6281298765432 @2026-11-24T10:10",
    ),
    ("in an hour back up everything", "backup @2026-11-24T11:00"),
    ("dalam 30 menit cek https://a.example.com", "page https://a.example.com @2026-11-24T10:30"),
    ("nanti sore jam 5 kirim laporan", "report @2026-11-24T17:00"),
    (
        'nanti jam 3 kirim pesan "ayo pulang" ke tg chat 12',
        "send 'ayo pulang' telegram:12 @2026-11-24T15:00",
    ),
    ("besok malam jam 1 backup", "backup @2026-11-26T01:00"),
    ("lusa nanti jam 3 sore backup", "backup @2026-11-26T15:00"),
    ("lusa nanti malam jam 8 laporan", "report @2026-11-26T20:00"),
    ("nanti Jumat jam 9 laporan", "report @2026-11-27T09:00"),
    ("Rabu bsk jam 8 pg laporan", "report @2026-11-25T08:00"),
    ("ntr mlm jm 9 kirim laporan", "report @2026-11-24T21:00"),
    ("lusa pagi backup", "backup @2026-11-26T02:00"),
    ("minggu depan hari Rabu jam 10 kirim laporan", "report @2026-12-02T10:00"),
    (
        'tanggal 20 Desember jam 8 pagi kirim pesan "libur" ke wa 62811111111',
        "send 'libur' whatsapp:62811111111 @2026-12-20T08:00",
    ),
    ("this Friday at 6pm export all data", "backup @2026-11-27T18:00"),
    (
        'on Dec 25 2026 at 8am send "Merry Christmas" to telegram chat 99',
        "send 'Merry Christmas' telegram:99 @2026-12-25T08:00",
    ),
    ("besok jam 10 WIT backup", "backup @2026-11-25T10:00+0900"),
    ("remind me in 2 hours to check the oven", "send 'check the oven' @2026-11-24T12:00"),
    (
        'ingetin gue besok pagi jam 7 lewat tele "bawa payung"',
        "send 'bawa payung' telegram @2026-11-25T07:00",
    ),
    (
        'umumkan di slack channel general "kantor tutup" besok jam 8',
        "send 'kantor tutup' slack:general @2026-11-25T08:00",
    ),
    (
        "tomorrow at 10pm send a telegram message to chat 7788 saying the server will restart at 11",
        "send 'the server will restart at 11' telegram:7788 @2026-11-25T22:00",
    ),
    (
        "kirim 'laporan tiap senin' ke wa 62812 besok",
        "send 'laporan tiap senin' whatsapp:62812 @2026-11-25T09:00",
    ),
    (
        'ingatkan saya "pantau stok tiap 5 menit" nanti jam 4 sore di telegram',
        "send 'pantau stok tiap 5 menit' telegram @2026-11-24T16:00",
    ),
    (
        "kirim pesan selamat ulang tahun ke wa 62811 tanggal 5 Mei 2027 jam 7 pagi",
        "send 'selamat ulang tahun' whatsapp:62811 @2027-05-05T07:00",
    ),
    (
        'jam 10 malam nanti kirim "selamat tidur" ke telegram chat 6',
        "send 'selamat tidur' telegram:6 @2026-11-24T22:00",
    ),
    (
        '2 jam lagi ingatkan saya di telegram "angkat jemuran"',
        "send 'angkat jemuran' telegram @2026-11-24T12:00",
    ),
    ('sejam lagi kirim "siap-siap" ke wa 628777', "send 'siap-siap' whatsapp:628777 @2026-11-24T11:00"),
    (
        'in half an hour send "starting soon" to discord channel 99',
        "send 'starting soon' discord:99 @2026-11-24T10:30",
    ),
    (
        'three days from now at 10am send "renewal" to email it@corp.example',
        "send 'renewal' email:it@corp.example @2026-11-27T10:00",
    ),
    ('next week on tuesday at 2pm remind me on slack "demo"', "send 'demo' slack @2026-12-01T14:00"),
    (
        'hari Jumat depan jam 1 siang kirim "kumpul" ke grup wa alumni',
        "send 'kumpul' whatsapp:alumni @2026-12-04T13:00",
    ),
    ("malam ini jam 9 backup", "backup @2026-11-24T21:00"),
    ("tonight at 11 export the data", "backup @2026-11-24T23:00"),
    ("besok siang jam 1 laporan", "report @2026-11-25T13:00"),
    ("lusa jam setengah delapan malam backup", "backup @2026-11-26T19:30"),
    ("tanggal 1 bulan depan jam 8 kirim laporan", "report @2026-12-01T08:00"),
    ("akhir bulan ini jam 5 sore backup", "backup @2026-11-30T17:00"),
    ("tanggal 28 bulan ini jam 9 kirim laporan", "report @2026-11-28T09:00"),
    ("laporan rabu depan jam 9", "report @2026-12-02T09:00"),
    ("besok dan lusa jam 9 kirim laporan", "report @2026-11-25T09:00", "report @2026-11-26T09:00"),
    ("besok jam 8 dan 17 backup", "backup @2026-11-25T08:00", "backup @2026-11-25T17:00"),
    ("hari ini jam 11 malam backup", "backup @2026-11-24T23:00"),
    ("today at 5pm send the report", "report @2026-11-24T17:00"),
    ("besok tolong backup", "backup @2026-11-25T02:00"),
    ("besok sore kirim laporan", "report @2026-11-25T16:00"),
    ("nanti backup", "backup @2026-11-25T02:00"),
    (
        'send "stop all jobs" to telegram chat 12 tomorrow at noon',
        "send 'stop all jobs' telegram:12 @2026-11-25T12:00",
    ),
    (
        "kirim pesan 'jam 25 tidak ada' ke slack channel humor besok jam 9",
        "send 'jam 25 tidak ada' slack:humor @2026-11-25T09:00",
    ),
    ('besok jam 7 WITA kirim "halo" ke telegram chat 3', "send 'halo' telegram:3 @2026-11-25T07:00+0800"),
    (
        'tomorrow at 9am Asia/Singapore send "hi" to telegram chat 3',
        "send 'hi' telegram:3 @2026-11-25T09:00+0800",
    ),
    ('lima menit lagi kirim "mulai" ke telegram chat 1', "send 'mulai' telegram:1 @2026-11-24T10:05"),
    ("90 menit lagi backup", "backup @2026-11-24T11:30"),
    ("in two days at noon export data", "backup @2026-11-26T12:00"),
    (
        "sepuluh menit dari sekarang cek https://a.example.com",
        "page https://a.example.com @2026-11-24T10:10",
    ),
    (
        '2 minggu lagi jam 9 kirim "jatuh tempo" ke wa 6281',
        "send 'jatuh tempo' whatsapp:6281 @2026-12-08T09:00",
    ),
    ("tomorrow morning at 6:30 send the report", "report @2026-11-25T06:30"),
    ("tomorrow at midnight back up", "backup @2026-11-25T00:00"),
    ('nanti jam 15.00 ingatkan saya di slack "meeting"', "send 'meeting' slack @2026-11-24T15:00"),
    ("Sabtu ini jam 7 malam kirim laporan", "report @2026-11-28T19:00"),
    ('hari ini jam 13.00 kirim "makan" ke telegram chat 4', "send 'makan' telegram:4 @2026-11-24T13:00"),
    ("on 2026-12-01 at 10:00 back up", "backup @2026-12-01T10:00"),
    ("tanggal 3/12/2026 jam 8 pagi laporan", "report @2026-12-03T08:00"),
    ('5 Jan jam 9 kirim "tahun baru" ke telegram chat 9', "send 'tahun baru' telegram:9 @2027-01-05T09:00"),
    ("minggu depan laporan jam 9", "report @2026-12-01T09:00"),
    ("bulan depan tanggal 5 jam 8 backup", "backup @2026-12-05T08:00"),
    (
        'umumin di discord channel 1234 "server maintenance" malam ini jam 10',
        "send 'server maintenance' discord:1234 @2026-11-24T22:00",
    ),
    (
        'tulis pesan "oke siap" ke telegram chat 8 besok jam 8',
        "send 'oke siap' telegram:8 @2026-11-25T08:00",
    ),
    (
        'notify the team on slack channel dev "deploy at 5" tomorrow at 4pm',
        "send 'deploy at 5' slack:dev @2026-11-25T16:00",
    ),
    (
        'beri tahu wa 6281222 "paket sampai" dalam 15 menit',
        "send 'paket sampai' whatsapp:6281222 @2026-11-24T10:15",
    ),
    (
        'kirim pengumuman "libur nasional" ke slack channel all besok pagi jam 8',
        "send 'libur nasional' slack:all @2026-11-25T08:00",
    ),
    ("report this afternoon", "report @2026-11-24T15:00"),
    ("laporan pagi ini jam 11", "report @2026-11-24T11:00"),
    ("kirim laporan malam nanti", "report @2026-11-24T19:00"),
    ("backup malam ini", "backup @2026-11-25T02:00"),
    ("Senin minggu depan jam 8 kirim laporan", "report @2026-11-30T08:00"),
    ("akhir pekan ini jam 9 backup", "backup @2026-11-28T09:00"),
    ('this weekend at 9 send "picnic" to telegram chat 3', "send 'picnic' telegram:3 @2026-11-28T09:00"),
    ('besok pagi-pagi jam 5 kirim "bangun" ke wa 62811', "send 'bangun' whatsapp:62811 @2026-11-25T05:00"),
    ("tgl 28 november jam 9 pagi backup", "backup @2026-11-28T09:00"),
    ("28 November pukul 9 kirim laporan", "report @2026-11-28T09:00"),
    ("november 30 at 5pm export data", "backup @2026-11-30T17:00"),
    ("on the 30th of November at 5pm export data", "backup @2026-11-30T17:00"),
    ("nanti tengah malam backup", "backup @2026-11-25T00:00"),
    (
        'besok tengah hari kirim "makan siang" ke telegram chat 3',
        "send 'makan siang' telegram:3 @2026-11-25T12:00",
    ),
    ('3 jam dari sekarang kirim "cek" ke telegram chat 4', "send 'cek' telegram:4 @2026-11-24T13:00"),
    ("sejam setengah lagi backup", "backup @2026-11-24T11:30"),
    ("dalam satu jam backup", "backup @2026-11-24T11:00"),
    ('within 30 minutes send "hello" to telegram chat 4', "send 'hello' telegram:4 @2026-11-24T10:30"),
    ("30 minutes later back up", "backup @2026-11-24T10:30"),
    ('after 10 minutes send "hi" to slack channel x1', "send 'hi' slack:x1 @2026-11-24T10:10"),
    ("setelah 2 jam backup", "backup @2026-11-24T12:00"),
    ("jam 5 sore nanti laporan", "report @2026-11-24T17:00"),
    ("jam 5 sore hari ini laporan", "report @2026-11-24T17:00"),
    ("jam 9 besok laporan", "report @2026-11-25T09:00"),
    ("pukul 10.30 lusa backup", "backup @2026-11-26T10:30"),
    ("senin besok jam 8 laporan", "report @2026-11-30T08:00"),
    ('hari rabu ini jam 14 kirim "rapat" ke slack channel tim', "send 'rapat' slack:tim @2026-11-25T14:00"),
    ("rabu minggu ini jam 14 backup", "backup @2026-11-25T14:00"),
    ("next friday 17:00 report", "report @2026-12-04T17:00"),
    ("coming saturday at 10am back up", "backup @2026-11-28T10:00"),
    ("friday next week at 10 report", "report @2026-12-04T10:00"),
    ("two weeks from today at 9 back up", "backup @2026-12-08T09:00"),
    ("a week from now back up", "backup @2026-12-01T10:00"),
    (
        'sebulan lagi jam 9 kirim "bayar sewa" ke wa 62811',
        "send 'bayar sewa' whatsapp:62811 @2026-12-24T09:00",
    ),
    (
        'tahun depan tanggal 1 Januari jam 0 kirim "selamat tahun baru" ke telegram chat 9',
        "send 'selamat tahun baru' telegram:9 @2027-01-01T00:00",
    ),
    ("tanggal 1 Januari tahun depan jam 7 kirim laporan", "report @2027-01-01T07:00"),
    (
        '25/12/2026 jam 7 pagi kirim "Selamat Natal" ke telegram chat 9',
        "send 'Selamat Natal' telegram:9 @2026-12-25T07:00",
    ),
    ("2026-12-31 23:59 backup", "backup @2026-12-31T23:59"),
    ("on 1 Dec at noon send the report", "report @2026-12-01T12:00"),
    ("at 9 tomorrow morning send the report", "report @2026-11-25T09:00"),
    ("tomorrow evening at 7 back up", "backup @2026-11-25T19:00"),
    ("tomorrow night at 10 back up", "backup @2026-11-25T22:00"),
    ("tonight at midnight back up", "backup @2026-11-25T00:00"),
    ("malam ini jam 12 backup", "backup @2026-11-25T00:00"),
    ("nanti malam jam 1 backup", "backup @2026-11-25T01:00"),
    (
        'lusa jam 10 kirim pesan "stok opname" ke telegram chat 8812',
        "send 'stok opname' telegram:8812 @2026-11-26T10:00",
    ),
    (
        "nanti sore jam 4 kirim laporan ke email bos@x.example",
        "report @2026-11-24T16:00 notify=email:bos@x.example",
    ),
    ("tiga jam lagi cek https://a.example/y", "page https://a.example/y @2026-11-24T13:00"),
    (
        'Sabtu ini jam 8 pagi ingatkan saya di telegram "servis motor"',
        "send 'servis motor' telegram @2026-11-28T08:00",
    ),
    ('in 45 minutes remind me on discord "stand-up"', "send 'stand-up' discord @2026-11-24T10:45"),
    ("tomorrow at 6:15am export the data", "backup @2026-11-25T06:15"),
    ("tanggal 12 Desember 2026 jam 9 pagi kirim laporan", "report @2026-12-12T09:00"),
    ("on Friday 27 November at 9:30 back up", "backup @2026-11-27T09:30"),
    ("on Friday, 27 November 2026 at 9:30 back up", "backup @2026-11-27T09:30"),
    ("Jumat tanggal 27 November jam 9 backup", "backup @2026-11-27T09:00"),
    ("tomoz at 9 backup", "backup @2026-11-25T09:00"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_once_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about one-offs becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
