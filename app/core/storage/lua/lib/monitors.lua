-- needs: events, metrics, incidents
-- Monitors: the state of what a job watches, its ranges, and the time by state of quarters and days. The time
-- between two checks counts as the state of the earlier one. If the next check comes much later than usual,
-- the time between them is unknown. Only up, degraded and down count in the roll-ups.
local MONITOR_RANGES, QUARTER_MS, MONITOR_KEEP_DAYS = 1000, 900000, 92
local COUNTED = {up = 1, degraded = 2, down = 3}
local HEARTBEAT = 'monitor.heartbeat'
local MOVED = 'The monitor checks something else now.'

local function add_parts(key, field, state, ms)
  local sums = {0, 0, 0}
  local stored = redis.call('HGET', key, field)
  if stored then
    local i = 1
    for n in stored:gmatch('%d+') do
      sums[i] = tonumber(n)
      i = i + 1
    end
  end
  sums[COUNTED[state]] = sums[COUNTED[state]] + ms
  redis.call('HSET', key, field, string.format('%d,%d,%d', unpack(sums)))
end

local function forget_old_days(job, day)
  local key = K.monitor_days .. job
  if redis.call('HLEN', key) <= MONITOR_KEEP_DAYS then return end
  for _, each in ipairs(redis.call('HKEYS', key)) do
    if tonumber(each) <= day - MONITOR_KEEP_DAYS then redis.call('HDEL', key, each) end
  end
end

local function add_monitor_time(job, state, from, to)
  if not COUNTED[state] then return end
  while from < to do
    local quarter = math.floor(from / QUARTER_MS)
    local stop, day = math.min(to, (quarter + 1) * QUARTER_MS), math.floor(quarter / 96)
    local key = K.monitor_quarters .. job .. ':' .. day
    add_parts(key, quarter % 96, state, stop - from)
    redis.call('EXPIRE', key, 9 * 86400)
    add_parts(K.monitor_days .. job, text(day), state, stop - from)
    forget_old_days(job, day)
    from = stop
  end
end

