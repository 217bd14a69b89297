#!lua
-- access/read_audit: Returns the head of a log of the audit and its newest entry, read at the same instant.
-- ARGV: log
-- Keys built inside: audit_log, audit_heads, secret_key.
-- Returns {head or '', sealing key or '', id of the newest entry or '', its names and values}.
local last = redis.call('XREVRANGE', K.audit_log .. log, '+', '-', 'COUNT', 1)[1] or {'', {}}
local head, key = redis.call('HGET', K.audit_heads, log), redis.call('HGET', K.secret_key, 'id')
return {head or '', key or '', last[1], last[2]}
