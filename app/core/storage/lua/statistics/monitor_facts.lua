#!lua flags=no-writes
-- statistics/monitor_facts: Reads the present states of the oldest monitors. One whose job is off or paused
-- is `paused`; one whose check has stayed away for too long is `unknown`.
-- needs: pauses, monitors
-- ARGV: most
--   most: monitors to read.
-- Keys built inside: awake, monitors, monitor, job.
-- Returns job, state and latency (ms, '' if the last check measured none) of each.
local now, answer = now_ms(), {}

local function present_state(job, m)
  local h = redis.call('HMGET', K.job .. job, 'enabled', 'queue')
  local lane = h[2] and h[2] .. ':' or ''
  if h[1] ~= '1' or pause_scope_of(job, m.type or '', lane) then return 'paused' end
  m.gap = tonumber(m.gap)
  if COUNTED[m.state] and now - (tonumber(m.seen) or 0) > longest_gap(m) then
    return 'unknown'
  end
  return m.state
end

for _, job in ipairs(redis.call('ZRANGE', K.monitors, 0, tonumber(most) - 1)) do
  local m = read(K.monitor .. job, 'state', 'type', 'seen', 'gap', 'latency')
  if m.state then
    answer[#answer + 1] = job
    answer[#answer + 1] = present_state(job, m)
    answer[#answer + 1] = m.latency or ''
  end
end
return answer
