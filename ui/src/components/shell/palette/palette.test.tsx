import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../../tests/support/fake-api';
import { Palette } from './palette';

const push = vi.hoisted(() => vi.fn());
vi.mock('next/navigation', () => ({ useRouter: () => ({ push }), usePathname: () => '/runs' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../../tests/support/fake-api')).clientForTests(original));
vi.mock('@/lib/live/provider', () => ({ useLive: () => ({ state: 'live', pause: vi.fn(), resume: vi.fn() }) }));

const shop = { job_id: 'shop', description: '', type: 'monitor.http', enabled: true };
const answers = (paused: object[] = []) => ({
  'GET /jobs': { body: [shop] },
  'GET /runs': { body: [] },
  'GET /queue': { body: { paused } },
  'POST /jobs/shop/run': { status: 202, body: { run_id: 'r1' } },
  'PUT /jobs/shop/disable': { body: shop },
  'POST /pause': { body: {} },
  'POST /resume': { body: {} },
});

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class {
    observe() {}
    unobserve() {}
    disconnect() {}
  });
});

test('a word and a name run a job, and the palette closes once it has started', async () => {
  const { writes } = fakeApi(answers());
  const onClose = vi.fn();
  draw(<Palette onClose={onClose} onKeys={vi.fn()} />);
  await userEvent.type(screen.getByRole('combobox'), 'jalankan shop');
  const option = await screen.findByRole('option', { name: 'Run shop now' });
  await waitFor(() => expect(option.getAttribute('data-selected')).toBe('true'));
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(writes()).toEqual([{ method: 'POST', path: '/jobs/shop/run', body: {} }]);
  expect(push).not.toHaveBeenCalled();
});

test('disabling asks first', async () => {
  const { writes } = fakeApi(answers());
  draw(<Palette onClose={vi.fn()} onKeys={vi.fn()} />);
  await userEvent.type(screen.getByRole('combobox'), 'disable shop');
  await userEvent.click(await screen.findByRole('option', { name: 'Disable shop…' }));
  expect(await screen.findByText('Disable shop?')).toBeTruthy();
  expect(writes()).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Disable it' }));
  await waitFor(() => expect(writes()).toEqual([{ method: 'PUT', path: '/jobs/shop/disable', body: null }]));
});

test('a name offers everything that its state allows; Enter still opens the job', async () => {
  fakeApi(answers([{ scope: 'job', name: 'shop' }]));
  draw(<Palette onClose={vi.fn()} onKeys={vi.fn()} />);
  await userEvent.type(screen.getByRole('combobox'), 'shop');
  await screen.findByRole('option', { name: 'Resume shop' });
  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(expect.arrayContaining(['Run shop now', 'Resume shop', 'Disable shop…']));
  await userEvent.keyboard('{Enter}');
  expect(push).toHaveBeenCalledExactlyOnceWith('/jobs/shop');
});

test('a paused platform is resumed', async () => {
  const { writes } = fakeApi(answers([{ scope: 'all', name: null }]));
  draw(<Palette onClose={vi.fn()} onKeys={vi.fn()} />, { lang: 'id' });
  await userEvent.click(await screen.findByRole('option', { name: 'Lanjutkan platform' }));
  await waitFor(() => expect(writes()).toEqual([{ method: 'POST', path: '/resume', body: { scope: 'all', name: null } }]));
});

test('a viewer is offered nothing that changes something', async () => {
  fakeApi(answers());
  draw(<Palette onClose={vi.fn()} onKeys={vi.fn()} />, { role: 'viewer' });
  await userEvent.type(screen.getByRole('combobox'), 'shop');
  expect(await screen.findByRole('option', { name: /^shop/ })).toBeTruthy();
  expect(screen.queryByRole('option', { name: /Run shop|Pause|Disable|Resume the/ })).toBeNull();
});
