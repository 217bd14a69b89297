#!lua
-- tools/stage_artifact: Stores a piece of a content, which lasts for an hour unless it is published.
-- needs: tool_call
-- ARGV: run, lease, call, job, content, name, piece
--   content: the id of the content; name: number of the file and of the piece in it.
-- Keys built inside: run, tool_calls, artifact.
-- Returns OK | LOST. The same piece again changes nothing.
-- guard: test_a_lost_lease_stages_nothing
if not holds_lease(run, lease) then return {'LOST'} end
redis.call('HSET', K.artifact .. content, name, piece)
redis.call('PEXPIRE', K.artifact .. content, 3600000)
return {'OK'}
