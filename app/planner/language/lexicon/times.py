"""Words of time: units, clock, parts of the day, dates, numbers, and their connectives."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.entry import parse_entries

TIMES: Final = parse_entries("""
# Units, repetitions and lengths.
unit=ms  id: milidetik, mili detik, milisekon  en: millisecond, milliseconds, millis, msec, msecs  both: ms
unit=s  id: detik, detikan, dtk, detk, dtik, dtk2, detiknya  en: second, seconds, sec, secs, sconds, secnds
unit=min
    id: menit, menitan, mnt, menitnya, mnit, mnet, menti, meni
    en: minute, minutes, mins, minuts, minites, mintues
unit=h  id: jam, jm, jaman, jamnya  en: hour, hours, hrs, hour's, huor, huors
unit=d  id: hari, hri, harinya  en: day, days, dy  both: hr
unit=w  id: minggu, mgg, mggu, pekan, mingu, minggunya  en: week, weeks, wk, wks
unit=2w  en: fortnight, fortnights
unit=mo  id: bulan, bln, bulannya, buln  en: month, months, mth, mths, mnth
unit=y  id: tahun, thn, taun  en: year, years, yr, yrs
unit_short=s  both: s, d, dt, sc
unit_short=min  both: m, mn, min, mins, mt
unit_short=h  both: h, j, hr, jm
unit1=s  id: sedetik
unit1=min  id: semenit, smenit
unit1=h  id: sejam, sejm, sjam
unit1=d  id: sehari, sehr, shari, satu hari
unit1=w  id: seminggu, sepekan, smggu, semingu
unit1=mo  id: sebulan, sbulan
unit1=y  id: setahun
every
    id: tiap, setiap, tiap tiap, tiap-tiap, tp, tiapp, saban, stiap, setip, tipa, setaip, sitiap, tiap kali,
        tiep, setiapp, seitap, setiap kali, stp, tia, saben, unggal
    en: every, each, every single, each single, each and every, evry, evrey, eveyr, evey, eery, evrery, ever
    both: per
interval
    id: interval, jeda, selang, frekuensi, intervalnya, jedanya, berselang, rentang
    en: intervals of, at intervals of, interval of, frequency, gap
once  id: sekali, skali, skl, sekli  en: once
twice=2  en: twice
twice=3  en: thrice
times  id: kali, kli, kl  en: times, time  both: x
other  en: other, alternate
few  id: beberapa, bbrp  en: few, several, couple, couple of, some
half  id: setengah, stengah, stgh, stngah, 1/2, separuh, ½  en: half
quarter  id: seperempat, prapat, seprempat, perempat  en: quarter
lasting  id: selama, slama  en: for, during, for the next
recur=d
    id: harian, hariannya, sehari-hari, hrian, saben dina, saben dino, saben dinten, unggal poe,
        unggal dinten, tiap dinten, tiap poe, ben dina, ben dino
    en: daily, everyday, dayly, dialy, day by day
recur=w  id: mingguan, pekanan  en: weekly, weekley, wekly
recur=mo  id: bulanan, bulannan  en: monthly, montly, monthy
recur=q  id: triwulanan, kuartalan  en: quarterly
recur=h  en: semi-annually, semiannually, half-yearly, half yearly, biannually, every half year
recur=y  id: tahunan  en: yearly, annually, annual
hourly=h  en: hourly
hourly=min  en: minutely
hourly=30min  en: half-hourly, half hourly
hourly=2d  id: selang sehari, selang satu hari  en: alternate days, on alternate days
hourly=2w  en: fortnightly, biweekly, bi-weekly
nightly=malam  en: nightly
later
    id: dari hari ini, lagi, lg, kemudian, dari sekarang, mendatang, ke depan
    en: from today, from now, later, from this moment, hence
in  id: dalam, dlm, setelah, stlh, sesudah  en: in, within, after
# Times of day.
clockmark  id: jam, pukul, pkl, jm, pk, jamnya, puku, pukl, jma  en: at, @
oclock  id: teng, tepat, pas  en: o'clock, oclock, o clock, sharp, tepat
part=pagi
    id: pagi, pgi, pg, paginya, pagii, isuk, esuk, enjing, isuk-isuk, ben isuk, ben esuk
    en: morning, in the morning, mornings, in the mornings, of the morning, in morning
part=early  id: pagi-pagi, pagi2, pagi pagi  en: early morning, early in the morning, in the early morning
part=siang  id: siang, siang-siang, sing, siangnya
part=sore  id: sore, sore-sore, sor, sre, petang, ptg, sorenya, sonten, ben sore
part=malam  id: malam, mlm, malem, malam-malam, mlam, malamnya, mlem, wengi, bengi, peuting,
        ben bengi, ben wengi
    en: night, nights, nite, nites
