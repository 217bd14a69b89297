import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { ReachCard } from './reach-card';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const setting = (value: string | null) => ({ value, channel: null, account_id: null, to: null, source: 'none', usable: false, updated_at: null, updated_by: null });
const account = { channel: 'telegram', account_id: 'a', enabled: true };

beforeEach(() => localStorage.clear());

test('an admin without accounts is led to the channels, in Indonesian too', async () => {
  fakeApi({ 'GET /settings/default-notify': { body: setting(null) }, 'GET /connectors': { body: [] } });
  draw(<ReachCard />, { role: 'admin', lang: 'id' });
  expect((await screen.findByRole('link', { name: 'Hubungkan kanal' })).getAttribute('href')).toBe('/connectors?connect=new');
});

test('with an account the recipient is chosen', async () => {
  fakeApi({ 'GET /settings/default-notify': { body: setting(null) }, 'GET /connectors': { body: [{ channel: 'telegram', accounts: [account] }] } });
  draw(<ReachCard />, { role: 'admin' });
  expect((await screen.findByRole('link', { name: 'Choose the recipient' })).getAttribute('href')).toBe('/settings#notify');
});

test('the question can be put off, and is not asked if a recipient is set', async () => {
  const { answers } = fakeApi({ 'GET /settings/default-notify': { body: setting(null) }, 'GET /connectors': { body: [] } });
  const first = draw(<ReachCard />, { role: 'operator' });
  expect(await screen.findByText(/An admin can set/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Not now' }));
  expect(screen.queryByText('Where can we reach you?')).toBeNull();
  first.unmount();
  localStorage.clear();
  answers['GET /settings/default-notify'] = { body: setting('telegram:a:1') };
  const { container } = draw(<ReachCard />);
  expect(container.textContent).toBe('');
});
