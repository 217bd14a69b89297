-- event: one line for people and dashboards; its time is the id's. `data` is JSON or empty.
-- One field `type|job|run|seq|rev|data`: a stream entry costs by its fields, and a run makes three.
-- Types, ids and numbers have no `|` in them.
local function event(type, job, run, seq, rev, data)
  redis.call('XADD', K.events, 'MAXLEN', '~', 100000, '*', 'e',
    type .. '|' .. job .. '|' .. run .. '|' .. seq .. '|' .. rev .. '|' .. data)
end
