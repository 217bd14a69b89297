"""Status pages: the setting of one, and what the public reads.

Readers see the names that were chosen for the page, never the ids of jobs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.core.fields import Line
from app.core.i18n import Language, _
from app.core.models import JobId

SLUG_PATTERN: Final = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
MAX_MONITORS: Final = 50
MAX_NAME_CHARS: Final = 60
DAYS: Final = 90
"""The days of the bars."""

PublicState = Literal["up", "degraded", "down", "maintenance", "unknown"]
"""`unknown`: it is not watched at the moment, or its checks stay away."""
DayState = Literal["up", "degraded", "down", "unknown"]
"""`down`: more than a twentieth of the watched time was an outage; `degraded`: less was, or it was slow."""


class StatusPageMonitor(BaseModel):
    """A monitor on a page, under the name that readers see."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    job_id: JobId
    name: Annotated[Line, Field(min_length=1, max_length=MAX_NAME_CHARS, examples=["Web shop"])]

    @model_validator(mode="after")
    def _is_chosen(self) -> Self:
        if self.name.strip() == self.job_id:
            raise ValueError(_("choose a name for readers: the id of the job is not shown"))
        return self


class StatusPage(BaseModel):
    """A page that shows the state of chosen monitors; readers without a key see it if it is published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[Line, Field(min_length=1, max_length=120, examples=["Toko Maju"])]
    monitors: Annotated[list[StatusPageMonitor], Field(max_length=MAX_MONITORS)] = []
    published: bool = False
    language: Language | None = Field(
        default=None, description="The language of readers who choose none; else that of their browser."
    )


@dataclass(frozen=True, slots=True)
class StatusPageRecord:
    """A stored page, with its author and its last change (epoch ms)."""

    slug: str
    page: StatusPage
    updated_at: int
    updated_by: str


class _Public(BaseModel):
    model_config = ConfigDict(frozen=True)


class PublicUptime(_Public):
    """Shares of the time that was watched, 0 to 1, cut after 4 decimals; null if nothing was."""

    h24: float | None
    d7: float | None
    d30: float | None
    d90: float | None


class PublicDay(_Public):
    """A UTC day of a monitor."""

    date: dt.date
    state: DayState
    uptime: float | None


class PublicMonitor(_Public):
    """A monitor as readers see it."""

    name: str
    state: PublicState
    since: AwareDatetime | None
    uptime: PublicUptime
    days: list[PublicDay] = Field(description="The last 90 UTC days, oldest first.")


class PublicIncident(_Public):
    """An open incident of a monitor."""

    name: str
    state: Literal["down", "degraded"]
    since: AwareDatetime


class PublicMaintenance(_Public):
    """A maintenance window that is open or planned, and the monitors that it covers."""

    names: list[str]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    active: bool


class PublicStatus(_Public):
    """The public data of a page: no ids of jobs, targets, accounts or errors."""

    slug: str
    title: str
    language: Language | None
    timezone: str
    state: PublicState = Field(description="The worst state of the monitors.")
    uptime: float | None = Field(description="The mean of the monitors over 30 days.")
    monitors: list[PublicMonitor]
    incidents: list[PublicIncident]
    maintenance: list[PublicMaintenance]
    generated_at: AwareDatetime
    stale: bool = Field(default=False, description="Redis is away: this is the last known state.")
    age_sec: int = Field(default=0, description="The age of the data.")
