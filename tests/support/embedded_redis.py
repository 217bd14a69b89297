"""The public kit's Redis server, under the name that the tests use."""

from multi_job.testing.redis import HOST, EmbeddedRedis, EmbeddedRedisError, free_port

__all__ = ["HOST", "EmbeddedRedis", "EmbeddedRedisError", "free_port"]
