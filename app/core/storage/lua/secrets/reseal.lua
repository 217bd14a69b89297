#!lua flags=allow-oom
-- secrets/reseal: replaces sealed values that are still as the caller read them.
-- ARGV: 'secrets' or 'account', account or '', then for each value: field, text that was read, new text.
-- Keys built inside: secrets, account.
-- Returns how many were replaced; a value that has changed meanwhile stays.
local hash = ARGV[1] == 'account' and K.account .. ARGV[2] or K.secrets
local replaced = 0
for i = 3, #ARGV, 3 do
  -- guard: test_value_that_was_saved_meanwhile_is_kept
  if redis.call('HGET', hash, ARGV[i]) == ARGV[i + 1] then
    redis.call('HSET', hash, ARGV[i], ARGV[i + 2])
    replaced = replaced + 1
  -- guard: test_value_that_was_saved_meanwhile_is_kept
  end
end
return replaced
