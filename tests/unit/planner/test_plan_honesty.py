"""Notes of a draft: assumptions, warnings, reasons, certainty, spans, language."""

from __future__ import annotations

import pytest

from app.planner.models import Certainty, NoteKind, fields_to_check
from app.planner.summary import summary_of
from tests.support.planner.planning import line, plan

DEFAULTS = (
    ("laporan jam 7", "setiap hari"),
    ("backup jam 5 malam", "05:00"),
    ("report at 13pm", "13:00"),
    ("send the report now and every day at 8", "schedule"),
    ("kirim pesan ke wa 62811: halo", "halo"),
    ("pantau telegram akun bot_1", "setiap 30 detik"),
    ("cek https://a.example", "setiap 60 detik"),
    ("monitor account bot_1 every minute", "telegram"),
    ("pantau telegram tiap menit", "default"),
    ("buat laporan harian", "07:00"),
    ("backup tiap hari", "02:00"),
    ('kirim "x" ke wa 62811 tiap senin', "09:00"),
    ("weekly report at 8", "Monday"),
    ("laporan bulanan", "tanggal 1"),
    ("report twice a day", "08:00, 20:00"),
    ("laporan tiga kali sehari", "08:00, 14:00, 20:00"),
    ("cek situs toko.example tiap menit", "https://toko.example"),
    ("https://a.example tiap 5 menit", "pemantauan"),
    ("pantu telegram akun bot_1 tiap menit", "pantau"),
    ("ingatkan saya bayar listrik tiap jumat", "bayar listrik"),
    ("kirim laporan ke 628123456789 jam 7", "whatsapp"),
    ("nanti jam 3 backup", "15:00"),
)


@pytest.mark.parametrize(("prompt", "assumption"), DEFAULTS)
def test_default_is_listed_in_assumptions(prompt: str, assumption: str) -> None:
    """Everything that was taken for granted is an assumption of the job and of the plan."""
    draft = plan(prompt)
    (job,) = draft.jobs
    assert any(assumption in sentence for sentence in job.assumptions), job.assumptions
    assert set(job.assumptions) <= set(draft.assumptions)


def test_fully_said_job_assumes_nothing() -> None:
    """A job of which everything is said has no assumption, no warning and is certain."""
    (job,) = plan("pantau telegram akun bot_a01 tiap 30 detik").jobs
    assert (job.assumptions, job.warnings, job.certainty) == ((), (), Certainty.CERTAIN)


def test_deployment_zone_is_named_if_the_request_names_none() -> None:
    """Without a zone in the request the deployment's holds, and the plan says so."""
    draft = plan("laporan jam 7", timezone=None, deployment_timezone="Asia/Makassar")
    assert draft.jobs[0].schedule == {"cron": "0 7 * * *", "timezone": "Asia/Makassar"}
    assert any("Asia/Makassar" in sentence for sentence in draft.assumptions)


