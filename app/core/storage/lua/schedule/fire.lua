#!lua
-- schedule/fire: claims schedule slots: each becomes one run or stands in the ledger, and the job's next fire
-- is set in the same call. Several schedulers need no leader: the first one wins, the others are LOST.
-- needs: create, ledger, fired, cancel, pauses, lanes
-- ARGV, for each 13 and 15: job, version, expected score, slot, previous slot or '', first missed or '', last
-- missed, how many missed, reason, next slot or '', next score, overlap, '1' where a run is made; then the
-- run's 15 values (lib/create.lua).
-- Keys built inside: schedule, job, run, runs, active, ledger, fired, ready, restore_lock, quarantine.
-- Returns for each FIRED | SKIPPED | RECORDED | LOST | EARLY | ERROR (put off for an hour).
local now, WIDTH, words = now_ms(), 28, {}
local held = redis.call('EXISTS', K.restore_lock) == 1

local function advance_schedule(job, slot, score)
  if slot == '' then
    redis.call('ZREM', K.schedule, job)
    redis.call('HDEL', K.job .. job, 'slot')
  else
    redis.call('ZADD', K.schedule, score, job)
    redis.call('HSET', K.job .. job, 'slot', slot)
  end
end

local function cancel_active(job)
  for _, run in ipairs(redis.call('SRANDMEMBER', K.active .. job, 256)) do
    guarded(run, cancel_run, run, now)
  end
end

-- Why a slot makes no run; nil where it does.
local function skip_reason(job, type, slot, overlap, cool_until)
  -- guard: test_a_slot_fires_once_though_its_run_is_purged
  if has_fired(job, slot) then return 'clock_went_back' end
  -- guard: test_a_slot_of_a_paused_job_stands_in_the_ledger
  if pause_scope_of(job, type) then return 'paused' end
  -- guard: test_a_slot_in_the_cooldown_stands_in_the_ledger
  if cool_until and now < tonumber(cool_until) then return 'cooling_down' end
  local active = redis.call('SCARD', K.active .. job)
  -- guard: test_overlap_skip_records_the_slot
  if overlap == 'skip' and active > 0 then return 'overlap' end
  -- guard: test_overlap_queue_is_bounded
  if overlap == 'queue' and active > 100 then return 'backlog' end
end

local function fire(at)
  local job, version, expected = ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3])
  local slot = tonumber(ARGV[at + 4])
  local previous, overlap = ARGV[at + 5], ARGV[at + 12]
  -- guard: test_a_slot_read_before_a_restore_does_not_fire_in_it
  if held then return 'LOST' end
  local h = redis.call('HMGET', K.job .. job, 'version', 'enabled', 'cool_until')
  -- guard: test_a_slot_is_fired_by_one_scheduler
  if tonumber(redis.call('ZSCORE', K.schedule, job) or -1) ~= expected then return 'LOST' end
  -- guard: test_an_older_version_does_not_fire
  if h[1] ~= version or h[2] ~= '1' then return 'LOST' end
  -- guard: test_a_slot_never_fires_early
  if slot > now then return 'EARLY' end
  advance_schedule(job, ARGV[at + 10], ARGV[at + 11])
  if ARGV[at + 6] ~= '' then
    record_skipped(job, ARGV[at + 6], ARGV[at + 7], ARGV[at + 8], ARGV[at + 9], previous, now)
    count('slots|' .. ARGV[at + 9], tonumber(ARGV[at + 8]))
  end
  if ARGV[at + 13] ~= '1' then return 'RECORDED' end
  local why = skip_reason(job, ARGV[at + 16], slot, overlap, h[3])
  if why then
    record_skipped(job, ARGV[at + 4], ARGV[at + 4], 1, why, previous, now)
    count('slots|' .. why)
    return 'SKIPPED'
  end
  if overlap == 'cancel_running' then cancel_active(job) end
  -- guard: test_a_slot_fires_once_though_its_run_is_purged
  record_fired(job, slot, tonumber(previous))
  create_run(at + 13, now, slot)
  -- The next slot of the same job may stand in this very batch, and looks at who is active.
  -- guard: test_overlap_skip_within_one_batch_sees_the_run_before
  flush_writes()
  local late = math.max(0, now - slot)
  count('late|' .. bucket(late))
  count('late|sum', late)
  count('slots|fired')
  return 'FIRED'
end

for i = 0, #ARGV / WIDTH - 1 do
  local job = ARGV[i * WIDTH + 1]
  words[i + 1] = guarded(job, fire, i * WIDTH)
  -- A damaged record doesn't mend itself; due all the time, it would keep the schedulers from sleeping.
  -- guard: test_fire_of_a_damaged_job_leaves_its_neighbours_alone
  if words[i + 1] == 'ERROR' then redis.call('ZADD', K.schedule, 'XX', now + 3600000, job) end
end
flush_writes()
flush_metrics()
return words
