"""Words for people: forms of address, parts that they have, and the words around a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.planner.language.lexicon.entry import words

_TITLES: Final = """
pak bapak bpk pa mr
bu ibu ibuk mrs ms miss
mas mz
mbak mba mbk
kak kakak ka
bang abang bg
om oom uncle
tante tan aunt
koh ko engkoh
ci cik cici
dr dokter doctor
ustadz ustad ustaz ustadzah
haji hajah
pakde pakdhe
bude budhe
"""
TITLES: Final[Mapping[str, str]] = {
    title: line.split()[0] for line in _TITLES.strip().splitlines() for title in line.split()
}
"""Forms of address, each with its first spelling: "Bapak Eko" is "Pak Eko", and "Bu Eko" is not."""
ROLES: Final = words(
    """
    bos boss owner pemilik juragan manajer manager direktur direksi kasir supir sopir kurir karyawan pegawai
    staf staff pelanggan customer customers client clients klien supplier suppliers pemasok tetangga teman
    istri suami mama papa mamah papah mami papi ayah bunda ibu bapak adik adek anak warga reseller mitra
    satpam koki akuntan accountant manajemen wife husband mom dad cashier driver landlord tenant tenants
    employees
    """
)
"""People by their part: "ke bos", "the owner"."""
GROUPS: Final = words("grup group grp chat")
BEFORE_NAMES: Final = words("the my our si sang kontak nomor nomer no hp contact yang yg")
"""Words between "ke" and a name."""
BEFORE_ADDRESSES: Final = words("di no nomor nomer hp ( - = on at number")
"""Words between a name and its address."""
FOR: Final = words("untuk buat for utk bagi sama")
SPEAKERS: Final = words("saya aku gue gw gua sy aq kami kita me us myself ourselves")
REMINDERS: Final = words("reminder reminders pengingat")
"""Nouns before what a reminder is about, not before a person: "reminder tagihan: …"."""
TEXT_MARKS: Final = words("bilang bilangin isi isinya bahwa bhw pesannya saying that katakan")
"""Words after which the text of a message comes."""


def split_name(name: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    """Return the forms of address in a name, and its own words."""
    titles = frozenset(TITLES[word] for word in name if word in TITLES)
    return titles, [word for word in name if word not in TITLES and word not in GROUPS]