def test_unknown_zone_falls_back_with_a_warning() -> None:
    """A zone that no database has is replaced by the deployment's, with a warning."""
    draft = plan("laporan jam 7", timezone="Mars/Olympus")
    assert draft.jobs[0].schedule == {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"}
    assert any("Mars/Olympus" in sentence for sentence in draft.warnings)


def test_request_defaults_are_used_and_listed() -> None:
    """The request's channel and account are used if the prompt names none."""
    draft = plan("pantau tiap menit", default_channel="slack", default_account_id="ops")
    assert line(draft.jobs[0]) == "watch slack/ops 60s"
    assert len(draft.jobs[0].assumptions) == 2


def test_zone_in_a_report_is_its_input_as_well() -> None:
    """A zone named in a report's clause is the zone of its schedule and of its day."""
    (job,) = plan("laporan harian jam 7 WITA").jobs
    assert job.inputs == {"timezone": "Asia/Makassar"}


def test_reason_names_the_words_that_led_to_the_job() -> None:
    """The reason quotes the words as typed, those of this job only."""
    first, second = plan("Pantau telegram akun bot_1 tiap menit dan kirim laporan jam 8 malam").jobs
    assert "Pantau telegram akun bot_1 tiap menit" in first.reason
    assert "laporan jam 8 malam" in second.reason
    assert "laporan" not in first.reason


def test_spans_give_each_word_its_role() -> None:
    """The spans of a prompt tell what each stretch was used for, and what was not used."""
    prompt = "🙏 pantau telegram akun bot_1 tiap menit xyz"
    draft = plan(prompt)
    assert [(prompt[span.start : span.end], span.role) for span in draft.explain] == [
        ("pantau", "intent"),
        ("telegram", "channel"),
        ("akun", "account"),
        ("bot_1", "account"),
        ("tiap menit", "time"),
        ("xyz", "unused"),
    ]


def test_spans_of_a_job_are_its_own() -> None:
    """A job's spans cover its words and none of another job's."""
    prompt = "laporan jam 7, backup jam 2 simpan 3"
    report, backup = plan(prompt).jobs
    assert [prompt[span.start : span.end] for span in report.spans] == ["laporan", "jam 7"]
    assert [prompt[span.start : span.end] for span in backup.spans] == ["backup", "jam 2", "simpan 3"]


@pytest.mark.parametrize(
    ("prompt", "fields"),
    [
        ("pantau telegram akun bot_1 tiap menit", ()),
        ("pantau telegram akun bot_1", ("schedule",)),
        ("pantau akun bot_1 tiap menit", ("channel",)),
        ("pantau telegram tiap menit", ("account_id",)),
        ("telegram bot_1 tiap menit", ("job",)),
        ("laporan jam 7", ("schedule",)),
        ("laporan tiap hari jam 7 mulai 1 Desember", ()),
        ("ingatkan bayar listrik tiap tanggal 5 jam 9", ()),
        ("ingatkan untuk bayar listrik tiap tanggal 5 jam 9", ()),
        ("kalau https://a.example mati kabari wa 0811", ("schedule",)),
        ("pantau telegrma akun bot_1 tiap menit", ("channel",)),
    ],
)
def test_fields_to_check_are_those_that_are_filled_in(prompt: str, fields: tuple[str, ...]) -> None:
    """A default or a guess names its field; a statement of how a time is kept names none."""
    (job,) = plan(prompt).jobs
    assert fields_to_check(job.notes) == fields


LANGUAGES = (
    ("pantau telegram akun bot_1 tiap menit", "id"),
    ("monitor telegram account bot_1 every minute", "en"),
    ("backup", "id"),
    ("", "id"),
    ("please send the report", "en"),
    ("tolong check https://a.example tiap menit ya", "id"),
)


@pytest.mark.parametrize(("prompt", "language"), LANGUAGES)
def test_prompt_is_answered_in_its_language(prompt: str, language: str) -> None:
    """The language of a draft is the one most of its words belong to."""
    assert plan(prompt).language == language


def test_stop_request_carries_what_was_said_of_its_target() -> None:
    """A stop request names the type and the target, so that the stored job can be found."""
    (stop,) = plan("berhenti pantau whatsapp akun cs_1").requests
    assert (stop.query.channel, stop.query.names) == ("whatsapp", ("cs_1",))
    assert stop.query.types == {"monitor.channel", "monitor.http"}
    assert stop.words == "berhenti pantau whatsapp akun cs_1"
    (page,) = plan("stop checking https://a.example").requests
    assert (page.query.types, page.query.url) == ({"monitor.http"}, "https://a.example")
    (report,) = plan("hapus laporan harian").requests
    assert (report.query.types, report.query.cadence) == ({"report.daily"}, "daily")


def test_summary_tells_the_jobs_in_one_sentence() -> None:
    """The summary counts and names what is planned, in the prompt's language."""
    draft = plan("pantau telegram akun bot_1 tiap menit dan laporan jam 7")
    summary = summary_of(draft.jobs, draft.language)
    first, second = summary.removesuffix(".").split("; ")
    assert first == "2 job: pantau telegram bot_1 setiap menit"
    assert second == "laporan setiap hari pukul 07:00 (Asia/Jakarta)"
    assert summary_of((), "en") == "Nothing is planned."


def test_unused_words_of_time_are_reported() -> None:
    """A name or a time next to a plan is never lost silently."""
    draft = plan("cadangkan data tiap xyzzy jam 3")
    assert draft.jobs
    assert any("tiap" in sentence for sentence in draft.warnings)


UNREAD = (
    ("laporan tiap hari jam 7 musim Ramadan", "Ramadan", "report [0 7 * * *]"),
    ("laporan jam 7 tiap hari gembok", "gembok", "report [0 7 * * *]"),
    ("laporan gudang jam 7", "gudang", "report [0 7 * * *]"),
    ("backup tabel pesanan jam 2", "tabel", "backup [0 2 * * *]"),
    ("backup akun bot_a jam 2", "bot_a", "backup [0 2 * * *]"),
    ("send the warehouse report at 7", "warehouse", "report [0 7 * * *]"),
    (
        "pantau wa akun cs_1 tiap menit, kalau ramai kabari telegram chat 5",
        "ramai",
        "watch whatsapp/cs_1 60s notify=telegram:5",
    ),
    ("back up every night at 2 onto tape", "tape", "backup [0 2 * * *]"),
    ("laporan https://a.example jam 7", "https://a.example", "report [0 7 * * *]"),
    ("pantau telegram akun a_1 tiap menit zzkata", "zzkata", "watch telegram/a_1 60s"),
)


@pytest.mark.parametrize(("prompt", "word", "job"), UNREAD)
def test_word_that_no_rule_uses_is_a_doubt_of_its_job(prompt: str, word: str, job: str) -> None:
    """The note is the job's and has the place of the word; the job waits for a confirmation."""
    draft = plan(prompt)
    assert [line(each) for each in draft.jobs] == [job]
    (planned,) = draft.jobs
    (unread,) = [note for note in planned.notes if note.kind is NoteKind.UNREAD]
    assert unread.span is not None
    assert word in prompt[unread.span.start : unread.span.end]
    assert planned.certainty is Certainty.ASK


def test_denied_day_beside_a_job_of_its_kind_is_a_doubt() -> None:
    """It may be the day that the job leaves out; a denied wish of another target is none of its concern."""
    (job,) = plan("don't back up on sundays, back up at 2 the other days").jobs
    assert job.certainty is Certainty.ASK
    (watch,) = plan("jangan pantau telegram, cukup pantau whatsapp akun cs-2 tiap menit").jobs
    assert watch.certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    "prompt",
    [
        "backup sekali aja nanti malam jam 11",
        "laporan hari kerja doang jam 8",
        "tolong buat 2 laporan: jam 7 dan jam 12",
    ],
)
def test_word_that_says_what_the_schedule_says_is_no_doubt(prompt: str) -> None:
    """Words such as "once" and "only", and a count of reports, add nothing to what is planned."""
    assert plan(prompt).doubts == frozenset()


