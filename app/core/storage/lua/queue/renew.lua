#!lua flags=allow-oom
-- queue/renew: keeps the leases of a worker's runs, each only while it is still this worker's.
-- needs: lease_clock, lanes
-- ARGV: consumer, lease_ms, the claim whose answer is not read yet (0: none), then (run, lease)*.
-- Keys built inside: lease_clock, run, ready, claim.
-- Returns for each OK | CANCELLED (still ours, but asked to stop) | LOST.
local now, words, consumer = now_ms(), {}, ARGV[1]
touch_lease_clock(now, tonumber(ARGV[2]))

local function renew(run, lease)
  local h = redis.call('HMGET', K.run .. run, 'status', 'lease', 'lane', 'entry', 'cancel')
  -- guard: test_renewal_of_a_lost_lease_is_refused
  if h[1] ~= 'running' or h[2] ~= lease then return 'LOST' end
  local kept = redis.call('XCLAIM', K.ready .. h[3], GROUP, consumer, 0, h[4], 'JUSTID', 'FORCE')
  if #kept == 0 then
    -- The stream was emptied under a running run: it gets an entry again, so that its lease means something.
    local entry = push(run, h[3])
    redis.call('XCLAIM', K.ready .. h[3], GROUP, consumer, 0, entry, 'JUSTID', 'FORCE')
  end
  return h[5] and 'CANCELLED' or 'OK'
end

-- What a claim in flight has taken: its worker does not know of it while a handler holds the event loop.
-- Of any other claim the leases differ.
local function renew_claimed(n)
  local last = redis.call('GET', K.claim .. consumer)
  local known = last and cmsgpack.unpack(last) or {runs = {}}
  for k, run in ipairs(known.runs) do
    pcall(renew, run, consumer .. ':' .. n .. ':' .. text(known.token + k))
  end
end

-- guard: test_renewal_keeps_what_a_claim_in_flight_has_taken
if ARGV[3] ~= '0' then renew_claimed(ARGV[3]) end
for i = 4, #ARGV, 2 do
  local ok, word = pcall(renew, ARGV[i], ARGV[i + 1])
  words[#words + 1] = ok and word or 'OK'
end
return words
