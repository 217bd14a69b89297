#!lua
-- access/stage_audit: Stores entries of a restored audit beside the log. Sent again it adds none.
-- ARGV: stage
-- ROW: position, number, key, previous, mac, act
-- Keys built inside: audit_log.
-- Returns how many were added.
local stream, added = K.audit_log .. stage, 0
local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
local last = newest and tonumber(newest[1]:match('^%d+')) or 0
for at = ROW.start, #ARGV - 1, ROW.width do
  -- guard: test_staged_entries_sent_again_are_stored_once
  if tonumber(ARGV[at + ROW.position]) > last then
    redis.call('XADD', stream, ARGV[at + ROW.position] .. '-0', 'number', ARGV[at + ROW.number],
      'key', ARGV[at + ROW.key], 'previous', ARGV[at + ROW.previous], 'mac', ARGV[at + ROW.mac],
      'act', ARGV[at + ROW.act])
    added = added + 1
  end
end
redis.call('EXPIRE', stream, 86400)
return added
