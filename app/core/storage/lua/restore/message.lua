#!lua
-- restore/message: puts settled messages of an export back, so that no run sends what it has sent before.
-- needs: restore
-- ARGV: mode, owner, then for each: how many values follow, message, '1' where it was under way when it was
-- read, how many values its fields have, the fields.
-- Keys built inside: restore_lock, outbox, outbox_state.
-- Returns for each CREATED | SAME | KEPT | REPLACED | DIFFERENT | ERROR, or LOST. KEPT: what is stored is
-- under way, or was settled since.
local function skip(name) return name == 'seq' end

local function restore(first)
  local id, cut = ARGV[first], ARGV[first + 1] == '1'
  local given = read_fields(first + 2)
  local stored = stored_hash(K.outbox .. id)
  local under_way = stored.state == 'pending' or stored.state == 'sending'
  -- guard: test_a_message_that_went_on_is_kept
  local word = restore_word(stored.state, is_same(stored, given, skip), cut or under_way)
  if not should_write(word) then return word end
  if stored.state then
    redis.call('ZREM', K.outbox_state .. stored.state, id)
    redis.call('DEL', K.outbox .. id)
  end
  put_hash(K.outbox .. id, given)
  redis.call('ZADD', K.outbox_state .. given.state, given.seq, id)
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
