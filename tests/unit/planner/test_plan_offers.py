"""Wishes that nothing fulfils: the nearest reminder is a choice; unclear recipients and days are asked."""

from __future__ import annotations

import pytest

from app.core.messaging.contact_models import Contact, name_key
from app.planner.directory import NameDirectory
from app.planner.models import NoteKind
from tests.support.planner.planning import line, plan

UNREAD: tuple[tuple[str, str, str], ...] = (
    ("lapor omzet tiap malam jam 9", "ingatkan catat omzet tiap malam jam 9", "catat omzet"),
    (
        "laporan penjualan tiap hari jam 9 malam",
        "ingatkan catat penjualan tiap hari jam 9 malam",
        "penjualan",
    ),
    ("cek stok tiap hari jam 8", "ingatkan cek stok tiap hari jam 8", "cek stok"),
    ("kabari kalau stok habis", "ingatkan cek stok tiap hari", "cek stok"),
    ("foto toko tiap jam 8", "ingatkan ambil foto toko tiap jam 8", "ambil foto toko"),
    (
        "kabari aku kalau kurir udah sampai",
        "ingatkan cek kurir udah sampai tiap hari",
        "cek kurir udah sampai",
    ),
    (
        "cekin beras di gudang tinggal brp karung tiap pagi trus kabarin saya",
        "ingatkan cek beras di gudang tinggal brp karung tiap pagi",
        "cek beras di gudang tinggal brp karung",
    ),
    (
        "bacain mutasi rekening BCA tiap pagi dong",
        "ingatkan cek mutasi rekening BCA tiap pagi",
        "cek mutasi rekening BCA",
    ),
    (
        "abis tutup toko jam 9 malem kirimin total omzet ke wa 0811222333 tiap hari dong",
        "ingatkan catat omzet jam 9 malem tiap hari",
        "catat omzet",
    ),
    ("cek rating toko di shopee tiap pagi", "ingatkan cek rating toko tiap pagi", "cek rating toko"),
    ("kabari kalau followers ig nambah", "ingatkan cek followers tiap hari", "cek followers"),
    ("laporan cuaca tiap pagi jam 6", "ingatkan cek cuaca tiap pagi jam 6", "cek cuaca"),
    ("rekap penjualan mingguan ke wa 0811", "ingatkan catat penjualan mingguan", "catat penjualan"),
    ("pantau omzet tiap hari", "ingatkan cek omzet tiap hari", "cek omzet"),
    ("send me sales report every day at 9pm", "remind me to note down sales every day at 9pm", "sales"),
    ("alarm bayar listrik tiap tanggal 20", "ingatkan bayar listrik tiap tanggal 20", "bayar listrik"),
    ("bayar listrik tiap tanggal 20", "ingatkan bayar listrik tiap tanggal 20", "bayar listrik"),
    ("setor uang ke BCA tiap jumat", "ingatkan setor uang ke BCA tiap jumat", "setor uang ke BCA"),
    ("antar barang ke JNE jam 3", "ingatkan antar barang ke JNE jam 3", "antar barang ke JNE"),
    (
        "tanggal 5 bayar wifi, tanggal 10 bpjs",
        "ingatkan tanggal 5 bayar wifi, tanggal 10 bpjs",
        "bayar wifi",
    ),
)


@pytest.mark.parametrize(("prompt", "choice", "text"), UNREAD)
def test_wish_that_nothing_fulfils_is_offered_as_a_reminder(prompt: str, choice: str, text: str) -> None:
    """Nothing is planned until a person chooses; the choice is a sentence that plans the reminder."""
    draft = plan(prompt)
    assert not draft.jobs
    assert not draft.requests
    (note,) = draft.notes
    assert (note.kind, note.choices) == (NoteKind.QUESTION, (choice,))
    chosen = plan(choice)
    assert chosen.jobs
    assert not chosen.doubts
    assert text in chosen.jobs[0].inputs["text"]


def test_price_of_a_page_is_asked_about_before_the_page_is_monitored() -> None:
    """A monitor of a page reads no price: a reminder of it is the choice."""
    draft = plan("pantau harga di https://toko.example/x tiap jam")
    assert not draft.jobs
    (note,) = draft.notes
    (errand,) = note.choices
    assert [line(job) for job in plan(errand).jobs] == ["send 'cek harga di https://toko.example/x' 3600s"]


@pytest.mark.parametrize(
    "prompt",
    [
        "pantau https://toko.example/harga tiap menit",
        "laporan harian ke wa 0811 jam 8",
        "cek wa toko_a tiap menit",
    ],
)
def test_ordinary_wish_gets_no_offer(prompt: str) -> None:
    """A word within an address or a name is no topic."""
    draft = plan(prompt)
    assert draft.jobs
    assert not draft.doubts


CONTACTS = (Contact("Bu Siti", "whatsapp", "0811"), Contact("Mandiri", "telegram", "42"))
KNOWN = NameDirectory({name_key(each.name): each.text() for each in CONTACTS}, {})


@pytest.mark.parametrize(
    ("prompt", "own", "sent"),
    [
        (
            "ingatkan transfer ke Bu Siti tiap tanggal 1",
            "send 'transfer ke Bu Siti' [0 9 1 * *]",
            "send 'transfer' whatsapp:0811 [0 9 1 * *]",
        ),
        (
            "ingatkan setor uang ke Mandiri tiap jumat",
            "send 'setor uang ke Mandiri' [0 9 * * 5]",
            "send 'setor uang' telegram:42 [0 9 * * 5]",
        ),
    ],
)
def test_contact_behind_a_verb_of_going_is_a_question(prompt: str, own: str, sent: str) -> None:
    """Both readings are choices; each takes the place of the text."""
    draft = plan(prompt, directory=KNOWN)
    assert not draft.jobs
    (note,) = draft.notes
    assert note.span is not None
    answers = [
        plan(prompt[: note.span.start] + choice + prompt[note.span.end :], directory=KNOWN)
        for choice in note.choices
    ]
    assert [[line(job) for job in answer.jobs] for answer in answers] == [[own], [sent]]


@pytest.mark.parametrize("prompt", ["ingatkan h-1 gajian", "ingatkan 3 hari sebelum jatuh tempo"])
def test_day_before_an_unknown_date_is_asked_about(prompt: str) -> None:
    """No date is assumed for what a sentence does not date."""
    draft = plan(prompt)
    assert not draft.jobs
    assert draft.doubts == {NoteKind.QUESTION}


@pytest.mark.parametrize(
    "prompt",
    ["ingatkan semua pelanggan bayar tagihan tgl 5", "ingatkan bu yati bayar utang 250rb tiap sabtu"],
)
def test_reminder_for_others_without_an_address_is_a_question(prompt: str) -> None:
    """It does not become a reminder for oneself."""
    draft = plan(prompt)
    assert not draft.jobs
    assert draft.doubts == {NoteKind.QUESTION}
