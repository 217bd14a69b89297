#!lua flags=allow-oom
-- tools/publish: Lists files of a job for people (reports, exports) as one record, or removes the record.
-- needs: tool_call
-- ARGV: run, lease, call, job, op, kind, record, files?, host?, max_records?
--   op: put | drop; files: JSON; max_records: of a job.
-- Keys built inside: run, tool_calls, seq, published, published_all, published_job.
-- Returns OK | LOST | STALE | MISSING. A record that is put again is the newest; beyond the most the oldest
-- is removed.
-- guard: test_publish_of_a_lost_lease_is_refused
if not holds_lease(run, lease) then return {'LOST'} end
local all, mine = K.published_all .. kind, K.published_job .. kind .. ':' .. job

local function drop(name)
  redis.call('ZREM', all, name)
  redis.call('ZREM', mine, name)
  return redis.call('DEL', K.published .. kind .. ':' .. name)
end

local function put()
  local seq = redis.call('INCR', K.seq)
  redis.call('HSET', K.published .. kind .. ':' .. record, 'job', job, 'run', run, 'seq', seq, 'created',
    now_ms(),
    'files', files, 'host', host)
  redis.call('ZADD', all, seq, record)
  redis.call('ZADD', mine, seq, record)
  -- guard: test_a_job_has_so_many_records_and_no_more
  for _, name in ipairs(redis.call('ZRANGE', mine, 0, -tonumber(max_records) - 1)) do drop(name) end
  return 'OK'
end

local function take_down() return drop(record) == 1 and 'OK' or 'MISSING' end

return tool_call(run, call, op == 'put' and put or take_down)
