-- needs: events, metrics, incidents, monitors/awake
-- Monitors: the state of what a job watches, its ranges, and the time by state of quarters and days. The time
-- between two checks counts as the state of the earlier one, without the stops of the platform. If the next
-- check comes much later than its schedule says, all of that time is unknown. Only up, degraded and down
-- count in the roll-ups. Checks are ordered by the seq of their run: the clock may go back.
local MONITOR_RANGES, QUARTER_MS, MONITOR_KEEP_DAYS = 1000, 900000, 92
local COUNTED = {up = 1, degraded = 2, down = 3}
local HEARTBEAT = 'monitor.heartbeat'
-- moved: no constant, since Redis functions are built without `cjson` and `pairs`.
local function moved() return texts.message('The monitor checks something else now.') end

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
  if to <= from then return end
  redis.call('RPUSH', K.monitor_ranges .. job, state .. '|' .. text(from) .. '|' .. text(to) .. '|' .. reason)
  redis.call('LTRIM', K.monitor_ranges .. job, -MONITOR_RANGES, -1)
end

local function read_monitor(job)
  local m = read(K.monitor .. job, 'state', 'since', 'seen', 'reason', 'gap', 'fails', 'failing', 'group',
    'incident', 'warned', 'type', 'target', 'run', 'detail_origin')
  for _, name in ipairs({'since', 'seen', 'gap', 'fails', 'failing', 'run'}) do
    m[name] = tonumber(m[name])
  end
  return m
end

-- longest_gap: a check that comes later than this after the last one leaves unknown time behind. A heartbeat
-- has an instant from which it is late.
local function longest_gap(m)
  if m.type == HEARTBEAT then return math.huge end
  return math.max(300000, 3 * (m.gap or 0))
end

-- gap_of: a third of the time until which the next check must come: two intervals after the job's next slot.
-- A job without a schedule has the time since its last check.
local function gap_of(slot, at, last)
  local before = last and math.max(0, at - last)
  -- guard: test_a_monitor_without_a_schedule_has_the_interval_of_its_checks
  if not slot then return math.min(93600000, before or 0) end
  local wait = math.max(0, slot - at)
  local late = math.max(240000, 2 * math.min(wait, before or wait))
  return math.ceil((wait + late) / 3)
end

-- leave_state: counts the time in the present state up to an instant, and stores its range, and one for each
-- stop of the platform. Returns whether the monitor was watched, and the end of the range. `seen` is the
-- instant up to which time is counted.
local function leave_state(job, m, at)
  if not m.state then return false end
  local last = m.seen or at
  if not COUNTED[m.state] then return true, at end
  -- guard: test_a_long_silence_is_unknown
  if at - last > longest_gap(m) then return false, last end
  for _, stop in ipairs(awake.stops_within(last, at)) do
    add_monitor_time(job, m.state, last, stop.from)
    push_range(job, m.state, m.since, stop.from, m.reason or '')
    -- guard: test_a_stop_of_the_platform_is_unknown
    push_range(job, 'unknown', stop.from, stop.to, 'stopped')
    last, m.since = stop.to, stop.to
    redis.call('HSET', K.monitor .. job, 'since', text(m.since))
  end
  add_monitor_time(job, m.state, last, at)
  return true, at
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
  if m.group and m.group ~= check.group then close_incident(m.group, 'job:' .. job, now, '', moved()) end
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
      recover_monitor(job, m, now, m.group ~= check.group and moved() or nil)
    end
    return
  end
  local fails, failing = (m.fails or 0) + 1, m.failing or at
  redis.call('HSET', key, 'fails', fails, 'failing', text(failing))
  -- guard: test_an_incident_opens_after_the_checks_and_the_time_that_the_job_names
  if fails >= check.fail_after and at - failing - awake.asleep_ms(failing, at) >= check.after_ms then
    raise_monitor(job, m, check, at, fails, failing, now)
  end
end

-- forget_observations: deletes all that is stored about a monitor, its incidents included.
local function forget_observations(job, m, now, words)
  recover_monitor(job, m, now, words)
  warn_monitor(job, m.warned, nil, now)
  redis.call('ZREM', K.monitors, job)
  redis.call('ZREM', K.pings_due, job)
  redis.call('DEL', K.monitor .. job, K.monitor_ranges .. job, K.monitor_days .. job)
  local today = math.floor(now / DAY_MS)
  for day = today - 9, today do
    redis.call('DEL', K.monitor_quarters .. job .. ':' .. day, K.monitor_latency .. job .. ':' .. day)
  end
