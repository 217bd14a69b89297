"""Connections of other users of this machine, made by processes that really are theirs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import wait_until

NOBODY = 65_534
"""The user and group of the stranger; only root can become one."""
_ASK = """
import http.client, os, sys
os.setgroups([]); os.setgid({uid}); os.setuid({uid})
method, port, path, *fields = sys.argv[1:]
call = http.client.HTTPConnection("127.0.0.1", int(port), timeout=60)
call.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
for field in fields:
    name, _, value = field.partition(": ")
    call.putheader(name, value)
if method != "GET":
    call.putheader("Content-Length", "2"); call.putheader("Content-Type", "application/json")
call.endheaders(b"{{}}" if method != "GET" else None)
print(call.getresponse().status)
"""
_NGINX = """
daemon off;
error_log stderr;
pid {folder}/nginx.pid;
worker_processes 1;
user {user};
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{target}; }} }}
}}
"""


def status_of_user(uid: int, method: str, port: int, path: str, headers: Mapping[str, str]) -> int:
    """Return the status of a request that a process of this user makes."""
    fields = [f"{name}: {value}" for name, value in headers.items()]
    command = [sys.executable, "-c", _ASK.format(uid=uid), method, str(port), path, *fields]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout)


@contextmanager
def plain_nginx(folder: Path, port: int, target: int, user: str = "www-data") -> Generator[None]:
    """Run an nginx that passes everything on and adds no header; its workers are another user's."""
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port, target=target, user=user))
    with (folder / "nginx.log").open("wb") as log:
        process = subprocess.Popen(
            ["nginx", "-p", str(folder), "-c", str(config)],
            env={"PATH": "/usr/sbin:/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        wait_until(lambda: (folder / "nginx.pid").exists() or process.poll() is not None, 60, "nginx")
        assert process.poll() is None, (folder / "nginx.log").read_text()
        yield
    finally:
        process.terminate()
        process.wait()


_FORWARD = """
import asyncio, os
os.setgroups([]); os.setgid({uid}); os.setuid({uid})
async def pipe(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()
async def serve(reader, writer):
    theirs, ours = await asyncio.open_connection("127.0.0.1", {target})
    await asyncio.gather(pipe(reader, ours), pipe(theirs, writer), return_exceptions=True)
async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", {port}) as server:
        print("ready", flush=True)
        await server.serve_forever()
asyncio.run(main())
"""


@contextmanager
def forwarder(port: int, target: int, uid: int) -> Generator[None]:
    """Run a TCP forwarder of another user."""
    script = _FORWARD.format(uid=uid, port=port, target=target)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield
        finally:
            process.kill()
