#!lua
-- schedule/fire: Claims schedule slots. Each becomes one run or an entry in the ledger, and the same call
-- sets the job's next fire. Several schedulers need no leader: the first one wins, the others get LOST.
-- needs: create, ledger, cancel, pauses, lanes, claims/restore_lock
-- ARGV: kinds
-- ROW: job, version, score, slot, previous, miss, next_slot, next_score, overlap, makes_run, run_id, inputs,
--   trace_id, kind
--   kinds: as in queue/enqueue, without job and version: many jobs have the same; kind: its place, from 1;
--   score: the one that the scheduler saw; previous: the slot before, or ''; miss: slots that are left out,
--   `first|last|slots|reason`, or ''; makes_run: '1', '', or for a run in place of a skipped slot what is
--   kept of it, JSON.
-- Keys built inside: schedule, job, run, runs, active, ledger, fired, ready, restore_lock, quarantine,
-- success_due.
-- Returns for each FIRED | SKIPPED | RECORDED | LOST | EARLY | ERROR (postponed by an hour).
local now, words, records = now_ms(), {}, records_for(kinds)
local held = is_restoring()
-- The score of each job of the batch, false without one; those that this script has changed; and the instant
-- from which a job is overdue. All are read at once and written at once.
local scores, changed, overdue = {}, {}, {}

