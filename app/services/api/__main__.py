"""The API: `python -m app.services.api --host HOST --port PORT`.

The command `uvicorn` searches the working directory for modules first, which may hide those of packages.
"""

from __future__ import annotations

import argparse

import uvicorn


def main() -> None:
    """Serve until a signal; exit with 3 if the application does not start."""
    parser = argparse.ArgumentParser(prog="python -m app.services.api", allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    uvicorn.run("app.services.api.main:app", host=options.host, port=options.port)


if __name__ == "__main__":
    main()
