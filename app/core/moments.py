"""An instant as people and programs write it; a number is none, whatever it might count from."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE.match(value)):
        return value
    raise ValueError("an instant is a text such as 2026-01-31T07:00:00+07:00 / isi dengan teks ISO 8601")


Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written)]
