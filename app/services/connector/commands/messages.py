"""Texts of the command replies, in Indonesian and English.

The language is that of the person's own app.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from app.core.connectors.messages import Button
    from app.core.connectors.updates import Update

Language = Literal["id", "en"]

_HELP_ID: Final = """\
Perintah:
/status – keadaan platform
/jobs – daftar job
/run JOB – jalankan sekarang
/plan KALIMAT – rencanakan, lalu konfirmasi
/why JOB – mengapa berjalan atau tidak
/help – bantuan ini"""
_HELP_EN: Final = """\
Commands:
/status – how the platform is
/jobs – the jobs
/run JOB – run one now
/plan SENTENCE – plan, then confirm
/why JOB – why it ran or did not
/help – this help"""

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "help": (_HELP_ID, _HELP_EN),
    "unknown": (
        "Perintah {0} tidak dikenal. /help menampilkan daftarnya.",
        "{0} is no command here. /help lists them.",
    ),
    "job_needed": (
        "Tulis id job: {0} JOB. /jobs menampilkan daftarnya.",
        "Name a job: {0} JOB. /jobs lists them.",
    ),
    "prompt_needed": (
        "Tulis kalimatnya: /plan cek situs https://example.org tiap 5 menit",
        "Write a sentence: /plan check https://example.org every 5 minutes",
    ),
    "services": ("Layanan: {0}", "Services: {0}"),
    "missing": ("tidak ada", "missing"),
    "queue": (
        "Antrean: {0} menunggu, {1} berjalan, {2} tertunda",
        "Queue: {0} waiting, {1} running, {2} delayed",
    ),
    "dead": ("Dead letter: {0}", "Dead letters: {0}"),
    "paused": ("Dijeda: {0}", "Paused: {0}"),
    "job_count": ("Job: {0}, aktif {1}", "Jobs: {0}, enabled {1}"),
    "no_jobs": ("Belum ada job. /plan membuatnya.", "There are no jobs. /plan makes one."),
    "more_jobs": ("… dan {0} lagi", "… and {0} more"),
    "next": ("berikutnya {0}", "next {0}"),
    "no_next": ("tidak terjadwal", "not scheduled"),
    "off": ("nonaktif", "disabled"),
    "last": ("terakhir {0}", "last {0}"),
    "started": ("{0} dijalankan: {1} ({2})", "{0} was started: {1} ({2})"),
    "create": ("buat", "create"),
    "update": ("ubah", "update"),
    "unchanged": ("tetap", "unchanged"),
    "created": ("dibuat", "created"),
    "updated": ("diubah", "updated"),
    "error": ("gagal", "failed"),
    "confirm": ("Jalankan rencana ini", "Execute this plan"),
    "confirm_within": (
        "Hanya Anda yang dapat mengonfirmasi, dalam satu jam.",
        "Only you can confirm it, within an hour.",
    ),
    "nothing_to_do": ("Tidak ada yang berubah.", "Nothing would change."),
    "done": ("Rencana dijalankan:", "The plan was executed:"),
    "done_short": ("Dijalankan.", "Executed."),
    "not_yours": ("Hanya yang meminta dapat mengonfirmasi.", "Only who asked can confirm this."),
    "expired": ("Rencana sudah kedaluwarsa: buat lagi.", "This plan has expired: plan again."),
    "failed": (
        "Perintah ini gagal karena kesalahan internal; log menyimpannya.",
        "This command failed inside; the log has it.",
    ),
}


def language_of(code: str) -> Language:
    """Return the language to answer in: Indonesian for `id`, English for all others."""
    return "id" if code.lower().partition("-")[0] == "id" else "en"


def say(language: Language, word: str, *values: object) -> str:
    """Return a text with its values filled in."""
    return _WORDS[word][0 if language == "id" else 1].format(*values)


# Requests and replies of commands.


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command of a person who may give it."""

    account: str
    update: Update
    command: str = ""
    rest: str = ""

    @property
    def language(self) -> Language:
        return language_of(self.update.language)

    @property
    def actor(self) -> str:
        """Return the actor for versions and runs."""
        return f"telegram:{self.update.person}"

    def say(self, word: str, *values: object) -> str:
        return say(self.language, word, *values)


@dataclass(frozen=True, slots=True)
class CommandReply:
    """The reply to a command.

    `text` is a message, `press_text` a note at the pressed button; either may be empty. `once` identifies a
    reply that is sent once, for any number of presses; otherwise each update gets one reply.
    """

    text: str = ""
    press_text: str = ""
    buttons: tuple[Button, ...] = ()
    once: str = ""