-- add_latency: counts a latency in the histogram of its quarter hour, `bucket:count` separated by blanks.
local function add_latency(job, ms, at)
  local quarter = math.floor(at / QUARTER_MS)
  local key, field = K.monitor_latency .. job .. ':' .. math.floor(quarter / 96), quarter % 96
  local name, counts, found = bucket(ms):sub(2), {}, false
  for index, n in (redis.call('HGET', key, field) or ''):gmatch('(%d+):(%d+)') do
    if index == name then n, found = n + 1, true end
    counts[#counts + 1] = index .. ':' .. text(tonumber(n))
  end
  if not found then counts[#counts + 1] = name .. ':1' end
  redis.call('HSET', key, field, table.concat(counts, ' '))
  redis.call('EXPIRE', key, 3 * 86400)
end

local function push_range(job, state, from, to, reason)
  redis.call('RPUSH', K.monitor_ranges .. job, state .. '|' .. text(from) .. '|' .. text(to) .. '|' .. reason)
  redis.call('LTRIM', K.monitor_ranges .. job, -MONITOR_RANGES, -1)
end

local function read_monitor(job)
  local m = read(K.monitor .. job, 'state', 'since', 'seen', 'reason', 'gap', 'fails', 'failing', 'group',
    'incident', 'warned', 'type', 'target')
  for _, name in ipairs({'since', 'seen', 'gap', 'fails', 'failing'}) do m[name] = tonumber(m[name]) end
  return m
end

-- longest_gap: a check that comes later than this after the last one leaves unknown time behind. A heartbeat
-- has an instant from which it is late.
local function longest_gap(m)
  if m.type == HEARTBEAT then return math.huge end
  return math.max(300000, 3 * (m.gap or 0))
end

-- leave_state: counts the time in the present state up to an instant, and stores its range. The part after
-- the longest gap is unknown. Returns whether all of it was watched, and the end of the range. `seen` is the
-- instant up to which time is counted.
local function leave_state(job, m, at)
  if not m.state then return false end
  local last = m.seen or at
  local watched = not COUNTED[m.state] or at - last <= longest_gap(m)
  local ended = watched and at or last
  add_monitor_time(job, m.state, last, ended)
  return watched, ended
end

local function change_state(job, m, state, at, watched, ended)
  if m.state then
    push_range(job, m.state, m.since, ended, m.reason or '')
    if not watched and state ~= 'unknown' then push_range(job, 'unknown', ended, at, 'not_watched') end
    if not watched and state == 'unknown' then at = ended end
  end
  redis.call('HSET', K.monitor .. job, 'state', state, 'since', text(at))
  redis.call('HINCRBY', K.monitor .. job, 'changes', 1)
  if m.state ~= state then
    event('monitor.' .. state, job, '', 0, 0, cjson.encode({from = m.state or ''}))
  end
end

local function raise_monitor(job, m, check, at, fails, failing, now)
  -- guard: test_a_monitor_of_another_host_leaves_the_incident_of_the_first
  if m.group and m.group ~= check.group then close_incident(m.group, 'job:' .. job, now, '', MOVED) end
  local id = open_incident(check.group, 'job:' .. job, {
    kind = check.kind, severity = check.state == 'down' and 'critical' or 'warning', subject = check.target,
    cause = check.detail, job = job, since = failing,
    data = cjson.encode({state = check.state, reason = check.reason, checks = fails})}, now)
  redis.call('HSET', K.monitor .. job, 'incident', id, 'group', check.group)
end

-- recover_monitor: the job is no reason for its incident any more.
local function recover_monitor(job, m, now, words)
  if not m.incident then return end
  close_incident(m.group, 'job:' .. job, now, '', words)
  redis.call('HDEL', K.monitor .. job, 'incident', 'group')
end

-- warn_monitor: opens or closes the incident of the second thing that a check looks at.
local function warn_monitor(job, warned, warning, now)
  local group = type(warning) == 'table' and warning.detail ~= '' and warning.group
  -- guard: test_a_certificate_that_ends_is_an_incident_of_its_own
  if warned and warned ~= group then
    close_incident(warned, 'warning:' .. job, now)
    redis.call('HDEL', K.monitor .. job, 'warned')
  end
  if not group then return end
  open_incident(group, 'warning:' .. job, {kind = warning.kind, severity = 'warning',
    subject = warning.subject, cause = warning.detail, job = job, since = now}, now)
  redis.call('HSET', K.monitor .. job, 'warned', group)
end

local function is_bad(check)
  for _, state in ipairs(check.bad) do
    if state == check.state then return true end
  end
  return false
end

-- evaluate_check: opens or closes the incident. It is unknown if an account that is not set up works again,
-- so its incident stays.
local function evaluate_check(job, m, check, at, now)
  local key = K.monitor .. job
  if not is_bad(check) then
    redis.call('HSET', key, 'fails', 0)
    redis.call('HDEL', key, 'failing')
    -- guard: test_a_good_check_closes_the_incident
    if check.state ~= 'not_configured' then
      -- guard: test_a_monitor_that_checks_another_page_says_so
      local moved = m.group ~= check.group or m.target ~= check.target
      recover_monitor(job, m, now, moved and MOVED or nil)
    end
    return
  end
  local fails, failing = (m.fails or 0) + 1, m.failing or at
  redis.call('HSET', key, 'fails', fails, 'failing', text(failing))
  -- guard: test_an_incident_opens_after_the_checks_and_the_time_that_the_job_names
  if fails >= check.fail_after and at - failing >= check.after_ms then
    raise_monitor(job, m, check, at, fails, failing, now)
  end
end

-- observe: stores one check of a monitor's job; `check` has the fields of a MonitorReport, `at` its instant.
local function observe(job, job_type, seq, at, check, now)
  local m, key = read_monitor(job), K.monitor .. job
  -- The job may be deleted, and checks of overlapping runs may end in another order.
  -- guard: test_a_check_of_a_deleted_job_leaves_no_monitor
  if redis.call('EXISTS', K.job .. job) == 0 then return end
  -- guard: test_an_older_check_changes_nothing
  if m.seen and at < m.seen then return end
  local watched, ended = leave_state(job, m, at)
  if m.state ~= check.state or not watched then
    change_state(job, m, check.state, at, watched, ended)
  end
  local gap = m.seen and math.min(93600000, math.max(at - m.seen, math.floor((m.gap or 0) / 2))) or 0
  redis.call('HSET', key, 'checked', text(at), 'seen', text(at), 'reason', check.reason,
    'detail', check.detail, 'target', check.target, 'type', job_type, 'gap', text(gap),
    'command', check.command,
    'latency', check.latency_ms >= 0 and text(check.latency_ms) or '')
  redis.call('ZADD', K.monitors, 'NX', seq, job)
  if check.latency_ms >= 0 then add_latency(job, check.latency_ms, at) end
  evaluate_check(job, m, check, at, now)
  -- A site that does not answer shows no certificate: the incident stays as it is.
  if type(check.warning) == 'table' then warn_monitor(job, m.warned, check.warning, now) end
end

-- observe_check: the same with a report as JSON.
local function observe_check(job, job_type, seq, at, raw, now)
  observe(job, job_type, seq, at, cjson.decode(raw), now)
end

-- mark_monitor: a monitor is paused, or unknown because no check came or the last one failed.
local function mark_monitor(job, state, at, reason, detail)
  local m = read_monitor(job)
  -- guard: test_marking_a_monitor_again_changes_nothing
  if not m.state or m.state == state or (m.seen and at < m.seen) then return false end
  local watched, ended = leave_state(job, m, at)
  change_state(job, m, state, at, watched, ended)
  redis.call('HSET', K.monitor .. job, 'seen', text(at), 'reason', reason, 'detail', detail or '')
  -- guard: test_a_paused_monitor_is_no_part_of_an_incident
  if state == 'paused' then
    recover_monitor(job, m, now_ms(), 'The monitor is paused.')
    warn_monitor(job, m.warned, nil, now_ms())
  end
  return true
end

local function delete_monitor(job, now)
  local m = read_monitor(job)
  recover_monitor(job, m, now, 'The job was deleted.')
  warn_monitor(job, m.warned, nil, now)
  redis.call('ZREM', K.monitors, job)
  redis.call('ZREM', K.pings_due, job)
  redis.call('HDEL', K.ping_tokens, job)
  local digest = redis.call('HGET', K.ping .. job, 'digest')
  -- guard: test_a_token_of_a_deleted_job_is_not_found
  if digest then redis.call('HDEL', K.ping_jobs, digest) end
  redis.call('DEL', K.ping .. job)
  redis.call('DEL', K.monitor .. job, K.monitor_ranges .. job, K.monitor_days .. job)
  local today = math.floor(now / DAY_MS)
  for day = today - 9, today do
    redis.call('DEL', K.monitor_quarters .. job .. ':' .. day, K.monitor_latency .. job .. ':' .. day)
  end
end
