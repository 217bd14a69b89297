"""Multi-Job Platform: jobs from words, on time, once, observably."""

__version__ = "0.1.0"
