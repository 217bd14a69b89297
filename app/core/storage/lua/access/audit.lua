#!lua flags=allow-oom
-- access/audit: Appends acts to a log of the audit, or removes its oldest ones. The caller has made the links
-- of the chain for the head that it saw; if another process was first, it makes them again. Sent again it
-- changes nothing.
-- ARGV: log, seen, head, sealing_key, writer, tries, keep_from, lost, dropped, over
--   seen, head: the head as it was read, '' for none, and as it shall be. sealing_key: as it was read.
--   writer: the process; tries: how often it was not first. keep_from: position, '' to remove nothing.
--   lost: acts before these that were not stored; dropped: entries removed here for the limit of bytes;
--   over: entries stored beyond it.
-- ROW: position, number, key, previous, mac, act
-- Keys built inside: audit_log, audit_heads, secret_key, metrics.
-- Returns {OK | SAME | CHANGED | WAIT | BLOCKED, head, sealing key}.
-- BLOCKED: the log has entries behind the head.
local stream, turn_ms = K.audit_log .. log, 100
local stored = redis.call('HGET', K.audit_heads, log) or ''
local key = redis.call('HGET', K.secret_key, 'id') or ''
local first = ARGV[ROW.start + ROW.position]
if first then
  local known = redis.call('XRANGE', stream, first .. '-0', first .. '-0')[1]
  -- guard: test_audit_entry_sent_again_is_stored_once
  if known and known[2][8] == ARGV[ROW.start + ROW.mac] then return {'SAME', stored, key} end
elseif stored == head then
  return {'SAME', stored, key}
end
-- A process that is far from Redis gets a turn, else those that are near would always be first.
local holder, till = (redis.call('HGET', K.audit_heads, 'turn:' .. log) or ''):match('^(%S+) (%d+)$')
local left = holder and tonumber(till) - now_ms() or 0
-- guard: test_a_process_that_is_never_first_gets_a_turn
if holder ~= writer and left > 0 and left <= turn_ms then return {'WAIT', stored, key} end
-- guard: test_three_processes_make_one_chain
if stored ~= seen or key ~= sealing_key then
  if tonumber(tries) >= 4 then
    redis.call('HSET', K.audit_heads, 'turn:' .. log, writer .. ' ' .. text(now_ms() + turn_ms))
  end
  return {'CHANGED', stored, key}
end
local last = first and redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
-- guard: test_entries_behind_the_head_do_not_stop_the_audit
if last and tonumber(last[1]:match('^%d+')) >= tonumber(first) then return {'BLOCKED', stored, key} end
for at = ROW.start, #ARGV - 1, ROW.width do
  redis.call('XADD', stream, ARGV[at + ROW.position] .. '-0', 'number', ARGV[at + ROW.number],
    'key', ARGV[at + ROW.key], 'previous', ARGV[at + ROW.previous], 'mac', ARGV[at + ROW.mac],
    'act', ARGV[at + ROW.act])
end
if keep_from ~= '' then redis.call('XTRIM', stream, 'MINID', '=', keep_from) end
redis.call('HSET', K.audit_heads, log, head)
if holder == writer then redis.call('HDEL', K.audit_heads, 'turn:' .. log) end
for name, count in pairs({audit_lost = lost, ['audit_dropped|' .. log] = dropped, audit_over_limit = over}) do
  if count ~= '0' then redis.call('HINCRBY', K.metrics, name, count) end
end
return {'OK', head, key}
