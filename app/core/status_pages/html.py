"""A status page as one HTML page without scripts, and its badge as SVG."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.i18n import Language, Message, _, pgettext, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.status_pages.models import PublicDay, PublicMonitor, PublicState, PublicStatus

LANGUAGES: Final[Mapping[Language, str]] = {"en": "English", "id": "Bahasa Indonesia"}
_BAD_DAYS = 3
_COLOURS: Final[Mapping[PublicState, str]] = {
    "up": "#15803d",
    "degraded": "#b45309",
    "down": "#b91c1c",
    "maintenance": "#1d4ed8",
    "unknown": "#57606a",
}
_STATES: Final[Mapping[PublicState, Message]] = {
    "up": pgettext("status page", "Up"),
    "degraded": pgettext("status page", "Degraded"),
    "down": pgettext("status page", "Down"),
    "maintenance": pgettext("status page", "Maintenance"),
    "unknown": pgettext("status page", "Not watched"),
}
_ALL: Final[Mapping[PublicState, Message]] = {
    "up": _("All services are up."),
    "degraded": _("Some services are degraded."),
    "down": _("Some services are down."),
    "maintenance": _("Maintenance is under way."),
    "unknown": _("No service is watched at the moment."),
}

_PERIODS: Final[Mapping[str, Message]] = {
    "h24": _("24 hours"),
    "d7": _("7 days"),
    "d30": _("30 days"),
    "d90": _("90 days"),
}

# Light and dark by the system. A bar is higher on a day with an outage, so that colour is not the only sign.
_STYLE: Final = """\
:root{color-scheme:light dark;--bg:#fff;--fg:#1f2328;--dim:#57606a;--line:#d0d7de;\
--up:#15803d;--degraded:#b45309;--down:#b91c1c;--maintenance:#1d4ed8;--unknown:#57606a}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9aa4af;--line:#30363d;--up:#4ade80;\
--degraded:#fbbf24;--down:#f87171;--maintenance:#93c5fd;--unknown:#9aa4af}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:52rem;padding:1.5rem 1rem;background:var(--bg);color:var(--fg);\
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,.row{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;justify-content:space-between}
h1{margin:0;font-size:1.5rem}h2{margin:2rem 0 .5rem;font-size:1.1rem}h3{margin:0;font-size:1rem}
nav a{display:inline-block;padding:.25rem;color:inherit}
ul{list-style:none;margin:0;padding:0}li{padding:.75rem 0;border-top:1px solid var(--line)}
.all{margin:1rem 0;padding:.75rem 1rem;border:1px solid var(--line);border-left:6px solid;font-weight:600}
.up{color:var(--up)}.degraded{color:var(--degraded)}.down{color:var(--down)}\
.maintenance{color:var(--maintenance)}.unknown{color:var(--unknown)}
svg{display:block;width:100%;height:1.75rem;margin:.5rem 0;\
mask-image:repeating-linear-gradient(90deg,#000 0 .8%,#0000 .8% 1.1111%)}
.u{stroke:var(--up);stroke-width:22}.g{stroke:var(--degraded);stroke-width:31}.d{stroke:var(--down);stroke-width:40}\
.n{stroke:var(--line);stroke-width:6}
p{margin:.5rem 0}small,footer{color:var(--dim);font-size:.875rem}footer{margin-top:2rem}
"""
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CONTENT_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_LETTERS: Final[Mapping[str, str]] = {"up": "u", "degraded": "g", "down": "d", "unknown": "n"}


class StatusPageWriter:
    """Writes one view in one language; `links` has the address of each language."""

    def __init__(self, status: PublicStatus, language: Language, links: Mapping[Language, str]) -> None:
        self._status = status
        self._language: Language = language
        self._links = links
        self._zone = ZoneInfo(status.timezone)

    def html(self) -> str:
        """Return the page."""
        status, title = self._status, escape(self._status.title)
        parts = [
            f'<!doctype html>\n<html lang="{self._language}">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f'<title>{title}</title>\n<link rel="icon" href="{_icon(status.state)}">',
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1>{self._languages()}</header>",
            f'<main>\n<p class="all {status.state}">{self._say(_ALL[status.state])}</p>',
            self._stale(),
            self._incidents(),
            self._maintenance(),
            self._monitors(),
            f"</main>\n<footer>{self._footer()}</footer>\n</body>\n</html>\n",
        ]
        return "\n".join(part for part in parts if part)

    def _say(self, text: Message) -> str:
        return escape(render(text, self._language))

    def _languages(self) -> str:
        current = {self._language: ' aria-current="true"'}
        links = [
            f'<a href="{escape(self._links[each])}" hreflang="{each}" lang="{each}"{current.get(each, "")}>'
            f"{name}</a>"
            for each, name in LANGUAGES.items()
        ]
        label = self._say(_("Language"))
        return f'<nav aria-label="{label}">{" ".join(links)}</nav>'

    def _stale(self) -> str:
        if not self._status.stale:
            return ""
        minutes = self._status.age_sec // 60
        text = _("This is the last known state, {minutes} min old: it can't be read now.", minutes=minutes)
        return f'<p class="all degraded" role="status">{self._say(text)}</p>'

    def _incidents(self) -> str:
        if not self._status.incidents:
            return ""
        since = {"down": self._say(_("down since")), "degraded": self._say(_("degraded since"))}
        rows = [
            f'<li><strong class="{each.state}">{escape(each.name)}</strong>: '
            f"{since[each.state]} {self._time(each.since)}</li>"
            for each in self._status.incidents
        ]
        return self._list(_("Open incidents"), rows)

    def _maintenance(self) -> str:
        if not self._status.maintenance:
            return ""
        rows = [
            f'<li><strong class="maintenance">{escape(", ".join(each.names))}</strong>: '
            f"{self._time(each.starts_at)} – {self._time(each.ends_at)}</li>"
            for each in self._status.maintenance
        ]
        return self._list(_("Maintenance"), rows)

    def _monitors(self) -> str:
        rows = [self._monitor(each) for each in self._status.monitors]
        return self._list(_("Services"), rows) if rows else ""

    def _list(self, title: Message, rows: Sequence[str]) -> str:
        return "\n".join([f"<h2>{self._say(title)}</h2>", "<ul>", *rows, "</ul>"])

    def _monitor(self, monitor: PublicMonitor) -> str:
        uptime = monitor.uptime
        periods = (
            (_("24 hours"), uptime.h24),
            (_("7 days"), uptime.d7),
            (_("30 days"), uptime.d30),
            (_("90 days"), uptime.d90),
        )
        figures = " · ".join(f"{self._say(name)} {self._share(share)}" for name, share in periods)
        label = _("The last 90 days: uptime {share}", share=self._share(uptime.d90))
        return (
            f'<li><div class="row"><h3>{escape(monitor.name)}</h3>'
            f'<strong class="{monitor.state}">{self._say(_STATES[monitor.state])}</strong></div>'
            f'<svg viewBox="0 -20 90 40" preserveAspectRatio="none" role="img" aria-label="{label}">'
            f"{bars(monitor.days)}</svg><small>{figures}{self._bad_days(monitor)}</small></li>"
        )

    def _bad_days(self, monitor: PublicMonitor) -> str:
        bad = [each for each in monitor.days if each.state in {"down", "degraded"}][-_BAD_DAYS:]
        if not bad:
            return ""
        days = ", ".join(f"{each.date:%Y-%m-%d} {self._share(each.uptime)}" for each in reversed(bad))
        return f"<br>{self._say(_('Days with an outage'))}: {days}"

    def _share(self, share: float | None) -> str:
        text = percent(share)
        return text.replace(".", ",") if self._language == "id" else text

    def _time(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f'<time datetime="{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}">{local:%Y-%m-%d %H:%M}</time>'

    def _footer(self) -> str:
        at = self._time(self._status.generated_at)
        zone = _("Times are in {timezone}; a bar is a day in UTC.", timezone=self._status.timezone)
        return f"{self._say(_('As of'))} {at}. {self._say(zone)}"


def bars(days: Sequence[PublicDay]) -> str:
    """Return a line for each state, its dashes where days have it: 50 monitors stay small."""
    dashes: dict[str, list[int]] = {}
    at = 0
    for state, group in groupby(days, key=lambda each: each.state):
        width = len(list(group))
        mine = dashes.setdefault(state, [0, 0])
        mine[-1] = at - sum(mine[:-1])
        mine += [width, 0]
        at += width
    return "".join(_line(state, at, mine) for state, mine in dashes.items())


def _line(state: str, length: int, dashes: Sequence[int]) -> str:
    # The last gap is as long as the line: a pattern begins again at its end.
    pattern = " ".join(map(str, [*dashes[:-1], length]))
    return f'<line class="{_LETTERS[state]}" x2="{length}" stroke-dasharray="{pattern}"/>'


def percent(share: float | None) -> str:
    """Return a share as a percentage with at most two decimals; – for none."""
    return "–" if share is None else f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def _icon(state: PublicState) -> str:
    circle = f"<circle cx='8' cy='8' r='7' fill='{_COLOURS[state]}'/>"
    image = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>{circle}</svg>"
    return "data:image/svg+xml," + image.replace("<", "%3C").replace(">", "%3E").replace("#", "%23")


_CHAR_PX, _PAD_PX = 6.6, 8


def badge(status: PublicStatus, language: Language) -> str:
    """Return an SVG with the state in words and the mean uptime of 30 days."""
    label = render(pgettext("status page", "status"), language)
    word = render(_STATES[status.state], language)
    uptime = percent(status.uptime).replace(".", "," if language == "id" else ".")
    value = f"{word} {uptime}" if status.uptime is not None else word
    left, right = (round(len(text) * _CHAR_PX + 2 * _PAD_PX) for text in (label, value))
    name = escape(f"{status.title}: {value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{name}"><title>{name}</title><rect width="{left}" height="20" fill="#3d444d"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS[status.state]}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="14">{escape(value)}</text></g></svg>\n'
    )
