-- event: adds an entry to the event stream, for people and dashboards. Its time is that of its id; `data` is
-- JSON or ''. An entry has one field `type|job|run|seq|rev|data`, because each field costs, and a run makes
-- three entries. Types, ids and numbers have no `|`.
local function event(type, job, run, seq, rev, data)
  redis.call('XADD', K.events, 'MAXLEN', '~', 100000, '*', 'e',
    type .. '|' .. job .. '|' .. run .. '|' .. seq .. '|' .. rev .. '|' .. data)
end
