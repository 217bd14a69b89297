-- needs: lanes
-- touch_lease_clock: stores that leases are renewed now. Returns the instant until which no run may be
-- reclaimed. Each writer of the clock reads it first. A gap means that no process could renew (Redis or all
-- processes were stopped), so each lease is extended once. A clock in the future means that it went back.
-- `gap_at` is the end of the last gap: a run that started before it may have ended with all other processes
-- (power cut, OOM kill of the group, a stop of everything), so its loss is not counted as a crash.
local function touch_lease_clock(now, lease_ms)
  local c = redis.call('HMGET', K.lease_clock, 'at', 'grace_until')
  local at, grace = tonumber(c[1]), tonumber(c[2]) or 0
  local went_back, back_ms = at and at > now + 1000, at and at - now
  -- guard: test_reclaim_asks_for_stamps_until_the_lane_is_stamped
  if went_back then grace, at = now + lease_ms, nil end
  local gap = not at or now - at > lease_ms / 2
  -- guard: test_reclaim_gives_grace_after_a_gap
  if gap then grace = now + lease_ms end
  redis.call('HSET', K.lease_clock, 'at', now, 'grace_until', grace)
  if gap then redis.call('HSET', K.lease_clock, 'gap_at', now) end
  if went_back then
    -- guard: test_a_search_by_time_finds_runs_from_before_a_step_back
    redis.call('HSET', K.meta, 'unordered_until', redis.call('GET', K.seq) or 0)
    -- guard: test_a_step_back_that_no_scheduler_saw_is_dealt_with
    redis.call('HSET', K.lease_clock, 'went_back', now, 'back_ms', back_ms)
    for _, lane in ipairs(all_lanes()) do
      redis.call('HSET', K.lease_clock, 'stamp|' .. lane, 1)
    end
  end
  return grace
end
