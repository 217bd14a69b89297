"""Writes `.env.example`, and the environment of the services in `docker-compose.yml`."""

from __future__ import annotations

from tools.settings_table import ROOT, grouped, settings

EXAMPLE, COMPOSE = ".env.example", "docker-compose.yml"
_BEGIN, _END = (
    "  # Generated from app/core/config.py: python -m tools.generate_docs\n",
    "  # End of the generated part\n",
)

# Fields that no `${NAME}` of the common environment sets, each with the reason.
LEFT_OUT = {
    "REDIS_URL": "the service `redis` of the file",
    "REDIS_PORT": "the port on the machine; inside it is 6379",
    "REDIS_PASSWORD": "only the container of Redis gets it; services read it from a file",
    "REDIS_PASSWORD_FILE": "the file that the container of Redis writes",
    "SHARDS": "one Redis in the file",
    "SHARD_URLS": "one Redis in the file",
    "API_HOST": "inside the container the API listens everywhere",
    "API_PORT": "the port on the machine; inside it is 8000",
    "MULTI_JOB_HOME": "the volume of the image",
    "ARTIFACTS_KEY_ID": "only for the API and the worker",
    "ARTIFACTS_SECRET": "only for the API and the worker",
    "FILES_ROOT": "in the volume that all services share",
    "AUTH": "for the API and the dashboard only",
    "ALLOWED_HOSTS": "the dashboard's name for the API comes first",
    "API_KEYS": "for the API only",
    "OIDC_CLIENT_SECRET": "for the API only",
    "OIDC_CLIENT_SECRET_FILE": "a path of the machine; mount it into the API and set it there",
    "PLANNER_AI_API_KEY": "for the API and the connector only",
    "UI_SESSION_SECRET": "for the API and the dashboard only",
    "UI_SESSION_SECRET_FILE": "in the dashboard's volume",
}
_HEAD = """\
# Settings of Multi-Job Platform. Copy this file to `.env` and remove the `#` of each setting that you change.
# Generated from app/core/config.py by `python -m tools.generate_docs`; do not edit.
# Salin berkas ini ke `.env`, lalu hapus tanda `#` di depan pengaturan yang diubah.
"""


def env_example() -> str:
    """Return `.env.example`: each setting with its explanation, commented out with its default."""
    parts = [_HEAD]
    for heading, members in grouped():
        lines = "\n".join(f"# {each.text}\n#{each.name}={each.default}\n" for each in members)
        parts.append(f"## {heading}\n\n{lines}")
    return "\n".join(parts)


def compose_with_settings(text: str) -> str:
    """Return docker-compose.yml with every setting in the common environment of the services."""
    head, begin, rest = text.partition(_BEGIN)
    _, end, tail = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{COMPOSE} has lost the marks of its generated part")
    names = [each for each in settings() if each.name not in LEFT_OUT]
    lines = "".join(f"  {each.name}: ${{{each.name}:-{each.default}}}\n" for each in names)
    return f"{head}{begin}{lines}{end}{tail}"


def files() -> dict[str, str]:
    """Return the text of each file, by its name in the project's folder."""
    compose = (ROOT / COMPOSE).read_text("utf-8")
    return {EXAMPLE: env_example(), COMPOSE: compose_with_settings(compose)}
