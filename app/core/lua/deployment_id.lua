#!lua flags=allow-oom
-- deployment_id: the name of this namespace's data, made once; what a machine keeps outside Redis carries it.
-- ARGV: a new name, for a namespace that has none.
-- Keys built inside: meta.
-- Returns the name.
redis.call('HSETNX', K.meta, 'id', ARGV[1]) -- guard: test_deployment_id_is_made_once
return redis.call('HGET', K.meta, 'id')
