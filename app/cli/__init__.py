"""`multi-job …`: the platform from a terminal. It speaks HTTP, except `keys`, `doctor` and `restore`."""
