#!lua flags=allow-oom
-- deployment/trim_artifacts: Removes contents of reports and exports from Redis that are too old, and the
-- oldest if all together are too large.
-- needs: artifacts/contents
-- ARGV: total_bytes, keep_ms, most
-- Keys built inside: artifact, artifacts, artifacts_doomed, published, meta.
-- Returns how many it removed.
return trim_contents(tonumber(total_bytes), tonumber(keep_ms), tonumber(most))
