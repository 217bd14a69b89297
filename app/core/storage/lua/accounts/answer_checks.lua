#!lua flags=allow-oom
-- accounts/answer_checks: answers checks of an account, and keeps what was found for those who ask how it is.
-- ARGV: account, '1' where the answer says how the account is, answer (JSON), then checks.
-- Keys built inside: checks, check, health, bell.
-- Returns OK. A check that is answered, or that nobody waits for, is passed over.
local account, answer = ARGV[1], ARGV[3]
-- guard: test_chats_are_no_health_of_the_account
if ARGV[2] == '1' then redis.call('SET', K.health .. account, answer, 'EX', 86400) end
for i = 4, #ARGV do
  -- guard: test_answer_of_a_check_comes_once
  if redis.call('ZREM', K.checks .. account, ARGV[i]) == 1 then
    redis.call('SET', K.check .. ARGV[i], answer, 'EX', 120)
    redis.call('PUBLISH', K.bell, 'checked ' .. ARGV[i])
  -- guard: test_answer_of_a_check_comes_once
  end
end
return 'OK'
