-- event: one line for people and dashboards; its time is the id's. `data` is JSON or empty.
local function event(type, job, run, seq, rev, data)
  redis.call('XADD', K.events, 'MAXLEN', '~', 100000, '*',
    't', type, 'j', job, 'r', run, 'q', seq, 'v', rev, 'd', data)
end
