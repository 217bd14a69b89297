"""The planner's messages in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class PlannerMessage:
    """A message: its key, and the values of its placeholders."""

    key: str
    a: str = ""
    b: str = ""


_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # Assumptions: a missing part of the prompt, and the value used for it.
    "channel": ("Kanal tidak disebut: dipakai {a}.", "No channel was said: {a} is used."),
    "account": ("Akun tidak disebut: dipakai {a}.", "No account was said: {a} is used."),
    "interval": (
        "Interval tidak disebut: dipakai setiap {a} detik.",
        "No interval was said: every {a} seconds is used.",
    ),
    "time": ("Jam tidak disebut: dipakai {a}.", "No time of day was said: {a} is used."),
    "part": ("Jam untuk {b} tidak disebut: dipakai {a}.", "No time was said for {b}: {a} is used."),
    "odd_clock": ("Jam yang tidak lazim untuk {b} dibaca {a}.", "An hour unusual for {b} is read as {a}."),
    "monday": (
        "Hari tidak disebut: mingguan dibaca setiap Senin.",
        "No day was said: weekly is read as every Monday.",
    ),
    "first": (
        "Tanggal tidak disebut: bulanan dibaca tanggal 1.",
        "No date was said: monthly is read as the 1st.",
    ),
    "new_year": (
        "Tanggal tidak disebut: tahunan dibaca 1 Januari.",
        "No date was said: yearly is read as 1 January.",
    ),
    "counted": ("Jamnya tidak disebut: dipakai {a}.", "No times were said: {a} are used."),
    "often": (
        "Jamnya tidak disebut: dipakai setiap {a} detik.",
        "No times were said: every {a} seconds is used.",
    ),
    "eve": ("Malam suatu hari dibaca malam sebelumnya.", "The eve of a day is read as the night before it."),
    "restarts": (
        "Hitungan {a} menit mulai lagi tiap jam.",
        "Steps of {a} minutes start anew every hour.",
    ),
    "timezone": ("Zona waktu tidak disebut: dipakai {a}.", "No time zone was said: {a} is used."),
    "monthly_read": ("Tanggal {a} dibaca sebagai setiap bulan.", "The {a} is read as every month."),
    "instant": ("Waktunya dibaca {a}.", "The time is read as {a}."),
    "same_time": (
        "Jam tidak disebut: dipakai jam yang sama, {a}.",
        "No time of day was said: the same time, {a}, is used.",
    ),
    "window": ("Jendela waktu dibaca {a}.", "The window is read as {a}."),
    "lent_clock": ("Jam {a} dipakai untuk semua harinya.", "{a} is used for all of its days."),
    "lent_schedule": ("Jadwal yang sama dipakai untuk {a}.", "The same schedule is used for {a}."),
    "minute": (
        "Cron paling rapat tiap menit, jadi dipakai tiap menit.",
        "A cron line is by the minute at the finest: every minute is used.",
    ),
    "bare": ('"{a}" dibaca sebagai interval.', '"{a}" is read as the interval.'),
    "implied_watch": (
        "Kata kerjanya tidak disebut: dibaca sebagai pemantauan.",
        "No verb was said: it is read as a monitor.",
    ),
    "https": ("Alamat {a} dibaca https://{a}.", "The address {a} is read as https://{a}."),
    "phone": ("Nomor {a} dibaca sebagai nomor WhatsApp.", "The number {a} is read as a WhatsApp number."),
    "mail": ("{a} dibaca sebagai alamat email.", "{a} is read as an email address."),
    "text": ('Isi pesan dibaca "{a}".', 'The text is read as "{a}".'),
    "notify_bare": ("{a} dibaca sebagai tujuan kiriman.", "{a} is read as where it is sent."),
    "not_now": (
        "Jalan menurut jadwal; untuk sekarang juga: jalankan pekerjaannya.",
        "It runs by its schedule; to have it now as well, run the job.",
    ),
    "skipped": ('Kata "{a}" dilewati.', 'The words "{a}" are passed over.'),
    "typo": ('"{a}" dibaca "{b}".', '"{a}" is read as "{b}".'),
    "start": ("Mulai {a}.", "Starts {a}."),
    "end": ("Berakhir {a}.", "Ends {a}."),
    "steps": ("Kelipatan hari dihitung ulang tiap tanggal 1.", "Steps of days start anew on the 1st."),
    "daily": ("Hari tidak disebut: dibaca setiap hari.", "No day was said: it is read as every day."),
    # Warnings: parts of the prompt that are not carried out.
    "empty": ("Prompt kosong: tidak ada yang direncanakan.", "The prompt is empty: nothing is planned."),
    "nothing": (
        "Tidak ada pekerjaan yang dikenali. Yang bisa: pantau akun atau URL, laporan, backup, kirim pesan.",
        "No job was recognised. It can plan monitors of accounts or URLs, reports, backups, messages.",
    ),
    "injection": (
        "Prompt mencoba memerintah perencana: tidak ada yang direncanakan.",
        "The prompt tries to command the planner: nothing is planned.",
    ),
    "shift": (
        'Sebutkan jam barunya: "{a}" saja tidak cukup untuk memindah pekerjaan.',
        'Say the new time: "{a}" alone is too little to move a job.',
    ),
    "unsupported": (
        'Tidak ada jenis pekerjaan untuk "{a}": bagian itu dilewati.',
        'No job type does "{a}": that part is left out.',
    ),
    "not_understood": (
        'Bagian "{a}" tidak dimengerti dan dilewati.',
        '"{a}" is not understood and is left out.',
    ),
    "foreign": (
        "Kanal {a} tidak didukung: bagian itu tidak direncanakan.",
        "The channel {a} is not supported: that part is not planned.",
    ),
    "scheme": (
        "{a} bukan alamat http atau https: bagian itu tidak direncanakan.",
        "{a} is no http or https address: that part is not planned.",
    ),
    "foreign_notify": (
        "Kanal {a} tidak didukung: kabarnya tidak diatur.",
        "The channel {a} is not supported: no notification goes there.",
    ),
    "no_target": (
        "Apa yang dicek? Sebutkan kanal, akun, atau alamatnya.",
        "Check what? Name a channel, an account or an address.",
    ),
    "needs_url": ("Situs mana? Sebutkan alamatnya (https://…).", "Which site? Give its address (https://…)."),
    "negated": ('"{a}" tidak direncanakan, sesuai permintaan.', '"{a}" is not planned, as you asked.'),
    "stop": (
        '"{a}" menghentikan pekerjaan yang sudah ada; perencana tidak menghentikan apa pun.',
        '"{a}" ends a job that exists; the planner itself stops nothing.',
    ),
    "no_text": ("Isi pesannya apa? Tulis di antara tanda kutip.", "What is the message? Write it in quotes."),
    "keep_for": (
        '"{a}": simpanan dihitung per jumlah, bukan per waktu; dilewati.',
        '"{a}": exports are kept by number, not by age; left out.',
    ),
    "keep_zero": (
        '"{a}" tidak mungkin: simpan paling sedikit 1; backupnya tidak direncanakan.',
        '"{a}" is impossible: keep at least 1; that backup is not planned.',
    ),
    "backup_notify": (
        'Backup tidak mengirim kabar: tujuan "{a}" dilewati.',
        'A backup sends no word: "{a}" is left out.',
    ),
    "notify_more": (
        "Hanya satu tujuan kabar: {a} dilewati.",
        "There is one place to notify: {a} is left out.",
    ),
    "notify_nowhere": (
        "Kabar ke mana? Kanalnya tidak disebut, jadi dipakai DEFAULT_NOTIFY.",
        "Notify where? No channel was said: DEFAULT_NOTIFY holds.",
    ),
    "alarm_text": (
        'Isi alarm tidak bisa diatur: "{a}" dilewati.',
        'An alarm\'s text cannot be set: "{a}" is left out.',
    ),
    "no_recipient": (
        "Penerima pesan tidak disebut: dipakai default_to akun atau DEFAULT_NOTIFY.",
        "No recipient was said: the account's default_to or DEFAULT_NOTIFY is used.",
    ),
    "question": (
        "Pertanyaan tidak dijawab di sini: GET /jobs dan GET /runs menunjukkan yang ada.",
        "Questions are not answered here: GET /jobs and GET /runs show what there is.",
    ),
    "conditional": (
        'Pekerjaan bersyarat tidak didukung: "{a}" dilewati.',
        'Conditional jobs are not supported: "{a}" is left out.',
    ),
    "clock": (
        '"{a}" bukan jam yang ada: bagian itu tidak direncanakan.',
        '"{a}" is no time of day: that part is not planned.',
    ),
    "too_short": (
        '"{a}" kurang dari 1 detik: bagian itu tidak direncanakan.',
        '"{a}" is under 1 second: that part is not planned.',
    ),
    "negative": (
        '"{a}" bernilai negatif: bagian itu tidak direncanakan.',
        '"{a}" is negative: that part is not planned.',
    ),
    "too_long": (
        '"{a}" lebih dari 366 hari: bagian itu tidak direncanakan.',
        '"{a}" is over 366 days: that part is not planned.',
    ),
    "fraction": (
        '"{a}" bukan detik bulat: bagian itu tidak direncanakan.',
        '"{a}" is no whole number of seconds: that part is not planned.',
    ),
    "times": (
        '"{a}" tidak mungkin: bagian itu tidak direncanakan.',
        '"{a}" is impossible: that part is not planned.',
    ),
    "date": (
        '"{a}" bukan tanggal yang ada: bagian itu tidak direncanakan.',
        '"{a}" is no date: that part is not planned.',
    ),
    "past": ('"{a}" sudah lewat: bagian itu tidak direncanakan.', '"{a}" is past: that part is not planned.'),
    "no_days": (
        "Tidak ada hari yang tersisa: bagian itu tidak direncanakan.",
        "No day is left: that part is not planned.",
    ),
    "nth_weekday": (
        '"{a}" tidak bisa dijadwalkan (hari ke-n dalam bulan): bagian itu tidak direncanakan.',
        '"{a}" cannot be scheduled (the nth weekday of a month): that part is not planned.',
    ),
    "vague": ('"{a}" terlalu umum: dipakai waktu bawaan.', '"{a}" is too vague: the default is used.'),
    "vague_once": ('"{a}" terlalu umum: sebutkan waktunya.', '"{a}" is too vague: say when.'),
    "lasting": ('Batas waktu "{a}" tidak diatur.', 'The limit "{a}" is not set.'),
    "extra_clock": ("Jam {a} dilewati, karena ada interval.", "{a} is left out, since there is an interval."),
    "window_left": ("Jendela waktu {a} dilewati.", "The window {a} is left out."),
    "finest": (
        "Dalam jendela waktu paling rapat tiap menit: {a} detik menjadi tiap menit.",
        "In a window the finest is a minute: {a} seconds became every minute.",
    ),
    "no_step": (
        "Interval {a} hari tidak bisa digabung dengan hari atau tanggal: dilewati.",
        "An interval of {a} days does not go with days or dates: it is left out.",
    ),
    "bad_zone": ("Zona waktu {a} tidak dikenal: dipakai {b}.", "The time zone {a} is unknown: {b} is used."),
    "unused": ('"{a}" tidak dipakai.', '"{a}" is not used.'),
    # The reason of a job, and the summary.
    "reason": ('Dari kata "{a}".', 'From the words "{a}".'),
    "summary": ("{a} pekerjaan: {b}.", "{a} jobs: {b}."),
    "summary_one": ("1 pekerjaan: {b}.", "1 job: {b}."),
    "summary_none": ("Tidak ada yang direncanakan.", "Nothing is planned."),
    "at_words": ("sekali pada {a}", "once at {a}"),
    "by_hand": ("sekali, sekarang", "once, now"),
}


def render(message: PlannerMessage, language: Language) -> str:
    """Return a sentence in a language."""
    text = _TEXTS[message.key][0 if language == "id" else 1]
    return text.format(a=message.a, b=message.b)
