import { cleanup, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { runRow, type Run } from '@/lib/api/queries';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { RunTable } from './run-table';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => {} }) }));
vi.mock('@/lib/time/times', () => ({ useTimes: () => ({ times: 'exact' }) }));

const AT = '2026-11-25T10:00:00.000Z';
const CHECK = {
  run_id: 'toko@1000', job_id: 'toko', type: 'monitor.http', status: 'success', dead_letter: false, source: 'schedule', actor: '', inputs: {}, max_retry: 0,
  slot_at: AT, created_at: AT, started_at: AT, ended_at: AT, duration_ms: 120, worker: 'worker-1', failures: 0, crashes: 0, cancel_requested: false,
  waiting_for: '', monitor: null, error: null, result: { success: true, output: { state: 'down' }, error: null, duration_ms: 120 },
  found: { state: 'down', reason: 'status', detail: '503 Service Unavailable' },
} as unknown as Run;

const drawn = (run: Run, lang: 'en' | 'id' = 'en') => {
  fakeApi({});
  draw(<RunTable label="runs" runs={[runRow(run)]} columns={['state', 'run', 'error']} />, { lang });
  return screen.getByRole('table', { name: 'runs' });
};

test('a row keeps what a check has found, without inputs and result', () => {
  const row = runRow(CHECK);
  expect(row.found).toEqual(CHECK.found);
  expect(Object.keys(row)).not.toContain('result');
});

test.each([
  ['en', 'Down', 'Succeeded'],
  ['id', 'Mati', 'Berhasil'],
] as const)('a check that found its target down is not shown as a success (%s)', (lang, state, status) => {
  const table = drawn(CHECK, lang);
  expect(within(table).getByRole('img', { name: state })).toBeTruthy();
  expect(within(table).queryByRole('img', { name: status })).toBeNull();
  expect(within(table).getByTitle(`${state} (${status})`).textContent).toBe(state);
  expect(within(table).getByText('503 Service Unavailable').className).toContain('tone-fail');
});

test('a check whose finding is not read yet is unknown; one that failed has its status', () => {
  expect(within(drawn({ ...CHECK, found: null })).getByRole('img', { name: 'Unknown' })).toBeTruthy();
  cleanup();
  expect(within(drawn({ ...CHECK, status: 'failed', found: null })).getByRole('img', { name: 'Failed' })).toBeTruthy();
});

test('a run of another job that succeeded is a success', () => {
  expect(within(drawn({ ...CHECK, type: 'simulation.load', found: null })).getByRole('img', { name: 'Succeeded' })).toBeTruthy();
});
