"""A fake Telegram for tests in other languages: `python -m tests.support.channels.fake_telegram_process`.

Its first line is `{"url", "token"}`. A line on stdin is an update that people wrote (JSON), or `texts`,
which is answered by the texts that were taken; it ends with its stdin.
"""

from __future__ import annotations

import json
import sys

from tests.support.channels.fake_telegram import TOKEN, FakeTelegram


def _tell(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    with FakeTelegram() as telegram:
        _tell({"url": telegram.url, "token": TOKEN})
        for line in sys.stdin:
            if line.strip() == "texts":
                _tell(sorted(telegram.texts().elements()))
            else:
                telegram.write(json.loads(line))


if __name__ == "__main__":
    main()