part=subuh  id: subuh, sbuh, fajar, dini hari, dinihari, dini hr, pagi buta, subuh-subuh, shubuh
    en: dawn, daybreak, sunrise
part=maghrib  id: maghrib, magrib, mahrib, magriban, maghriban  en: sunset, dusk
part=isya  id: isya, isya', isyak, isyaan
part=zuhur  id: zuhur, dzuhur, dhuhur, lohor, zuhuran, dzuhuran
part=ashar  id: ashar, asharan
part=afternoon  en: afternoon, in the afternoon, afternoons, in the afternoons, of the afternoon
part=evening  en: evening, in the evening, evenings, in the evenings, of the evening
part=daytime  en: daytime, during the day, in the daytime, by day, day time, during daytime
part=night  en: overnight, during the night, at night, in the night, night time, nighttime, nights
part=am  en: am, a.m., a.m, a m
part=pm  en: pm, p.m., p.m, p m
clock=0  id: tengah wengi, tengah peuting, tengah malam, tngh malam, tengah mlm
    en: midnight, mid-night, at midnight
clock=720  id: tengah hari  en: noonish, high noon, noon, midday, noontime, mid-day, at noon
past  id: lewat, lebih, lwt, lebih dari  en: past, after
less  id: kurang, krg, krang  en: to, before, til, till
until
    id: berakhir, sampai, sampe, smpe, smp, hingga, hgg, sd, ampe, sampai dengan, s.d., sampek, s/d
    en: until, till, til, through, thru, up to, ending, ending on, ends on
    both: to, -
from
    id: dari, dr, mulai, sejak, dimulai, mulai dari, dari mulai
    en: from, starting, starting at, starting from, beginning, since, starting on, beginning at, start at
between  id: antara  en: between
hours=8  id: jam kerja, jam kantor, jam operasional
hours=9  en: business hours, office hours, working hours, work hours
# Days and dates.
weekday=0  id: ahad, hari minggu, hr minggu, hri minggu, mingu, minggu  en: sunday, sundays
weekday=1  id: senin, snin, senen, seninnya, sennin, hari senin  en: monday, mondays, monda
weekday=2  id: selasa, slasa, selsa, hari selasa  en: tuesday, tuesdays
weekday=3  id: rabu, rbu, rebo, hari rabu  en: wednesday, wednesdays, wensday, wednsday
weekday=4  id: kamis, kmis, kemis, hari kamis  en: thursday, thursdays, thurday
weekday=5  id: jemuah, jemuwah, jumat, jum'at, jmat, jum at, jumaat, jumt, hari jumat, hari jum'at
    en: friday, fridays
weekday=6  id: sabtu, sbtu, saptu, hari sabtu  en: saturday, saturdays
weekday_short=0  id: mgg  en: sun
weekday_short=1  id: sen, snn  en: mon
weekday_short=2  id: sel, sls  en: tue, tues
weekday_short=3  id: rab  en: wed, weds
weekday_short=4  id: kam, kms  en: thu, thur, thurs
weekday_short=5  id: jum, jmt  en: fri
weekday_short=6  id: sab, sbt  en: sat
dayset=1,2,3,4,5
    id: hari kerja, hr kerja, hari-hari kerja, hari kantor, hari biasa, hari2 kerja, harkerja, hari efektif,
        hari aktif, hri kerja, hari sekolah
    en: weekday, weekdays, working day, working days, workday, workdays, work days, school day, school days,
        schooldays, business day, business days, work day, week days, week-days
dayset=1,3,5  en: mwf
dayset=2,4  en: tth, tuth
dayset=6,0
    id: akhir pekan, akhir minggu, weekend, hari libur akhir pekan, wiken, hari sabtu minggu
    en: weekend, weekends, the weekend, week-end
dayset=0,1,2,3,4,5,6  id: tujuh hari seminggu  en: seven days a week, all week
except
    id: kecuali, kcuali, kec, kecuali di, terkecuali, selain, di luar, tapi tidak di, tapi tidak pada,
        tapi tidak hari, tapi tidak saat, asal bukan
    en: except, except for, excluding, other than, but not on, but not, unless, unless it is, unless it's,
        unless its, outside, outside of, apart from, aside from, with the exception of, but never, never on,
        just not on
datemark  id: tanggal, tgl, tggl, tnggl, tgal, tangal, tanggl, tgl.  en: date, day of the month
lastday
    id: hari terakhir, tanggal terakhir, tgl terakhir, akhir bulan, tiap akhir bulan, ujung bulan,
        penghujung bulan, hr terakhir
    en: last day, end of the month, end of month, end of each month, end of every month, month end, month-end,
        final day, months end
