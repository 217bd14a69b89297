-- tool_call: a tool's write under a lease, done once for each `attempt:number`. The last result is kept for
-- repeats of the call, for longer than any caller repeats it. `work` returns a word and a value.
local function holds_lease(run, lease)
  local h = read(K.run .. run, 'status', 'lease')
  return h.status == 'running' and h.lease == lease
end

local function tool_call(run, at, work)
  local calls = K.tool_calls .. run
  local kept = redis.call('HMGET', calls, 'at', 'word', 'value')
  -- guard: test_tool_call_sent_again_gets_the_kept_answer
  if kept[1] == at then return {kept[2], kept[3]} end
  local attempt, number = at:match('^(%d+):(%d+)$')
  local last_attempt, last_number = (kept[1] or ''):match('^(%d+):(%d+)$')
  -- guard: test_tool_call_with_an_older_number_is_stale
  if attempt == last_attempt and tonumber(number) < tonumber(last_number) then return {'STALE'} end
  local word, value = work()
  redis.call('HSET', calls, 'at', at, 'word', word, 'value', value or '')
  redis.call('PEXPIRE', calls, 600000)
  return {word, value or ''}
end
