import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import type { Remedy } from './places';
import { RemedyList } from './remedy-button';

vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }) }));

const remedy = (action: Remedy['action'], target: string, more: Partial<Remedy> = {}): Remedy => ({
  action,
  target,
  label: `Do ${action}`,
  role: 'operator',
  command: `multi-job ${action} ${target}`,
  ...more,
});

const CALLS = [
  [remedy('enable', 'a'), { method: 'PUT', path: '/jobs/a/enable', body: null }],
  [remedy('resume', 'type:t'), { method: 'POST', path: '/resume', body: { scope: 'type', name: 't' } }],
  [remedy('resume', 'all'), { method: 'POST', path: '/resume', body: { scope: 'all', name: null } }],
  [remedy('run_now', 'a'), { method: 'POST', path: '/jobs/a/run', body: {} }],
  [remedy('redrive', '0f3a'), { method: 'POST', path: '/dead-letters/redrive', body: { fingerprint: '0f3a' } }],
  [remedy('redrive', 'a@1000'), { method: 'POST', path: '/dead-letters/redrive', body: { run_ids: ['a@1000'] } }],
] as const;

test.each(CALLS)('%o is performed through the API', async (each, expected) => {
  const answer = { body: { run_id: 'R', redriven: 1, run_ids: [], failed: [] } };
  const { writes } = fakeApi({ [`${expected.method} ${expected.path}`]: answer });
  draw(<RemedyList remedies={[each]} />);
  await userEvent.click(screen.getByRole('button', { name: each.label }));
  await waitFor(() => expect(writes()).toEqual([expected]));
});

test('an account and a recipient are set up on their pages', () => {
  fakeApi({});
  draw(<RemedyList remedies={[remedy('set_up_account', 'telegram:bot'), remedy('set_recipient', '')]} />);
  expect(screen.getAllByRole('link').map((each) => each.getAttribute('href'))).toEqual([
    '/connectors?connect=telegram%3Abot',
    '/settings#notify',
  ]);
});

const JOB = { job_id: 'a', version: 3, timeout_ms: 30_000, overlap: 'skip', type: 't' };

test.each([
  ['raise_timeout', { timeout_ms: 60_000 }],
  ['let_queue', { overlap: 'queue' }],
] as const)('%s saves a new version of the job', async (action, changed) => {
  const { writes } = fakeApi({ 'GET /jobs/a': { body: JOB }, 'PUT /jobs/a': { body: { ...JOB, version: 4 } } });
  draw(<RemedyList remedies={[remedy(action, 'a')]} />);
  await userEvent.click(screen.getByRole('button', { name: `Do ${action}` }));
  const save = await screen.findByRole('button', { name: 'Save as a new version' });
  await waitFor(() => expect(save.hasAttribute('disabled')).toBe(false));
  await userEvent.click(save);
  await waitFor(() => expect(writes()).toEqual([{ method: 'PUT', path: '/jobs/a', body: { ...JOB, ...changed } }]));
});

test('the change of a job is noted in the incident that proposes it', async () => {
  const { writes } = fakeApi({ 'GET /jobs/a': { body: JOB }, 'PUT /jobs/a': { body: JOB }, 'POST /incidents/inc1/remedied': { body: {} } });
  draw(<RemedyList remedies={[remedy('raise_timeout', 'a')]} incidentId="inc1" />);
  await userEvent.click(screen.getByRole('button', { name: 'Do raise_timeout' }));
  const save = await screen.findByRole('button', { name: 'Save as a new version' });
  await waitFor(() => expect(save.hasAttribute('disabled')).toBe(false));
  await userEvent.click(save);
  const note = { method: 'POST', path: '/incidents/inc1/remedied', body: { action: 'raise_timeout', target: 'a' } };
  await waitFor(() => expect(writes()[1]).toEqual(note));
});

test('a viewer sees the role that a remedy needs', () => {
  fakeApi({});
  draw(<RemedyList remedies={[remedy('enable', 'a')]} />, { role: 'viewer', lang: 'id' });
  const button = screen.getByRole('button', { name: 'Do enable' });
  expect(button.hasAttribute('disabled')).toBe(true);
  expect(button.title).toBe('Perlu peran operator');
});

test('the command of a remedy is below its disclosure; one that is only a command shows it', () => {
  fakeApi({});
  draw(<RemedyList remedies={[remedy('enable', 'a'), remedy('start_service', 'worker', { role: 'admin' })]} />);
  expect(screen.getByText('multi-job enable a').closest('details')).not.toBeNull();
  expect(screen.getByText('multi-job start_service worker').closest('details')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Do start_service' })).toBeNull();
});
