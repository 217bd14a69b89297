"""The processes: API, scheduler, worker, connector."""

from importlib import import_module

from app.core.observability import absent

# The Redis client's own metrics, which we do not use: they take 15 ms to import, and 2 MB. The modules of the
# services find the client loaded.
with absent("opentelemetry.sdk"):
    import_module("redis.asyncio")
