"""Items that the scripts of a restore take: one of each kind, and another one of the same id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.core.models import JobSpec
from app.core.redis_client import Arg
from app.core.storage.keys import Keys

OWNER = "restore-a"
RUN, MESSAGE = "01J0000000000000000000000A", "01J0000000000000000000000A:1"
SPEC = JobSpec(job_id="a", type="simulation.load").model_dump_json(exclude_none=True)


def fields(values: Mapping[str, str]) -> list[Arg]:
    return [2 * len(values), *(part for pair in values.items() for part in pair)]


def item(*values: Arg) -> list[Arg]:
    return [len(values), *values]


def job(description: str = "", *, key: str = "", limit: str = "", fired: str = "", seq: int = 1) -> list[Arg]:
    stored = {
        "spec": SPEC,
        "version": "1",
        "seq": str(seq),
        "type": "simulation.load",
        "tags": "x,y",
        "enabled": "1",
        "save": description,
        "key": key,
        "created": "1",
        "updated": "1",
        "target": "ab" * 16,
    }
    return item("a", fired, limit, *fields(stored), "1|2|2|missed|3")


def run(output: str = "1", *, cut: str = "", status: str = "success", seq: int = 1, **more: str) -> list[Arg]:
    stored = {"job": "a", "status": status, "seq": str(seq), "rev": "3", "created": "1", "output": output}
    stored |= more
    return item(RUN, cut, "1", "packed", *fields(stored), '{"attempt":1}')


def message(text: str = "hello", *, cut: str = "") -> list[Arg]:
    return item(MESSAGE, cut, *fields({"state": "delivered", "seq": "1", "text": text}))


def account(to: str = "42") -> list[Arg]:
    secrets = {"secret:token": "v1:x"}
    return item("telegram:a", "1", *fields({"revision": "5", "default_to": to, **secrets}))


def contact(to: str = "0811") -> list[Arg]:
    return item("bu siti", f'{{"to":"{to}"}}')


def calendar(day: str = "12-24") -> list[Arg]:
    return item("leave", f'{{"calendar":{{"dates":["{day}"]}}}}')


def setting(title: str = "Shop") -> list[Arg]:
    return item("status_pages", "shop", f'{{"page":{{"title":"{title}"}}}}')


def incident(key: str = "redis_memory", *, incident_id: str = "inc1", **more: str) -> list[Arg]:
    stored = {"key": key, "kind": "redis_memory", "severity": "critical", "seq": "1", "opened": "5"}
    parts = (stored | more, {"a": "5"}, {"cause": ""}, {"alarm|x|y": "{}"})
    return item(incident_id, *(part for each in parts for part in fields(each)), "{}")


def monitor(state: str = "up", seen: str = "5") -> list[Arg]:
    stored = {"state": state, "since": "1", "seen": seen, "due": "9"}
    parts = (stored, {"20000": "1,0,0"}, {"20000:5": "1,0,0"}, {"digest": "d"})
    return item("a", "1", "", *(part for each in parts for part in fields(each)), "down|0|1|status")


def report(host: str = "h") -> list[Arg]:
    stored = {"job": "a", "run": "r", "seq": "1", "host": host, "place": "redis", "content": "c"}
    return item("a@1", "1", *fields(stored), *fields({"0:0": "piece"}))


def figures(count: str = "1", lapses: Arg = 4_000_000_000_000) -> list[Arg]:
    return item("day", "20000", lapses, *fields({"success": count}))


def value(text: str = "1", lapses: Arg = "") -> list[Arg]:
    return item("a", "state", text, lapses)


def version(text: str = "{}") -> list[Arg]:
    return item("a", 1, text)


def full(family: str, record: str, name: str = "shop") -> list[Arg]:
    return item(family, name, record)


@dataclass(frozen=True)
class Kind:
    """A script, an item and another one of the same id, and the key that both are about."""

    script: str
    one: list[Arg]
    other: list[Arg]
    key: Callable[[Keys], str]
    keeps: bool = False


KINDS = [
    Kind("restore/job", job(), job("other"), lambda keys: keys.job("a")),
    Kind("restore/version", version(), version("[]"), lambda keys: keys.versions("a")),
    Kind("restore/account", account(), account("43"), lambda keys: keys.account("telegram:a")),
    Kind("restore/contact", contact(), contact("0812"), lambda keys: keys.contacts),
    Kind("restore/calendar", calendar(), calendar("12-25"), lambda keys: keys.calendars),
    Kind("restore/setting", setting(), setting("Market"), lambda keys: keys.status_pages),
    Kind("restore/run", run(), run("2"), lambda keys: keys.run(RUN)),
    Kind("restore/message", message(), message("bye"), lambda keys: keys.outbox(MESSAGE)),
    Kind("restore/incident", incident(), incident("other"), lambda keys: keys.incident("inc1")),
    Kind("restore/monitor", monitor(), monitor("down"), lambda keys: keys.monitor("a")),
    Kind("restore/report", report(), report("other"), lambda keys: keys.published("report", "a@1")),
    Kind("restore/value", value(), value("2"), lambda keys: keys.kv("a", "state")),
    Kind("restore/full", full("secrets", "{}"), full("secrets", "[]"), lambda keys: keys.secrets),
    Kind("restore/full", full("api_keys", "{}"), full("api_keys", "[]"), lambda keys: keys.api_keys),
    Kind("restore/figures", figures(), figures("2"), lambda keys: keys.rollup_day(20_000), keeps=True),
]
