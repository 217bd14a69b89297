"""The demo's outage: a small page on this machine goes down and recovers, and its monitor says so."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self, cast

from app.core.i18n import _, concat
from app.local.output import LocalError, print_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.local.settings import LocalSettings

JOB_ID: Final = "demo-page"
_HOST: Final = "127.0.0.1"
_PORT_FILE: Final = "demo-page.port"
_WAIT_SEC: Final = 30.0
_LOOK_SEC: Final = 0.2
_UP, _DOWN = 200, 503


class DemoPage:
    """A page on a port of this machine, on the same port in each demo; it answers 200 or 503."""

    def __init__(self, data_dir: Path) -> None:
        self.status = _UP
        self._server = _listen(data_dir / _PORT_FILE, self)
        self.port = int(self._server.server_address[1])
        self.url = f"http://{_HOST}:{self.port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="demo-page", daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _listen(file: Path, page: DemoPage) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(page.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
            """Print nothing."""

    with suppress(OSError, ValueError):
        # The services that run already have this port open.
        return ThreadingHTTPServer((_HOST, int(file.read_text("ascii"))), Handler)
    server = ThreadingHTTPServer((_HOST, 0), Handler)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(server.server_address[1]), "ascii")
    return server


class OutageStory:
    """Watches the page, takes it down and up again, and prints what the platform makes of it."""

    def __init__(self, settings: LocalSettings, ask: Callable[..., Any], page: DemoPage) -> None:
        self._settings = settings
        self._ask = ask
        self._page = page
        self._is_open = False

    def __enter__(self) -> Self:
        """Make the monitor, in place of an earlier demo's, if the services may call the page."""
        self._remove()
        plan = self._ask("POST", "/planner/plan", {"prompt": f"Cek {self._page.url} tiap 5 menit"})
        self._is_open = not any("HTTP_ALLOW_PRIVATE" in each for each in plan["warnings"])
        if not self._is_open:
            return self
        sandbox = {"channel": "sandbox", "account_id": "default", "to": "inbox"}
        inputs = {"url": self._page.url, "fail_after": 2, "timeout_sec": 2, "notify": sandbox}
        spec = {"job_id": JOB_ID, "type": "monitor.http", "inputs": inputs, "schedule": {"interval_sec": 1}}
        self._ask("POST", "/jobs", spec)
        return self

    def __exit__(self, *_error: object) -> None:
        self._remove()

    def tell(self) -> None:
        """Print the outage as it happens; LocalError if a step does not come."""
        print_line(_("\nAn outage of a page on this machine, watched each second: {url}", url=self._page.url))
        if not self._is_open:
            print_line(_("  The services may not call it: stop them, then start again with --demo."))
            return
        self._reaches("up")
        self._page.status = _DOWN
        _say(_("page"), _("answers 503 from now on"))
        self._reaches("down")
        incident_id = str(self._until(lambda: self._monitor().get("incident_id"), _("incident")))
        _say(_("incident"), concat(incident_id, ": ", self._incident(incident_id)["title"]))
        _say(_("alarm"), self._message(incident_id, "opened"))
        self._page.status = _UP
        _say(_("page"), _("answers 200 again"))
        self._reaches("up")
        _say(_("recovery"), self._message(incident_id, "recovered"))
        print_line(_("  Look at it: {url}", url=f"{self._settings.ui_url}/incidents/{incident_id}"))
        print_line(f"  multi-job incidents {incident_id}")

    def _monitor(self) -> dict[str, Any]:
        found = cast("list[dict[str, Any]]", self._ask("GET", "/monitors"))
        return next((each for each in found if each["job_id"] == JOB_ID), dict[str, Any]())

    def _incident(self, incident_id: str) -> dict[str, Any]:
        return self._ask("GET", f"/incidents/{incident_id}")

    def _reaches(self, state: str) -> None:
        """Wait for the monitor's state and print it."""
        self._until(lambda: self._monitor().get("state") == state, state)
        reason = self._monitor().get("last_error") or ""
        _say(_("monitor"), concat(state, f" · {reason}") if reason else state)

    def _message(self, incident_id: str, phase: str) -> str:
        """Wait until the message about a phase is delivered; return its text."""
        delivery = self._until(lambda: self._delivered(incident_id, phase), phase)
        return str(self._ask("GET", f"/messages/{delivery['message_id']}")["text"])

    def _delivered(self, incident_id: str, phase: str) -> dict[str, Any] | None:
        found = cast("list[dict[str, Any]]", self._incident(incident_id)["deliveries"])
        return next((each for each in found if each["phase"] == phase and each["state"] == "delivered"), None)

    def _until(self, look: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + _WAIT_SEC
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(_LOOK_SEC)
        raise LocalError(_("the demo waited {seconds} s in vain: {what}", seconds=int(_WAIT_SEC), what=what))

    def _remove(self) -> None:
        with suppress(LocalError):
            self._ask("DELETE", f"/jobs/{JOB_ID}")


def _say(what: str, text: str) -> None:
    print_line(concat(f"  {time.strftime('%H:%M:%S')}  ", what, ": ", text))
