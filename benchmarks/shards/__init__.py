"""How much more work several shards do, on as many servers and on a Cluster."""
