import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { AccountFacts } from './account-facts';
import { ChatUsers } from './chat-users';
import type { Account } from './queries';

vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const PATH = '/connectors/telegram/accounts/bot/chat-users';
const ana = { id: '42', name: 'Ana' };
const budi = { id: '43', name: '' };

const account = (users: Account['chat_users']) =>
  ({ channel: 'telegram', account_id: 'bot', name: 'telegram:bot', enabled: true, commands: true, allow_chats: ['-100'], default_to: null, health: null, chat_users: users }) as unknown as Account;
const connectors = (users: Account['chat_users']) => ({ 'GET /connectors': { body: [{ channel: 'telegram', accounts: [account(users)] }] } });

test('persons who may act in groups are added and removed one by one', async () => {
  const { writes } = fakeApi({
    ...connectors([ana, budi]),
    [`PUT ${PATH}/44`]: { body: { id: '44', name: 'Cici' } },
    [`DELETE ${PATH}/43`]: { body: { id: '43', status: 'deleted' } },
  });
  draw(<ChatUsers account={account([ana, budi])} onClose={() => undefined} />, { role: 'admin' });
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Remove 43' }));
  await userEvent.type(within(dialog).getByLabelText('Id of the person'), '44');
  await userEvent.type(within(dialog).getByLabelText('Name'), 'Cici');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Add' }));
  await waitFor(() => expect(writes()).toHaveLength(2));
  expect(writes().map(({ method, path, body }) => [method, path, body ?? null])).toEqual([
    ['DELETE', `${PATH}/43`, null],
    ['PUT', `${PATH}/44`, { name: 'Cici' }],
  ]);
  await waitFor(() => expect(within(dialog).getByLabelText<HTMLInputElement>('Id of the person').value).toBe(''));
});

test('an id that names no person is refused at its field', async () => {
  const errors = [{ pointer: '/chat_users', message: 'a person has a numeric id', code: 'invalid' }];
  fakeApi({ ...connectors([]), [`PUT ${PATH}/-100`]: { status: 422, body: { code: 'invalid_input', title: 'Invalid', detail: '', errors } } });
  draw(<ChatUsers account={account([])} onClose={() => undefined} />, { role: 'admin', lang: 'id' });
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).getByText(/Belum ada orang/)).toBeTruthy();
  await userEvent.type(within(dialog).getByLabelText('Id orang itu'), '-100');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Tambahkan' }));
  await waitFor(() => expect(within(dialog).getByLabelText('Id orang itu').getAttribute('aria-invalid')).toBe('true'));
});

test('an account says who may act in groups, or that members only read', async () => {
  fakeApi({});
  const { unmount } = draw(<AccountFacts account={account([ana, budi])} history={undefined} />, { role: 'viewer' });
  expect(await screen.findByText('Ana +1')).toBeTruthy();
  unmount();
  draw(<AccountFacts account={account([])} history={undefined} />, { role: 'viewer' });
  expect(await screen.findByText('no person: members only read')).toBeTruthy();
  expect(screen.getByText('May act in groups')).toBeTruthy();
});
