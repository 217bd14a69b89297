"""deploy/caddy, deploy/nginx and docs/proxy.md agree. ui/tests/e2e/proxy.spec.ts runs both proxies."""

from __future__ import annotations

import re
from pathlib import Path

from app.core.config import Settings
from app.local.settings import parse_env_file
from tests.support.documents.documents import Document

ROOT = Path(__file__).resolve().parents[2]
CADDY, NGINX = ROOT / "deploy" / "caddy" / "Caddyfile", ROOT / "deploy" / "nginx" / "multi-job.conf"
PAGE = Document("docs/proxy.md")


def test_both_proxies_pass_bodies_that_the_api_takes() -> None:
    """A little more than MAX_BODY_BYTES, so that the API's own answer says what is wrong."""
    most = Settings(_env_file=None).max_body_bytes  # pyright: ignore[reportCallIssue]
    sizes = [
        *re.findall(r"client_max_body_size (\d+)k;", NGINX.read_text("utf-8")),
        *re.findall(r"max_size (\d+)KB", CADDY.read_text("utf-8")),
    ]
    assert len(sizes) == 2
    assert all(most < int(size) * 1000 < 1.2 * most for size in sizes)
    large = re.search(r"header_regexp Content-Length (\S+)", CADDY.read_text("utf-8"))
    assert large is not None
    assert re.match(large[1], "300000")
    assert re.match(large[1], "1000000")
    assert not re.match(large[1], str(most))


def test_both_proxies_have_the_ports_of_the_platform() -> None:
    """Unless somebody moves them."""
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    for text in (NGINX.read_text("utf-8"), CADDY.read_text("utf-8")):
        assert set(re.findall(r"127\.0\.0\.1:(\d+)", text)) == {str(settings.api_port), "3000"}


def test_commands_of_the_page_fit_the_files() -> None:
    """Files and the name that the commands replace exist; the settings that the page shows are valid."""
    commands = [words for block in PAGE.blocks() if block.language == "bash" for words in block.commands()]
    [caddy] = [words for words in commands if "caddy" in words]
    assert (ROOT / caddy[-1]) == CADDY
    assert caddy[0].partition("=")[0] in re.findall(r"\{\$([A-Z]+)", CADDY.read_text("utf-8"))
    [copy] = [words for words in commands if words[0] == "sed"]
    assert (ROOT / copy[2]) == NGINX
    assert copy[1].split("/")[1] in NGINX.read_text("utf-8")
    assert "/etc/letsencrypt/live/jobs.example.com/fullchain.pem" in NGINX.read_text("utf-8")
    [shown] = [block.text for block in PAGE.blocks() if block.language == "text"]
    given = {
        name.lower(): value for name, value in parse_env_file(shown).items() if not name.startswith("UI_")
    }
    read = Settings(_env_file=None, **given)  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert read.public_url == "https://jobs.example.com"
    assert read.trusted_proxies == ["127.0.0.1/32"]
