import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { Maintenance } from '@/lib/api/queries';
import { draw, fakeApi } from '../../../../tests/support/fake-api';
import { MaintenanceCard } from './maintenance-card';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/settings' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../../tests/support/fake-api')).clientForTests(original));

const planned = (more: Partial<Maintenance>): Maintenance => ({
  id: 'm1', scope: 'all', starts_at: null, ends_at: null, rrule: null, duration_min: null, timezone: null, reason: '', created_by: 'ani', created_at: '2026-03-01T00:00:00Z', active_until: null, next_start: null, ...more,
});

test('an open window says until when, and a tag in words', async () => {
  fakeApi({ 'GET /maintenance': { body: [planned({ scope: 'tag:shop', active_until: '2026-03-02T12:00:00Z' })] } });
  draw(<MaintenanceCard />);
  expect(await screen.findByText('jobs with the tag shop')).toBeTruthy();
  expect(screen.getByText('Now')).toBeTruthy();
});

test('a window that comes again is sent with its rule, length and zone', async () => {
  const { writes } = fakeApi({ 'GET /maintenance': { body: [] }, 'POST /maintenance': { status: 201, body: planned({}) } });
  draw(<MaintenanceCard />);
  await userEvent.click(await screen.findByRole('button', { name: 'Plan maintenance' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.selectOptions(within(dialog).getByLabelText('What'), 'job');
  await userEvent.type(within(dialog).getByLabelText('Job'), 'shop');
  await userEvent.click(within(dialog).getByLabelText('Again and again'));
  await userEvent.type(within(dialog).getByLabelText('Rule'), 'FREQ=WEEKLY;BYDAY=SU');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Plan it' }));
  await waitFor(() => expect(writes()).toHaveLength(1));
  expect(writes()[0]?.body).toEqual({ scope: 'job:shop', reason: '', rrule: 'FREQ=WEEKLY;BYDAY=SU', duration_min: 60, timezone: 'Asia/Jakarta' });
});

test('a viewer sees windows without buttons', async () => {
  fakeApi({ 'GET /maintenance': { body: [planned({ reason: 'upgrade', next_start: '2026-03-02T12:00:00Z' })] } });
  draw(<MaintenanceCard />, { role: 'viewer', lang: 'id' });
  expect(await screen.findByText(/upgrade · oleh ani/)).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
