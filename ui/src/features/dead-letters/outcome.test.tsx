import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { DeadLettersPage } from './dead-letters-page';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/dead-letters' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const group = { fingerprint: 'f', error: null, count: 3, jobs: ['shop'], first_at: null, last_at: null, latest_run_id: 'r1', sample_run_ids: [], actions: [] };
const run = (id: string, status: string, dead = false) => ({ body: { run_id: id, job_id: 'shop', status, dead_letter: dead } });
const answers = (redriven: object) => ({
  'GET /dead-letters': { body: [group] },
  'GET /dead-letters/f/runs': { body: [] },
  'POST /dead-letters/redrive': (body: { dry_run?: boolean }) => ({ body: body.dry_run ? { count: 3, sample_run_ids: [] } : redriven }),
  'GET /runs/r1': run('r1', 'success'),
  'GET /runs/r2': run('r2', 'failed', true),
});

async function redrive() {
  await userEvent.click(await screen.findByRole('button', { name: 'Redrive all' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Redrive 3' }));
}

test('a redrive says how many run again, how they ended, and which ones it left alone', async () => {
  fakeApi(answers({ redriven: 2, run_ids: ['r1', 'r2'], failed: [{ run_id: 'r3', code: 'changed' }], last_due_at: null }));
  draw(<DeadLettersPage />);
  await redrive();
  const dialog = await screen.findByRole('dialog', { name: '2 runs start again' });
  await waitFor(() => expect(within(dialog).getByText('1 succeeded · 1 failed again')).toBeTruthy());
  expect(within(dialog).getByRole('link', { name: /r1/ }).getAttribute('href')).toBe('/runs/r1');
  expect(within(dialog).getByRole('link', { name: 'Open the list of runs' }).getAttribute('href')).toBe('/runs');
  expect(dialog.textContent).toContain('r3: it has failed again since');
});

test('a redrive that changed nothing says so, with an unknown reason as it came', async () => {
  fakeApi(answers({ redriven: 0, run_ids: [], failed: [{ run_id: 'r3', code: 'later_code' }], last_due_at: null }));
  draw(<DeadLettersPage />);
  await redrive();
  const dialog = await screen.findByRole('dialog', { name: 'Nothing was changed' });
  expect(dialog.textContent).toContain('r3: later_code');
  expect(within(dialog).queryByRole('link', { name: 'Open the list of runs' })).toBeNull();
});
