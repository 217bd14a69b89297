-- needs: events, metrics, lanes, batch, slots, shards/seqs
-- RUN: run_id, job_id, type, version, inputs, source, trace_id, lane, timeout_ms, delay_ms, retry,
--   overlap_key, key, actor, chain, rerun_of, seen
--   lane: its queue and priority (lib/lanes.lua), also its field `pri`; overlap_key: '1' or ''; chain: JSON
--   (lib/finalize.lua) or ''; rerun_of: the run that this one repeats, or ''; seen: `version:save` of the
--   job that the caller read, or '' (for queue/enqueue).
-- create_run: creates a run from the values of RUN behind ARGV[at]. Returns OK | DUPLICATE, seq, status.
local function create_run(at, now, slot)
  local run, job = ARGV[at + RUN.run_id], ARGV[at + RUN.job_id]
  local hash = K.run .. run
  local known = redis.call('HMGET', hash, 'seq', 'status')
  -- guard: test_enqueue_of_an_existing_run_is_a_duplicate
  if known[1] then return 'DUPLICATE', known[1], known[2] end
  local seq, wait = next_seq(), tonumber(ARGV[at + RUN.delay_ms])
  local fields = {'job', job, 'type', ARGV[at + RUN.type], 'version', ARGV[at + RUN.version],
    'inputs', ARGV[at + RUN.inputs], 'source', ARGV[at + RUN.source], 'trace', ARGV[at + RUN.trace_id],
    'pri', ARGV[at + RUN.lane], 'timeout', ARGV[at + RUN.timeout_ms],
    'seq', text(seq), 'rev', '1', 'created', text(now)}
  local function set(name, value)
    if value and value ~= '' then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  set('retry', ARGV[at + RUN.retry])
  set('overlap', ARGV[at + RUN.overlap_key])
  set('key', ARGV[at + RUN.key])
  set('actor', ARGV[at + RUN.actor])
  set('chain', ARGV[at + RUN.chain])
  set('rerun_of', ARGV[at + RUN.rerun_of])
  set('slot', slot)
  local status = wait > 0 and 'scheduled' or 'queued'
  set('status', status)
  if wait > 0 then
    set('due', text(now + wait))
    delay(run, now + wait)
  else
    set('queued', text(now))
    local lane = ARGV[at + RUN.lane]
    set('lane', lane)
    if waits_outside(ARGV[at + RUN.key]) then
      enter_lane(run, lane, seq, job, ARGV[at + RUN.overlap_key], ARGV[at + RUN.key])
    else
      note_lane(lane)
      set('entry', redis.call('XADD', K.ready .. lane, '*', 'r', run))
    end
  end
  redis.call('HSET', hash, unpack(fields))
  batch_write('ZADD', K.runs, text(seq), run)
  batch_write('ZADD', K.runs_job .. job, seq, run)
  batch_write('ZADD', K.runs_status .. status, seq, run)
  batch_write('SADD', K.active .. job, run)
  batch_event('run.' .. status, job, run, seq, 1, '')
  count('enqueued|' .. ARGV[at + RUN.source])
  return 'OK', seq, status
end
