import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { Calendar } from '@/lib/api/queries';
import { draw, fakeApi } from '../../../../tests/support/fake-api';
import { CalendarsCard } from './calendars-card';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/settings' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../../tests/support/fake-api')).clientForTests(original));

const SHOP: Calendar = {
  name: 'toko',
  description: 'Jam buka',
  weekdays: [0],
  holidays: 'ID',
  words: { en: 'Sundays and public holidays', id: 'hari Minggu dan hari libur' },
  jobs: ['kirim-promo'],
  updated_at: '2026-11-24T00:00:00Z',
  updated_by: 'ana',
};

test('a calendar shows what it leaves out and the jobs that use it', async () => {
  fakeApi({ 'GET /calendars': { body: [SHOP] } });
  draw(<CalendarsCard />, { lang: 'id' });
  expect(await screen.findByText('hari Minggu dan hari libur')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'kirim-promo' }).getAttribute('href')).toBe('/jobs/kirim-promo');
});

test('a new calendar is sent with its rules alone', async () => {
  const { writes } = fakeApi({ 'GET /calendars': { body: [] }, 'PUT /calendars/cuti': { body: { ...SHOP, name: 'cuti' } } });
  draw(<CalendarsCard />);
  await userEvent.click(await screen.findByRole('button', { name: 'New calendar' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByLabelText('Name'), 'cuti');
  await userEvent.click(dialog.getByLabelText('Public holidays'));
  await userEvent.click(dialog.getByRole('button', { name: 'Save the calendar' }));
  await waitFor(() => expect(writes()).toEqual([{ method: 'PUT', path: '/calendars/cuti', body: { holidays: 'ID', description: '' } }]));
});

test('an edit keeps the other rules, and says how many jobs follow', async () => {
  const { writes } = fakeApi({ 'GET /calendars': { body: [SHOP] }, 'PUT /calendars/toko': { body: SHOP } });
  draw(<CalendarsCard />);
  await userEvent.click(await screen.findByRole('button', { name: 'Edit the calendar toko' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText('1 job uses it and follows at once.')).toBeTruthy();
  await userEvent.click(dialog.getByLabelText('Sat'));
  await userEvent.click(dialog.getByRole('button', { name: 'Save the calendar' }));
  await waitFor(() => expect(writes()[0]?.body).toEqual({ weekdays: [0, 6], holidays: 'ID', description: 'Jam buka' }));
});

test('a viewer reads calendars', async () => {
  fakeApi({ 'GET /calendars': { body: [SHOP] } });
  draw(<CalendarsCard />, { role: 'viewer' });
  expect(await screen.findByText('Sundays and public holidays')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /calendar|Delete/ })).toBeNull();
});
