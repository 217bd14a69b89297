-- needs: lanes
-- shielded: treats one item of a batch. One that fails (a damaged key) is quarantined and answers ERROR,
-- so that its neighbours go on and what they changed reaches the indexes.
local function reason_of(problem) return tostring(type(problem) == 'table' and problem.err or problem) end

local function shielded(what, treat, ...)
  local ok, word = pcall(treat, ...)
  if ok then return word end
  quarantine(what, '', '', reason_of(word))
  return 'ERROR'
end
