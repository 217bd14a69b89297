import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { QueuesCard } from './queues-card';

vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const pause = { scope: 'queue', name: 'gpu', since: '2026-11-25T02:00:00Z', until: null, actor: 'ana', reason: '', held: 1 };
const queue = (name: string, more: object = {}) => ({
  name, waiting: 0, running: 0, oldest_ms: null, suspects: 0, missing_types: [], jobs: 0, workers: 1, paused: null,
  lanes: {}, ...more,
});

test('each queue has its depth and its workers, and a queue without a worker says how to start one', async () => {
  fakeApi({ 'GET /queues': { body: [queue('default'), queue('gpu', { waiting: 3, oldest_ms: 90_000, workers: 0 })] } });
  draw(<QueuesCard />);
  const row = within((await screen.findByText('gpu')).closest('tr') as HTMLElement);
  expect(row.getByText('3')).toBeTruthy();
  expect(screen.getByText('No live worker serves the queue gpu. Start one:')).toBeTruthy();
  expect(screen.getByText('WORKER_QUEUES=default,gpu multi-job restart')).toBeTruthy();
});

test('runs that wait for a worker with their type are named, in both languages', async () => {
  fakeApi({ 'GET /queues': { body: [queue('default', { waiting: 2, missing_types: [{ type: 'shop.sync', waiting: 2 }] })] } });
  draw(<QueuesCard />, { lang: 'id' });
  expect(await screen.findByText('2 run menunggu worker yang punya tipe shop.sync. Jalankan satu:')).toBeTruthy();
});

test('an operator resumes a paused queue', async () => {
  const { writes, answers } = fakeApi({ 'GET /queues': { body: [queue('gpu', { paused: pause })] }, 'POST /resume': { body: {} } });
  draw(<QueuesCard />);
  const button = await screen.findByRole('button', { name: 'Resume the queue gpu' });
  answers['GET /queues'] = { body: [queue('gpu')] };
  await userEvent.click(button);
  await waitFor(() => expect(screen.getByRole('button', { name: 'Pause the queue gpu' })).toBeTruthy());
  expect(writes()).toEqual([{ method: 'POST', path: '/resume', body: { scope: 'queue', name: 'gpu' } }]);
});

test('a viewer sees no buttons', async () => {
  fakeApi({ 'GET /queues': { body: [queue('gpu', { paused: pause })] } });
  draw(<QueuesCard />, { role: 'viewer' });
  expect(await screen.findByText('Paused')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});
