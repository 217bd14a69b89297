#!lua
-- restore/marks: Raises the counters, so that later records come after restored ones and purged runs are
-- still known as purged.
-- needs: restore
-- ARGV: mode, owner, seq, purged_until
--   seq: the last one in the export; purged_until: creation of the last purged run (ms), or ''.
-- Keys built inside: restore_lock, seq, meta.
-- Returns OK | LOST.
if lock_is_lost() then return 'LOST' end
-- guard: test_marks_are_only_raised
if tonumber(redis.call('GET', K.seq) or 0) < tonumber(seq) then redis.call('SET', K.seq, seq) end
local purged = tonumber(redis.call('HGET', K.meta, 'purged_until') or 0)
-- guard: test_marks_are_only_raised
if purged_until ~= '' and purged < tonumber(purged_until) then
  redis.call('HSET', K.meta, 'purged_until', purged_until)
end
-- Restored runs keep their creation, so up to here seq says nothing about time.
-- guard: test_a_search_by_time_finds_runs_that_a_restore_has_mixed
if tonumber(redis.call('HGET', K.meta, 'unordered_until') or 0) < tonumber(seq) then
  redis.call('HSET', K.meta, 'unordered_until', seq)
end
return 'OK'
