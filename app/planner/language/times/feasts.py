"""Names of holidays and feasts: "tanggal merah", "cuti bersama", "Natal", "Lebaran"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from app.planner.language.lexicon.entry import phrases
from app.planner.language.times.expressions import Except
from app.planner.language.tokens.lexemes import Lexemes

_DAYS_OFF: Final = phrases(
    """
    hari libur, hr libur, hari libur nasional, libur nasional, tanggal merah, tgl merah, tanggalan merah,
    hari merah, hari raya, hari besar, hari besar nasional, libur resmi, hari libur resmi, hari libur umum,
    libur umum, hari2 libur, tanggal2 merah, hari-hari libur, public holiday, public holidays, bank holiday,
    bank holidays, national holiday, national holidays, red date, red dates
    """
)
_HOLIDAYS: Final = _DAYS_OFF | phrases("libur, liburan, holiday, holidays")
_LEAVE: Final = phrases("cuti bersama, cuti, hari cuti bersama, joint leave, collective leave, mass leave")


def _by_name(*rows: tuple[str, str]) -> Mapping[str, str]:
    return {name: value for value, names in rows for name in phrases(names)}


_FIXED: Final = _by_name(
    ("12-25", "natal, hari natal, natalan, hari raya natal, christmas, christmas day, xmas, x-mas"),
    ("12-24", "malam natal, mlm natal, christmas eve, xmas eve"),
    ("12-31", "new year eve, malam tahun baru, mlm tahun baru, new year's eve, new years eve, nye"),
    (
        "01-01",
        "tahun baru, tahun baru masehi, new year, new year day, new years, new year's, new years day",
    ),
    ("08-17", "hari kemerdekaan, kemerdekaan, agustusan, tujuhbelasan, hut ri"),
    ("05-01", "hari buruh, may day, labour day"),
    ("06-01", "hari pancasila, hari lahir pancasila"),
    ("02-14", "valentine, hari valentine, valentine's day, valentines day"),
    ("04-21", "hari kartini, kartinian"),
    ("05-02", "hardiknas, hari pendidikan nasional"),
    ("10-28", "sumpah pemuda, hari sumpah pemuda"),
    ("10-31", "halloween"),
    ("11-10", "hari pahlawan"),
    ("11-12", "hari ayah"),
    ("11-25", "hari guru"),
    ("12-22", "hari ibu"),
    ("12-26", "boxing day"),
)
"""Feasts by name, each with its day of the year."""
_MOVING: Final = _by_name(
    ("Idul Fitri", "lebaran, hari lebaran, idul fitri, idulfitri, hari raya idul fitri, eid, eid al-fitr"),
    ("Idul Adha", "idul adha, iduladha, lebaran haji, hari raya idul adha, hari raya kurban, eid al-adha"),
    ("Nyepi", "nyepi, hari nyepi, hari raya nyepi"),
    ("Waisak", "waisak, hari waisak, hari raya waisak, vesak"),
    ("Imlek", "imlek, tahun baru imlek, hari raya imlek, chinese new year, lunar new year"),
    ("Wafat", "jumat agung, good friday"),
    ("Kebangkitan", "paskah, hari paskah, easter, easter sunday"),
    ("Kenaikan", "kenaikan isa almasih, kenaikan yesus, kenaikan yesus kristus"),
    ("Maulid", "maulid, maulid nabi"),
    ("Isra", "isra mikraj, isra miraj"),
    ("Tahun Baru Islam", "tahun baru islam, tahun baru hijriah"),
)
"""Feasts by name, each with a part of the Indonesian name of its holiday; their days differ."""
_NIGHTS: Final = frozenset({"malam"})
_LONGEST: Final = 4
FEAST_WORDS: Final = frozenset(name.split()[0] for name in (*_FIXED, *_MOVING))
FIRST_WORDS: Final = frozenset(name.split()[0] for name in _DAYS_OFF)
_FIRST: Final = frozenset(name.split()[0] for name in (*_FIXED, *_MOVING, *_LEAVE, *_HOLIDAYS))


def read_feast(lex: Lexemes, pos: int) -> tuple[Except, int] | None:
    """Read holidays of all kinds at an index, as something that is left out."""
    moving = _phrase(lex, pos, _MOVING)
    # "tahun baru imlek" is no "tahun baru".
    if (end := _phrase(lex, pos, _FIXED)) is not None and end >= (moving or 0):
        return Except(dates=frozenset({_FIXED[_text(lex, pos, end)]})), end
    if (end := moving) is not None:
        return Except(holidays=True, names=frozenset({_MOVING[_text(lex, pos, end)]})), end
    if (end := _phrase(lex, pos, _LEAVE)) is not None:
        return Except(holidays=True, leave=True), end
    if (end := _phrase(lex, pos, _HOLIDAYS)) is None:
        return None
    country = lex.past(end, ("in", "di"), most=1)
    return Except(holidays=True), country + 1 if lex.text(country) == "indonesia" else end


def is_evening(lex: Lexemes, start: int, end: int) -> bool:
    """True for the feasts that are evenings: "malam tahun baru", "christmas eve"."""
    return lex.text(start) in _NIGHTS or _text(lex, start, end).endswith(" eve")


def days_off_end(lex: Lexemes, pos: int) -> int | None:
    """Return the index after "tanggal merah" or "public holidays"; None for "libur" alone."""
    return _phrase(lex, pos, _DAYS_OFF)


def _phrase(lex: Lexemes, pos: int, known: Collection[str]) -> int | None:
    if lex.text(pos).partition(" ")[0] not in _FIRST:
        return None
    ends = (min(pos + length, len(lex)) for length in range(_LONGEST, 0, -1))
    return next((end for end in ends if end > pos and _text(lex, pos, end) in known), None)


def _text(lex: Lexemes, start: int, end: int) -> str:
    return " ".join(lex.text(index) for index in range(start, end))
