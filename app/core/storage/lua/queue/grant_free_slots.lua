#!lua flags=allow-oom
-- queue/grant_free_slots: gives free places of keys to waiting heads: after a limit was raised, or as a net
-- under the rest.
-- needs: finalize
-- ARGV: how many keys at most.
-- Keys built inside: waiting_keys, waiting, waiting_lines, holders, run, ready.
-- Returns how many keys were looked at.
local names = redis.call('SRANDMEMBER', K.waiting_keys, ARGV[1])
for _, name in ipairs(names) do
  -- A holder whose run has ended or gone (purged by hand, restored) would block the key for ever.
  for _, run in ipairs(redis.call('SRANDMEMBER', K.holders .. name, 64)) do
    local ok, status = pcall(redis.call, 'HGET', K.run .. run, 'status')
    if not ok or (status ~= 'running' and status ~= 'queued') then
      redis.call('SREM', K.holders .. name, run)
    end
  end
  grant_slots(name)
end
return #names
