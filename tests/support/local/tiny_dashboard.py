"""A dashboard of no packages that real npm builds at once, for tests of how a dashboard is built and run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.support.local.installation import PROJECT_ROOT

# A stand-in for the output of Next.js: a server.js that listens at HOSTNAME and PORT.
_SERVER = """
const { createServer } = require('node:http');
createServer((request, response) => {
  if (request.url === '/forever') return response.write('begun');
  const status = {
    status: 'healthy', service: 'dashboard', page: PAGE, pid: process.pid, api: process.env.API_BASE_URL,
    secret: process.env.UI_SESSION_SECRET,
  };
  response.end(JSON.stringify(status));
}).listen(Number(process.env.PORT), process.env.HOSTNAME);
process.on('SIGTERM', () => {});
"""
# Waits while a file `hold` is there, and leaves a line for each build.
_BUILD = """
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
const page = JSON.stringify(readFileSync('src/page.txt', 'utf8').trim());
appendFileSync(BUILDS, page + '\\n');
while (existsSync(HOLD)) await setTimeout(20);
if (page.includes('broken')) { console.error('the page is broken'); process.exit(1); }
mkdirSync('.next/standalone/.next', { recursive: true });
mkdirSync('.next/static', { recursive: true });
writeFileSync('.next/standalone/server.js', readFileSync('src/server.js', 'utf8').replace('PAGE', page));
"""


class TinyDashboard:
    """A folder `ui` in a tree, with what npm needs."""

    def __init__(self, root: Path, page: str = "first") -> None:
        self.folder = root / "ui"
        self.holds, self.builds = root / "hold", root / "builds"
        package = {
            "name": "tiny",
            "version": "1.0.0",
            "private": True,
            "scripts": {"build": "node scripts/build.mjs && node scripts/finish-build.mjs"},
        }
        self.folder.mkdir(parents=True)
        (self.folder / "package.json").write_text(json.dumps(package), "utf-8")
        lock = {"name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {**package}}}
        (self.folder / "package-lock.json").write_text(json.dumps(lock), "utf-8")
        scripts, source = self.folder / "scripts", self.folder / "src"
        scripts.mkdir()
        source.mkdir()
        (source / "server.js").write_text(_SERVER, "utf-8")
        (scripts / "build.mjs").write_text(self._build_script(), "utf-8")
        for script in (PROJECT_ROOT / "ui" / "scripts").glob("*.mjs"):
            shutil.copy(script, scripts)
        self.show(page)

    def _build_script(self) -> str:
        # A build sees no variables of the caller beyond those of Node.js, npm and the system.
        places = {"HOLD": self.holds, "BUILDS": self.builds}
        return "".join(f"const {name} = {json.dumps(str(path))};\n" for name, path in places.items()) + _BUILD

    def show(self, page: str) -> None:
        """Change what is served, and so the content that a build is for."""
        (self.folder / "src" / "page.txt").write_text(page, "utf-8")

    def hold(self) -> None:
        """Let no build end until `let_go`."""
        self.holds.touch()

    def let_go(self) -> None:
        self.holds.unlink()

    def built(self) -> list[str]:
        """Return the page of every build that was begun."""
        return self.builds.read_text("utf-8").split() if self.builds.exists() else []