local function read_scores()
  local jobs, runs = {}, {}
  for at = ROW.start, #ARGV - 1, ROW.width do
    jobs[#jobs + 1] = ARGV[at + ROW.job]
    if ARGV[at + ROW.makes_run] ~= '' then runs[#runs + 1] = ARGV[at + ROW.run_id] end
  end
  read_known(runs)
  for i = 1, #jobs, 4000 do
    local found = redis.call('ZMSCORE', K.schedule, unpack(jobs, i, math.min(i + 3999, #jobs)))
    for n, score in ipairs(found) do scores[jobs[i + n - 1]] = tonumber(score or nil) or false end
  end
end

-- set_score: the next row of the same job expects the score that this one has set; '' removes the job.
local function set_score(job, score)
  scores[job] = tonumber(score) or false
  changed[job] = score
end

local function write_scores()
  for job, score in pairs(changed) do
    if score == '' then
      redis.call('ZREM', K.schedule, job)
    else
      batch_write('ZADD', K.schedule, score, job)
    end
  end
  local expected = {}
  for job, instant in pairs(overdue) do
    expected[#expected + 1] = instant
    expected[#expected + 1] = job
  end
  for i = 1, #expected, 4000 do
    redis.call('ZADD', K.success_due, 'NX', unpack(expected, i, math.min(i + 3999, #expected)))
  end
end

local function cancel_active(job)
  for _, run in ipairs(redis.call('SRANDMEMBER', K.active .. job, 256)) do
    guarded(run, cancel_run, run, now)
  end
end

-- skip_reason: why a slot creates no run; nil if it creates one.
local function skip_reason(job, type, lane, slot, overlap, cool_until, fired)
  -- guard: test_a_slot_fires_once_though_its_run_is_purged
  if has_fired(fired, slot) then return 'clock_went_back' end
  -- guard: test_a_slot_of_a_paused_job_is_in_the_ledger
  if pause_scope_of(job, type, lane, slot) then return 'paused' end
  -- guard: test_a_slot_in_the_cooldown_is_in_the_ledger
  if cool_until and now < tonumber(cool_until) then return 'cooling_down' end
  if overlap ~= 'skip' and overlap ~= 'queue' then return end
  local active = redis.call('SCARD', K.active .. job)
  -- guard: test_overlap_skip_records_the_slot
  if overlap == 'skip' and active > 0 then return 'overlap' end
  -- guard: test_overlap_queue_is_bounded
  if overlap == 'queue' and active > 100 then return 'backlog' end
end

-- expect_success: a slot has one interval to succeed, at least ten minutes and at most six hours.
local function expect_success(job, slot, next_slot)
  if next_slot == '' then return end
  local grace = math.min(math.max(tonumber(next_slot) - slot, 600000), 21600000)
  -- guard: test_a_job_is_overdue_since_its_first_slot_without_success
  overdue[job] = overdue[job] or text(slot + grace)
end

local function fire(at)
  local job, version, expected = ARGV[at + ROW.job], ARGV[at + ROW.version], tonumber(ARGV[at + ROW.score])
  local slot, previous, overlap = ARGV[at + ROW.slot], ARGV[at + ROW.previous], ARGV[at + ROW.overlap]
  local slot_ms = tonumber(slot)
  -- guard: test_a_slot_read_before_a_restore_does_not_fire_in_it
  if held then return 'LOST' end
  -- guard: test_a_slot_is_fired_by_one_scheduler
  if (scores[job] or -1) ~= expected then return 'LOST' end
  local h = redis.call('HMGET', K.job .. job, 'version', 'enabled', 'cool_until')
  -- guard: test_an_older_version_does_not_fire
  if h[1] ~= version or h[2] ~= '1' then return 'LOST' end
  -- guard: test_a_slot_never_fires_early
  if slot_ms > now then return 'EARLY' end
  local next_slot = ARGV[at + ROW.next_slot]
  set_score(job, next_slot == '' and '' or ARGV[at + ROW.next_score])
  if next_slot == '' then
    redis.call('HDEL', K.job .. job, 'slot')
  else
    redis.call('HSET', K.job .. job, 'slot', next_slot)
  end
  local miss = ARGV[at + ROW.miss]
  if miss ~= '' then
    local first, last, slots, reason = miss:match('^(%d+)|(%d+)|(%d+)|(.*)$')
    record_skipped(job, first, last, slots, reason, previous, now)
    count('slots|' .. (reason:match('^skip') or reason), tonumber(slots))
  end
  local makes_run = ARGV[at + ROW.makes_run]
  if makes_run == '' then return 'RECORDED' end
  local record = records[tonumber(ARGV[at + ROW.kind])]
  local type, lane = record.kind[KIND.type], record.lane
  local fired = fired_ranges(job)
  local why = skip_reason(job, type, lane, slot_ms, overlap, h[3], fired)
  if why then
    record_skipped(job, slot, slot, 1, why, previous, now)
    count('slots|' .. why)
    -- guard: test_a_job_that_is_paused_is_not_overdue
    if why ~= 'paused' then expect_success(job, slot_ms, next_slot) end
    return 'SKIPPED'
  end
  if overlap == 'cancel_running' then
    cancel_active(job)
    -- guard: test_overlap_cancel_running_stops_what_is_active
    written = {}
  end
  -- guard: test_a_slot_fires_once_though_its_run_is_purged
  record_fired(job, fired, slot_ms, tonumber(previous))
  expect_success(job, slot_ms, next_slot)
  local run = ARGV[at + ROW.run_id]
  set_job(record, job, version)
  create_run(record, run, ARGV[at + ROW.inputs], ARGV[at + ROW.trace_id], now, slot)
  -- guard: test_a_run_in_place_of_a_skipped_slot_says_so
  if makes_run ~= '1' then
    redis.call('HSET', K.run .. run, 'moved', makes_run)
    -- guard: test_only_the_run_in_place_of_a_skipped_slot_says_so
    written = {}
  end
  -- The next slot of the same job reads the active runs.
  -- guard: test_overlap_skip_within_one_batch_sees_the_run_before
  if ARGV[at + ROW.width + ROW.job] == job then flush_writes() end
  local late = math.max(0, now - slot_ms)
  count('late|' .. bucket(late))
  count('late|sum', late)
  count('slots|fired')
  return 'FIRED'
end

read_scores()
for at = ROW.start, #ARGV - 1, ROW.width do
  local job = ARGV[at + ROW.job]
  local word = guarded(job, fire, at)
  words[#words + 1] = word
  -- A damaged record stays damaged. Always due, it would keep the schedulers from sleeping.
  -- guard: test_fire_of_a_damaged_job_leaves_its_neighbours_alone
  if word == 'ERROR' and scores[job] then set_score(job, text(now + 3600000)) end
end
write_scores()
flush_writes()
flush_metrics()
return words
