import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { Incident } from '@/lib/api/queries';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { IncidentRows } from './incident-row';

vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original as never));
vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => {} }) }));

const AT = '2026-11-25T10:00:00.000Z';
const incident: Incident = {
  id: 'inc1', kind: 'monitor_down', severity: 'critical', title: 'toko is down', cause: '503 Service Unavailable', subject: 'toko', since: AT, opened_at: AT,
  closed_at: null, last_at: AT, count: 3, acknowledged_by: null, acknowledged_at: null, silenced_until: null, maintenance: false, jobs: ['toko', 'gudang'],
  deliveries: [{ phase: 'opened', channel: 'telegram', account_id: 'bot', to: '4711', message_id: 'm1', state: 'failed', at: AT, error: 'blocked' }],
  actions: [{ action: 'run_now', target: 'toko', label: 'Run now', role: 'operator', command: 'multi-job run toko' }],
  timeline: [],
};

it('shows severity, cause, jobs and whether the message arrived, and acknowledges', async () => {
  const api = fakeApi({ 'POST /incidents/inc1/acknowledge': { body: { ...incident, acknowledged_by: 'a' } } });
  draw(<IncidentRows label="x" incidents={[incident]} />);
  const row = screen.getByRole('listitem');
  for (const text of ['Critical', 'toko is down', '503 Service Unavailable', 'gudang', 'telegram 4711', 'failed']) expect(row.textContent).toContain(text);
  await userEvent.click(screen.getByRole('button', { name: 'Acknowledge' }));
  await waitFor(() => expect(api.writes().map((each) => each.path)).toEqual(['/incidents/inc1/acknowledge']));
});

it('carries out the first remedy, and notes it', async () => {
  const api = fakeApi({ 'POST /jobs/toko/run': { body: { run_id: 'r1' } }, 'POST /incidents/inc1/remedied': { body: incident } });
  draw(<IncidentRows label="x" incidents={[incident]} />);
  await userEvent.click(screen.getByRole('button', { name: 'Run now: toko' }));
  await waitFor(() => expect(api.writes().map((each) => each.path)).toEqual(['/jobs/toko/run', '/incidents/inc1/remedied']));
  expect(api.writes()[1]?.body).toEqual({ action: 'run_now', target: 'toko' });
});

it('notes no remedy that failed', async () => {
  const api = fakeApi({ 'POST /jobs/toko/run': { status: 409, body: { title: 'no', detail: 'no' } } });
  draw(<IncidentRows label="x" incidents={[incident]} />);
  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Run now: toko' });
  await userEvent.click(button);
  await waitFor(() => expect(api.writes().length > 0 && !button.disabled).toBe(true));
  expect(api.writes().map((each) => each.path)).toEqual(['/jobs/toko/run']);
});

it('has no button that a viewer can press, and none for a closed incident', () => {
  fakeApi({});
  const { unmount } = draw(<IncidentRows label="x" incidents={[incident]} />, { role: 'viewer' });
  expect(screen.getAllByRole<HTMLButtonElement>('button').filter((each) => !each.disabled)).toEqual([]);
  unmount();
  draw(<IncidentRows label="x" incidents={[{ ...incident, closed_at: '2026-11-25T10:02:00.000Z', actions: [] }]} />, { lang: 'id' });
  expect(screen.queryAllByRole('button')).toEqual([]);
  expect(screen.getByRole('listitem').textContent).toContain('Pulih');
});
