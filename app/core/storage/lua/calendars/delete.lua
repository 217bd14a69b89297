#!lua flags=allow-oom
-- calendars/delete: Deletes a calendar that no job and no notification rule names.
-- ARGV: calendar
-- Keys built inside: calendars, jobs_calendar, settings.
-- Returns {OK | MISSING | IN_USE, the first 20 jobs that name it, the notification rules that do}.
if redis.call('HEXISTS', K.calendars, calendar) == 0 then return {'MISSING', {}, {}} end
local jobs, rules = redis.call('ZRANGE', K.jobs_calendar .. calendar, 0, 19), {}
local stored = redis.call('HGET', K.settings, 'notification_rules')
for _, rule in ipairs(stored and cjson.decode(stored).rules or {}) do
  local hours = type(rule.hours) == 'table' and rule.hours or {}
  for _, name in ipairs(type(hours.calendars) == 'table' and hours.calendars or {}) do
    if name == calendar then rules[#rules + 1] = rule.name end
  end
end
-- guard: test_a_calendar_in_use_is_not_deleted
if #jobs + #rules > 0 then return {'IN_USE', jobs, rules} end
redis.call('HDEL', K.calendars, calendar)
return {'OK', {}, {}}
