"""Words of time: units, clock, parts of the day, dates, and their connectives."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import LexiconEntry

UNITS: Final = (
    LexiconEntry(
        "unit",
        "ms",
        id="milidetik, mili detik, milisekon",
        en="millisecond, milliseconds, millis, msec, msecs",
        both="ms",
    ),
    LexiconEntry(
        "unit",
        "s",
        id="detik, detikan, dtk, detk, dtik, dtk2, detiknya",
        en="second, seconds, sec, secs, sconds, secnds",
    ),
    LexiconEntry(
        "unit",
        "min",
        id="menit, menitan, mnt, menitnya, mnit, mnet, menti, meni",
        en="minute, minutes, mins, minuts, minites, mintues",
    ),
    LexiconEntry("unit", "h", id="jam, jm, jaman, jamnya", en="hour, hours, hrs, hour's, huor, huors"),
    LexiconEntry("unit", "d", id="hari, hri, harinya", en="day, days, dy"),
    LexiconEntry("unit", "d", both="hr"),
    LexiconEntry("unit", "w", id="minggu, mgg, mggu, pekan, mingu, minggunya", en="week, weeks, wk, wks"),
    LexiconEntry("unit", "2w", en="fortnight, fortnights"),
    LexiconEntry("unit", "mo", id="bulan, bln, bulannya, buln", en="month, months, mth, mths, mnth"),
    LexiconEntry("unit", "y", id="tahun, thn, taun", en="year, years, yr, yrs"),
    LexiconEntry("unit_short", "s", both="s, d, dt, sc"),
    LexiconEntry("unit_short", "min", both="m, mn, min, mins, mt"),
    LexiconEntry("unit_short", "h", both="h, j, hr, jm"),
    LexiconEntry("unit1", "s", id="sedetik"),
    LexiconEntry("unit1", "min", id="semenit, smenit"),
    LexiconEntry("unit1", "h", id="sejam, sejm, sjam"),
    LexiconEntry("unit1", "d", id="sehari, sehr, shari, satu hari"),
    LexiconEntry("unit1", "w", id="seminggu, sepekan, smggu, semingu"),
    LexiconEntry("unit1", "mo", id="sebulan, sbulan"),
    LexiconEntry("unit1", "y", id="setahun"),
    LexiconEntry(
        "every",
        id="tiap, setiap, tiap tiap, tiap-tiap, tp, tiapp, saban, stiap, setip, tipa, setaip, "
        "sitiap, tiap kali, tiep, setiapp, seitap, setiap kali, stp, tia",
        en="every, each, every single, each single, each and every, "
        "evry, evrey, eveyr, evey, eery, evrery, ever",
    ),
    LexiconEntry("every", both="per"),
    LexiconEntry(
        "interval",
        id="interval, jeda, selang, frekuensi, intervalnya, jedanya, berselang, rentang",
        en="intervals of, at intervals of, interval of, frequency, gap",
    ),
    LexiconEntry("once", id="sekali, skali, skl, sekli", en="once"),
    LexiconEntry("twice", 2, en="twice"),
    LexiconEntry("twice", 3, en="thrice"),
    LexiconEntry("times", id="kali, kli, kl", en="times, time", both="x"),
    LexiconEntry("other", en="other, alternate"),
    LexiconEntry("few", id="beberapa, bbrp", en="few, several, couple, couple of, some"),
    LexiconEntry("half", id="setengah, stengah, stgh, stngah, 1/2, separuh, ½", en="half"),
    LexiconEntry("quarter", id="seperempat, prapat, seprempat, perempat", en="quarter"),
    LexiconEntry("lasting", id="selama, slama", en="for, during, for the next"),
    LexiconEntry(
        "recur",
        "d",
        id="harian, hariannya, sehari-hari, hrian",
        en="daily, everyday, dayly, dialy, day by day",
    ),
    LexiconEntry("recur", "w", id="mingguan, pekanan", en="weekly, weekley, wekly"),
    LexiconEntry("recur", "mo", id="bulanan, bulannan", en="monthly, montly, monthy"),
    LexiconEntry("recur", "q", id="triwulanan, kuartalan", en="quarterly"),
    LexiconEntry("recur", "y", id="tahunan", en="yearly, annually, annual"),
    LexiconEntry("hourly", "h", en="hourly"),
    LexiconEntry("hourly", "min", en="minutely"),
    LexiconEntry("hourly", "30min", en="half-hourly, half hourly"),
    LexiconEntry("hourly", "2d", en="alternate days, on alternate days"),
    LexiconEntry("hourly", "2d", id="selang sehari, selang satu hari"),
    LexiconEntry("hourly", "2w", en="fortnightly, biweekly, bi-weekly"),
    LexiconEntry("nightly", "malam", en="nightly"),
    LexiconEntry(
        "later",
        id="dari hari ini, lagi, lg, kemudian, dari sekarang, mendatang, ke depan",
        en="from today, from now, later, from this moment, hence",
    ),
    LexiconEntry("in", id="dalam, dlm, setelah, stlh, sesudah", en="in, within, after"),
)

CLOCK: Final = (
    LexiconEntry("clockmark", id="jam, pukul, pkl, jm, pk, jamnya, puku, pukl, jma", en="at, @"),
    LexiconEntry("oclock", en="o'clock, oclock, o clock, sharp, tepat", id="teng, tepat"),
    LexiconEntry(
        "part",
        "pagi",
        id="pagi, pgi, pagi-pagi, pg, pagi2, paginya, pagii",
        en="morning, in the morning, mornings, in the mornings, of the morning, in morning",
    ),
    LexiconEntry("part", "siang", id="siang, siang-siang, sing, siangnya"),
    LexiconEntry("part", "sore", id="sore, sore-sore, sor, sre, petang, ptg, sorenya"),
    LexiconEntry(
        "part",
        "malam",
        id="malam, mlm, malem, malam-malam, mlam, malamnya, mlem",
        en="night, nights, nite, nites",
    ),
    LexiconEntry(
        "part", "subuh", id="subuh, sbuh, fajar, dini hari, dinihari, dini hr, pagi buta, subuh-subuh"
    ),
    LexiconEntry(
        "part", "afternoon", en="afternoon, in the afternoon, afternoons, in the afternoons, of the afternoon"
    ),
    LexiconEntry("part", "evening", en="evening, in the evening, evenings, in the evenings, of the evening"),
    LexiconEntry("part", "night", en="at night, in the night, night time, nighttime, nights"),
    LexiconEntry("part", "am", en="am, a.m., a.m, a m"),
    LexiconEntry("part", "pm", en="pm, p.m., p.m, p m"),
    LexiconEntry(
        "clock", 0, id="tengah malam, tngh malam, tengah mlm", en="midnight, mid-night, at midnight"
    ),
    LexiconEntry("clock", 720, id="tengah hari", en="noon, midday, noontime, mid-day, at noon"),
    LexiconEntry("past", id="lewat, lebih, lwt, lebih dari", en="past, after"),
    LexiconEntry("less", id="kurang, krg, krang", en="to, before, til, till"),
    LexiconEntry(
        "until",
        id="sampai, sampe, smpe, smp, hingga, hgg, sd, ampe, sampai dengan, s.d., sampek, s/d",
        en="until, till, til, through, thru, up to",
    ),
    LexiconEntry("until", both="to, -"),
    LexiconEntry(
        "from",
        id="dari, dr, mulai, sejak, dimulai, mulai dari, dari mulai",
        en="from, starting, starting at, starting from, beginning, since, starting on, "
        "beginning at, start at",
    ),
    LexiconEntry("between", id="antara", en="between"),
    LexiconEntry("hours", 8, id="jam kerja, jam kantor, jam operasional"),
    LexiconEntry("hours", 9, en="business hours, office hours, working hours, work hours"),
)

_WEEKDAYS: Final = (
    ("sunday, sundays", "sun", "ahad, hari minggu, hr minggu, hri minggu, mingu", "mgg", 0),
    ("monday, mondays, monda", "mon", "senin, snin, senen, seninnya, sennin, hari senin", "sen, snn", 1),
    ("tuesday, tuesdays", "tue, tues", "selasa, slasa, selsa, hari selasa", "sel, sls", 2),
    ("wednesday, wednesdays, wensday, wednsday", "wed, weds", "rabu, rbu, rebo, hari rabu", "rab", 3),
    ("thursday, thursdays, thurday", "thu, thur, thurs", "kamis, kmis, kemis, hari kamis", "kam, kms", 4),
    (
        "friday, fridays",
        "fri",
        "jumat, jum'at, jmat, jum at, jumaat, jumt, hari jumat, hari jum'at",
        "jum, jmt",
        5,
    ),
    ("saturday, saturdays", "sat", "sabtu, sbtu, saptu, hari sabtu", "sab, sbt", 6),
)

DAYS: Final = (
    *(LexiconEntry("weekday", number, en=en, id=id_) for en, _, id_, _, number in _WEEKDAYS),
    *(LexiconEntry("weekday_short", number, en=en, id=id_) for _, en, _, id_, number in _WEEKDAYS),
    LexiconEntry("weekday", 0, id="minggu"),
    LexiconEntry(
        "dayset",
        (1, 2, 3, 4, 5),
        id="hari kerja, hr kerja, hari-hari kerja, hari kantor, hari biasa, hari2 kerja, harkerja, "
        "hari efektif, hari aktif, hri kerja, hari sekolah",
        en="weekday, weekdays, working day, working days, workday, workdays, work days, "
        "school day, school days, schooldays, business day, business days, work day, week days, week-days",
    ),
    LexiconEntry(
        "dayset",
        (6, 0),
        id="akhir pekan, akhir minggu, weekend, hari libur akhir pekan, wiken, hari sabtu minggu",
        en="weekend, weekends, the weekend, week-end",
    ),
    LexiconEntry("dayset", (0, 1, 2, 3, 4, 5, 6), en="seven days a week, all week", id="tujuh hari seminggu"),
    LexiconEntry(
        "except",
        id="kecuali, kcuali, selain, di luar",
        en="except, except for, excluding, other than, but not on, but not, unless, unless it is, "
        "unless it's, unless its",
    ),
    LexiconEntry(
        "datemark", id="tanggal, tgl, tggl, tnggl, tgal, tangal, tanggl, tgl.", en="date, day of the month"
    ),
    LexiconEntry(
        "lastday",
        id="hari terakhir, tanggal terakhir, tgl terakhir, akhir bulan, tiap akhir bulan, "
        "ujung bulan, penghujung bulan, hr terakhir",
        en="last day, end of the month, end of month, end of each month, end of every month, "
        "month end, month-end, final day, months end",
    ),
    LexiconEntry(
        "firstday",
        id="awal bulan, hari pertama, tanggal pertama",
        en="start of the month, beginning of the month, first day, start of each month, "
        "start of every month, beginning of each month, beginning of every month",
    ),
    LexiconEntry(
        "midmonth", id="tengah bulan, pertengahan bulan", en="middle of the month, mid month, mid-month"
    ),
    LexiconEntry("relday", 0, id="hari ini, hr ini, hri ini", en="today"),
    LexiconEntry(
        "relday",
        1,
        id="besok, bsk, esok, besoknya, esok hari, besuk, keesokan hari, bsok",
        en="tomorrow, tmrw, tmrow, tomoz, tomoro, tomorow, tmr, tommorow, tommorrow, the next day, "
        "tomorrow's",
    ),
    LexiconEntry("relday", 2, id="lusa, besok lusa", en="day after tomorrow, the day after tomorrow"),
    LexiconEntry("relday", -1, id="kemarin, kemaren, kmrn", en="yesterday"),
    LexiconEntry("relweek", 0, id="minggu ini, pekan ini, mgg ini", en="this week"),
    LexiconEntry("relweek", 1, id="minggu depan, pekan depan, mgg depan", en="next week"),
    LexiconEntry("relmonth", 1, id="bulan depan, bln depan", en="next month"),
    LexiconEntry("relmonth", 0, id="bulan ini, bln ini", en="this month"),
    LexiconEntry("monthend", 0, id="akhir bulan ini", en="end of this month, the end of this month"),
    LexiconEntry("monthend", 1, id="akhir bulan depan", en="end of next month, the end of next month"),
    LexiconEntry("soon", id="nanti, ntar, nti, entar, nnti", en="later today"),
    LexiconEntry(
        "tonight",
        id="malam ini, mlm ini, nanti malam, ntar malam, nanti mlm, ntar mlm, entar malam, "
        "nanti malem, ntar malem",
        en="tonight, tonite, this evening",
    ),
    LexiconEntry("this", id="ini, sekarang", en="this, coming, upcoming, this coming"),
    LexiconEntry("next", id="depan, mendatang, berikutnya, besok, yang akan datang", en="next"),
    LexiconEntry(
        "now",
        id="sekarang, skrg, skrang, skg, saat ini, sekarang juga, saat ini juga, detik ini, segera, "
        "langsung, sekali ini",
        en="now, right now, immediately, right away, asap, straight away, at once",
    ),
    LexiconEntry("ordinal", 1, id="pertama, kesatu, satu", en="first"),
    LexiconEntry("ordinal", 2, id="kedua", en="second"),
    LexiconEntry("ordinal", 3, id="ketiga", en="third"),
    LexiconEntry("ordinal", 4, id="keempat", en="fourth"),
    LexiconEntry("ordinal", 5, id="kelima", en="fifth"),
    LexiconEntry("ordinal", 6, en="sixth"),
    LexiconEntry("ordinal", 7, en="seventh"),
    LexiconEntry("ordinal", 8, en="eighth"),
    LexiconEntry("ordinal", 9, en="ninth"),
    LexiconEntry("ordinal", 10, id="kesepuluh", en="tenth"),
    LexiconEntry("ordinal", 12, en="twelfth"),
    LexiconEntry("ordinal", 15, id="kelima belas", en="fifteenth"),
    LexiconEntry("ordinal", 20, en="twentieth"),
    LexiconEntry("ordinal", 25, en="twenty-fifth, twenty fifth"),
    LexiconEntry("ordinal", 30, en="thirtieth"),
    LexiconEntry("lastword", id="terakhir", en="last"),
    *(
        LexiconEntry("month", number, id=id_, en=en, both=both)
        for number, (id_, en, both) in enumerate(
            (
                ("januari", "january", "jan"),
                ("februari, pebruari", "february", "feb"),
                ("maret, mrt", "march", "mar"),
                ("", "", "april, apr"),
                ("mei", "may", ""),
                ("juni", "june", "jun"),
                ("juli", "july", "jul"),
                ("agustus, agu, agt, agst", "august, aug", ""),
                ("", "", "september, sept, sep"),
                ("oktober, okt", "october, oct", ""),
                ("nopember", "", "november, nov"),
                ("desember, des", "december, dec", ""),
            ),
            1,
        )
    ),
)


# Number words of both languages.

_ID: Final = (
    "nol, kosong",
    "satu",
    "dua",
    "tiga, tg4",
    "empat, ampat",
    "lima",
    "enam",
    "tujuh, tuju",
    "delapan, dlapan",
    "sembilan",
)
_EN: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = ("twenty", "thirty", "forty, fourty", "fifty", "sixty", "seventy", "eighty", "ninety")

NUMBERS: Final = (
    *(LexiconEntry("digit", number, id=words) for number, words in enumerate(_ID)),
    *(LexiconEntry("digit", number, en=words) for number, words in enumerate(_EN)),
    *(LexiconEntry("teen", number, en=words) for number, words in enumerate(_TEENS, 10)),
    *(LexiconEntry("tens", number * 10, en=words) for number, words in enumerate(_TENS, 2)),
    LexiconEntry("teen", 10, id="sepuluh, spuluh"),
    LexiconEntry("teen", 11, id="sebelas, sblas"),
    LexiconEntry("teen", 100, id="seratus"),
    LexiconEntry("teen", 1000, id="seribu"),
    LexiconEntry("minus", id="negatif", both="minus", en="negative"),
    LexiconEntry("belas", id="belas"),
    LexiconEntry("scale", 10, id="puluh"),
    LexiconEntry("scale", 100, id="ratus", en="hundred"),
    LexiconEntry("scale", 1000, id="ribu", en="thousand"),
)
