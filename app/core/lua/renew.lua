#!lua flags=allow-oom
-- renew: keeps the leases of a worker's runs, each only while it is still this worker's.
-- needs: lease_clock, lanes
-- ARGV: consumer, lease_ms, then (run, lease)*.
-- Keys built inside: run, ready, suspect_turn.
-- Returns for each OK | CANCELLED (still ours, but asked to stop) | LOST.
local now, words, consumer = now_ms(), {}, ARGV[1]
touch_lease_clock(now, tonumber(ARGV[2]))

local function renew(run, lease)
  local h = redis.call('HMGET', K.run .. run, 'status', 'lease', 'lane', 'entry', 'cancel')
  if h[1] ~= 'running' or h[2] ~= lease then return 'LOST' end -- guard: test_renewal_of_a_lost_lease_is_refused
  local kept = redis.call('XCLAIM', K.ready .. h[3], GROUP, consumer, 0, h[4], 'JUSTID', 'FORCE')
  if #kept == 0 then
    -- The stream was emptied under a running run: it gets an entry again, so that its lease means something.
    local entry = push(run, h[3])
    redis.call('XCLAIM', K.ready .. h[3], GROUP, consumer, 0, entry, 'JUSTID', 'FORCE')
  end
  return h[5] and 'CANCELLED' or 'OK'
end

for i = 3, #ARGV, 2 do
  local ok, word = pcall(renew, ARGV[i], ARGV[i + 1])
  words[#words + 1] = ok and word or 'OK'
end
if redis.call('GET', K.suspect_turn) == consumer then redis.call('PEXPIRE', K.suspect_turn, 2 * ARGV[2]) end
return words
