import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { Contact } from '@/lib/api/queries';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { ContactsPage } from './contacts-page';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/contacts' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const contact = (name: string, to: string): Contact => ({ name, channel: 'whatsapp', to, account_id: null, language: null, updated_at: '2026-11-24T00:00:00Z', updated_by: 'ana' });

const answers = (...contacts: Contact[]) => ({ 'GET /contacts': { body: contacts }, 'GET /connectors': { body: [] } });

test('an empty address book says what a contact is for', async () => {
  fakeApi(answers());
  draw(<ContactsPage />, { role: 'admin', lang: 'id' });
  expect(await screen.findByText('Belum ada kontak')).toBeTruthy();
  expect(screen.getByText(/kirim wa ke Bu Siti/)).toBeTruthy();
  expect(screen.getByText(/multi-job contacts set/)).toBeTruthy();
});

test('a new contact is sent by its name, and a taken name is announced first', async () => {
  const { writes } = fakeApi({ ...answers(contact('Bu Siti', '0811')), 'PUT /contacts/bu  siti': { body: contact('bu siti', '0822') } });
  draw(<ContactsPage />, { role: 'admin' });
  await screen.findByText('Bu Siti');
  await userEvent.click(screen.getByRole('button', { name: 'New contact' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(within(dialog).getByLabelText('Name'), 'bu  siti');
  expect(within(dialog).getByText(/There is a contact “Bu Siti”/)).toBeTruthy();
  await userEvent.type(within(dialog).getByLabelText('Address'), '0822');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save the contact' }));
  await waitFor(() => expect(writes()).toEqual([{ method: 'PUT', path: '/contacts/bu  siti', body: { channel: 'whatsapp', to: '0822', account_id: null } }]));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a refused address is shown at its field', async () => {
  const errors = [{ pointer: '/to', message: 'printable characters only', code: 'value_error' }];
  fakeApi({ ...answers(contact('Bu Siti', '0811')), 'PUT /contacts/Bu Siti': { status: 422, body: { code: 'invalid_input', title: 'Invalid', detail: '', errors } } });
  draw(<ContactsPage />, { role: 'admin' });
  await userEvent.click(await screen.findByRole('button', { name: 'Edit Bu Siti' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save the contact' }));
  await waitFor(() => expect(within(dialog).getByLabelText('Address').getAttribute('aria-invalid')).toBe('true'));
});

test('a role that may not change contacts sees no button for it', async () => {
  fakeApi(answers(contact('Bu Siti', '0811')));
  draw(<ContactsPage />, { role: 'operator' });
  expect(await screen.findByText('Bu Siti')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /New contact|Edit|Delete/ })).toBeNull();
});

test('the search finds names and addresses', async () => {
  fakeApi(answers(contact('Bu Siti', '0811'), contact('Pak Budi', '0822')));
  draw(<ContactsPage />, { role: 'admin', search: '?q=0822' });
  expect(await screen.findByText('Pak Budi')).toBeTruthy();
  expect(screen.queryByText('Bu Siti')).toBeNull();
});
