#!lua flags=allow-oom
-- deployment/record_purge: records that history was removed early, once for each round.
-- needs: events
-- ARGV: id of the round, data of the event (JSON).
-- Keys built inside: memory.
-- Returns OK | SAME.
-- guard: test_early_purge_sent_again_is_told_once
if redis.call('HGET', K.memory, 'purge') == ARGV[1] then return 'SAME' end
redis.call('HSET', K.memory, 'purge', ARGV[1], 'purged_at', text(now_ms()))
event('history.purged', '', '', 0, 0, ARGV[2])
return 'OK'
