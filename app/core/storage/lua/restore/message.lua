#!lua
-- restore/message: Restores settled messages, so that no run sends a message again that it has sent before.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: message, was_active, fields
--   was_active: '1' if it was not settled when it was exported.
-- Keys built inside: restore_lock, outbox, outbox_state.
-- Returns for each CREATED | SAME | KEPT | REPLACED | DIFFERENT | ERROR, or LOST. KEPT: the stored message is
-- active or was settled since.
local function skip(name) return name == 'seq' end

local function restore(at)
  local message, was_active = ARGV[at + ITEM.message], ARGV[at + ITEM.was_active] == '1'
  local given = read_fields(at + ITEM.fields)
  local stored = stored_hash(K.outbox .. message)
  local is_active = stored.state == 'pending' or stored.state == 'sending'
  -- guard: test_a_message_that_went_on_is_kept
  local word = restore_word(stored.state, is_same(stored, given, skip), was_active or is_active)
  if not should_write(word) then return word end
  if stored.state then
    redis.call('ZREM', K.outbox_state .. stored.state, message)
    redis.call('DEL', K.outbox .. message)
  end
  put_hash(K.outbox .. message, given)
  redis.call('ZADD', K.outbox_state .. given.state, given.seq, message)
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
