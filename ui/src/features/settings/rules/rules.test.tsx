import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../../tests/support/fake-api';
import { movedUp, ruleOf, draftOf, type Rule } from './rule-model';
import { RulesCard } from './rules-card';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/settings' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../../tests/support/fake-api')).clientForTests(original));

const rule = (name: string, more: Partial<Rule> = {}): Rule => ({
  name, kinds: [], tags: [], min_severity: 'warning', hours: null, to: [{ channel: 'telegram', account_id: 'bot', to: '1', language: null }], escalate_after_min: null, digest_min: null, ...more,
});
const stored = (...rules: Rule[]) => ({ body: { rules, updated_at: null, updated_by: null } });
const channels = { 'GET /connectors': { body: [{ channel: 'telegram', accounts: [{ channel: 'telegram', account_id: 'bot' }] }, { channel: 'ntfy', accounts: [] }] } };

test('without rules the card says what happens then', async () => {
  fakeApi({ 'GET /notification-rules': stored() });
  draw(<RulesCard />, { role: 'admin', lang: 'id' });
  expect(await screen.findByText('Belum ada aturan')).toBeTruthy();
});

test('a new rule is sent behind the others, with its recipients in order', async () => {
  const { writes } = fakeApi({ ...channels, 'GET /notification-rules': stored(rule('old')), 'PUT /notification-rules': stored(rule('old'), rule('shop')) });
  draw(<RulesCard />, { role: 'admin' });
  await userEvent.click(await screen.findByRole('button', { name: 'New rule' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByLabelText('Name'), 'shop');
  await userEvent.click(within(dialog).getByLabelText('Monitor down'));
  await userEvent.type(within(dialog).getByLabelText('Tags of jobs'), 'shop, web');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add a recipient' }));
  const second = within(dialog).getByRole('group', { name: 'Recipient 2' });
  await userEvent.selectOptions(within(second).getByLabelText('Channel'), 'ntfy');
  await userEvent.type(within(dialog).getByLabelText('Next one after (minutes)'), '10');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save the rule' }));
  await waitFor(() => expect(writes()).toHaveLength(1));
  const first = { channel: 'telegram', account_id: null, to: null, language: null };
  const sent = rule('shop', { kinds: ['monitor_down'], tags: ['shop', 'web'], to: [first, { ...first, channel: 'ntfy' }] as Rule['to'], escalate_after_min: 10 });
  expect(writes()[0]).toEqual({ method: 'PUT', path: '/notification-rules', body: { rules: [rule('old'), sent] } });
});

test('a name that is taken can not be saved', async () => {
  fakeApi({ ...channels, 'GET /notification-rules': stored(rule('old')) });
  draw(<RulesCard />, { role: 'admin' });
  await userEvent.click(await screen.findByRole('button', { name: 'New rule' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByLabelText('Name'), 'old');
  expect(within(dialog).getByText(/There is a rule old/)).toBeTruthy();
  expect((within(dialog).getByRole('button', { name: 'Save the rule' }) as HTMLButtonElement).disabled).toBe(true);
});

test('the order is changed by a button, and a viewer has none', async () => {
  const { writes } = fakeApi({ 'GET /notification-rules': stored(rule('a'), rule('b')), 'PUT /notification-rules': stored(rule('b'), rule('a')) });
  const first = draw(<RulesCard />, { role: 'admin' });
  await userEvent.click(await screen.findByRole('button', { name: 'Move b up' }));
  await waitFor(() => expect(writes()[0]?.body).toEqual({ rules: [rule('b'), rule('a')] }));
  first.unmount();
  draw(<RulesCard />, { role: 'viewer' });
  expect(await screen.findByText('1. a')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

test('a rule that is opened and saved is the same rule', () => {
  const full = rule('x', { kinds: ['no_worker'], tags: ['t'], min_severity: 'critical', escalate_after_min: 5, digest_min: 30 });
  expect(ruleOf(draftOf(full))).toEqual(full);
  expect(movedUp([rule('a'), rule('b')], 'a').map((each) => each.name)).toEqual(['a', 'b']);
});
