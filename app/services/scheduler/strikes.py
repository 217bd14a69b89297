"""Debounces alarms: two equal readings in a row raise or clear one."""

from __future__ import annotations

# A machine that just woke up, or a process that was stopped, reads one wrong value.
_IN_A_ROW = 2


class Strikes:
    """Counts bad readings by name."""

    def __init__(self) -> None:
        self._bad: dict[str, int] = {}

    def judge(self, name: str, *, bad: bool, good: bool) -> bool | None:
        """Return True to raise, False to clear, None if neither or if nothing has changed."""
        strikes = self._bad.get(name, -1)
        if bad:
            self._bad[name] = max(strikes, 0) + 1
            return True if self._bad[name] == _IN_A_ROW else None
        if good and strikes != 0:
            self._bad[name] = 0
            return False
        return None
