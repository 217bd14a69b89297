#!lua
-- schedule/fire: Claims schedule slots. Each becomes one run or an entry in the ledger, and the same call
-- sets the job's next fire. Several schedulers need no leader: the first one wins, the others get LOST.
-- needs: create, specs, ledger, cancel, pauses, lanes
-- ARGV: none.
-- ROW: job, version, score, slot, previous, first_missed, last_missed, missed, reason, next_slot, next_score,
--   overlap, makes_run, RUN
--   score: the one that the scheduler saw; previous: the slot before, or ''; makes_run: '1', '', or for a
--   run in place of a skipped slot what is kept of it, JSON.
-- Keys built inside: schedule, job, run, runs, active, ledger, fired, ready, restore_lock, quarantine,
-- success_due.
-- Returns for each FIRED | SKIPPED | RECORDED | LOST | EARLY | ERROR (postponed by an hour).
local now, words = now_ms(), {}
local held = redis.call('EXISTS', K.restore_lock) == 1

local function cancel_active(job)
  for _, run in ipairs(redis.call('SRANDMEMBER', K.active .. job, 256)) do
    guarded(run, cancel_run, run, now)
  end
end

-- skip_reason: why a slot creates no run; nil if it creates one.
local function skip_reason(job, type, lane, slot, overlap, cool_until)
  -- guard: test_a_slot_fires_once_though_its_run_is_purged
  if has_fired(job, slot) then return 'clock_went_back' end
  -- guard: test_a_slot_of_a_paused_job_is_in_the_ledger
  if pause_scope_of(job, type, lane, slot) then return 'paused' end
  -- guard: test_a_slot_in_the_cooldown_is_in_the_ledger
  if cool_until and now < tonumber(cool_until) then return 'cooling_down' end
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
  redis.call('ZADD', K.success_due, 'NX', text(slot + grace), job)
end

local function fire(at)
  local job, version, expected = ARGV[at + ROW.job], ARGV[at + ROW.version], tonumber(ARGV[at + ROW.score])
  local slot, previous, overlap = ARGV[at + ROW.slot], ARGV[at + ROW.previous], ARGV[at + ROW.overlap]
  local slot_ms = tonumber(slot)
  -- guard: test_a_slot_read_before_a_restore_does_not_fire_in_it
  if held then return 'LOST' end
  local h = redis.call('HMGET', K.job .. job, 'version', 'enabled', 'cool_until')
  -- guard: test_a_slot_is_fired_by_one_scheduler
  if tonumber(redis.call('ZSCORE', K.schedule, job) or -1) ~= expected then return 'LOST' end
  -- guard: test_an_older_version_does_not_fire
  if h[1] ~= version or h[2] ~= '1' then return 'LOST' end
  -- guard: test_a_slot_never_fires_early
  if slot_ms > now then return 'EARLY' end
  store_next_fire(job, ARGV[at + ROW.next_slot], ARGV[at + ROW.next_score])
  local first_missed, missed = ARGV[at + ROW.first_missed], ARGV[at + ROW.missed]
  if first_missed ~= '' then
    local reason = ARGV[at + ROW.reason]
    record_skipped(job, first_missed, ARGV[at + ROW.last_missed], missed, reason, previous, now)
    count('slots|' .. (reason:match('^skip') or reason), tonumber(missed))
  end
  local makes_run = ARGV[at + ROW.makes_run]
  if makes_run == '' then return 'RECORDED' end
  local type, lane = ARGV[at + ROW.RUN + RUN.type], ARGV[at + ROW.RUN + RUN.lane]
  local why = skip_reason(job, type, lane, slot_ms, overlap, h[3])
  if why then
    record_skipped(job, slot, slot, 1, why, previous, now)
    count('slots|' .. why)
    -- guard: test_a_job_that_is_paused_is_not_overdue
    if why ~= 'paused' then expect_success(job, slot_ms, ARGV[at + ROW.next_slot]) end
    return 'SKIPPED'
  end
  if overlap == 'cancel_running' then cancel_active(job) end
  -- guard: test_a_slot_fires_once_though_its_run_is_purged
  record_fired(job, slot_ms, tonumber(previous))
  expect_success(job, slot_ms, ARGV[at + ROW.next_slot])
  create_run(at + ROW.RUN, now, slot)
  -- guard: test_a_run_in_place_of_a_skipped_slot_says_so
  if makes_run ~= '1' then
    redis.call('HSET', K.run .. ARGV[at + ROW.RUN + RUN.run_id], 'moved', makes_run)
  end
  -- The next slot of the same job may be in this batch, and it reads the active runs.
  -- guard: test_overlap_skip_within_one_batch_sees_the_run_before
  flush_writes()
  local late = math.max(0, now - slot_ms)
  count('late|' .. bucket(late))
  count('late|sum', late)
  count('slots|fired')
  return 'FIRED'
end

for at = ROW.start, #ARGV - 1, ROW.width do
  local job = ARGV[at + ROW.job]
  local word = guarded(job, fire, at)
  words[#words + 1] = word
  -- A damaged record stays damaged. Always due, it would keep the schedulers from sleeping.
  -- guard: test_fire_of_a_damaged_job_leaves_its_neighbours_alone
  if word == 'ERROR' then redis.call('ZADD', K.schedule, 'XX', now + 3600000, job) end
end
flush_writes()
flush_metrics()
return words
