import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import type { EventBody, Run, RunRow } from '@/lib/api/queries';
import { fakeApi } from '../../../tests/support/fake-api';
import { EventPatcher } from './event-patcher';
import type { Refresher } from './refresh';

vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original as never));

const KEY = ['runs', {}];
const RUNNING = { run_id: 'toko@1', job_id: 'toko', type: 'monitor.http', status: 'running', rev: 2, attempt: 1, error: null, found: null } as unknown as Run;
const DOWN = { ...RUNNING, status: 'success', rev: 3, found: { state: 'down', reason: 'status', detail: '503' } } as Run;
const ENDED = { id: '1-0', type: 'run.success', at: '2026-11-25T00:00:00.000Z', job_id: 'toko', run_id: 'toko@1', status: 'success', seq: 1, rev: 3, data: {} } as EventBody;

function patched(run: Run) {
  const api = fakeApi({ 'GET /runs/toko@1': { body: DOWN } });
  const client = new QueryClient();
  client.setQueryData(KEY, { pages: [{ items: [run], next: null, total: 1 }], pageParams: [null] });
  const patcher = new EventPatcher(client, { note: () => {} } as unknown as Refresher, () => {});
  patcher.add(ENDED);
  patcher.flush();
  patcher.close();
  const row = () => client.getQueryData<{ pages: { items: RunRow[] }[] }>(KEY)?.pages[0]?.items[0];
  return { api, row };
}

test('the end of a check reads what it found, because the event does not contain it', async () => {
  const { api, row } = patched(RUNNING);
  await vi.waitFor(() => expect(row()?.found?.state).toBe('down'));
  expect(api.sent.map((each) => each.path)).toEqual(['/runs/toko@1']);
});

test('the success of another job reads nothing', () => {
  const { api, row } = patched({ ...RUNNING, type: 'simulation.load' });
  expect([row()?.status, api.sent]).toEqual(['success', []]);
});
