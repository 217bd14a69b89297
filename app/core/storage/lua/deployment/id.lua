#!lua flags=allow-oom
-- deployment/id: Returns the id of this namespace's data, which the first call creates. Files outside Redis
-- carry it.
-- ARGV: new_id
-- Keys built inside: meta.
-- Returns the id.
-- guard: test_deployment_id_is_made_once
redis.call('HSETNX', K.meta, 'id', new_id)
return redis.call('HGET', K.meta, 'id')
