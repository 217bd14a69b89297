-- Claims: keys with a time to live whose value is the process that does a task. Redis ends them by its own
-- clock, so a claim that was set before the clock went back would outlast its owner by that step.
-- A failover to a machine whose clock is behind by less is no step back.
local CLOCK_TOLERANCE_MS = 1000

-- holder_of: the holder of a claim whose full life is `life_ms`; false if there is none. A claim that has
-- more than its full life left is from before the clock went back, and counts for nothing.
local function holder_of(key, life_ms)
  local holder = redis.call('GET', key)
  -- guard: test_a_claim_from_before_the_clock_went_back_is_stale
  if holder and redis.call('PTTL', key) > tonumber(life_ms) + CLOCK_TOLERANCE_MS then return false end
  return holder
end
