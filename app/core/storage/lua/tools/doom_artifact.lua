#!lua flags=allow-oom
-- tools/doom_artifact: Notes objects that are about to be written to a store: without a record within an hour
-- they are removed.
-- needs: tool_call, artifacts/contents
-- ARGV: run, lease, call, job, objects
--   objects: their paths, one a line.
-- Keys built inside: run, tool_calls, artifacts_doomed, artifacts, artifact, published, meta.
-- Returns OK | LOST.
-- guard: test_a_lost_lease_stages_nothing
if not holds_lease(run, lease) then return {'LOST'} end
doom(objects, now_ms() + 3600000)
return {'OK'}
