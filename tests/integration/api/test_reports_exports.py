"""Reports and exports over HTTP, on a real server and file system."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from typing import Any, cast

import httpx
import orjson
import pytest

from app.backup.reader import ExportFile
from app.core.config import Settings
from app.core.errors import InvalidInput, LeaseLost
from app.core.files.artifacts import MAX_RECORDS, ArtifactKind, Artifacts
from app.core.models import RunStatus
from app.core.policies import Allowance, ToolLimits
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.tools.base import FencedScripts
from app.core.tools.files.performer import FilesPerformer
from app.services.api.schemas.artifacts import PublishedBody
from app.services.api.services import Services
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue import handlers
from tests.support.queue.queue_driver import QueueDriver
from tests.support.queue.run_port import FakePort, claimed
from tests.support.redis_server import fresh_settings

RUN = claimed("test.files")


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return fresh_settings(redis_url, tmp_path, secret_key="k" * 40, handler_modules=[handlers.__name__])


@pytest.fixture
async def harness(driver: QueueDriver, settings: Settings) -> JobHarness:
    return JobHarness(driver, settings)


@pytest.fixture
async def report(harness: JobHarness) -> str:
    """Have a report made, and return the stem of its files."""
    async with harness.connector():
        run = await harness.run("report.daily", {}, job_id="laporan")
    assert run.status is RunStatus.SUCCESS, run.error
    return str(run.output["files"][0]).removesuffix(".json")


def the_only(answer: httpx.Response) -> PublishedBody:
    (body,) = answer.json()
    return PublishedBody.model_validate(body)


async def test_report_is_listed_and_read_in_three_forms(
    report: str, client: httpx.AsyncClient, settings: Settings
) -> None:
    """Each form is its file's bytes, with its sum as ETag; without Accept it is the JSON."""
    listed = await client.get("/reports")
    body = the_only(listed)
    assert (body.id, body.job_id) == (f"laporan@{report.rpartition('/')[2]}", "laporan")
    assert (body.host, listed.headers["x-total-count"]) == (socket.gethostname(), "1")
    for ending, form in zip(("json", "md", "html"), body.formats, strict=True):
        content = (settings.files_dir / f"{report}.{ending}").read_bytes()
        answer = await client.get(f"/reports/{body.id}", headers={"Accept": form.media_type})
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["content-type"].partition(";")[0] == form.media_type
        assert answer.headers["content-length"] == str(len(content)) == str(form.bytes)
        assert answer.headers["etag"] == f'"{form.sha256}"' == f'"{hashlib.sha256(content).hexdigest()}"'
        assert answer.headers["content-disposition"] == f'inline; filename="{body.id}.{ending}"'
    assert (await client.get(f"/reports/{body.id}")).json()["total"]["runs"] == 0
    assert (body.bytes, body.sha256) == (body.formats[0].bytes, body.formats[0].sha256)


async def test_report_page_can_run_and_load_nothing(report: str, client: httpx.AsyncClient) -> None:
    """Its styles are its own; everything else is forbidden to the page."""
    name = the_only(await client.get("/reports")).id
    answer = await client.get(f"/reports/{name}", headers={"Accept": "text/html"})
    assert answer.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]


