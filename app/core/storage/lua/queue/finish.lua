#!lua flags=allow-oom
-- queue/finish: running -> success | failed | retrying | cancelled, a batch, fenced by attempt and lease. The
-- outcome `crashed` is a failure that ended the run's own process: an isolated run's job is isolated as well.
-- needs: finalize, lanes, isolation, monitors
-- ARGV: none.
-- ROW: run_id, lease_id, attempt, outcome, output, log, more
--   more: the values of EXTRA as JSON, or '' if there are none.
-- EXTRA: error, fingerprint, delay_ms, calls, check
--   check: what a monitor found, JSON, or ''.
-- FIRST: status, lease, attempt, plain, seq, rev, job, type, source, lane, entry, started
-- MORE: failures, cancel, overlap, key, worker, alone, final, chain
-- Keys built inside: run, attempts, log, log_packed, delayed, active, holders, waiting, waiting_lines, dead,
-- dead_job, ready, chains, job, isolated, quarantine, awake, monitor, monitors, monitor_ranges, monitor_days,
-- monitor_quarters, monitor_latency, incident, incidents, incidents_open, incidents_due, incidents_job,
-- incident_jobs, incident_members, incident_timeline.
-- Returns for each OK | LOST | NOT_FOUND | ERROR. A finish that is sent again is OK and changes nothing.
local now, words = now_ms(), {}

local function retry_later(run, h, pause, error, calls)
  local due, rev = now + pause, h.rev + 1
  remember_attempt(run, h, 'retrying', now, error, calls)
  redis.call('HSET', K.run .. run, 'status', 'retrying', 'rev', rev, 'failures',
    (tonumber(h.failures) or 0) + 1,
    'due', due, 'error', error)
  redis.call('HDEL', K.run .. run, 'entry', 'lane', 'alone', 'lost', 'lost_since')
  move_status(run, h.seq, 'running', 'retrying')
  -- guard: test_every_way_out_frees_the_place
  release_slots(run, concurrency_keys(h.job, h.overlap, h.key))
  delay(run, due)
  count('retries|' .. h.type)
  batch_event('run.retrying', h.job, run, h.seq, rev, '{"due":' .. due .. '}')
end

-- A success of a scheduled job removes the dead letters of earlier runs of that job.
local function supersede_dead_letters(h)
  -- guard: test_a_success_by_hand_supersedes_nothing
  if h.source ~= 'schedule' then return end
  for _, older in ipairs(redis.call('ZRANGEBYSCORE', K.dead_job .. h.job, '-inf', '(' .. h.seq, 'LIMIT', 0,
    100)) do
    remove_dead_letter(older, h.job)
  end
end

-- note_check: a monitor's check that ended without a finding leaves its state unknown. A report that cannot
-- be read must not keep the run from ending.
local function note_check(h, outcome, check)
  local ok, problem = true, nil
  if check ~= '' then
    ok, problem = pcall(observe_check, h.job, h.type, h.seq, tonumber(h.started), check, now)
  elseif outcome == 'failed' then
    -- guard: test_a_failed_check_leaves_the_state_unknown
    ok, problem = pcall(mark_monitor, h.job, 'unknown', now, 'check_failed', tonumber(h.seq))
  end
  if not ok then quarantine(h.job, '', '', 'check: ' .. reason_of(problem)) end
end

local NO_EXTRA = {'', '', '0', '', ''}

-- read_record: the fields of a run by name. The success of a plain run (lib/create.lua) needs few of them.
local function read_record(run, outcome)
  local v = redis.call('HMGET', K.run .. run, FIRST.names)
  -- A loop over the names, into a table that grows, takes far longer.
  local h = {status = v[FIRST.status] or nil, lease = v[FIRST.lease] or nil,
    attempt = v[FIRST.attempt] or nil, seq = v[FIRST.seq] or nil, rev = v[FIRST.rev] or nil,
    job = v[FIRST.job] or nil, type = v[FIRST.type] or nil, source = v[FIRST.source] or nil,
    lane = v[FIRST.lane] or nil, entry = v[FIRST.entry] or nil, started = v[FIRST.started] or nil}
  if outcome == 'success' and v[FIRST.plain] == '1' and h.rev == '2' then return h end
  for name, value in pairs(read(K.run .. run, MORE.names)) do h[name] = value end
  return h
end

local function add_field(fields, name, value)
  if value ~= '' then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  end
end

local function finish(at)
  local run, outcome = ARGV[at + ROW.run_id], ARGV[at + ROW.outcome]
  local h = read_record(run, outcome)
  if not h.status then return 'NOT_FOUND' end
  -- guard: test_finish_of_a_lost_lease_changes_nothing
  if h.lease ~= ARGV[at + ROW.lease_id] or h.attempt ~= ARGV[at + ROW.attempt] then return 'LOST' end
  -- guard: test_finish_sent_again_changes_nothing
  if h.status ~= 'running' then return 'OK' end
  -- guard: test_cancelled_wins_over_a_failure
  if h.cancel and outcome ~= 'success' then outcome = 'cancelled' end
  local crashed = outcome == 'crashed'
  if crashed then
    outcome = 'failed'
    h.version, h.crashes = unpack(redis.call('HMGET', K.run .. run, 'version', 'crashes'))
  end
  -- guard: test_a_retry_of_a_deleted_job_is_final
  if h.final and outcome == 'retry' then outcome = 'failed' end
  local more, log, lane, entry = ARGV[at + ROW.more], ARGV[at + ROW.log], h.lane, h.entry
  local x = more == '' and NO_EXTRA or cjson.decode(more)
  local error, calls = x[EXTRA.error], x[EXTRA.calls]
  if outcome == 'retry' then
    retry_later(run, h, tonumber(x[EXTRA.delay_ms]), error, calls)
  else
    local extra = {}
    add_field(extra, 'output', ARGV[at + ROW.output])
    if more ~= '' then
      add_field(extra, 'error', error)
      add_field(extra, 'fingerprint', x[EXTRA.fingerprint])
      add_field(extra, 'calls', calls)
    end
    if crashed then add_field(extra, 'crashes', (tonumber(h.crashes) or 0) + 1)
    elseif outcome == 'failed' then add_field(extra, 'failures', (tonumber(h.failures) or 0) + 1) end
    finalize(run, h, outcome, now, extra)
    if outcome == 'success' then supersede_dead_letters(h) end
    note_check(h, outcome, x[EXTRA.check])
    -- guard: test_a_crash_in_isolation_isolates_the_job
    if h.alone and crashed then isolate_job(run, h, now) end
    -- guard: test_a_success_in_isolation_ends_it
    if h.alone and outcome == 'success' then success_in_isolation(h.job, h.started) end
    if log ~= '' then
      redis.call('SET', K.log_packed .. run, log)
      redis.call('DEL', K.log .. run)
    end
  end
  -- guard: test_finish_moves_a_run_by_its_outcome
  if entry then drop_later(lane, entry) end
  return 'OK'
end

for at = ROW.start, #ARGV - 1, ROW.width do
  words[#words + 1] = guarded(ARGV[at + ROW.run_id], finish, at)
end
flush_writes()
flush_metrics()
flush_drops()
return words
