"""The public kit's waiting, under the name that the tests use."""

from multi_job.testing.waiting import wait_until, wait_until_async

__all__ = ["wait_until", "wait_until_async"]
