"""Indonesian texts of the causes, with the same placeholders as `messages_en.py`."""

from __future__ import annotations

from typing import Final

from app.explain.messages import CauseText

WORDS_ID: Final[dict[str, CauseText]] = {
    # Bagaimana run berakhir
    "ran.success": CauseText(
        "{runs} pada {span}: berhasil pada {ended} setelah {took} (percobaan {attempt}).",
        "`multi-job logs {run}` menampilkan log-nya.",
    ),
    "ran.successes": CauseText(
        "{runs} pada {span}: semuanya berhasil.",
        "`multi-job runs --job {job}` mendaftarnya.",
    ),
    "ran.failed": CauseText(
        "{runs} pada {span}: gagal pada {ended} setelah {took}, pada percobaan {attempt}: {error}",
        "`multi-job logs {run}` menampilkan log-nya.",
    ),
    "ran.dead": CauseText(
        "{runs} pada {span}: gagal sepenuhnya pada {ended}, pada percobaan {attempt}, dan kini "
        "menjadi dead letter: {error}",
        "`multi-job logs {run}` menampilkan log-nya; perbaiki penyebabnya, lalu `POST "
        "/dead-letters/redrive` menjalankannya lagi.",
    ),
    "ran.cancelled": CauseText(
        "{runs} pada {span}: dibatalkan pada {ended} setelah {took}.",
        "`multi-job run {job}` menjalankannya sekali, sekarang.",
    ),
    "ran.running": CauseText(
        "{runs} pada {span}: sedang bekerja sejak {since} ({took}) di {worker}, percobaan {attempt}.",
        "`multi-job logs {run} --follow` mengikutinya; `multi-job cancel {run}` mengakhirinya.",
    ),
    # Apa yang ditunggu run
    "retrying": CauseText(
        "{runs} pada {span}: gagal pada percobaan {failures} dari {tries}, dicoba lagi pada "
        "{due_zone}: {error}",
        "Tunggu, atau perbaiki penyebabnya: `multi-job logs {run}`.",
    ),
    "delayed": CauseText(
        "{runs} pada {span}: dipesan untuk nanti, jatuh tempo pada {due_zone}.",
        "Tunggu, atau `multi-job cancel {run}`.",
    ),
    "paused.run": CauseText(
        "{runs} pada {span}: ditahan, karena {scope} dijeda sejak {since_zone} oleh {actor}{note}.",
        "`{resume}` melanjutkannya.",
    ),
    "paused.resumed": CauseText(
        "{runs} pada {span}: tadinya ditahan oleh jeda {scope}, yang sudah berakhir; sedang menuju worker.",
        "Tidak perlu apa-apa.",
    ),
    "no_worker": CauseText(
        "{runs} pada {span}: mengantre sejak {since_zone}, dan tidak ada worker yang hidup.",
        "Jalankan satu: `multi-job up` di mesin ini, atau `python -m app.services.worker.main`; "
        "`multi-job status` menampilkan yang hidup.",
    ),
    "unknown_type.waiting": CauseText(
        "{runs} pada {span}: mengantre sejak {since_zone}; {workers} worker hidup, dan tidak satu "
        "pun mengenal jenis job {type}: run akan gagal.",
        "Pasang handler-nya di tempat worker berjalan, atau sebut modulnya di HANDLER_MODULES, lalu "
        "mulai ulang worker; `GET /job-types` mendaftar yang dikenal.",
    ),
    "unknown_type.failed": CauseText(
        "{runs} pada {span}: gagal pada {ended}, karena worker tidak mengenal jenis job {type}.",
        "Pasang handler-nya di tempat worker berjalan, atau sebut modulnya di HANDLER_MODULES, lalu "
        "mulai ulang worker; `GET /job-types` mendaftar yang dikenal.",
    ),
    "key_full": CauseText(
        "{runs} pada {span}: menunggu sejak {since_zone}. Kunci konkurensi {key} membolehkan {limit} "
        "berjalan bersamaan, dan {held} memegangnya ({holders}).",
        "Tunggu, `multi-job cancel` salah satunya, atau naikkan concurrency.limit pada job dengan kunci ini.",
    ),
    "queued_behind.own": CauseText(
        "{runs} pada {span}: menunggu sejak {since_zone} run sebelumnya dari job ini ({holders}), "
        "sesuai overlap: queue.",
        "Tunggu, atau `multi-job cancel` yang sebelumnya; overlap: allow membolehkan keduanya bersamaan.",
    ),
    "queued_behind": CauseText(
        "{runs} pada {span}: mengantre sejak {since_zone}; {older} run yang lebih lama juga "
        "menunggu, dan {busy} berjalan di {workers} worker dengan tempat untuk {room}.",
        "Tunggu, naikkan prioritasnya, atau tambah worker; `multi-job status` menampilkan antreannya.",
    ),
    "queued": CauseText(
        "{runs} pada {span}: mengantre sejak {since_zone} dan mendapat giliran berikutnya.",
        "Tunggu sebentar; `multi-job status` menampilkan worker.",
    ),
    # Ditolak
    "policy.line": CauseText(
        "{runs} pada {span}: gagal pada {ended}, karena pemakaian alat ditolak oleh kebijakan: {error}",
        "Operator menambahkan baris ini, lalu memulai ulang worker: `{line}`. Lalu `multi-job run {job}`.",
    ),
    "policy": CauseText(
        "{runs} pada {span}: gagal pada {ended}, karena pemakaian alat ditolak oleh kebijakan: {error}",
        "`GET /policies` menampilkan aturannya; ubah permintaan job, lalu `multi-job run {job}`.",
    ),
    # Slot tanpa run
    "missed.run_once": CauseText(
        "{slots} pada {span} terlewat: tidak ada scheduler yang bekerja dari {down} sampai "
        "{up_zone}. Dari semua yang terlambat, yang terakhir berjalan (misfire: run_once).",
        "`multi-job run {job}` menggantikannya secara manual; misfire: run_all mengejar semuanya sendiri.",
    ),
    "missed.run_all": CauseText(
        "{slots} pada {span} terlewat: tidak ada scheduler yang bekerja dari {down} sampai "
        "{up_zone}, dan ini di luar 100 yang dikejar misfire: run_all.",
        "`multi-job run {job}` menggantikannya secara manual.",
    ),
    "misfire_skip": CauseText(
        "{slots} pada {span} dilewati: tidak ada scheduler yang bekerja dari {down} sampai "
        "{up_zone}, dan misfire: skip tidak menjalankan yang terlambat.",
        "`multi-job run {job}` menggantikannya secara manual; misfire: run_once menjalankan yang terakhir.",
    ),
    "overlap.active": CauseText(
        "{slots} pada {span} dilewati: {run} aktif sejak {since} dan belum berakhir ({status}).",
        "`multi-job cancel {run}`, atau biarkan slot menunggu atau bersamaan: overlap: queue, "
        "overlap: allow.",
    ),
    "overlap.ended": CauseText(
        "{slots} pada {span} dilewati: {run} aktif dari {since} sampai {ended}.",
        "Persingkat run agar lebih pendek dari intervalnya, atau biarkan slot menunggu (`PUT "
        "/jobs/{job}` dengan overlap: queue) atau bersamaan (overlap: allow).",
    ),
    "overlap.unknown": CauseText(
        "{slots} pada {span} dilewati: run sebelumnya, yang sudah tidak disimpan, masih aktif.",
        "Persingkat run agar lebih pendek dari intervalnya, atau biarkan slot menunggu (`PUT "
        "/jobs/{job}` dengan overlap: queue) atau bersamaan (overlap: allow).",
    ),
    "backlog": CauseText(
        "{slots} pada {span} dilewati: 100 run dari job ini sudah menunggu (overlap: queue).",
        "`multi-job status` menampilkan antreannya: tambah worker, atau perpanjang intervalnya.",
    ),
    "clock_went_back": CauseText(
        "{slots} pada {span} sudah berjalan sebelum jam Redis mundur, dan tidak berjalan dua kali.",
        "Jaga jam mesin Redis (NTP); `multi-job doctor` memeriksanya.",
    ),
    "paused.slots": CauseText(
        "{slots} pada {span} tidak menghasilkan run: {scope} dijeda sejak {since} oleh {actor}{note}.",
        "`{resume}` mengaktifkannya lagi; `multi-job run {job}` lalu menggantikannya.",
    ),
    "paused.told": CauseText(
        "{slots} pada {span} tidak menghasilkan run: {scope} dijeda sejak {since} oleh {actor}; "
        "jedanya sudah berakhir.",
        "`multi-job run {job}` menggantikannya secara manual.",
    ),
    "paused.past": CauseText(
        "{slots} pada {span} tidak menghasilkan run: job sedang dijeda; jedanya sudah berakhir.",
        "`multi-job run {job}` menggantikannya secara manual.",
    ),
    "cooling_down.slots": CauseText(
        "{slots} pada {span} tidak menghasilkan run: job dalam masa tunggu sampai {until} setelah "
        "{run} gagal pada {ended}: {error}",
        "Perbaiki penyebabnya, lalu `multi-job run {job}`: satu keberhasilan mengakhiri masa tunggu.",
    ),
    "cooling_down.unknown": CauseText(
        "{slots} pada {span} tidak menghasilkan run: job dalam masa tunggu setelah gagal.",
        "Perbaiki penyebabnya, lalu `multi-job run {job}`: satu keberhasilan mengakhiri masa tunggu.",
    ),
    "disabled.slots": CauseText(
        "{slots} pada {span} tidak menghasilkan run: job dinonaktifkan sejak {since} oleh {actor}.",
        "`multi-job enable {job}` mengaktifkannya lagi.",
    ),
    "disabled.past": CauseText(
        "{slots} pada {span} tidak menghasilkan run: job dinonaktifkan, sampai {until}.",
        "`multi-job run {job}` menggantikannya secara manual.",
    ),
    "outside_window.before": CauseText(
        "{slots} pada {span} tidak menghasilkan run: jadwal baru mulai pada {bound} (start_at).",
        "Tunggu, atau majukan start_at: `PUT /jobs/{job}`.",
    ),
    "outside_window.after": CauseText(
        "{slots} pada {span} tidak menghasilkan run: jadwal berakhir pada {bound} (end_at).",
        "Mundurkan end_at: `PUT /jobs/{job}`.",
    ),
    "invalid": CauseText(
        "{slots} pada {span} tidak menghasilkan run: spec yang tersimpan tidak terbaca, dan dicoba "
        "lagi sejam kemudian.",
        "Simpan job itu lagi: `PUT /jobs/{job}`; log scheduler menyebut kesalahannya.",
    ),
    "other": CauseText(
        "{slots} pada {span} tidak menghasilkan run: {reason}.",
        "`multi-job doctor` mencari kesalahannya.",
    ),
    "scheduler_down.slots": CauseText(
        "{slots} pada {span} jatuh tempo, dan tidak ada scheduler yang hidup.",
        "Jalankan satu: `multi-job up` di mesin ini, atau `python -m app.services.scheduler.main`.",
    ),
    "due.slots": CauseText(
        "{slots} pada {span} jatuh tempo; scheduler hidup dan segera mengambilnya.",
        "Tunggu sebentar; `multi-job status` menampilkan layanan.",
    ),
    # Jadwal berikutnya
    "next": CauseText(
        "Jadwal berikutnya {at_zone}.",
        "Tidak perlu apa-apa.",
    ),
    "due.next": CauseText(
        "Jatuh tempo sejak {at_zone}; scheduler hidup dan segera mengambilnya.",
        "Tidak perlu apa-apa.",
    ),
    "disabled.next": CauseText(
        "Tidak dijadwalkan: dinonaktifkan sejak {since_zone} oleh {actor}.",
        "`multi-job enable {job}` mengaktifkannya lagi; `multi-job run {job}` menjalankannya sekali.",
    ),
    "no_schedule": CauseText(
        "Tidak punya jadwal: dijalankan manual, atau bila on_success atau on_failure job lain menyebutnya.",
        "`multi-job run {job}` menjalankannya sekali, sekarang.",
    ),
    "no_schedule.chain": CauseText(
        "Tidak punya jadwal: belakangan ini dimulai oleh berakhirnya {feeders}, dan dapat dijalankan manual.",
        "`multi-job run {job}` menjalankannya sekali, sekarang.",
    ),
    "done": CauseText(
        "Dijadwalkan sekali saja, pada {at_zone}, yang sudah lewat.",
        "`multi-job run {job}` menjalankannya sekali lagi; `PUT /jobs/{job}` dengan `at` lain "
        "menjadwalkannya kembali.",
    ),
    "done.none": CauseText(
        "Jadwalnya tidak punya slot lagi.",
        "Beri jadwal lain: `PUT /jobs/{job}`.",
    ),
    "outside_window.over": CauseText(
        "Tidak dijadwalkan lagi: jadwalnya berakhir pada {bound_zone} (end_at).",
        "Mundurkan end_at: `PUT /jobs/{job}`.",
    ),
    "outside_window.next": CauseText(
        "Pertama kali berjalan pada {at_zone}: jadwalnya mulai pada {bound} (start_at).",
        "Tunggu, atau majukan start_at: `PUT /jobs/{job}`.",
    ),
    "paused.next": CauseText(
        "Slot berikutnya {at_zone}, dan tidak menghasilkan run selama {scope} dijeda (sejak {since} "
        "oleh {actor}{note}).",
        "`{resume}` mengaktifkannya.",
    ),
    "scheduler_down.next": CauseText(
        "Slot berikutnya {at_zone}, dan tidak ada scheduler yang hidup.",
        "Jalankan satu: `multi-job up` di mesin ini, atau `python -m app.services.scheduler.main`.",
    ),
    "scheduler_down.since": CauseText(
        "Slot berikutnya {at_zone}, dan tidak ada scheduler yang hidup sejak {since}.",
        "Jalankan satu: `multi-job up` di mesin ini, atau `python -m app.services.scheduler.main`.",
    ),
    "cooling_down.next": CauseText(
        "Slot berikutnya {at_zone}, dan tidak menghasilkan run: masa tunggu sampai {until} setelah "
        "{run} gagal: {error}",
        "Perbaiki penyebabnya, lalu `multi-job run {job}`: satu keberhasilan mengakhiri masa tunggu.",
    ),
    "overlap.next": CauseText(
        "Jadwal berikutnya {at_zone}, kecuali {run} ({status}, sejak {since}) masih aktif: overlap-nya skip.",
        "`multi-job logs {run}` menampilkan kemajuannya; `multi-job cancel {run}` mengakhirinya.",
    ),
}
