-- needs: events, metrics, lanes, batch, slots, shards/seqs
-- RUN: run_id, inputs, trace_id, KIND
-- KIND: job_id, type, version, source, lane, timeout_ms, delay_ms, retry, overlap_key, key, actor, chain,
--   rerun_of, seen
--   The values of KIND are the same for many runs of a batch. lane: its queue and priority (lib/lanes.lua),
--   also its field `pri`; overlap_key: '1' or ''; chain: JSON (lib/finalize.lua) or ''; rerun_of: the run
--   that this one repeats, or ''; seen: `version:save` of the job that the caller read, or ''
--   (for queue/enqueue).
-- each call: known_seqs, seq_next, seq_step, seqs_left, seqs_wanted = {}, 0, 0, 0, 1

-- read_known: reads which of these runs exist, all at once. The first of the others takes the seqs of all.
local function read_known(runs)
  if #runs == 1 then
    known_seqs[runs[1]] = redis.call('ZSCORE', K.runs, runs[1])
    return
  end
  seqs_wanted = 0
  for i = 1, #runs, 4000 do
    local found = redis.call('ZMSCORE', K.runs, unpack(runs, i, math.min(i + 3999, #runs)))
    for n, seq in ipairs(found) do
      known_seqs[runs[i + n - 1]] = seq
      if not seq then seqs_wanted = seqs_wanted + 1 end
    end
  end
end

local function take_seq()
  if seqs_left == 0 then
    seqs_left = math.max(1, seqs_wanted)
    seq_next, seq_step = next_seq(seqs_left)
    seqs_wanted = 1
  end
  local seq = seq_next
  seq_next, seqs_left = seq_next + seq_step, seqs_left - 1
  return text(seq), seq
end

-- exists: whether a run has been created; its seq and its status if so.
local function exists(run)
  -- Without an entry in the index the record may exist, if the caller has not read the index.
  if known_seqs[run] == false then return false end
  local h = redis.call('HMGET', K.run .. run, 'seq', 'status')
  return h[1], h[2]
end

local OPTIONAL = {retry = KIND.retry, overlap = KIND.overlap_key, key = KIND.key, actor = KIND.actor,
  chain = KIND.chain, rerun_of = KIND.rerun_of}
local IS_PLAIN = {actor = true, rerun_of = true}

-- record_of: what runs of one kind share: the fields of their records, with gaps for those that differ. The
-- fields that a claim reads come first, because a look-up passes all before it. `plain` says that the first
-- claim (rev 1) and a success after it (rev 2) need no field but the first ones.
local function record_of(kind)
  local wait, lane, is_plain = tonumber(kind[KIND.delay_ms]), kind[KIND.lane], true
  local status, others = wait > 0 and 'scheduled' or 'queued', {}
  for name, place in pairs(OPTIONAL) do
    if kind[place] ~= '' then
      is_plain = is_plain and IS_PLAIN[name]
      others[#others + 1] = name
      others[#others + 1] = kind[place]
    end
  end
  local in_lane = wait == 0 and not waits_outside(kind[KIND.key])
  -- A run that is ready at once has no `queued`: it is the same instant as `created`.
  local fields = {'status', status, 'seq', '', 'created', '', 'trace', '', 'inputs', ''}
  local function set(name, value)
    fields[#fields + 1] = name
    fields[#fields + 1] = value
    return #fields
  end
  local entry_at, due_at = in_lane and set('entry', ''), wait > 0 and set('due', '')
  local plain_at = is_plain and in_lane and set('plain', '1')
  set('rev', '1')
  local job_at = set('job', kind[KIND.job_id])
  set('type', kind[KIND.type])
  set('source', kind[KIND.source])
  local version_at = set('version', kind[KIND.version])
  set('timeout', kind[KIND.timeout_ms])
  set('pri', lane)
  if wait == 0 then set('lane', lane) end
  for i = 1, #others, 2 do set(others[i], others[i + 1]) end
  local job = kind[KIND.job_id]
  return {kind = kind, job = job, lane = lane, wait = wait, status = status, fields = fields, size = #fields,
    entry_at = entry_at, due_at = due_at, plain_at = plain_at, job_at = job_at, version_at = version_at,
    ready = K.ready .. lane,
    indexes = {K.runs, K.runs_status .. status}, runs_job = K.runs_job .. job, active = K.active .. job,
    counter = 'enqueued|' .. kind[KIND.source], event = 'run.' .. status .. '|' .. job .. '|'}
end

-- set_job: makes a record of a kind without a job that of a job's version. Before each run: jobs share it.
local function set_job(record, job, version)
  record.fields[record.job_at], record.fields[record.version_at], record.job = job, version, job
  record.runs_job, record.active = K.runs_job .. job, K.active .. job
  record.event = 'run.' .. record.status .. '|' .. job .. '|'
end

-- records_for: the records of some kinds, a list as JSON. In a function, K lives on between the calls and
-- keeps some: most producers send the same kinds again and again.
local function records_for(kinds)
  local kept = K['']
  if not kept or kept.amount == 50 then
    kept = {amount = 0, lists = {}}
    K[''] = kept
  end
  local records = kept.lists[kinds]
  if not records then
    records = {}
    for i, kind in ipairs(cjson.decode(kinds)) do records[i] = record_of(kind) end
    kept.lists[kinds], kept.amount = records, kept.amount + 1
  end
  return records
end

-- The record that each kind was first written to in this call. Others are copies of it with the fields that
-- differ, which takes half as long.
-- each call: written = {}

local function write_record(record, run, fields, size)
  local hash, first, entry_at = K.run .. run, written[record], record.entry_at
  local inputs, last = fields[10], fields[size]
  if first and first.size == size and redis.call('COPY', first.hash, hash) == 1 then
    if first.job == record.job and first.inputs == inputs and first.last == last and entry_at then
      return redis.call('HSET', hash, 'seq', fields[4], 'trace', fields[8], 'entry', fields[entry_at])
    end
    -- The last field is the slot, if there is one.
    return redis.call('HSET', hash, 'seq', fields[4], 'trace', fields[8], 'inputs', inputs,
      'job', fields[record.job_at], 'version', fields[record.version_at], fields[size - 1], last,
      entry_at and 'entry' or 'due', fields[entry_at or record.due_at])
  end
  redis.call('HSET', hash, unpack(fields, 1, size))
  -- A run that waits outside of its lane gets more fields later.
  if seqs_left > 0 and (record.wait > 0 or entry_at) then
    written[record] = {hash = hash, size = size, job = record.job, inputs = inputs, last = last}
  end
end

-- create_run: creates a run of a kind. Returns OK | DUPLICATE, seq, status.
local function create_run(record, run, inputs, trace, now, slot)
  local first, known_status = exists(run)
  -- guard: test_enqueue_of_an_existing_run_is_a_duplicate
  if first then return 'DUPLICATE', first, known_status end
  local fields, size, seq, seq_number = record.fields, record.size, take_seq()
  fields[4], fields[6], fields[8], fields[10] = seq, text(now), trace, inputs
  if slot ~= '' then fields[size + 1], fields[size + 2], size = 'slot', slot, size + 2 end
  if record.plain_at then fields[record.plain_at] = slot == '' and '1' or '' end
  if record.wait > 0 then
    fields[record.due_at] = text(now + record.wait)
    delay(run, now + record.wait)
  elseif record.entry_at then
    note_lane(record.lane)
    fields[record.entry_at] = redis.call('XADD', record.ready, '*', 'r', run)
  end
  write_record(record, run, fields, size)
  if record.wait == 0 and not record.entry_at then
    local kind = record.kind
    enter_lane(run, record.lane, seq, record.job, kind[KIND.overlap_key], kind[KIND.key])
  end
  batch_write('ZADD', record.indexes, seq, run)
  batch_write('ZADD', record.runs_job, seq, run)
  batch_write('SADD', record.active, run)
  batch_text(record.event .. run .. '|' .. seq .. '|1|')
  if write_now then redis.call('HINCRBY', K.metrics, record.counter, 1)
  else increment(K.metrics, record.counter, 1) end
  known_seqs[run] = seq
  return 'OK', seq_number, record.status
end

-- create_row: creates a run from the values of RUN behind ARGV[at].
local function create_row(at, now, slot)
  local record = record_of({unpack(ARGV, at + RUN.KIND + 1, at + RUN.KIND + KIND.width)})
  return create_run(record, ARGV[at + RUN.run_id], ARGV[at + RUN.inputs], ARGV[at + RUN.trace_id], now, slot)
end
