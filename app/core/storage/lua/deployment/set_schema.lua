#!lua flags=allow-oom
-- deployment/set_schema: Stores the version of the schema of this data, unless another process has changed it
-- meanwhile.
-- ARGV: seen, version, readable_from, made_by
--   seen: the version that the caller has read, or ''; readable_from: the oldest schema whose processes can
--   read this data.
-- Keys built inside: schema.
-- Returns the stored version.
local stored = redis.call('HGET', K.schema, 'version') or ''
-- guard: test_a_schema_that_another_process_has_set_stays
if stored ~= seen then return stored end
redis.call('HSET', K.schema, 'version', version, 'readable_from', readable_from, 'made_by', made_by, 'at',
  text(now_ms()))
return version
