"""Jobs in words: the templates that say a job in Indonesian or English, for planning it back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

DAYS_ID = ("minggu", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu")
DAYS_EN = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
NUMBERS_ID = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
)
NUMBERS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
UNITS = {"s": (1, "detik", "seconds"), "m": (60, "menit", "minutes"), "h": (3600, "jam", "hours")}
NOON = 12


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and the line of the job or schedule that they mean."""

    words: str
    line: str


def languages() -> st.SearchStrategy[str]:
    """Return either language."""
    return st.sampled_from(["id", "en"])


@st.composite
def intervals(draw: st.DrawFn, language: str) -> Said:
    """Draw an interval in words."""
    unit = draw(st.sampled_from("smh"))
    count = draw(st.sampled_from([2, 3, 4, 5, 8, 10, 15, 20, 30, 45]))
    seconds, word_id, word_en = UNITS[unit]
    figure = draw(st.sampled_from([str(count), _number(count, language)]))
    if language == "id":
        forms = [
            f"tiap {figure} {word_id}",
            f"setiap {figure} {word_id} sekali",
            f"{figure} {word_id} sekali",
        ]
    else:
        forms = [f"every {figure} {word_en}", f"once every {figure} {word_en}"]
    return Said(draw(st.sampled_from(forms)), f"{count * seconds}s")


def _number(count: int, language: str) -> str:
    names = NUMBERS_ID if language == "id" else NUMBERS_EN
    return names[count] if count < len(names) else str(count)


@st.composite
def clocks(draw: st.DrawFn, language: str) -> tuple[str, int, int]:
    """Draw a time of day in words, its hour and its minute."""
    hour, minute = draw(st.integers(0, 23)), draw(st.sampled_from([0, 0, 5, 15, 30, 45]))
    forms = _clock_id(hour, minute) if language == "id" else _clock_en(hour, minute)
    return draw(st.sampled_from(forms)), hour, minute


def _clock_id(hour: int, minute: int) -> list[str]:
    forms = [f"jam {hour}.{minute:02}", f"pukul {hour:02}:{minute:02}"]
    said, part = _part_id(hour)
    if minute == 0:
        forms += [f"jam {hour}", f"jam {said} {part}", f"pukul {said} {part}"]
    if minute == 15:
        forms += [f"jam {said} lewat seperempat {part}", f"jam {said} lewat 15 {part}"]
    if minute == 45 and part in {"malam", "pagi"} and said < NOON - 2:
        forms.append(f"jam {said + 1} kurang 15 {part}")
    return forms


def _part_id(hour: int) -> tuple[int, str]:
    bounds = ((1, "malam"), (5, "dini hari"), (11, "pagi"), (15, "siang"), (19, "sore"), (24, "malam"))
    part = next(name for end, name in bounds if hour < end)
    return (hour - NOON if hour > NOON else hour or NOON), part


def _clock_en(hour: int, minute: int) -> list[str]:
    half, said = "am" if hour < NOON else "pm", hour % NOON or NOON
    forms = [f"at {hour:02}:{minute:02}", f"at {said}:{minute:02} {half}", f"at {said}:{minute:02}{half}"]
    if minute == 0:
        forms.append(f"at {said}{half}")
    if minute == 30:
        forms.append(f"at half past {said} {half}")
    if minute == 15:
        forms.append(f"at quarter past {said} {half}")
    return forms


@st.composite
def days(draw: st.DrawFn, language: str, *, every: bool = False) -> Said:
    """Draw days in words and the last fields of their cron line; with `every` they are never left out."""
    indonesian = language == "id"
    kind = draw(st.sampled_from(["all", "work", "end", "date", "list"]))
    if kind == "all":
        said = "tiap hari" if indonesian else "every day"
        return Said(draw(st.sampled_from([said] if every else ["", said])), "* * *")
    if kind == "work":
        return Said("setiap hari kerja" if indonesian else "on weekdays", "* * 1-5")
    if kind == "end":
        return Said("tiap akhir pekan" if indonesian else "on weekends", "* * 6,0")
    if kind == "date":
        date = draw(st.integers(4, 20))
        return Said(
            f"tiap tanggal {date}" if indonesian else f"on the {date}th of every month", f"{date} * *"
        )
    chosen = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=3)))
    names = [(DAYS_ID if indonesian else DAYS_EN)[day] for day in chosen]
    lead = "setiap hari" if indonesian and len(names) == 1 else "setiap" if indonesian else "every"
    return Said(f"{lead} {_listed(names, 'dan' if indonesian else 'and')}", f"* * {_cron_list(chosen)}")


def _listed(names: Sequence[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def _cron_list(values: Sequence[int]) -> str:
    if list(values) == [0, 6]:
        return "6,0"
    runs: list[list[int]] = []
    for value in values:
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


@st.composite
def calendars(draw: st.DrawFn, language: str, *, every: bool = False) -> Said:
    """Draw days and a time of day, in either order."""
    when = draw(days(language, every=every))
    words, hour, minute = draw(clocks(language))
    order = draw(st.sampled_from([f"{when.words} {words}", f"{words} {when.words}"]))
    return Said(order.strip(), f"[{minute} {hour} {when.line}]")
