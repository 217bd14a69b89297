#!lua flags=allow-oom
-- tools/kv: one call on the values that a job keeps, fenced by the lease.
-- needs: tool_call
-- ARGV: run, lease, attempt:number, job, op, most keys, key (for list its beginning), then
--   set: value, ttl_ms (0 keeps it) | incr: by, ttl_ms | cas: expected ('' means absent), value, ttl_ms
-- Keys built inside: run, tool_calls, kv, kv_index.
-- Returns OK and the value (list: the keys) | LOST | STALE | MISSING | LIMIT | CONFLICT | NOT_INTEGER.
local run, lease, at, job, op, most, key = unpack(ARGV, 1, 7)
-- guard: test_kv_of_a_lost_lease_is_refused
if not holds_lease(run, lease) then return {'LOST'} end
local now, index, name = now_ms(), K.kv_index .. job, K.kv .. job .. ':' .. key

local function has_room()
  local expired = redis.call('ZRANGEBYSCORE', index, '-inf', now, 'LIMIT', 0, 100)
  if #expired > 0 then redis.call('ZREM', index, unpack(expired)) end
  if redis.call('EXISTS', name) == 1 then return true end
  return redis.call('ZCOUNT', index, '(' .. now, '+inf') < tonumber(most)
end

local function store(value, ttl_ms)
  -- guard: test_kv_refuses_one_key_too_many
  if not has_room() then return 'LIMIT' end
  ttl_ms = tonumber(ttl_ms)
  if ttl_ms > 0 then
    redis.call('SET', name, value, 'PX', ttl_ms)
  else
    redis.call('SET', name, value)
  end
  redis.call('ZADD', index, ttl_ms > 0 and now + ttl_ms or '+inf', key)
  return 'OK', value
end

local writes = {
  set = function() return store(ARGV[8], ARGV[9]) end,
  delete = function()
    redis.call('ZREM', index, key)
    return redis.call('DEL', name) == 1 and 'OK' or 'MISSING'
  end,
  incr = function()
    if redis.call('EXISTS', name) == 0 then return store(ARGV[8], ARGV[9]) end
    local sum = redis.pcall('INCRBY', name, ARGV[8])
    -- guard: test_kv_incr_of_a_text_is_refused
    if type(sum) == 'table' then return 'NOT_INTEGER' end
    return 'OK', redis.call('GET', name) -- its answer passed through a double
  end,
  cas = function()
    local present = redis.call('GET', name) or ''
    -- guard: test_kv_compare_and_set_of_another_value_conflicts
    if present ~= ARGV[8] then return 'CONFLICT', present end
    return store(ARGV[9], ARGV[10])
  end,
}
if writes[op] then return tool_call(run, at, writes[op]) end
if op == 'get' then
  local value = redis.call('GET', name)
  return value and {'OK', value} or {'MISSING'}
end
local found = {'OK'}
for _, known in ipairs(redis.call('ZRANGEBYSCORE', index, '(' .. now, '+inf', 'LIMIT', 0, most)) do
  if known:sub(1, #key) == key then found[#found + 1] = known end
end
return found
