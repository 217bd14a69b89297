-- needs: claims/holder
-- The full life of a restore's lock, also `LOCK_MS` in Python.
local RESTORE_LOCK_MS = 60000

-- is_restoring: returns if a restore is active, which holds firing.
local function is_restoring()
  return holder_of(K.restore_lock, RESTORE_LOCK_MS) ~= false
end
