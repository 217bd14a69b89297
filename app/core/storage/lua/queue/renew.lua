#!lua flags=allow-oom
-- queue/renew: Renews the leases of a worker's runs, each only while this worker still holds it.
-- needs: lease_clock, lanes
-- ARGV: consumer, lease_ms, claiming
-- ROW: run, lease
--   claiming: number of the claim whose answer is not read yet, or 0.
-- HASH: status, lease, lane, entry, cancel
-- Keys built inside: lease_clock, run, ready, claim.
-- Returns for each OK | CANCELLED (the lease is renewed, but the run must stop) | LOST.
local now, words = now_ms(), {}
touch_lease_clock(now, tonumber(lease_ms))

local function renew(run, lease)
  local h = redis.call('HMGET', K.run .. run, HASH.names)
  -- guard: test_renewal_of_a_lost_lease_is_refused
  if h[HASH.status] ~= 'running' or h[HASH.lease] ~= lease then return 'LOST' end
  local lane = h[HASH.lane]
  local kept = redis.call('XCLAIM', K.ready .. lane, GROUP, consumer, 0, h[HASH.entry], 'JUSTID', 'FORCE')
  if #kept == 0 then
    -- The stream was emptied under a running run. Reclaim finds runs by their entries, so it gets a new one.
    redis.call('XCLAIM', K.ready .. lane, GROUP, consumer, 0, push(run, lane), 'JUSTID', 'FORCE')
  end
  return h[HASH.cancel] and 'CANCELLED' or 'OK'
end

-- Renews the runs that a claim in flight has taken: its worker does not know them while a handler blocks the
-- event loop. The leases of any other claim differ.
local function renew_claimed()
  local last = redis.call('GET', K.claim .. consumer)
  local known = last and cmsgpack.unpack(last) or {runs = {}}
  for k, run in ipairs(known.runs) do
    pcall(renew, run, consumer .. ':' .. claiming .. ':' .. text(known.token + k))
  end
end

-- guard: test_renewal_keeps_what_a_claim_in_flight_has_taken
if claiming ~= '0' then renew_claimed() end
for at = ROW.start, #ARGV - 1, ROW.width do
  local ok, word = pcall(renew, ARGV[at + ROW.run], ARGV[at + ROW.lease])
  words[#words + 1] = ok and word or 'OK'
end
return words