firstday
    id: awal bulan, hari pertama, tanggal pertama
    en: start of the month, beginning of the month, first day, start of each month, start of every month,
        beginning of each month, beginning of every month
midmonth  id: tengah bulan, pertengahan bulan  en: middle of the month, mid month, mid-month
relday=0  id: hari ini, hr ini, hri ini  en: today
relday=1
    id: besok, bsk, esok, besoknya, esok hari, besuk, keesokan hari, bsok
    en: tomorrow, tmrw, tmrow, tomoz, tomoro, tomorow, tmr, tommorow, tommorrow, the next day, tomorrow's
relday=2  id: lusa, besok lusa  en: day after tomorrow, the day after tomorrow
relday=-1  id: kemarin, kemaren, kmrn  en: yesterday
relweek=0  id: minggu ini, pekan ini, mgg ini  en: this week
relweek=1  id: minggu depan, pekan depan, mgg depan  en: next week
relmonth=1  id: bulan depan, bln depan  en: next month
relmonth=0  id: bulan ini, bln ini  en: this month
monthend=0  id: akhir bulan ini  en: end of this month, the end of this month
monthend=1  id: akhir bulan depan  en: end of next month, the end of next month
soon  id: nanti, ntar, nti, entar, nnti  en: later today
tonight
    id: malam ini, mlm ini, nanti malam, ntar malam, nanti mlm, ntar mlm, entar malam, nanti malem, ntar malem
    en: tonight, tonite, this evening
this  id: ini, sekarang  en: this, coming, upcoming, this coming
next  id: depan, mendatang, berikutnya, besok, yang akan datang  en: next
now
    id: sekarang, skrg, skrang, skg, saat ini, sekarang juga, saat ini juga, detik ini, segera, langsung,
        sekali ini
    en: now, right now, immediately, right away, asap, straight away, at once
ordinal=1  id: pertama, kesatu, ke-1, ke1, ke satu, satu  en: first
ordinal=2  id: kedua, ke-2, ke2, ke dua  en: second
ordinal=3  id: ketiga, ke-3, ke3, ke tiga  en: third
ordinal=4  id: keempat, ke-4, ke4, ke empat  en: fourth
ordinal=5  id: kelima  en: fifth
ordinal=6  en: sixth
ordinal=7  en: seventh
ordinal=8  en: eighth
ordinal=9  en: ninth
ordinal=10  id: kesepuluh  en: tenth
ordinal=12  en: twelfth
ordinal=15  id: kelima belas  en: fifteenth
ordinal=20  en: twentieth
ordinal=25  en: twenty-fifth, twenty fifth
ordinal=30  en: thirtieth
lastword  id: terakhir  en: last
month=1  id: januari  en: january  both: jan
month=2  id: februari, pebruari  en: february  both: feb
month=3  id: maret, mrt  en: march  both: mar
month=4  both: april, apr
month=5  id: mei  en: may
month=6  id: juni  en: june  both: jun
month=7  id: juli  en: july  both: jul
month=8  id: agustus, agu, agt, agst  en: august, aug
month=9  both: september, sept, sep
month=10  id: oktober, okt  en: october, oct
month=11  id: nopember  both: november, nov
month=12  id: desember, des  en: december, dec
# Numbers.
digit=0  id: nol, kosong  en: zero
digit=1  id: satu  en: one
digit=2  id: dua  en: two
digit=3  id: tiga, tg4  en: three
digit=4  id: empat, ampat  en: four
digit=5  id: lima  en: five
digit=6  id: enam  en: six
digit=7  id: tujuh, tuju  en: seven
digit=8  id: delapan, dlapan  en: eight
digit=9  id: sembilan  en: nine
teen=10  id: sepuluh, spuluh  en: ten
teen=11  id: sebelas, sblas  en: eleven
teen=12  en: twelve
teen=13  en: thirteen
teen=14  en: fourteen
teen=15  en: fifteen
teen=16  en: sixteen
teen=17  en: seventeen
teen=18  en: eighteen
teen=19  en: nineteen
tens=20  en: twenty
tens=30  en: thirty
tens=40  en: forty, fourty
tens=50  en: fifty
tens=60  en: sixty
tens=70  en: seventy
tens=80  en: eighty
tens=90  en: ninety
teen=100  id: seratus
teen=1000  id: seribu
minus  id: negatif  en: negative  both: minus
belas  id: belas
scale=10  id: puluh
scale=100  id: ratus  en: hundred
scale=1000  id: ribu  en: thousand
""")
