#!lua flags=allow-oom
-- deployment/id: the id of this namespace's data, made once. Files that a machine keeps outside Redis carry
-- it.
-- ARGV: a new id, for a namespace that has none.
-- Keys built inside: meta.
-- Returns the id.
-- guard: test_deployment_id_is_made_once
redis.call('HSETNX', K.meta, 'id', ARGV[1])
return redis.call('HGET', K.meta, 'id')
