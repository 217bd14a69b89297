-- needs: finalize, pauses
-- cancel_run: ends a run that waits, or asks the worker of a running one to stop.
-- Returns CANCELLED | REQUESTED | TERMINAL | NOT_FOUND.
local function cancel_run(run, now)
  local h = read(K.run .. run, 'status', 'lease', 'attempt', 'seq', 'rev', 'job', 'type', 'source', 'lane',
    'entry', 'overlap', 'key', 'waiting', 'due')
  if not h.status then return 'NOT_FOUND' end
  -- guard: test_cancel_of_an_ended_run_changes_nothing
  if h.status == 'success' or h.status == 'failed' or h.status == 'cancelled' then return 'TERMINAL' end
  if h.status == 'running' then
    redis.call('HSET', K.run .. run, 'cancel', 1, 'plain', '')
    redis.call('PUBLISH', K.control, 'cancel ' .. run)
    return 'REQUESTED'
  end
  redis.call('ZREM', K.delayed, run)
  local scope = h.waiting and pause_scope_in(h.waiting)
  -- guard: test_cancel_of_a_held_run_ends_it
  if scope then remove_held(run, scope) end
  -- guard: test_cancel_of_a_head_lets_the_next_one_lead
  if h.waiting and not scope then remove_waiter(run, concurrency_keys(h.job, h.overlap, h.key)) end
  redis.call('HDEL', K.run .. run, 'lease')
  finalize(run, h, 'cancelled', now)
  -- guard: test_cancel_of_a_queued_run_takes_its_entry_out
  if h.entry and h.status == 'queued' then drop(h.lane, h.entry) end
  return 'CANCELLED'
end
