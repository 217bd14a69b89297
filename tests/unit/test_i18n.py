"""Messages: English strings that `render` translates; other texts stay as they are."""

from __future__ import annotations

import copy
import pickle

import pytest

from app.core.errors import JobNotFound, UnknownJobType, VersionNotFound
from app.core.i18n import (
    _,
    concat,
    for_reader,
    in_both,
    in_context,
    join_list,
    ngettext,
    number,
    pgettext,
    reader_language,
    render,
)

ENGLISH = "Job 'a' has no version 3."
INDONESIAN = "Job 'a' tidak punya versi 3."


def test_message_is_its_english_text() -> None:
    """Logs and records need nothing else."""
    message = VersionNotFound("a", 3).message
    assert message == ENGLISH
    assert render(message, "en") == ENGLISH
    assert render(message, "id") == INDONESIAN


def test_message_in_a_field_is_translated_too() -> None:
    """A reason inside a sentence is in the sentence's language."""
    text = _("Redis at {place} is out of reach: {why}", place="a:1", why=_("the user or password is wrong"))
    assert text == "Redis at a:1 is out of reach: the user or password is wrong"
    assert render(text, "id") == "Redis di a:1 tidak terjangkau: pengguna atau kata sandi salah"


def test_error_in_a_field_is_translated_too() -> None:
    """An exception is shown as its message."""
    text = _("Nothing was changed, plan again: {reasons}.", reasons=JobNotFound("a"))
    assert render(text, "id") == "Tidak ada yang diubah, buat rencana lagi: Job 'a' tidak ada.."


def test_plain_strings_in_a_message_can_stay() -> None:
    """A person's words are quoted as they were written; a message in a field is translated still."""
    text = _("Redis at {place} is out of reach: {why}", place=ENGLISH, why=_("the user or password is wrong"))
    shown = f"Redis di {ENGLISH} tidak terjangkau: pengguna atau kata sandi salah"
    assert render(text, "id") == shown
    assert render(text, "en") == text


def test_word_with_a_context_is_translated_there_alone() -> None:
    """The same word may be the name of a job or of a field."""
    assert render(pgettext("plan", "report"), "id") == "laporan"
    assert pgettext("plan", "report") == "report"
    assert render("report", "id") == "report"
    assert render(_("Job {job_id!r} does not exist.", job_id="report"), "id") == "Job 'report' tidak ada."


def test_message_without_fields_keeps_its_braces() -> None:
    """Only a text with fields is formatted."""
    text = "`PUT /jobs/{id}` changes it."
    assert _(text) == text


def test_message_without_a_translation_is_shown_in_english() -> None:
    """A handler's own text passes through."""
    assert render("the shop is closed", "id") == "the shop is closed"


def test_copy_of_a_message_can_be_translated() -> None:
    """Errors are copied and cross processes."""
    message = VersionNotFound("a", 3).message
    for copied in (copy.copy(message), copy.deepcopy(message), pickle.loads(pickle.dumps(message))):
        assert render(copied, "id") == INDONESIAN


def test_message_can_be_filled_later() -> None:
    """Tables hold messages whose fields come with their use."""
    message = _("Job {job_id!r} has no version {version}.").fill(job_id="a", version=3)
    assert (message, render(message, "id")) == (ENGLISH, INDONESIAN)


def test_number_chooses_the_english_form() -> None:
    """Indonesian has one form."""
    assert ngettext("{count} run", "{count} runs", 1) == "1 run"
    assert ngettext("{count} run", "{count} runs", 2) == "2 runs"


def test_list_is_joined_in_the_language() -> None:
    """`a, b and c`."""
    assert join_list([]) == ""
    assert render(join_list(["a"]), "id") == "a"
    assert join_list(["a", "b", "c"]) == "a, b and c"
    assert render(join_list(["a", "b", "c"]), "id") == "a, b dan c"


def test_texts_in_a_row_are_translated_each() -> None:
    """Also one that holds braces."""
    text = concat(_("not ready"), ": ", "{x}")
    assert (text, render(text, "id")) == ("not ready: {x}", "belum siap: {x}")


@pytest.mark.parametrize("text", [ENGLISH, f"{ENGLISH} / {INDONESIAN}", "no ping came in time"])
def test_text_of_another_author_stays(text: str) -> None:
    """A handler's text may be equal to a message of the platform."""
    assert render(text, "id") == render(text, "en") == text


def test_alarm_is_sent_in_both_languages() -> None:
    """Its readers are a group."""
    assert in_both(_("{name!r} is no IANA time zone.", name="X")) == (
        "'X' is no IANA time zone. / 'X' bukan zona waktu IANA."
    )
    assert in_both("the shop is closed") == "the shop is closed"


def test_reader_language_is_of_the_context() -> None:
    """What a request or command has set holds for all that it prints."""
    assert for_reader(VersionNotFound("a", 3).message) == ENGLISH
    reader_language.set("id")
    assert for_reader(VersionNotFound("a", 3).message) == INDONESIAN


def test_numbers_have_the_separators_of_the_language() -> None:
    """Only in a field with a number's form; an id and a number that a person types stay."""
    message = _("{count:,} waiting, the oldest for {seconds:,} s", count=12_345, seconds=1_234)
    assert render(message, "id") == "12.345 menunggu, yang terlama 1.234 dtk"
    assert render(number(1_234.56, ",.1f"), "id") == "1.234,6"
    assert render(number(1_234.56, ",.1f"), "en") == "1,234.6"
    assert render(concat("v1,000 ", number(1_000)), "id") == "v1,000 1.000"


def test_word_that_the_context_lacks_is_shown_in_english() -> None:
    """A head or a word that is chosen at run time."""
    assert render(in_context("column", "next run"), "id") == "run berikutnya"
    assert render(in_context("column", "no such head"), "id") == "no such head"


def test_hint_of_an_error_is_translated() -> None:
    """It is a message in a field."""
    unknown = UnknownJobType("shop.hallo", ("shop.hello",), "shop.hello")
    assert (
        str(unknown) == "Unknown job type 'shop.hallo'. Did you mean 'shop.hello'? Known types: shop.hello."
    )
    assert render(unknown.message, "id").startswith(
        "Tipe job 'shop.hallo' tidak dikenal. Maksudnya 'shop.hello'?"
    )