def test_unread_word_is_no_doubt_of_another_job() -> None:
    """Only the job whose clause holds the word is less sure."""
    first, second = plan("laporan gudang jam 7, backup jam 2 tiap hari").jobs
    assert first.certainty is Certainty.ASK
    assert second.certainty is Certainty.CERTAIN


def test_part_of_a_prompt_that_is_not_understood_is_a_doubt_of_the_job_before_it() -> None:
    """A rest in a sentence of its own may have meant that job."""
    (job,) = plan("backup jam 2 tiap hari. yang biru kotak saja zzz").jobs
    assert job.certainty is Certainty.ASK


FILLERS = (
    *(
        "halo min,",
        "pagi kak",
        "permisi bang",
        "woy",
        "hai gaes",
        "assalamualaikum pak,",
        "good morning team,",
    ),
    *("tolong", "mohon", "plis", "please", "kindly", "could you", "monggo", "punten", "mas Joko tolong"),
    *("halo Budi,", "hi Sarah,", "gan minta tolong", "bosku", "cuy", "beb", "bisa gak"),
)
ENDINGS = (
    *(
        "ya",
        "dong",
        "deh",
        "sih",
        "kak",
        "min",
        "bro",
        "makasih ya",
        "thanks",
        "thank you so much",
        "yak",
        "euy",
    ),
    *("nuhun", "matur nuwun", "please", "ya kak 🙏", "thanks in advance", "lur", "kalau bisa", "oke"),
)


@pytest.mark.parametrize("filler", FILLERS)
def test_greeting_or_plea_before_a_wish_is_no_doubt(filler: str) -> None:
    """Greetings, politeness and forms of address are read and mean nothing."""
    (job,) = plan(f"{filler} pantau telegram akun bot_1 tiap menit").jobs
    assert (line(job), job.certainty, job.notes) == ("watch telegram/bot_1 60s", Certainty.CERTAIN, ())


@pytest.mark.parametrize("filler", ENDINGS)
def test_particle_or_thanks_behind_a_wish_is_no_doubt(filler: str) -> None:
    """Particles and thanks behind a wish are read and mean nothing."""
    draft = plan(f"pantau telegram akun bot_1 tiap menit {filler}")
    (job,) = draft.jobs
    assert (line(job), job.certainty, draft.notes) == ("watch telegram/bot_1 60s", Certainty.CERTAIN, ())


def test_assumptions_alone_keep_a_job_applicable() -> None:
    """However much is assumed, a job without a doubt may be applied in one call."""
    for prompt in (
        "backup",
        "laporan",
        "pantau telegram",
        "laporan mingguan",
        "https://a.example tiap 5 menit",
    ):
        for job in plan(prompt, timezone=None).jobs:
            assert job.certainty is not Certainty.ASK, prompt


@pytest.mark.parametrize("words", ["not scheduled", "{id} {}", "siang / not scheduled"])
def test_words_of_the_prompt_stay_as_they_were_written(words: str) -> None:
    """They are quoted, not translated, even if they are a text of the catalogue."""
    draft = plan(f"tolong kirim pesan ke wa 62811 tiap senin: {words}")
    assert draft.language == "id"
    assert f'Isi pesan dibaca "{words}".' in draft.assumptions


@pytest.mark.parametrize(
    ("prompt", "length"),
    [
        ("backup dua minggu jam 8", "14 d"),
        ("laporan jam 7 pagi 5 menit", "5 min"),
        ("backup 3 jam jam 2", "180 min"),
    ],
)
def test_a_length_that_nothing_takes_is_warned_of(prompt: str, length: str) -> None:
    """Only a monitor takes a bare length as its interval; for other jobs it is reported as left out."""
    assert any(length in warning for warning in plan(prompt).warnings)
