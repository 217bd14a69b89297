-- Claims: keys with a time to live whose value is the process that does a task. Redis ends them by its own
-- clock, so a claim that was set before the clock went back would outlast its owner by that step.
-- A failover to a machine whose clock is behind by less is no step back.
local CLOCK_TOLERANCE_MS = 1000

-- is_claimed: returns if a process other than `owner` holds a claim whose full life is `life_ms`. A claim
-- that has more than its full life left is from before the clock went back, and counts for nothing.
local function is_claimed(key, owner, life_ms)
  local holder = redis.call('GET', key)
  if not holder or holder == owner then return false end
  -- guard: test_a_claim_from_before_the_clock_went_back_is_stale
  if redis.call('PTTL', key) > tonumber(life_ms) + CLOCK_TOLERANCE_MS then return false end
  return true
end
