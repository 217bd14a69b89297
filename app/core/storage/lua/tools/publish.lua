#!lua flags=allow-oom
-- tools/publish: Lists files of a job for people (reports, exports) as one record, or removes the record.
-- needs: tool_call, artifacts/contents, shards/seqs
-- ARGV: run, lease, call, job, op, kind, record, files?, host?, max_records?, place?, content?, size?,
--   objects?, total_bytes?, keep_ms?
--   op: put | drop; files: JSON; max_records: of a job; place: redis | s3 | folder | host; content: the id of
--   a content in Redis, size: its bytes; objects: paths in a store, one a line; total_bytes, keep_ms: limits
--   of all contents in Redis.
-- Keys built inside: run, tool_calls, seq, published, published_all, published_job, artifact, artifacts,
-- artifacts_doomed, meta.
-- Returns OK (with the place of the content) | LOST | STALE | MISSING. A record that is put again is the
-- newest; beyond the most the oldest is removed.
-- guard: test_publish_of_a_lost_lease_is_refused
if not holds_lease(run, lease) then return {'LOST'} end
local all, mine = K.published_all .. kind, K.published_job .. kind .. ':' .. job
local MOST_TRIMMED = 50

local function drop(name)
  local id = kind .. ':' .. name
  forget_content(id)
  redis.call('ZREM', all, name)
  redis.call('ZREM', mine, name)
  return redis.call('DEL', K.published .. id)
end

-- keep: a content that was staged lasts from now on. Returns the place of the content.
local function keep()
  for path in (objects or ''):gmatch('[^\n]+') do redis.call('ZREM', K.artifacts_doomed, path) end
  if place ~= 'redis' then return place or 'host' end
  -- guard: test_a_staged_content_that_expired_is_on_its_host
  if redis.call('PERSIST', K.artifact .. content) == 0 then return 'host' end
  redis.call('HSET', K.artifact .. content, 'bytes', size, 'of', kind .. ':' .. record)
  redis.call('ZADD', K.artifacts, now_ms(), content)
  redis.call('HINCRBY', K.meta, 'artifact_bytes', size)
  return 'redis'
end

local function put()
  local seq = next_seq()
  forget_content(kind .. ':' .. record)
  local kept = keep()
  redis.call('HSET', K.published .. kind .. ':' .. record, 'job', job, 'run', run, 'seq', seq, 'created',
    now_ms(), 'files', files, 'host', host, 'place', kept, 'content', kept == 'redis' and content or '',
    'objects', objects or '')
  redis.call('ZADD', all, seq, record)
  redis.call('ZADD', mine, seq, record)
  -- guard: test_a_job_has_so_many_records_and_no_more
  for _, name in ipairs(redis.call('ZRANGE', mine, 0, -tonumber(max_records) - 1)) do drop(name) end
  if kept == 'redis' then trim_contents(tonumber(total_bytes), tonumber(keep_ms), MOST_TRIMMED) end
  return 'OK', kept
end

local function take_down() return drop(record) == 1 and 'OK' or 'MISSING' end

return tool_call(run, call, op == 'put' and put or take_down)