async def test_report_in_no_form_that_is_asked_for_is_refused(report: str, client: httpx.AsyncClient) -> None:
    """406 names the forms; what `If-None-Match` names is not sent again."""
    name = the_only(await client.get("/reports")).id
    answer = await client.get(f"/reports/{name}", headers={"Accept": "image/png, text/html;q=0"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
    assert "text/markdown" in answer.json()["detail"]
    got = await client.get(f"/reports/{name}", headers={"Accept": "text/*"})
    assert got.headers["content-type"].startswith("text/markdown")
    again = await client.get(
        f"/reports/{name}", headers={"Accept": "text/*", "If-None-Match": got.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_file_of_another_machine_names_it(
    report: str, client: httpx.AsyncClient, settings: Settings, link: RedisLink, keys: Keys
) -> None:
    """Without a shared FILES_ROOT the file is on the machine that wrote it; the 404 names that machine."""
    name = the_only(await client.get("/reports")).id
    await link.call("HSET", keys.published("report", name), "host", "machine-7", "place", "host")
    (settings.files_dir / f"{report}.json").unlink()
    answer = await client.get(f"/reports/{name}")
    assert (answer.status_code, answer.json()["code"]) == (404, "file_missing")
    assert "machine-7" in answer.json()["detail"]
    (settings.files_dir / f"{report}.md").write_text("changed", "utf-8")
    changed = await client.get(f"/reports/{name}", headers={"Accept": "text/markdown"})
    assert changed.status_code == 404


async def test_file_that_became_a_link_is_refused(
    report: str, client: httpx.AsyncClient, settings: Settings, tmp_path: Path, platform: Services
) -> None:
    """No link below the root leads outside of it."""
    name = the_only(await client.get("/reports")).id
    await platform.link.call("HSET", platform.keys.published("report", name), "place", "host")
    outside = tmp_path / "secret.txt"
    path = settings.files_dir / f"{report}.json"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)
    assert (await client.get(f"/reports/{name}")).status_code == 403


@pytest.mark.parametrize("path", ["/reports/a@b", "/exports/a@b", "/exports/..%2F..%2Fetc%2Fpasswd"])
async def test_unknown_report_or_export_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    """An id is looked up and never a path."""
    answer = await client.get(path)
    assert answer.status_code == 404


async def test_export_is_streamed_as_it_was_written(
    harness: JobHarness, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    """What comes down is what `restore` takes, byte for byte."""
    run = await harness.run("backup.export", {}, job_id="backup")
    body = the_only(await client.get("/exports", params={"job_id": "backup"}))
    answer = await client.get(f"/exports/{body.id}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/gzip")
    assert hashlib.sha256(answer.content).hexdigest() == body.sha256 == run.output["sha256"]
    assert answer.headers["content-disposition"] == f'attachment; filename="{body.id}.jsonl.gz"'
    copy = tmp_path / "copy.jsonl.gz"
    copy.write_bytes(answer.content)
    with copy.open("rb") as file:
        ExportFile(file).verify()
    assert (await client.get("/reports")).json() == []


async def test_downloads_of_exports_are_audited(harness: JobHarness, client: httpx.AsyncClient) -> None:
    """Downloads and refused tries are in the audit; a 304 and the list are not."""
    await harness.run("backup.export", {}, job_id="backup")
    body = the_only(await client.get("/exports", params={"job_id": "backup"}))
    got = await client.get(f"/exports/{body.id}")
    same = await client.get(f"/exports/{body.id}", headers={"If-None-Match": got.headers["etag"]})
    missing = await client.get("/exports/backup@1")
    assert [answer.status_code for answer in (got, same, missing)] == [200, 304, 404]
    acts = [
        (act["actor"], act["action"], act["target"], act["outcome"], act["origin"])
        for act in (await client.get("/audit")).json()
        if act["action"] == "get_export"
    ]
    assert acts == [
        ("local", "get_export", "export:backup@1", "refused", "127.0.0.1"),
        ("local", "get_export", f"export:{body.id}", "ok", "127.0.0.1"),
    ]


async def test_exports_that_are_pruned_leave_the_list(harness: JobHarness, client: httpx.AsyncClient) -> None:
    """The list is the files that stay, newest first, page by page, by job."""
    made = [
        (await harness.run("backup.export", {"keep": 2}, job_id=job)).output["file"]
        for job in ("a", "b", "a", "a")
    ]
    wanted = [Path(made[index]).name.removesuffix(".jsonl.gz") for index in (3, 2, 1)]
    first = await client.get("/exports", params={"limit": 2})
    second = await client.get(first.links["next"]["url"])
    assert [each["id"] for each in first.json() + second.json()] == wanted
    assert "next" not in second.links
    of_b = await client.get("/exports", params={"job_id": "b"})
    assert [each["id"] for each in of_b.json()] == [wanted[2]]
    assert (await client.get("/exports", params={"job_id": "c"})).json() == []


@pytest.fixture
async def publish(link: RedisLink, keys: Keys, queue: Queue) -> Any:
    """Call the script `publish` under the lease of `RUN`."""
    await link.call("HSET", keys.run(RUN.run_id), "status", "running", "lease", RUN.lease_id)
    files = orjson.dumps([{"path": "reports/a/b.md", "bytes": 1, "sha256": "0"}])

    async def call(number: int, op: str, name: str, most: int = 3, run: Any = RUN) -> Any:
        record = {"kind": "report", "record": name, "files": files, "host": "here", "max_records": most}
        return await queue.tool(run, "tools/publish", number, op=op, **record)

    return call


async def test_publish_of_a_lost_lease_is_refused(publish: Any, link: RedisLink, keys: Keys) -> None:
    """An attempt that lost its run lists nothing."""
    await link.call("HSET", keys.run(RUN.run_id), "lease", "another")
    with pytest.raises(LeaseLost):
        await publish(1, "put", "a@1")
    assert (await Artifacts(link, keys).list(ArtifactKind.REPORT, None, None, 10)).total == 0


async def test_published_record_is_put_and_taken_off_once(publish: Any, link: RedisLink, keys: Keys) -> None:
    """Sending it again changes nothing; publishing again makes it the newest; a missing file is reported."""
    assert (await publish(1, "put", "a@1"))[0] == (await publish(1, "put", "a@1"))[0] == "OK"
    await publish(2, "put", "a@2")
    assert (await publish(1, "put", "a@3"))[0] == "STALE"
    await publish(3, "put", "a@1")
    page = await Artifacts(link, keys).list(ArtifactKind.REPORT, RUN.job_id, None, 10)
    assert [each.id for each in page.items] == ["a@1", "a@2"]
    assert (await publish(4, "drop", "a@1"))[0] == "OK"
    assert (await publish(5, "drop", "a@1"))[0] == "MISSING"
    assert (await Artifacts(link, keys).list(ArtifactKind.REPORT, None, None, 10)).total == 1


async def test_a_job_has_so_many_records_and_no_more(publish: Any, link: RedisLink, keys: Keys) -> None:
    """Machines that are gone with their files leave no list that grows for ever."""
    for number in range(1, 6):
        await publish(number, "put", f"a@{number}")
    page = await Artifacts(link, keys).list(ArtifactKind.REPORT, None, None, 10)
    assert [each.id for each in page.items] == ["a@5", "a@4", "a@3"]
    assert await link.call("EXISTS", keys.published("report", "a@1")) == 0
    assert MAX_RECORDS >= 1_000


@pytest.mark.parametrize(
    ("kind", "name"), [("log", "x"), ("report", "../x"), ("report", ""), ("export", "a b")]
)
async def test_publish_of_no_record_is_refused(kind: str, name: str) -> None:
    """Kinds are two, and names are plain."""
    allowance = Allowance("test.files", "files", ToolLimits())
    scripts = FencedScripts(RUN, FakePort())
    files = FilesPerformer(
        cast("Any", None), cast("Any", None), allowance, scripts, "a", keeper=cast("Any", None)
    )
    with pytest.raises(InvalidInput):
        await files.perform("withdraw", (kind, name))
    with pytest.raises(InvalidInput):
        await files.perform("publish", ("report", "x", []))
