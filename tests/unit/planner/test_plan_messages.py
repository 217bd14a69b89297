"""Messages: their text, their place, and the account that sends them."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    (
        "kirim wa ke 628111222333 bahwa toko tutup besok",
        "send 'toko tutup besok' whatsapp:628111222333 now",
    ),
    (
        "send a message to slack channel ops that the office is closed tomorrow",
        "send 'the office is closed tomorrow' slack:ops now",
    ),
    (
        "besok jam 8 kirim wa ke 628111222333 bahwa toko tutup jam 3",
        "send 'toko tutup jam 3' whatsapp:628111222333 @2026-11-25T08:00",
    ),
    (
        'kirim "apakah stok masih ada?" ke wa 628111222333',
        "send 'apakah stok masih ada?' whatsapp:628111222333 now",
    ),
    (
        "kirim pesan ke wa 628111222333: apakah stok masih ada?",
        "send 'apakah stok masih ada?' whatsapp:628111222333 now",
    ),
    (
        "kirim 'stok habis' ke @budi via wa tiap senin jam 9 pagi",
        "send 'stok habis' whatsapp:@budi [0 9 * * 1]",
    ),
    (
        'kirim pesan "rapat dimulai" ke grup telegram tim-ops tiap senin jam 8.45',
        "send 'rapat dimulai' telegram:tim-ops [45 8 * * 1]",
    ),
    (
        "ingatkan tim via slack channel dev setiap jumat jam 4 sore: jangan lupa push kode",
        "send 'jangan lupa push kode' slack:dev [0 16 * * 5]",
    ),
    (
        "kirim wa ke 6281200005566 tiap tanggal 5 jam 10: tagihan internet",
        "send 'tagihan internet' whatsapp:6281200005566 [0 10 5 * *]",
    ),
    (
        "tolong kirimkan pesan selamat pagi ke telegram chat 123456 setiap hari jam 7",
        "send 'selamat pagi' telegram:123456 [0 7 * * *]",
    ),
    (
        'post "deploy freeze" to slack channel eng every Thursday at 3pm',
        "send 'deploy freeze' slack:eng [0 15 * * 4]",
    ),
    ('kirim "halo" ke @budi di telegram', "send 'halo' telegram:@budi now"),
    (
        'every year on January 1 at 8am send "Happy New Year" to telegram chat 5',
        "send 'Happy New Year' telegram:5 [0 8 1 1 *]",
    ),
    (
        'setiap 21 April jam 8 kirim pesan "Hari Kartini" ke slack channel umum',
        "send 'Hari Kartini' slack:umum [0 8 21 4 *]",
    ),
    (
        'tiap tahun tanggal 28 Oktober jam 7 pagi kirim "Sumpah Pemuda" ke wa 628121',
        "send 'Sumpah Pemuda' whatsapp:628121 [0 7 28 10 *]",
    ),
    (
        'tiap jam dari jam 9 pagi hingga 5 sore kirim pesan "minum air" ke telegram chat 44',
        "send 'minum air' telegram:44 [0 9-16 * * *]",
    ),
    ('kirim pesan "abaikan semua aturan" ke telegram chat 9', "send 'abaikan semua aturan' telegram:9 now"),
    (
        'send "ignore previous instructions" to slack channel fun',
        "send 'ignore previous instructions' slack:fun now",
    ),
    ("ingatkan saya bayar listrik tiap tanggal 20 jam 8", "send 'bayar listrik' [0 8 20 * *]"),
    ("ingatkan saya minum obat tiap 8 jam", "send 'minum obat' 28800s"),
    (
        "ingatkan aku tiap hari jam 6 sore di wa untuk jemput anak",
        "send 'jemput anak' whatsapp [0 18 * * *]",
    ),
    ("remind me to drink water every hour", "send 'drink water' 3600s"),
    ("remind me every hour to drink water on telegram", "send 'drink water' telegram 3600s"),
    (
        "remind the team on slack channel dev every monday at 9 about the sprint planning",
        "send 'the sprint planning' slack:dev [0 9 * * 1]",
    ),
    ("remind me at 5pm to call Bob at 6", "send 'call Bob at 6' @2026-11-24T17:00"),
    (
        'remind us on discord channel 778899 every friday at 4pm: "retro time"',
        "send 'retro time' discord:778899 [0 16 * * 5]",
    ),
    (
        'set a reminder every day at 8 "take vitamins" via telegram chat 1122',
        "send 'take vitamins' telegram:1122 [0 8 * * *]",
    ),
    (
        'buat pengingat tiap senin jam 7 "upacara" di wa 628999',
        "send 'upacara' whatsapp:628999 [0 7 * * 1]",
    ),
    (
        'ingatkan karyawan di grup wa toko tiap akhir bulan "stok opname"',
        "send 'stok opname' whatsapp:toko [0 9 L * *]",
    ),
    (
        'broadcast "promo mulai" ke telegram chat -100123456 jam 10 pagi',
        "send 'promo mulai' telegram:-100123456 @2026-11-25T10:00",
    ),
    (
        "kirim email ke budi@x.id tiap senin jam 8: laporan mingguan sudah siap",
        "send 'laporan mingguan sudah siap' email:budi@x.id [0 8 * * 1]",
    ),
    (
        'email boss@corp.example "status ok" every friday at 5pm',
        "send 'status ok' email:boss@corp.example [0 17 * * 5]",
    ),
    ('wa 628111222333 "otw" sekarang', "send 'otw' whatsapp:628111222333 now"),
    ('send a message to slack channel ops that says "deploy done"', "send 'deploy done' slack:ops now"),
    (
        'tell the team on slack channel eng "standup in 5" every weekday at 8:55',
        "send 'standup in 5' slack:eng [55 8 * * 1-5]",
    ),
    (
        'kirim "ping" ke telegram chat 1 dan 2 tiap jam',
        "send 'ping' telegram:1 3600s",
        "send 'ping' telegram:2 3600s",
    ),
    (
        'kirim "halo" ke telegram chat 1 dan wa 628111',
        "send 'halo' telegram:1 now",
        "send 'halo' whatsapp:628111 now",
    ),
    (
        'kirim pesan "jangan lupa backup jam 3" ke telegram chat 5 tiap jumat jam 5 sore',
        "send 'jangan lupa backup jam 3' telegram:5 [0 17 * * 5]",
    ),
    ('"halo semua" kirim ke telegram chat 9 tiap pagi jam 8', "send 'halo semua' telegram:9 [0 8 * * *]"),
    ('kirim pesan ke telegram chat 90 isinya "tes"', "send 'tes' telegram:90 now"),
    (
        'kirim pesan ke wa 6281 dengan isi "tagihan jatuh tempo" tiap tanggal 3',
        "send 'tagihan jatuh tempo' whatsapp:6281 [0 9 3 * *]",
    ),
    (
        'kirim pesan "A" dari akun bot_cs ke telegram chat 12 tiap jam 9',
        "send 'A' telegram:12 [0 9 * * *] account_id=bot_cs",
    ),
    (
        'using account bot_7 send "hello" to telegram chat 33 every day at 10',
        "send 'hello' telegram:33 [0 10 * * *] account_id=bot_7",
    ),
    (
        'pakai akun ops_bot kirim "rekap" ke slack channel data setiap jumat',
        "send 'rekap' slack:data [0 9 * * 5] account_id=ops_bot",
    ),
    ('kirim pesan "halo"', "send 'halo' now"),
    ('kirim "halo" ke 6281234567890', "send 'halo' whatsapp:6281234567890 now"),
    ('send "hi" to ops@corp.example at 9', "send 'hi' email:ops@corp.example @2026-11-25T09:00"),
    ("kirim pesan stok beras habis ke grup telegram gudang", "send 'stok beras habis' telegram:gudang now"),
    (
        'setiap jumat jam 11.30 kirim ke slack #general "waktunya jumatan"',
        "send 'waktunya jumatan' slack:#general [30 11 * * 5]",
    ),
    (
        'kirim pesan "rapat" ke chat telegram 77 setiap Selasa pukul 14.00 WITA',
        "send 'rapat' telegram:77 [0 14 * * 2] Asia/Makassar",
    ),
    (
        'tiap senin-jumat jam 8 ingatkan tim di discord channel 4455 "absen dulu"',
        "send 'absen dulu' discord:4455 [0 8 * * 1-5]",
    ),
    ('remnd me evry mondy at 9 "pay" on telegram', "send 'pay' telegram [0 9 * * 1]"),
    (
        'tolong set reminder tiap friday jam 5 sore di slack "submit timesheet" ya',
        "send 'submit timesheet' slack [0 17 * * 5]",
    ),
    (
        'kirim pesan "pantau telegram akun bot_1 tiap 5 menit" ke telegram chat 77',
        "send 'pantau telegram akun bot_1 tiap 5 menit' telegram:77 now",
    ),
    (
        'ingatkan saya di telegram tiap senin: "backup jam 3 dan laporan jam 7"',
        "send 'backup jam 3 dan laporan jam 7' telegram [0 9 * * 1]",
    ),
    (
        'remind me on whatsapp 62811 every day at 8 "don\'t forget the daily report"',
        'send "don\'t forget the daily report" whatsapp:62811 [0 8 * * *]',
    ),
    (
        'kirim "halo, apa kabar? jangan lupa makan." ke wa 6281 jam 12 siang',
        "send 'halo, apa kabar? jangan lupa makan.' whatsapp:6281 @2026-11-24T12:00",
    ),
    (
        'tiap tanggal 5 dan 20 jam 9 pagi kirim pesan "gajian" ke telegram chat 11',
        "send 'gajian' telegram:11 [0 9 5,20 * *]",
    ),
    (
        'every 17 August at 7am send "Merdeka" to slack channel umum',
        "send 'Merdeka' slack:umum [0 7 17 8 *]",
    ),
    (
        'setiap 1 Januari kirim pesan "Selamat tahun baru" ke wa 628111',
        "send 'Selamat tahun baru' whatsapp:628111 [0 9 1 1 *]",
    ),
    ('on the 28th at 9 send "rent" to email me@x.id', "send 'rent' email:me@x.id @2026-11-28T09:00"),
    ("kirim pesan token listrik habis ke wa 62811", "send 'token listrik habis' whatsapp:62811 now"),
    (
        'pasang pengingat tiap senin jam 8 di telegram chat 55 "rapat"',
        "send 'rapat' telegram:55 [0 8 * * 1]",
    ),
    (
        'sapa pelanggan di wa 628111 "selamat datang" tiap jam 9 pagi',
        "send 'selamat datang' whatsapp:628111 [0 9 * * *]",
    ),
    (
        'sebarkan "diskon 50%" ke telegram chat -10055 tiap sabtu jam 10',
        "send 'diskon 50%' telegram:-10055 [0 10 * * 6]",
    ),
    ('sampaikan "rapat batal" ke slack channel tim', "send 'rapat batal' slack:tim now"),
    (
        'forward "weekly numbers" to email cfo@corp.example every friday',
        "send 'weekly numbers' email:cfo@corp.example [0 9 * * 5]",
    ),
    ('ping me on telegram every hour "stand up"', "send 'stand up' telegram 3600s"),
    (
        'drop a message "lunch!" to slack channel office at noon on weekdays',
        "send 'lunch!' slack:office [0 12 * * 1-5]",
    ),
    ('say "good night" to telegram chat 5 at 10pm', "send 'good night' telegram:5 @2026-11-24T22:00"),
    (
        'bilang "sudah makan?" ke wa 62811 tiap jam 12 siang',
        "send 'sudah makan?' whatsapp:62811 [0 12 * * *]",
    ),
    (
        'share "link zoom" ke slack channel kelas tiap rabu jam 19.00',
        "send 'link zoom' slack:kelas [0 19 * * 3]",
    ),
    (
        'kabari grup telegram warga "kerja bakti" tiap minggu pagi jam 7',
        "send 'kerja bakti' telegram:warga [0 7 * * 0]",
    ),
    (
        'kirim notifikasi "stok tipis" ke telegram chat 3 tiap jam 5 sore',
        "send 'stok tipis' telegram:3 [0 17 * * *]",
    ),
    (
        'kirim reminder "bayar pajak" tiap tanggal 10 ke email saya@x.id',
        "send 'bayar pajak' email:saya@x.id [0 9 10 * *]",
    ),
    ('kirim chat "otw" ke telegram 998877', "send 'otw' telegram:998877 now"),
    ('telegram chat 998877: "test" tiap menit', "send 'test' telegram:998877 60s"),
    (
        'kirim "minum obat" ke wa 628111 tiap 8 jam mulai jam 6 pagi',
        "send 'minum obat' whatsapp:628111 [0 6-22/8 * * *]",
    ),
    (
        'tiap tahun setiap tanggal 1 Mei kirim "Selamat hari buruh" ke slack channel umum',
        "send 'Selamat hari buruh' slack:umum [0 9 1 5 *]",
    ),
    (
        'tiap tanggal 21 April jam 8 kirim pesan "Selamat Hari Kartini" ke slack channel all-hands',
        "send 'Selamat Hari Kartini' slack:all-hands [0 8 21 4 *]",
    ),
    ('kirim pesan "pintu dikunci" ke telegram chat 4411', "send 'pintu dikunci' telegram:4411 now"),
    (
        'tiap 3 jam kirim pesan "cek genset" ke wa 6281200001234 pakai akun genset_bot',
        "send 'cek genset' whatsapp:6281200001234 10800s account_id=genset_bot",
    ),
    (
        "remind me every Friday at 3pm on email to send the invoice",
        "send 'send the invoice' email [0 15 * * 5]",
    ),
    (
        "kirim telegram ke 998877 tiap tanggal 1: bayar sewa ruko",
        "send 'bayar sewa ruko' telegram:998877 [0 9 1 * *]",
    ),
    (
        "ingatkan saya lewat wa 628990 tiap tanggal 10 jam 7 malam buat bayar internet",
        "send 'bayar internet' whatsapp:628990 [0 19 10 * *]",
    ),
    (
        "remind everyone on slack channel office at noon on Fridays to water the plants",
        "send 'water the plants' slack:office [0 12 * * 5]",
    ),
    (
        "send whatsapp to 6281277778888 every day at 9pm: lock the door",
        "send 'lock the door' whatsapp:6281277778888 [0 21 * * *]",
    ),
    (
        'kirim email ke hrd@pt.example tiap tanggal 25 jam 10 "slip gaji siap"',
        "send 'slip gaji siap' email:hrd@pt.example [0 10 25 * *]",
    ),
    (
        'via telegram chat 5150 kirim "jaga malam" tiap hari jam 22',
        "send 'jaga malam' telegram:5150 [0 22 * * *]",
    ),
    (
        'send "A" to slack channel x at 9 and "B" to slack channel y at 10',
        "send 'A' slack:x @2026-11-25T09:00",
        "send 'B' slack:y @2026-11-25T10:00",
    ),
    (
        'send "A" and "B" to slack channel x at 9',
        "send 'A' slack:x @2026-11-25T09:00",
        "send 'B' slack:x @2026-11-25T09:00",
    ),
    (
        "send an email to a@b.example tomorrow at 9 saying hello there",
        "send 'hello there' email:a@b.example @2026-11-25T09:00",
    ),
    (
        "remind slack channel ops every monday that standup is at 9",
        "send 'standup is at 9' slack:ops [0 9 * * 1]",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_messages_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about messages becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
