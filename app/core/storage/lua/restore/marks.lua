#!lua
-- restore/marks: what is made from now on comes after what is restored, and purged runs stay known as such.
-- needs: restore
-- ARGV: mode, owner, seq that is taken, creation of the last purged run (ms) or ''.
-- Keys built inside: restore_lock, seq, meta.
-- Returns OK | LOST.
if lock_is_lost() then return 'LOST' end
-- guard: test_marks_are_only_raised
if tonumber(redis.call('GET', K.seq) or 0) < tonumber(ARGV[3]) then redis.call('SET', K.seq, ARGV[3]) end
local purged = tonumber(redis.call('HGET', K.meta, 'purged_until') or 0)
-- guard: test_marks_are_only_raised
if ARGV[4] ~= '' and purged < tonumber(ARGV[4]) then redis.call('HSET', K.meta, 'purged_until', ARGV[4]) end
-- Restored runs keep their creation, so up to here seq says nothing about time.
-- guard: test_a_search_by_time_finds_runs_that_a_restore_has_mixed
if tonumber(redis.call('HGET', K.meta, 'unordered_until') or 0) < tonumber(ARGV[3]) then
  redis.call('HSET', K.meta, 'unordered_until', ARGV[3])
end
return 'OK'
