"""Jobs said in words and planned again are the same jobs, in both languages, in every template."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.jobs.rendering import Said, calendars, intervals, languages
from tests.support.planner.planning import lines

CHANNELS = ("telegram", "whatsapp", "slack", "discord", "email")
ACCOUNTS = ("bot_a01", "cs-2", "toko.pusat", "Ops_99", "kasir01")
PLACES = (
    ("ke email bos@x.id", "to email bos@x.id", "email:bos@x.id"),
    ("ke slack channel ops", "to slack channel ops", "slack:ops"),
)


@st.composite
def account_monitors(draw: st.DrawFn, language: str) -> Said:
    """Draw a monitor of an account in words."""
    channel, account = draw(st.sampled_from(CHANNELS)), draw(st.sampled_from(ACCOUNTS))
    every = draw(intervals(language))
    if language == "id":
        verb = draw(st.sampled_from(["pantau", "cek", "tolong awasi"]))
        target = draw(st.sampled_from([f"{channel} akun {account}", f"akun {account} di {channel}"]))
    else:
        verb = draw(st.sampled_from(["monitor", "keep an eye on", "please check"]))
        target = draw(st.sampled_from([f"{channel} account {account}", f"account {account} on {channel}"]))
    words = draw(st.sampled_from([f"{verb} {target} {every.words}", f"{every.words} {verb} {target}"]))
    return Said(words, f"watch {channel}/{account} {every.line}")


@st.composite
def page_monitors(draw: st.DrawFn, language: str) -> Said:
    """Draw a monitor of a page in words."""
    every = draw(intervals(language))
    verb = draw(st.sampled_from(["cek", "pantau situs"] if language == "id" else ["check", "ping"]))
    limit, line = draw(
        st.sampled_from(
            [("", ""), (", harus 200" if language == "id" else ", expect 200", " expect_status=200")]
        )
    )
    url = "https://a.example.com/x?y=1"
    words = draw(st.sampled_from([f"{verb} {url} {every.words}", f"{every.words} {verb} {url}"]))
    return Said(words + limit, f"page {url} {every.line}{line}")


@st.composite
def reports(draw: st.DrawFn, language: str) -> Said:
    """Draw a report in words."""
    when = draw(calendars(language))
    verb = draw(
        st.sampled_from(
            ["kirim laporan", "buat rekap"] if language == "id" else ["send the report", "give me a summary"]
        )
    )
    place = draw(st.sampled_from([None, *PLACES]))
    where = "" if place is None else f" {place[0] if language == 'id' else place[1]}"
    words = draw(st.sampled_from([f"{verb}{where} {when.words}", f"{when.words} {verb}{where}"]))
    return Said(words, f"report {when.line}{'' if place is None else f' notify={place[2]}'}")


@st.composite
def backups(draw: st.DrawFn, language: str) -> Said:
    """Draw a backup in words."""
    when = draw(calendars(language))
    verb = draw(
        st.sampled_from(["backup", "cadangkan data"] if language == "id" else ["back up", "export the data"])
    )
    keep = draw(st.sampled_from(["", ", simpan 7 terakhir" if language == "id" else ", keep the last 7"]))
    words = draw(st.sampled_from([f"{verb} {when.words}", f"{when.words} {verb}"]))
    return Said(words + keep, f"backup {when.line}{' keep=7' if keep else ''}")


@st.composite
def messages(draw: st.DrawFn, language: str) -> Said:
    """Draw a message in words; its text would be a wish if it were not in quotes."""
    when = draw(calendars(language, every=True))
    verb = "kirim pesan" if language == "id" else "send"
    said = f'{verb} "backup jam 3" {"ke" if language == "id" else "to"} telegram chat 991'
    words = draw(st.sampled_from([f"{said} {when.words}", f"{when.words} {said}"]))
    return Said(words, f"send 'backup jam 3' telegram:991 {when.line}")


JOBS = (account_monitors, page_monitors, reports, backups, messages)


@st.composite
def prompts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Draw one to three different jobs, joined as people join them."""
    language = draw(languages())
    jobs = [draw(draw(st.sampled_from(JOBS))(language)) for _ in range(draw(st.integers(1, 3)))]
    jobs = list({job.line: job for job in jobs}.values())
    joins = [", dan ", ". ", "\n", ", lalu "] if language == "id" else [", and ", ". ", "\n", ", then "]
    return draw(st.sampled_from(joins)).join(job.words for job in jobs), [job.line for job in jobs]


@settings(max_examples=400, deadline=None)
@given(prompts())
def test_jobs_in_words_are_planned_back(said: tuple[str, list[str]]) -> None:
    """A prompt rendered from jobs becomes those jobs again, in their order."""
    prompt, wanted = said
    assert lines(prompt) == wanted
