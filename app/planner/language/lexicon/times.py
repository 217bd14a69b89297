"""Words of time: units, clock, parts of the day, days, dates, and the words that bind them."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import Entry

UNITS: Final = (
    Entry(
        "unit",
        "ms",
        id="milidetik, mili detik, milisekon",
        en="millisecond, milliseconds, millis, msec, msecs",
        both="ms",
    ),
    Entry(
        "unit",
        "s",
        id="detik, detikan, dtk, detk, dtik, dtk2, detiknya",
        en="second, seconds, sec, secs, sconds, secnds",
    ),
    Entry(
        "unit",
        "min",
        id="menit, menitan, mnt, menitnya, mnit, mnet, menti, meni",
        en="minute, minutes, mins, minuts, minites, mintues",
    ),
    Entry("unit", "h", id="jam, jm, jaman, jamnya", en="hour, hours, hrs, hour's, huor, huors"),
    Entry("unit", "d", id="hari, hri, harinya", en="day, days, dy"),
    Entry("unit", "d", both="hr"),
    Entry("unit", "w", id="minggu, mgg, mggu, pekan, mingu, minggunya", en="week, weeks, wk, wks"),
    Entry("unit", "2w", en="fortnight, fortnights"),
    Entry("unit", "mo", id="bulan, bln, bulannya, buln", en="month, months, mth, mths, mnth"),
    Entry("unit", "y", id="tahun, thn, taun", en="year, years, yr, yrs"),
    Entry("unit_short", "s", both="s, d, dt, sc"),
    Entry("unit_short", "min", both="m, mn, min, mins, mt"),
    Entry("unit_short", "h", both="h, j, hr, jm"),
    Entry("unit1", "s", id="sedetik"),
    Entry("unit1", "min", id="semenit, smenit"),
    Entry("unit1", "h", id="sejam, sejm, sjam"),
    Entry("unit1", "d", id="sehari, sehr, shari, satu hari"),
    Entry("unit1", "w", id="seminggu, sepekan, smggu, semingu"),
    Entry("unit1", "mo", id="sebulan, sbulan"),
    Entry("unit1", "y", id="setahun"),
    Entry(
        "every",
        id="tiap, setiap, tiap tiap, tiap-tiap, tp, tiapp, saban, stiap, setip, tipa, setaip, "
        "sitiap, tiap kali, tiep, setiapp, seitap, setiap kali, stp, tia",
        en="every, each, every single, each single, each and every, "
        "evry, evrey, eveyr, evey, eery, evrery, ever",
    ),
    Entry("every", both="per"),
    Entry(
        "interval",
        id="interval, jeda, selang, frekuensi, intervalnya, jedanya, berselang, rentang",
        en="intervals of, at intervals of, interval of, frequency, gap",
    ),
    Entry("once", id="sekali, skali, skl, sekli", en="once"),
    Entry("twice", 2, en="twice"),
    Entry("twice", 3, en="thrice"),
    Entry("times", id="kali, kli, kl", en="times, time", both="x"),
    Entry("other", en="other, alternate"),
    Entry("few", id="beberapa, bbrp", en="few, several, couple, couple of, some"),
    Entry("half", id="setengah, stengah, stgh, stngah, 1/2, separuh, ½", en="half"),
    Entry("quarter", id="seperempat, prapat, seprempat, perempat", en="quarter"),
    Entry("lasting", id="selama, slama", en="for, during, for the next"),
    Entry(
        "recur",
        "d",
        id="harian, hariannya, sehari-hari, hrian",
        en="daily, everyday, dayly, dialy, day by day",
    ),
    Entry("recur", "w", id="mingguan, pekanan", en="weekly, weekley, wekly"),
    Entry("recur", "mo", id="bulanan, bulannan", en="monthly, montly, monthy"),
    Entry("recur", "q", id="triwulanan, kuartalan", en="quarterly"),
    Entry("recur", "y", id="tahunan", en="yearly, annually, annual"),
    Entry("hourly", "h", en="hourly"),
    Entry("hourly", "min", en="minutely"),
    Entry("hourly", "30min", en="half-hourly, half hourly"),
    Entry("hourly", "2d", en="alternate days, on alternate days"),
    Entry("hourly", "2d", id="selang sehari, selang satu hari"),
    Entry("hourly", "2w", en="fortnightly, biweekly, bi-weekly"),
    Entry("nightly", "malam", en="nightly"),
    Entry(
        "later",
        id="dari hari ini, lagi, lg, kemudian, dari sekarang, mendatang, ke depan",
        en="from today, from now, later, from this moment, hence",
    ),
    Entry("in", id="dalam, dlm, setelah, stlh, sesudah", en="in, within, after"),
)

CLOCK: Final = (
    Entry("clockmark", id="jam, pukul, pkl, jm, pk, jamnya, puku, pukl, jma", en="at, @"),
    Entry("oclock", en="o'clock, oclock, o clock, sharp, tepat", id="teng, tepat"),
    Entry(
        "part",
        "pagi",
        id="pagi, pgi, pagi-pagi, pg, pagi2, paginya, pagii",
        en="morning, in the morning, mornings, in the mornings, of the morning, in morning",
    ),
    Entry("part", "siang", id="siang, siang-siang, sing, siangnya"),
    Entry("part", "sore", id="sore, sore-sore, sor, sre, petang, ptg, sorenya"),
    Entry(
        "part",
        "malam",
        id="malam, mlm, malem, malam-malam, mlam, malamnya, mlem",
        en="night, nights, nite, nites",
    ),
    Entry("part", "subuh", id="subuh, sbuh, fajar, dini hari, dinihari, dini hr, pagi buta, subuh-subuh"),
    Entry(
        "part", "afternoon", en="afternoon, in the afternoon, afternoons, in the afternoons, of the afternoon"
    ),
    Entry("part", "evening", en="evening, in the evening, evenings, in the evenings, of the evening"),
    Entry("part", "night", en="at night, in the night, night time, nighttime, nights"),
    Entry("part", "am", en="am, a.m., a.m, a m"),
    Entry("part", "pm", en="pm, p.m., p.m, p m"),
    Entry("clock", 0, id="tengah malam, tngh malam, tengah mlm", en="midnight, mid-night, at midnight"),
    Entry("clock", 720, id="tengah hari", en="noon, midday, noontime, mid-day, at noon"),
    Entry("past", id="lewat, lebih, lwt, lebih dari", en="past, after"),
    Entry("less", id="kurang, krg, krang", en="to, before, til, till"),
    Entry(
        "until",
        id="sampai, sampe, smpe, smp, hingga, hgg, sd, ampe, sampai dengan, s.d., sampek, s/d",
        en="until, till, til, through, thru, up to",
    ),
    Entry("until", both="to, -"),
    Entry(
        "from",
        id="dari, dr, mulai, sejak, dimulai, mulai dari, dari mulai",
        en="from, starting, starting at, starting from, beginning, since, starting on, "
        "beginning at, start at",
    ),
    Entry("between", id="antara", en="between"),
    Entry("hours", 8, id="jam kerja, jam kantor, jam operasional"),
    Entry("hours", 9, en="business hours, office hours, working hours, work hours"),
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
    *(Entry("weekday", number, en=en, id=id_) for en, _, id_, _, number in _WEEKDAYS),
    *(Entry("weekday_short", number, en=en, id=id_) for _, en, _, id_, number in _WEEKDAYS),
    Entry("weekday", 0, id="minggu"),
    Entry(
        "dayset",
        (1, 2, 3, 4, 5),
        id="hari kerja, hr kerja, hari-hari kerja, hari kantor, hari biasa, hari2 kerja, harkerja, "
        "hari efektif, hari aktif, hri kerja, hari sekolah",
        en="weekday, weekdays, working day, working days, workday, workdays, work days, "
        "school day, school days, schooldays, business day, business days, work day, week days, week-days",
    ),
    Entry(
        "dayset",
        (6, 0),
        id="akhir pekan, akhir minggu, weekend, hari libur akhir pekan, wiken, hari sabtu minggu",
        en="weekend, weekends, the weekend, week-end",
    ),
    Entry("dayset", (0, 1, 2, 3, 4, 5, 6), en="seven days a week, all week", id="tujuh hari seminggu"),
    Entry(
        "except",
        id="kecuali, kcuali, selain, di luar",
        en="except, except for, excluding, other than, but not on, but not, unless, unless it is, "
        "unless it's, unless its",
    ),
    Entry(
        "datemark", id="tanggal, tgl, tggl, tnggl, tgal, tangal, tanggl, tgl.", en="date, day of the month"
    ),
    Entry(
        "lastday",
        id="hari terakhir, tanggal terakhir, tgl terakhir, akhir bulan, tiap akhir bulan, "
        "ujung bulan, penghujung bulan, hr terakhir",
        en="last day, end of the month, end of month, end of each month, end of every month, "
        "month end, month-end, final day, months end",
    ),
    Entry(
        "firstday",
        id="awal bulan, hari pertama, tanggal pertama",
        en="start of the month, beginning of the month, first day, start of each month, "
        "start of every month, beginning of each month, beginning of every month",
    ),
    Entry("midmonth", id="tengah bulan, pertengahan bulan", en="middle of the month, mid month, mid-month"),
    Entry("relday", 0, id="hari ini, hr ini, hri ini", en="today"),
    Entry(
        "relday",
        1,
        id="besok, bsk, esok, besoknya, esok hari, besuk, keesokan hari, bsok",
        en="tomorrow, tmrw, tmrow, tomoz, tomoro, tomorow, tmr, tommorow, tommorrow, the next day, "
        "tomorrow's",
    ),
    Entry("relday", 2, id="lusa, besok lusa", en="day after tomorrow, the day after tomorrow"),
    Entry("relday", -1, id="kemarin, kemaren, kmrn", en="yesterday"),
    Entry("relweek", 0, id="minggu ini, pekan ini, mgg ini", en="this week"),
    Entry("relweek", 1, id="minggu depan, pekan depan, mgg depan", en="next week"),
    Entry("relmonth", 1, id="bulan depan, bln depan", en="next month"),
    Entry("relmonth", 0, id="bulan ini, bln ini", en="this month"),
    Entry("monthend", 0, id="akhir bulan ini", en="end of this month, the end of this month"),
    Entry("monthend", 1, id="akhir bulan depan", en="end of next month, the end of next month"),
    Entry("soon", id="nanti, ntar, nti, entar, nnti", en="later today"),
    Entry(
        "tonight",
        id="malam ini, mlm ini, nanti malam, ntar malam, nanti mlm, ntar mlm, entar malam, "
        "nanti malem, ntar malem",
        en="tonight, tonite, this evening",
    ),
    Entry("this", id="ini, sekarang", en="this, coming, upcoming, this coming"),
    Entry("next", id="depan, mendatang, berikutnya, besok, yang akan datang", en="next"),
    Entry(
        "now",
        id="sekarang, skrg, skrang, skg, saat ini, sekarang juga, saat ini juga, detik ini, segera, "
        "langsung, sekali ini",
        en="now, right now, immediately, right away, asap, straight away, at once",
    ),
    Entry("ordinal", 1, id="pertama, kesatu, satu", en="first"),
    Entry("ordinal", 2, id="kedua", en="second"),
    Entry("ordinal", 3, id="ketiga", en="third"),
    Entry("ordinal", 4, id="keempat", en="fourth"),
    Entry("ordinal", 5, id="kelima", en="fifth"),
    Entry("ordinal", 6, en="sixth"),
    Entry("ordinal", 7, en="seventh"),
    Entry("ordinal", 8, en="eighth"),
    Entry("ordinal", 9, en="ninth"),
    Entry("ordinal", 10, id="kesepuluh", en="tenth"),
    Entry("ordinal", 12, en="twelfth"),
    Entry("ordinal", 15, id="kelima belas", en="fifteenth"),
    Entry("ordinal", 20, en="twentieth"),
    Entry("ordinal", 25, en="twenty-fifth, twenty fifth"),
    Entry("ordinal", 30, en="thirtieth"),
    Entry("lastword", id="terakhir", en="last"),
    *(
        Entry("month", number, id=id_, en=en, both=both)
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
    *(Entry("digit", number, id=words) for number, words in enumerate(_ID)),
    *(Entry("digit", number, en=words) for number, words in enumerate(_EN)),
    *(Entry("teen", number, en=words) for number, words in enumerate(_TEENS, 10)),
    *(Entry("tens", number * 10, en=words) for number, words in enumerate(_TENS, 2)),
    Entry("teen", 10, id="sepuluh, spuluh"),
    Entry("teen", 11, id="sebelas, sblas"),
    Entry("teen", 100, id="seratus"),
    Entry("teen", 1000, id="seribu"),
    Entry("minus", id="negatif", both="minus", en="negative"),
    Entry("belas", id="belas"),
    Entry("scale", 10, id="puluh"),
    Entry("scale", 100, id="ratus", en="hundred"),
    Entry("scale", 1000, id="ribu", en="thousand"),
)
