#!lua flags=allow-oom
-- secrets/reseal: Replaces sealed values that are still stored as the caller read them.
-- ARGV: family, account
-- ROW: field, seen, sealed
--   family: secrets | account | ping; account: or ''.
-- Keys built inside: secrets, account, ping_tokens.
-- Returns how many were replaced. A value that has changed meanwhile stays.
local hash = family == 'account' and K.account .. account or family == 'ping' and K.ping_tokens or K.secrets
local replaced = 0
for at = ROW.start, #ARGV - 1, ROW.width do
  local field = ARGV[at + ROW.field]
  -- guard: test_value_that_was_saved_meanwhile_is_kept
  if redis.call('HGET', hash, field) == ARGV[at + ROW.seen] then
    redis.call('HSET', hash, field, ARGV[at + ROW.sealed])
    replaced = replaced + 1
  -- guard: test_value_that_was_saved_meanwhile_is_kept
  end
end
return replaced
