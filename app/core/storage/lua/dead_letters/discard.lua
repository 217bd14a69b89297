#!lua flags=allow-oom
-- dead_letters/discard: Removes runs from the dead letters. The runs stay in the history.
-- needs: finalize, lanes
-- ARGV: none.
-- ROW: run
-- Keys built inside: run, dead, dead_job, quarantine.
-- Returns for each OK | NOT_DEAD | ERROR.
local words = {}

local function discard(run)
  local h = read(K.run .. run, 'job', 'dead')
  if not h.dead then return 'NOT_DEAD' end
  remove_dead_letter(run, h.job)
  return 'OK'
end

for i, run in ipairs(ARGV) do words[i] = guarded(run, discard, run) end
return words
