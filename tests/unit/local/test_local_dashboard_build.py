"""Which build belongs to which content, and when one is made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.local.dashboard_build import DashboardBuild, Node, digest_of
from app.local.output import LocalError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script replaces npm")

# Notes its words and in which folder; `run build` makes what the real one makes.
NPM = """#!/bin/sh
echo "$*" >> "{log}"
[ "$1" = "$(cat '{fails}' 2> /dev/null)" ] && exit 1
case "$1" in
    ci) rm -rf node_modules; mkdir node_modules ;;
    run) mkdir -p .next/standalone && cd .next/standalone && cp ../../src/page.tsx page && touch serve.mjs ;;
esac
"""


class Checkout:
    """A folder `ui` and a stand-in for npm."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "shop"
        self.log, self.fails = folder / "npm.log", folder / "fails"
        npm = folder / "npm"
        npm.write_text(NPM.format(log=self.log, fails=self.fails), "utf-8")
        npm.chmod(0o755)
        self.node = Node(sys.executable, str(npm), (20, 9, 0))
        for name in ("package.json", "package-lock.json", ".npmrc", "src/page.tsx", "src/deep/part.tsx"):
            self.write(name, name)

    def write(self, name: str, text: str) -> None:
        path = self.root / "ui" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def builds(self, node: Node | None = None) -> DashboardBuild:
        return DashboardBuild(self.root, node or self.node)

    def digest(self, node: Node | None = None) -> str:
        return digest_of(self.root / "ui", node or self.node)

    def called(self) -> list[str]:
        calls = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return calls


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize(
    "name", ["src/page.tsx", "package-lock.json", ".npmrc", "src/deep/part.tsx", "src/new.ts"]
)
def test_digest_changes_with_every_source(checkout: Checkout, name: str) -> None:
    """The lock file is one of them, and a new file counts as a changed one."""
    before = checkout.digest()
    checkout.write(name, "something else")
    assert checkout.digest() != before


@pytest.mark.parametrize(
    "name",
    [
        "node_modules/x/index.js",
        ".next/BUILD_ID",
        "tests/unit/x.test.ts",
        "src/deep/part.test.tsx",
        "tsconfig.tsbuildinfo",
        "next-env.d.ts",
        "DEVELOPING.md",
        "vitest.config.mts",
        "benchmarks/scroll.bench.ts",
        "playwright.config.ts",
    ],
)
def test_digest_does_not_change_with_what_is_not_served(checkout: Checkout, name: str) -> None:
    """Packages, earlier builds, what tools leave behind, tests and their settings."""
    before = checkout.digest()
    checkout.write(name, "something else")
    assert checkout.digest() == before


def test_digest_changes_with_the_major_version_of_node(checkout: Checkout) -> None:
    """Native parts are made for one; a patch release changes nothing."""
    assert checkout.digest(Node("n", "", (22, 0, 0))) != checkout.digest()
    assert checkout.digest(Node("n", "", (20, 11, 1))) == checkout.digest()


def test_digest_changes_if_a_file_moves(checkout: Checkout) -> None:
    """The same content under another name is another page."""
    before = checkout.digest()
    pages = checkout.root / "ui" / "src"
    (pages / "page.tsx").rename(pages / "other.tsx")
    assert checkout.digest() != before


def test_build_is_made_once_for_each_content(checkout: Checkout) -> None:
    """The second start reuses it; packages are installed again only if the lock file has changed."""
    first = checkout.builds().make()
    assert checkout.called() == ["ci --omit=dev", "run build"]
    assert (checkout.builds().finished(), checkout.builds().make()) == (first, first)
    assert checkout.called() == []
    checkout.write("src/page.tsx", "changed")
    assert checkout.builds().finished() is None
    second = checkout.builds().make()
    assert checkout.called() == ["run build"]
    assert (first / "page").read_text() == "src/page.tsx"
    assert (second / "page").read_text() == "changed"
    checkout.write("package-lock.json", "other packages")
    checkout.builds().make()
    assert checkout.called() == ["ci --omit=dev", "run build"]


def test_build_leaves_the_checkout_as_it_was(checkout: Checkout) -> None:
    """Somebody works in there, with packages and a server of their own."""
    before = sorted((checkout.root / "ui").rglob("*"))
    checkout.builds().make()
    assert sorted((checkout.root / "ui").rglob("*")) == before


def test_build_has_no_name_until_it_is_whole(checkout: Checkout) -> None:
    """One that fails, whether at its packages or itself, is none, and the next start tries again."""
    for step, reason in (("ci", "npm ci"), ("run", "npm run build")):
        checkout.fails.write_text(step, "ascii")
        with pytest.raises(LocalError, match=reason):
            checkout.builds().make()
        assert checkout.builds().finished() is None
    checkout.fails.unlink()
    assert (checkout.builds().make() / "page").is_file()


def test_build_without_npm_says_so(checkout: Checkout) -> None:
    """If it is already built, npm is not needed."""
    bare = Node(checkout.node.path, "", (20, 9, 0))
    with pytest.raises(LocalError, match=r"npm is missing"):
        checkout.builds(bare).make()
    built = checkout.builds().make()
    assert checkout.builds(bare).make() == built


def test_newest_build_is_remembered(checkout: Checkout) -> None:
    """Sources that changed while it was built do not hide what was built."""
    assert checkout.builds().newest() is None
    built = checkout.builds().make()
    checkout.write("src/page.tsx", "changed")
    assert checkout.builds().newest() == built


@pytest.fixture
def server(checkout: Checkout) -> Iterator[Path]:
    """A process that serves the first build."""
    build = checkout.builds().make()
    command = [sys.executable, "-c", "input()", str(build / "serve.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield build
        process.kill()


def test_old_builds_are_removed_unless_they_are_served(checkout: Checkout, server: Path) -> None:
    """A few are kept; one that somebody is served from stays whatever its age."""
    made = [server]
    for number in range(5):
        checkout.write("src/page.tsx", f"page {number}")
        made.append(checkout.builds().make())
    left = [build for build in made if build.exists()]
    assert left == [server, *made[-3:]]
