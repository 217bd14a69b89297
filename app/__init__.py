"""Multi-Job Platform: jobs from words, on time, once, observably."""

__version__ = "1.0.0"
