#!lua
-- accounts/save_contact: Stores a contact of the address book. Sent again it stores the same.
-- ARGV: key, record, max_contacts
--   key: the folded name; record: JSON.
-- Keys built inside: contacts.
-- Returns {OK | FULL, the record before it or ''}.
local before = redis.call('HGET', K.contacts, key)
-- guard: test_contacts_are_limited_in_number
if not before and redis.call('HLEN', K.contacts) >= tonumber(max_contacts) then return {'FULL', ''} end
redis.call('HSET', K.contacts, key, record)
return {'OK', before or ''}
