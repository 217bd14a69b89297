import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { PROMPT, planOf, plannedJob } from './plan.fixtures';
import { PlanPage } from './plan-page';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/plan' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

test('a stored plan opens by its id and is applied as it is', async () => {
  const { sent } = fakeApi({
    'GET /planner/plans/p1': { body: planOf('p1', [plannedJob('report-daily')]) },
    'POST /planner/execute': { body: { results: [], plan_id: null, notes: [] } },
    'POST /schedules/preview': { body: { words: { en: 'daily', id: 'setiap hari' }, next: [], timezone: 'Asia/Jakarta', ends: false, dst_notes: [], skipped: [], holiday_notes: [] } },
    'GET /job-types': { body: [] },
    'GET /connectors': { body: [] },
    'GET /contacts': { body: [] },
    'GET /calendars': { body: [] },
  });
  draw(<PlanPage />, { search: '?plan=p1' });
  await screen.findByText('summary of p1');
  expect(screen.getByLabelText<HTMLTextAreaElement>('What do you want to do?').value).toBe(PROMPT);
  await userEvent.click(screen.getByRole('button', { name: 'Apply…' }));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Create 1 job' }));
  const executed = () => sent.find((each) => each.path === '/planner/execute')?.body;
  await waitFor(() => expect(executed()).toMatchObject({ plan_id: 'p1' }));
  expect(sent.filter((each) => each.path === '/planner/plan')).toEqual([]);
});
