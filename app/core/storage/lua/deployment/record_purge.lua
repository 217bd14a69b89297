#!lua flags=allow-oom
-- deployment/record_purge: Records that history was removed early, once for each round.
-- needs: events
-- ARGV: round, data
--   data: of the event, JSON.
-- Keys built inside: memory.
-- Returns OK | SAME.
-- guard: test_early_purge_sent_again_is_reported_once
if redis.call('HGET', K.memory, 'purge') == round then return 'SAME' end
redis.call('HSET', K.memory, 'purge', round, 'purged_at', text(now_ms()))
event('history.purged', '', '', 0, 0, data)
return 'OK'
