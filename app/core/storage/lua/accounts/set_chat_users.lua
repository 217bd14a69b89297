#!lua
-- accounts/set_chat_users: Replaces the persons who may act in groups over an account.
-- needs: shards/seqs
-- ARGV: account, seen_revision, chat_users, actor
--   seen_revision: the one that the caller read; chat_users: JSON.
-- Keys built inside: account, accounts, seq, notify.
-- Returns {OK | CONFLICT, revision}. Sent again it returns CONFLICT, and the caller finds its change made.
local hash = K.account .. account
local revision = redis.call('HGET', hash, 'revision') or ''
-- guard: test_a_change_of_chat_users_loses_no_other_change
if revision ~= seen_revision then return {'CONFLICT', tonumber(revision) or 0} end
revision = next_seq()
redis.call('HSET', hash, 'revision', revision, 'updated', now_ms(), 'actor', actor, 'chat_users', chat_users)
redis.call('HSET', K.accounts, account, revision)
redis.call('PUBLISH', K.notify, 'accounts')
return {'OK', revision}
