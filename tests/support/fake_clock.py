"""The public kit's clock, under the name that the tests use."""

from multi_job.testing.clock import FakeClock

__all__ = ["FakeClock"]
