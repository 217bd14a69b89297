-- needs: events, metrics, lanes, batch
-- create_run: a run from 15 values of ARGV behind `at`: run, job, type, version, inputs, source, trace,
-- priority, timeout_ms, delay_ms, retry, overlap ('1' or ''), key, actor, chain (JSON or ''; lib/chain.lua).
-- Answers OK | DUPLICATE, seq, status.
local function create_run(at, now, slot)
  local run, job = ARGV[at + 1], ARGV[at + 2]
  local hash = K.run .. run
  local known = redis.call('HMGET', hash, 'seq', 'status')
  -- guard: test_enqueue_of_an_existing_run_is_a_duplicate
  if known[1] then return 'DUPLICATE', known[1], known[2] end
  local seq, delay = redis.call('INCR', K.seq), tonumber(ARGV[at + 10])
  local fields = {'job', job, 'type', ARGV[at + 3], 'version', ARGV[at + 4], 'inputs', ARGV[at + 5],
    'source', ARGV[at + 6], 'trace', ARGV[at + 7], 'pri', ARGV[at + 8], 'timeout', ARGV[at + 9],
    'seq', text(seq), 'rev', '1', 'created', text(now)}
  local function set(name, value)
    if value and value ~= '' then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  set('retry', ARGV[at + 11])
  set('overlap', ARGV[at + 12])
  set('key', ARGV[at + 13])
  set('actor', ARGV[at + 14])
  set('chain', ARGV[at + 15])
  set('slot', slot)
  local status = delay > 0 and 'scheduled' or 'queued'
  set('status', status)
  if delay > 0 then
    set('due', text(now + delay))
    local head = redis.call('ZRANGE', K.delayed, 0, 0, 'WITHSCORES')[2]
    redis.call('ZADD', K.delayed, now + delay, run)
    if not head or now + delay < tonumber(head) then redis.call('PUBLISH', K.wake, 'delayed') end
  else
    set('queued', text(now))
    set('lane', ARGV[at + 8])
    set('entry', redis.call('XADD', K.ready .. ARGV[at + 8], '*', 'r', run))
  end
  redis.call('HSET', hash, unpack(fields))
  batch_write('ZADD', K.runs, text(seq), run)
  batch_write('ZADD', K.runs_job .. job, seq, run)
  batch_write('ZADD', K.runs_status .. status, seq, run)
  batch_write('SADD', K.active .. job, run)
  event('run.' .. status, job, run, seq, 1, '')
  count('enqueued|' .. ARGV[at + 6])
  return 'OK', seq, status
end
