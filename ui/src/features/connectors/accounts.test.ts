import { expect, test } from 'vitest';
import type { Job } from '@/lib/api/queries';
import { accountRequest, accountState, groupsOf, isBuiltIn, parseTarget, withAccount } from './accounts';
import type { Account, Channel } from './queries';

const account = (channel: string, id: string, more: Partial<Account> = {}) =>
  ({ channel, account_id: id, name: `${channel}:${id}`, enabled: true, health: null, ...more }) as Account;
const channel = (name: string, ...accounts: Account[]) => ({ channel: name, accounts }) as unknown as Channel;
const monitor = (id: string, inputs: Record<string, unknown>) => ({ job_id: id, inputs }) as unknown as Job;

test('an account that is switched off is off whatever its last check found', () => {
  const health = { state: 'up' } as Account['health'];
  expect(accountState({ enabled: false, health })).toBe('off');
  expect(accountState({ enabled: true, health })).toBe('up');
  expect(accountState({ enabled: true, health: null })).toBe('unchecked');
});

test('a monitored but missing account is listed once, with all of its monitors', () => {
  const groups = groupsOf(
    [channel('telegram', account('telegram', 'a'))],
    [
      monitor('one', { channel: 'telegram', account_id: 'b' }),
      monitor('two', { channel: 'telegram', account_id: 'b' }),
      monitor('three', { channel: 'telegram', account_id: 'a' }),
      monitor('odd', { channel: 3 }),
    ],
  );
  expect(groups).toHaveLength(1);
  expect(groups[0]?.missing).toEqual([{ channel: 'telegram', accountId: 'b', jobIds: ['one', 'two'] }]);
});

test('a channel that no connector serves has a group of its own, after the others', () => {
  const groups = groupsOf([channel('telegram')], [monitor('m', { channel: 'email', account_id: 'x' })]);
  expect(groups.map((each) => [each.channel, each.isServed])).toEqual([
    ['telegram', true],
    ['email', false],
  ]);
});

test('a save keeps unchanged fields and contains no secret', () => {
  const stored = account('telegram', 'a', {
    settings: { x: 1 },
    default_to: '7',
    allow_chats: ['7'],
    commands: true,
    enabled: false,
  });
  expect(accountRequest(stored, { enabled: true })).toEqual({
    settings: { x: 1 },
    default_to: '7',
    allow_chats: ['7'],
    commands: true,
    enabled: true,
  });
});

test('a saved account is inserted by name', () => {
  const before = [channel('telegram', account('telegram', 'a'), account('telegram', 'c')), channel('sandbox')];
  const after = withAccount(before, account('telegram', 'b'));
  expect(after[0]?.accounts.map((each) => each.account_id)).toEqual(['a', 'b', 'c']);
  expect(after[1]).toBe(before[1]);
});

test('the URL selects the target of the wizard', () => {
  expect(parseTarget('telegram:bot_a01')).toEqual({ channel: 'telegram', accountId: 'bot_a01' });
  expect(parseTarget('telegram')).toEqual({ channel: 'telegram', accountId: '' });
  expect(parseTarget('new')).toEqual({ channel: null, accountId: '' });
});

test('only the sandbox’s own account is built in', () => {
  expect(isBuiltIn({ channel: 'sandbox', account_id: 'default' })).toBe(true);
  expect(isBuiltIn({ channel: 'sandbox', account_id: 'toko' })).toBe(false);
});
