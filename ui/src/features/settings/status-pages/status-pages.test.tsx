import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../../tests/support/fake-api';
import { suggestedName, type StatusPage } from './queries';
import { StatusPagesCard } from './status-pages-card';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/settings' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../../tests/support/fake-api')).clientForTests(original));

const SHOP: StatusPage = {
  slug: 'shop',
  title: 'Toko Maju',
  monitors: [{ job_id: 'monitor-web', name: 'Web shop' }],
  published: true,
  language: null,
  path: '/status/shop',
  updated_at: '2026-11-24T00:00:00Z',
  updated_by: 'ana',
};
const BODY = { title: SHOP.title, monitors: SHOP.monitors, language: null };

test('a page shows its names, its address, and a switch that hides it', async () => {
  const { writes } = fakeApi({ 'GET /status-pages': { body: [SHOP] }, 'PUT /status-pages/shop': { body: { ...SHOP, published: false } } });
  draw(<StatusPagesCard />, { lang: 'id', role: 'admin' });
  expect(await screen.findByText('Web shop')).toBeTruthy();
  expect(screen.getByRole('link', { name: '/status/shop' }).getAttribute('href')).toBe('/status/shop');
  await userEvent.click(screen.getByRole('switch', { name: 'Terbitkan Toko Maju' }));
  await waitFor(() => expect(writes()).toEqual([{ method: 'PUT', path: '/status-pages/shop', body: { ...BODY, published: false } }]));
});

test('a new page is sent with the chosen monitors and their names', async () => {
  const { writes } = fakeApi({
    'GET /status-pages': { body: [] },
    'GET /monitors': { body: [{ job_id: 'monitor-web' }, { job_id: 'monitor-bot' }] },
    'PUT /status-pages/toko': { body: { ...SHOP, slug: 'toko' } },
  });
  draw(<StatusPagesCard />, { role: 'admin' });
  await userEvent.click(await screen.findByRole('button', { name: 'New status page' }));
  const dialog = within(await screen.findByRole('dialog'));
  await userEvent.type(dialog.getByLabelText('Name in the address'), 'toko');
  await userEvent.type(dialog.getByLabelText('Title'), 'Toko Maju');
  await userEvent.click(await dialog.findByLabelText('monitor-web'));
  const name = dialog.getByLabelText('Name of monitor-web for readers');
  expect((name as HTMLInputElement).value).toBe('Web');
  await userEvent.clear(name);
  expect((dialog.getByRole('button', { name: 'Save the status page' }) as HTMLButtonElement).disabled).toBe(true);
  await userEvent.type(name, 'Web shop');
  await userEvent.click(dialog.getByRole('button', { name: 'Save the status page' }));
  await waitFor(() => expect(writes()).toEqual([{ method: 'PUT', path: '/status-pages/toko', body: { ...BODY, published: false } }]));
});

test('a viewer reads the pages and changes none', async () => {
  fakeApi({ 'GET /status-pages': { body: [SHOP] } });
  draw(<StatusPagesCard />, { role: 'viewer' });
  expect(await screen.findByText('Toko Maju')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Edit|Delete|New/ })).toBeNull();
  expect((screen.getByRole('switch') as HTMLInputElement).disabled).toBe(true);
});

test('a suggested name is never the id of the job', () => {
  expect(suggestedName('monitor-toko-maju')).toBe('Toko maju');
  expect(suggestedName('Web')).toBe('');
});