end

-- is_older: a later run's check, or its failure, is stored already. A restored run may be ahead of the
-- counter.
local function is_older(m, run)
  return run and m.run and run < m.run and m.run <= tonumber(redis.call('GET', K.seq) or 0)
end

-- observe: stores one check of a monitor's job; `check` has the fields of a MonitorReport, `at` its instant,
-- `run` the seq of its run, nil for a ping.
local function observe(job, job_type, seq, run, at, check, now)
  awake.note(now)
  local m, key = read_monitor(job), K.monitor .. job
  local own = read(K.job .. job, 'type', 'slot')
  -- guard: test_a_check_of_a_deleted_job_leaves_no_monitor
  if own.type ~= job_type then return end
  -- guard: test_an_older_check_changes_nothing
  if is_older(m, run) then return end
  -- guard: test_a_monitor_that_checks_another_page_says_so
  if m.state and (m.type ~= job_type or m.target ~= check.target) then
    forget_observations(job, m, now, moved())
    m = {}
  end
  -- Checks may overlap, and the clock may have gone back since this one began.
  at = math.min(now, math.max(at, m.seen or 0))
  local watched, ended = leave_state(job, m, at)
  if m.state ~= check.state or not watched then
    change_state(job, m, check.state, at, watched, ended)
  end
  local detail, origin = texts.split(check.detail)
  local gap = job_type == HEARTBEAT and 0 or gap_of(tonumber(own.slot), at, m.seen)
  redis.call('HSET', key, 'checked', text(at), 'seen', text(at), 'reason', check.reason,
    'detail', detail, 'target', check.target, 'type', job_type, 'gap', text(gap),
    'command', check.command, 'run', text(run or 0),
    'latency', check.latency_ms >= 0 and text(check.latency_ms) or '')
  -- Most checks are good, and have none.
  if origin ~= '' or m.detail_origin then texts.set(key, 'detail', check.detail) end
  redis.call('ZADD', K.monitors, 'NX', seq, job)
  if check.latency_ms >= 0 then add_latency(job, check.latency_ms, at) end
  evaluate_check(job, m, check, at, now)
  -- A site that does not answer shows no certificate: the incident stays as it is.
  if type(check.warning) == 'table' then warn_monitor(job, m.warned, check.warning, now) end
end

-- observe_check: the same with a report as JSON, and the seq of its run.
local function observe_check(job, job_type, run, at, raw, now)
  observe(job, job_type, run, tonumber(run), at, cjson.decode(raw), now)
end

-- mark_monitor: a monitor is paused, or unknown because no check came or that of a run failed.
local function mark_monitor(job, state, at, reason, run)
  local now = now_ms()
  awake.note(now)
  local m = read_monitor(job)
  -- guard: test_marking_a_monitor_again_changes_nothing
  if not m.state or m.state == state or (m.seen and at < m.seen) then return false end
  -- guard: test_an_older_failure_changes_nothing
  if is_older(m, run) then return false end
  at = math.min(now, at)
  local watched, ended = leave_state(job, m, at)
  change_state(job, m, state, at, watched, ended)
  redis.call('HSET', K.monitor .. job, 'seen', text(at), 'reason', reason, 'detail', '')
  if run then redis.call('HSET', K.monitor .. job, 'run', text(run)) end
  -- guard: test_a_paused_monitor_is_no_part_of_an_incident
  if state == 'paused' then
    recover_monitor(job, m, now, texts.message('The monitor is paused.'))
    warn_monitor(job, m.warned, nil, now)
  end
  return true
end

-- expect_check: the schedule of a job has changed: its next check is expected by the new one.
local function expect_check(job, slot)
  local m = read_monitor(job)
  if not m.seen or m.type == HEARTBEAT then return end
  redis.call('HSET', K.monitor .. job, 'gap', text(gap_of(tonumber(slot), m.seen)))
end

local function delete_monitor(job, now)
  forget_observations(job, read_monitor(job), now, texts.message('The job was deleted.'))
  redis.call('HDEL', K.ping_tokens, job)
  local digest = redis.call('HGET', K.ping .. job, 'digest')
  -- guard: test_a_token_of_a_deleted_job_is_not_found
  if digest then redis.call('HDEL', K.ping_jobs, digest) end
  redis.call('DEL', K.ping .. job)
end
