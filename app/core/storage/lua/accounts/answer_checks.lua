#!lua flags=allow-oom
-- accounts/answer_checks: Answers checks of an account, and stores the answer as the state of the account.
-- ARGV: account, is_health, answer, origin
-- ROW: check
--   is_health: '1' if the answer describes the state of the account; answer: JSON;
--   origin: the id and fields of its reason, or ''; an earlier release knows no such field of an answer.
-- Keys built inside: checks, check, health, answer_text, notify.
-- Returns OK. A check that is answered already or has expired is ignored.
-- guard: test_chats_are_no_health_of_the_account
if is_health == '1' then
  redis.call('SET', K.health .. account, answer, 'EX', 86400)
  -- guard: test_text_of_another_author_replaces_a_message
  if origin == '' then redis.call('DEL', K.answer_text .. account)
  else redis.call('SET', K.answer_text .. account, origin, 'EX', 86400) end
end
for at = ROW.start, #ARGV - 1 do
  local check = ARGV[at + ROW.check]
  -- guard: test_answer_of_a_check_comes_once
  if redis.call('ZREM', K.checks .. account, check) == 1 then
    redis.call('SET', K.check .. check, answer, 'EX', 120)
    if origin ~= '' then redis.call('SET', K.answer_text .. check, origin, 'EX', 120) end
    redis.call('PUBLISH', K.notify, 'checked ' .. check)
  -- guard: test_answer_of_a_check_comes_once
  end
end
return 'OK'
