#!lua flags=allow-oom
-- accounts/answer_checks: Answers checks of an account, and stores the answer as the state of the account.
-- ARGV: account, is_health, answer
-- ROW: check
--   is_health: '1' if the answer describes the state of the account; answer: JSON.
-- Keys built inside: checks, check, health, notify.
-- Returns OK. A check that is answered already or has expired is ignored.
-- guard: test_chats_are_no_health_of_the_account
if is_health == '1' then redis.call('SET', K.health .. account, answer, 'EX', 86400) end
for at = ROW.start, #ARGV - 1 do
  local check = ARGV[at + ROW.check]
  -- guard: test_answer_of_a_check_comes_once
  if redis.call('ZREM', K.checks .. account, check) == 1 then
    redis.call('SET', K.check .. check, answer, 'EX', 120)
    redis.call('PUBLISH', K.notify, 'checked ' .. check)
  -- guard: test_answer_of_a_check_comes_once
  end
end
return 'OK'
