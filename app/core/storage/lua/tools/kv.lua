#!lua flags=allow-oom
-- tools/kv: Reads or writes a value that a job keeps, fenced by the lease.
-- needs: tool_call
-- ARGV: run, lease, call, job, op, max_keys, key, value?, ttl_ms?, expected?
--   op: get | set | delete | incr (by `value`) | cas (`expected`: '' if absent) | list (`key` is the prefix).
--   ttl_ms: 0 keeps the value.
-- Keys built inside: run, tool_calls, kv, kv_index.
-- Returns OK and the value (list: the keys) | LOST | STALE | MISSING | LIMIT | CONFLICT | NOT_INTEGER.
-- guard: test_kv_of_a_lost_lease_is_refused
if not holds_lease(run, lease) then return {'LOST'} end
local now, index, name = now_ms(), K.kv_index .. job, K.kv .. job .. ':' .. key

local function has_room()
  local expired = redis.call('ZRANGEBYSCORE', index, '-inf', now, 'LIMIT', 0, 100)
  if #expired > 0 then redis.call('ZREM', index, unpack(expired)) end
  if redis.call('EXISTS', name) == 1 then return true end
  return redis.call('ZCOUNT', index, '(' .. now, '+inf') < tonumber(max_keys)
end

local function store()
  -- guard: test_kv_refuses_one_key_too_many
  if not has_room() then return 'LIMIT' end
  local ttl = tonumber(ttl_ms)
  if ttl > 0 then
    redis.call('SET', name, value, 'PX', ttl_ms)
  else
    redis.call('SET', name, value)
  end
  redis.call('ZADD', index, ttl > 0 and now + ttl or '+inf', key)
  return 'OK', value
end

local writes = {
  set = store,
  delete = function()
    redis.call('ZREM', index, key)
    return redis.call('DEL', name) == 1 and 'OK' or 'MISSING'
  end,
  incr = function()
    if redis.call('EXISTS', name) == 0 then return store() end
    local sum = redis.pcall('INCRBY', name, value)
    -- guard: test_kv_incr_of_a_text_is_refused
    if type(sum) == 'table' then return 'NOT_INTEGER' end
    return 'OK', redis.call('GET', name) -- its answer passed through a double
  end,
  cas = function()
    local present = redis.call('GET', name) or ''
    -- guard: test_kv_compare_and_set_of_another_value_conflicts
    if present ~= expected then return 'CONFLICT', present end
    return store()
  end,
}
if writes[op] then return tool_call(run, call, writes[op]) end
if op == 'get' then
  local stored = redis.call('GET', name)
  return stored and {'OK', stored} or {'MISSING'}
end
local found = {'OK'}
for _, known in ipairs(redis.call('ZRANGEBYSCORE', index, '(' .. now, '+inf', 'LIMIT', 0, max_keys)) do
  if known:sub(1, #key) == key then found[#found + 1] = known end
end
return found
