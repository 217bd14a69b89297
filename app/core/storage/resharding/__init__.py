"""Divides the data of a deployment into another number of shards, while none of its processes runs."""
